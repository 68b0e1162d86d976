"""The build of all marts, with dbt's tests of the data, on a lake of a million posts.

A small demo is captured and annotated for real, and its lake repeated (``lakes``): so there are
texts, people and orders enough, but no more ways of writing than the demo has.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from spark_jobs import topic_store
from spark_jobs.annotate import annotate, read_catalogue
from spark_jobs.capture import capture
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.plan import plan_capture
from spark_jobs.rewriting import promote
from spark_jobs.sources import read_sources
from tests.bench.capture import SECRET
from tests.bench.lakes import multiply_lake

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
DEMO_POSTS = 6_000
MOST_SECONDS = 300
SLOWEST = 10
Measured = tuple[str, int, int]
"""What was measured, the number found, and the most that is allowed."""


def bench_warehouse(
    spark: SparkSession, folder: Path, posts: int
) -> tuple[str, list[Measured], list[tuple[str, float]]]:
    """What the lake holds, the build beside its bars, and the seconds of its slowest models."""
    small, big = Lake(folder / "small"), Lake(folder / "big")
    _capture_demo(spark, folder / "demo", small)
    multiply_lake(small, big, copies=-(-posts // DEMO_POSTS))
    began = time.perf_counter()
    results = _build(big.root)
    seconds = round(time.perf_counter() - began)
    slowest = sorted(results.items(), key=lambda entry: -entry[1])[:SLOWEST]
    return _contents(big), [("dbt build of all marts, s", seconds, MOST_SECONDS)], slowest


def _capture_demo(spark: SparkSession, landing: Path, lake: Lake) -> None:
    generate(landing, landing.with_name("truth"), posts=DEMO_POSTS)
    sources = read_sources(landing / "sources.yaml")
    lake.ensure_tables()
    lake.write_configuration(sources)
    topic_store.write(topic_store.Known(), lake.silver / topic_store.FOLDER / "run=0")
    plan = plan_capture(survey_landing(landing, sources), sources, lake)
    if failures := capture(spark, plan, sources, lake, SECRET).failures:
        raise RuntimeError(f"the demo could not be captured: {failures}")
    for source in plan.batches:
        promote(lake, plan, source)
    version = annotation_version(read_catalogue(lake.bronze))
    lake.ensure_annotations(version)
    annotate(spark, lake.bronze, lake.silver, lake.silver_candidate("demo"))
    lake.promote_silver(version, "demo")


def _build(home: Path) -> dict[str, float]:
    """Build as a run does; the seconds of each node, by its name."""
    (home / "warehouse").mkdir()
    target = home / "dbt"
    environment = {
        "CAUSERIE_HOME": str(home),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    built = subprocess.run(
        # A run leaves dbt's own unit tests out too: they judge the code, not the data.
        [
            *(sys.executable, "-m", "dbt.cli.main", "build"),
            *("--exclude-resource-type", "unit_test", *folders),
        ],
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if built.returncode:
        raise RuntimeError(f"dbt could not build the marts:\n{built.stdout}{built.stderr}")
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {result["unique_id"].split(".")[2]: result["execution_time"] for result in results}


def _contents(lake: Lake) -> str:
    build = lake.root / "warehouse" / "build.duckdb"
    tables = {"posts": "fct_posts", "people": "dim_customers", "orders": "fct_orders"}
    with duckdb.connect(str(build), read_only=True) as connection:
        counts = {
            name: connection.execute(f"select count(*) from marts.{table}").fetchall()[0][0]
            for name, table in tables.items()
        }
        counts["CRM customers"] = connection.execute(
            "select count(*) from marts.bridge_customer_identifiers"
            " where identifier_type = 'crm_customer'"
        ).fetchall()[0][0]
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
