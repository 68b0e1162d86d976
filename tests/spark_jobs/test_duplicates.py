"""Repeats among marks: the first of each version stays, whatever memory there is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs import duplicates
from spark_jobs.duplicates import find_dropped
from spark_jobs.lake import Lake
from spark_jobs.plan import Plan
from spark_jobs.reading import MARKS

NOTHING_READ = Plan(files=(), pieces=())
REFUSED = 3
Mark = tuple[int, int, str, bytes | None]
"""Number of the source and the file, table and hash; the place is where a mark stands in a list."""

marks = st.tuples(
    st.integers(0, 1),
    st.integers(0, REFUSED),
    st.sampled_from(["posts", "accounts"]),
    st.none() | st.sampled_from([bytes([letter] * 16) for letter in range(4)]),
)


def write(work: Path, found: list[Mark]) -> None:
    """Each file is a load of its own, in which its records lie one after the other."""
    for file in {mark[1] for mark in found}:
        of_file = [(place, mark) for place, mark in enumerate(found) if mark[1] == file]
        rows = [
            (source, file, kind, place, file, row, record_hash)
            for row, (place, (source, _, kind, record_hash)) in enumerate(of_file)
        ]
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array(column, field.type) for column, field in zip(columns, MARKS, strict=True)
        ]
        (work / "marks").mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(arrays, MARKS), work / "marks" / f"{file}.parquet")


@settings(max_examples=30, deadline=None)
@given(found=st.lists(marks, min_size=1, max_size=30))
def test_the_first_of_each_version_stays_and_nothing_of_what_is_refused(
    tmp_path_factory: pytest.TempPathFactory, found: list[Mark]
) -> None:
    work = tmp_path_factory.mktemp("work")
    write(work, found)
    repeats: Counter[int] = Counter()
    seen = set()
    for source, file, kind, record_hash in found:
        if record_hash is not None and file != REFUSED:
            repeats[file] += (source, kind, record_hash) in seen
            seen.add((source, kind, record_hash))

    dropped = find_dropped(work, {}, NOTHING_READ, Lake(work / "lake"), [REFUSED])

    assert dropped.counts == {file: count for file, count in repeats.items() if count}
    rows = pq.read_table(dropped.path).to_pylist()
    refused = [row for row in rows if not row["is_repeat"]]
    assert len(refused) == sum(file == REFUSED for _, file, _, _ in found)
    assert len(rows) == len(refused) + repeats.total()
    assert {(row["source_number"], row["load"]) for row in rows} == set(dropped.loads)


def test_what_does_not_fit_is_tried_again_with_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(7)
    hashes = [random.bytes(16) for _ in range(60_000)]
    write(tmp_path, [(0, file, "posts", each) for file in (0, 1) for each in hashes])
    monkeypatch.setattr(duplicates, "MEMORY", ("8MB", "512MB"))
    assert find_dropped(tmp_path, {}, NOTHING_READ, Lake(tmp_path / "lake"), []).counts == {
        1: 60_000
    }
    monkeypatch.setattr(duplicates, "MEMORY", ("8MB",))
    with pytest.raises(duckdb.OutOfMemoryException):
        find_dropped(tmp_path, {}, NOTHING_READ, Lake(tmp_path / "lake"), [])
