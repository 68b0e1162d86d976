"""Capture against Spark that only reads the same file and writes it as Parquet."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from spark_jobs.capture import capture
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.pieces import Piece
from spark_jobs.plan import plan_capture
from spark_jobs.sources import Sources
from tests.bench.deliveries import FORMATS
from tests.bench.memory import peak_memory
from tests.bench.timing import Comparison, compare

SECRET = b"a secret of sixteen"


@dataclass(frozen=True)
class Captured:
    """One capture: records read, the pieces of the file, and seconds; workers' are added up."""

    rows: int
    pieces: tuple[Piece, ...]
    plan_seconds: float
    capture_seconds: float
    worker_seconds: float


def bench_capture(
    spark: SparkSession, folder: Path, sources: Sources, repeats: int
) -> Iterator[Comparison]:
    """One comparison for each format, on the files below ``folder/landing``."""
    for name, format_ in FORMATS.items():
        rows = 0

        def ours(_: int, name: str = name) -> None:
            nonlocal rows
            rows = capture_one(spark, folder, sources, name).rows

        def theirs(_: int, file: str = format_.file) -> None:
            written = folder / "plain"
            plain_read(spark, folder / "landing" / file).write.parquet(str(written))
            shutil.rmtree(written)

        compared = compare(
            f"capture of {format_.file}", ours, "Spark read and write.parquet", theirs, 1, repeats
        )
        yield replace(compared, rows=rows)


def capture_one(spark: SparkSession, folder: Path, sources: Sources, name: str) -> Captured:
    """Capture the file of one source into a new lake, and forget it."""
    lake = Lake(folder / "lake")
    lake.ensure_tables()
    began = time.perf_counter()
    delivery = survey_landing(folder / "landing", sources)
    plan = plan_capture(delivery, sources, lake, frozenset({name}))
    planned = time.perf_counter()
    made = capture(spark, plan, sources, lake, SECRET)
    captured = time.perf_counter()
    rows = made.rows
    if made.failures:
        raise RuntimeError(f"{name}: {made.failures}")
    if rows["quarantined"] > 0.01 * rows["read"]:  # the demo breaks a few records on purpose
        raise RuntimeError(f"{name}: too many records of the bench are set aside: {rows}")
    (ledger,) = lake.bronze_candidate(name, plan.batches[name]).glob("ledger/*.parquet")
    worker_seconds = sum(pq.read_table(ledger)["seconds"].to_pylist())
    shutil.rmtree(lake.root)
    return Captured(rows["read"], plan.pieces, planned - began, captured - planned, worker_seconds)


def plain_read(spark: SparkSession, file: Path) -> DataFrame:
    """The fastest way in which Spark reads the file: split at line ends, on every core.

    It takes a line break inside quotes for the end of a record; to read those costs it more.
    """
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
