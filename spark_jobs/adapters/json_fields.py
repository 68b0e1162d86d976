"""Paths into what rows of JSON and Parquet hold, and the names in them that no mapping reads.

A path is names with points between them, ``author.name``, or a JSON pointer (RFC 6901),
``/author/name``; a number is a place in an array. A path that leads through anything but an object
or an array is a fault; one that ends early finds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

import msgspec

from spark_jobs.adapters.column_readers import Getter
from spark_jobs.adapters.csv_rows import star_of
from spark_jobs.adapters.faults import mistyped
from spark_jobs.adapters.mapped_tables import fields_read
from spark_jobs.adapters.outcomes import Passage
from spark_jobs.adapters.unmapped import note_unmapped
from spark_jobs.mappings.language import Mapping


class JsonFields:
    """The fields of rows that are JSON objects."""

    def one(self, name: str) -> Getter | None:
        """See ``Fields``."""
        first, *steps = path_of(name)
        get = self.first(first)
        if not steps:
            return get

        def find(row: Any) -> Any:
            value = get(row)
            for number, step in enumerate(steps, 1):
                if isinstance(value, dict):
                    value = value.get(step)
                elif isinstance(value, list) and step.isdecimal():
                    value = value[int(step)] if int(step) < len(value) else None
                elif value is None:
                    return None
                else:
                    where = ".".join([first, *steps][:number])
                    raise mistyped(where, value, f"an object with {step}")
            return value

        return find

    def first(self, name: str) -> Getter:
        """Finds the value of a name."""
        return lambda row: row.get(name)

    def column(self, _name: str) -> int | None:
        """See ``Fields``."""
        return None

    def each(self, pattern: str) -> Getter | None:
        """See ``Fields``."""

        def pairs(row: dict[str, Any]) -> list[tuple[str, Any]] | None:
            found = [
                (star, value)
                for name, value in row.items()
                if (star := star_of(pattern, name)) is not None
            ]
            return found or None

        return pairs


class StructureFields(JsonFields):
    """The fields of rows that are a structure, which has all of them that are mapped."""

    def __init__(self, structure: type[msgspec.Struct]) -> None:
        self._getters = {
            field.encode_name: attrgetter(field.name) for field in msgspec.structs.fields(structure)
        }

    def first(self, name: str) -> Getter:
        """Finds the value of a name."""
        return self._getters[name]


class Unmapped:
    """Notes the names of fields that a mapping leaves in ``raw``."""

    def __init__(self, mapping: Mapping, passage: Passage) -> None:
        required, others, self.patterns = fields_read(mapping)
        self.mapped: dict[str, Any] = {}
        for path in map(path_of, (*required, *others)):
            inner = self.mapped
            for step in path:
                inner = inner.setdefault(step, {})
        self._passage = passage
        self._seen: set[tuple[str, ...]] = set()

    def note(self, row: dict[str, Any]) -> None:
        """Note those of one row; rows with the same names are looked at once."""
        names = tuple(row)
        if names not in self._seen:
            self._seen.add(names)
            note_unmapped(self._passage, self._unmapped(row, self.mapped, ""))

    def note_inner(self, name: str, values: Iterable[Any]) -> None:
        """Note those in the values of one field; values with the same names are looked at once."""
        for value in values:
            if isinstance(value, dict) and (names := (name, *value)) not in self._seen:
                self._seen.add(names)
                found = self._unmapped(value, self.mapped[name], f"{name}.")
                note_unmapped(self._passage, found)

    def _unmapped(self, row: dict[str, Any], mapped: dict[str, Any], start: str) -> Iterator[str]:
        for name, value in row.items():
            if name not in mapped:
                if start or not any(star_of(each, name) for each in self.patterns):
                    yield start + name
            elif mapped[name] and isinstance(value, dict):
                yield from self._unmapped(value, mapped[name], f"{start}{name}.")


def path_of(name: str) -> list[str]:
    """The steps of a path."""
    if name.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/")]
    return name.split(".")
