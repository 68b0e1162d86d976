"""Records of a CSV file (RFC 4180), with recovery: one broken record never costs the next one.

A record is what RFC 4180 says where that gives as many fields as the header has; it may then
span lines, inside quotes. Where it does not, the record is broken: it is set aside whole, and
reading goes on at the next line that looks like the start of a record, that is, one that reads
as a whole record or whose first field has the shape of the record's before. A quote that somebody
forgot to close can swallow whole records up to the next quote and still obey RFC 4180; where
all the swallowed lines read as records of their own, they are given back.

What the fields mean is the business of ``csv_rows`` and of the adapters.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spark_jobs.adapters.csv_plain import (
    LONGEST_FIELD,
    PlainLines,
    PlainRecords,
    first_field,
    plain_pattern,
    shape,
)
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.text_lines import TextLine, TextLines

BROKEN_OVER_LINES = "broken_over_lines"
UNBALANCED_QUOTE = "unbalanced_quote"
WRONG_FIELD_COUNT = "wrong_field_count"

MOST_BROKEN_LINES = 100
"""Lines that one broken record may have; what follows is another one."""

_QUOTED = '(?:^|(?<={0}))"(?:[^"]|"")*"(?={0}|\\r?$)'


@dataclass(slots=True)
class Record:
    """One record: its fields, or the fault that sets it aside. ``raw`` is its physical text."""

    position: int
    raw: str
    fields: list[str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What RFC 4180 makes of some lines; no fields where quotes or line ends break it."""

    fields: list[str] | None
    line_count: int


def raw_text(lines: list[TextLine]) -> str:
    """The physical text of some lines, without the last line end."""
    if len(lines) == 1:
        return lines[0].text.rstrip("\r").replace("\x00", "\\x00")
    return "\n".join(line.text for line in lines).rstrip("\r").replace("\x00", "\\x00")


def read_records(lines: TextLines, delimiter: str, width: int) -> Iterator[Record]:
    """Every record, of ``width`` fields each; blank lines between records are none."""
    for part in read_parts(lines, delimiter, width):
        if isinstance(part, Record):
            yield part
            continue
        places = part.positions.tolist(), part.raws.to_pylist(), part.fields(delimiter)
        for position, raw, fields in zip(*places, strict=True):
            yield Record(position, raw, fields)


def read_parts(lines: TextLines, delimiter: str, width: int) -> Iterator[PlainRecords | Record]:
    """The same records, those that are plain many at a time, as they stand in the file."""
    csv.field_size_limit(LONGEST_FIELD)
    return _RecordReader(lines, delimiter, width).parts()


