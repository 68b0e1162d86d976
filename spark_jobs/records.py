"""From the outcomes of an adapter to rows of bronze: checked, keyed and hashed. No files here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress, repeat
from typing import Any

import msgspec

from spark_jobs.adapters.contact_points import keyed, normalised_email, normalised_phone
from spark_jobs.adapters.outcomes import Accepted, AcceptedBlock, Outcome, Quarantined
from spark_jobs.adapters.registry import tables_of
from spark_jobs.nlp.masking import mask, shape_of
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import (
    CONSENTS,
    CONTACT_KEYS,
    CUSTOMERS,
    ENTITIES,
    LOYALTY,
    ORDER_LINES,
    ORDERS,
    SURVEYS,
)
from spark_jobs.tables.bronze import QUARANTINE as QUARANTINE_TABLE
from spark_jobs.tables.declaration import Column, Table

QUARANTINE = QUARANTINE_TABLE.name
EXCERPT_CHARACTERS = 300

PERSONAL = frozenset(
    table.name for table in (CUSTOMERS, ORDERS, ORDER_LINES, SURVEYS, LOYALTY, CONSENTS)
)
"""Tables of the CRM: of their broken records only the shape is shown outside bronze."""

_CONTACT_COLUMNS = frozenset(column.name for column in CONTACT_KEYS)
_encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Rows:
    """Rows of one table by column; ``indexes`` are their places among the outcomes they are of."""

    table: str
    columns: dict[str, list[Any]] = field(default_factory=dict)
    indexes: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    items: list[str | None] = field(default_factory=list)
    raws: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.raws)

    def chosen(self, stays: list[bool]) -> Rows:
        """Those that stay."""
        return Rows(
            self.table,
            {name: list(compress(values, stays)) for name, values in self.columns.items()},
            list(compress(self.indexes, stays)),
            list(compress(self.positions, stays)),
            list(compress(self.items, stays)),
            list(compress(self.raws, stays)),
        )


def rows_of(outcomes: Iterable[Outcome], source: Source, secret: bytes) -> list[Rows]:
    """The rows of some outcomes, of each table together.

    A record whose values break the table's declaration goes to quarantine.

    Args:
        outcomes: what an adapter yielded.
        source: whose records they are.
        secret: key of the hashes that stand for contact points.
    """
    gathered = _Gathered()
    for outcome in outcomes:
        gathered.add(outcome)
    rows: list[Rows] = []
    for accepted in gathered.accepted():
        shape = _SHAPES[accepted.table]
        sound = accepted
        if faults := shape.faults_of(accepted):
            for row, (reason, detail) in faults.items():
                gathered.set_aside.append(
                    (
                        accepted.indexes[row],
                        Quarantined(
                            reason,
                            detail,
                            accepted.positions[row],
                            accepted.raws[row],
                            accepted.items[row],
                        ),
                    )
                )
            sound = accepted.chosen([row not in faults for row in range(accepted.count)])
        if sound.count:
            if shape.has_contact_points:
                sound.columns |= _contact_keys(sound, source, secret)
            sound.columns["record_hash"] = shape.hashes_of(sound)
            rows.append(sound)
    if gathered.set_aside:
        rows.append(_quarantine_rows(gathered.set_aside, source))
    return rows


class _Gathered:
    """Outcomes by table, in columns. Records that come one by one are turned around together."""

    def __init__(self) -> None:
        self.set_aside: list[tuple[int, Quarantined]] = []
        self._count = 0
        self._blocks: dict[tuple[str, tuple[str, ...]], Rows] = {}
        self._single: dict[str, tuple[Rows, list[dict[str, Any]]]] = {}

    def add(self, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            known = self._single.get(outcome.table)
            if known is None:
                known = self._single[outcome.table] = (Rows(outcome.table), [])
            rows, values = known
            values.append(outcome.values)
            rows.indexes.append(self._count)
            rows.positions.append(outcome.position)
            rows.items.append(outcome.item)
            rows.raws.append(outcome.raw)
        elif isinstance(outcome, AcceptedBlock):
            self._add_block(outcome)
            self._count += len(outcome.raws) - 1
        else:
            self.set_aside.append((self._count, outcome))
        self._count += 1

    def _add_block(self, block: AcceptedBlock) -> None:
        key = (block.table, tuple(block.columns))
        rows = self._blocks.get(key)
        if rows is None:
            rows = self._blocks[key] = Rows(block.table, {name: [] for name in block.columns})
        for name, values in block.columns.items():
            rows.columns[name].extend(values)
        rows.indexes.extend(range(self._count, self._count + len(block.raws)))
        rows.positions.extend(block.positions)
        rows.items.extend(repeat(None, len(block.raws)))
        rows.raws.extend(block.raws)

    def accepted(self) -> Iterator[Rows]:
        yield from self._blocks.values()
        for rows, values in self._single.values():
            rows.columns = _by_column(values)
            yield rows


def _by_column(values: list[dict[str, Any]]) -> dict[str, list[Any]]:
    layouts = {tuple(row) for row in values}
    if len(layouts) == 1:  # adapters fill the same columns for every record of a kind
        columns = zip(*(row.values() for row in values), strict=True)
        return {name: list(column) for name, column in zip(layouts.pop(), columns, strict=True)}
    names = dict.fromkeys(name for layout in layouts for name in layout)
    return {name: [row.get(name) for row in values] for name in names}


class _Shape:
    """What is asked of the values of a table, worked out once."""

    def __init__(self, table: Table) -> None:
        self._judged = [
            column
            for column in table.columns
            if column.name in table.hashed
            and (
                column.required
                or column.allowed
                or column.minimum is not None
                or column.maximum is not None
            )
        ]
        self._hashed = table.hashed
        self.has_contact_points = _CONTACT_COLUMNS.issubset(table.hashed)

    def faults_of(self, rows: Rows) -> dict[int, tuple[str, str]]:
        """Rows that break the declaration, each with reason and detail of its first fault."""
        faults: dict[int, tuple[str, str]] = {}
        for column in self._judged:
            values = rows.columns.get(column.name)
            if values is None:
                if column.required:
                    return dict.fromkeys(range(rows.count), _missing(column))
            elif not _all_fit(column, values):
                for row, value in enumerate(values):
                    if row not in faults and (fault := _misfit(column, value)):
                        faults[row] = fault
        return faults

    def hashes_of(self, rows: Rows) -> list[str]:
        """Hashes of the canonical values: BLAKE2b of them as JSON, 32 hexadecimal digits."""
        columns = [rows.columns.get(name) or repeat(None, rows.count) for name in self._hashed]
        blake2b = hashlib.blake2b
        return [
            blake2b(_encode(values), digest_size=16).hexdigest()
            for values in zip(*columns, strict=True)
        ]


def _all_fit(column: Column, values: Sequence[Any]) -> bool:
    has_nulls = None in values
    if column.required and has_nulls:
        return False
    known = [value for value in values if value is not None] if has_nulls else values
    if not known:
        return True
    if column.allowed and not set(known) <= set(column.allowed):
        return False
    return (column.minimum is None or min(known) >= column.minimum) and (
        column.maximum is None or max(known) <= column.maximum
    )


def _misfit(column: Column, value: Any) -> tuple[str, str] | None:
    if value is None:
        return _missing(column) if column.required else None
    detail = None
    if column.minimum is not None and value < column.minimum:
        detail = f"found {value}, below {column.minimum}"
    elif column.maximum is not None and value > column.maximum:
        detail = f"found {value}, above {column.maximum}"
    elif column.allowed and value not in column.allowed:
        detail = f"found {value!r}, expected one of {', '.join(column.allowed)}"
    return ("impossible_value", f"{column.name}: {detail}") if detail else None


def _missing(column: Column) -> tuple[str, str]:
    return "missing_field", f"{column.name}: nothing found, a value is required"


_SHAPES = {table.name: _Shape(table) for table in ENTITIES}


def _contact_keys(rows: Rows, source: Source, secret: bytes) -> dict[str, list[Any]]:
    """Keys of the contact points; what they stand for may have no column of its own."""
    nothing: list[Any] = [None] * rows.count
    countries = rows.columns.get("country", nothing)
    phones = zip(rows.columns.get("phone", nothing), countries, strict=True)
    return {
        "email_key": [
            _email_key(email, secret) if email else None
            for email in rows.columns.get("email", nothing)
        ],
        "phone_key": [
            _phone_key(phone, country or source.country, secret) if phone else None
            for phone, country in phones
        ],
    }


# The same customers order again and again, and reading a phone number takes as long as the rest
# of a record.
@lru_cache(maxsize=65_536)
def _email_key(text: str, secret: bytes) -> str | None:
    email = normalised_email(text)
    return keyed(email, secret) if email else None


@lru_cache(maxsize=65_536)
def _phone_key(text: str, country: str | None, secret: bytes) -> str | None:
    phone = normalised_phone(text, country)
    return keyed(phone, secret) if phone else None


def _quarantine_rows(set_aside: list[tuple[int, Quarantined]], source: Source) -> Rows:
    indexes, outcomes = (list(each) for each in zip(*set_aside, strict=True))
    return Rows(
        QUARANTINE,
        {
            "reason": [outcome.reason for outcome in outcomes],
            "detail": [mask(outcome.detail) for outcome in outcomes],
            "raw_excerpt": [_excerpt(outcome.raw, source) for outcome in outcomes],
        },
        indexes,
        [outcome.position for outcome in outcomes],
        [outcome.item for outcome in outcomes],
        [outcome.raw for outcome in outcomes],
    )


def _excerpt(raw: str, source: Source) -> str:
    """The first characters of a record, of which only the shape is shown where it is a CRM's."""
    excerpt = raw[:EXCERPT_CHARACTERS]
    is_personal = not PERSONAL.isdisjoint(tables_of(source))
    return shape_of(excerpt) if is_personal else mask(excerpt)
