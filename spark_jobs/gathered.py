"""Outcomes of an adapter turned around: the rows of each table, by column, in their order.

Here is only what they hold. Whether that is sound, and its keys and hashes, is up to ``records``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from spark_jobs.adapters.outcomes import (
    DIGEST,
    Accepted,
    AcceptedBlock,
    Decoded,
    Outcome,
    Quarantined,
    Values,
    together,
)
from spark_jobs.tables.bronze import ENTITIES
from spark_jobs.tables.crm import CONTACT_POINTS
from spark_jobs.tables.declaration import INTEGER, STRING

_COLUMN_TYPES = {
    table.name: {column.name: column.type for column in (*CONTACT_POINTS, *table.columns)}
    for table in ENTITIES
}


@dataclass(slots=True)
class Rows:
    """Rows of one table by column; ``indexes`` are their places among the outcomes they are of."""

    table: str
    columns: dict[str, pa.Array]
    indexes: pa.Array
    positions: pa.Array
    items: pa.Array
    raws: pa.Array
    hashes: pa.Array = field(init=False)
    """The record hashes as bytes, where the rows were found sound; else null."""

    def __post_init__(self) -> None:
        self.hashes = pa.nulls(self.count, DIGEST)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.raws)

    def chosen(self, stays: pa.Array) -> Rows:
        """Those that stay."""
        chosen = Rows(
            self.table,
            {name: values.filter(stays) for name, values in self.columns.items()},
            self.indexes.filter(stays),
            self.positions.filter(stays),
            self.items.filter(stays),
            self.raws.filter(stays),
        )
        chosen.hashes = self.hashes.filter(stays)
        return chosen


class Gathered:
    """Outcomes by table, in columns. Records that come one by one are turned around together.

    ``set_aside`` are those that could not be read, each with its place among all.
    """

    def __init__(self) -> None:
        self.set_aside: list[tuple[int, Quarantined]] = []
        self._count = 0
        self._blocks: dict[tuple[str, tuple[str, ...]], list[Rows]] = {}
        self._single: dict[str, list[tuple[int, Accepted]]] = {}
        self._decoded: dict[int, list[tuple[int, Decoded]]] = {}

    def add(self, outcome: Outcome) -> None:
        """Take in the next outcome."""
        if isinstance(outcome, AcceptedBlock):
            end = self._count + len(outcome.raws)
            rows = self._sound(outcome, pa.array(np.arange(self._count, end)))
            self._blocks.setdefault((rows.table, tuple(rows.columns)), []).append(rows)
            self._count = end
            return
        if isinstance(outcome, Decoded):
            self._decoded.setdefault(id(outcome.columns_of), []).append((self._count, outcome))
        elif isinstance(outcome, Accepted):
            self._single.setdefault(outcome.table, []).append((self._count, outcome))
        else:
            self.set_aside.append((self._count, outcome))
        self._count += 1

    def accepted(self) -> Iterator[Rows]:
        """The rows of each table; more than once where some have other columns than others."""
        for blocks in self._blocks.values():
            yield blocks[0] if len(blocks) == 1 else _joined(blocks)
        for decoded in self._decoded.values():
            block = together([record for _, record in decoded])
            yield self._sound(block, pa.array([index for index, _ in decoded], INTEGER))
        for table, found in self._single.items():
            types = _COLUMN_TYPES[table]
            columns = _by_column([outcome.values for _, outcome in found])
            yield Rows(
                table,
                {name: pa.array(values, types[name]) for name, values in columns.items()},
                pa.array([index for index, _ in found], INTEGER),
                pa.array([outcome.position for _, outcome in found], INTEGER),
                pa.array([outcome.item for _, outcome in found], STRING),
                pa.array([outcome.raw for _, outcome in found], STRING),
            )

    def _sound(self, block: AcceptedBlock, indexes: pa.Array) -> Rows:
        """The records of a block by column, with their places; those at fault are set aside."""
        rows = _rows_of_block(block, indexes)
        if not block.faults:
            return rows
        set_aside = block.set_aside()
        self.set_aside += [(indexes[row].as_py(), found) for row, found in set_aside.items()]
        return rows.chosen(all_but(set_aside, rows.count))


def all_but(rows: Iterable[int], count: int) -> pa.Array:
    """Which of so many rows stay."""
    stays = np.ones(count, dtype=bool)
    stays[list(rows)] = False
    return pa.array(stays)


def _rows_of_block(block: AcceptedBlock, indexes: pa.Array) -> Rows:
    types = _COLUMN_TYPES[block.table]
    return Rows(
        block.table,
        {name: _array(values, types[name]) for name, values in block.columns.items()},
        indexes,
        _array(block.positions, INTEGER),
        pa.nulls(len(indexes), STRING) if block.items is None else _array(block.items, STRING),
        _array(block.raws, STRING),
    )


def _array(values: Values, type_: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, type_)


def _joined(parts: list[Rows]) -> Rows:
    return Rows(
        parts[0].table,
        {
            name: pa.concat_arrays([part.columns[name] for part in parts])
            for name in parts[0].columns
        },
        pa.concat_arrays([part.indexes for part in parts]),
        pa.concat_arrays([part.positions for part in parts]),
        pa.concat_arrays([part.items for part in parts]),
        pa.concat_arrays([part.raws for part in parts]),
    )


def _by_column(values: list[dict[str, Any]]) -> dict[str, list[Any]]:
    layouts = {tuple(row) for row in values}
    if len(layouts) == 1:  # adapters fill the same columns for every record of a kind
        columns = zip(*(row.values() for row in values), strict=True)
        return {name: list(column) for name, column in zip(layouts.pop(), columns, strict=True)}
    names = dict.fromkeys(name for layout in layouts for name in layout)
    return {name: [row.get(name) for row in values] for name in names}
