"""Which records of a capture are there already: in bronze, or earlier in the same capture.

Two records are the same version of the same thing when their source, table and hash are equal.
Of those of one capture the first by file and position stays.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from spark_jobs.lake import Lake
from spark_jobs.plan import Plan
from spark_jobs.tables.bronze import TABLES
from spark_jobs.tables.declaration import Table
from spark_jobs.tallies import Span

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

Spans = dict[tuple[int, str], Span]

SAME = ("source_number", "kind", "record_hash")


def duplicates_of(
    spark: SparkSession, records: DataFrame, spans: Spans, plan: Plan, lake: Lake
) -> DataFrame:
    """The marks of the records that repeat one of the capture or of bronze.

    Args:
        spark: the session.
        records: marks of records, see ``reading.MARKS``.
        spans: times of the records, by number of the source and table.
        plan: what was read.
        lake: that holds what earlier captures read.
    """
    hashed = records.where(f.col("record_hash").isNotNull())
    copies = hashed.groupBy(*SAME).agg(f.min("place").alias("first_place"), f.count("*").alias("n"))
    repeated = copies.where(f.col("n") > 1).select(*SAME, "first_place")
    names = list(plan.batches)
    held = [
        _held(spark, lake, TABLES[table], number, names[number], span, plan.again)
        for (number, table), span in spans.items()
        if lake.holds(table, names[number])
    ]
    if not held:
        return hashed.join(repeated, list(SAME)).where(f.col("place") > f.col("first_place"))
    known = reduce(lambda one, other: one.unionByName(other), held)
    return (
        hashed.join(repeated, list(SAME), "left")
        .join(known.withColumn("is_known", f.lit(True)), list(SAME), "left")
        .where(f.coalesce(f.col("place") > f.col("first_place"), f.lit(False)) | f.col("is_known"))
    )


def _held(
    spark: SparkSession,
    lake: Lake,
    table: Table,
    number: int,
    source: str,
    span: Span,
    again: frozenset[str],
) -> DataFrame:
    """The hashes in bronze that records of the capture may have.

    A version that bronze holds has the same times as its copy. Only the files whose times
    overlap those of the capture are looked into, so that the cost follows what is new. What came
    from files that are read again is about to be replaced.
    """
    rows = spark.read.parquet(str(lake.bronze / table.name / f"source={source}"))
    if table.clock:
        rows = rows.where(_within(f.col(table.clock), span))
    if again:
        archive = f.regexp_replace("file", "!.*", "")
        rows = rows.where(~f.col("file").isin(*again) & ~archive.isin(*again))
    return rows.select(
        f.lit(number).alias("source_number"), f.lit(table.name).alias("kind"), "record_hash"
    ).distinct()


def _within(clock: Column, span: Span) -> Column:
    overlaps = f.lit(False) if span.earliest is None else clock.between(span.earliest, span.latest)
    return overlaps | clock.isNull() if span.untimed_count else overlaps
