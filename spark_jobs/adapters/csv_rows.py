"""Rows of a CSV file with a header: fields by name, read as the types that columns have.

The header names the columns in any order; those an adapter does not know stay in ``raw``. The
separator, comma or semicolon, is the one that makes more known names of the header. A decimal
comma is read where the separator is the semicolon. An empty field is null.

How lines become records is in ``csv_records``; what a row means, in the adapters.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_records import raw_text, read_records
from spark_jobs.adapters.faults import IMPOSSIBLE_VALUE, Fault, impossible, missing, mistyped
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, in_utc
from spark_jobs.adapters.text_lines import TextLines
from spark_jobs.adapters.unmapped import note_unmapped
from spark_jobs.sources import Source
from spark_jobs.tables.declaration import Column, Table

UNUSABLE_HEADER = "unusable_header"
ROUNDED_ID = "rounded_id"

LARGEST_EXACT = 2**53
"""The largest number up to which floating-point numbers hold every whole number."""

_DELIMITERS = ",;"
_ROUNDED = re.compile(r"\d+[.,]\d+[eE]\+?\d+|\d+[eE]\+\d+")
_FLOAT = re.compile(r"(\d{1,40})[.,]0+", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?")
_DECIMAL = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,2}0*)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}(?:\.0+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_EARLIEST_BIRTH = date(1901, 1, 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns an adapter knows; files must have the ``required`` ones."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(slots=True)
class Row:
    """One record's fields by column name. Readers of fields raise Fault, naming the column."""

    fields: dict[str, str]
    zone: tzinfo
    has_decimal_comma: bool

    def text(self, name: str) -> str | None:
        """A text without the blanks around it."""
        return self.fields.get(name, "").strip() or None

    def identifier(self, name: str) -> str | None:
        """An id as it is; see ``identifier``."""
        return identifier(name, self.fields.get(name, ""))

    def required_identifier(self, name: str) -> str:
        """An id that must be there."""
        found = self.identifier(name)
        if found is None:
            raise missing(name, "an id")
        return found

    def instant(self, name: str) -> datetime | None:
        """A time in UTC, from ISO 8601 or ``YYYY-MM-DD HH:MM:SS``.

        One that names no zone is in the source's; see ``in_utc`` for times that clocks skip or
        repeat. A day without a time is a fault: midnight would be made up.
        """
        found = self.text(name)
        if found is None:
            return None
        expected = "a time such as 2024-03-31 14:05:00 or 2024-03-31T14:05:00+02:00, 1990 to 2200"
        if not _INSTANT.fullmatch(found):
            raise impossible(name, found, expected)
        try:
            return in_utc(datetime.fromisoformat(found), self.zone)
        except ValueError as error:
            raise impossible(name, found, expected) from error

    def required_instant(self, name: str) -> datetime:
        """A time that must be there."""
        found = self.instant(name)
        if found is None:
            raise missing(name, "a time")
        return found

    def birth_date(self, name: str) -> date | None:
        """A day since 1901, ``YYYY-MM-DD``. Faults do not show it: it is personal."""
        found = self.text(name)
        if found is None:
            return None
        try:
            if not _DAY.fullmatch(found):
                raise ValueError("not YYYY-MM-DD")
            day = date.fromisoformat(found)
        except ValueError as error:
            detail = f"{name}: found a text of {len(found)} characters, expected YYYY-MM-DD"
            raise Fault(IMPOSSIBLE_VALUE, detail) from error
        if not _EARLIEST_BIRTH <= day < date(2200, 1, 1):
            detail = f"{name}: found a day in {day.year}, expected one between 1901 and 2200"
            raise Fault(IMPOSSIBLE_VALUE, detail)
        return day

    def amount(self, name: str) -> Decimal | None:
        """An amount with at most two decimals, without thousands separators."""
        found = self.text(name)
        if found is None:
            return None
        number = found.replace(",", ".", 1) if self.has_decimal_comma else found
        if not _DECIMAL.fullmatch(number):
            mark = "comma or point" if self.has_decimal_comma else "point"
            raise mistyped(name, found, f"a number such as 1234.50, with a decimal {mark}")
        return Decimal(number).quantize(Decimal("0.01"))

    def integer(self, name: str, minimum: float | None, maximum: float | None) -> int | None:
        """A whole number within bounds, where there are bounds; ``9.0`` is 9."""
        found = self.text(name)
        if found is None:
            return None
        bounds = "" if minimum is None or maximum is None else f" from {minimum} to {maximum}"
        if not _INTEGER.fullmatch(found):
            raise mistyped(name, found, f"a whole number{bounds}")
        number = int(found.partition(".")[0])
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise impossible(name, found, f"a whole number{bounds}")
        return number

    def boolean(self, name: str) -> bool | None:
        """Yes or no; see ``boolean``."""
        return boolean(name, self.fields.get(name, ""))

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """One of the values allowed, in any case."""
        found = self.text(name)
        if found is None:
            return None
        if found.lower() not in allowed:
            raise impossible(name, found, f"one of {', '.join(allowed)}")
        return found.lower()

    def code(self, name: str, letters: int) -> str | None:
        """An upper-case code of so many letters."""
        found = self.text(name)
        if found is None:
            return None
        if len(found) != letters or not (found.isascii() and found.isalpha()):
            raise impossible(name, found, f"a code of {letters} letters")
        return found.upper()


