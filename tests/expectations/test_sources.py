"""Each source that ships: a good batch gets through its gate, a bad one is stopped and named.

Records go through the source's real adapter and are written as the engine writes them; Spark is
not needed for that.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from capture_candidate import capture_without_spark, rewrite, with_value
from source_examples import EXAMPLES, Example

from expectations.bronze import check_bronze
from expectations.gate import GateReport
from spark_jobs.lake import Lake
from spark_jobs.sources import SHIPPED_SOURCES, QuarantineLimit, Source, Sources, read_sources

SHIPPED = read_sources(SHIPPED_SOURCES).sources
LIMIT = QuarantineLimit(share=0.25, at_least_rows=100)

every_source = pytest.mark.parametrize("source", SHIPPED, ids=lambda source: source.name)


class Batch:
    """One batch of one source, not judged yet."""

    def __init__(self, folder: Path, source: Source, good: int, bad: int = 0) -> None:
        assert source.name in EXAMPLES, (
            f"add an example of {source.name} to tests/source_examples.py"
        )
        self.example: Example = EXAMPLES[source.name]
        self.source = source.model_copy(update={"quarantine_limit": LIMIT})
        self.lake = Lake(folder / "home")
        file = folder / "landing" / self.example.file
        file.parent.mkdir(parents=True)
        file.write_text(self.example.content(good, bad), encoding="utf-8")
        batches = capture_without_spark(
            folder / "landing", self.lake, Sources(sources=(self.source,))
        )
        self.batch_id = batches[source.name]
        self.table = self.lake.bronze_candidate(source.name, self.batch_id) / self.example.table

    def judged(self) -> GateReport:
        return check_bronze(self.lake, self.source, self.batch_id)


def test_every_example_is_of_a_source_that_ships() -> None:
    assert set(EXAMPLES) == {source.name for source in SHIPPED}


@every_source
def test_a_good_batch_is_promoted(tmp_path: Path, source: Source) -> None:
    batch = Batch(tmp_path, source, good=120, bad=3)
    report = batch.judged()
    assert report.passed, str(report)
    batch.lake.promote_bronze(source.name, batch.batch_id)
    counts = {
        table: batch.lake.read_bronze(table, ["file"], source=source.name).num_rows
        for table in (batch.example.table, "quarantine")
    }
    assert counts == {batch.example.table: 120, "quarantine": 3}


@every_source
def test_a_batch_with_too_much_unreadable_is_stopped(tmp_path: Path, source: Source) -> None:
    batch = Batch(tmp_path, source, good=60, bad=60)
    report = batch.judged()
    assert report.gate == f"bronze {source.name}"
    (finding,) = report.findings
    read = batch.lake.read_candidate(source.name, batch.batch_id, "ledger")["rows_read_count"]
    rows = sum(read.to_pylist())
    assert finding.expectation.startswith(
        f"{60 / rows:.1%} of {rows} rows could not be read, the limit of source {source.name} "
        "is 25.0% ("
    )
    assert finding.row_count == 60
    assert finding.rows[0]["file"] == batch.example.file
    assert finding.rows[0]["position"] > 0
    assert finding.rows[0]["detail"]


@every_source
def test_a_row_that_breaks_the_declaration_is_stopped(tmp_path: Path, source: Source) -> None:
    batch = Batch(tmp_path, source, good=3)
    (file,) = batch.table.glob("*.parquet")
    place = pq.read_table(file)["position"][1].as_py()
    rewrite(batch.table, partial(with_value, row=1, column=batch.example.field, value=None))
    (finding,) = batch.judged().findings
    assert finding.table == batch.example.table
    assert finding.expectation == (
        f"expect_column_values_to_not_be_null(column={batch.example.field})"
    )
    assert finding.row_count == 1
    assert (finding.rows[0]["file"], finding.rows[0]["position"]) == (batch.example.file, place)


@every_source
def test_a_batch_that_lacks_a_column_is_stopped(tmp_path: Path, source: Source) -> None:
    batch = Batch(tmp_path, source, good=3)
    rewrite(batch.table, lambda table: table.drop_columns([batch.example.field]))
    (finding,) = batch.judged().findings
    assert finding.rows[0]["found_type"] == "absent"
    assert finding.rows[0]["table"] == batch.example.table
    assert finding.rows[0]["column"] == batch.example.field
    assert finding.rows[0]["file"] == batch.example.file
