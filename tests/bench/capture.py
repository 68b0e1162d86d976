"""Capture against Spark that only reads the same file and writes it as Parquet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from spark_jobs.capture import capture
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import plan_capture
from spark_jobs.sources import Sources
from tests.bench.deliveries import FORMATS
from tests.bench.memory import peak_memory
from tests.bench.timing import Comparison, compare

SECRET = b"a secret of sixteen"


def bench_capture(
    spark: SparkSession, folder: Path, sources: Sources, repeats: int
) -> Iterator[Comparison]:
    """One comparison for each format, on the files below ``folder/landing``."""
    for name, (file, _) in FORMATS.items():
        rows = 0

        def ours(_: int, name: str = name) -> None:
            nonlocal rows
            rows = capture_one(spark, folder, sources, name)

        def theirs(_: int, file: str = file) -> None:
            written = folder / "plain"
            plain_read(spark, folder / "landing" / file).write.parquet(str(written))
            shutil.rmtree(written)

        compared = compare(
            f"capture of {file}", ours, "Spark read and write.parquet", theirs, 1, repeats
        )
        yield Comparison(
            compared.name,
            compared.baseline,
            rows,
            compared.contender_seconds,
            compared.baseline_seconds,
        )


def capture_one(spark: SparkSession, folder: Path, sources: Sources, name: str) -> int:
    """Capture the file of one source into a new lake, and forget it; how many rows were read."""
    lake = Lake(folder / "lake")
    lake.ensure_tables()
    delivery = survey_landing(folder / "landing", sources)
    plan = plan_capture(delivery, sources, lake, frozenset({name}))
    rows = capture(spark, plan, sources, lake, SECRET).rows
    if rows["accepted"] < 0.99 * rows["read"]:  # the demo breaks a few records on purpose
        raise RuntimeError(f"{name}: too few records of the bench are accepted: {rows}")
    shutil.rmtree(lake.root)
    return rows["read"]


def plain_read(spark: SparkSession, file: Path) -> DataFrame:
    """The fastest way in which Spark reads the file: split at line ends, on every core."""
    if file.suffix == ".csv":
        return spark.read.option("header", "true").csv(str(file))
    return spark.read.json(str(file))


def bench_memory(
    spark: SparkSession, folder: Path, sources: Sources
) -> Iterator[tuple[str, float]]:
    """Most memory that a capture of each format uses: driver, JVM and workers together."""
    for name in FORMATS:
        with peak_memory() as peak:
            capture_one(spark, folder, sources, name)
        yield name, peak.megabytes
