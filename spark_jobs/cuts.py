"""Where a big file may be cut, so that its pieces give the records that the whole would give.

Lines of which each is a record are cut at any line end. Records of CSV may span lines inside
quotes: they are cut only between lines of which no quote can make one record. Looks at bytes,
never at records.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

_SCAN_BYTES = 1024 * 1024
_LONGEST_LINE = 1024 * 1024
_SEPARATORS = (b",", b";", b"\t")
_LINES_AROUND = 2
"""Plain records that a cut has before and after it."""
_MOST_LINES = 20_000
"""Lines that are looked at for a place; where none is found, the next is looked for later."""


class Cut(NamedTuple):
    """Bytes ``start`` to ``end`` of a file, from line ``first_line`` on."""

    start: int
    end: int
    first_line: int


def line_cuts(path: Path, byte_count: int, piece_bytes: int) -> Iterator[Cut]:
    """Cuts at line ends, each of about ``piece_bytes``."""
    start, first_line = 0, 1
    position, line = 0, 1
    with path.open("rb") as stream:
        while chunk := stream.read(_SCAN_BYTES):
            at = 0
            while (newline := chunk.find(b"\n", max(at, start + piece_bytes - position))) >= 0:
                line += chunk.count(b"\n", at, newline + 1)
                at = newline + 1
                if position + at < byte_count:
                    yield Cut(start, position + at, first_line)
                    start, first_line = position + at, line
                else:
                    break
            line += chunk.count(b"\n", at)
            position += len(chunk)
    yield Cut(start, byte_count, first_line)


def record_cuts(path: Path, byte_count: int, piece_bytes: int) -> Iterator[Cut]:
    """Cuts between records of a CSV file; one where its first line does not tell its columns.

    A place is between records where the quotes before it are even in number, and where the lines
    beside it have no quote and as many separators as the first line. Where a quote somewhere was
    never closed, the rest of the file is one piece.
    """
    start, first_line = 0, 1
    with path.open("rb") as stream:
        header = stream.readline(_LONGEST_LINE)
        separator = max(_SEPARATORS, key=header.count)
        if b'"' not in header and separator in header:
            scan = _Scan(stream, separator, header.count(separator))
            while found := scan.place_after(start + piece_bytes, byte_count):
                end, line = found
                yield Cut(start, end, first_line)
                start, first_line = end, line
    yield Cut(start, byte_count, first_line)


@dataclass
class _Scan:
    """Goes through a file once; knows at what byte and line it is, and how many quotes it saw."""

    stream: BinaryIO
    separator: bytes
    separator_count: int

    def __post_init__(self) -> None:
        self.stream.seek(0)
        self._position, self._line, self._quotes = 0, 1, 0

    def place_after(self, target: int, byte_count: int) -> tuple[int, int] | None:
        """The first byte and line after ``target`` that begin a record; None where none is left."""
        while target < byte_count:
            self._skip_to(target)
            self._count(self.stream.readline(_LONGEST_LINE))  # the rest of a line, or a whole one
            around: deque[tuple[int, int, bool]] = deque(maxlen=2 * _LINES_AROUND)
            for _ in range(_MOST_LINES):
                text = self.stream.readline(_LONGEST_LINE)
                if not text or self._position >= byte_count:
                    return None
                self._count(text)
                around.append((self._position, self._line, self._is_plain(text)))
                if len(around) == around.maxlen and all(plain for _, _, plain in around):
                    end, line, _ = around[_LINES_AROUND - 1]
                    if self._quotes % 2 == 0 and end < byte_count:
                        return end, line
            target = self._position
        return None

    def _is_plain(self, text: bytes) -> bool:
        """Whether a line is a record by itself, whatever stands before it."""
        return (
            text.endswith(b"\n")
            and b'"' not in text
            and b"\r" not in text.rstrip(b"\r\n")
            and text.count(self.separator) == self.separator_count
        )

    def _skip_to(self, target: int) -> None:
        while self._position < target:
            chunk = self.stream.read(min(_SCAN_BYTES, target - self._position))
            if not chunk:
                return
            self._count(chunk)

    def _count(self, content: bytes) -> None:
        self._position += len(content)
        self._line += content.count(b"\n")
        self._quotes += content.count(b'"')
