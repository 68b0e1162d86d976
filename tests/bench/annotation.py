"""Annotation in Spark against one process that runs the same models."""

from __future__ import annotations

from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from spark_jobs.annotate import annotate, read_catalogue
from spark_jobs.lake import Lake
from spark_jobs.nlp.pipeline import Annotator
from tests.bench.timing import Comparison, compare


def bench_annotation(spark: SparkSession, lake: Lake, folder: Path, repeats: int) -> Comparison:
    """Distinct texts of a captured lake, by both."""
    with duckdb.connect() as connection:
        texts: list[tuple[str, str]] = connection.execute(
            f"select distinct text_key, text from '{lake.bronze}/posts/*/*/*.parquet' "
            "where text is not null"
        ).fetchall()
    models = Annotator(read_catalogue(lake.bronze))

    def ours(repeat: int) -> None:
        annotate(spark, lake.bronze, lake.silver, folder / "annotated" / str(repeat))

    def theirs(_: int) -> None:
        for _ in models.annotate(texts):
            pass

    return compare(
        "annotation of distinct texts",
        ours,
        "one process, same models",
        theirs,
        len(texts),
        repeats,
    )
