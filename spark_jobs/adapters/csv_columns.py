"""CSV files read by column: many rows at a time, the troublesome ones apart.

An adapter says once how each column is read, as a function of its text. Rows of which any column
raises a fault are read again alone, so that the fault they are set aside with is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, BinaryIO, TypeVar

from spark_jobs.adapters.csv_records import Block, Record, read_blocks
from spark_jobs.adapters.csv_rows import Layout, OpenTable, open_table
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import AcceptedBlock, Outcome, Passage
from spark_jobs.sources import Source

_Value = TypeVar("_Value")


@dataclass(slots=True)
class Columns:
    """The fields of some rows by column name.

    ``faulty`` are the rows in which a column raised a fault; with ``is_strict``, for a row alone,
    the fault is raised.
    """

    fields: Mapping[str, Sequence[str]]
    row_count: int
    zone: tzinfo
    is_strict: bool = False
    faulty: set[int] = field(default_factory=set)

    def texts(self, name: str) -> Sequence[str]:
        """The fields of a column as they are; empty ones where the file has no such column."""
        return self.fields.get(name) or [""] * self.row_count

    def read(self, name: str, convert: Callable[[str], _Value]) -> list[_Value] | list[None]:
        """The values of a column; ``convert`` raises Fault where a text is not one."""
        texts = self.fields.get(name)
        if texts is None:
            return [None] * self.row_count
        try:
            return list(map(convert, texts))
        except Fault:
            if self.is_strict:
                raise
            return [self._tried(row, convert, text) for row, text in enumerate(texts)]

    def _tried(self, row: int, convert: Callable[[str], Any], text: str) -> Any:
        try:
            return convert(text)
        except Fault:
            self.faulty.add(row)
            return None


ColumnReader = Callable[[Columns], dict[str, Sequence[Any]]]


def read_columns(
    stream: BinaryIO,
    source: Source,
    passage: Passage,
    layout: Layout,
    table: str,
    values_of: ColumnReader,
) -> Iterator[Outcome]:
    """The outcomes of a file: its rows as records of ``table``, or set aside with their fault."""
    opened = open_table(stream, passage, layout)
    if not isinstance(opened, OpenTable):
        yield from opened
        return

    def columns_of(rows: list[list[str]], *, is_strict: bool) -> Columns:
        fields = dict(zip(opened.names, zip(*rows, strict=True), strict=True))
        return Columns(fields, len(rows), source.zone, is_strict)

    def alone(record: Record) -> Outcome:
        try:
            if record.fault:
                raise record.fault
            values = values_of(columns_of([record.fields], is_strict=True))
        except Fault as fault:
            return fault.quarantined(record.position, record.raw)
        return AcceptedBlock(table, values, [record.position], [record.raw])

    for part in read_blocks(opened.lines, opened.delimiter, len(opened.names)):
        if isinstance(part, Record):
            yield alone(part)
            continue
        columns = columns_of(part.rows, is_strict=False)
        values = values_of(columns)
        first = 0
        for row in sorted(columns.faulty):
            yield from _between(first, row, part, table, values)
            yield alone(Record(part.position + row, part.raws[row], part.rows[row]))
            first = row + 1
        yield from _between(first, len(part.rows), part, table, values)


def _between(
    first: int, end: int, part: Block, table: str, values: dict[str, Sequence[Any]]
) -> Iterator[AcceptedBlock]:
    """The rows from ``first`` to before ``end``, if any."""
    if (first, end) == (0, len(part.rows)):
        yield AcceptedBlock(table, values, range(part.position, part.position + end), part.raws)
    elif first < end:
        yield AcceptedBlock(
            table,
            {name: column[first:end] for name, column in values.items()},
            range(part.position + first, part.position + end),
            part.raws[first:end],
        )
