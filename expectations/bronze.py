"""The gate after capture: is this batch of this source whole, well-formed and mostly readable?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from expectations.files import TableFiles, UnreadableError
from expectations.gate import Finding, GateReport, Judgement, merged
from expectations.suites import (
    foreign_shape,
    in_files,
    judge_files,
    look_at_shapes,
    reconciliation,
    shape_of,
)
from spark_jobs.adapters.registry import tables_of
from spark_jobs.lake import Lake
from spark_jobs.nlp.masking import mask
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ENTITIES, TABLES
from spark_jobs.tables.capture_log import LEDGER, QUARANTINE, REPEATS

BATCH = "batch"
"""Name of what is judged of a batch as a whole: shapes, totals, how much could be read."""
PLACE = ("file", "position", "item")
PLACE_IN_BATCH = ("total", "table", "part", "column", "file", "position", "reason", "detail")
SAMPLE_ROWS = 5
SAMPLED_COLUMNS = ("file", "position", "reason", "detail", "raw_excerpt")
_ENTITY_NAMES = frozenset(table.name for table in ENTITIES)


def check_bronze(
    lake: Lake, source: Source, batch_id: str, failures: Sequence[Mapping[str, Any]] = ()
) -> GateReport:
    """Judge a candidate batch.

    Holds when every file was read; when every table has its declared shape, keys and ranges;
    when for each file rows read are rows accepted, duplicate or quarantined; when the tables hold
    as many rows as the ledger says; and when no more than the source's limit was unreadable.
    Memory does not grow with the batch.

    Args:
        lake: that holds it.
        source: whose batch it is.
        batch_id: its name.
        failures: the files that the job could not take to their end, as ``file`` and ``error``;
            such a batch is not looked into.
    """
    gate = f"bronze {source.name}"
    batch = Judgement(gate, BATCH, PLACE_IN_BATCH)
    _look_at_failures(batch, failures)
    if failures:
        return _named_file_by_file(batch.report(), failures)
    own = (*tables_of(source), QUARANTINE.name, REPEATS.name, LEDGER.name)
    folder = lake.bronze_candidate(source.name, batch_id)
    tables = {name: TableFiles(folder / name) for name in own}
    foreign = [path.name for path in sorted(folder.glob("*/")) if path.name not in tables]
    reports: list[GateReport] = []
    try:
        shapes = [shape_of(TABLES[name], files) for name, files in tables.items()]
        broken = look_at_shapes(batch, [*shapes, *(foreign_shape(name) for name in foreign)])
        reports.extend(
            judge_files(gate, TABLES[name], files, PLACE, broken[name])
            for name, files in tables.items()
        )
        if not broken[LEDGER.name] and not broken[QUARANTINE.name]:
            _look_at_totals(batch, source, tables)
    except UnreadableError as error:
        finding = Finding(BATCH, f"a Parquet file cannot be read: {error}", None)
        reports.append(GateReport(gate, 1, (finding,)))
    return merged(gate, [batch.report(), *reports])


def sample_of(quarantine: TableFiles) -> list[dict[str, Any]]:
    """The first records of a quarantine, without personal data; none where it is damaged."""
    try:
        return quarantine.head(SAMPLED_COLUMNS, SAMPLE_ROWS)
    except UnreadableError:
        return []  # the gate names the file and its fault


def _look_at_failures(batch: Judgement, failures: Sequence[Mapping[str, Any]]) -> None:
    from great_expectations import expectations as gxe

    rows = [(row["file"], _last_line(row)) for row in failures]
    frame = pd.DataFrame(rows, columns=["file", "error"])
    batch.look(frame, [gxe.ExpectColumnValuesToBeNull(column="error")])


def _named_file_by_file(report: GateReport, failures: Sequence[Mapping[str, Any]]) -> GateReport:
    findings = tuple(
        Finding(BATCH, f"{row['file']} could not be read to its end: {_last_line(row)}", None)
        for row in failures
    )
    return GateReport(report.gate, report.expectation_count, findings, report.validations)


def _last_line(failure: Mapping[str, Any]) -> str:
    """What an error says, without its stack and without personal data; the job's log has it all."""
    return mask(str(failure["error"]).strip().rpartition("\n")[2])


def _look_at_totals(batch: Judgement, source: Source, tables: Mapping[str, TableFiles]) -> None:
    """Compare the ledger with itself and with the tables, and the quarantine with its limit."""
    columns = in_files(LEDGER)
    ledger = [row for chunk in tables[LEDGER.name].chunks(columns) for row in chunk.to_pylist()]
    totals = {
        name: sum(row[f"rows_{name}_count"] or 0 for row in ledger)
        for name in ("read", "accepted", "quarantined")
    }
    accepted = sum(files.row_count for name, files in tables.items() if name in _ENTITY_NAMES)
    quarantined = tables[QUARANTINE.name].row_count
    lines = [
        (
            f"{row['file']}: rows read = accepted + duplicate + quarantined",
            row["rows_read_count"],
            sum(
                row[f"rows_{name}_count"] or 0 for name in ("accepted", "duplicate", "quarantined")
            ),
        )
        for row in ledger
    ]
    # A file with the bytes of another is not read: its duplicates have no places of their own.
    repeated = sum(
        row["rows_duplicate_count"] or 0 for row in ledger if row["duplicate_of_file"] is None
    )
    lines += [
        ("rows in tables", totals["accepted"], accepted),
        ("rows in quarantine", totals["quarantined"], quarantined),
        ("places of duplicates", repeated, tables[REPEATS.name].row_count),
    ]
    batch.look(*reconciliation(lines))
    _look_at_share(batch, source, tables[QUARANTINE.name], totals["read"])


def _look_at_share(batch: Judgement, source: Source, quarantine: TableFiles, read: int) -> None:
    from great_expectations import expectations as gxe

    limit = source.quarantine_limit
    share = quarantine.row_count / read if read else 0.0
    is_judged = bool(quarantine.row_count) and read >= limit.at_least_rows
    rows = sample_of(quarantine) if is_judged else []
    frame = pd.DataFrame(rows, columns=["file", "position", "reason", "detail"]).assign(
        quarantined_share=share
    )
    reasons = ""
    if is_judged and share > limit.share:
        counted = quarantine.query(
            "select reason, count(*) as rows from files group by reason order by rows desc, reason"
        )
        reasons = ", ".join(
            f"{reason} {count}" for reason, count in counted.itertuples(index=False)
        )
    batch.look(
        frame,
        [gxe.ExpectColumnValuesToBeBetween(column="quarantined_share", max_value=limit.share)],
        rows=read,
        at_fault=quarantine.row_count,
        words=f"{share:.1%} of {read} rows could not be read, the limit of source {source.name} "
        f"is {limit.share:.1%} ({reasons})",
    )
