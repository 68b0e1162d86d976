"""From rows of an export to records of bronze tables, as a mapping has it, many rows at a time.

A reader is made once for each table of a mapping and bound to the fields of a file. How rows are
found in a file is the formats' business; where the values of one column come from is in
``mapped_columns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.column_readers import (
    ColumnReader,
    Faults,
    Rows,
    TextField,
    ValueField,
    Written,
    each_of,
    mapped,
)
from spark_jobs.adapters.csv_blocks import Block
from spark_jobs.adapters.faults import Fault, impossible
from spark_jobs.adapters.mapped_columns import BoundColumn, Fields
from spark_jobs.adapters.marks import AT_HANDLES, HASHTAGS, LINKS, distinct
from spark_jobs.adapters.outcomes import AcceptedBlock, Outcome, Quarantined, Values, listed
from spark_jobs.adapters.text_readers import with_others
from spark_jobs.adapters.texts import text_arrays
from spark_jobs.mappings.language import Mapping, TableMapping, mappable_columns
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import TABLES
from spark_jobs.tables.declaration import STRINGS, NotAfter, Rule

MOST_ROWS = 1_000
"""Rows of a block that is put together of single ones."""

Columns = dict[str, Values]

_FOUND_IN_TEXT = {"mentions": AT_HANDLES, "hashtags": HASHTAGS, "urls": LINKS}


@dataclass(slots=True)
class MappedRows:
    """Rows of an export as their format has them, with their positions and raw texts."""

    rows: Rows = field(default_factory=list)
    positions: Values = field(default_factory=list)
    raws: Values = field(default_factory=list)


class RowsReader:
    """Reads rows whose fields are ``fields`` as a mapping has it."""

    def __init__(
        self, mapping: Mapping, source: Source, fields: Fields, *, has_decimal_comma: bool
    ) -> None:
        self._tables = [
            _TableReader(name, table, source, fields, has_decimal_comma)
            for name, table in mapping.tables.items()
        ]

    def outcomes(self, block: MappedRows, known: Faults | None = None) -> Iterator[Outcome]:
        """The outcomes of rows; one with a fault in any of its records is set aside whole.

        Rows whose faults are ``known`` keep these, whatever else stands for them.
        """
        faults = {**(known or {})}
        read = [(table.name, *table.read(block.rows, faults)) for table in self._tables]
        are_told = not faults
        for table, indexes, columns in read:
            if len(indexes) == len(block.rows) and not (faults and are_told):
                yield AcceptedBlock(table, columns, block.positions, block.raws, faults=faults)
                are_told = True
            elif sound := [place for place, index in enumerate(indexes) if index not in faults]:
                rows = [indexes[place] for place in sound]
                yield AcceptedBlock(
                    table,
                    {name: _taken(values, sound) for name, values in columns.items()},
                    _taken(block.positions, rows),
                    _taken(block.raws, rows),
                )
        if not are_told:  # each table has some of the rows only
            for row, fault in sorted(faults.items()):
                yield fault.quarantined(
                    listed(block.positions[row : row + 1])[0], listed(block.raws[row : row + 1])[0]
                )

    def outcomes_of_each(
        self, rows: Iterable[tuple[int, Any, str] | Quarantined]
    ) -> Iterator[Outcome]:
        """The outcomes of rows that come one by one, and of what was set aside among them."""
        waiting: list[tuple[int, Any, str]] = []
        for row in rows:
            if not isinstance(row, Quarantined):
                waiting.append(row)
            if len(waiting) == MOST_ROWS or (waiting and isinstance(row, Quarantined)):
                yield from self.outcomes(_block_of(waiting))
                waiting = []
            if isinstance(row, Quarantined):
                yield row
        if waiting:
            yield from self.outcomes(_block_of(waiting))


def _block_of(found: list[tuple[int, Any, str]]) -> MappedRows:
    positions, rows, raws = (list(each) for each in zip(*found, strict=True))
    return MappedRows(rows, positions, raws)


def _taken(values: Values, indexes: Sequence[int]) -> Values:
    if isinstance(values, pa.Array):
        return values.take(pa.array(indexes, pa.int64()))
    return [values[index] for index in indexes]


def fields_read(mapping: Mapping) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Names that rows must have, further names that are read, and patterns of names."""
    required: dict[str, None] = {}
    others: dict[str, None] = {}
    patterns: dict[str, None] = {}
    for name, table in mapping.tables.items():
        columns = mappable_columns(TABLES[name])
        if table.only_if:
            others[table.only_if] = None
        for column, how in table.columns.items():
            is_required = how.required or columns[column].required
            must_be = is_required and not table.only_if and len(how.names) <= 1
            (required if must_be else others).update(dict.fromkeys(how.reads))
            if how.from_each:
                patterns[how.from_each] = None
    return tuple(required), tuple(name for name in others if name not in required), tuple(patterns)


