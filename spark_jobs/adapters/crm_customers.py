"""Customers of the CRM as CSV, one a row.

Format: this project's README, "Landing layout". customer_id is required. Known besides it:
first_name, last_name, email, phone, street, postal_code, city, country (ISO 3166 alpha-2),
birth_date (YYYY-MM-DD), language (ISO 639-1), loyalty_card_id, created_at, updated_at,
is_deleted (true, false, 1, 0), and accounts that the customer declared: x_handle, reddit_handle,
customer_care_handle -> handles, each as ``source:handle`` in lower case.

An e-mail address or a phone number that cannot be read is no fault of the row: it stays as
delivered, and nobody is found by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import Layout, Row, read_rows
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("customers",)

HANDLE_COLUMNS = {
    "x_handle": "x",
    "reddit_handle": "reddit",
    "customer_care_handle": "customer_care",
}
"""Columns of declared accounts, and the source that each belongs to."""

LAYOUT = Layout(
    required=("customer_id",),
    optional=(
        "first_name",
        "last_name",
        "email",
        "phone",
        "street",
        "postal_code",
        "city",
        "country",
        "birth_date",
        "language",
        "loyalty_card_id",
        "created_at",
        "updated_at",
        "is_deleted",
        *HANDLE_COLUMNS,
    ),
)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""
    return read_rows(stream, source, passage, LAYOUT, "customers", _values)


def _values(row: Row) -> dict[str, Any]:
    birth_date = row.birth_date("birth_date")
    created_at = row.instant("created_at")
    if birth_date and created_at and birth_date > created_at.date():
        detail = "birth_date: found a day after created_at, expected one before it"
        raise Fault("impossible_value", detail)
    return {
        "customer_id": row.required_identifier("customer_id"),
        "first_name": row.text("first_name"),
        "last_name": row.text("last_name"),
        "email": row.text("email"),
        "phone": row.text("phone"),
        "street": row.text("street"),
        "postal_code": row.text("postal_code"),
        "city": row.text("city"),
        "country": row.code("country", 2),
        "birth_date": birth_date,
        "language": (row.code("language", 2) or "").lower() or None,
        "loyalty_card_id": row.identifier("loyalty_card_id"),
        "handles": _handles(row),
        "created_at": created_at,
        "updated_at": row.instant("updated_at"),
        "is_deleted": row.boolean("is_deleted"),
    }


def _handles(row: Row) -> list[str] | None:
    """The declared accounts; null where the file has no column for them."""
    if row.fields.keys().isdisjoint(HANDLE_COLUMNS):
        return None
    declared = ((source, row.text(column)) for column, source in HANDLE_COLUMNS.items())
    return [f"{source}:{_bare(handle)}" for source, handle in declared if handle]


def _bare(handle: str) -> str:
    """A handle as sources name it: without the sign people write before it, lower case."""
    return handle.lower().removeprefix("@").removeprefix("/").removeprefix("u/")
