"""The capture job: from a plan to a candidate batch of bronze, one for each source.

Spark spreads the pieces of the files over its workers, which write the records themselves and
a mark for each (see ``reading``). From the marks come the records that bronze already holds or
that the batch holds twice; workers take them out of the files again. What a record is and whether
it can be read is the adapters' business; whether the batch is good, the gate's.
"""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql.pandas.types import from_arrow_schema

from spark_jobs.duplicates import find_dropped
from spark_jobs.lake import Lake
from spark_jobs.ledger import ledger_of, spans_of, tallies_by_file, write_ledger
from spark_jobs.pieces import Piece
from spark_jobs.plan import Plan
from spark_jobs.reading import SECRET_VARIABLE, TALLIES, read_load
from spark_jobs.report import write_report
from spark_jobs.session import spark_session
from spark_jobs.sources import Sources, read_sources
from spark_jobs.tallies import Tally
from spark_jobs.weeding import place_files, weed_out

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

COUNTS = ("read", "accepted", "duplicate", "quarantined")
FEW_COLLECTIONS = (200_000, 20, 20)
"""Records hold no cycles; looking for some as often as Python does costs a tenth of the time."""


@dataclass(frozen=True)
class Captured:
    """What a capture made: rows by outcome, and the sources at which the program failed.

    ``failures`` names, for each such source, the file and the error; it has no candidate.
    """

    rows: dict[str, int]
    failures: dict[str, list[dict[str, str]]]


def capture(
    spark: SparkSession, plan: Plan, sources: Sources, lake: Lake, secret: bytes
) -> Captured:
    """Read all that the plan names and write one candidate for each source."""
    work = lake.candidates / "capture"
    for folder in (lake.candidates / "bronze", work):
        shutil.rmtree(folder, ignore_errors=True)
    tallies = tallies_by_file(_read(spark, plan, sources, work, secret))
    refused = [number for number, tally in tallies.items() if tally.refusals]
    dropped = find_dropped(work, spans_of(tallies, plan), plan, lake, refused)
    parsed = work / "parsed"
    if dropped.loads:
        weed_out(spark, dropped, plan, parsed, lake)
    place_files(plan, parsed, lake)
    ledger = ledger_of(plan, tallies, dropped.counts, lake)
    write_ledger(ledger, plan, lake)
    failures = _failures(tallies, plan)
    for source in failures:
        shutil.rmtree(lake.bronze_candidate(source, plan.batches[source]))
    shutil.rmtree(work, ignore_errors=True)
    promotable = [row for row in ledger if row["source"] not in failures]
    rows = {name: sum(row[f"rows_{name}_count"] for row in promotable) for name in COUNTS}
    return Captured(rows, failures)


def _read(
    spark: SparkSession, plan: Plan, sources: Sources, work: Path, secret: bytes
) -> list[tuple[int, str]]:
    """Read every piece; the number of its file and its tally."""
    loads = _balanced(plan.pieces, spark.sparkContext.defaultParallelism * 4)
    read = _reader(loads, sources, work, secret)
    # One row and one partition a load: Spark gives each worker whole loads, never part of one.
    numbers = spark.range(0, len(loads), 1, max(1, len(loads)))
    rows = numbers.mapInArrow(read, from_arrow_schema(TALLIES)).collect()
    return [(row["file_number"], row["tally"]) for row in rows]


def _reader(
    loads: list[list[Piece]], sources: Sources, work: Path, secret: bytes
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        gc.set_threshold(*FEW_COLLECTIONS)
        gc.freeze()  # modules need not be gone through when Spark collects after each load
        for batch in batches:
            for load in batch.column(0).to_pylist():
                yield from read_load(load, loads[load], sources, work, secret)

    return read


def _balanced(pieces: tuple[Piece, ...], most: int) -> list[list[Piece]]:
    """Pieces in at most ``most`` loads of about equal bytes, the largest first."""
    loads: list[list[Piece]] = [[] for _ in range(min(most, len(pieces)))]
    sizes = [0] * len(loads)
    for piece in sorted(pieces, key=lambda piece: piece.start - piece.end):
        lightest = sizes.index(min(sizes))
        loads[lightest].append(piece)
        sizes[lightest] += piece.end - piece.start
    return loads


def _failures(tallies: dict[int, Tally], plan: Plan) -> dict[str, list[dict[str, str]]]:
    """The files at which the program failed, by source."""
    failures: dict[str, list[dict[str, str]]] = {}
    for number, tally in sorted(tallies.items()):
        file = plan.files[number]
        for error in tally.errors:
            failures.setdefault(file.source, []).append({"file": file.file, "error": error})
    return failures


def main() -> None:
    """Capture what a plan names; see ``--help``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--plan", type=Path, required=True, help="JSON of spark_jobs.plan.Plan")
    parser.add_argument("--sources", type=Path, required=True, help="the sources file")
    parser.add_argument("--lake", type=Path, required=True, help="root folder of the lake")
    parser.add_argument("--temporary", type=Path, required=True, help="folder for Spark's scratch")
    parser.add_argument("--report", type=Path, required=True, help="JSON file to write counts to")
    parser.add_argument("--master", default="local[*]", help="Spark master")
    arguments = parser.parse_args()
    secret = os.environ.get(SECRET_VARIABLE)
    if not secret:
        parser.error(f"{SECRET_VARIABLE} is not set: it keys the hashes of contact points")
    started = time.monotonic()
    plan = Plan.model_validate_json(arguments.plan.read_bytes())
    spark = spark_session("causerie capture", arguments.master, arguments.temporary)
    try:
        captured = capture(
            spark, plan, read_sources(arguments.sources), Lake(arguments.lake), secret.encode()
        )
    finally:
        spark.stop()
    write_report(
        arguments.report,
        {
            **captured.rows,
            "failures": captured.failures,
            "seconds": round(time.monotonic() - started, 2),
        },
    )


if __name__ == "__main__":
    main()
