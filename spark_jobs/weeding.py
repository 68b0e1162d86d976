"""Takes rows out of the files that workers have written, and gives files their place in a batch.

Files without such a row, which are most, are only renamed. Where the place of a record that
repeats another is all that is left of it, ``repeats`` keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spark_jobs.duplicates import Dropped
from spark_jobs.gathered import all_but
from spark_jobs.lake import Lake, file_schema
from spark_jobs.plan import Plan
from spark_jobs.tables.capture_log import REPEATS
from spark_jobs.writing import GroupedFile, parquet_writer

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BATCH_ROWS = 4_000

_DONE = "rows_count long"
_REPEATS = file_schema(REPEATS)


def weed_out(spark: SparkSession, dropped: Dropped, plan: Plan, parsed: Path, lake: Lake) -> None:
    """Write the files that records are dropped from to the candidates, without these records.

    Args:
        spark: the session.
        dropped: the records to leave out.
        plan: what was read.
        parsed: folder of the files that ``reading.read_load`` wrote.
        lake: whose candidates are made.
    """
    rewrite = _rewriter(dropped, list(plan.batches.items()), parsed, lake)
    count = len(dropped.loads)
    rewritten = spark.range(0, count, 1, max(1, count)).mapInArrow(rewrite, _DONE)
    rewritten.write.format("noop").mode("overwrite").save()


def place_files(plan: Plan, parsed: Path, lake: Lake) -> None:
    """Move the files that nothing was dropped from to the candidates; remove empty ones."""
    for source, batch_id in plan.batches.items():
        for file in sorted((parsed / source).glob("*/*.parquet")):
            target = lake.bronze_candidate(source, batch_id) / file.parent.name / file.name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                file.rename(target)
            elif pq.read_metadata(target).num_rows == 0:
                target.unlink()


def _rewriter(
    dropped: Dropped, batches: list[tuple[str, str]], parsed: Path, lake: Lake
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def rewrite(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column(0).to_pylist():
                source_number, load = dropped.loads[number]
                rows = pq.read_table(
                    dropped.path,
                    filters=[("source_number", "=", source_number), ("load", "=", load)],
                )
                source, batch_id = batches[source_number]
                _rewrite(rows, parsed / source, lake.bronze_candidate(source, batch_id), load)
                yield pa.RecordBatch.from_pydict({"rows_count": [rows.num_rows]})

    return rewrite


def _rewrite(rows: pa.Table, parsed: Path, candidate: Path, load: int) -> None:
    name = f"{load:06d}.parquet"
    repeats = [
        _without(parsed / table / name, candidate / table / name, table, of_table)
        for table in pc.unique(rows["kind"]).to_pylist()
        for of_table in (rows.filter(pc.equal(rows["kind"], table)),)
    ]
    kept = pa.concat_tables(repeats)
    if kept.num_rows:
        _write(kept, candidate / REPEATS.name / f"dropped-{name}")  # beside those of workers


def _without(parsed: Path, target: Path, table: str, dropped: pa.Table) -> pa.Table:
    """Write a file without some rows, some thousand at a time; the places of those that repeat."""
    numbers = dropped["row"].to_numpy()
    is_repeat = dropped["is_repeat"].to_numpy(zero_copy_only=False)
    repeats = [_REPEATS.empty_table()]
    first = 0
    with pq.ParquetFile(parsed) as file:
        kept = GroupedFile(target, file.schema_arrow)
        for rows in file.iter_batches(BATCH_ROWS):
            low, high = np.searchsorted(numbers, (first, first + rows.num_rows))
            chosen = numbers[low:high] - first
            kept.append(rows.filter(all_but(chosen, rows.num_rows)))
            repeated = chosen[is_repeat[low:high]]
            if repeated.size:  # none in the quarantine, which has no versions
                repeats.append(_places(rows.take(repeated), table))
            first += rows.num_rows
    kept.close()
    return pa.concat_tables(repeats)


def _places(rows: pa.RecordBatch, table: str) -> pa.Table:
    columns = {name: rows[name] for name in _REPEATS.names if name != "table_name"}
    columns["table_name"] = pa.repeat(table, rows.num_rows)
    return pa.table({name: columns[name] for name in _REPEATS.names}, schema=_REPEATS)


def _write(rows: pa.Table, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with parquet_writer(partial, rows.schema) as writer:
        writer.write_table(rows)
    partial.replace(target)
