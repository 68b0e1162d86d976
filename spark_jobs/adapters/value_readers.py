"""How the values of one field, as JSON and Parquet hold them, become a column, many at a time.

Where all values of a block are texts, they go through the reader of texts, and so do whole numbers
that are read as they are written; truths, counts and seconds stay what they are. All others, and
those at fault, go through the converter of one value, which alone says what a fault is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import EARLIEST, LATEST, Values
from spark_jobs.adapters.text_readers import TextReader
from spark_jobs.tables.declaration import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    STRING,
    Column,
)

_NOTHING = type(None)
_READ_AS_WRITTEN = (STRING, MONEY, NUMBER, INTEGER, BOOLEAN)
_LARGEST = 10**18 - 1
"""Whole numbers have at most 18 digits, see ``values.integer``."""
_SECONDS = int(EARLIEST.timestamp()), int(LATEST.timestamp()) - 1


@dataclass(frozen=True)
class ValueReader:
    """Reads the values of a field for a column.

    ``convert`` reads one value, None for none, and raises Fault; ``of_text`` reads many texts in
    the same way. ``has_stand_ins`` tells whether some values stand for others, ``is_epoch`` whether
    numbers are seconds since 1970.
    """

    column: Column
    convert: Callable[[Any], Any]
    of_text: TextReader
    has_stand_ins: bool
    is_epoch: bool

    def required(self, absent: Callable[[], Fault]) -> ValueReader:
        """A reader of values that must be there."""

        def convert(found: Any) -> Any:
            value = self.convert(found)
            if value is None:
                raise absent()
            return value

        return replace(self, convert=convert, of_text=self.of_text.required(absent))

    def read_all(self, found: Sequence[Any]) -> tuple[Values, dict[int, Fault]]:
        """The values of a column, and the faults by place, where the value is null."""
        kinds = set(map(type, found))
        if kinds <= {_NOTHING} and not (self.has_stand_ins or self.of_text.absent):
            return pa.nulls(len(found), self.column.type), {}
        if kinds <= {str, _NOTHING}:
            return self._as_texts(found, pa.array(found, STRING))
        taken = None if self.has_stand_ins else self._taken(found, kinds)
        if taken is not None and not (self.of_text.absent and taken.null_count):
            return taken, {}
        if kinds <= {int, _NOTHING} and self.column.type in _READ_AS_WRITTEN:
            return self._as_texts(found, _written(found))
        return self._one_by_one(found)

    def _as_texts(self, found: Sequence[Any], texts: pa.Array) -> tuple[pa.Array, dict[int, Fault]]:
        values, at_fault = self.of_text.read_all(pc.fill_null(texts, ""))
        if not at_fault:
            return values, {}
        _, faults = self._one_by_one([found[row] for row in at_fault])  # in words for what it is
        return values, dict(zip(at_fault, faults.values(), strict=True))

    def _taken(self, found: Sequence[Any], kinds: set[type]) -> pa.Array | None:
        """The values as they are; None where they cannot be taken so."""
        if kinds <= {bool, _NOTHING} and self.column.type == BOOLEAN:
            return pa.array(found, BOOLEAN)
        if not kinds <= {int, _NOTHING} or not (self.is_epoch or self.column.type == INTEGER):
            return None
        try:
            whole = pa.array(found, INTEGER)
        except OverflowError:
            return None
        low, high = _SECONDS if self.is_epoch else self._bounds()
        ends = pc.min_max(whole).as_py()
        if ends["min"] is not None and not low <= ends["min"] <= ends["max"] <= high:
            return None
        return pc.multiply(whole, 1_000_000).cast(INSTANT) if self.is_epoch else whole

    def _bounds(self) -> tuple[float, float]:
        low, high = self.column.minimum, self.column.maximum
        return -_LARGEST if low is None else low, _LARGEST if high is None else min(high, _LARGEST)

    def _one_by_one(self, found: Sequence[Any]) -> tuple[list[Any], dict[int, Fault]]:
        values, faults = [], {}
        for row, each in enumerate(found):
            try:
                values.append(self.convert(each))
            except Fault as fault:
                faults[row] = fault.alone()
                values.append(None)
        return values, faults


def _written(numbers: Sequence[int | None]) -> pa.Array:
    """Whole numbers as texts."""
    try:
        return pa.array(numbers, pa.int64()).cast(STRING)
    except OverflowError:
        return pa.array([None if each is None else str(each) for each in numbers], STRING)
