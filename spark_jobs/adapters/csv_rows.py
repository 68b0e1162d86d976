"""Rows of a CSV file with a header: fields by name, read as the types that columns have.

The header names the columns in any order; those an adapter does not know stay in ``raw``. The
separator, a comma, semicolon or tab, is the one that makes most known names of the header; a line
before it that tells Excel which, ``sep=;``, is passed over. An empty field is null.

How lines become records is in ``csv_records``, what a field may hold in ``values``; what a row
means, in the adapters.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_records import raw_text, read_records
from spark_jobs.adapters.faults import CR_ALONE, Fault, missing
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage
from spark_jobs.adapters.text_lines import TextLines
from spark_jobs.adapters.unmapped import note_unmapped
from spark_jobs.adapters.values import boolean, identifier, iso_instant, plain
from spark_jobs.sources import Source

UNUSABLE_HEADER = "unusable_header"

DELIMITERS = ",;\t"

_SEPARATOR_LINE = re.compile(r'"?sep=.?"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns an adapter knows, by name or pattern; files must have the ``required`` ones."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def knows(self, name: str) -> bool:
        """Whether a column of that name is read."""
        return (
            name in self.required
            or name in self.optional
            or any(star_of(pattern, name) is not None for pattern in self.patterns)
        )


def star_of(pattern: str, name: str) -> str | None:
    """What the ``*`` of a pattern stands for in a name; None where the name does not fit."""
    start, _, end = pattern.partition("*")
    is_fit = name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end)
    return name[len(start) : len(name) - len(end)] if is_fit else None


@dataclass(slots=True)
class Row:
    """One record's fields by column name. Readers of fields raise Fault, naming the column."""

    fields: dict[str, str]
    zone: tzinfo

    def text(self, name: str) -> str | None:
        """A text without the blanks around it."""
        return plain(self.fields.get(name, ""))

    def identifier(self, name: str) -> str | None:
        """An id as it is; one that a spreadsheet rounded is a fault."""
        return identifier(name, self.fields.get(name, ""))

    def required_identifier(self, name: str) -> str:
        """An id that must be there."""
        found = self.identifier(name)
        if found is None:
            raise missing(name, "an id")
        return found

    def instant(self, name: str) -> datetime | None:
        """A time in UTC; one that names no zone is in the source's."""
        return iso_instant(name, self.zone, self.fields.get(name, ""))

    def boolean(self, name: str) -> bool | None:
        """Yes or no, from true, false, 1, 0 in any case."""
        return boolean(name, self.fields.get(name, ""))


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A file whose header has been read: what comes next are its records."""

    lines: TextLines
    delimiter: str
    names: list[str]


def open_table(
    stream: BinaryIO, passage: Passage, layout: Layout, delimiters: Sequence[str] = DELIMITERS
) -> OpenTable | Iterator[Outcome]:
    """Read the header; where it cannot be used, every line is set aside, the header too.

    One of the ``delimiters`` that is longer than a character stands for runs of blanks.
    """
    lines = TextLines(stream, passage.first_line)
    first = lines.skip_blank()
    if first is None:
        return iter(())
    header, line_count = first.text, 1
    if names_separator(header) and (second := lines.at(1)) is not None:
        header, line_count = second.text, 2
    if passage.header is not None:
        header, line_count = passage.header, 0
    delimiter, names = _header(header, layout, delimiters)
    if fault := _header_fault(names, layout):
        if "\r" in header.strip():
            fault = Fault(fault.reason, fault.detail + CR_ALONE)
        return _without_header(lines, fault)
    lines.take(line_count)
    note_unmapped(passage, (name for name in names if name and not layout.knows(name)))
    return OpenTable(lines, delimiter, names)


def names_separator(line: str) -> bool:
    """Whether a line tells Excel the separator of the table that begins on the next."""
    return _SEPARATOR_LINE.fullmatch(line.strip()) is not None


def read_rows(
    stream: BinaryIO,
    source: Source,
    passage: Passage,
    layout: Layout,
    table: str,
    values_of: Callable[[Row], dict[str, Any]],
) -> Iterator[Outcome]:
    """The outcomes of a file: each row as a record of ``table``, or set aside with its fault."""
    opened = open_table(stream, passage, layout)
    if not isinstance(opened, OpenTable):
        yield from opened
        return
    zone = source.zone
    for record in read_records(opened.lines, opened.delimiter, len(opened.names)):
        try:
            if record.fault:
                raise record.fault
            row = Row(dict(zip(opened.names, record.fields, strict=True)), zone)
            yield Accepted(table, values_of(row), record.position, record.raw)
        except Fault as found:
            yield found.quarantined(record.position, record.raw)


def _without_header(lines: TextLines, fault: Fault) -> Iterator[Outcome]:
    while (line := lines.skip_blank()) is not None:
        yield (line.fault or fault).quarantined(line.number, raw_text(lines.take(1)))


def _header(text: str, layout: Layout, delimiters: Sequence[str]) -> tuple[str, list[str]]:
    """The separator and the column names, lower case, of a header."""

    def names_by(delimiter: str) -> list[str]:
        if len(delimiter) > 1:
            return text.lower().split()
        try:
            fields = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            return []
        return [name.strip().lower() for name in fields]

    return max(
        ((delimiter, names_by(delimiter)) for delimiter in delimiters),
        key=lambda found: sum(map(layout.knows, found[1])),
    )


def _header_fault(names: list[str], layout: Layout) -> Fault | None:
    absent = [name for name in layout.required if name not in names]
    repeated = [name for name, count in Counter(names).items() if count > 1 and layout.knows(name)]
    if not absent and not repeated:
        return None
    faults = [f"no column {', '.join(absent)}"] * bool(absent)
    faults += [f"columns named twice: {', '.join(repeated)}"] * bool(repeated)
    return Fault(
        UNUSABLE_HEADER,
        f"{'; '.join(faults)}; the first line has {len(names)} fields, of which "
        f"{sum(map(layout.knows, set(names)))} are known names; "
        f"expected a header with {', '.join(layout.required)}",
    )
