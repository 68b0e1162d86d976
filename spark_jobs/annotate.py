"""The annotation job: what is known of each distinct text that silver does not hold yet.

Spark finds the texts and spreads them over its workers; each worker loads the models once and
reads a few hundred texts at a time. What is annotated, and how, is ``spark_jobs.nlp``'s
business; whether the candidate is good, the gate's. No text passes through the driver.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
from pyspark.sql import functions as f

from spark_jobs.annotation_worker import COUNTS, annotator, write_nothing
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.paths import for_spark
from spark_jobs.report import write_report
from spark_jobs.session import spark_session
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TEXTS_A_BATCH = 512
"""Texts that Spark hands a worker at once."""
TASKS_A_CORE = 4
"""Pieces of work for each core: enough that no core idles long while another finishes."""
TEXTS_A_TASK = 200
"""Fewer are not worth another worker, which would load the models for them."""


def annotate(spark: SparkSession, bronze: Path, silver: Path, output: Path) -> dict[str, Any]:
    """Annotate every text of posts and survey answers that this version has not yet.

    ``output`` becomes a folder of Parquet files with the columns of ``TEXT_ANNOTATIONS``
    except ``annotation_version``, which its place in silver will say.

    Returns:
        texts_in, texts_out, annotation_version, and texts_by_language.

    Raises:
        RuntimeError: where a text went in and did not come out.
    """
    catalogue = read_catalogue(bronze)
    version = annotation_version(catalogue)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(TEXTS_A_BATCH))
    if output.exists():
        shutil.rmtree(output)
    pending = _pending(spark, bronze, silver, version).persist()
    try:
        texts_in = pending.count()
        by_language = _write(pending, texts_in, catalogue, output)
    finally:
        pending.unpersist()
    texts_out = sum(by_language.values())
    if texts_out != texts_in:
        raise RuntimeError(
            f"annotation of {texts_in} texts gave {texts_out} rows in {output}: "
            "texts were lost or doubled, so the candidate must not be used"
        )
    return {
        "texts_in": texts_in,
        "texts_out": texts_out,
        "annotation_version": version,
        "texts_by_language": by_language,
    }


def _write(pending: DataFrame, count: int, catalogue: Catalogue, output: Path) -> Counter[str]:
    """Annotate ``count`` texts into files of ``output``; how many of each language."""
    by_language: Counter[str] = Counter()
    if not count:
        write_nothing(output)
        return by_language
    most = pending.sparkSession.sparkContext.defaultParallelism * TASKS_A_CORE
    tasks = max(1, min(most, count // TEXTS_A_TASK))
    written = pending.repartition(tasks).mapInArrow(annotator(catalogue, output), COUNTS)
    for row in written.collect():
        by_language[row["language"]] += row["texts"]
    return by_language


def read_catalogue(bronze: Path) -> Catalogue:
    """What bronze holds of the company's brands, products and accounts; empty where nothing."""
    brands = _configuration(bronze, "brands")
    accounts = _configuration(bronze, "brand_accounts")
    return Catalogue(
        brands=tuple(sorted(row["brand"] for row in brands)),
        products=tuple(sorted({name for row in brands for name in row["products"]})),
        public_handles=frozenset(row["account"].casefold() for row in accounts),
        aliases=tuple(sorted((alias, row["brand"]) for row in brands for alias in row["aliases"])),
    )


def _configuration(bronze: Path, name: str) -> list[dict[str, Any]]:
    path = bronze / name / f"{name}.parquet"
    return list(pq.read_table(path).to_pylist()) if path.exists() else []


def _pending(spark: SparkSession, bronze: Path, silver: Path, version: str) -> DataFrame:
    """Distinct texts of bronze whose key this version of silver does not have."""
    delivered = [
        spark.read.parquet(for_spark(bronze / table)).select("text_key", "text")
        for table in ("posts", "surveys")
        if (bronze / table).exists()
    ]
    if not delivered:
        raise FileNotFoundError(f"{bronze} has neither posts nor surveys: run the capture first")
    texts = delivered[0]
    for more in delivered[1:]:
        texts = texts.unionByName(more)
    texts = texts.where(f.col("text_key").isNotNull() & f.col("text").isNotNull())
    done = silver / TEXT_ANNOTATIONS.name / f"annotation_version={version}"
    if done.exists():
        annotated = spark.read.parquet(for_spark(done)).select("text_key")
        texts = texts.join(annotated, "text_key", "left_anti")
    return texts.dropDuplicates(["text_key"])


def main() -> None:
    """Run the job from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bronze", type=Path, required=True, help="folder of the bronze tables")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver tables")
    parser.add_argument("--output", type=Path, required=True, help="folder of the candidate")
    parser.add_argument("--temporary", type=Path, required=True, help="folder for scratch files")
    parser.add_argument("--report", type=Path, required=True, help="file for the JSON report")
    parser.add_argument("--master", default="local[*]", help="Spark master")
    arguments = parser.parse_args()
    started = time.monotonic()
    spark = spark_session("causerie annotate", arguments.master, arguments.temporary)
    try:
        report = annotate(spark, arguments.bronze, arguments.silver, arguments.output)
    finally:
        spark.stop()
    write_report(arguments.report, report | {"seconds": round(time.monotonic() - started, 3)})


if __name__ == "__main__":
    main()
