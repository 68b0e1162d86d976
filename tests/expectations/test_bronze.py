"""The gate after capture: a good batch passes, each kind of bad one is stopped and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.bronze import check_bronze
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.sources import QuarantineLimit, Source
from spark_jobs.tables.bronze import TABLES

SOURCE = Source(name="reddit", adapter="reddit", glob="reddit/*", channel="reddit")
BATCH = "batch"
Rows = dict[str, list[dict[str, Any]]]


def good() -> Rows:
    """A batch of two posts and one quarantined line."""
    post = {"channel": "reddit", "raw": "{}", "file": "reddit/a.ndjson", "batch_id": BATCH}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "posts": [
            {**post, "position": 1, "post_id": "t1_1", "record_hash": "one", "reply_count": 3},
            {**post, "position": 2, "post_id": "t1_2", "record_hash": "two"},
        ],
        "quarantine": [
            {
                "batch_id": BATCH,
                "file": "reddit/a.ndjson",
                "position": 3,
                "reason": "not_json",
                "detail": "cut",
                "raw": "{",
                "raw_excerpt": "{",
            }
        ],
        "ledger": [
            {
                "batch_id": BATCH,
                "file": "reddit/a.ndjson",
                "content_hash": "hash",
                "byte_count": 9,
                "modified_at": now,
                "adapter": "reddit",
                "rows_read_count": 3,
                "rows_accepted_count": 2,
                "rows_duplicate_count": 0,
                "rows_quarantined_count": 1,
                "reasons": '{"not_json": 1}',
                "captured_at": now,
                "seconds": 0.1,
                "unmapped_fields": [],
            }
        ],
    }


def candidate(root: Path, rows: Rows, without: str | None = None) -> Lake:
    lake = Lake(root)
    for name, records in rows.items():
        schema = pa.schema(
            field for field in TABLES[name].arrow_schema if field.name not in PARTITIONS
        )
        nullable = pa.schema(field.with_nullable(True) for field in schema)
        table = pa.Table.from_pylist(records, schema=nullable)
        folder = lake.bronze_candidate(SOURCE.name, BATCH) / name
        folder.mkdir(parents=True)
        pq.write_table(
            table.drop_columns([without] if without in table.column_names else []),
            folder / "a.parquet",
        )
    return lake


def test_a_good_batch_passes(tmp_path: Path) -> None:
    report = check_bronze(candidate(tmp_path, good()), SOURCE, BATCH)
    assert report.passed, str(report)
    assert report.expectation_count > 50


def lose_a_row(rows: Rows) -> None:
    rows["posts"].pop()


def lose_a_count(rows: Rows) -> None:
    rows["ledger"][0]["rows_duplicate_count"] = 1


def repeat_a_version(rows: Rows) -> None:
    rows["posts"][1].update(post_id="t1_1", record_hash="one")


def forget_an_id(rows: Rows) -> None:
    rows["posts"][1]["post_id"] = None


def count_below_zero(rows: Rows) -> None:
    rows["posts"][0]["reply_count"] = -1


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lose_a_row, "rows in tables"),
        (lose_a_count, "reddit/a.ndjson: rows read = accepted + duplicate + quarantined"),
        (repeat_a_version, "expect_compound_columns_to_be_unique"),
        (forget_an_id, "column=post_id"),
        (count_below_zero, "file reddit/a.ndjson, position 1"),
    ],
)
def test_a_bad_batch_is_stopped_and_the_fault_named(
    tmp_path: Path, spoil: Callable[[Rows], None], named: str
) -> None:
    rows = good()
    spoil(rows)
    report = check_bronze(candidate(tmp_path, rows), SOURCE, BATCH)
    assert not report.passed
    assert named in str(report)


def test_too_much_in_quarantine_is_stopped_from_some_rows_on(tmp_path: Path) -> None:
    lake = candidate(tmp_path, good())
    strict = QuarantineLimit(share=0.3, at_least_rows=3)
    report = check_bronze(lake, SOURCE.model_copy(update={"quarantine_limit": strict}), BATCH)
    assert "33.3% of 3 rows could not be read, the limit of source reddit is 30.0%" in str(report)
    assert "not_json 1" in str(report)
    lenient = QuarantineLimit(share=0.3, at_least_rows=4)
    assert check_bronze(lake, SOURCE.model_copy(update={"quarantine_limit": lenient}), BATCH).passed
