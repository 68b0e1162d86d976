"""Where the values of one mapped column come from: a field, several, a template, a pattern.

A column is bound to the fields of a file, which gives the reader of its values. What a single value
may be is in ``mapped_values``; what columns make together, in ``mapped_tables``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from spark_jobs.adapters.column_readers import (
    Absent,
    AnyOf,
    ColumnReader,
    EachRow,
    FirstOf,
    Getter,
    TextField,
    ValueField,
    Written,
)
from spark_jobs.adapters.faults import Fault, missing
from spark_jobs.adapters.mapped_values import Converter, converter, text_reader
from spark_jobs.adapters.value_readers import ValueReader
from spark_jobs.mappings.language import EPOCH_SECONDS, ColumnMapping, described_type
from spark_jobs.sources import Source
from spark_jobs.tables.declaration import INSTANT, STRING, Column


class Fields(Protocol):
    """The fields of the rows of a file."""

    def one(self, name: str) -> Getter | None:
        """Finds the value of a column or path; None where no row has it."""
        ...

    def each(self, pattern: str) -> Getter | None:
        """Finds pairs of what ``*`` stands for and a value; None where no row has any."""
        ...

    def column(self, name: str) -> int | None:
        """Number of the column of texts of that name; None where rows are not made of columns."""
        ...


class BoundColumn:
    """One mapped column, bound to the fields of a file."""

    def __init__(
        self,
        column: Column,
        how: ColumnMapping,
        source: Source,
        fields: Fields,
        has_decimal_comma: bool,
    ) -> None:
        self._column = column
        self._how = how
        self._source = source
        self._fields = fields
        self._has_decimal_comma = has_decimal_comma

    def reader(self) -> ColumnReader | None:
        """The reader of its values; None where no row has any."""
        how = self._how
        if how.from_each or how.template:
            return self._each_row(self._from_each() if how.from_each else self._template())
        if how.paragraphs:
            return self.written()
        fields = self._fields_of(how.any_of or how.names)
        if not fields and not self._is_required:
            return None
        if how.any_of:
            return AnyOf(fields, self._absent)
        if len(fields) > 1 or not fields:
            return FirstOf(fields, self._column.type, self._absent)
        (field,) = fields
        return field.required(self._missing) if self._is_required else field

    def written(self) -> Written:
        """The reader of a text that people wrote."""
        how = self._how
        names = how.paragraphs or how.names
        parts: Sequence[ColumnReader]
        if how.template:
            parts = [EachRow(*pair)] if (pair := self._template()) else []
        else:
            parts = self._fields_of(names, html=False, unescape=how.unescape and not how.html)
        absent = (lambda: missing(" or ".join(names), "a text")) if self._is_required else None
        return Written(parts, bool(how.paragraphs), how.html, absent)

    def converter(self, field: str, column: Column | None = None) -> Converter:
        """The converter of a field to the column, or to another one like it."""
        comma = self._has_decimal_comma
        return converter(
            field, column or self._column, self._how, self._source.zone, has_decimal_comma=comma
        )

    @property
    def _is_required(self) -> bool:
        return self._how.required or self._column.required

    @property
    def _absent(self) -> Absent:
        return self._missing if self._is_required else None

    def _missing(self) -> Fault:
        how = self._how
        field = " or ".join(how.names) or how.template or ", ".join(how.any_of)
        return missing(field, _expected(self._column))

    def _fields_of(self, names: Iterable[str], **changes: Any) -> list[TextField | ValueField]:
        """Readers of those fields that rows have, with changes to what the mapping says."""
        how = self._how.model_copy(update=changes)
        return [field for name in names if (field := self._field(name, how)) is not None]

    def _field(self, name: str, how: ColumnMapping) -> TextField | ValueField | None:
        column, zone, comma = self._column, self._source.zone, self._has_decimal_comma
        get = self._fields.one(name)
        if get is None:
            return None
        of_text = text_reader(name, column, how, zone, has_decimal_comma=comma)
        if (number := self._fields.column(name)) is not None:
            return TextField(number, of_text)
        convert = converter(name, column, how, zone, has_decimal_comma=comma)
        is_epoch = column.type == INSTANT and how.formats[:1] == (EPOCH_SECONDS,)
        return ValueField(get, ValueReader(column, convert, of_text, bool(how.values), is_epoch))

    def _each_row(self, pair: tuple[Getter, Converter] | None) -> EachRow | None:
        if not self._is_required:
            return EachRow(*pair) if pair else None
        get, convert = pair or (_itself, _nothing)

        def convert_required(found: Any) -> Any:
            value = convert(found)
            if value is None:
                raise self._missing()
            return value

        return EachRow(get, convert_required)

    def _template(self) -> tuple[Getter, Converter] | None:
        template = self._how.template or ""
        # Parts are read as the column's ids are, so that one that a spreadsheet rounded is a fault.
        like = replace(self._column, type=STRING, allowed=())
        parts = []
        for name in self._how.template_names:
            if (get := self._fields.one(name)) is None:
                return None
            plain = ColumnMapping.model_validate({"from": name})
            convert = converter(name, like, plain, self._source.zone, has_decimal_comma=False)
            parts.append((f"{{{name}}}", convert, get))
        whole = self.converter(template)

        def fill(row: Any) -> Any:
            text = template
            for placeholder, convert, get in parts:
                value = convert(get(row))
                if value is None:
                    return None
                text = text.replace(placeholder, value)
            return whole(text)

        return _itself, fill

    def _from_each(self) -> tuple[Getter, Converter] | None:
        pattern, item = self._how.from_each or "", self._how.item
        get = self._fields.each(pattern)
        if get is None:
            return None
        one = replace(self._column, type=STRING)
        converters: dict[str, Converter] = {}

        def collect(pairs: list[tuple[str, Any]] | None) -> list[str] | None:
            if pairs is None:
                return None
            items = []
            for star, found in pairs:
                convert = converters.get(star)
                if convert is None:
                    convert = converters[star] = self.converter(pattern.replace("*", star), one)
                if value := convert(found):
                    items.append(item.replace("{name}", star).replace("{value}", value))
            return items

        return get, collect


def _expected(column: Column) -> str:
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    return "an id" if column.name.endswith("_id") else described_type(column)


def _nothing(_: Any) -> None:
    return None


def _itself(row: Any) -> Any:
    return row
