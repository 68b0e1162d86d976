"""Values that JSON and Parquet hold with a type of their own, as canonical values.

What is written as text, there too, is read by ``values``. A type that does not belong in a column
is a fault, and so is a number that has lost digits of the id it stands for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from spark_jobs.adapters import values
from spark_jobs.adapters.faults import WRONG_TYPE, Fault, impossible, mistyped
from spark_jobs.adapters.outcomes import in_utc
from spark_jobs.mappings.language import described_type
from spark_jobs.tables.declaration import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    STRINGS,
    Column,
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What stands for a value that a file holds but nobody can read."""

    why: str


@dataclass(frozen=True, slots=True)
class Target:
    """A column to fill from a field: how its texts are read, and what numbers may stand for.

    ``item`` reads an entry of a list; ``epochs`` are the parts of a second since 1970 that a
    number may count; ``patterns`` those of times and days.
    """

    field: str
    column: Column
    zone: tzinfo
    of_text: Callable[[str], Any]
    item: Callable[[str], str | None]
    epochs: tuple[int, ...]
    patterns: tuple[str, ...]

    @property
    def is_id(self) -> bool:
        """Whether the column holds ids."""
        return self.column.name.endswith(("_id", "_ids"))

    def unfit(self, found: Any) -> Fault:
        """The fault of a value whose type does not belong in the column."""
        return mistyped(self.field, found, described_type(self.column))


def read_typed(target: Target, found: Any) -> Any:
    """What was found, other than a text, as a value of the target's column."""
    if found is None or (isinstance(found, float) and math.isnan(found)):
        return None  # NaN is how data frames write that there is nothing
    if isinstance(found, Unreadable):
        raise Fault(WRONG_TYPE, f"{target.field}: found a value that cannot be read: {found.why}")
    if isinstance(found, bytes):
        try:
            return target.of_text(found.decode())
        except UnicodeDecodeError:
            raise target.unfit(found[:8]) from None
    return _READERS.get(target.column.type, _string)(target, found)


def _instant(target: Target, found: Any) -> Any:
    if isinstance(found, date):
        moment = found if isinstance(found, datetime) else datetime.combine(found, time.min)
        if moment is not found and not target.patterns:
            raise mistyped(target.field, found.isoformat(), "a time; map days by a pattern")
        try:
            return in_utc(moment, target.zone)
        except (ValueError, OverflowError) as error:
            expected = "a time between 1990 and 2200"
            raise impossible(target.field, str(moment), expected) from error
    if _is_number(found):
        if target.epochs:
            return values.epoch(target.field, target.epochs[0], found)
        if target.patterns and isinstance(found, int):
            return target.of_text(str(found))
    raise target.unfit(found)


def _day(target: Target, found: Any) -> Any:
    if isinstance(found, datetime):
        if found.time() != time.min:
            raise target.unfit(str(found))
        return values.bounded_day(target.field, found.date())
    if isinstance(found, date):
        return values.bounded_day(target.field, found)
    if (
        isinstance(found, int)
        and not isinstance(found, bool)
        and (target.patterns or target.epochs)
    ):
        return target.of_text(str(found))
    raise target.unfit(found)


def _numeric(target: Target, found: Any) -> Any:
    if not _is_number(found):
        raise target.unfit(found)
    return target.of_text(_written(found))


def _truth(target: Target, found: Any) -> Any:
    if isinstance(found, bool):
        return found
    if not isinstance(found, int):
        raise target.unfit(found)
    return target.of_text(str(found))


def _string(target: Target, found: Any) -> Any:
    return target.of_text(_as_text(target, found))


def _strings(target: Target, found: Any) -> list[str]:
    if not isinstance(found, list | tuple):
        raise target.unfit(found)
    texts = (each if isinstance(each, str) else _as_text(target, each) for each in found)
    return [item for text in texts if (item := target.item(text)) is not None]


def _as_text(target: Target, found: Any) -> str:
    if isinstance(found, date | time):
        return found.isoformat()
    if found is None:
        return ""
    if not _is_number(found):
        raise target.unfit(found)
    has_lost_digits = isinstance(found, float) and (
        not found.is_integer() or abs(found) > values.LARGEST_EXACT
    )
    if target.is_id and has_lost_digits:
        raise values.inexact(target.field, found)
    return _written(found)


def _is_number(found: Any) -> bool:
    return isinstance(found, int | float | Decimal) and not isinstance(found, bool)


def _written(number: float | Decimal) -> str:
    """A number as people write it: 3 for 3.0, and no exponent where it can be helped."""
    if isinstance(number, Decimal):
        return format(number.normalize(), "f") if number.is_finite() else str(number)
    if isinstance(number, float) and number.is_integer() and abs(number) <= values.LARGEST_EXACT:
        return str(int(number))
    return repr(number)


_READERS: dict[Any, Callable[[Target, Any], Any]] = {
    INSTANT: _instant,
    DATE: _day,
    MONEY: _numeric,
    NUMBER: _numeric,
    INTEGER: _numeric,
    BOOLEAN: _truth,
    STRINGS: _strings,
}
