"""Records of a CSV file by column: Arrow arrays of texts, many records at a time.

Which lines make a record is in ``csv_records``. Arrow parts records into fields: those that are
plain as they stand in the file, the few others written anew as plain ones, and empty ones in the
place of those that cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from spark_jobs.adapters.csv_plain import PlainRecords
from spark_jobs.adapters.csv_records import Record, read_parts
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.text_lines import TextLines
from spark_jobs.tables.declaration import INTEGER, STRING

BLOCK_RECORDS = 8_000


@dataclass(frozen=True)
class Block:
    """Records in order: ``columns`` are the texts of their fields.

    ``faults`` are those of records that could not be read, by place; their fields are empty.
    """

    positions: pa.Array
    raws: pa.Array
    columns: list[pa.Array]
    faults: dict[int, Fault] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.raws)

    def take(self, rows: Any) -> Block:
        """Some of the records that could be read, by their numbers."""
        chosen = pa.array(rows, INTEGER)
        return Block(
            self.positions.take(chosen),
            self.raws.take(chosen),
            [column.take(chosen) for column in self.columns],
        )

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """The fields of each record."""
        return list(zip(*(column.to_pylist() for column in self.columns), strict=True))


def read_blocks(lines: TextLines, delimiter: str, width: int) -> Iterator[Block]:
    """Every record in order."""
    return in_blocks(read_parts(lines, delimiter, width), delimiter, width)


def in_blocks(
    parts: Iterable[PlainRecords | Record], delimiter: str, width: int
) -> Iterator[Block]:
    """The same for records that were found before; ``delimiter`` is that of plain ones."""
    gathered = _Gathered(delimiter, width)
    for part in parts:
        gathered.add(part)
        if gathered.count >= BLOCK_RECORDS:
            yield from gathered.taken()
    yield from gathered.taken()


class _Gathered:
    """Records on their way into a block."""

    def __init__(self, delimiter: str, width: int) -> None:
        self._delimiter = delimiter
        self._names = [str(number) for number in range(width)]
        self._forget()

    def _forget(self) -> None:
        self.count = 0
        self._alone: list[Record] = []
        self._contents: list[bytes] = []
        self._positions: list[pa.Array] = []
        self._raws: list[pa.Array] = []
        self._faults: dict[int, Fault] = {}

    def add(self, part: PlainRecords | Record) -> None:
        if isinstance(part, Record):
            if part.fault:
                self._faults[self.count] = part.fault
            self._alone.append(part)
            self.count += 1
        else:
            self._add_those_alone()
            self._contents.append(part.content)
            self._positions.append(pa.array(part.positions, INTEGER))
            self._raws.append(part.raws)
            self.count += len(part.positions)

    def _add_those_alone(self) -> None:
        if self._alone:
            nothing = [""] * len(self._names)
            rows = (nothing if each.fault else each.fields for each in self._alone)
            self._contents.append("".join(_written(row, self._delimiter) for row in rows).encode())
            self._positions.append(pa.array([each.position for each in self._alone], INTEGER))
            self._raws.append(pa.array([each.raw for each in self._alone], STRING))
            self._alone = []

    def taken(self) -> Iterator[Block]:
        """The block of what was gathered, if anything was."""
        if self.count:
            self._add_those_alone()
            positions, raws = map(pa.concat_arrays, (self._positions, self._raws))
            yield Block(positions, raws, self._columns(), self._faults)
            self._forget()

    def _columns(self) -> list[pa.Array]:
        """The fields by column."""
        content = b"".join(self._contents)
        table = pacsv.read_csv(
            pa.BufferReader(content),
            pacsv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=self._names
            ),
            pacsv.ParseOptions(
                delimiter=self._delimiter, ignore_empty_lines=False, newlines_in_values=True
            ),
            pacsv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(self._names, STRING),
                strings_can_be_null=False,
            ),
        )
        return [pa.concat_arrays(column.chunks) for column in table.columns]


def _written(fields: list[str], delimiter: str) -> str:
    """A record as a plain one that has the same fields."""
    quoted = delimiter.join('"' + field.replace('"', '""') + '"' for field in fields)
    return f"{quoted}\n"
