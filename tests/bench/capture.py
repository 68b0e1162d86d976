"""Capture against Spark that only reads the same files and writes them as Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import SparkSession

from spark_jobs.capture import capture
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import Plan, plan_capture
from spark_jobs.sources import Sources, read_sources
from tests.bench.timing import Comparison, compare

FORMATS = {"reddit": "json", "x": "json", "customer_care": "csv", "crm_orders": "csv"}


def bench_capture(
    spark: SparkSession, folder: Path, posts: int, repeats: int
) -> Iterator[Comparison]:
    """One comparison for each of several formats, on a generated landing folder."""
    landing = folder / "landing"
    generate(landing, folder / "truth", posts=posts)
    sources = read_sources(landing / "sources.yaml")
    for name, format_ in FORMATS.items():
        yield _one(spark, folder, landing, sources, name, format_, repeats)


def _one(
    spark: SparkSession,
    folder: Path,
    landing: Path,
    sources: Sources,
    name: str,
    format_: str,
    repeats: int,
) -> Comparison:
    rows = 0

    def ours(repeat: int) -> None:
        nonlocal rows
        lake = Lake(folder / "lakes" / f"{name}-{repeat}")
        lake.ensure_tables()
        plan: Plan = plan_capture(
            survey_landing(landing, sources), sources, lake, frozenset({name})
        )
        rows = capture(spark, plan, sources, lake, b"a secret of sixteen")["read"]

    def theirs(repeat: int) -> None:
        files = [str(path) for path in sorted(landing.glob(sources.named(name).glob))]
        reader = spark.read.option("multiLine", "true").option("header", "true")
        read = spark.read.json(files) if format_ == "json" else reader.csv(files)
        read.write.parquet(str(folder / "plain" / f"{name}-{repeat}"))

    compared = compare(
        f"capture of {name}", ours, "Spark read and write.parquet", theirs, 1, repeats
    )
    return Comparison(
        compared.name,
        compared.baseline,
        rows,
        compared.contender_seconds,
        compared.baseline_seconds,
    )
