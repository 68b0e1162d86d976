"""CSV files read by column, many rows at a time.

An adapter says once how each column is read. A row of which any column is at fault is set aside
with the first fault that was found, whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from spark_jobs.adapters.csv_blocks import read_blocks
from spark_jobs.adapters.csv_rows import Layout, OpenTable, open_table
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import AcceptedBlock, Outcome, Passage
from spark_jobs.adapters.text_readers import TextReader


@dataclass(slots=True)
class Columns:
    """The fields of some rows by column name; ``faults`` are the first ones of their rows."""

    fields: Mapping[str, pa.Array]
    row_count: int
    faults: dict[int, Fault] = field(default_factory=dict)

    def texts(self, name: str) -> pa.Array:
        """The fields of a column that the file must have, as they are."""
        return self.fields[name]

    def read(self, name: str, reader: TextReader) -> pa.Array:
        """The values of a column; nulls where the file has no such column."""
        texts = self.fields.get(name)
        if texts is None:
            return pa.nulls(self.row_count, reader.type)
        found, faults = reader.read_all(texts)
        for row, fault in faults.items():
            self.faults.setdefault(row, fault)
        return found


ColumnReader = Callable[[Columns], dict[str, pa.Array]]


def read_columns(
    stream: BinaryIO, passage: Passage, layout: Layout, table: str, values_of: ColumnReader
) -> Iterator[Outcome]:
    """The outcomes of a file: its rows as records of ``table``, or set aside with their fault."""
    opened = open_table(stream, passage, layout)
    if not isinstance(opened, OpenTable):
        yield from opened
        return
    for block in read_blocks(opened.lines, opened.delimiter, len(opened.names)):
        fields = dict(zip(opened.names, block.columns, strict=True))
        columns = Columns(fields, len(block), {**block.faults})
        values = values_of(columns)
        yield AcceptedBlock(table, values, block.positions, block.raws, faults=columns.faults)
