"""Parts of bronze written anew: small ones merged, and records of files that are read again.

Either way a new part takes the place of others at once, see ``Lake.promote_bronze``. Records are
copied as they are, each with the batch that read it. No Spark here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spark_jobs.lake import Lake, file_schema
from spark_jobs.plan import Plan
from spark_jobs.tables.bronze import TABLES
from spark_jobs.tables.capture_log import LEDGER
from spark_jobs.writing import GROUP_BYTES, parquet_writer

MOST_SMALL_PARTS = 12
"""Small parts that a source may have; with one more they are merged."""
SMALL_BYTES = 64 * 1024 * 1024
"""A part of fewer bytes is small. Merging copies as much for each run at most, however much
there is."""


def compact(lake: Lake, source: str, most: int = MOST_SMALL_PARTS) -> int:
    """Merge the small parts of a source where there are many; how many were merged."""
    small = [part for part, byte_count in lake.parts(source).items() if byte_count < SMALL_BYTES]
    if len(small) <= most:
        return 0
    merged = f"merged-{hashlib.sha256(' '.join(small).encode()).hexdigest()[:16]}"
    _copy(lake, source, small, merged, without=frozenset())
    lake.promote_bronze(source, merged, replaced=small)
    return len(small)


def promote(lake: Lake, plan: Plan, source: str) -> None:
    """Promote the candidate of a source, in place of what its files gave when read before.

    Args:
        lake: that holds it.
        plan: that it was captured by.
        source: its name.
    """
    batch_id = plan.batches[source]
    held = lake.read_bronze(LEDGER.name, ["part", "file"], source=source).to_pylist()
    affected = {row["part"] for row in held if row["file"] in plan.again}
    _copy(lake, source, sorted(affected), batch_id, without=plan.again)
    lake.promote_bronze(source, batch_id, replaced=affected)


def _copy(
    lake: Lake, source: str, parts: Collection[str], target: str, without: frozenset[str]
) -> None:
    """Copy what parts hold into a candidate, but for the records of some files."""
    for name, table in TABLES.items():
        files = [
            file
            for part in parts
            for file in sorted(lake.bronze_batch(name, source, part).glob("*.parquet"))
        ]
        groups = _without(_groups(files), without)
        first = next(groups, None)
        if first is None:
            continue
        folder = lake.bronze_candidate(source, target) / name
        folder.mkdir(parents=True, exist_ok=True)
        with parquet_writer(folder / "copied.parquet", file_schema(table)) as writer:
            writer.write_table(first)
            for group in groups:
                writer.write_table(group)


def _groups(files: list[Path]) -> Iterator[pa.Table]:
    """The rows of some files, small row groups put together."""
    gathered: list[pa.Table] = []
    byte_count = 0
    for path in files:
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                group = file.read_row_group(number)
                gathered.append(group)
                byte_count += group.nbytes
                if byte_count >= GROUP_BYTES:
                    yield pa.concat_tables(gathered)
                    gathered, byte_count = [], 0
    if gathered:
        yield pa.concat_tables(gathered)


def _without(groups: Iterator[pa.Table], files: frozenset[str]) -> Iterator[pa.Table]:
    """Rows but those of some landed files, whose members follow their name after ``!``."""
    names = pa.array(sorted(files), pa.string())
    for group in groups:
        archive = pc.replace_substring_regex(group["file"], "!.*", "")
        goes = pc.or_(pc.is_in(group["file"], names), pc.is_in(archive, names))
        kept = group.filter(pc.invert(goes)) if files else group
        if kept.num_rows:
            yield kept