def identifier(name: str, text: str) -> str | None:
    """An id as it is, but for the ``.0`` of programs that take it for a floating-point number.

    Raises Fault where such a program has rounded it: in scientific notation, such as 5.7E+17, or
    beyond the whole numbers that a floating-point number can hold.
    """
    found = text.strip()
    if not found:
        return None
    if found.isdecimal():
        return found
    if _ROUNDED.fullmatch(found):
        raise Fault(
            ROUNDED_ID,
            f"{name}: found {found}, a number that a spreadsheet rounded, expected the whole "
            "id; export it as text",
        )
    number = _FLOAT.fullmatch(found)
    if number is None:
        return found
    if int(number[1]) > LARGEST_EXACT:
        raise Fault(
            ROUNDED_ID,
            f"{name}: found {found}, a floating-point number that cannot hold the whole id; "
            "export it as text",
        )
    return number[1]


def boolean(name: str, text: str) -> bool | None:
    """Yes or no, from true, false, 1, 0 in any case; Fault for anything else."""
    found = text.strip().lower()
    if not found:
        return None
    if found not in _BOOLEANS:
        raise impossible(name, text.strip(), "true, false, 1 or 0")
    return _BOOLEANS[found]


def column_named(table: Table, name: str) -> Column:
    """The declaration of a column of a bronze table; StopIteration where there is none."""
    return next(column for column in table.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A file whose header has been read: what comes next are its records."""

    lines: TextLines
    delimiter: str
    names: list[str]

    @property
    def has_decimal_comma(self) -> bool:
        """Whether numbers may be written with a comma."""
        return self.delimiter == ";"


def open_table(stream: BinaryIO, passage: Passage, layout: Layout) -> OpenTable | Iterator[Outcome]:
    """Read the header; where it cannot be used, every line is set aside, the header too."""
    lines = TextLines(stream, passage.first_line)
    header = lines.skip_blank()
    if header is None:
        return iter(())
    delimiter, names = _header(header.text, layout)
    if fault := _header_fault(names, layout):
        return _without_header(lines, fault)
    lines.take(1)
    known = {*layout.required, *layout.optional}
    note_unmapped(passage, (name for name in names if name and name not in known))
    return OpenTable(lines, delimiter, names)


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
            fields = dict(zip(opened.names, record.fields, strict=True))
            values = values_of(Row(fields, zone, opened.has_decimal_comma))
            yield Accepted(table, values, record.position, record.raw)
        except Fault as found:
            yield found.quarantined(record.position, record.raw)


def _without_header(lines: TextLines, fault: Fault) -> Iterator[Outcome]:
    while (line := lines.skip_blank()) is not None:
        yield (line.fault or fault).quarantined(line.number, raw_text(lines.take(1)))


def _header(text: str, layout: Layout) -> tuple[str, list[str]]:
    """The separator and the column names, lower case, of a header."""
    known = {*layout.required, *layout.optional}

    def names_by(delimiter: str) -> list[str]:
        try:
            fields = next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error:
            return []
        return [name.strip().lower() for name in fields]

    return max(
        ((delimiter, names_by(delimiter)) for delimiter in _DELIMITERS),
        key=lambda found: len(known.intersection(found[1])),
    )


def _header_fault(names: list[str], layout: Layout) -> Fault | None:
    known = (*layout.required, *layout.optional)
    absent = [name for name in layout.required if name not in names]
    repeated = [name for name in known if names.count(name) > 1]
    if not absent and not repeated:
        return None
    faults = [f"no column {', '.join(absent)}"] * bool(absent)
    faults += [f"columns named twice: {', '.join(repeated)}"] * bool(repeated)
    return Fault(
        UNUSABLE_HEADER,
        f"{'; '.join(faults)}; the first line has {len(names)} fields, of which "
        f"{len(set(known).intersection(names))} are known names; "
        f"expected a header with {', '.join(layout.required)}",
    )
