"""Rows of XML tables: elements ``<row name="value" .../>`` under a root that names their table.

Each tag is read by itself, so that a broken one never costs the next. Nothing but tags of rows and
their attributes is read: no document type, hence no entity but XML's own five and numbers of
characters, and no text that grows. Time grows with the text only: where a tag begins and ends can
be told without looking back, because ``<`` never stands inside one.

A row is one line, as a rule. A tag that goes on over lines is one row; where several tags stand on
a line, all but the first have a JSON pointer that counts them, ``/1`` and so on. The declaration
and the tags of the root are no rows; anything else is set aside.

Numbers of characters that XML forbids, which real dumps hold nevertheless, are taken; what no
character has, and NUL, becomes U+FFFD.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from spark_jobs.adapters.faults import UNKNOWN_OBJECT, Fault, described
from spark_jobs.adapters.json_lines import check_utf8
from spark_jobs.adapters.lines import LONGEST_LINE, Line, physical_lines
from spark_jobs.adapters.outcomes import Passage, printable
from spark_jobs.adapters.xml_tags import NAME, NOT_XML, Shapes

BROKEN_OVER_LINES = "broken_over_lines"
MOST_LINES = 100
"""Lines that the tag of one row may have; what follows is set aside as something else."""

_PIECE = re.compile(r"<[^<]*|[^<]+")
_TAG = re.compile(rf"<(/?)({NAME})(?:\s[^<>]*)?>", re.ASCII)
_DECLARATION = re.compile(r"<\?xml\s[^<>]*\?>", re.ASCII)
_STARTS_ROW = re.compile(r"<row(?=[\s/>]|$)")
_STOP = re.compile("[\"'>]")


@dataclass(slots=True)
class Element:
    """One row: its attributes, or the fault that sets it aside. ``raw`` is its physical text."""

    position: int
    item: str | None
    raw: str
    table: str
    attributes: dict[str, str]
    fault: Fault | None = None


def read_elements(
    stream: BinaryIO, passage: Passage, tables: Mapping[str, frozenset[str]]
) -> Iterator[Element]:
    """Every row of a stream.

    Args:
        stream: UTF-8, from the beginning of a file on.
        passage: gets the names of attributes that no adapter maps.
        tables: names of root elements, lower case, and of the attributes that are mapped.
    """
    reader = _Reader(passage, tables)
    for line in physical_lines(stream, passage.first_line):
        if reader.is_between_rows and not line.is_cut:
            content = line.content.strip()
            if not content:
                continue
            if element := reader.usual(line.number, content):
                yield element
                continue
        yield from reader.unusual(line)
    yield from reader.end()


class _Reader:
    """Reads lines in their order; knows the table and the tag that is still open."""

    def __init__(self, passage: Passage, tables: Mapping[str, frozenset[str]]) -> None:
        self._passage = passage
        self._tables = tables
        self._table = ""
        self._shapes = Shapes(passage, frozenset())
        self._open: list[str] = []
        self._open_at: tuple[int, str | None] = (0, None)
        self._open_length = 0
        self._quote = ""
        self._pieces = 0

    @property
    def is_between_rows(self) -> bool:
        """Whether no tag is open."""
        return not self._open

    def usual(self, number: int, content: bytes) -> Element | None:
        """The row that is the whole line, as nearly all are; None where it is none."""
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return None
        try:
            attributes = self._shapes.attributes(text)
        except Fault as fault:
            return self._element(number, None, text, {}, fault)
        return None if attributes is None else self._element(number, None, text, attributes)

    def unusual(self, line: Line) -> Iterator[Element]:
        """The rows that end on a line, of which nothing is expected."""
        content = line.content.rstrip(b"\r")
        self._pieces = 0
        try:
            if line.is_cut:
                raise Fault(NOT_XML, f"the line is longer than {LONGEST_LINE} bytes")
            check_utf8(content)
        except Fault as fault:
            yield from self.end()
            yield self._element(line.number, None, printable(content), {}, fault)
            return
        text = content.decode()
        if self._open:
            more, mark, rest = text.partition("<")
            end = self._extended(more) if more.strip() or not mark else -1
            if end < 0 and not mark and len(self._open) < MOST_LINES:
                return
            yield from self.end()
            text = (more[end:] if end >= 0 else "") + mark + rest
        for piece in _PIECE.finditer(text):
            yield from self._of_piece(line.number, piece[0], piece.end() == len(text))

    def end(self) -> Iterator[Element]:
        """The row whose tag is open, sound or not."""
        if not self._open:
            return
        parts, self._open = self._open, []
        raw = "\n".join(parts).rstrip()
        # XML reads a line end inside a value as a blank.
        attributes, fault = self._read(" ".join(parts).rstrip())
        if fault:
            fault = Fault(
                BROKEN_OVER_LINES if len(parts) > 1 else NOT_XML,
                f"{fault.detail}; the row goes on for {len(parts)} lines",
            )
        yield self._element(*self._open_at, raw, attributes, fault)

    def _extended(self, more: str) -> int:
        """Add a line to the open tag; where in it the tag ends, -1 where it does not."""
        end, self._quote = _tag_end(more, self._quote)
        self._open.append(more if end < 0 else more[:end])
        self._open_length += len(more)
        return len(more) if end < 0 and self._open_length > LONGEST_LINE else end

    def _of_piece(self, number: int, piece: str, is_last: bool) -> Iterator[Element]:
        """The outcome of what stands from one ``<`` to the next."""
        if not piece.strip():
            return
        if not _STARTS_ROW.match(piece):
            if fault := self._other_fault(piece.strip()):
                yield self._element(number, self._item(), piece.strip(), {}, fault)
            return
        end, quote = _tag_end(piece, "")
        if end < 0 and is_last:
            self._open, self._open_at = [piece], (number, self._item())
            self._open_length, self._quote = len(piece), quote
            return
        tag = piece[:end] if end >= 0 else piece
        attributes, fault = self._read(tag.strip())
        yield self._element(number, self._item(), tag.strip(), attributes, fault)
        if end >= 0 and (rest := piece[end:].strip()):
            yield self._element(number, self._item(), rest, {}, _outside(rest))

    def _other_fault(self, piece: str) -> Fault | None:
        """Why a piece that is no row is set aside; None for what belongs to a table's frame."""
        if _DECLARATION.fullmatch(piece):
            return None
        tag = _TAG.fullmatch(piece)
        if tag is None:
            return _outside(piece)
        name = tag[2].lower()
        if name in self._tables:
            if not tag[1]:
                self._table = name
                self._shapes = Shapes(self._passage, self._tables[name])
            return None
        expected = ", ".join(f"<{table}>" for table in self._tables)
        return Fault(UNKNOWN_OBJECT, f"found the tag {described(tag[2])}, expected {expected}")

    def _read(self, tag: str) -> tuple[dict[str, str], Fault | None]:
        try:
            attributes = self._shapes.attributes(tag)
            if attributes is None:
                attributes = self._shapes.with_any_quotes(tag)
        except Fault as fault:
            return {}, fault
        return attributes, None

    def _element(
        self,
        number: int,
        item: str | None,
        text: str,
        attributes: dict[str, str],
        fault: Fault | None = None,
    ) -> Element:
        raw = text.replace("\x00", "\\x00") if "\x00" in text else text
        if fault is None and not self._table:
            expected = ", ".join(f"<{table}>" for table in self._tables)
            fault = Fault(UNKNOWN_OBJECT, f"found a row under no table, expected {expected}")
        return Element(number, item, raw, self._table, attributes, fault)

    def _item(self) -> str | None:
        self._pieces += 1
        return None if self._pieces == 1 else f"/{self._pieces - 1}"


def _tag_end(text: str, quote: str) -> tuple[int, str]:
    """Where a tag ends, -1 where it does not, and the quote that is open then.

    Args:
        text: the tag from its ``<`` or, where it began on an earlier line, its next line.
        quote: what is open where ``text`` begins.
    """
    at = 0
    while True:
        if quote:
            at = text.find(quote, at) + 1
            if not at:
                return -1, quote
        stop = _STOP.search(text, at)
        if stop is None:
            return -1, ""
        at = stop.end()
        if stop[0] == ">":
            return at, ""
        quote = stop[0]


def _outside(piece: str) -> Fault:
    return Fault(NOT_XML, f"found {len(piece)} characters that are no tag of a row")
