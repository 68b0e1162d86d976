"""Builds small published warehouses, with the tables and columns that the graph's model reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from graph.model import ELEMENTS
from graph.schema import Kind, Node


def table_columns() -> dict[str, dict[str, Kind]]:
    """Columns and their kinds, by table, as the model declares them."""
    tables: dict[str, dict[str, Kind]] = {}
    for element in ELEMENTS:
        columns = tables.setdefault(element.table, {})
        if isinstance(element, Node):
            columns[element.key.source_column] = element.key.kind
        else:
            columns.setdefault(element.start_column, Kind.TEXT)
            columns.setdefault(element.end_column, Kind.TEXT)
        for item in element.properties:
            columns[item.source_column] = item.kind
    return tables


def write_published(path: Path, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> Path:
    """Write a new warehouse file; a column that a row does not give is null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    tables = table_columns()
    if unknown := set(rows) - set(tables):
        raise ValueError(f"tables that the model does not read: {sorted(unknown)}")
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, columns in tables.items():
            declared = ", ".join(f'"{name}" {kind.value}' for name, kind in columns.items())
            connection.execute(f'create table "{table}" ({declared})')
            for row in rows.get(table, ()):
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f'insert into "{table}" ({names}) values ({marks})', list(row.values())
                )
    return path
