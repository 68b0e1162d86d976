"""Publishing the warehouse: a new file is written, checked, and swapped in.

A reader that has the old file open keeps it until it opens again; nobody ever sees half a file,
and a failure anywhere leaves the last good publication where it is. No Dagster here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from spark_jobs.paths import quoted

BUILD_SCHEMA = "marts"


class PublicationError(RuntimeError):
    """The new file is not what was to be published; the old one is still in place."""


@dataclass(frozen=True)
class Publication:
    """What readers see: ``publication_id`` names its inputs, ``rows`` counts each table."""

    publication_id: str
    rows: dict[str, int]


def published_id(path: Path) -> str | None:
    """Identity of the publication at ``path``; None where there is none."""
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as connection:
        row = connection.execute("select publication_id from publication").fetchone()
    return str(row[0]) if row else None


def publish(build: Path, tables: Sequence[str], target: Path, publication_id: str) -> Publication:
    """Copy the marts of a build into a new file and swap it in.

    Args:
        build: the database that dbt built.
        tables: the marts to publish.
        target: the file that readers open.
        publication_id: name of the inputs that the build was made of.

    Raises:
        PublicationError: a table of the new file has not the rows of the build.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(fresh)) as connection:
            connection.execute(f"attach {quoted(build)} as build (read_only)")
            for table in tables:
                _copy(connection, table)
            rows = _checked(connection, tables)
            _sign(connection, publication_id)
            connection.execute("detach build")
            connection.execute("checkpoint")
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
        fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)
    return Publication(publication_id, rows)


def _copy(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Copy rows and descriptions; constraints and dbt's tests were held to on the build."""
    name = f'"{table}"'
    connection.execute(f"create table {name} as select * from build.{BUILD_SCHEMA}.{name}")
    comment = connection.execute(
        "select comment from duckdb_tables() where database_name = 'build' "
        "and schema_name = ? and table_name = ?",
        [BUILD_SCHEMA, table],
    ).fetchone()
    if comment and comment[0]:
        connection.execute(f"comment on table {name} is {quoted(comment[0])}")
    for column, text in connection.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'build' "
        "and schema_name = ? and table_name = ? and comment is not null",
        [BUILD_SCHEMA, table],
    ).fetchall():
        connection.execute(f'comment on column {name}."{column}" is {quoted(text)}')


def _checked(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for table in tables:
        new, old = (
            connection.execute(f'select count(*) from {schema}"{table}"').fetchall()[0][0]
            for schema in ("", f"build.{BUILD_SCHEMA}.")
        )
        if new != old:
            raise PublicationError(f"{table} has {new} rows in the new file and {old} in the build")
        rows[table] = new
    return rows


def _sign(connection: duckdb.DuckDBPyConnection, publication_id: str) -> None:
    connection.execute(
        "create table publication as select ? as publication_id, ?::timestamptz as published_at",
        [publication_id, datetime.now(UTC)],
    )
    for what, text in (
        ("table publication", "What this file was made of and when. Grain: one row."),
        (
            "column publication.publication_id",
            "Hash of all that went in: equal ones hold the same.",
        ),
        ("column publication.published_at", "When the file was written."),
    ):
        connection.execute(f"comment on {what} is {quoted(text)}")
