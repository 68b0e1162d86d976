"""Rows of Parquet files for a mapping, streamed row group by row group.

Parquet is read from its end, so a stream that cannot be read at any place is copied to a temporary
file first. Rows are numbered from 1, and their raw text is JSON. What cannot be read of a file, as
a whole or from some row of a group on, is one quarantined record that says which rows it stands
for; a value that cannot be read is a fault of its row.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.adapters.json_fields import JsonFields, Unmapped
from spark_jobs.adapters.mapped_tables import RowsReader
from spark_jobs.adapters.outcomes import Outcome, Passage, Quarantined
from spark_jobs.adapters.typed_values import Unreadable
from spark_jobs.mappings.language import Mapping
from spark_jobs.sources import Source

NOT_PARQUET = "not_parquet"

_BATCH_ROWS = 2_000
_BROKEN = (pa.ArrowException, OSError, MemoryError, ValueError, OverflowError)
"""What reading broken bytes raises; a name that is not UTF-8 is a ValueError."""


def read_mapped_parquet(
    stream: BinaryIO, source: Source, passage: Passage, mapping: Mapping
) -> Iterator[Outcome]:
    """The outcomes of every row."""
    reader = RowsReader(mapping, source, JsonFields(), has_decimal_comma=False)
    unmapped = Unmapped(mapping, passage)

    def rows(seekable: BinaryIO) -> Iterator[tuple[int, Any, str] | Quarantined]:
        for part in _rows(seekable):
            if isinstance(part, Quarantined):
                yield part
                continue
            position, row = part
            unmapped.note(row)
            raw = json.dumps(row, ensure_ascii=False, default=_written)
            yield position, _without_nul(row) if "\\u0000" in raw else row, raw

    with _seekable(stream) as seekable:
        yield from reader.outcomes_of_each(rows(seekable))


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, 1024 * 1024)
        copy.seek(0)
        yield copy


def _rows(stream: BinaryIO) -> Iterator[tuple[int, dict[str, Any]] | Quarantined]:
    """Every row with its number; what cannot be read as a record of its own."""
    if stream.seek(0, 2) == 0:
        return
    stream.seek(0)
    try:
        file = pq.ParquetFile(stream)
        counts = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    except _BROKEN as error:
        yield Quarantined(NOT_PARQUET, f"the file cannot be read: {_first_line(error)}", 1, "")
        return
    first = 1
    for group, count in enumerate(counts):
        position = first
        why = "the group ends before them"
        try:
            for batch in file.iter_batches(_BATCH_ROWS, row_groups=[group]):
                for row in _rows_of(batch):
                    yield position, row
                    position += 1
        except _BROKEN as error:
            why = _first_line(error)
        if position < first + count:
            detail = (
                f"rows {position} to {first + count - 1}, of row group {group + 1}, cannot be "
                f"read: {why}"
            )
            yield Quarantined(NOT_PARQUET, detail, position, "")
        first += count


def _rows_of(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    names = batch.schema.names
    for values in zip(*(_values(column) for column in batch.columns), strict=True):
        yield dict(zip(names, values, strict=True))


def _values(column: pa.Array) -> list[Any]:
    try:
        values: list[Any] = column.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        values = [_value(scalar) for scalar in column]
    return values


def _value(scalar: pa.Scalar) -> Any:
    """One value; what stands for it where, say, its year is beyond what a date can hold."""
    try:
        return scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException) as error:
        return Unreadable(f"{scalar.type}, {_first_line(error)}")


def _written(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return f"({value.why})" if isinstance(value, Unreadable) else str(value)


def _without_nul(value: Any) -> Any:
    """A value with U+FFFD for NUL in its texts."""
    if isinstance(value, str):
        return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {name: _without_nul(inner) for name, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
