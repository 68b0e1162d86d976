"""The gate before publishing: do the marts hold all that bronze holds, and no contact data?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from expectations.gate import GateReport, judge, merged
from expectations.suites import reconciliation
from spark_jobs.lake import Lake

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

GATE = "marts"
SCHEMA = "marts"
SHAPE = r"(?![xX9._%+-]+@[x9.-]+\b)"
"""Not the shape of an address, such as xxx.xx@xxxx.xx, which the quarantine shows."""
EMAIL = rf"{SHAPE}[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{{2,}}"

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
    annotated, and when no text of any mart looks like an e-mail address.

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
                *(_check_no_contact_data(connection, table) for table in tables),
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


def _check_no_contact_data(connection: duckdb.DuckDBPyConnection, table: str) -> GateReport:
    """Look into every text of a mart, those inside lists and structures too."""
    from great_expectations import expectations as gxe

    columns = [
        name
        for name, type_ in connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where database_name = current_database() and schema_name = ? and table_name = ?",
            [SCHEMA, table],
        ).fetchall()
        if "VARCHAR" in type_
    ]
    if not columns:
        return GateReport(GATE, 0)
    # Only texts with an @ can be an address: the others need not leave the database.
    suspects = " or ".join(f"contains(\"{name}\"::varchar, '@')" for name in columns)
    chosen = ", ".join(f'"{name}"::varchar as "{name}"' for name in columns)
    frame = connection.execute(f'select {chosen} from "{table}" where {suspects}').df()
    return judge(
        GATE,
        table,
        frame,
        [gxe.ExpectColumnValuesToNotMatchRegex(column=name, regex=EMAIL) for name in columns],
        place=[name for name in columns if name.endswith(("_key", "_id")) or name == "file"],
    )
