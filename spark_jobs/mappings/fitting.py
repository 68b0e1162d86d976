"""Which columns of the declared tables a mapping may fill, and what may be said of each.

How a mapping is written is ``language``'s business.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr

from spark_jobs.tables.bronze import ENTITIES
from spark_jobs.tables.crm import CONTACT_KEYS, CONTACT_POINTS
from spark_jobs.tables.declaration import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    STRING,
    STRINGS,
    Column,
    Table,
)

Scalar = StrictBool | StrictInt | StrictFloat | StrictStr
TABLES = {table.name: table for table in ENTITIES}
_COMPUTED = frozenset({"text_key", "is_text_repaired", *(column.name for column in CONTACT_KEYS)})
"""Columns that capture works out; nobody maps them."""


def mappable_columns(table: Table) -> dict[str, Column]:
    """The columns of a table that a mapping may fill, by name.

    Where contact points have keys, both may be given, also one that bronze keeps only the key of.
    """
    columns = {column.name: column for column in table.columns if column.name in table.hashed}
    if CONTACT_KEYS[0].name in columns:
        columns = {column.name: column for column in CONTACT_POINTS} | columns
    return {name: column for name, column in columns.items() if name not in _COMPUTED}


def check_columns(
    where: str, table: Table, given: MappingOf[str, tuple[AbstractSet[str], Scalar | None]]
) -> None:
    """Raise ValueError where a mapping does not fit the declared columns of its table.

    Args:
        where: the place in the mapping, for the message.
        table: the declaration.
        given: of each column that is mapped, the keys that are given and the constant, if any.
    """
    columns = mappable_columns(table)
    for name, (keys, constant) in given.items():
        if name not in columns:
            raise ValueError(
                f"{where}.{name}: no such column to map; there are {', '.join(columns)}"
            )
        if misplaced := sorted(keys & _misplaced(columns[name])):
            raise ValueError(
                f"{where}.{name}: {', '.join(misplaced)}: of no use for "
                f"{described_type(columns[name])}"
            )
        if constant is not None:
            _check_constant(f"{where}.{name}", columns[name], constant)
    absent = [
        column.name
        for column in columns.values()
        if column.required and column.name not in given and column.name != "channel"
    ]
    if absent:
        raise ValueError(f"{where}: required and not mapped: {', '.join(absent)}")


def _check_constant(where: str, column: Column, constant: Scalar) -> None:
    """Raise ValueError where a constant is no value of its column."""
    kinds: dict[Any, tuple[type, ...]] = {
        BOOLEAN: (bool,),
        INTEGER: (int,),
        MONEY: (int, float),
        NUMBER: (int, float),
    }
    fits = type(constant) in kinds.get(column.type, (str, int))
    if fits and column.type in (INSTANT, DATE):
        try:
            datetime.fromisoformat(str(constant))
        except ValueError:
            fits = False
    if not fits or (column.allowed and constant not in column.allowed):
        expected = (
            f"one of {', '.join(column.allowed)}" if column.allowed else described_type(column)
        )
        raise ValueError(f"{where}.constant: found {constant!r}, expected {expected}")


_BY_TYPE: dict[str, frozenset[Any]] = {
    "formats": frozenset({INSTANT, DATE}),
    "true_words": frozenset({BOOLEAN}),
    "false_words": frozenset({BOOLEAN}),
    "any_of": frozenset({BOOLEAN}),
    "paragraphs": frozenset({STRING}),
    "separator": frozenset({STRINGS}),
    "from_each": frozenset({STRINGS}),
    "item": frozenset({STRINGS}),
    "with_text": frozenset({STRINGS}),
    "without_prefixes": frozenset({STRING, STRINGS}),
    "lower": frozenset({STRING, STRINGS}),
    "upper": frozenset({STRING, STRINGS}),
    "template": frozenset({STRING, INSTANT}),
    "letters": frozenset({STRING}),
    "is_whole_number": frozenset({STRING}),
    "html": frozenset({STRING}),
    "unescape": frozenset({STRING}),
}
"""Keys that have a meaning for columns of some types only."""
_FOUND_IN_TEXT = ("mentions", "hashtags", "urls")


def _misplaced(column: Column) -> set[str]:
    misplaced = {key for key, types in _BY_TYPE.items() if column.type not in types}
    if column.name not in _FOUND_IN_TEXT:
        misplaced.add("with_text")
    if column.name == "text":
        misplaced.add("constant")
    if column.allowed or column.name.endswith("_id"):
        misplaced.add("paragraphs")
    return misplaced


def described_type(column: Column) -> str:
    """The type of a column, in the words of those who write mappings."""
    kinds = {STRING: "a text", STRINGS: "a list", INSTANT: "a time", DATE: "a day"}
    return kinds.get(column.type, {BOOLEAN: "a truth value"}.get(column.type, "a number"))
