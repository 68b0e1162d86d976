"""Answers to surveys as CSV, one a row.

Format: this project's README, "Landing layout". response_id and answered_at are required. Known
besides them: survey_id, customer_id, email, order_id, brand, nps_score (0 to 10), comment -> text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import Layout, Row, column_named, read_rows
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.texts import text_columns
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import SURVEYS

SPLITTABLE = False
TABLES = ("surveys",)

LAYOUT = Layout(
    required=("response_id", "answered_at"),
    optional=("survey_id", "customer_id", "email", "order_id", "brand", "nps_score", "comment"),
)
_SCORE = column_named(SURVEYS, "nps_score")


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""
    return read_rows(stream, source, passage, LAYOUT, "surveys", _values)


def _values(row: Row) -> dict[str, Any]:
    return {
        "response_id": row.required_identifier("response_id"),
        "survey_id": row.identifier("survey_id"),
        "customer_id": row.identifier("customer_id"),
        "email": row.text("email"),
        "order_id": row.identifier("order_id"),
        "brand": row.text("brand"),
        "nps_score": row.integer("nps_score", _SCORE.minimum, _SCORE.maximum),
        **text_columns(row.text("comment")),
        "answered_at": row.required_instant("answered_at"),
    }
