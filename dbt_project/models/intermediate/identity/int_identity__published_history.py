"""What became of keys up to the last publication: the history that this build goes on with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow

SCHEMA = pyarrow.schema(
    [
        ("customer_key", pyarrow.string()),
        ("new_customer_key", pyarrow.string()),
        ("change", pyarrow.string()),
        ("reason", pyarrow.string()),
        ("records_count", pyarrow.int64()),
        ("changed_at", pyarrow.timestamp("us", tz="UTC")),
    ]
)


def published_history(published: Path) -> pyarrow.Table:
    """The changes of keys in a publication; none where nothing is published."""
    if not published.exists():
        return SCHEMA.empty_table()
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        known = connection.execute(
            "select 1 from duckdb_tables() where table_name = 'customer_key_history'"
        ).fetchall()
        if not known:
            return SCHEMA.empty_table()
        history = connection.table("customer_key_history").project(", ".join(SCHEMA.names))
        return history.to_arrow_table().cast(SCHEMA)


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each change of a key that was published, as `customer_key_history` has it."""
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    return published_history(Path(meta["published_path"]))
