"""A candidate batch without Spark: files in a source's own format, read as Spark's workers do.

Planning, reading and the ledger are the engine's; repeated versions, which the files of these
tests do not have, are not looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.ledger import ledger_of, tallies_by_file, write_ledger
from spark_jobs.plan import plan_capture
from spark_jobs.reading import read_load
from spark_jobs.sources import Sources
from spark_jobs.weeding import place_files

SECRET = b"a secret of sixteen or more"


def capture_without_spark(landing: Path, lake: Lake, sources: Sources) -> dict[str, str]:
    """Make a candidate of each source that delivered; its batch by its name."""
    lake.ensure_tables()
    plan = plan_capture(survey_landing(landing, sources), sources, lake)
    work = lake.candidates / "capture"
    read = pa.Table.from_batches(read_load(0, plan.pieces, sources, work, SECRET))
    tallies = tallies_by_file(zip(*read.to_pydict().values(), strict=True))
    place_files(plan, work / "parsed", lake)
    write_ledger(ledger_of(plan, tallies, {}, lake), plan, lake)
    return plan.batches


def rewrite(folder: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change the one Parquet file of a table of a candidate."""
    (file,) = folder.glob("*.parquet")
    pq.write_table(change(pq.read_table(file)), file)


def with_value(table: pa.Table, row: int, column: str, value: Any) -> pa.Table:
    """A table with one value changed, whatever its declaration says of nulls."""
    values = table[column].to_pylist()
    values[row] = value
    index = table.column_names.index(column)
    field = pa.field(column, table.schema.field(column).type)
    return table.set_column(index, field, pa.array(values, type=field.type))
