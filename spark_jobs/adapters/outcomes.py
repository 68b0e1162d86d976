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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any, BinaryIO, Protocol, TypeAlias

import numpy as np
import pyarrow as pa

from spark_jobs.sources import Source

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
    arrays are of the type that the table declares.
    """

    table: str
    columns: dict[str, Values]
    positions: Values
    raws: Values


Outcome = Accepted | AcceptedBlock | Quarantined


def one_by_one(outcomes: Iterable[Outcome]) -> Iterator[Accepted | Quarantined]:
    """The same outcomes with blocks taken apart."""
    for outcome in outcomes:
        if not isinstance(outcome, AcceptedBlock):
            yield outcome
            continue
        columns = [listed(column) for column in outcome.columns.values()]
        rows = zip(*columns, strict=True) if columns else ()
        places = listed(outcome.positions), listed(outcome.raws)
        for values, position, raw in zip(rows, *places, strict=True):
            yield Accepted(
                outcome.table, dict(zip(outcome.columns, values, strict=True)), position, raw
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
