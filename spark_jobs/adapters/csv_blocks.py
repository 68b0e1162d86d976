"""Records of a CSV file by column: Arrow arrays of texts, many records at a time.

Which lines make a record is in ``csv_records``. Those that are a record each are parted by Arrow;
the few others, such as those with line breaks inside quotes, are put in their places among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from spark_jobs.adapters.csv_records import PlainLines, Record, read_parts
from spark_jobs.adapters.text_lines import TextLines
from spark_jobs.tables.declaration import INTEGER, STRING

BLOCK_RECORDS = 8_000


@dataclass(frozen=True)
class Block:
    """Whole records in order: ``columns`` are the texts of their fields."""

    positions: pa.Array
    raws: pa.Array
    columns: list[pa.Array]

    def __len__(self) -> int:
        return len(self.raws)

    def take(self, rows: Any) -> Block:
        """Some of the records, by their numbers."""
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


def read_blocks(lines: TextLines, delimiter: str, width: int) -> Iterator[Block | Record]:
    """Every record in order: those that are whole in blocks, each with a fault by itself."""
    return in_blocks(read_parts(lines, delimiter, width), delimiter, width)


def in_blocks(
    parts: Iterable[PlainLines | Record], delimiter: str, width: int
) -> Iterator[Block | Record]:
    """The same for records that were found before."""
    gathered = _Gathered(delimiter, width)
    for part in parts:
        if isinstance(part, Record) and part.fault:
            yield from gathered.taken()
            yield part
            continue
        gathered.add(part)
        if gathered.count >= BLOCK_RECORDS:
            yield from gathered.taken()
    yield from gathered.taken()


@dataclass
class _Gathered:
    """Records on their way into a block."""

    delimiter: str
    width: int
    count: int = 0
    _plain: list[PlainLines] = field(default_factory=list)
    _others: list[Record] = field(default_factory=list)

    def add(self, part: PlainLines | Record) -> None:
        if isinstance(part, Record):
            self._others.append(part)
            self.count += 1
        else:
            self._plain.append(part)
            self.count += len(part.texts)

    def taken(self) -> Iterator[Block]:
        """The block of what was gathered, if anything was."""
        if not self.count:
            return
        texts = [text for lines in self._plain for text in lines.texts]
        positions = [
            np.arange(lines.position, lines.position + len(lines.texts)) for lines in self._plain
        ]
        parts = []
        if texts:
            columns = _parted(texts, self.delimiter, self.width)
            parts.append(
                Block(pa.array(np.concatenate(positions)), pa.array(texts, STRING), columns)
            )
        if self._others:
            parts.append(_block_of(self._others))
        yield parts[0] if len(parts) == 1 else _in_order(parts)
        self.count, self._plain, self._others = 0, [], []


def _parted(texts: list[str], delimiter: str, width: int) -> list[pa.Array]:
    """The fields of lines that are a plain record each, by column."""
    content = "\n".join(texts).encode()
    names = [str(number) for number in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(content),
        pacsv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=names),
        pacsv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
        pacsv.ConvertOptions(
            check_utf8=False,
            column_types=dict.fromkeys(names, STRING),
            strings_can_be_null=False,
        ),
    )
    return [pa.concat_arrays(column.chunks) for column in table.columns]


def _block_of(records: list[Record]) -> Block:
    fields = zip(*(record.fields for record in records), strict=True)
    return Block(
        pa.array([record.position for record in records], INTEGER),
        pa.array([record.raw for record in records], STRING),
        [pa.array(column, STRING) for column in fields],
    )


def _in_order(parts: list[Block]) -> Block:
    joined = Block(
        pa.concat_arrays([part.positions for part in parts]),
        pa.concat_arrays([part.raws for part in parts]),
        [pa.concat_arrays(same) for same in zip(*(part.columns for part in parts), strict=True)],
    )
    return joined.take(np.argsort(joined.positions.to_numpy(), kind="stable"))
