"""The gate after capture: a good batch passes, each kind of bad one is stopped and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from capture_candidate import rewrite, with_value

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


def candidate(root: Path, rows: Rows) -> Lake:
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
            table,
            folder / "a.parquet",
        )
    return lake


def test_a_good_batch_passes(tmp_path: Path) -> None:
    report = check_bronze(candidate(tmp_path, good()), SOURCE, BATCH)
    assert report.passed, str(report)
    assert report.expectation_count > 50


def lose_a_row(rows: Rows) -> None:
    rows["posts"].pop()


def lose_a_place(rows: Rows) -> None:
    rows["ledger"][0] |= {"rows_read_count": 4, "rows_duplicate_count": 1}


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
        (lose_a_place, "places of duplicates"),
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


def test_each_file_that_the_job_failed_at_is_named(tmp_path: Path) -> None:
    stack = (
        "Traceback (most recent call last):\n  File ...\nValueError: not that for ana@example.org"
    )
    failures = [{"file": name, "error": stack} for name in ("reddit/a.ndjson", "reddit/b.ndjson")]
    report = check_bronze(Lake(tmp_path), SOURCE, BATCH, failures)
    assert [finding.expectation.split(" could")[0] for finding in report.findings] == [
        "reddit/a.ndjson",
        "reddit/b.ndjson",
    ]
    assert "ValueError: not that for" in str(report)
    assert "ana@example.org" not in str(report)
    assert "Traceback" not in str(report)


def spoil_type(folder: Path) -> None:
    rewrite(folder / "posts", lambda table: with_type(table, "reply_count", pa.string()))


def add_column(folder: Path) -> None:
    rewrite(
        folder / "posts",
        lambda table: table.append_column("mood", pa.array(["x"] * table.num_rows)),
    )


def forget_raw(folder: Path) -> None:
    rewrite(folder / "posts", lambda table: with_value(table, 1, "raw", None))


def break_ledger(folder: Path) -> None:
    rewrite(folder / "ledger", lambda table: table.drop_columns(["rows_read_count"]))


def damage(folder: Path) -> None:
    (folder / "posts" / "a.parquet").write_bytes(b"PAR1 half of it")


def add_table(folder: Path) -> None:
    (folder / "postz").mkdir()


def with_type(table: pa.Table, column: str, type_: pa.DataType) -> pa.Table:
    index = table.column_names.index(column)
    return table.set_column(index, column, table[column].cast(type_))


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (spoil_type, "file reddit/a.ndjson, declared_type int64, found_type string"),
        (add_column, "column mood, file reddit/a.ndjson, declared_type absent, found_type string"),
        (forget_raw, "column=raw): 1 rows, such as file reddit/a.ndjson, position 2"),
        (break_ledger, "column rows_read_count"),
        (damage, "a Parquet file cannot be read: a.parquet"),
        (add_table, "table postz, declared_type absent, found_type table"),
    ],
)
def test_a_broken_shape_is_stopped_and_named(
    tmp_path: Path, spoil: Callable[[Path], None], named: str
) -> None:
    lake = candidate(tmp_path, good())
    spoil(lake.bronze_candidate(SOURCE.name, BATCH))
    report = check_bronze(lake, SOURCE, BATCH)
    assert not report.passed
    assert named in str(report)
