"""How a table of the lake is declared: columns, types, keys and what a value may be.

A declaration is the only place where a shape is written down. The Spark schema, the
Great Expectations suite and the documentation are derived from it. No table is declared
here, and nothing here reads or writes one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

STRING = pa.string()
STRINGS = pa.list_(pa.string())
INTEGER = pa.int64()
NUMBER = pa.float64()
BOOLEAN = pa.bool_()
BYTES = pa.binary()
INSTANT = pa.timestamp("us", tz="UTC")
DATE = pa.date32()
MONEY = pa.decimal128(18, 2)
RATE = pa.decimal128(18, 8)


@dataclass(frozen=True)
class Column:
    """One column.

    ``required`` columns are never null. ``minimum`` and ``maximum`` bound numbers, inclusive;
    ``allowed`` lists every value a text may take (for a list of texts, each of its values). What
    ``is_personal`` is not shown where a fault is told.
    """

    name: str
    type: pa.DataType
    description: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    is_personal: bool = False


@dataclass(frozen=True)
class NotAfter:
    """The day ``column`` is not after that of the time ``other``, where both are known."""

    column: str
    other: str


@dataclass(frozen=True)
class SignBy:
    """The number ``column`` is above or below zero, or zero, as the text ``other`` demands.

    ``signs`` has 1 or -1 for each value of ``other`` that demands anything.
    """

    column: str
    other: str
    signs: Mapping[str, int]


Rule = NotAfter | SignBy
"""What must hold between columns of one record; one without a value breaks no rule."""


@dataclass(frozen=True)
class Table:
    """One table: ``grain`` says in words what a row is, ``key`` which columns identify it."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    hashed: tuple[str, ...] = field(default=())
    """The columns whose values make one version of a record differ from another."""
    time: str | None = None
    """The column that says when what the row tells of happened."""
    clock: str | None = None
    """The column by which files are in order of time, so that readers can skip most of them."""
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        repeated = {name for name in names if names.count(name) > 1}
        unknown = (set(self.key) | set(self.hashed)) - set(names)
        if repeated or unknown:
            raise ValueError(
                f"table {self.name}: columns declared twice {sorted(repeated)}, "
                f"key or hash columns that do not exist {sorted(unknown)}"
            )

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """The table's Arrow schema, with nullability and descriptions."""
        return pa.schema(
            pa.field(
                column.name,
                column.type,
                nullable=not column.required,
                metadata={"description": column.description},
            )
            for column in self.columns
        )

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)
