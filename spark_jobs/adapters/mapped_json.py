"""Rows of JSON lines for a mapping.

Of each line the fields are decoded that the mapping names, many lines at once; what is in a field
is found as ``json_fields`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

import msgspec

from spark_jobs.adapters.faults import UNKNOWN_OBJECT, Fault, described
from spark_jobs.adapters.json_fields import JsonFields, StructureFields, Unmapped
from spark_jobs.adapters.json_lines import decoded, read_json_blocks
from spark_jobs.adapters.mapped_tables import MappedRows, RowsReader
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.unmapped import NO_KEY, RecordDecoder
from spark_jobs.mappings.language import Mapping
from spark_jobs.sources import Source

_ANYTHING = msgspec.json.Decoder(Any)
_NUL_ESCAPE = b"\\u0000"
_ESCAPE = re.compile(rb"\\(?:u0000|.)", re.DOTALL)


def read_mapped_json(
    stream: BinaryIO, source: Source, passage: Passage, mapping: Mapping
) -> Iterator[Outcome]:
    """The outcomes of every line."""
    unmapped = Unmapped(mapping, passage)
    rows: _Objects | _Structures
    if unmapped.patterns or any(map(NO_KEY.search, unmapped.mapped)):
        rows = _Objects(unmapped)
    else:
        rows = _Structures(unmapped, passage)
    reader = RowsReader(mapping, source, rows.fields, has_decimal_comma=False)
    for block in read_json_blocks(
        stream, passage.first_line, rows.decode, rows.nothing, rows.decode_lines
    ):
        yield from reader.outcomes(
            MappedRows(block.found, block.positions, block.raws), block.faults
        )


class _Objects:
    """Rows as dictionaries, where a mapping reads names that are not known before."""

    def __init__(self, unmapped: Unmapped) -> None:
        self.fields = JsonFields()
        self.nothing: Any = {}
        self._unmapped = unmapped

    def decode(self, content: bytes) -> Any:
        row = decoded(_ANYTHING, _without_nul(content))
        if not isinstance(row, dict):
            raise Fault(UNKNOWN_OBJECT, f"found {described(row)}, expected an object")
        self._unmapped.note(row)
        return row

    def decode_lines(self, _: bytes) -> list[Any] | None:
        return None


class _Structures:
    """Rows as structures of the fields that are mapped, which costs half as much."""

    def __init__(self, unmapped: Unmapped, passage: Passage) -> None:
        structure = _structure_of(tuple(unmapped.mapped))
        self.fields = StructureFields(structure)
        self.nothing: Any = structure()
        self._decoder = RecordDecoder(structure, passage)
        self._unmapped = unmapped
        inner = (name for name, names in unmapped.mapped.items() if names)
        self._inner = [(name, self.fields.first(name)) for name in inner]

    def decode(self, content: bytes) -> Any:
        row = self._decoder.decode(_without_nul(content))
        self._note_inner([row])
        return row

    def decode_lines(self, content: bytes) -> list[Any] | None:
        rows = None if _NUL_ESCAPE in content else self._decoder.decode_lines(content)
        self._note_inner(rows or ())
        return rows

    def _note_inner(self, rows: Sequence[Any]) -> None:
        for name, get in self._inner:
            self._unmapped.note_inner(name, map(get, rows))


@lru_cache(maxsize=64)
def _structure_of(names: tuple[str, ...]) -> type[msgspec.Struct]:
    """A structure with fields of these names, of any type."""
    members = [
        (f"field_{number}", Any, msgspec.field(name=name, default=None))
        for number, name in enumerate(names)
    ]
    return msgspec.defstruct("Row", members, gc=False)


def _without_nul(content: bytes) -> bytes:
    """JSON with U+FFFD for each NUL that is escaped in it."""
    if _NUL_ESCAPE not in content:
        return content
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found[0] == _NUL_ESCAPE else found[0], content)
