"""From the outcomes of an adapter to rows of bronze: checked, keyed and hashed. No files here.

How outcomes become columns is in ``gathered``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.contact_points import keyed, normalised_email, normalised_phone
from spark_jobs.adapters.outcomes import (
    Outcome,
    Quarantined,
    digests_of,
    hexadecimal,
)
from spark_jobs.adapters.registry import tables_of
from spark_jobs.gathered import Gathered, Rows, all_but
from spark_jobs.nlp.masking import mask, shape_of
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ENTITIES
from spark_jobs.tables.capture_log import QUARANTINE as QUARANTINE_TABLE
from spark_jobs.tables.crm import (
    CONSENTS,
    CONTACT_KEYS,
    CUSTOMERS,
    IDENTITY_DECISIONS,
    LOYALTY,
    ORDER_LINES,
    ORDERS,
    SURVEYS,
)
from spark_jobs.tables.declaration import INTEGER, STRING, Column, Table

QUARANTINE = QUARANTINE_TABLE.name
EXCERPT_CHARACTERS = 300

PERSONAL = frozenset(
    table.name
    for table in (CUSTOMERS, ORDERS, ORDER_LINES, SURVEYS, LOYALTY, CONSENTS, IDENTITY_DECISIONS)
)
"""Tables of the CRM: of their broken records only the shape is shown outside bronze."""

_CONTACT_COLUMNS = frozenset(column.name for column in CONTACT_KEYS)
_BETWEEN_VALUES, _BETWEEN_ITEMS, _NULL = b"\xff", b"\xfe", b"\xfd"
"""Bytes that UTF-8 never has."""


def rows_of(outcomes: Iterable[Outcome], source: Source, secret: bytes) -> list[Rows]:
    """The rows of some outcomes, of each table together.

    A record whose values break the table's declaration goes to quarantine.

    Args:
        outcomes: what an adapter yielded.
        source: whose records they are.
        secret: key of the hashes that stand for contact points.
    """
    gathered = Gathered()
    for outcome in outcomes:
        gathered.add(outcome)
    rows: list[Rows] = []
    for accepted in gathered.accepted():
        shape = _SHAPES[accepted.table]
        sound = accepted
        if faults := shape.faults_of(accepted):
            for row, (reason, detail) in faults.items():
                index, *place = (
                    values[row].as_py()
                    for values in (
                        accepted.indexes,
                        accepted.positions,
                        accepted.raws,
                        accepted.items,
                    )
                )
                gathered.set_aside.append((index, Quarantined(reason, detail, *place)))
            sound = accepted.chosen(all_but(faults, accepted.count))
        if sound.count:
            if shape.has_contact_points:
                sound.columns |= _contact_keys(sound, source, secret)
            sound.hashes = shape.hashes_of(sound)
            sound.columns["record_hash"] = hexadecimal(sound.hashes)
            rows.append(sound)
    if gathered.set_aside:
        rows.append(_quarantine_rows(gathered.set_aside, source))
    return rows


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
        # A text is what its key stands for.
        self._hashed = [
            name for name in table.hashed if name != "text" or "text_key" not in table.hashed
        ]
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
                for row, value in enumerate(values.to_pylist()):
                    if row not in faults and (fault := _misfit(column, value)):
                        faults[row] = fault
        return faults

    def hashes_of(self, rows: Rows) -> pa.Array:
        """Hashes of the canonical values: BLAKE2b of their bytes.

        Between values, and in the place of a null, stand bytes that no value has.
        """
        values: list[pa.Array | pa.Scalar] = []  # what is absent side by side is one of them
        for is_there, names in groupby(self._hashed, rows.columns.__contains__):
            if is_there:
                values += [_bytes_of(rows.columns[name]) for name in names]
            else:
                values.append(pa.scalar(_BETWEEN_VALUES.join(_NULL for _ in names)))
        joined = pc.binary_join_element_wise(
            *values, _BETWEEN_VALUES, null_handling="replace", null_replacement=_NULL
        )
        return digests_of(joined.to_pylist())


def _bytes_of(values: pa.Array) -> pa.Array:
    """Bytes for each value that differ where values do."""
    type_ = values.type
    if pa.types.is_list(type_):
        count = pc.list_value_length(values).cast(STRING).cast(pa.binary())
        items = pc.binary_join(values.cast(pa.list_(pa.binary())), _BETWEEN_ITEMS)
        return pc.binary_join_element_wise(count, items, _BETWEEN_ITEMS)
    if pa.types.is_timestamp(type_):
        values = values.cast(pa.int64())
    return values.cast(STRING).cast(pa.binary())


def _all_fit(column: Column, values: pa.Array) -> bool:
    if column.required and values.null_count:
        return False
    if column.allowed and not set(values.unique().to_pylist()) <= {None, *column.allowed}:
        return False
    if column.minimum is None and column.maximum is None:
        return True
    ends = pc.min_max(values).as_py()
    return ends["min"] is None or (
        (column.minimum is None or ends["min"] >= column.minimum)
        and (column.maximum is None or ends["max"] <= column.maximum)
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


def _contact_keys(rows: Rows, source: Source, secret: bytes) -> dict[str, pa.Array]:
    """Keys of the contact points; what they stand for may have no column of its own."""
    nothing = pa.nulls(rows.count, STRING)
    emails = rows.columns.get("email", nothing)
    phones = rows.columns.get("phone", nothing)
    if "country" in rows.columns:
        pairs = zip(phones.to_pylist(), rows.columns["country"].to_pylist(), strict=True)
        phone_keys = pa.array(
            [
                phone and _phone_key(phone, country or source.country, secret)
                for phone, country in pairs
            ],
            STRING,
        )
    else:
        phone_keys = _of_distinct(phones, lambda text: _phone_key(text, source.country, secret))
    return {
        "email_key": _of_distinct(emails, lambda text: _email_key(text, secret)),
        "phone_key": phone_keys,
    }


def _of_distinct(texts: pa.Array, key_of: Callable[[str], str | None]) -> pa.Array:
    """The key of each text, asked for once for each distinct one."""
    distinct = texts.dictionary_encode()
    keys = [key_of(text) for text in distinct.dictionary.to_pylist()]
    return pa.array(keys, STRING).take(distinct.indices)


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
    outcomes = [outcome for _, outcome in set_aside]
    return Rows(
        QUARANTINE,
        {
            "reason": pa.array([outcome.reason for outcome in outcomes], STRING),
            "detail": pa.array([mask(outcome.detail) for outcome in outcomes], STRING),
            "raw_excerpt": pa.array(
                [_excerpt(outcome.raw, source) for outcome in outcomes], STRING
            ),
        },
        pa.array([index for index, _ in set_aside], INTEGER),
        pa.array([outcome.position for outcome in outcomes], INTEGER),
        pa.array([outcome.item for outcome in outcomes], STRING),
        pa.array([outcome.raw for outcome in outcomes], STRING),
    )


def _excerpt(raw: str, source: Source) -> str:
    """The first characters of a record, of which only the shape is shown where it is a CRM's."""
    excerpt = raw[:EXCERPT_CHARACTERS]
    is_personal = not PERSONAL.isdisjoint(tables_of(source))
    return shape_of(excerpt) if is_personal else mask(excerpt)
