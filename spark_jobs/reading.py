"""What a Spark worker does with a load of pieces, without Spark: outcomes become Parquet.

Records go to files of the table they belong to, under ``parsed/<source>/<table>/``, and with them
a *mark* for each, a few numbers that say what it is and where it lies, under ``marks/``: enough to
find duplicates. Neither travels through Spark, which only gets the tally of each piece.

What a record is and whether it can be read is the adapters' business.
"""

from __future__ import annotations

import codecs
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.csv_rows import names_separator
from spark_jobs.adapters.outcomes import (
    DIGEST,
    AcceptedBlock,
    Outcome,
    Passage,
    Quarantined,
    printable,
)
from spark_jobs.adapters.registry import adapter_named, has_header
from spark_jobs.gathered import Rows, all_but
from spark_jobs.opening import FileRefusedError, MemberLeftError, opened
from spark_jobs.pieces import Piece
from spark_jobs.records import QUARANTINE, rows_of
from spark_jobs.sources import Source, Sources
from spark_jobs.tables.bronze import TABLES
from spark_jobs.tables.capture_log import REPEATS
from spark_jobs.tables.declaration import INSTANT, INTEGER, STRING
from spark_jobs.tallies import Tally
from spark_jobs.writing import GroupedFile, TableFile

SECRET_VARIABLE = "CAUSERIE_SECRET"  # noqa: S105 - the name of the variable, not its value

CHUNK_ROWS = 4_000
CHUNK_BYTES = 64 * 1024 * 1024
"""Of raw records: what is held at a time is bounded also where records are long."""

MOST_SEEN = 200_000
"""Hashes of one table that are kept in mind, some 20 MB."""

MARKS = pa.schema(
    [
        ("source_number", pa.int32()),
        ("file_number", pa.int32()),
        ("kind", STRING),
        ("place", INTEGER),
        ("load", pa.int32()),
        ("row", INTEGER),
        ("record_hash", DIGEST),
    ]
)
"""One record. ``place`` orders the records of a capture by file and position; ``load`` and ``row``
say where in its table's files a record lies. The hash is null in the quarantine."""

TALLIES = pa.schema([("file_number", pa.int32()), ("tally", STRING)])
"""One piece."""

PLACES_A_PIECE = 1 << 36


def read_load(
    load: int, pieces: Sequence[Piece], sources: Sources, work: Path, secret: bytes
) -> Iterator[pa.RecordBatch]:
    """Read the pieces of one load, write their records and marks, and yield tallies.

    Args:
        load: its number, which names the files written.
        pieces: what to read.
        sources: their declarations.
        work: folder that ``parsed`` and ``marks`` are written in.
        secret: key of the hashes that stand for contact points.
    """
    files = _LoadFiles(work, load)
    try:
        for piece in pieces:
            tally = _read_piece(piece, sources, files, secret).model_dump_json()
            yield pa.RecordBatch.from_pylist(
                [{"file_number": piece.file_number, "tally": tally}], schema=TALLIES
            )
    finally:
        files.close()
        pa.default_memory_pool().release_unused()  # duplicates are looked for with it


class _Seen:
    """Hashes of a piece so far, as many as fit: the profiles of a page are on the next one too.

    What is found here need not be taken out of files that are written already.
    """

    def __init__(self) -> None:
        self._hashes: dict[str, set[bytes]] = {}

    def forget(self) -> None:
        self._hashes = {}

    def repeats(self, rows: Rows) -> list[int]:
        """The rows whose hash was there before; what is not known is none."""
        seen = self._hashes.setdefault(rows.table, set())
        if len(seen) > MOST_SEEN:
            seen.clear()
        found = rows.hashes.cast(pa.binary()).to_pylist()  # of fixed size takes ten times as long
        distinct = set(found)
        if len(distinct) == len(found) and seen.isdisjoint(distinct):
            seen |= distinct
            return []
        repeats = []
        for row, each in enumerate(found):
            if each in seen:
                repeats.append(row)
            seen.add(each)
        return repeats


class _LoadFiles:
    """The files that one load writes, one for each source and table, and one of marks."""

    def __init__(self, work: Path, load: int) -> None:
        self.load = load
        self._parsed = work / "parsed"
        self._name = f"{load:06d}.parquet"
        self._open: dict[tuple[str, str], TableFile] = {}
        self.seen = _Seen()
        self.marks = GroupedFile(work / "marks" / self._name, MARKS)

    def of(self, source: str, table: str) -> TableFile:
        key = (source, table)
        if key not in self._open:
            self._open[key] = TableFile(self._parsed / source / table / self._name, TABLES[table])
        return self._open[key]

    def close(self) -> None:
        self.marks.close()
        for file in self._open.values():
            file.close()


