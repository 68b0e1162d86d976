"""Which person each record was published as last: what keeps keys stable from run to run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow

SCHEMA = pyarrow.schema([("record_key", pyarrow.string()), ("customer_key", pyarrow.string())])


def published_keys(published: Path) -> pyarrow.Table:
    """The records of a publication and whose they are; none where nothing is published."""
    if not published.exists():
        return SCHEMA.empty_table()
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(
            "select md5(source || '|' || identifier) as record_key, customer_key"
            " from bridge_customer_identifiers"
            " where identifier_type in ('crm_customer', 'account')"
        ).to_arrow_table()


def model(dbt: Any, session: Any) -> pyarrow.Table:  # noqa: ARG001 - dbt passes both
    """One row for each record of the last publication: `record_key`, `customer_key`.

    What was published has passed its gate: a build that did not leaves no trace in the keys.
    """
    dbt.config(materialized="table")
    meta = dbt.config.get("meta")
    return published_keys(Path(meta["published_path"]))
