"""How a gate looks at Parquet files without loading them: shape, parts, nulls, repeated keys.

Memory is bounded by ``CHUNK_ROWS`` and ``MEMORY`` however many rows there are. What must hold of
the rows is not known here, nor is any table.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.paths import for_duckdb

CHUNK_ROWS = 100_000
MEMORY = "128MB"
"""What DuckDB may hold; beyond it, it spills into the scratch folder."""
EXAMPLES = 50
"""How many of the rows at fault are fetched, for the library to judge and a person to see."""
EXACT_KEYS = 10_000
"""Up to so many repeated keys are counted one by one."""


class UnreadableError(RuntimeError):
    """A Parquet file cannot be read; the message names it and the fault."""


@dataclass(frozen=True)
class TableFiles:
    """The Parquet files below a folder, which hold one table."""

    folder: Path

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The files, in order."""
        return tuple(sorted(self.folder.rglob("*.parquet")))

    @cached_property
    def row_count(self) -> int:
        """Rows in all files, as their footers say."""
        return sum(footer.num_rows for footer in self._footers.values())

    @cached_property
    def schemas(self) -> dict[Path, pa.Schema]:
        """The shape of each file; UnreadableError where it has none."""
        return {path: footer.schema.to_arrow_schema() for path, footer in self._footers.items()}

    @cached_property
    def _footers(self) -> dict[Path, pq.FileMetaData]:
        return {path: _footer(path) for path in self.paths}

    def chunks(self, columns: Sequence[str]) -> Iterator[pa.Table]:
        """All rows of those columns, at most ``CHUNK_ROWS`` at a time, across files."""
        held: list[pa.RecordBatch] = []
        rows = 0
        for path in self.paths:
            try:
                with pq.ParquetFile(path, pre_buffer=False) as file:
                    for batch in file.iter_batches(CHUNK_ROWS, columns=list(columns)):
                        if rows + batch.num_rows > CHUNK_ROWS:
                            yield pa.Table.from_batches(held)
                            held, rows = [], 0
                        held.append(batch.select(list(columns)))
                        rows += batch.num_rows
            except (pa.ArrowException, OSError) as error:
                raise UnreadableError(f"{path.name}: {error}") from error
        if rows:
            yield pa.Table.from_batches(held)

    def first_value(self, path: Path, column: str) -> object:
        """A column's value in the first row of one of the files; None where there is neither."""
        rows = self._head_of(path, [column], 1)
        return rows[0].get(column) if rows else None

    def head(self, columns: Sequence[str], rows: int) -> list[dict[str, Any]]:
        """The first rows of the first file that has any, of those columns that it has."""
        for path in self.paths:
            if found := self._head_of(path, columns, rows):
                return found
        return []

    def _head_of(self, path: Path, columns: Sequence[str], rows: int) -> list[dict[str, Any]]:
        present = [name for name in columns if name in self.schemas[path].names]
        if not present or not self._footers[path].num_rows:
            return []
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                batch = next(file.iter_batches(rows, columns=present))
        except (pa.ArrowException, OSError) as error:
            raise UnreadableError(f"{path.name}: {error}") from error
        found: list[dict[str, Any]] = batch.to_pylist()
        return found

    def nulls(self, column: str, place: Sequence[str]) -> tuple[int, pd.DataFrame]:
        """How many values of a column are null, and the places of some, without reading it.

        The files' statistics say how many; only where they say that there are some, or say
        nothing, is the column read.
        """
        counts = [_nulls_in(footer, column) for footer in self._footers.values()]
        shown = list(dict.fromkeys([*place, column]))
        where = f'"{column}" is null'
        if None in counts:
            count = self.count(where)
        else:
            count = sum(known for known in counts if known is not None)
        if not count:
            return 0, pd.DataFrame(columns=shown)
        examples = f"select {_names(shown)} from files where {where} limit {EXAMPLES}"
        return count, self.query(examples)

    def repeated(self, key: Sequence[str], place: Sequence[str]) -> tuple[int, pd.DataFrame]:
        """How many rows have a key that another row has too, and some of those rows.

        Nulls are equal to one another, but for a key of one column, which may be null often.
        """
        shown = list(dict.fromkeys([*place, *key]))
        if not self.paths:
            return 0, pd.DataFrame(columns=shown)
        places = place or key
        key_of = _names(key)
        present = f"{key_of} is not null" if len(key) == 1 else "true"
        packed = ", ".join(f'"{name}" := "{name}"' for name in shown)
        with self._connection() as connection:
            # Hashes are a quarter of the keys: only those seen twice are looked at again.
            connection.execute(
                "create temp table suspects as "
                f"select hash({key_of}) as key_hash, count(*) as row_count from files "
                f"where {present} group by key_hash having count(*) > 1"
            )
            ((suspects, count),) = connection.execute(
                "select count(*), coalesce(sum(row_count), 0)::bigint from suspects"
            ).fetchall()
            if suspects <= EXACT_KEYS:
                # Two keys may share a hash; among many suspects it would not change the picture.
                ((count,),) = connection.execute(
                    "select coalesce(sum(row_count), 0)::bigint from ("
                    f"select count(*) as row_count from files where {present} and "
                    f"hash({key_of}) in (select key_hash from suspects) "
                    f"group by {key_of} having count(*) > 1)"
                ).fetchall()
            frame = connection.execute(
                f"select unnest(arg_min(struct_pack({packed}), row({_names(places)}), 2), "
                f"recursive := true) from files where {present} and hash({key_of}) in "
                f"(select key_hash from suspects order by key_hash limit {EXACT_KEYS // 100}) "
                f"group by {key_of} having count(*) > 1 order by all limit {EXAMPLES}"
            ).df()
        return int(count), frame.reindex(columns=shown)

    def query(self, sql: str) -> pd.DataFrame:
        """Rows of a query over the view ``files``; there must be at least one file."""
        with self._connection() as connection:
            return connection.execute(sql).df()

    def count(self, where: str) -> int:
        """How many rows satisfy a condition; there must be at least one file."""
        with self._connection() as connection:
            ((rows,),) = connection.execute(f"select count(*) from files where {where}").fetchall()
        return int(rows)

    def beside(
        self, others: TableFiles, key: str, columns: Sequence[str], most: int
    ) -> pd.DataFrame:
        """Columns of the rows whose key the other files have too: those of the lowest keys.

        Each is there as ``new_<column>``, of these files, and ``old_<column>``, of the others.
        """
        shown = [
            f'files."{name}" as "new_{name}", others."{name}" as "old_{name}"' for name in columns
        ]
        with self._connection() as connection:
            try:
                return connection.execute(
                    f"select {', '.join([f'files.{key}', *shown])} from files inner join "
                    f"{others._listed} as others on files.{key} = others.{key} "
                    f"order by files.{key} limit {most}"
                ).df()
            except duckdb.Error as error:
                raise UnreadableError(f"{others.folder.name}: {error}") from error

    @property
    def _listed(self) -> str:
        listed = ", ".join(for_duckdb(path.parent, path.name) for path in self.paths)
        return f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"

    @contextmanager
    def _connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A database of its own over the files, with a scratch folder that goes with it."""
        with (
            tempfile.TemporaryDirectory(prefix="gate-", dir=self.folder.parent) as scratch,
            duckdb.connect(
                config={
                    "memory_limit": MEMORY,
                    "temp_directory": scratch,
                    "preserve_insertion_order": "false",
                }
            ) as connection,
        ):
            try:
                connection.execute(f"create view files as select * from {self._listed}")
                yield connection
            except duckdb.Error as error:
                raise UnreadableError(f"{self.folder.name}: {error}") from error


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _footer(path: Path) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(f"{path.name}: {error}") from error


def _nulls_in(footer: pq.FileMetaData, column: str) -> int | None:
    """Nulls of a column of one file; None where its statistics do not say."""
    leaves = [
        number
        for number in range(footer.num_columns)
        if footer.schema.column(number).path == column
    ]
    if len(leaves) != 1:
        return None
    total = 0
    for number in range(footer.num_row_groups):
        statistics = footer.row_group(number).column(leaves[0]).statistics
        if statistics is None or not statistics.has_null_count:
            return None
        total += statistics.null_count
    return total
