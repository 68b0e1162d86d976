"""The build of all marts, with dbt's tests of the data, on a lake of a million posts.

A small demo is captured and annotated for real, and its lake repeated (``lakes``): so there are
texts, people and orders enough, but no more ways of writing than the demo has. The first build
also trains the model of who is who; the second has one post, person and order in a hundred more,
and what the first one published.
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

from orchestration.assets.warehouse import DBT_BUILD, PROJECT, dbt_environment
from orchestration.home import Home
from orchestration.publication import publish
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
from tests.bench.lakes import add_copies, multiply_lake

DEMO_POSTS = 6_000
MOST_SECONDS = 300
INCREMENT = 0.01
MOST_OF_FULL = 20
"""Per cent of the seconds of the full build that the build after an increment may take."""
SLOWEST = 10
Measured = tuple[str, int, int]
"""What was measured, the number found, and the most that is allowed."""


def bench_warehouse(
    spark: SparkSession, folder: Path, posts: int
) -> tuple[str, list[Measured], list[tuple[str, float]]]:
    """What the lake holds, both builds beside their bars, and the first one's slowest nodes."""
    small, big = Lake(folder / "small"), Lake(folder / "big")
    _capture_demo(spark, folder / "demo", small)
    copies = -(-posts // DEMO_POSTS)
    multiply_lake(small, big, copies)
    full, results = _build(big.root)
    contents = _contents(big)
    _publish(big)
    add_copies(small, big, range(copies, copies + round(copies * INCREMENT)))
    increment, _ = _build(big.root)
    slowest = sorted(results.items(), key=lambda entry: -entry[1])[:SLOWEST]
    measured = [
        ("dbt build of all marts, s", round(full), MOST_SECONDS),
        (f"with {INCREMENT:.0%} more, % of that", round(100 * increment / full), MOST_OF_FULL),
    ]
    return contents, measured, slowest


def _capture_demo(spark: SparkSession, landing: Path, lake: Lake) -> None:
    generate(landing, landing.with_name("truth"), posts=DEMO_POSTS)
    sources = read_sources(landing / "sources.yaml")
    lake.ensure_tables()
    lake.write_configuration(sources)
    topic_store.ensure(lake.silver)
    plan = plan_capture(survey_landing(landing, sources), sources, lake)
    if failures := capture(spark, plan, sources, lake, SECRET).failures:
        raise RuntimeError(f"the demo could not be captured: {failures}")
    for source in plan.batches:
        promote(lake, plan, source)
    version = annotation_version(read_catalogue(lake.bronze))
    lake.ensure_annotations(version)
    annotate(spark, lake.bronze, lake.silver, lake.silver_candidate("demo"))
    lake.promote_silver(version, "demo")


def _build(home: Path) -> tuple[float, dict[str, float]]:
    """Build as a run does; the seconds of all, and of each node by its name."""
    (home / "warehouse").mkdir(exist_ok=True)
    environment = dbt_environment(Home(home, home / "landing")) | {"DBT_LOG_FORMAT": "json"}
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    began = time.perf_counter()
    built = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *DBT_BUILD, *folders],
        env=os.environ | environment,
        check=False,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    events = [json.loads(line) for line in built.stdout.splitlines()]
    if built.returncode:
        errors = [event["info"]["msg"] for event in events if event["info"]["level"] == "error"]
        raise RuntimeError("\n".join(["dbt could not build the marts:", *errors, built.stderr]))
    told = [event["data"] for event in events]
    return seconds, {
        data["node_info"]["node_name"]: data["execution_time"]
        for data in told
        if "node_info" in data and "execution_time" in data
    }


def _publish(lake: Lake) -> None:
    """Publish the build: what was published is what the next build remembers of who is who."""
    build = lake.root / "warehouse" / "build.duckdb"
    with duckdb.connect(str(build), read_only=True) as connection:
        marts = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    publish(build, [name for (name,) in marts], lake.root / "published" / "warehouse.duckdb", "one")


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
