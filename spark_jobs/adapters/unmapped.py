"""Names of the fields that adapters leave in ``raw``, so that a new field does not go unnoticed.

Names come from outside: their number and length are bounded, and one that does not look like the
name of a field, such as an e-mail address that somebody made a key, is told by its length only.

Ignoring unknown fields is what a decoder is fast at; naming them is not. So a decoder here refuses
them, and learns: the first record with a name that it does not know is decoded again without
refusing, its names are noted, and a structure that takes them as raw JSON serves from then on, in
the order of that record, which is the order that decoding is fastest in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec

from spark_jobs.adapters.json_lines import decoded
from spark_jobs.adapters.outcomes import Passage

MOST_NAMES = 200
LONGEST_NAME = 80

_NAME = re.compile(r"[\w .:$/#-]{1,80}")
NO_KEY = re.compile(r"[\x00-\x1f\"\\]")
"""What names that msgspec takes for fields of a structure do not have in them."""
_PLAIN = frozenset([b"n", b"t", b"f", *(b"%d" % digit for digit in range(10))])
"""How null, true, false and numbers begin."""
_NAMES = msgspec.json.Decoder(dict[str, msgspec.Raw])

_Record = TypeVar("_Record", bound=msgspec.Struct)


def note_unmapped(passage: Passage, names: Iterable[str]) -> None:
    """Add names of unmapped fields to what a passage knows, as far as there is room."""
    found = passage.unmapped_fields
    for name in names:
        if len(found) >= MOST_NAMES:
            return
        found.add(name if _NAME.fullmatch(name) else f"(a name of {len(name)} characters)")


class RecordDecoder(Generic[_Record]):
    """Decodes the records of one passage as ``structure``, and notes what that does not name."""

    def __init__(self, structure: type[_Record], passage: Passage) -> None:
        self._passage = passage
        self._structure = structure
        self._mapped = encoded_names(structure)
        self._learned: dict[str, bool] = {}
        self._lenient = msgspec.json.Decoder(structure)
        self._decoder = _strict_decoder(structure, ())

    def decode(self, content: bytes) -> _Record:
        """``content`` as the structure; raises Fault with reason, field and finding."""
        record = self.decode_known(content)
        if record is None:
            record = decoded(self._lenient, content)
            self._learn(decoded(_NAMES, content))
        return record

    def decode_known(self, content: bytes) -> _Record | None:
        """The same; None where it has a fault or a name that was not seen before."""
        try:
            record: _Record = self._decoder.decode(content)
        except (msgspec.DecodeError, RecursionError):
            return None
        return record

    def decode_lines(self, content: bytes) -> list[_Record] | None:
        """Every value of some lines as the structure; None where one has a fault or a new name.

        A line may have several values, and a value several lines.
        """
        try:
            records: list[_Record] = self._decoder.decode_lines(content)
        except (msgspec.DecodeError, RecursionError):
            return None
        return records

    def _learn(self, parts: dict[str, msgspec.Raw]) -> None:
        unmapped = [name for name in parts if name not in self._mapped]
        note_unmapped(self._passage, unmapped)
        if len(self._passage.unmapped_fields) >= MOST_NAMES:
            self._decoder = self._lenient
        elif not self._learned.keys() >= set(unmapped):
            found = {name: bytes(part)[:1] in _PLAIN for name, part in parts.items()}
            self._learned = {**found, **self._learned, **found}
            keys = tuple(pair for pair in self._learned.items() if not NO_KEY.search(pair[0]))
            self._decoder = _strict_decoder(self._structure, keys)


def encoded_names(structure: type[msgspec.Struct]) -> frozenset[str]:
    """The names that the fields of a structure have in JSON."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(structure))


@lru_cache(maxsize=256)
def _strict_decoder(
    structure: type[_Record], names: tuple[tuple[str, bool], ...]
) -> msgspec.json.Decoder[_Record]:
    """A decoder that takes the fields of a structure and those names, and refuses all others.

    A null or a number costs less to read than to keep as raw JSON: with each name comes whether
    its value was one.
    """
    fields = {field.encode_name: field for field in msgspec.structs.fields(structure)}
    members: list[tuple[str, Any, Any]] = []
    is_plain = dict(names)
    for number, name in enumerate(dict.fromkeys([*is_plain, *fields])):
        if mapped := fields.get(name):
            members.append((mapped.name, mapped.type, _default_of(mapped)))
        else:
            default = msgspec.field(default=msgspec.Raw(), name=name)
            kind = Any if is_plain[name] else msgspec.Raw
            members.append((f"unmapped_{number}", kind, default))
    strict = msgspec.defstruct(
        structure.__name__,
        members,
        bases=(structure,),
        forbid_unknown_fields=True,
        gc=False,
        kw_only=True,
    )
    return msgspec.json.Decoder(cast(type[_Record], strict))


def _default_of(field: msgspec.structs.FieldInfo) -> Any:
    """What a field is where a record lacks it, with its name in JSON."""
    if field.required:
        return msgspec.field(name=field.encode_name)
    if field.default_factory is not msgspec.NODEFAULT:
        return msgspec.field(default_factory=field.default_factory, name=field.encode_name)
    return msgspec.field(default=field.default, name=field.encode_name)
