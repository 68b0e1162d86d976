"""What a worker of the annotation job does: it annotates the texts of a task and writes the rows.

A module of its own because workers import it by name: the models then stay loaded from one task
to the next. Rows are written here, not handed to the JVM to be written, which would take a
processor from the models; only counts go back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from pyspark import TaskContext

from spark_jobs.lake import PARTITIONS
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.tables.silver import TEXT_ANNOTATIONS
from spark_jobs.writing import GroupedFile

Batches = Iterator[pa.RecordBatch]

ROWS = pa.schema(
    field.remove_metadata()
    for field in TEXT_ANNOTATIONS.arrow_schema
    if field.name not in PARTITIONS
)
"""The columns inside the files of silver: all but those that the folders' names say."""

COUNTS = "language string, texts long"
"""What a task gives back, in Spark's notation: texts written, by language."""


def annotator(catalogue: Catalogue, folder: Path) -> Callable[[Batches], Batches]:
    """A function from batches with ``text_key`` and ``text`` to ``COUNTS``.

    Each task writes one file of ``ROWS``, named by its number: one that is tried again replaces
    what it wrote before.
    """

    def annotate(batches: Batches) -> Batches:
        models = _loaded(catalogue)
        languages: Counter[str] = Counter()
        file = GroupedFile(folder / f"{_task_number():06d}.parquet", ROWS)
        for batch in batches:
            keys, texts = (batch.column(name).to_pylist() for name in ("text_key", "text"))
            rows = list(models.annotate(zip(keys, texts, strict=True)))
            languages.update(row["language"] for row in rows)
            file.append(pa.RecordBatch.from_pylist(rows, schema=ROWS))
        file.close()
        yield pa.RecordBatch.from_pydict(
            {"language": list(languages), "texts": list(languages.values())},
            schema=pa.schema({"language": pa.string(), "texts": pa.int64()}),
        )

    return annotate


def write_nothing(folder: Path) -> None:
    """What a run without texts gives: a file with the columns of ``ROWS`` and no row."""
    GroupedFile(folder / "000000.parquet", ROWS).close()


def _task_number() -> int:
    context = TaskContext.get()
    if context is None:
        raise RuntimeError("annotations are written by tasks of Spark; none runs here")
    return int(context.partitionId())


@lru_cache(maxsize=1)
def _loaded(catalogue: Catalogue) -> Annotator:
    return Annotator(catalogue)
