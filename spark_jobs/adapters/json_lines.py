"""JSON lines: one JSON value on each line, decoded into typed structures.

Adapters of such dumps say what a line holds; here is how a line is read and how a fault in it
is worded. Structures name the fields they need and ignore the rest, which stays in ``raw``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, BinaryIO, Generic, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.faults import (
    CR_ALONE,
    EXPECTED_TEXT,
    IMPOSSIBLE_VALUE,
    MISSING_FIELD,
    NOT_JSON,
    NOT_UTF8,
    UNKNOWN_OBJECT,
    WRONG_TYPE,
    Fault,
    described,
    impossible,
)
from spark_jobs.adapters.lines import LONGEST_LINE, LineBlock, line_blocks
from spark_jobs.adapters.outcomes import (
    EARLIEST,
    LATEST,
    AcceptedBlock,
    Quarantined,
    Values,
    in_utc,
    printable,
)
from spark_jobs.tables.declaration import INSTANT, STRING

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Score = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

EMPTY_PAGE = "empty_page"
NESTED_TOO_DEEPLY = "values are nested too deeply"

_Decoded = TypeVar("_Decoded")
_Found = TypeVar("_Found")
_WHERE = re.compile(r" - at `(?:key in )?\$?\.?(.*)`$")
_MISSING = re.compile(r"Object missing required field `(.+?)`")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\."
)
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_NOTHING = object()
_EARLIEST, _LATEST = (pa.scalar(end, INSTANT) for end in (EARLIEST, LATEST))


@dataclass(frozen=True, slots=True)
class JsonBlock(Generic[_Decoded]):
    """Lines that are not blank, and what was decoded of each.

    ``faults`` are those of lines that could not be decoded, by place; in ``found`` something else
    stands for these.
    """

    positions: Sequence[int]
    raws: Values
    found: list[_Decoded]
    faults: dict[int, Fault]

    def outcome(self, table: str, columns: dict[str, Values]) -> AcceptedBlock:
        """The lines as records of a table with those values, or with their faults."""
        return AcceptedBlock(table, columns, self.positions, self.raws, faults=self.faults)


def read_json_blocks(
    stream: BinaryIO,
    first_line: int,
    decode: Callable[[bytes], _Decoded],
    nothing: _Decoded,
    decode_lines: Callable[[bytes], list[_Decoded] | None] | None = None,
) -> Iterator[JsonBlock[_Decoded]]:
    """Every line, many at a time. ``decode`` gets UTF-8 bytes and may raise Fault.

    ``nothing`` stands for what could not be decoded. ``decode_lines`` gets many lines with an
    object on each, or several: it gives what ``decode`` gives for each object, or None.
    """
    for block in line_blocks(stream, first_line):
        at_once = None
        if decode_lines is not None and block.is_sound and not block.is_cut:
            at_once = _at_once(block, decode_lines)
        yield at_once or _line_by_line(block, decode, nothing)


def _at_once(
    block: LineBlock, decode_lines: Callable[[bytes], list[_Decoded] | None]
) -> JsonBlock[_Decoded] | None:
    """A block of which each line is an object; None where one is not."""
    whole = pa.array([block.content], pa.binary()).view(STRING)
    raws = pc.ascii_trim_whitespace(pc.split_pattern(whole, "\n").flatten())
    # A line end may stand anywhere in an object but between a brace that closes and one that opens.
    if not pc.all(pc.and_(pc.starts_with(raws, "{"), pc.ends_with(raws, "}"))).as_py():
        return None
    found = decode_lines(block.content)
    if found is None or len(found) != len(raws):  # so there is one on each line
        return None
    return JsonBlock(range(block.number, block.number + len(raws)), raws, found, {})


def _line_by_line(
    block: LineBlock, decode: Callable[[bytes], _Decoded], nothing: _Decoded
) -> JsonBlock[_Decoded]:
    positions, contents, found = [], [], []
    faults = {}
    for number, content in _not_blank(block):
        try:
            _check(content, block)
            found.append(decode(content))
        except Fault as fault:
            faults[len(found)] = fault.alone()
            found.append(nothing)
        positions.append(number)
        contents.append(content)
    raws: Values = (
        pa.array(contents, pa.binary()).view(STRING)
        if block.is_sound
        else [printable(content) for content in contents]
    )
    return JsonBlock(positions, raws, found, faults)


def read_json_lines(
    stream: BinaryIO, first_line: int, outcomes_of: Callable[[int, bytes], Iterable[_Found]]
) -> Iterator[_Found | Quarantined]:
    """The outcomes of every line; ``outcomes_of`` gets its number and its UTF-8 bytes.

    A line that is not UTF-8 or too long is quarantined here. A ``Fault`` that ``outcomes_of``
    raises before its first outcome quarantines the whole line.
    """
    for block in line_blocks(stream, first_line):
        for number, content in _not_blank(block):
            try:
                _check(content, block)
                yield from outcomes_of(number, content)
            except Fault as fault:
                yield Quarantined(fault.reason, fault.detail, number, printable(content))


def _not_blank(block: LineBlock) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(block.contents, block.number):
        if content := line.strip():
            yield number, content


def _check(content: bytes, block: LineBlock) -> None:
    """Raise Fault where a line of a block cannot be read whole, or as text."""
    if block.is_cut:
        raise Fault(NOT_JSON, f"the line is longer than {LONGEST_LINE} bytes")
    if not block.is_sound:
        check_utf8(content)


def decoded(decoder: msgspec.json.Decoder[_Decoded], content: bytes) -> _Decoded:
    """``content`` as the decoder's type; raises Fault with reason, field and finding.

    Half of a surrogate pair, which some programs leave when they cut a text, becomes U+FFFD.
    """
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as error:
        raise _misfit(str(error), content) from error
    except RecursionError as error:
        raise Fault(NOT_JSON, NESTED_TOO_DEEPLY) from error
    except msgspec.DecodeError as error:
        repaired = _ESCAPE.sub(_paired, content)
        if repaired == content:
            raise _not_json(error, content) from error
    return decoded(decoder, repaired)


def check_utf8(content: bytes) -> None:
    """Raise Fault, naming the first byte that is not UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        where = f"byte 0x{content[error.start]:02x} at offset {error.start} of the line"
        raise Fault(NOT_UTF8, f"{where}: {error.reason}; {EXPECTED_TEXT}") from error


