"""From one value of an export to one canonical value, as a mapping and the column's type say.

A converter is made once for each mapped column, so that nothing is looked up for each record. It
takes what the format found: a text, or whatever JSON and Parquet hold, which is in
``typed_values``. How converters are put together to records is in ``mapped_tables``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import Any

from spark_jobs.adapters import values
from spark_jobs.adapters.faults import Fault, described
from spark_jobs.adapters.html_text import shown, unescaped
from spark_jobs.adapters.text_readers import (
    TextReader,
    amounts,
    identifiers,
    iso_instants,
    plain_texts,
    whole_numbers,
)
from spark_jobs.adapters.typed_values import Target, read_typed
from spark_jobs.mappings.language import (
    EPOCH_MILLISECONDS,
    EPOCH_SECONDS,
    ISO,
    ColumnMapping,
)
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
)

Converter = Callable[[Any], Any]
"""From what was found to a canonical value, None for none; raises Fault."""

_PER_SECOND = {EPOCH_SECONDS: 1, EPOCH_MILLISECONDS: 1_000}


def converter(
    field: str, column: Column, how: ColumnMapping, zone: tzinfo, *, has_decimal_comma: bool
) -> Converter:
    """The converter of one field to one column.

    Args:
        field: name or path of the field, as faults call it.
        column: what it fills.
        how: what the mapping says of it.
        zone: of times that name none.
        has_decimal_comma: whether numbers may be written with one.
    """
    item = _string(field, column, how).one
    of_text = _of_text(field, column, how, zone, has_decimal_comma).one
    epochs = tuple(_PER_SECOND[each] for each in how.formats if each in _PER_SECOND)
    patterns = tuple(each for each in how.formats if "%" in each)
    target = Target(field, column, zone, of_text, item, epochs, patterns)

    def convert(found: Any) -> Any:
        return of_text(found) if type(found) is str else read_typed(target, found)

    result: Converter = _with_stand_ins(how.values, convert) if how.values else convert
    return _discreet(result) if column.is_personal else result


def text_reader(
    field: str, column: Column, how: ColumnMapping, zone: tzinfo, *, has_decimal_comma: bool
) -> TextReader:
    """The same converter for fields that are always texts, also for many at a time."""
    of_text = _of_text(field, column, how, zone, has_decimal_comma)
    convert = converter(field, column, how, zone, has_decimal_comma=has_decimal_comma)
    return replace(of_text, one=convert, kernel=None if how.values else of_text.kernel)


def _with_stand_ins(stand_ins: Mapping[str, Any], convert: Converter) -> Converter:
    """A converter that reads other values in the place of some."""

    def convert_stand_in(found: Any) -> Any:
        key = str(found).strip().lower() if isinstance(found, str | bool | int) else ""
        if key not in stand_ins:
            return convert(found)
        other = stand_ins[key]
        return convert(other if isinstance(other, bool | None) else str(other))

    return convert_stand_in


def _discreet(convert: Converter) -> Converter:
    """A converter whose faults do not show what was found: it is personal."""

    def convert_discreetly(found: Any) -> Any:
        try:
            return convert(found)
        except Fault as fault:
            bare = found.strip() if isinstance(found, str) else found
            hidden = f"a value of {len(str(bare))} characters"
            raise Fault(fault.reason, fault.detail.replace(described(bare), hidden)) from None

    return convert_discreetly


def _of_text(
    field: str, column: Column, how: ColumnMapping, zone: tzinfo, has_decimal_comma: bool
) -> TextReader:
    """The reader of the column's type for values that are written as text."""
    if column.type == INSTANT:
        return _first_fit(
            how.formats, [_instant(field, each, zone) for each in how.formats or (ISO,)]
        )
    if column.type == DATE:
        return _first_fit(how.formats, [_day(field, each) for each in how.formats or (ISO,)])
    if column.type == MONEY:
        return amounts(field, has_decimal_comma)
    if column.type == NUMBER:
        return TextReader(partial(values.number, field, has_decimal_comma), NUMBER)
    if column.type == INTEGER:
        bounds = column.minimum, column.maximum
        return TextReader(partial(values.integer, field, *bounds), INTEGER)
    if column.type == BOOLEAN:
        if not how.true_words:
            return TextReader(partial(values.boolean, field), BOOLEAN)
        words = dict.fromkeys(how.true_words, True) | dict.fromkeys(how.false_words, False)
        return TextReader(lambda text: values.boolean(field, text, words), BOOLEAN)
    item = _string(field, column, how)
    if column.type == STRINGS:
        return TextReader(_list(item.one, how.separator), STRINGS)
    return item


def _instant(field: str, pattern: str, zone: tzinfo) -> TextReader:
    if pattern == ISO:
        return iso_instants(field, zone)
    if pattern in _PER_SECOND:
        return TextReader(partial(values.epoch_instant, field, _PER_SECOND[pattern]), INSTANT)
    return TextReader(partial(values.pattern_instant, field, pattern, zone), INSTANT)


def _day(field: str, pattern: str) -> TextReader:
    if pattern == ISO:
        return TextReader(partial(values.iso_day, field), DATE)
    if pattern in _PER_SECOND:
        read = partial(values.epoch_instant, field, _PER_SECOND[pattern])
        return TextReader(lambda text: (moment := read(text)) and moment.date(), DATE)
    return TextReader(partial(values.pattern_day, field, pattern), DATE)


def _first_fit(formats: tuple[str, ...], readers: list[TextReader]) -> TextReader:
    """What the first reader that fits says; the fault of the first where none does."""
    first, *others = readers
    if not others:
        return first

    def read(text: str) -> Any:
        try:
            return first.one(text)
        except Fault as fault:
            for other in others:
                try:
                    return other.one(text)
                except Fault:
                    continue
            detail = f"{fault.detail}, or as {', '.join(formats[1:])}"
            raise Fault(fault.reason, detail) from None

    return replace(first, one=read)  # what the first is sure of, no other is asked


def _string(field: str, column: Column, how: ColumnMapping) -> TextReader:
    """A text, an id, a code or a choice, without what the mapping takes away."""
    reader = plain_texts()
    if how.is_whole_number:
        reader = whole_numbers(field)
    elif column.name.endswith(("_id", "_ids")):
        reader = identifiers(field)
    elif column.allowed:
        reader = TextReader(partial(values.choice, field, column.allowed), STRING)
    elif how.letters:
        reader = TextReader(partial(values.code, field, how.letters), STRING)
    steps: list[Callable[[str], str]] = []
    if how.html:
        steps.append(lambda text: shown(text).text)
    elif how.unescape:
        steps.append(unescaped)
    steps += [str.lower] * how.lower + [str.upper] * how.upper
    steps += [_without(prefix) for prefix in how.without_prefixes]
    if not steps:
        return reader

    def read_and_change(text: str) -> str | None:
        found = reader.one(text)
        for step in steps if found else ():
            found = step(found or "")
        return found or None

    return TextReader(read_and_change, STRING)


def _without(prefix: str) -> Callable[[str], str]:
    return lambda text: text.removeprefix(prefix)


def _list(
    read: Callable[[str], str | None], separator: str | None
) -> Callable[[str], list[str] | None]:
    def read_list(text: str) -> list[str] | None:
        if not text.strip():
            return None
        parts = text.split(separator) if separator else [text]
        return [found for part in parts if (found := read(part)) is not None]

    return read_list
