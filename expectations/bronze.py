"""The gate after capture: is this batch of this source whole, well-formed and mostly readable?"""

from __future__ import annotations

import pyarrow.compute as pc

from expectations.gate import Finding, GateReport, judge, merged
from expectations.suites import declared_expectations, frame_of, reconciliation
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ENTITIES, LEDGER, QUARANTINE

PLACE = ("file", "position", "item")
HEAVY = frozenset({"text", "raw", "description"})
"""Columns whose content no expectation of this gate looks into: not worth loading."""


def check_bronze(lake: Lake, source: Source, batch_id: str) -> GateReport:
    """Judge a candidate batch.

    Holds when every table has its declared shape, keys and ranges; when for each file rows read
    are rows accepted, duplicate or quarantined; when the tables hold as many rows as the ledger
    says; and when no more than the source's limit was unreadable.
    """
    gate = f"bronze {source.name}"
    reports = []
    accepted = 0
    for table in (*ENTITIES, QUARANTINE, LEDGER):
        rows = lake.read_candidate(source.name, batch_id, table.name, without=HEAVY)
        accepted += rows.num_rows if table in ENTITIES else 0
        reports.append(
            judge(
                gate,
                table.name,
                frame_of(rows),
                declared_expectations(table, without=PARTITIONS | HEAVY),
                place=PLACE,
            )
        )
    reports.append(_check_totals(gate, lake, source, batch_id, accepted))
    return merged(gate, reports)


def _check_totals(
    gate: str, lake: Lake, source: Source, batch_id: str, accepted: int
) -> GateReport:
    ledger = lake.read_candidate(source.name, batch_id, LEDGER.name).to_pylist()
    lines = [
        (
            f"{row['file']}: rows read = accepted + duplicate + quarantined",
            row["rows_read_count"],
            row["rows_accepted_count"]
            + row["rows_duplicate_count"]
            + row["rows_quarantined_count"],
        )
        for row in ledger
    ]
    quarantined = lake.read_candidate(source.name, batch_id, QUARANTINE.name, without=HEAVY)
    lines += [
        ("rows in tables", sum(row["rows_accepted_count"] for row in ledger), accepted),
        (
            "rows in quarantine",
            sum(row["rows_quarantined_count"] for row in ledger),
            quarantined.num_rows,
        ),
    ]
    frame, expectations = reconciliation(lines)
    report = judge(gate, "totals", frame, expectations, place=("total",))
    read = sum(row["rows_read_count"] for row in ledger)
    limit = source.quarantine_limit
    share = quarantined.num_rows / read if read else 0.0
    if read < limit.at_least_rows or share <= limit.share:
        return GateReport(gate, report.expectation_count + 1, report.findings)
    counts = sorted(
        pc.value_counts(quarantined["reason"]).to_pylist(), key=lambda row: -row["counts"]
    )
    finding = Finding(
        QUARANTINE.name,
        f"{share:.1%} of {read} rows could not be read, the limit of source {source.name} is "
        f"{limit.share:.1%} ("
        + ", ".join(f"{row['values']} {row['counts']}" for row in counts)
        + ")",
        quarantined.num_rows,
        tuple(quarantined.select(["file", "position", "reason", "detail"]).slice(0, 3).to_pylist()),
    )
    return GateReport(gate, report.expectation_count + 1, (*report.findings, finding))
