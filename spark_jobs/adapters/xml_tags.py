"""One tag of a row of an XML table: its attributes, and what their values stand for.

Where a tag stands, and which table its row is of, is up to ``xml_rows``.
"""

from __future__ import annotations

import re
from collections import Counter

from spark_jobs.adapters.faults import Fault, described
from spark_jobs.adapters.outcomes import Passage
from spark_jobs.adapters.unmapped import note_unmapped

NOT_XML = "not_xml"

_MOST_SHAPES = 1_000
NAME = r"[A-Za-z_][\w.-]*"
_SHAPE = re.compile(rf'<row(?:\s+{NAME}\s*=\s*"")*\s*/>', re.ASCII)
_ROW = re.compile(rf"<row(?:\s+{NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*\s*/>", re.ASCII)
_ATTRIBUTE = re.compile(rf"({NAME})\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')", re.ASCII)
_RARE_REFERENCE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#xA|#xD|#x9);)")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,9})|#x([0-9A-Fa-f]{1,8})|(lt|gt|amp|quot|apos));|&")
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_LAST_CHARACTER = 0x10FFFF


class Shapes:
    """Reads tags by their shape, which is all but the values: tables have few of them."""

    def __init__(self, passage: Passage, mapped: frozenset[str]) -> None:
        self._passage = passage
        self._mapped = mapped
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def attributes(self, tag: str) -> dict[str, str] | None:
        """The attributes of a row's whole tag with double quotes; None where it is none."""
        parts = tag.split('"')
        if len(parts) % 2 == 0:
            return None  # a quote without its other one
        shape = tuple(parts[::2])
        names = self._names.get(shape)
        if names is None:
            names = self._learned(shape)
        if names is None or tag.rfind("<") > 0:
            return None
        values = parts[1::2]
        if "&" in tag:
            values = [resolved(value) if "&" in value else value for value in values]
        return dict(zip(names, values, strict=True))

    def with_any_quotes(self, tag: str) -> dict[str, str]:
        """The same of a tag with single quotes too; raises Fault where it is none."""
        if not _ROW.fullmatch(tag):
            raise Fault(
                NOT_XML,
                f"found a tag of {len(tag)} characters that is not closed or has an attribute "
                'without quotes, expected <row name="value" ... />',
            )
        found = _ATTRIBUTE.findall(tag)
        self._note(tuple(name for name, _, _ in found))
        return {name: resolved(double or single) for name, double, single in found}

    def _note(self, names: tuple[str, ...]) -> None:
        """Take names of attributes into account; raises Fault where one is there twice."""
        if len(set(names)) < len(names):
            [(twice, _)] = Counter(names).most_common(1)
            raise Fault(NOT_XML, f"attribute {described(twice)}: found twice, expected once")
        note_unmapped(self._passage, (name for name in names if name not in self._mapped))

    def _learned(self, shape: tuple[str, ...]) -> tuple[str, ...] | None:
        empty = '""'.join(shape)
        if not _SHAPE.fullmatch(empty):
            return None
        names = tuple(found[0] for found in _ATTRIBUTE.findall(empty))
        self._note(names)
        if len(self._names) < _MOST_SHAPES:
            self._names[shape] = names
        return names


def resolved(value: str) -> str:
    """A value with its references undone; raises Fault for an entity that XML itself lacks."""
    if not _RARE_REFERENCE.search(value):
        for name, character in (
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", '"'),
            ("&#xA;", "\n"),
            ("&#xD;", "\r"),
            ("&#x9;", "\t"),
            ("&apos;", "'"),
            ("&amp;", "&"),
        ):
            value = value.replace(name, character)
        return value
    text = _REFERENCE.sub(_character, value)
    # Some writers give an emoji as the two halves that UTF-16 has of it.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _ENTITIES[name]
    if decimal is None and hexadecimal is None:
        raise Fault(NOT_XML, "found & without the name of one of XML's five entities after it")
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number <= _LAST_CHARACTER else "�"