def _read_piece(piece: Piece, sources: Sources, files: _LoadFiles, secret: bytes) -> Tally:
    source = sources.named(piece.source)
    passage = passage_of(piece, source)
    tally = Tally()
    files.seen.forget()
    started = time.monotonic()
    place = piece.number * PLACES_A_PIECE
    try:
        with opened(piece, source) as stream:
            outcomes = adapter_named(source.adapter).read(stream, source, passage)
            for chunk, row_count in chunks_of(outcomes):
                for rows in rows_of(chunk, source, secret):
                    _take(piece, files, rows, place, tally)
                place += row_count
    except MemberLeftError as left:  # the other members are taken
        for rows in rows_of([Quarantined(left.reason, left.detail, 1, "")], source, secret):
            _take(piece, files, rows, place, tally)
    except FileRefusedError as refusal:
        outcome = Quarantined(refusal.reason, refusal.detail, 1, "")
        (rows,) = rows_of([outcome], source, secret)
        files.of(piece.source, QUARANTINE).append(piece, rows)
        tally.refusals[refusal.reason] += 1
    except Exception:  # a mistake in one source's adapter must not stop the other sources
        tally.errors.append(traceback.format_exc(limit=-3))
    tally.seconds = time.monotonic() - started
    tally.unmapped_fields = passage.unmapped_fields
    return tally


def passage_of(piece: Piece, source: Source) -> Passage:
    """Where a piece stands in its delivery."""
    header = None
    if piece.first_line > 1 and has_header(source):
        with piece.path.open("rb") as stream:
            header = printable(stream.readline().removeprefix(codecs.BOM_UTF8).rstrip(b"\r\n"))
            if names_separator(header):
                header = printable(stream.readline().rstrip(b"\r\n"))
    return Passage(piece.file, piece.first_line, header)


def chunks_of(outcomes: Iterator[Outcome]) -> Iterator[tuple[list[Outcome], int]]:
    """Outcomes of some thousand records at a time, and how many these are."""
    chunk: list[Outcome] = []
    row_count = byte_count = 0
    for outcome in outcomes:
        chunk.append(outcome)
        if isinstance(outcome, AcceptedBlock):
            row_count += len(outcome.raws)
        else:
            row_count += 1
            byte_count += len(outcome.raw)
        if row_count >= CHUNK_ROWS or byte_count >= CHUNK_BYTES:
            yield chunk, row_count
            chunk, row_count, byte_count = [], 0, 0
    if chunk:
        yield chunk, row_count


def _take(piece: Piece, files: _LoadFiles, rows: Rows, place: int, tally: Tally) -> None:
    """Count, write and mark rows of one table; of what the piece had before, the place only."""
    clock = TABLES[rows.table].clock
    tally.count(rows.table, rows.count)
    if clock:
        tally.time(rows.table, rows.columns.get(clock, pa.nulls(rows.count, INSTANT)))
    if rows.table == QUARANTINE:
        tally.reasons.update(rows.columns["reason"].to_pylist())
    else:
        if repeats := files.seen.repeats(rows):
            is_new = all_but(repeats, rows.count)
            again = rows.chosen(pc.invert(is_new))
            again.columns = {
                "table_name": pa.repeat(rows.table, again.count),
                "record_hash": again.columns["record_hash"],
            }
            tally.duplicates += again.count
            rows = rows.chosen(is_new)
            again.table, again.hashes = REPEATS.name, pa.nulls(again.count, DIGEST)
            _write(piece, files, again, place)
    _write(piece, files, rows, place)


def _write(piece: Piece, files: _LoadFiles, rows: Rows, place: int) -> None:
    if rows.count:
        first = files.of(piece.source, rows.table).append(piece, rows)
        files.marks.append(_marks_of(piece, rows, files.load, first, place))


def _marks_of(piece: Piece, rows: Rows, load: int, first: int, place: int) -> pa.RecordBatch:
    columns = {
        "source_number": pa.repeat(pa.scalar(piece.source_number, pa.int32()), rows.count),
        "file_number": pa.repeat(pa.scalar(piece.file_number, pa.int32()), rows.count),
        "kind": pa.repeat(rows.table, rows.count),
        "place": pc.add(rows.indexes, place),
        "load": pa.repeat(pa.scalar(load, pa.int32()), rows.count),
        "row": pa.array(np.arange(first, first + rows.count)),
        "record_hash": rows.hashes,
    }
    return pa.RecordBatch.from_arrays([columns[name] for name in MARKS.names], schema=MARKS)
