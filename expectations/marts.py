"""The gate before publishing: do the marts hold all that bronze holds, and no contact data?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations.contact_data import check_contact_data
from expectations.gate import GateReport, judge, merged
from expectations.people import check_people
from expectations.suites import reconciliation
from spark_jobs.lake import Lake

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

GATE = "marts"
SCHEMA = "marts"

TOTALS = {
    # what is counted: (bronze table, columns that name one of it, query of its rows in the marts);
    # a list names one with each of its items
    "posts": ("posts", ("source", "post_id"), "select count(*) from fct_posts"),
    "CRM customers": (
        "customers",
        ("customer_id",),
        """
        select count(*) from bridge_customer_identifiers
        where identifier_type = 'crm_customer' and is_delivered
        """,
    ),
    "orders": ("orders", ("order_id",), "select count(*) from fct_orders"),
    "order lines": (
        "order_lines",
        ("order_id", "line_id"),
        """
        select count(*) from (
            select order_line_key from fct_order_lines
            union all
            select order_line_key from mart_rejected_order_lines
        )
        """,
    ),
    "survey answers": ("surveys", ("response_id",), "select count(*) from fct_survey_responses"),
    "loyalty movements": (
        "loyalty",
        ("movement_id",),
        "select count(*) from fct_loyalty_movements",
    ),
    "consents": ("consents", ("consent_id",), "select count(*) from fct_consents"),
    "identity decisions": (
        "identity_decisions",
        ("decision_id",),
        "select count(*) from mart_identity_decisions",
    ),
    "ledger": (
        "ledger",
        ("source", "file", "content_hash"),
        "select count(*) from mart_capture_ledger",
    ),
    "unmapped fields": (
        "ledger",
        ("source", "unmapped_fields"),
        "select count(*) from mart_capture_fields",
    ),
}


def check_marts(build: Path, lake: Lake, tables: Sequence[str]) -> GateReport:
    """Judge the marts of a build.

    Holds when each thing that bronze has is in the marts once, when every post shown has been
    annotated, when no strangers are chained to one person (see ``people``), and when no text of any
    mart holds contact data (see ``contact_data``).

    Args:
        build: the database that dbt built.
        lake: that it was built from.
        tables: the marts.
    """
    with duckdb.connect(str(build), read_only=True) as connection:
        connection.execute(f"use {SCHEMA}")
        return merged(
            GATE,
            [
                _check_totals(connection, lake),
                _check_annotated(connection),
                check_people(connection, GATE),
                *check_contact_data(connection, lake, SCHEMA, tables),
            ],
        )


def _check_totals(connection: duckdb.DuckDBPyConnection, lake: Lake) -> GateReport:
    lines = []
    for what, (table, identity, query) in TOTALS.items():
        distinct = _distinct_count(lake.read_bronze(table, list(identity)))
        lines.append((what, distinct, connection.execute(query).fetchall()[0][0]))
    frame, expectations = reconciliation(lines)
    return judge(GATE, "totals", frame, expectations, place=("total",))


def _distinct_count(rows: pa.Table) -> int:
    """How many different rows there are, an item of a list being a row of its own."""
    for name in rows.column_names:
        if pa.types.is_list(rows.schema.field(name).type):
            column = rows[name].combine_chunks()
            rows = rows.drop_columns(name).take(pc.list_parent_indices(column))
            rows = rows.append_column(name, pc.list_flatten(column))
    return int(rows.group_by(rows.column_names).aggregate([]).num_rows)


def _check_annotated(connection: duckdb.DuckDBPyConnection) -> GateReport:
    from great_expectations import expectations as gxe

    frame = connection.execute(
        "select source, post_id, language, annotation_version from fct_posts where text is not null"
    ).df()
    expectations: list[Expectation] = [
        gxe.ExpectColumnValuesToNotBeNull(column="language"),
        gxe.ExpectColumnValuesToNotBeNull(column="annotation_version"),
    ]
    return judge(GATE, "fct_posts", frame, expectations, place=("source", "post_id"))
