"""Rows of JSON lines for a mapping, and paths into what JSON holds.

A path is names with points between them, ``author.name``, or a JSON pointer (RFC 6901),
``/author/name``; a number is a place in an array. A path that leads through anything but an object
or an array is a fault; one that ends early finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from spark_jobs.adapters.column_readers import Getter
from spark_jobs.adapters.csv_rows import star_of
from spark_jobs.adapters.faults import UNKNOWN_OBJECT, Fault, described, mistyped
from spark_jobs.adapters.json_lines import decoded, read_json_blocks
from spark_jobs.adapters.mapped_tables import MappedRows, RowsReader, fields_read
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.unmapped import note_unmapped
from spark_jobs.mappings.language import Mapping
from spark_jobs.sources import Source

_ANYTHING = msgspec.json.Decoder(Any)
_NUL = re.compile(rb"\\(?:u0000|.)", re.DOTALL)


class JsonFields:
    """The fields of rows that are JSON objects."""

    def one(self, name: str) -> Getter | None:
        """See ``Fields``."""
        first, *steps = path_of(name)
        if not steps:
            return lambda row: row.get(first)

        def find(row: dict[str, Any]) -> Any:
            value = row.get(first)
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


class Unmapped:
    """Notes the names of fields that a mapping leaves in ``raw``."""

    def __init__(self, mapping: Mapping, passage: Passage) -> None:
        required, others, self._patterns = fields_read(mapping)
        self._mapped: dict[str, Any] = {}
        for path in map(path_of, (*required, *others)):
            inner = self._mapped
            for step in path:
                inner = inner.setdefault(step, {})
        self._passage = passage
        self._seen: set[tuple[str, ...]] = set()

    def note(self, row: dict[str, Any]) -> None:
        """Note those of one row; rows with the same names are looked at once."""
        names = tuple(row)
        if names not in self._seen:
            self._seen.add(names)
            note_unmapped(self._passage, self._unmapped(row, self._mapped, ""))

    def _unmapped(self, row: dict[str, Any], mapped: dict[str, Any], start: str) -> Iterator[str]:
        for name, value in row.items():
            if name not in mapped:
                if start or not any(star_of(each, name) for each in self._patterns):
                    yield start + name
            elif mapped[name] and isinstance(value, dict):
                yield from self._unmapped(value, mapped[name], f"{start}{name}.")


def path_of(name: str) -> list[str]:
    """The steps of a path."""
    if name.startswith("/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in name[1:].split("/")]
    return name.split(".")


def read_mapped_json(
    stream: BinaryIO, source: Source, passage: Passage, mapping: Mapping
) -> Iterator[Outcome]:
    """The outcomes of every line."""
    reader = RowsReader(mapping, source, JsonFields(), has_decimal_comma=False)
    unmapped = Unmapped(mapping, passage)

    def row_of(content: bytes) -> dict[str, Any]:
        if b"\\u0000" in content:
            row = decoded(_ANYTHING, _NUL.sub(_without_nul, content))
        else:
            row = decoded(_ANYTHING, content)
        if not isinstance(row, dict):
            raise Fault(UNKNOWN_OBJECT, f"found {described(row)}, expected an object")
        unmapped.note(row)
        return row

    nothing: dict[str, Any] = {}
    for block in read_json_blocks(stream, passage.first_line, row_of, nothing):
        yield from reader.outcomes(
            MappedRows(block.found, block.positions, block.raws), block.faults
        )


def _without_nul(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[0] == b"\\u0000" else escape[0]
