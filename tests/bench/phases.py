"""Where the time of a capture goes, from the split of a file to the ledger.

What workers do, opening, parsing, cleaning and writing, is timed in this process on one piece of
the file; what the driver and Spark do, on the whole capture.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from pyspark.sql import SparkSession

from spark_jobs.adapters.registry import adapter_named
from spark_jobs.opening import opened
from spark_jobs.pieces import Piece
from spark_jobs.reading import chunks_of, passage_of
from spark_jobs.records import rows_of
from spark_jobs.sources import Source, Sources
from spark_jobs.tables.bronze import TABLES
from spark_jobs.writing import TableFile
from tests.bench.capture import SECRET, capture_one
from tests.bench.deliveries import FORMATS

HEADERS = ("source", "split", "open", "parse", "clean", "write", "marks and ledger")
Phases = tuple[str, float, float, float, float, float, float]


def bench_phases(spark: SparkSession, folder: Path, sources: Sources) -> Iterator[Phases]:
    """Microseconds a record of each phase, of one core for what workers do."""
    for name in FORMATS:
        captured = capture_one(spark, folder, sources, name)
        of_worker = _of_worker(captured.pieces[0], sources.named(name), folder / "phases")
        cores = spark.sparkContext.defaultParallelism
        rest = captured.capture_seconds - captured.worker_seconds / cores
        split, rest = (
            seconds / captured.rows * 1e6 for seconds in (captured.plan_seconds, max(rest, 0.0))
        )
        yield name, split, *of_worker, rest


def _of_worker(piece: Piece, source: Source, folder: Path) -> tuple[float, float, float, float]:
    times = [time.perf_counter()]
    with opened(piece, source) as stream:
        while stream.read(1024 * 1024):
            pass
    times.append(time.perf_counter())
    with opened(piece, source) as stream:
        outcomes = adapter_named(source.adapter).read(stream, source, passage_of(piece, source))
        chunks = [chunk for chunk, _ in chunks_of(outcomes)]
    times.append(time.perf_counter())
    rows = [each for chunk in chunks for each in rows_of(chunk, source, SECRET)]
    times.append(time.perf_counter())
    files = {
        each.table: TableFile(folder / each.table / "0.parquet", TABLES[each.table])
        for each in rows
    }
    for each in rows:
        files[each.table].append(piece, each)
    for file in files.values():
        file.close()
    times.append(time.perf_counter())
    shutil.rmtree(folder)
    count = sum(each.count for each in rows)
    opening, parsing, cleaning, writing = (
        (end - start) / count * 1e6 for start, end in pairwise(times)
    )
    return opening, max(parsing - opening, 0.0), cleaning, writing
