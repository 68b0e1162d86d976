"""The texts of many HTML fragments, read as if they were one.

Posts mostly have no other markup than paragraphs, line breaks, emphasis, links and a few entities.
Fragments of these alone become texts together; any other goes through ``shown``, which alone says
what a fragment shows. What is done here must give the same, and a property test says so.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.html_text import PARAGRAPHS, SILENT, USUAL, link_of, shown
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.text_bytes import Numbers
from spark_jobs.adapters.text_readers import with_others
from spark_jobs.tables.declaration import STRING

_BETWEEN, _BREAK, _TAG = b"\xff", b"\xfe", b"\xfd"
"""Bytes that UTF-8 never has: they stand between texts, for line ends to be, and for tags that show
nothing, across which two halves of an entity are none."""

_LINK = re.compile(rb"<a( [^<>\xff]*)>")
_PLAIN_TAG = re.compile(
    rb"</?(?:a|%b)(?: [^<>\xff]*)?>" % "|".join(sorted(SILENT)).encode()  # no break in the text
)
_PARAGRAPH = re.compile(
    rb"</?(?:%b)(?: [^<>\xff]*)?>" % "|".join(sorted(PARAGRAPHS - {"pre"})).encode()
)
_LINE_BREAK = re.compile(rb"<br ?/?>")
_OTHER_ENTITY = re.compile(rb"&(?!amp;)")
_BLANKS = bytes.maketrans(b"\t\n\r\f" + _BREAK, b"    \n")


def shown_all(fragments: pa.Array) -> tuple[pa.Array, dict[int, list[str]]]:
    """The text of each fragment, and by place the links of those that have any: see ``shown``.

    A null shows an empty text.
    """
    if not len(fragments):
        return fragments, {}
    contents = pc.fill_null(fragments, "").cast(pa.binary())
    whole = pa.ListArray.from_arrays(pa.array([0, len(contents)], pa.int32()), contents)
    content: bytes = pc.binary_join(whole, _BETWEEN)[0].as_py()
    links: dict[int, list[str]] = {}
    others: set[int] = set()
    if b"<" in content:
        links = _links(content)
        content = _PLAIN_TAG.sub(_TAG, content)
        content = _PARAGRAPH.sub(_BREAK * 2, content)
        content = _LINE_BREAK.sub(_BREAK, content)
        others.update(_rows_at(content, [found.start() for found in re.finditer(b"<", content)]))
    if b"&" in content:
        for entity, character in USUAL:
            content = content.replace(entity.encode(), character.encode())
        unknown = [found.start() for found in _OTHER_ENTITY.finditer(content)]
        others.update(_rows_at(content, unknown))
        content = content.replace(b"&amp;", b"&")
    content = _with_blanks_once(content.translate(_BLANKS, delete=_TAG))
    texts = pa.array(content.split(_BETWEEN), pa.binary()).view(STRING)
    texts = pc.ascii_trim(texts, " \n")
    rows = np.array(sorted(others), dtype=int)
    alone = [shown(each) for each in fragments.take(pa.array(rows)).to_pylist()]
    links |= {int(row): found.links for row, found in zip(rows, alone, strict=True)}
    texts = with_others(texts, rows, pa.array([each.text for each in alone], STRING))
    return texts, {row: found for row, found in links.items() if found}


def _links(content: bytes) -> dict[int, list[str]]:
    """Where links of the texts lead, once each, by the number of the text."""
    tags = list(_LINK.finditer(content))
    links: dict[int, list[str]] = {}
    for row, tag in zip(_rows_at(content, [tag.start() for tag in tags]), tags, strict=True):
        if link := link_of(tag[1].decode()):
            links.setdefault(row, []).append(link)
    return {row: distinct(found) for row, found in links.items()}


def _rows_at(content: bytes, places: list[int]) -> list[int]:
    """The number of the text that each place is in."""
    if not places:
        return []
    ends: Numbers = np.flatnonzero(np.frombuffer(content, np.uint8) == _BETWEEN[0])
    rows: list[int] = np.searchsorted(ends, places).tolist()
    return rows


def _with_blanks_once(content: bytes) -> bytes:
    """One space for many, none beside a line end, and two line ends at most."""
    for many, one in ((b"  ", b" "), (b" \n", b"\n"), (b"\n ", b"\n"), (b"\n\n\n", b"\n\n")):
        while len(found := content.replace(many, one)) < len(content):
            content = found
    return content