class _TableReader:
    """Reads the records that rows make of one table."""

    def __init__(
        self,
        name: str,
        mapping: TableMapping,
        source: Source,
        fields: Fields,
        has_decimal_comma: bool,
    ) -> None:
        self.name = name
        table = TABLES[name]
        columns = mappable_columns(table)
        self._constants: dict[str, pa.Scalar] = {}
        fields_alone: list[tuple[str, ColumnReader]] = []
        together: list[tuple[str, ColumnReader]] = []
        self._text = Written(())
        if "channel" in columns:
            self._constants["channel"] = pa.scalar(source.channel, pa.string())
        for column_name, how in mapping.columns.items():
            bound = BoundColumn(columns[column_name], how, source, fields, has_decimal_comma)
            if column_name == "text":
                self._text = bound.written()
            elif how.constant is not None:
                constant = bound.converter("constant")(how.constant)
                self._constants[column_name] = pa.scalar(constant, columns[column_name].type)
            elif (reader := bound.reader()) is None:
                self._constants[column_name] = pa.scalar(None, columns[column_name].type)
            else:
                is_alone = isinstance(reader, TextField | ValueField)
                (fields_alone if is_alone else together).append((column_name, reader))
        self._readers = (*fields_alone, *together)  # the first fault of a row is the one told
        self._has_text = "text_key" in table.hashed
        self._found_in_text = [
            name
            for name in _FOUND_IN_TEXT
            if name in columns and (name not in mapping.columns or mapping.columns[name].with_text)
        ]
        self._rules = [(rule, _judge(rule, mapping)) for rule in table.rules]
        self._only_if = mapping.only_if
        self._guard = fields.one(mapping.only_if) if mapping.only_if else None

    def read(self, rows: Rows, faults: Faults) -> tuple[Sequence[int], Columns]:
        """Which rows make a record, and the records' values by column; adds rows at fault."""
        indexes: Sequence[int] = range(len(rows))
        if self._only_if is not None:
            guard = self._guard
            if guard is None:
                return [], {}
            given, at_fault = mapped(guard, each_of(rows))
            _add(faults, at_fault, indexes)
            indexes = [index for index in indexes if not _is_blank(given[index])]
            if isinstance(rows, Block):
                rows = rows.take(indexes)
            else:
                rows = [rows[index] for index in indexes]
        columns: Columns = {
            name: pa.repeat(value, len(rows)) for name, value in self._constants.items()
        }
        for name, reader in self._readers:
            columns[name], at_fault = reader.read_all(rows)
            _add(faults, at_fault, indexes)
        if self._has_text:
            _add(faults, self._add_text(columns, rows), indexes)
        for rule, judge in self._rules:
            pairs = zip(
                listed(columns.get(rule.column, ())),
                listed(columns.get(rule.other, ())),
                strict=False,
            )
            for index, (value, other) in zip(indexes, pairs, strict=False):
                if value is not None and other is not None and (fault := judge(value, other)):
                    faults.setdefault(index, fault)
        return indexes, columns

    def _add_text(self, columns: Columns, rows: Rows) -> Faults:
        """Add the texts, their keys and what is found in them; the rows at fault."""
        texts, links, faults = self._text.read_texts(rows)
        arrays = text_arrays(texts)
        texts = arrays["text"]
        columns |= arrays
        for name in self._found_in_text:
            written = pc.if_else(texts.is_valid(), _FOUND_IN_TEXT[name].in_texts(texts), None)
            given: pa.Array = pa.array(columns.get(name, pa.nulls(len(rows))), STRINGS)
            more = links if name == "urls" else {}
            others = sorted({*pc.indices_nonzero(given.is_valid()).to_pylist(), *more})
            places = np.array(others, dtype=int)
            both = [
                own if in_text is None else distinct([*(own or ()), *more.get(row, ()), *in_text])
                for row, own, in_text in zip(
                    others,
                    given.take(places).to_pylist(),
                    written.take(places).to_pylist(),
                    strict=True,
                )
            ]
            columns[name] = with_others(written, places, pa.array(both, STRINGS))
        return faults


def _add(faults: Faults, more: Faults, indexes: Sequence[int]) -> None:
    """Add the faults of rows that are ``indexes`` of a block, where they have none yet."""
    for row, fault in more.items():
        faults.setdefault(indexes[row], fault)


def _judge(rule: Rule, mapping: TableMapping) -> Callable[[Any, Any], Fault | None]:
    """Finds the fault of two values that break a rule of their table."""
    how = mapping.columns.get(rule.column)
    name = " or ".join(how.names) if how and how.names else rule.column

    def not_after(day: Any, moment: Any) -> Fault | None:
        if day <= moment.date():
            return None
        detail = f"{name}: found a day after {rule.other}, expected one before it"
        return Fault("impossible_value", detail)

    if isinstance(rule, NotAfter):
        return not_after
    signs = rule.signs

    def sign_by(number: Any, kind: Any) -> Fault | None:
        if number * signs.get(kind, 0) >= 0:
            return None
        expected = "a negative number" if number > 0 else "a number above zero"
        return impossible(name, number, f"{expected}, since {rule.other} is {kind}")

    return sign_by


def _is_blank(found: Any) -> bool:
    return found is None or (isinstance(found, str) and not found.strip())
