"""From a piece of a file to Arrow batches of outcomes: what a Spark worker does, without Spark.

A row of ``PARSED`` is one record: either of the bronze table named in ``kind``, with its
canonical values in the struct column of that name, or of the quarantine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from spark_jobs.adapters.contact_points import keyed, normalised_email, normalised_phone
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, Quarantined
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.nlp.masking import mask, shape_of
from spark_jobs.opening import opened
from spark_jobs.pieces import Piece
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import CONTACT_KEYS, CUSTOMERS, ENTITIES, LOYALTY, ORDERS, SURVEYS
from spark_jobs.tables.declaration import INSTANT, INTEGER, STRING, Table

SECRET_VARIABLE = "CAUSERIE_SECRET"  # noqa: S105 - the name of the variable, not its value
QUARANTINE = "quarantine"
EXCERPT_CHARACTERS = 300
BATCH_ROWS = 2_000

PERSONAL = frozenset(table.name for table in (CUSTOMERS, ORDERS, SURVEYS, LOYALTY))
"""Tables of the CRM: of their broken records only the shape is shown outside bronze."""


def _values_type(table: Table) -> pa.StructType:
    types = {column.name: column.type for column in table.columns}
    return pa.struct([pa.field(name, types[name]) for name in table.hashed])


PARSED = pa.schema(
    [
        ("source", STRING),
        ("batch_id", STRING),
        ("file", STRING),
        ("position", INTEGER),
        ("item", STRING),
        ("kind", STRING),
        ("record_hash", STRING),
        ("at", INSTANT),
        ("raw", STRING),
        ("reason", STRING),
        ("detail", STRING),
        ("raw_excerpt", STRING),
        *((table.name, _values_type(table)) for table in ENTITIES),
    ]
)


def read_piece(piece: Piece, source: Source, secret: bytes) -> Iterator[pa.RecordBatch]:
    """Read one piece of a file into batches of ``PARSED``; every record of it gives one row.

    Args:
        piece: the file and the bytes of it.
        source: its declaration.
        secret: key of the hashes that stand for contact points.
    """
    adapter = adapter_named(source.adapter)
    passage = Passage(piece.file, piece.first_line)
    with opened(piece) as stream:
        outcomes = adapter.read(stream, source, passage)
        for group in _groups(outcomes, BATCH_ROWS):
            yield _batch([_row(outcome, source, secret) for outcome in group], piece)


def fault_of(table: Table, values: dict[str, Any]) -> tuple[str, str] | None:
    """The first way in which values break the table's declaration, as reason and detail."""
    for column in table.columns:
        if column.name not in table.hashed:
            continue
        value = values.get(column.name)
        if value is None:
            if column.required:
                return "missing_field", f"{column.name}: nothing found, a value is required"
            continue
        if column.minimum is not None and value < column.minimum:
            return "impossible_value", f"{column.name}: found {value}, below {column.minimum}"
        if column.maximum is not None and value > column.maximum:
            return "impossible_value", f"{column.name}: found {value}, above {column.maximum}"
        if column.allowed and value not in column.allowed:
            return (
                "impossible_value",
                f"{column.name}: found {value!r}, expected one of {', '.join(column.allowed)}",
            )
    return None


_TABLES = {table.name: table for table in ENTITIES}
_CONTACT_COLUMNS = frozenset(column.name for column in CONTACT_KEYS)


def _row(outcome: Outcome, source: Source, secret: bytes) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        table = _TABLES[outcome.table]
        fault = fault_of(table, outcome.values)
        if fault is None:
            return _accepted(outcome, table, source, secret)
        outcome = Quarantined(*fault, outcome.position, outcome.raw, outcome.item)
    return {
        "position": outcome.position,
        "item": outcome.item,
        "kind": QUARANTINE,
        "raw": outcome.raw,
        "reason": outcome.reason,
        "detail": mask(outcome.detail),
        "raw_excerpt": _excerpt(outcome.raw, source),
    }


def _accepted(outcome: Accepted, table: Table, source: Source, secret: bytes) -> dict[str, Any]:
    values = outcome.values
    if _CONTACT_COLUMNS.issubset(table.hashed):
        email = normalised_email(values.get("email") or "")
        phone = normalised_phone(values.get("phone") or "", values.get("country") or source.country)
        values = {
            **values,
            "email_key": keyed(email, secret) if email else None,
            "phone_key": keyed(phone, secret) if phone else None,
        }
    canonical = msgspec.json.encode([values.get(name) for name in table.hashed])
    return {
        "position": outcome.position,
        "item": outcome.item,
        "kind": table.name,
        "record_hash": hashlib.blake2b(canonical, digest_size=16).hexdigest(),
        "at": values.get(table.time) if table.time else None,
        "raw": outcome.raw,
        table.name: values,
    }


def _excerpt(raw: str, source: Source) -> str:
    """The first characters of a record, of which only the shape is shown where it is a CRM's."""
    excerpt = raw[:EXCERPT_CHARACTERS]
    is_personal = not PERSONAL.isdisjoint(adapter_named(source.adapter).TABLES)
    return shape_of(excerpt) if is_personal else mask(excerpt)


def _batch(rows: list[dict[str, Any]], piece: Piece) -> pa.RecordBatch:
    constants = {"source": piece.source, "batch_id": piece.batch_id, "file": piece.file}
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(constants[field.name], len(rows))
            if field.name in constants
            else pa.array([row.get(field.name) for row in rows], type=field.type)
            for field in PARSED
        ],
        schema=PARSED,
    )


def _groups(outcomes: Iterable[Outcome], size: int) -> Iterator[list[Outcome]]:
    group: list[Outcome] = []
    for outcome in outcomes:
        group.append(outcome)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
