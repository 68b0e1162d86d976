"""Looking at Parquet without loading it: the same verdict, whatever the files' layout."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import files as module
from expectations.files import TableFiles, UnreadableError


def write(folder: Path, *parts: list[dict[str, object]], statistics: bool = True) -> TableFiles:
    folder.mkdir(exist_ok=True)
    schema = pa.schema([("key", pa.string()), ("part", pa.int64()), ("raw", pa.string())])
    for number, rows in enumerate(parts):
        table = pa.Table.from_pylist(rows, schema=schema)
        pq.write_table(table, folder / f"{number}.parquet", write_statistics=statistics)
    return TableFiles(folder)


def test_chunks_hold_every_row_once_across_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK_ROWS", 3)
    files = write(tmp_path, *([{"part": part * 10 + row} for row in range(4)] for part in range(3)))
    chunks = list(files.chunks(["part"]))
    assert max(chunk.num_rows for chunk in chunks) <= 3
    found = [value for chunk in chunks for value in chunk["part"].to_pylist()]
    assert found == [part * 10 + row for part in range(3) for row in range(4)]
    assert files.row_count == 12


@pytest.mark.parametrize("statistics", [True, False])
def test_nulls_are_counted_and_placed(tmp_path: Path, statistics: bool) -> None:
    files = write(
        tmp_path,
        [{"part": 1, "raw": "x"}, {"part": 2}],
        [{"part": 3}],
        statistics=statistics,
    )
    count, frame = files.nulls("raw", ["part"])
    assert count == 2
    assert sorted(frame["part"]) == [2, 3]
    assert files.nulls("part", [])[0] == 0


@settings(max_examples=25, deadline=None)
@given(
    keys=st.lists(
        st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from([None, 1, 2])), max_size=8
    )
)
def test_repeated_keys_are_those_that_pandas_finds(
    tmp_path_factory: pytest.TempPathFactory, keys: list[tuple[str | None, int | None]]
) -> None:
    rows: list[dict[str, object]] = [{"key": key, "part": part} for key, part in keys]
    files = write(tmp_path_factory.mktemp("keys") / "table", rows[::2], rows[1::2])
    count, frame = files.repeated(["key", "part"], [])
    expected = pd.DataFrame(rows, columns=["key", "part"]).duplicated(keep=False).sum()
    assert count == expected
    assert bool(len(frame)) == bool(expected)
    assert frame.duplicated(keep=False).all()


def test_a_null_is_no_repeated_key_of_one_column(tmp_path: Path) -> None:
    files = write(tmp_path, [{"key": None}, {"key": None}, {"key": "a"}])
    assert files.repeated(["key"], [])[0] == 0


def test_a_folder_may_have_signs_that_duckdb_takes_for_patterns(tmp_path: Path) -> None:
    files = write(tmp_path / "a [b] {c} d*e's?", [{"key": "a"}], [{"key": "a"}])
    count, rows = files.repeated(["key"], [])
    assert count == 2
    assert rows["key"].to_list() == ["a", "a"]


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    write(tmp_path / "table", [{"key": "a"}, {"key": "a"}]).repeated(["key"], [])
    assert [path.name for path in tmp_path.iterdir()] == ["table"]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    files = write(tmp_path, [{"key": "a"}])
    (tmp_path / "1.parquet").write_bytes(b"PAR1 not at all")
    with pytest.raises(UnreadableError, match=r"1\.parquet"):
        _ = files.row_count
    (tmp_path / "1.parquet").unlink()
    whole = TableFiles(tmp_path)
    content = bytearray((tmp_path / "0.parquet").read_bytes())
    content[4:20] = b"\xff" * 16
    (tmp_path / "0.parquet").write_bytes(content)
    with pytest.raises(UnreadableError, match=r"0\.parquet"):
        list(whole.chunks(["key"]))


def test_a_folder_that_is_not_there_has_no_rows(tmp_path: Path) -> None:
    files = TableFiles(tmp_path / "absent")
    assert files.row_count == 0
    assert files.repeated(["key"], ["part"])[0] == 0
    assert files.nulls("raw", ["part"])[0] == 0
    assert files.head(["key"], 5) == []
