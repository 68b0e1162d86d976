"""Runs every benchmark and prints one table of each kind."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from orchestration.terminal import console, print_table
from spark_jobs.session import spark_session
from tests.bench import phases
from tests.bench.annotation import bench_annotation
from tests.bench.capture import bench_capture, bench_memory
from tests.bench.deliveries import make_deliveries
from tests.bench.identity import HEADERS as IDENTITY_HEADERS
from tests.bench.identity import SIZES, bench_identity
from tests.bench.timing import HEADERS, Comparison
from tests.bench.topics import bench_topics
from tests.bench.warehouse import bench_warehouse

KINDS = ("capture", "annotation", "topics", "identity", "warehouse")


def main() -> None:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--records", type=int, default=2_000_000, help="records of a big file")
    parser.add_argument(
        "--posts",
        type=int,
        default=50_000,
        help="generated posts to annotate, and to find topics in",
    )
    parser.add_argument(
        "--customers", type=int, nargs="+", default=SIZES, help="CRM customers to link"
    )
    parser.add_argument("--marts-posts", type=int, default=1_000_000, help="posts of the marts")
    parser.add_argument("--repeats", type=int, default=3, help="counted rounds")
    parser.add_argument("--master", default="local[2]", help="Spark master")
    arguments = parser.parse_args()
    kinds = arguments.kinds or KINDS
    if unknown := set(kinds) - set(KINDS):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spark = spark_session("causerie bench", arguments.master, folder / "spark")
        try:
            if "capture" in kinds:
                _capture(spark, folder, arguments.records, arguments.repeats, arguments.master)
            if "annotation" in kinds:
                _annotation(spark, folder / "annotation", arguments.posts, arguments.master)
            if "topics" in kinds:
                measured = bench_topics(folder / "topics", arguments.posts)
                print_table("The topic job", ("measured", "found", "bar"), measured)
            if "warehouse" in kinds:
                _warehouse(spark, folder / "warehouse", arguments.marts_posts)
        finally:
            spark.stop()
    if "identity" in kinds:
        print_table(
            f"Who is who, medians of {arguments.repeats} rounds",
            IDENTITY_HEADERS,
            list(bench_identity(tuple(arguments.customers), arguments.repeats)),
        )
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    console().print(machine)


def _capture(spark: SparkSession, folder: Path, records: int, repeats: int, master: str) -> None:
    small, big = folder / "small", folder / "big"
    small_memory = dict(bench_memory(spark, small, make_deliveries(small, records // 10)))
    sources = make_deliveries(big, records)
    big_memory = dict(bench_memory(spark, big, sources))
    print_table(
        f"Most memory of a capture, MB: driver, JVM and workers, {master}",
        ("source", f"{records // 10:,} records", f"{records:,} records", "ratio"),
        [
            (source, round(small_memory[source]), round(peak), peak / small_memory[source])
            for source, peak in big_memory.items()
        ],
    )
    print_table(
        f"Microseconds a record: workers on one core, the rest as it passes, {master}",
        phases.HEADERS,
        list(phases.bench_phases(spark, big, sources)),
    )
    title = f"{records:,} records a file, {master}, medians of {repeats} rounds"
    _print(title, list(bench_capture(spark, big, sources, repeats)))


def _annotation(spark: SparkSession, folder: Path, posts: int, master: str) -> None:
    compared, measured = bench_annotation(spark, folder, posts, master)
    _print(f"{posts:,} posts, {master}, models loaded, one round", compared)
    print_table(f"Annotation, {master}", ("measured", "found", "bar"), measured)


def _warehouse(spark: SparkSession, folder: Path, posts: int) -> None:
    contents, measured, slowest = bench_warehouse(spark, folder, posts)
    print_table(f"All marts of {contents}", ("measured", "found", "at most"), measured)
    print_table("Slowest nodes of the build", ("node", "seconds"), slowest)


def _print(title: str, compared: list[Comparison]) -> None:
    print_table(title, HEADERS, [comparison.row() for comparison in compared])


if __name__ == "__main__":
    main()