def clean(text: str | None) -> str | None:
    """A text, or null where it is empty. NUL, which not every store holds, becomes U+FFFD."""
    if text and "\x00" in text:
        return text.replace("\x00", "�")
    return text or None


def cleaned(texts: Iterable[str | None]) -> pa.Array:
    """The same of many texts."""
    found = pc.replace_substring(pa.array(texts, STRING), "\x00", "�")
    return pc.if_else(pc.equal(pc.binary_length(found), 0), None, found)


def instant(field: str, moment: datetime | None) -> datetime | None:
    """A time in UTC, which one without a zone is in; raises Fault where it cannot be true."""
    if moment is None:
        return None
    try:
        return in_utc(moment, UTC)
    except ValueError as error:
        raise impossible(field, moment.isoformat(), "a time between 1990 and 2200") from error


def instants(field: str, moments: list[datetime | None], faults: dict[int, Fault]) -> pa.Array:
    """The same of many times; adds the faults of those that cannot be true, by place."""
    found = pa.array(moments, INSTANT)
    is_possible = pc.and_(pc.greater_equal(found, _EARLIEST), pc.less(found, _LATEST))
    for row in pc.indices_nonzero(pc.invert(is_possible)).to_pylist():
        try:
            instant(field, moments[row])
        except Fault as fault:
            faults.setdefault(row, fault.alone())
    return found


def bytes_of(part: msgspec.Raw) -> bytes:
    """The JSON of a part; empty where the part is absent or null."""
    content = bytes(part)
    return b"" if content == b"null" else content


def elements(content: bytes) -> list[bytes]:
    """The JSON of each element of an array; raises Fault where there is none, or it is no array."""
    found = decoded(_ELEMENTS, content)
    if not found:
        raise Fault(EMPTY_PAGE, "found a list of nothing")
    return [bytes(each) for each in found]


def unknown_object(content: bytes, expected: str) -> Fault:
    """The fault of JSON that is sound but is not what the source delivers."""
    return Fault(UNKNOWN_OBJECT, f"found {described(_json(content))}, expected {expected}")


def _paired(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape["lone"] else escape[0]


def _misfit(message: str, content: bytes) -> Fault:
    where = _WHERE.search(message)
    field = where[1] if where else ""
    expected = message[: where.start()] if where else message
    if absent := _MISSING.match(expected):
        name = f"{field}.{absent[1]}" if field else absent[1]
        return Fault(MISSING_FIELD, f"{name}: nothing found, expected a value")
    found = _value_at(_json(content), field)
    if not field and not isinstance(found, dict):
        return Fault(UNKNOWN_OBJECT, f"found {described(found)}, expected an object")
    reason = WRONG_TYPE if ", got `" in expected else IMPOSSIBLE_VALUE
    finding = "a value" if found is _NOTHING else described(found)
    expected = expected.split(", got `")[0].removeprefix("Expected ").replace("`", "")
    return Fault(reason, f"{field or 'line'}: found {finding}, expected {expected}")


def _json(content: bytes) -> Any:
    """The whole value, to tell what was found; lenient where only the wording depends on it.

    Raises Fault where it is not JSON after all: decoding stops at the first misfit.
    """
    try:
        return json.loads(content)
    except ValueError as error:
        raise _not_json(error, content) from error
    except RecursionError as error:
        raise Fault(NOT_JSON, NESTED_TOO_DEEPLY) from error


def _not_json(error: Exception, content: bytes) -> Fault:
    return Fault(NOT_JSON, str(error) + (CR_ALONE if b"\r" in content else ""))


def _value_at(value: Any, field: str) -> Any:
    """The value at a path such as ``entities.urls[0].url``, where it can be found."""
    for step in _STEP.finditer(field):
        try:
            value = value[int(step[2])] if step[2] else value[step[1]]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return value
