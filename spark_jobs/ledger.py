"""The ledger's rows for one capture: what became of every record of every file.

Rows read are rows accepted, duplicate or quarantined, for each file; the gate checks it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from spark_jobs.lake import Lake
from spark_jobs.plan import Plan
from spark_jobs.reading import QUARANTINE
from spark_jobs.tables.bronze import LEDGER

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FILES = (
    "source string, batch_id string, file string, content_hash string, byte_count long, "
    "modified_at timestamp, adapter string, duplicate_of_file string"
)


def ledger_of(
    spark: SparkSession, parsed: DataFrame, duplicates: DataFrame, plan: Plan, lake: Lake
) -> DataFrame:
    """One row of the ledger for each file of the plan, also for files without any record.

    Args:
        spark: the session.
        parsed: every record, see ``reading.PARSED``, with its ``row_id``.
        duplicates: ``row_id`` of the records that are duplicates.
        plan: the files.
        lake: whose ledger knows the files that earlier captures read.
    """
    outcomes = parsed.join(
        duplicates.withColumn("is_duplicate", f.lit(True)), "row_id", "left"
    ).withColumn("is_duplicate", f.coalesce("is_duplicate", f.lit(False)))
    files = spark.createDataFrame(
        [file.model_dump(exclude={"path"}) for file in plan.files], _FILES
    )
    read = files.join(_counted(outcomes), ["source", "file"], "left").join(
        _reasons(outcomes), ["source", "file"], "left"
    )
    # A file with the bytes of another has as many records as that one, each a duplicate.
    original = _originals(read, spark.read.parquet(str(lake.bronze / LEDGER.name)))
    copied = f.when(f.col("duplicate_of_file").isNotNull(), f.col("original_rows_count"))
    none = f.lit(0).cast("long")
    return (
        read.join(original, ["source", "content_hash"], "left")
        .withColumns(
            {
                "rows_read_count": f.coalesce(copied, "rows_read_count", none),
                "rows_accepted_count": f.coalesce("rows_accepted_count", none),
                "rows_duplicate_count": f.coalesce(copied, "rows_duplicate_count", none),
                "rows_quarantined_count": f.coalesce("rows_quarantined_count", none),
                "reasons": f.coalesce("reasons", f.lit("{}")),
                "captured_at": f.lit(datetime.now(UTC)),
            }
        )
        .select(*LEDGER.column_names)
    )


def _counted(outcomes: DataFrame) -> DataFrame:
    is_quarantined = f.col("kind") == QUARANTINE
    is_accepted = ~is_quarantined & ~f.col("is_duplicate")
    return outcomes.groupBy("source", "file").agg(
        f.count("*").alias("rows_read_count"),
        f.count_if(is_accepted).alias("rows_accepted_count"),
        f.count_if("is_duplicate").alias("rows_duplicate_count"),
        f.count_if(is_quarantined).alias("rows_quarantined_count"),
        f.min(f.when(is_accepted, f.col("at"))).alias("first_at"),
        f.max(f.when(is_accepted, f.col("at"))).alias("last_at"),
    )


def _reasons(outcomes: DataFrame) -> DataFrame:
    """Quarantined records of each file by reason, as a JSON object in the order of reasons."""
    by_reason = f.map_from_entries(f.array_sort(f.collect_list(f.struct("reason", "count"))))
    return (
        outcomes.where(f.col("kind") == QUARANTINE)
        .groupBy("source", "file", "reason")
        .count()
        .groupBy("source", "file")
        .agg(f.to_json(by_reason).alias("reasons"))
    )


def _originals(read: DataFrame, held: DataFrame) -> DataFrame:
    """How many records the first file with some bytes had."""
    columns = ("source", "content_hash", "duplicate_of_file", "rows_read_count")
    return (
        read.select(*columns)
        .unionByName(held.select(*columns))
        .where(f.col("duplicate_of_file").isNull())
        .groupBy("source", "content_hash")
        .agg(f.max("rows_read_count").alias("original_rows_count"))
    )
