"""Runs every benchmark and prints one table."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from orchestration.terminal import console, print_table
from spark_jobs.capture import capture
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import plan_capture
from spark_jobs.session import spark_session
from spark_jobs.sources import read_sources
from tests.bench.annotation import bench_annotation
from tests.bench.capture import bench_capture
from tests.bench.timing import HEADERS, peak_memory_megabytes


def main() -> None:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--posts", type=int, default=50_000, help="generated posts")
    parser.add_argument("--repeats", type=int, default=3, help="counted rounds")
    parser.add_argument("--master", default="local[2]", help="Spark master")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spark = spark_session("causerie bench", arguments.master, folder / "spark")
        try:
            compared = list(bench_capture(spark, folder, arguments.posts, arguments.repeats))
            landing, lake = folder / "landing", Lake(folder / "lake")
            sources = read_sources(landing / "sources.yaml")
            lake.ensure_tables()
            plan = plan_capture(survey_landing(landing, sources), sources, lake)
            lake.write_configuration(sources)
            capture(spark, plan, sources, lake, b"a secret of sixteen")
            for source, batch_id in plan.batches.items():
                lake.promote_bronze(source, batch_id)
            compared.append(bench_annotation(spark, lake, folder, 1))
        finally:
            spark.stop()
    print_table(
        f"{arguments.posts:,} posts, {arguments.master}, medians of {arguments.repeats} rounds",
        HEADERS,
        [comparison.row() for comparison in compared],
    )
    console().print(
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
        f"largest process {peak_memory_megabytes():,.0f} MB"
    )


if __name__ == "__main__":
    main()
