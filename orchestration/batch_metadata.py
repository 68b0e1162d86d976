"""What the UI shows of one source's batch: counts, reasons, times, and a look at the quarantine.

Read from the candidate, before its gate lets it through or refuses it: a refused batch is shown
as well as a good one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pyarrow as pa
from dagster import MetadataValue, TableColumn, TableRecord, TableSchema

from expectations.bronze import sample_of
from expectations.files import TableFiles
from orchestration.checks import QUARANTINE_SAMPLE
from spark_jobs.lake import Lake
from spark_jobs.tables.capture_log import LEDGER, QUARANTINE

COUNTS = (
    "rows_read_count",
    "rows_accepted_count",
    "rows_duplicate_count",
    "rows_quarantined_count",
)
FILES_SHOWN = 20
Shown = dict[str, MetadataValue[Any]]


def batch_metadata(lake: Lake, source: str, batch_id: str) -> Shown:
    """Metadata of a candidate batch; what it lacks or holds in another shape is left out."""
    shown: Shown = {"batch_id": MetadataValue.text(batch_id)}
    try:
        ledger = lake.read_candidate(source, batch_id, LEDGER.name).to_pylist()
    except (pa.ArrowException, OSError):
        return shown  # the gate names the file and its fault
    shown |= _counts(ledger) | _times(ledger)
    sample = sample_of(TableFiles(lake.bronze_candidate(source, batch_id) / QUARANTINE.name))
    if sample:
        shown[QUARANTINE_SAMPLE] = _table(sample)
    return shown


def _counts(ledger: list[dict[str, Any]]) -> Shown:
    reasons: Counter[str] = Counter()
    lines: list[str] = []
    for row in ledger:
        by_reason = json.loads(row["reasons"] or "{}")
        reasons.update(by_reason)
        if by_reason and len(lines) < FILES_SHOWN:
            lines.append(f"- {row['file']}: {row['reasons']}")
    unmapped = sorted({name for row in ledger for name in row.get("unmapped_fields") or ()})
    return {
        **{name: MetadataValue.int(sum(row[name] or 0 for row in ledger)) for name in COUNTS},
        "files_count": MetadataValue.int(len(ledger)),
        "quarantine_reasons": MetadataValue.json(dict(reasons.most_common())),
        "quarantined_files": MetadataValue.md("\n".join(lines)),
        **({"unmapped_fields": MetadataValue.json(unmapped)} if unmapped else {}),
    }


def _times(ledger: list[dict[str, Any]]) -> Shown:
    first = [row["first_at"] for row in ledger if row["first_at"]]
    last = [row["last_at"] for row in ledger if row["last_at"]]
    seconds = [row["seconds"] for row in ledger if row.get("seconds") is not None]
    return {
        **({"first_at": MetadataValue.text(min(first).isoformat())} if first else {}),
        **({"last_at": MetadataValue.text(max(last).isoformat())} if last else {}),
        **({"seconds": MetadataValue.float(sum(seconds))} if seconds else {}),
    }


def _table(rows: list[dict[str, Any]]) -> MetadataValue[Any]:
    names = list(rows[0])
    return MetadataValue.table(
        [TableRecord({name: row[name] for name in names}) for row in rows],
        TableSchema(
            [TableColumn(name, "int" if name == "position" else "string") for name in names]
        ),
    )
