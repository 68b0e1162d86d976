"""How a node or a relationship of the graph is declared, and which table it comes from.

The declarations themselves are in ``graph.nodes`` and ``graph.model``. Statements and SQL are
derived from them in ``graph.querybuilder`` and ``graph.warehouse``; nothing is typed twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Kind(Enum):
    """What a property holds; the value is the type that the warehouse's column is cast to."""

    TEXT = "varchar"
    INTEGER = "bigint"
    NUMBER = "double"
    BOOLEAN = "boolean"
    INSTANT = "timestamptz"
    TEXTS = "varchar[]"


class Measure(Enum):
    """What the parity gate compares of a property over all nodes or relationships of a type."""

    NOTHING = "nothing"
    TOTAL = "total"
    PRESENCE = "presence"
    """How many are not null: what tells that a deleted text is gone here too."""


@dataclass(frozen=True)
class Property:
    """One property, from the column of the same name unless ``column`` names another.

    ``is_indexed`` properties of nodes get a range index: queries start from them.
    """

    name: str
    kind: Kind
    description: str
    column: str = ""
    measure: Measure = Measure.NOTHING
    is_indexed: bool = False

    @property
    def source_column(self) -> str:
        """The column that it is read from."""
        return self.column or self.name


@dataclass(frozen=True)
class Node:
    """All nodes of one label: one for each row of ``table``, which ``key`` identifies."""

    label: str
    description: str
    table: str
    key: Property
    properties: tuple[Property, ...]

    def __post_init__(self) -> None:
        _refuse_repeated(self.label, (self.key, *self.properties))

    @property
    def name(self) -> str:
        """The label: what reports call it."""
        return self.label


@dataclass(frozen=True)
class Relationship:
    """All relationships of one type between two labels: at most one for each pair of nodes.

    One for each row of ``table`` whose ``start_column`` and ``end_column`` hold keys of ``start``
    and ``end``; ``end_identity`` is the column of the end's table that is matched, where that is
    not its key. A row with a null on either side has no such relationship; where that says that
    something is not known, ``unknown_reason`` names it and the rows are counted. A row whose end
    is no node is counted under ``absent_reason``; without one it is a fault of the warehouse and
    stops the load.
    """

    type: str
    description: str
    table: str
    start: Node
    start_column: str
    end: Node
    end_column: str
    properties: tuple[Property, ...] = ()
    unknown_reason: str = ""
    absent_reason: str = ""
    end_identity: str = ""

    def __post_init__(self) -> None:
        _refuse_repeated(self.type, self.properties)

    @property
    def name(self) -> str:
        """The pattern: what reports call it."""
        return f"(:{self.start.label})-[:{self.type}]->(:{self.end.label})"


Element: TypeAlias = Node | Relationship


def _refuse_repeated(owner: str, properties: tuple[Property, ...]) -> None:
    names = [item.name for item in properties]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{owner}: properties declared twice: {', '.join(repeated)}")
