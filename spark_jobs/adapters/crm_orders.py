"""Orders of the shop as CSV, one a row; an order sent again is a newer version of it.

Format: this project's README, "Landing layout". order_id and ordered_at are required. Known
besides them: customer_id, email, phone, loyalty_card_id, brand, sales_channel, status (placed,
shipped, delivered, cancelled, returned), currency (ISO 4217), total_amount (negative for a
refund, two decimals at most), product_ids (separated by ``|``), updated_at.

``email`` and ``phone`` are the contact points that find the customer of an order without
customer_id; one that cannot be read is no fault of the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import Layout, Row, column_named, read_rows
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ORDERS

SPLITTABLE = False
TABLES = ("orders",)

LAYOUT = Layout(
    required=("order_id", "ordered_at"),
    optional=(
        "customer_id",
        "email",
        "phone",
        "loyalty_card_id",
        "brand",
        "sales_channel",
        "status",
        "currency",
        "total_amount",
        "product_ids",
        "updated_at",
    ),
)
_STATUSES = column_named(ORDERS, "status").allowed


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""
    return read_rows(stream, source, passage, LAYOUT, "orders", _values)


def _values(row: Row) -> dict[str, Any]:
    products = row.text("product_ids")
    return {
        "order_id": row.required_identifier("order_id"),
        "customer_id": row.identifier("customer_id"),
        "email": row.text("email"),
        "phone": row.text("phone"),
        "loyalty_card_id": row.identifier("loyalty_card_id"),
        "brand": row.text("brand"),
        "sales_channel": row.text("sales_channel"),
        "status": row.choice("status", _STATUSES),
        "currency": row.code("currency", 3),
        "total_amount": row.amount("total_amount"),
        "product_ids": [part.strip() for part in products.split("|") if part.strip()]
        if products
        else None,
        "ordered_at": row.required_instant("ordered_at"),
        "updated_at": row.instant("updated_at"),
    }
