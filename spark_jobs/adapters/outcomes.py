"""What an adapter makes of a delivery: accepted records and quarantined ones, nothing else.

An adapter is a module with three names:

``SPLITTABLE``
    whether a file may be cut at line ends and its pieces read apart;
``TABLES``
    names of the bronze tables that its records belong to;
``read(stream, source, passage)``
    a generator over an open binary stream that yields one outcome for each record it finds, or
    one for a block of them. It never raises on content: whatever cannot be read becomes a
    ``Quarantined``. Names of fields that it leaves in ``raw`` go to ``passage.unmapped_fields``.

Where what it says depends on the source, it has functions of the source too: ``tables_of``,
``is_splittable``, and ``is_binary``, whether files are no text (see ``registry``).

Streams of text are UTF-8, whatever the file was: see ``spark_jobs.opening``. Blank lines are not
records. No Spark here: adapters run on any stream of bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias

import numpy as np
import pyarrow as pa

from spark_jobs.sources import Source
from spark_jobs.tables.declaration import STRING

if TYPE_CHECKING:
    from spark_jobs.adapters.faults import Fault

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing a source delivers is older than this; what claims to be is a broken date."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Nothing a source delivers is as late as this."""

DIGEST_BYTES = 16
DIGEST = pa.binary(DIGEST_BYTES)

Values: TypeAlias = Sequence[Any] | pa.Array
"""Values of a column, one for each record."""


@dataclass(slots=True)
class Accepted:
    """One record of one bronze table. ``values`` has canonical column names; absent means null."""

    table: str
    values: dict[str, Any]
    position: int
    raw: str
    item: str | None = None


@dataclass(slots=True)
class Quarantined:
    """One record that could not be read.

    ``reason`` is a short code that counts group by; ``detail`` names the field, what was found
    and what was expected.
    """

    reason: str
    detail: str
    position: int
    raw: str
    item: str | None = None


@dataclass(slots=True)
class AcceptedBlock:
    """Many records of one table, by column, as formats give them that are read many at a time.

    ``columns`` has canonical names, each with a value for every record; absent means null. Arrow
    arrays are of the type that the table declares. Without ``items`` the records are whole lines.
    ``faults`` are those of records that could not be read, by place; no value of theirs counts.
    """

    table: str
    columns: dict[str, Values]
    positions: Values
    raws: Values
    items: Values | None = None
    faults: Mapping[int, Fault] = field(default_factory=dict)

    def set_aside(self) -> dict[int, Quarantined]:
        """The records that could not be read, by place."""
        found = {}
        for row, fault in sorted(self.faults.items()):
            position, raw = (listed(each[row : row + 1])[0] for each in (self.positions, self.raws))
            item = None if self.items is None else listed(self.items[row : row + 1])[0]
            found[row] = fault.quarantined(position, raw, item)
        return found


@dataclass(slots=True)
class Decoded:
    """One record that was decoded and becomes values together with others: ``together``.

    ``columns_of`` makes the columns of many such structures, and the faults of some by place. It
    is one object for all records that may come together, and what it says of one does not depend
    on the others. ``raw`` is JSON, which is UTF-8 without a NUL.
    """

    table: str
    structure: Any
    columns_of: Callable[[list[Any]], tuple[dict[str, Values], dict[int, Fault]]]
    position: int
    raw: bytes
    item: str | None = None


Outcome = Accepted | AcceptedBlock | Decoded | Quarantined


def together(records: Sequence[Decoded]) -> AcceptedBlock:
    """Records that have their ``columns_of`` in common."""
    columns, faults = records[0].columns_of([record.structure for record in records])
    return AcceptedBlock(
        records[0].table,
        columns,
        [record.position for record in records],
        pa.array([record.raw for record in records], pa.binary()).view(STRING),
        [record.item for record in records],
        faults,
    )


def one_by_one(outcomes: Iterable[Outcome]) -> Iterator[Accepted | Quarantined]:
    """The same outcomes with blocks taken apart, and decoded records made values."""
    run: list[Decoded] = []
    for outcome in outcomes:
        if isinstance(outcome, Decoded):
            run.append(outcome)
            continue
        yield from _values_of(run)
        run = []
        if isinstance(outcome, AcceptedBlock):
            yield from _taken_apart(outcome)
        else:
            yield outcome
    yield from _values_of(run)


