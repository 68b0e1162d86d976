"""Movements of loyalty cards as CSV, one a row.

Format: this project's README, "Landing layout". movement_id, loyalty_card_id, movement_type
(earn, redeem, expire, adjust), points_count (negative where they leave) and moved_at are
required. Known besides them: customer_id, order_id.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import Layout, Row, column_named, read_rows
from spark_jobs.adapters.faults import impossible, missing
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import LOYALTY

SPLITTABLE = False
TABLES = ("loyalty",)

LAYOUT = Layout(
    required=("movement_id", "loyalty_card_id", "movement_type", "points_count", "moved_at"),
    optional=("customer_id", "order_id"),
)
_TYPES = column_named(LOYALTY, "movement_type").allowed
_SIGNS = {"earn": 1, "redeem": -1, "expire": -1}


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""
    return read_rows(stream, source, passage, LAYOUT, "loyalty", _values)


def _values(row: Row) -> dict[str, Any]:
    movement_type = row.choice("movement_type", _TYPES)
    points = row.integer("points_count", None, None)
    if movement_type is None:
        raise missing("movement_type", f"one of {', '.join(_TYPES)}")
    if points is None:
        raise missing("points_count", "a whole number")
    if points * _SIGNS.get(movement_type, 0) < 0:
        expected = "points that come" if points < 0 else "points that leave, as a negative number"
        raise impossible("points_count", points, f"{expected}, since the type is {movement_type}")
    return {
        "movement_id": row.required_identifier("movement_id"),
        "loyalty_card_id": row.required_identifier("loyalty_card_id"),
        "customer_id": row.identifier("customer_id"),
        "order_id": row.identifier("order_id"),
        "movement_type": movement_type,
        "points_count": points,
        "moved_at": row.required_instant("moved_at"),
    }
