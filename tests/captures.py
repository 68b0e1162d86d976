"""Captures in tests, on Spark: planned, gated and promoted as a run does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from expectations.bronze import check_bronze
from spark_jobs.capture import Captured
from spark_jobs.capture import capture as capture_plan
from spark_jobs.lake import Lake
from spark_jobs.landing import Delivery, survey_landing
from spark_jobs.plan import plan_capture
from spark_jobs.rewriting import promote
from spark_jobs.session import spark_session
from spark_jobs.sources import SHIPPED_SOURCES, Sources, read_sources
from spark_jobs.tables.capture_log import LEDGER

SHIPPED = read_sources(SHIPPED_SOURCES)
SECRET = "a secret of sixteen or more"

Capture = Callable[..., Captured]


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Capture]:
    """Plans, captures, gates and promotes, as a run does, in one session for all tests."""
    with_spark = spark_session("captures", "local[2]", tmp_path_factory.mktemp("spark"))

    def run(
        landing: Path,
        home: Path,
        sources: Sources = SHIPPED,
        again: Callable[[Delivery, Lake], frozenset[str]] = lambda _delivery, _lake: frozenset(),
    ) -> Captured:
        lake = Lake(home)
        lake.recover()
        lake.ensure_tables()
        delivery = survey_landing(landing, sources)
        plan = plan_capture(delivery, sources, lake, again=again(delivery, lake))
        captured = capture_plan(with_spark, plan, sources, lake, SECRET.encode())
        for source, batch_id in plan.batches.items():
            if source in captured.failures:
                continue
            report = check_bronze(lake, sources.named(source), batch_id)
            assert report.passed, str(report)
            promote(lake, plan, source)
        return captured

    yield run
    with_spark.stop()


def ledger(home: Path) -> dict[str, dict[str, Any]]:
    columns = ["batch_id", *(name for name in LEDGER.column_names if name != "batch_id")]
    return {row["file"]: row for row in Lake(home).read_bronze("ledger", columns).to_pylist()}


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    """Rows read, accepted, duplicate, quarantined."""
    return tuple(
        row[f"rows_{what}_count"] for what in ("read", "accepted", "duplicate", "quarantined")
    )
