"""The capture job: from a plan to a candidate batch of bronze, one for each source.

Spark spreads the pieces of the files over its workers, finds the records that bronze already
holds or that the batch holds twice, and writes tables, quarantine and ledger. What a record
is and whether it can be read is the adapters' business; whether the batch is good, the gate's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.window import Window

from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.ledger import ledger_of
from spark_jobs.pieces import Piece
from spark_jobs.plan import Plan
from spark_jobs.reading import PARSED, QUARANTINE, SECRET_VARIABLE, read_piece
from spark_jobs.report import write_report
from spark_jobs.session import spark_session
from spark_jobs.sources import Sources, read_sources
from spark_jobs.tables.bronze import ENTITIES, LEDGER
from spark_jobs.tables.bronze import QUARANTINE as QUARANTINE_TABLE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

ROWS_A_LOAD = 1 << 40
_PARSED_ROWS = from_arrow_schema(PARSED.append(pa.field("row_id", pa.int64())))


def capture(
    spark: SparkSession, plan: Plan, sources: Sources, lake: Lake, secret: bytes
) -> dict[str, int]:
    """Read all that the plan names and write one candidate for each source.

    Returns:
        rows by outcome: read, accepted, duplicate, quarantined.
    """
    shutil.rmtree(lake.candidates / "bronze", ignore_errors=True)
    parsed_path = lake.candidates / "bronze_parsed"
    _parse(spark, plan, sources, secret).write.partitionBy("source", "kind").mode(
        "overwrite"
    ).parquet(str(parsed_path))
    parsed = spark.read.schema(_PARSED_ROWS).parquet(str(parsed_path))
    duplicates = f.broadcast(_duplicates(spark, parsed, plan, lake)).persist()
    ledger = ledger_of(spark, parsed, duplicates, plan, lake)
    with ThreadPoolExecutor(max_workers=4) as pool:  # most of these writes are small
        writes = [
            pool.submit(_write_ledger, ledger, plan, lake),
            *(
                pool.submit(_write_table, parsed, duplicates, source, kind, plan, lake)
                for source in plan.batches
                for kind in _kinds(parsed_path, source)
            ),
        ]
        for write in writes:
            write.result()
    totals = {"read": 0, "accepted": 0, "duplicate": 0, "quarantined": 0}
    for source, batch_id in plan.batches.items():
        for row in lake.read_candidate(source, batch_id, LEDGER.name).to_pylist():
            for name in totals:
                totals[name] += row[f"rows_{name}_count"]
    duplicates.unpersist()
    shutil.rmtree(parsed_path)
    return totals


def _parse(spark: SparkSession, plan: Plan, sources: Sources, secret: bytes) -> DataFrame:
    """Every record of every piece, one row each."""
    loads = _balanced(plan.pieces, spark.sparkContext.defaultParallelism * 4)
    read = _reader(loads, sources, secret)
    # One row and one partition a load: Spark gives each worker whole loads, never part of one.
    return spark.range(0, len(loads), 1, max(1, len(loads))).mapInArrow(read, _PARSED_ROWS)


def _reader(
    loads: list[list[Piece]], sources: Sources, secret: bytes
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for load in batch.column(0).to_pylist():
                row_id = load * ROWS_A_LOAD
                for piece in loads[load]:
                    for records in read_piece(piece, sources.named(piece.source), secret):
                        row_ids = pa.array(range(row_id, row_id + records.num_rows), pa.int64())
                        row_id += records.num_rows
                        yield pa.RecordBatch.from_arrays(
                            [*records.columns, row_ids], [*PARSED.names, "row_id"]
                        )

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


def _duplicates(spark: SparkSession, parsed: DataFrame, plan: Plan, lake: Lake) -> DataFrame:
    """Rows whose version of a record bronze holds already, or that repeat one of the batch."""
    same_version = Window.partitionBy("source", "kind", "record_hash")
    place = ("file", "position", f.coalesce("item", f.lit("")))
    ranked = (
        parsed.where(f.col("kind") != QUARANTINE)
        .withColumn("occurrence", f.row_number().over(same_version.orderBy(*place)))
        .select("source", "kind", "record_hash", "row_id", "occurrence")
    )
    sources = list(plan.batches)
    held = [
        spark.read.parquet(str(lake.bronze / table.name))
        .where(f.col("source").isin(sources))
        .select("source", f.lit(table.name).alias("kind"), "record_hash")
        for table in ENTITIES
    ]
    known = held[0]
    for more in held[1:]:
        known = known.unionByName(more)
    known = known.distinct().withColumn("is_known", f.lit(True))
    return (
        ranked.join(known, ["source", "kind", "record_hash"], "left")
        .where((f.col("occurrence") > 1) | f.col("is_known"))
        .select("row_id")
    )


def _kinds(parsed_path: Path, source: str) -> list[str]:
    """The tables that a source's records went to, the quarantine among them."""
    folders = sorted((parsed_path / f"source={source}").glob("kind=*"))
    return [folder.name.removeprefix("kind=") for folder in folders]


def _write_table(
    parsed: DataFrame, duplicates: DataFrame, source: str, kind: str, plan: Plan, lake: Lake
) -> None:
    rows = parsed.where((f.col("source") == source) & (f.col("kind") == kind))
    kept = rows.join(duplicates, "row_id", "left_anti")
    if kind == QUARANTINE:
        names = [name for name in QUARANTINE_TABLE.column_names if name not in PARTITIONS]
    else:
        names = ["file", "position", "item", f"{kind}.*", "record_hash", "raw"]
    kept.select(*names).write.parquet(
        str(lake.bronze_candidate(source, plan.batches[source]) / kind)
    )


def _write_ledger(ledger: DataFrame, plan: Plan, lake: Lake) -> None:
    """Write the rows of all sources at once, then give each batch its own."""
    together = lake.candidates / "bronze_ledger"
    ledger.drop("batch_id").coalesce(1).write.mode("overwrite").partitionBy("source").parquet(
        str(together)
    )
    for source, batch_id in plan.batches.items():
        target = lake.bronze_candidate(source, batch_id) / LEDGER.name
        target.parent.mkdir(parents=True, exist_ok=True)
        (together / f"source={source}").rename(target)
    shutil.rmtree(together)


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
        rows = capture(
            spark, plan, read_sources(arguments.sources), Lake(arguments.lake), secret.encode()
        )
    finally:
        spark.stop()
    write_report(arguments.report, {**rows, "seconds": round(time.monotonic() - started, 2)})


if __name__ == "__main__":
    main()
