"""Records of CSV that are plain: told from thousands of lines at once, without reading any.

A record is plain where its text alone says what RFC 4180 makes of it, and where none of the lines
that it spans could be a record that a forgotten quote swallowed. All others are the business of
``csv_records``, whose reader finds the same in plain records, one by one.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.text_lines import LinesAhead

LONGEST_FIELD = 4 * 1024 * 1024
"""Characters of a field; a quote that nobody closed is looked for no further than that."""

_MOST_FIELDS = 500
"""The expression for a record with more fields is too long."""

_QUOTE = ord('"')
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class PlainRecords:
    """Records that follow one another, as they stand in the file.

    ``positions`` are the lines that they begin on, ``end`` is the line after them; ``texts`` are
    theirs with their line ends, and ``content`` is all of it.
    """

    positions: np.ndarray[Any, Any]
    end: int
    texts: pa.Array
    content: bytes

    @property
    def raws(self) -> pa.Array:
        """The texts without their line ends."""
        return pc.utf8_rtrim(self.texts, "\r\n")

    def fields(self, delimiter: str) -> list[list[str]]:
        """The fields of each record."""
        stream = io.StringIO(self.content.decode(), newline="")
        return list(csv.reader(stream, delimiter=delimiter, strict=True))


class PlainLines:
    """Finds the plain records among lines that have been read ahead.

    ``end`` is the number of the line after them.
    """

    def __init__(self, lines: LinesAhead, delimiter: str, pattern: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._pattern = pattern
        self.end = lines.number + len(lines.bounds) - 1
        quotes = np.flatnonzero(np.frombuffer(lines.content, np.uint8) == _QUOTE)
        self._parities = np.searchsorted(quotes, lines.bounds) % 2
        self._tables: dict[int, _Table] = {}

    def from_line(self, number: int) -> PlainRecords | None:
        """The plain records from the one that begins on a line on; None where that is not plain."""
        line = number - self._lines.number
        parity = int(self._parities[line])
        if parity not in self._tables:
            self._tables[parity] = self._table(parity)
        table = self._tables[parity]
        first = int(np.searchsorted(table.lines, line))
        end = table.others[bisect_left(table.others, first)]
        if end == first:
            return None
        begin, stop = self._lines.bounds[table.lines[[first, end]]]
        return PlainRecords(
            self._lines.number + table.lines[first:end],
            self._lines.number + int(table.lines[end]),
            table.texts.slice(first, end - first),
            self._lines.content[begin:stop],
        )

    def _table(self, parity: int) -> _Table:
        """What lies between line ends with as many quotes before them, but for an even number.

        Wherever a record begins, it ends at one of those of its beginning, if it is plain.
        """
        lines = np.flatnonzero(self._parities == parity)
        bounds = self._lines.bounds[lines]
        texts = pa.StringArray.from_buffers(
            max(len(lines) - 1, 0),
            pa.py_buffer(bounds.astype(np.int32)),
            pa.py_buffer(self._lines.content),
        )
        is_plain = pc.and_(
            pc.match_substring_regex(texts, self._pattern),
            pc.less(pc.binary_length(texts), LONGEST_FIELD),
        )
        if self._delimiter.isspace():  # a line of nothing else is blank
            is_plain = pc.and_not(is_plain, pc.utf8_is_space(texts))
        plain = is_plain.to_numpy(zero_copy_only=False).copy()
        faulty = np.array(self._lines.faulty, np.int64) - self._lines.number
        with_faults = np.searchsorted(lines, faulty, "right") - 1
        plain[with_faults[(with_faults >= 0) & (with_faults < len(plain))]] = False
        for row in np.flatnonzero(plain & (np.diff(lines) > 1)).tolist():
            plain[row] = not self._may_have_swallowed(texts[row].as_py())
        return _Table(lines, texts, [*np.flatnonzero(~plain).tolist(), len(texts)])

    def _may_have_swallowed(self, text: str) -> bool:
        """Whether a record seems to begin on a line of this one but its first."""
        _, *others = text.split("\n")
        if any(line.startswith('"') for line in others):
            return True
        begins = [line.partition(self._delimiter)[0] for line in others if self._delimiter in line]
        if not begins:
            return False
        like = shape(first_field(text, self._delimiter))
        return any(shape(begin) == like for begin in begins)


@dataclass(frozen=True, slots=True)
class _Table:
    """Texts that begin on ``lines``, the last of which only ends one.

    ``others`` are the numbers of those that are not plain, in order, and that after the last text.
    """

    lines: np.ndarray[Any, Any]
    texts: pa.Array
    others: list[int]


def plain_pattern(delimiter: str, width: int) -> str | None:
    """What a plain record looks like; None where none can be told to be one.

    None has a quote inside a field that does not start with one, which readers of CSV take
    differently, and none a byte order mark, which some take away.
    """
    if not 1 < width <= _MOST_FIELDS:  # of one field, a blank line would look like a record
        return None
    other = rf'[^"\r\n\x{{FEFF}}{re.escape(delimiter)}]'
    quoted = r'"(?:[^"\r\x{FEFF}]|\r\n|"")*"'
    field = f"(?:{other}*|{quoted})"
    return rf"^{field}(?:{re.escape(delimiter)}{field}){{{width - 1}}}\r?\n?$"


def first_field(text: str, delimiter: str) -> str:
    """The first field of a record that is plain."""
    if text.startswith('"'):
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))[0]
    return text.partition(delimiter)[0]


def shape(text: str) -> str:
    """A text with its runs of digits and of letters made alike: ``C-00042`` gives ``a-0``."""
    return _LETTERS.sub("a", _DIGITS.sub("0", text.strip(' "')))
