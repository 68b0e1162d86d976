"""Which records of a capture are there already: in bronze, or earlier in the same capture.

Two records are the same version of the same thing when their source, table and hash are equal.
Of those of one capture the first by file and position stays. DuckDB finds them among the marks,
with as little memory as will do, and beyond that on the disk. No Spark here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from spark_jobs.lake import Lake
from spark_jobs.paths import for_duckdb, quoted
from spark_jobs.plan import Plan
from spark_jobs.tables.bronze import TABLES
from spark_jobs.tables.declaration import Table
from spark_jobs.tallies import Span

MEMORY = ("128MB", "512MB", "2GB")
"""What is tried, one after the other. The first does for 10 million records of which half repeat
the others; repeats in such numbers need some memory each that cannot go to the disk."""
THREADS = 2
"""Each needs memory of its own, however many cores there are."""

Spans = dict[tuple[int, str], Span]

_COPIES = """
create table copies as
with versions as (
    select source_number, kind, record_hash, place
    from marks
    where record_hash is not null and not list_contains($refused, file_number)
    union all
    select source_number, kind, record_hash, -1
    from known
    semi join marks using (source_number, kind, record_hash)
)

select source_number, kind, record_hash, min(place) as first_place
from versions
group by all
having count(*) > 1 and max(place) >= 0
"""
"""Versions that are there more than once. What bronze holds comes before all places, and only what
the capture has too is looked at. A step of its own: with the next in one query, the two would be in
memory together."""

_DROPPED = """
create table dropped as
select source_number, file_number, kind, load, row, true as is_repeat
from marks
inner join copies using (source_number, kind, record_hash)
where place > first_place and not list_contains($refused, file_number)
union all
select source_number, file_number, kind, load, row, false as is_repeat
from marks
where list_contains($refused, file_number)
"""


@dataclass(frozen=True)
class Dropped:
    """The records that do not stay.

    ``counts`` has the duplicates by number of their file, ``loads`` the number of the source and
    of the load of each file that has any, and ``path`` is the Parquet file of them all, in order
    of source, load, table and row. ``is_repeat`` says whether one is a duplicate; others are of
    files that are refused.
    """

    path: Path
    counts: dict[int, int]
    loads: list[tuple[int, int]]


def find_dropped(work: Path, spans: Spans, plan: Plan, lake: Lake, refused: list[int]) -> Dropped:
    """The records that repeat one of the capture or of bronze, and those of refused files.

    Args:
        work: folder whose ``marks`` workers wrote, see ``reading.MARKS``.
        spans: times of the records, by number of the source and table.
        plan: what was read.
        lake: that holds what earlier captures read.
        refused: numbers of the files of which no record stays.
    """
    if not any((work / "marks").glob("*.parquet")):  # all files are copies of others
        return Dropped(work / "dropped.parquet", {}, [])
    known = _known(spans, plan, lake)
    for memory in MEMORY[:-1]:
        try:
            return _dropped(work, known, refused, memory)
        except duckdb.OutOfMemoryException:
            continue
    return _dropped(work, known, refused, MEMORY[-1])


def _dropped(work: Path, known: str, refused: list[int], memory: str) -> Dropped:
    path = work / "dropped.parquet"
    with duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": THREADS,
            "temp_directory": str(work / "scratch"),
            "preserve_insertion_order": "false",
        },
    ) as connection:
        connection.execute(f"create view marks as from {_files(work / 'marks', '*.parquet')}")
        connection.execute(f"create view known as {known}")
        for step in (_COPIES, _DROPPED):
            connection.execute(step, {"refused": refused})
        counts = connection.execute(
            "select file_number, count(*) from dropped where is_repeat group by all"
        ).fetchall()
        loads = connection.execute(
            "select distinct source_number, load from dropped order by all"
        ).fetchall()
        connection.execute(
            f"copy (from dropped order by source_number, load, kind, row) to {quoted(path)}"
        )
    return Dropped(path, dict(counts), loads)


def _known(spans: Spans, plan: Plan, lake: Lake) -> str:
    """A query of the hashes in bronze that records of the capture may have."""
    names = list(plan.batches)
    nothing = "select null::int as source_number, null::varchar as kind, null::blob as record_hash"
    held = [
        _held(lake, TABLES[table], number, names[number], span, plan.again)
        for (number, table), span in spans.items()
        if lake.holds(table, names[number])
    ]
    return " union all ".join([f"{nothing} where false", *held])


def _held(
    lake: Lake, table: Table, number: int, source: str, span: Span, again: frozenset[str]
) -> str:
    """The same of one source and table.

    A version that bronze holds has the same times as its copy. Only the files whose times
    overlap those of the capture are looked into, so that the cost follows what is new. What came
    from files that are read again is about to be replaced.
    """
    conditions = ["true"]
    if table.clock:
        conditions.append(_within(table.clock, span))
    if again:
        files = ", ".join(map(quoted, sorted(again)))
        conditions += [
            f"file not in ({files})",
            f"regexp_replace(file, '!.*', '') not in ({files})",
        ]
    return (
        f"select {number}, {quoted(table.name)}, unhex(record_hash) "
        f"from {_files(lake.bronze / table.name / f'source={source}', '*/*.parquet')} "
        f"where {' and '.join(conditions)}"
    )


def _within(clock: str, span: Span) -> str:
    conditions = [f"{clock} is null"] if span.untimed_count else []
    if span.earliest is not None and span.latest is not None:
        ends = (f"timestamptz {quoted(end.isoformat())}" for end in (span.earliest, span.latest))
        conditions.append(f"{clock} between {' and '.join(ends)}")
    return f"({' or '.join(conditions or ['false'])})"


def _files(folder: Path, pattern: str) -> str:
    return f"read_parquet({for_duckdb(folder, pattern)}, hive_partitioning = false)"