def _values_of(run: list[Decoded]) -> Iterator[Accepted | Quarantined]:
    """A run of decoded records in its order, though they become values by kind."""
    kinds: dict[int, list[int]] = {}
    for place, record in enumerate(run):
        kinds.setdefault(id(record.columns_of), []).append(place)
    found: list[Accepted | Quarantined | None] = [None] * len(run)
    for places in kinds.values():
        block = together([run[place] for place in places])
        for place, outcome in zip(places, _taken_apart(block), strict=True):
            found[place] = outcome
    return (each for each in found if each is not None)


def _taken_apart(block: AcceptedBlock) -> Iterator[Accepted | Quarantined]:
    set_aside = block.set_aside()
    columns = [listed(column) for column in block.columns.values()]
    count = len(block.raws)
    rows = zip(*columns, strict=True) if columns else ((),) * count
    items = [None] * count if block.items is None else block.items
    places = listed(block.positions), listed(block.raws), listed(items)
    for row, (values, position, raw, item) in enumerate(zip(rows, *places, strict=True)):
        yield set_aside.get(row) or Accepted(
            block.table, dict(zip(block.columns, values, strict=True)), position, raw, item
        )


def listed(values: Values) -> Sequence[Any]:
    """Values as Python has them."""
    if isinstance(values, pa.Array):
        found: list[Any] = values.to_pylist()
        return found
    return values


@dataclass(slots=True)
class Passage:
    """Where a stream stands in its delivery, and what was found in it besides records.

    ``file`` is the name relative to the landing folder, a member of an archive after ``!``;
    ``first_line`` the number of the stream's first line in it; ``header`` the header of a table
    whose rows the stream goes on with, where it does not begin with one.
    """

    file: str = ""
    first_line: int = 1
    header: str | None = None
    unmapped_fields: set[str] = field(default_factory=set)


class AdapterModule(Protocol):
    """The names that a module of this package must have."""

    SPLITTABLE: bool
    TABLES: tuple[str, ...]

    def read(self, stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
        """Yield an outcome for each record of ``stream``, which is that passage of a file."""
        ...


def text_key(text: str) -> str:
    """Key of a text: 32 hexadecimal digits of BLAKE2b over its UTF-8 bytes.

    Lone surrogates, which JSON can escape and UTF-8 cannot hold, are hashed as escapes.
    """
    return key_of_bytes(text.encode("utf-8", "backslashreplace"))


def key_of_bytes(text: bytes) -> str:
    """Key of a text that is UTF-8 already."""
    return hashlib.blake2b(text, digest_size=DIGEST_BYTES).hexdigest()


def digests_of(contents: Iterable[bytes | None]) -> pa.Array:
    """BLAKE2b of each, as bytes."""
    blake2b = hashlib.blake2b
    return pa.array(
        [
            None if content is None else blake2b(content, digest_size=DIGEST_BYTES).digest()
            for content in contents
        ],
        DIGEST,
    )


def hexadecimal(digests: pa.Array) -> pa.Array:
    """Digests that were just made as texts, two digits for each byte: all in one buffer."""
    validity, content = digests.buffers()
    offsets = np.arange(len(digests) + 1, dtype=np.int32) * (2 * DIGEST_BYTES)
    return pa.StringArray.from_buffers(
        len(digests),
        pa.py_buffer(offsets),
        pa.py_buffer(content.to_pybytes().hex().encode()),
        validity,
    )


def printable(raw: bytes) -> str:
    """Bytes as text that any store can keep: undecodable bytes and NULs become escapes."""
    return raw.decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """``moment`` in UTC; one without a zone is read in ``zone``.

    When clocks go back, a time that happens twice is taken as the first of the two; when they
    go forward, one that never happens is read with the offset in force before the change.
    Raises ValueError where the result is older than ``EARLIEST`` or after the year 2200.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        result = aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment.isoformat()} is out of range") from error
    if not EARLIEST <= result < LATEST:
        raise ValueError(f"{result.isoformat()} is not between 1990 and 2200")
    return result
