"""From the outcomes of an adapter to rows of bronze: checked, keyed and hashed. No files here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from spark_jobs.adapters.contact_points import keyed, normalised_email, normalised_phone
from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.nlp.masking import mask, shape_of
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import CONTACT_KEYS, CUSTOMERS, ENTITIES, LOYALTY, ORDERS, SURVEYS
from spark_jobs.tables.bronze import QUARANTINE as QUARANTINE_TABLE
from spark_jobs.tables.declaration import Column, Table

QUARANTINE = QUARANTINE_TABLE.name
EXCERPT_CHARACTERS = 300

PERSONAL = frozenset(table.name for table in (CUSTOMERS, ORDERS, SURVEYS, LOYALTY))
"""Tables of the CRM: of their broken records only the shape is shown outside bronze."""

_CONTACT_COLUMNS = frozenset(column.name for column in CONTACT_KEYS)


@dataclass(slots=True)
class Rows:
    """Rows of one table, by column of those that every record has; ``indexes`` in the chunk."""

    indexes: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    items: list[str | None] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    hashes: list[str | None] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)

    def append(
        self, index: int, outcome: Outcome, values: dict[str, Any], record_hash: str | None
    ) -> None:
        """Add a record."""
        self.indexes.append(index)
        self.positions.append(outcome.position)
        self.items.append(outcome.item)
        self.values.append(values)
        self.hashes.append(record_hash)
        self.raws.append(outcome.raw)


def rows_of(outcomes: list[Outcome], source: Source, secret: bytes) -> dict[str, Rows]:
    """Rows by table; a record whose values break the table's declaration goes to quarantine.

    Args:
        outcomes: what an adapter yielded.
        source: whose records they are.
        secret: key of the hashes that stand for contact points.
    """
    rows: dict[str, Rows] = {}
    for index, outcome in enumerate(outcomes):
        if isinstance(outcome, Accepted):
            shape = _SHAPES[outcome.table]
            values = outcome.values
            fault = shape.fault_of(values)
            if fault is None:
                if shape.has_contact_points:
                    values = _with_keys(values, source, secret)
                table = rows.get(outcome.table) or rows.setdefault(outcome.table, Rows())
                table.append(index, outcome, values, shape.hash_of(values))
                continue
            outcome = Quarantined(*fault, outcome.position, outcome.raw, outcome.item)
        table = rows.setdefault(QUARANTINE, Rows())
        table.append(index, outcome, _quarantine_values(outcome, source), None)
    return rows


def fault_of(table: Table, values: dict[str, Any]) -> tuple[str, str] | None:
    """The first way in which values break the table's declaration, as reason and detail."""
    return _SHAPES[table.name].fault_of(values)


class _Shape:
    """What is asked of the values of a table, worked out once."""

    def __init__(self, table: Table) -> None:
        columns = [column for column in table.columns if column.name in table.hashed]
        self._judged = [
            (column.name, column)
            for column in columns
            if column.required
            or column.allowed
            or column.minimum is not None
            or column.maximum is not None
        ]
        self._hashed = table.hashed
        self.has_contact_points = _CONTACT_COLUMNS.issubset(table.hashed)

    def fault_of(self, values: dict[str, Any]) -> tuple[str, str] | None:
        for name, column in self._judged:
            value = values.get(name)
            if value is None:
                if column.required:
                    return "missing_field", f"{name}: nothing found, a value is required"
            elif detail := _misfit(column, value):
                return "impossible_value", f"{name}: {detail}"
        return None

    def hash_of(self, values: dict[str, Any]) -> str:
        get = values.get
        canonical = _encode([get(name) for name in self._hashed])
        return hashlib.blake2b(canonical, digest_size=16).hexdigest()


def _misfit(column: Column, value: Any) -> str | None:
    if column.minimum is not None and value < column.minimum:
        return f"found {value}, below {column.minimum}"
    if column.maximum is not None and value > column.maximum:
        return f"found {value}, above {column.maximum}"
    if column.allowed and value not in column.allowed:
        return f"found {value!r}, expected one of {', '.join(column.allowed)}"
    return None


_SHAPES = {table.name: _Shape(table) for table in ENTITIES}
_encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


def _with_keys(values: dict[str, Any], source: Source, secret: bytes) -> dict[str, Any]:
    email = normalised_email(values.get("email") or "")
    phone = normalised_phone(values.get("phone") or "", values.get("country") or source.country)
    return {
        **values,
        "email_key": keyed(email, secret) if email else None,
        "phone_key": keyed(phone, secret) if phone else None,
    }


def _quarantine_values(outcome: Quarantined, source: Source) -> dict[str, Any]:
    return {
        "reason": outcome.reason,
        "detail": mask(outcome.detail),
        "raw_excerpt": _excerpt(outcome.raw, source),
    }


def _excerpt(raw: str, source: Source) -> str:
    """The first characters of a record, of which only the shape is shown where it is a CRM's."""
    excerpt = raw[:EXCERPT_CHARACTERS]
    is_personal = not PERSONAL.isdisjoint(adapter_named(source.adapter).TABLES)
    return shape_of(excerpt) if is_personal else mask(excerpt)
