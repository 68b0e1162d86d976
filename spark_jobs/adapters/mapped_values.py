"""From one value of an export to one canonical value, as a mapping and the column's type say.

A converter is made once for each mapped column, so that nothing is looked up for each record. It
takes what the format found: a text, or whatever JSON and Parquet hold, which is in
``typed_values``. How converters are put together to records is in ``mapped_tables``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from spark_jobs.adapters import values
from spark_jobs.adapters.faults import Fault, described
from spark_jobs.adapters.html_text import shown, unescaped
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
    item = _string(field, column, how)
    of_text = _of_text(field, column, how, zone, has_decimal_comma)
    epochs = tuple(_PER_SECOND[each] for each in how.formats if each in _PER_SECOND)
    patterns = tuple(each for each in how.formats if "%" in each)
    target = Target(field, column, zone, of_text, item, epochs, patterns)

    def convert(found: Any) -> Any:
        return of_text(found) if type(found) is str else read_typed(target, found)

    result: Converter = _with_stand_ins(how.values, convert) if how.values else convert
    return _discreet(result) if column.is_personal else result


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
) -> Callable[[str], Any]:
    """The reader of the column's type for values that are written as text."""
    if column.type == INSTANT:
        return _first_fit(
            how.formats, [_instant(field, each, zone) for each in how.formats or (ISO,)]
        )
    if column.type == DATE:
        return _first_fit(how.formats, [_day(field, each) for each in how.formats or (ISO,)])
    if column.type == MONEY:
        return partial(values.amount, field, has_decimal_comma)
    if column.type == NUMBER:
        return partial(values.number, field, has_decimal_comma)
    if column.type == INTEGER:
        return partial(values.integer, field, column.minimum, column.maximum)
    if column.type == BOOLEAN:
        if not how.true_words:
            return partial(values.boolean, field)
        words = dict.fromkeys(how.true_words, True) | dict.fromkeys(how.false_words, False)
        return lambda text: values.boolean(field, text, words)
    item = _string(field, column, how)
    return _list(item, how.separator) if column.type == STRINGS else item


def _instant(field: str, pattern: str, zone: tzinfo) -> Callable[[str], datetime | None]:
    if pattern == ISO:
        return partial(values.iso_instant, field, zone)
    if pattern in _PER_SECOND:
        return partial(values.epoch_instant, field, _PER_SECOND[pattern])
    return partial(values.pattern_instant, field, pattern, zone)


def _day(field: str, pattern: str) -> Callable[[str], date | None]:
    if pattern == ISO:
        return partial(values.iso_day, field)
    if pattern in _PER_SECOND:
        read = partial(values.epoch_instant, field, _PER_SECOND[pattern])
        return lambda text: (moment := read(text)) and moment.date()
    return partial(values.pattern_day, field, pattern)


def _first_fit(
    formats: tuple[str, ...], readers: list[Callable[[str], Any]]
) -> Callable[[str], Any]:
    """What the first reader that fits says; the fault of the first where none does."""
    first, *others = readers
    if not others:
        return first

    def read(text: str) -> Any:
        try:
            return first(text)
        except Fault as fault:
            for other in others:
                try:
                    return other(text)
                except Fault:
                    continue
            detail = f"{fault.detail}, or as {', '.join(formats[1:])}"
            raise Fault(fault.reason, detail) from None

    return read


def _string(field: str, column: Column, how: ColumnMapping) -> Callable[[str], str | None]:
    """A text, an id, a code or a choice, without what the mapping takes away."""
    read: Callable[[str], str | None] = values.plain
    if how.is_whole_number:
        read = partial(values.whole_number, field)
    elif column.name.endswith(("_id", "_ids")):
        read = partial(values.identifier, field)
    elif column.allowed:
        read = partial(values.choice, field, column.allowed)
    elif how.letters:
        read = partial(values.code, field, how.letters)
    steps: list[Callable[[str], str]] = []
    if how.html:
        steps.append(lambda text: shown(text).text)
    elif how.unescape:
        steps.append(unescaped)
    steps += [str.lower] * how.lower + [str.upper] * how.upper
    steps += [_without(prefix) for prefix in how.without_prefixes]
    if not steps:
        return read

    def read_and_change(text: str) -> str | None:
        found = read(text)
        for step in steps if found else ():
            found = step(found or "")
        return found or None

    return read_and_change


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
