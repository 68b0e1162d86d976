"""Where the values of one mapped column come from: a field, several, a template, a pattern.

A column is bound to the fields of a file, which gives a getter and a converter for each of its
values. What a single value may be is in ``mapped_values``; what columns make together, in
``mapped_tables``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from spark_jobs.adapters.faults import Fault, missing
from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.mapped_values import Converter, converter, text_reader
from spark_jobs.adapters.text_readers import TextReader
from spark_jobs.adapters.value_readers import ValueReader
from spark_jobs.mappings.language import EPOCH_SECONDS, ColumnMapping, described_type
from spark_jobs.sources import Source
from spark_jobs.tables.declaration import INSTANT, STRING, Column

Getter = Callable[[Any], Any]
"""Finds a value, None for none, in what the format calls a row."""
TextGetter = Callable[[Any], tuple[str | None, list[str]]]
"""Finds a text in a row, and the links that its markup hides."""


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

    def converter(self, field: str, column: Column | None = None, **changes: Any) -> Converter:
        """The converter of a field to the column, or to another one like it."""
        how = self._how.model_copy(update=changes) if changes else self._how
        comma = self._has_decimal_comma
        return converter(
            field, column or self._column, how, self._source.zone, has_decimal_comma=comma
        )

    def texts(self) -> tuple[int, TextReader] | None:
        """The column of texts that alone holds its values, and their reader, if there is one."""
        name = self._only_name()
        number = None if name is None else self._fields.column(name)
        if name is None or number is None:
            return None
        reader = self._text_reader(name)
        return number, reader.required(self._missing) if self._is_required else reader

    def values(self) -> tuple[Getter, ValueReader] | None:
        """How to find the field that alone holds its values, and their reader, if there is one."""
        name = self._only_name()
        get = None if name is None else self._fields.one(name)
        if name is None or get is None:
            return None
        how, column = self._how, self._column
        is_epoch = column.type == INSTANT and how.formats[:1] == (EPOCH_SECONDS,)
        reader = ValueReader(
            column, self.converter(name), self._text_reader(name), bool(how.values), is_epoch
        )
        return get, reader.required(self._missing) if self._is_required else reader

    @property
    def _is_required(self) -> bool:
        return self._how.required or self._column.required

    def _only_name(self) -> str | None:
        """The field that alone holds its values; None where none or several do."""
        found = [name for name in self._how.names if self._fields.one(name) is not None]
        return found[0] if len(found) == 1 else None

    def _text_reader(self, name: str) -> TextReader:
        comma = self._has_decimal_comma
        return text_reader(
            name, self._column, self._how, self._source.zone, has_decimal_comma=comma
        )

    def _missing(self) -> Fault:
        how = self._how
        field = " or ".join(how.names) or how.template or ", ".join(how.any_of)
        return missing(field, _expected(self._column))

    def pair(self) -> tuple[Converter, Getter] | None:
        """How to find and convert its values; None where no row has any."""
        how = self._how
        pair = (
            self._from_each()
            if how.from_each
            else self._template()
            if how.template
            else self._any_of()
            if how.any_of
            else self._paragraphs()
            if how.paragraphs
            else self._first_of()
        )
        if not self._is_required:
            return pair
        convert, get = pair or (_nothing, _itself)

        def convert_required(found: Any) -> Any:
            value = convert(found)
            if value is None:
                raise self._missing()
            return value

        return convert_required, get

    def text(self) -> TextGetter:
        """How to find a text, and the links that its markup hides."""
        how = self._how
        parts = [
            (self.converter(name, html=False, unescape=how.unescape and not how.html), get)
            for name in how.paragraphs or how.names
            if (get := self._fields.one(name)) is not None
        ]
        names = " or ".join(how.paragraphs or how.names)
        if how.template:
            pair = self._template()
            parts = [pair] if pair else []

        def find(row: Any) -> tuple[str | None, list[str]]:
            found: list[str] = []
            linked: list[str] = []
            for convert, get in parts:
                written = convert(get(row))
                if written and how.html:
                    content = shown(written)
                    written = content.text
                    linked += content.links
                if written:
                    found.append(written)
                    if not how.paragraphs:
                        break
            if self._is_required and not found:
                raise missing(names, "a text")
            return "\n\n".join(found) or None, linked

        return find

    def _first_of(self) -> tuple[Converter, Getter] | None:
        found = [
            (self.converter(name), get)
            for name in self._how.names
            if (get := self._fields.one(name)) is not None
        ]
        if len(found) < 2:
            return found[0] if found else None

        def first(row: Any) -> Any:
            values = (convert(get(row)) for convert, get in found)
            return next((value for value in values if value is not None), None)

        return first, _itself

    def _paragraphs(self) -> tuple[Converter, Getter]:
        find = self.text()
        return (lambda row: find(row)[0]), _itself

    def _any_of(self) -> tuple[Converter, Getter] | None:
        found = [
            (self.converter(name), get)
            for name in self._how.any_of
            if (get := self._fields.one(name)) is not None
        ]

        def any_of(row: Any) -> bool | None:
            values = [convert(get(row)) for convert, get in found]
            return True if True in values else False if False in values else None

        return (any_of, _itself) if found else None

    def _template(self) -> tuple[Converter, Getter] | None:
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

        return fill, _itself

    def _from_each(self) -> tuple[Converter, Getter] | None:
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

        return collect, get


def _expected(column: Column) -> str:
    if column.allowed:
        return f"one of {', '.join(column.allowed)}"
    return "an id" if column.name.endswith("_id") else described_type(column)


def _nothing(_: Any) -> None:
    return None


def _itself(row: Any) -> Any:
    return row
