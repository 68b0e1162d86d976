"""What a worker of the annotation job does: Arrow batches of texts to batches of annotations.

A module of its own, without Spark, because workers import it by name: the models then stay
loaded from one task to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

import pyarrow as pa

from spark_jobs.lake import PARTITIONS
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

Batches = Iterator[pa.RecordBatch]

ROWS = pa.schema(
    field.remove_metadata()
    for field in TEXT_ANNOTATIONS.arrow_schema
    if field.name not in PARTITIONS
)
"""The columns inside the files of silver: all but those that the folders' names say."""


def annotator(catalogue: Catalogue) -> Callable[[Batches], Batches]:
    """A function from batches with ``text_key`` and ``text`` to batches of ``ROWS``."""

    def annotate(batches: Batches) -> Batches:
        models = _loaded(catalogue)
        for batch in batches:
            keys, texts = (batch.column(name).to_pylist() for name in ("text_key", "text"))
            rows = list(models.annotate(zip(keys, texts, strict=True)))
            yield pa.RecordBatch.from_pylist(rows, schema=ROWS)

    return annotate


@lru_cache(maxsize=1)
def _loaded(catalogue: Catalogue) -> Annotator:
    return Annotator(catalogue)
