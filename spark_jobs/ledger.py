"""The ledger's rows for one capture: what became of every record of every file.

Rows read are rows accepted, duplicate or quarantined, for each file; the gate checks it. A file
that was refused is one row, in quarantine. The ledger is as long as the plan: no Spark here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.lake import Lake, file_schema
from spark_jobs.plan import Plan, PlannedFile
from spark_jobs.records import QUARANTINE
from spark_jobs.tables.bronze import ENTITIES
from spark_jobs.tables.capture_log import LEDGER
from spark_jobs.tallies import Span, Tally

_TIMED = [table.name for table in ENTITIES if table.time]


def tallies_by_file(pieces: Iterable[tuple[int, str]]) -> dict[int, Tally]:
    """What workers counted, by number of the file: of each piece, that and its tally as JSON."""
    tallies: dict[int, Tally] = {}
    for number, tally in pieces:
        tallies.setdefault(number, Tally()).add(Tally.model_validate_json(tally))
    return tallies


def spans_of(tallies: dict[int, Tally], plan: Plan) -> dict[tuple[int, str], Span]:
    """Times of the records by number of the source and table."""
    numbers = {source: number for number, source in enumerate(plan.batches)}
    spans: dict[tuple[int, str], Span] = {}
    for number, tally in tallies.items():
        source = numbers[plan.files[number].source]
        for table in tally.rows.keys() - {QUARANTINE}:
            span = spans.setdefault((source, table), Span())
            span.add(tally.spans.get(table, Span()))
    return spans


def ledger_of(
    plan: Plan, tallies: dict[int, Tally], duplicates: dict[int, int], lake: Lake
) -> list[dict[str, Any]]:
    """One row of the ledger for each file of the plan, also for files without any record.

    Args:
        plan: the files.
        tallies: what was counted in each, by its number.
        duplicates: how many of its records repeat what stands elsewhere, by its number.
        lake: whose ledger knows the files that earlier captures read.
    """
    captured_at = datetime.now(UTC)
    rows = [
        _row(file, tallies.get(number, Tally()), duplicates.get(number, 0))
        | {"captured_at": captured_at}
        for number, file in enumerate(plan.files)
    ]
    columns = ["source", "content_hash", "duplicate_of_file", "rows_read_count"]
    originals = {
        (row["source"], row["content_hash"]): row["rows_read_count"]
        for row in [*lake.read_bronze(LEDGER.name, columns).to_pylist(), *rows]
        if row["duplicate_of_file"] is None
    }
    for row in rows:
        if row["duplicate_of_file"] is not None:
            # As many records as the file with the same bytes, each a duplicate.
            count = originals[row["source"], row["content_hash"]]
            row |= {"rows_read_count": count, "rows_duplicate_count": count}
    return rows


def write_ledger(rows: list[dict[str, Any]], plan: Plan, lake: Lake) -> None:
    """Give each batch of the plan the rows of its files."""
    for source, batch_id in plan.batches.items():
        own = [row for row in rows if row["source"] == source]
        target = lake.bronze_candidate(source, batch_id) / LEDGER.name
        target.mkdir(parents=True)
        pq.write_table(
            pa.Table.from_pylist(own, schema=file_schema(LEDGER)), target / "ledger.parquet"
        )


def _row(file: PlannedFile, tally: Tally, duplicate_count: int) -> dict[str, Any]:
    quarantined, found_count = tally.reasons, tally.rows.total() - tally.rows[QUARANTINE]
    duplicate_count += tally.duplicates
    if tally.refusals:
        quarantined, found_count, duplicate_count = tally.refusals, 0, 0
    spans = Span()
    for table in _TIMED if found_count else ():
        spans.add(tally.spans.get(table, Span()))
    return {
        **file.model_dump(exclude={"path"}),
        "rows_read_count": found_count + quarantined.total(),
        "rows_accepted_count": found_count - duplicate_count,
        "rows_duplicate_count": duplicate_count,
        "rows_quarantined_count": quarantined.total(),
        "reasons": json.dumps(dict(sorted(Counter(quarantined).items()))),
        "first_at": spans.earliest,
        "last_at": spans.latest,
        "seconds": round(tally.seconds, 3),
        "unmapped_fields": sorted(tally.unmapped_fields),
    }
