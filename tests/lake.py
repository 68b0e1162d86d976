"""A small lake for tests: rows as dicts, written as the Parquet that capture and annotation leave.

Any part of the suite that reads bronze or silver may use it. What is not given is null, or the
default that a required column needs; the shapes are the declared ones, so a row that does not fit
its table fails here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.adapters.outcomes import text_key
from spark_jobs.tables import bronze, configuration, silver
from spark_jobs.tables.declaration import Table

ANNOTATION_VERSION = "v1"
BATCH = "batch-1"

Row = dict[str, Any]

_CAPTURED = datetime(2026, 1, 31, tzinfo=UTC)
_DEFAULTS: dict[str, Row] = {
    "posts": {"source": "x", "channel": "x"},
    "accounts": {"source": "x", "channel": "x"},
    "interactions": {"source": "x", "channel": "x"},
    "tags": {"source": "stackexchange", "channel": "forum"},
    "customers": {"source": "crm_customers"},
    "orders": {"source": "crm_orders", "currency": "EUR", "status": "delivered"},
    "order_lines": {"source": "crm_order_lines", "currency": "EUR"},
    "surveys": {"source": "crm_surveys"},
    "loyalty": {"source": "crm_loyalty", "movement_type": "earn"},
    "consents": {"source": "crm_consents", "purpose": "newsletter", "is_granted": True},
    "identity_decisions": {
        "source": "crm_identity_decisions",
        "record_source": "crm",
        "other_record_source": "crm",
        "author": "Lea",
    },
    "ledger": {
        "content_hash": "00",
        "byte_count": 1,
        "modified_at": _CAPTURED,
        "captured_at": _CAPTURED,
        "adapter": "x_api_v2",
        "reasons": "{}",
        "rows_read_count": 0,
        "rows_accepted_count": 0,
        "rows_duplicate_count": 0,
        "rows_quarantined_count": 0,
        "seconds": 0.0,
        "unmapped_fields": [],
    },
    "quarantine": {"detail": "", "raw": "", "raw_excerpt": ""},
    "text_annotations": {
        "annotation_version": ANNOTATION_VERSION,
        "language": "und",
        "language_model": "none",
        "is_cut": False,
        "character_count": 0,
    },
    "brands": {"aliases": [], "products": [], "is_competitor": False},
    "brand_accounts": {"is_automated": False},
    "currency_rates": {"in_currency": "EUR", "valid_from": date(2020, 1, 1), "origin": "accounts"},
    "sources": {"adapter": "x_api_v2", "channel": "x", "time_zone": "UTC"},
}
_INSTANTS = {pa.timestamp("us", tz="UTC")}


def at(text: str) -> datetime:
    """An instant: `2026-01-01 10:00` read as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _completed(table: Table, row: Row, number: int) -> Row:
    unknown = set(row) - set(table.column_names)
    if unknown:
        raise ValueError(f"table {table.name} has no columns {sorted(unknown)}")
    values: Row = dict.fromkeys(table.column_names)
    provenance = {
        "batch_id": BATCH,
        "file": f"{table.name}.dump",
        "position": number,
        "raw": "",
    }
    values.update({name: value for name, value in provenance.items() if name in values})
    values.update(_DEFAULTS.get(table.name, {}))
    values.update(row)
    for column in table.columns:
        value = values[column.name]
        if column.type in _INSTANTS and isinstance(value, str):
            values[column.name] = at(value)
        elif pa.types.is_decimal(column.type) and value is not None:
            step = Decimal(1).scaleb(-column.type.scale)
            values[column.name] = Decimal(str(value)).quantize(step)
    if "text_key" in values and values.get("text") is not None and values["text_key"] is None:
        values["text_key"] = text_key(values["text"])
    if table.hashed and values["record_hash"] is None:
        content = repr([values[name] for name in table.hashed])
        values["record_hash"] = hashlib.sha256(content.encode()).hexdigest()[:32]
    return values


def _write(folder: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write rows below `folder`, one file for each source and batch."""
    schema = pa.schema([field for field in table.arrow_schema if field.name != "source"])
    groups: dict[tuple[str, str], list[Row]] = {}
    for number, row in enumerate(rows, start=1):
        values = _completed(table, row, number)
        groups.setdefault((values["source"], values["batch_id"]), []).append(values)
    for (source, batch_id), group in groups.items():
        target = folder / f"source={source}" / f"part={batch_id}"
        target.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            pa.Table.from_pylist(group, schema=schema), target / f"part-{len(group)}.parquet"
        )


def _write_empty(folder: Path, table: Table, partitions: tuple[str, ...]) -> None:
    schema = pa.schema([field for field in table.arrow_schema if field.name not in partitions])
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(schema.empty_table(), folder / "empty.parquet")


def record_hash(table: str, row: Row) -> str:
    """The hash that a row gets in bronze, wherever it lies."""
    return str(_completed(bronze.TABLES[table], row, 1)["record_hash"])


def annotation(text: str, **values: Any) -> Row:
    """The annotation of a text that holds nothing personal."""
    return {
        "text_key": text_key(text),
        "text_masked": text,
        "character_count": len(text),
        **values,
    }


def write_lake(home: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """Write bronze and silver below `home`; tables that are not named exist and are empty.

    Texts of posts and surveys that no annotation is given for are annotated as unknown.
    """
    known = {*bronze.TABLES, *configuration.TABLES, *silver.TABLES}
    unknown = set(tables) - known
    if unknown:
        raise ValueError(f"no such tables: {sorted(unknown)}")
    for name, table in bronze.TABLES.items():
        folder = home / "bronze" / name
        _write_empty(folder / "source=_none" / "part=_none", table, ("source",))
        _write(folder, table, tables.get(name, ()))
    for name, table in configuration.TABLES.items():
        folder = home / "bronze" / name
        folder.mkdir(parents=True, exist_ok=True)
        rows = [_completed(table, row, 1) for row in tables.get(name, ())]
        pq.write_table(
            pa.Table.from_pylist(rows, schema=table.arrow_schema), folder / f"{name}.parquet"
        )
    annotations = {row["text_key"]: row for row in tables.get("text_annotations", ())}
    for row in [*tables.get("posts", ()), *tables.get("surveys", ())]:
        if row.get("text") is not None:
            annotations.setdefault(text_key(row["text"]), annotation(row["text"]))
    folder = home / "silver" / "text_annotations"
    version = folder / f"annotation_version={ANNOTATION_VERSION}"
    _write_empty(version / "batch_id=_none", silver.TEXT_ANNOTATIONS, ("annotation_version",))
    write_annotations(version / f"batch_id={BATCH}", list(annotations.values()))
    for table in (silver.TOPICS, silver.TEXT_TOPICS):
        target = home / "silver" / "topics" / "run=1" / table.name
        target.mkdir(parents=True, exist_ok=True)
        rows = [_completed(table, row, 1) for row in tables.get(table.name, ())]
        pq.write_table(
            pa.Table.from_pylist(rows, schema=table.arrow_schema), target / "part.parquet"
        )


def write_annotations(folder: Path, rows: list[Row]) -> None:
    """Write one batch of annotations into `folder`."""
    table = silver.TEXT_ANNOTATIONS
    schema = pa.schema(
        [field for field in table.arrow_schema if field.name != "annotation_version"]
    )
    folder.mkdir(parents=True, exist_ok=True)
    completed = [_completed(table, row, number) for number, row in enumerate(rows, start=1)]
    pq.write_table(pa.Table.from_pylist(completed, schema=schema), folder / "part.parquet")