class _RecordReader:
    """Reads records of one width; knows the last line that was one."""

    def __init__(self, lines: TextLines, delimiter: str, width: int) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._quoted = re.compile(_QUOTED.format(re.escape(delimiter)))
        self._pattern = plain_pattern(delimiter, width)
        self._ahead: PlainLines | None = None
        self._last_first = ""
        self._last_plain: PlainRecords | None = None

    def parts(self) -> Iterator[PlainRecords | Record]:
        while self._lines.skip_blank() is not None:
            yield self._plain_records() or self._record()

    def _plain_records(self) -> PlainRecords | None:
        """The records from the next line on that are plain."""
        number = self._lines.number
        if self._pattern is None:
            return None
        if self._ahead is None or number >= self._ahead.end:
            self._ahead = PlainLines(self._lines.ahead(), self._delimiter, self._pattern)
        found = self._ahead.from_line(number)
        if found is not None:
            self._last_plain = found
            self._lines.pass_over(found.end - number)
        return found

    def _record(self) -> Record:
        """The record that starts at the next line."""
        reading = self._reading(0)
        fields = reading.fields
        if fields is None or len(fields) != self._width:
            return self._broken(reading)
        if reading.line_count > 1 and (
            count := self._lines_before_swallowed(reading.line_count, fields[0])
        ):
            return self._set_aside(count, _quote_fault(count))
        self._last_first, self._last_plain = fields[0], None
        taken = self._lines.take(reading.line_count)
        fault = next((line.fault for line in taken if line.fault), None)
        return Record(taken[0].number, raw_text(taken), fields, fault)

    def _reading(self, start: int) -> _Reading:
        """What RFC 4180 makes of the lines from ``start`` on, which exists."""
        first = self._lines.text_at(start)
        if first is not None and '"' not in first:
            text = first.rstrip("\r")
            return _Reading(None if "\r" in text else text.split(self._delimiter), 1)
        taken = 0

        def texts() -> Iterator[str]:
            nonlocal taken
            while (text := self._lines.text_at(start + taken)) is not None:
                taken += 1
                yield text + "\n"

        try:
            fields = next(csv.reader(texts(), delimiter=self._delimiter, strict=True))
        except csv.Error:
            return _Reading(None, max(taken, 1))
        return _Reading(fields, taken)

    def _broken(self, reading: _Reading) -> Record:
        """Set aside the record that starts at the next line and does not read as one."""
        has_more = reading.fields is not None and len(reading.fields) > self._width
        most = reading.line_count if has_more else MOST_BROKEN_LINES
        count = 1
        while count < most and self._lines.at(count) is not None and not self._is_start(count):
            count += 1
        while (line := self._lines.at(count - 1)) is not None and line.is_blank:
            count -= 1
        return self._set_aside(count, self._fault_of(reading, count))

    def _fault_of(self, reading: _Reading, count: int) -> Fault:
        first = self._lines.at(0)
        if first is not None and "\r" in first.text.rstrip("\r"):
            return Fault(BROKEN_OVER_LINES, "found a carriage return outside quotes")
        if reading.fields is None:
            return _quote_fault(count)
        found = f"found {len(reading.fields)} fields, expected {self._width}"
        if count > 1:
            return Fault(BROKEN_OVER_LINES, f"{found}; the record goes on for {count} lines")
        return Fault(WRONG_FIELD_COUNT, found)

    def _set_aside(self, count: int, fault: Fault) -> Record:
        taken = self._lines.take(count)
        worse = next((line.fault for line in taken if line.fault), None)
        return Record(taken[0].number, raw_text(taken), [], worse or fault)

    def _is_start(self, index: int) -> bool:
        """Whether a record seems to start on a line."""
        line = self._lines.at(index)
        if line is None or line.is_blank:
            return False
        fields = self._reading(index).fields
        if fields is not None and len(fields) == self._width:
            return True
        first, delimiter, _ = line.text.partition(self._delimiter)
        if self._last_plain is not None:
            self._last_first = first_field(self._last_plain.texts[-1].as_py(), self._delimiter)
            self._last_plain = None
        return bool(delimiter and self._last_first) and shape(first) == shape(self._last_first)

    def _lines_before_swallowed(self, line_count: int, first: str) -> int:
        """Lines of a record after which all others read as records of their own; 0 if none do.

        The last of those may go on after this record's lines: the quote that opens it looked
        like the one that closes.
        """
        is_record_on = [True] * (line_count + 1)
        for index in range(line_count - 1, 0, -1):
            count = self._tidy_lines(index, first)
            is_record_on[index] = count > 0 and is_record_on[min(index + count, line_count)]
        return next((index for index in range(1, line_count) if is_record_on[index]), 0)

    def _tidy_lines(self, index: int, first: str) -> int:
        """Lines of the record that starts on a line, 1 for a blank line; 0 where none does.

        Only here is a quote inside a field that does not start with one too untidy to count.
        """
        if not self._text(index).strip():
            return 1
        reading = self._reading(index)
        if reading.fields is None or len(reading.fields) != self._width:
            return 0
        text = "\n".join(map(self._text, range(index, index + reading.line_count)))
        is_tidy = '"' not in self._quoted.sub("", text)
        is_alike = is_tidy and shape(reading.fields[0]) == shape(first)
        return reading.line_count if is_alike else 0

    def _text(self, index: int) -> str:
        return self._lines.text_at(index) or ""


def _quote_fault(count: int) -> Fault:
    return Fault(
        UNBALANCED_QUOTE,
        "found a quote that is not closed or does not enclose a whole field; "
        f"the record goes on for {count} lines",
    )
