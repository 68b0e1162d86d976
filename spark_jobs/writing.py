"""Rows of bronze and silver as Parquet, written by a worker in row groups of bounded memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.gathered import Rows
from spark_jobs.lake import file_schema
from spark_jobs.pieces import Piece
from spark_jobs.tables.declaration import Table

GROUP_BYTES = 16 * 1024 * 1024
"""Size of a row group before compression: what a file holds in memory until it is written."""

_REPEATING = frozenset(
    {"batch_id", "file", "channel", "section", "brand", "reason", "lang_hint", "kind", "language"}
)
_REPEATING_ENDS = ("_label", "_model")
"""Columns of few values; a dictionary of any other would only be thrown away again."""


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer of the files of bronze and silver."""
    dictionaries = [
        name for name in schema.names if name in _REPEATING or name.endswith(_REPEATING_ENDS)
    ]
    return pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=dictionaries)


class GroupedFile:
    """A Parquet file that is written in row groups of about ``GROUP_BYTES``."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.row_count = 0
        self._path = path
        self._batches: list[pa.RecordBatch] = []
        self._byte_count = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under another name until it is whole: an attempt that dies leaves nothing to be read.
        self._partial = path.with_suffix(".partial")
        self._writer = parquet_writer(self._partial, schema)

    def append(self, batch: pa.RecordBatch) -> None:
        """Add some rows."""
        self._batches.append(batch)
        self._byte_count += batch.nbytes
        self.row_count += batch.num_rows
        if self._byte_count >= GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        """Finish the file and give it its name."""
        self._flush()
        self._writer.close()
        self._partial.replace(self._path)

    def _flush(self) -> None:
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches))
        self._batches, self._byte_count = [], 0


class TableFile:
    """One file of one table, open for writing."""

    def __init__(self, path: Path, table: Table) -> None:
        self._schema = file_schema(table)
        self._file = GroupedFile(path, self._schema)

    def append(self, piece: Piece, rows: Rows) -> int:
        """Add rows of one piece; the number of the first of them in this file."""
        first = self._file.row_count
        columns = {
            **rows.columns,
            "batch_id": pa.repeat(piece.batch_id, rows.count),
            "file": pa.repeat(piece.file, rows.count),
            "position": rows.positions,
            "item": rows.items,
            "raw": rows.raws,
        }
        self._file.append(
            pa.RecordBatch.from_arrays(
                [columns.get(each.name, pa.nulls(rows.count, each.type)) for each in self._schema],
                schema=self._schema,
            )
        )
        return first

    def close(self) -> None:
        """Finish the file and give it its name."""
        self._file.close()
