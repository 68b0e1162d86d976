"""Readers of one mapped column for all rows of a block: of one field, or of several together.

Which reader a column has, a mapping says: see ``mapped_columns``. What becomes of a single value is
in ``mapped_values``, and how many of a field are read at once in ``text_readers`` and
``value_readers``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.csv_blocks import Block
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.html_columns import shown_all
from spark_jobs.adapters.mapped_values import Converter
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.outcomes import Values
from spark_jobs.adapters.text_readers import TextReader
from spark_jobs.adapters.value_readers import ValueReader
from spark_jobs.tables.declaration import BOOLEAN, STRING

Rows: TypeAlias = Block | Sequence[Any]
"""Rows of an export as their format has them."""
Getter = Callable[[Any], Any]
"""Finds a value, None for none, in what the format calls a row."""
Faults = dict[int, Fault]
"""The first fault of each faulty row, by its number in a block."""
Links = dict[int, list[str]]
"""The links that the markup of a text hides, by the same number."""
Absent = Callable[[], Fault] | None
"""The fault of a row without a value, where it must have one."""


class ColumnReader(Protocol):
    """Reads the values of one column."""

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """A value for each row, and the rows at fault, whose value counts for nothing."""
        ...


def each_of(rows: Rows) -> Sequence[Any]:
    """The rows one by one."""
    return rows.rows if isinstance(rows, Block) else rows


def mapped(read: Callable[[Any], Any], rows: Sequence[Any]) -> tuple[list[Any], Faults]:
    """What ``read`` makes of each row; None for a row at fault."""
    try:
        return list(map(read, rows)), {}
    except Fault:
        pass
    values: list[Any] = []
    faults = {}
    for number, row in enumerate(rows):
        try:
            values.append(read(row))
        except Fault as fault:
            faults[number] = fault.alone()
            values.append(None)
    return values, faults


@dataclass(frozen=True)
class TextField:
    """A field of rows that are made of columns of texts."""

    number: int
    reader: TextReader

    def required(self, absent: Callable[[], Fault]) -> TextField:
        """A reader of a field that must have a value."""
        return replace(self, reader=self.reader.required(absent))

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        if not isinstance(rows, Block):
            raise TypeError("these rows are not made of columns")
        return self.reader.read_all(rows.columns[self.number])


@dataclass(frozen=True)
class ValueField:
    """A field of rows that have values of any type."""

    get: Getter
    reader: ValueReader

    def required(self, absent: Callable[[], Fault]) -> ValueField:
        """A reader of a field that must have a value."""
        return replace(self, reader=self.reader.required(absent))

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        found, faults = mapped(self.get, each_of(rows))
        values, at_fault = self.reader.read_all(found)
        return values, at_fault | faults


@dataclass(frozen=True)
class EachRow:
    """Whatever is found in a row, converted row by row."""

    get: Getter
    convert: Converter

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        return mapped(lambda row: self.convert(self.get(row)), each_of(rows))


@dataclass(frozen=True)
class FirstOf:
    """The first of several fields that has a value."""

    fields: Sequence[ColumnReader]
    type: pa.DataType
    absent: Absent

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        faults: Faults = {}
        values = pa.nulls(len(rows), self.type)
        for field in self.fields:
            found, at_fault = field.read_all(rows)
            _add_first(faults, at_fault, values)
            values = pc.coalesce(values, _array(found, self.type))
        return values, _with_absent(faults, values, self.absent)


@dataclass(frozen=True)
class AnyOf:
    """Whether any of several fields is true; it is not known where none has a value."""

    fields: Sequence[ColumnReader]
    absent: Absent

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        faults: Faults = {}
        values = pa.nulls(len(rows), BOOLEAN)
        for field in self.fields:
            found, at_fault = field.read_all(rows)
            faults = at_fault | faults
            found = _array(found, BOOLEAN)
            values = pc.coalesce(pc.or_(values, found), values, found)
        return values, _with_absent(faults, values, self.absent)


@dataclass(frozen=True)
class Written:
    """A text that people wrote: the first of several parts, or all of them as its paragraphs."""

    parts: Sequence[ColumnReader]
    are_paragraphs: bool = False
    is_html: bool = False
    absent: Absent = None

    def read_texts(self, rows: Rows) -> tuple[pa.Array, Links, Faults]:
        """The text of each row."""
        faults: Faults = {}
        texts = pa.nulls(len(rows), STRING)
        links: Links = {}
        for part in self.parts:
            found, at_fault = part.read_all(rows)
            found, linked = _array(found, STRING), Links()
            if self.is_html and found.null_count < len(found):
                found, linked = shown_all(found)
                found = pc.if_else(pc.equal(pc.binary_length(found), 0), None, found)
            if self.are_paragraphs:
                faults = at_fault | faults
                texts = _joined(texts, found)
            else:
                _add_first(faults, at_fault, texts)
                linked = {row: each for row, each in linked.items() if not texts[row].is_valid}
                texts = pc.coalesce(texts, found)
            links |= {row: distinct([*links.get(row, ()), *linked[row]]) for row in linked}
        return texts, links, _with_absent(faults, texts, self.absent)

    def read_all(self, rows: Rows) -> tuple[Values, Faults]:
        """See ``ColumnReader``."""
        texts, _, faults = self.read_texts(rows)
        return texts, faults


def _array(values: Values, type_: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, type_)


def _joined(texts: pa.Array, others: pa.Array) -> pa.Array:
    """Two paragraphs as one text, where there are both."""
    if others.null_count == len(others):
        return texts
    if texts.null_count == len(texts):
        return others
    both = pc.binary_join_element_wise(texts, others, "\n\n")
    return pc.coalesce(both, texts, others)


def _add_first(faults: Faults, more: Faults, values: pa.Array) -> None:
    """Add further faults of rows that had no value so far; no one looks on where there is one."""
    for row, fault in more.items():
        if not values[row].is_valid:
            faults.setdefault(row, fault)


def _with_absent(faults: Faults, values: pa.Array, absent: Absent) -> Faults:
    """The same faults, and that of rows without a value, where they must have one."""
    if absent is None or not values.null_count:
        return faults
    return {row: absent() for row in pc.indices_nonzero(values.is_null()).to_pylist()} | faults
