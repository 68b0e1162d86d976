"""The gate after annotation: has every text exactly one annotation, with labels that exist?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from expectations.files import TableFiles, UnreadableError
from expectations.gate import Finding, GateReport, Judgement, merged
from expectations.silver_drift import look_at_drift
from expectations.silver_rates import RATES, Rate, look_at_share
from expectations.suites import judge_files, look_at_shapes, reconciliation, shape_of
from spark_jobs.lake import Lake
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

GATE = "silver"
BATCH = "batch"
"""Name of what is judged of a batch as a whole."""
PLACE_IN_BATCH = ("total", "table", "part", "column")
PLACE = ("text_key",)


def check_silver(
    lake: Lake,
    batch_id: str,
    texts_count: int,
    rates: Sequence[Rate] = RATES,
    before: Path | None = None,
    to_accept: str = "accept the version",
) -> GateReport:
    """Judge a candidate batch of annotations, in bounded memory.

    Args:
        lake: that holds it.
        batch_id: its name.
        texts_count: how many texts had to be annotated.
        rates: shares over the batch that show whether something is broken.
        before: folder of the annotations of another version, which this one must not part from
            by more than ``silver_drift`` allows.
        to_accept: what a person does where this version is meant to differ.
    """
    files = TableFiles(lake.silver_candidate(batch_id))
    batch = Judgement(GATE, BATCH, PLACE_IN_BATCH)
    reports = []
    try:
        broken = look_at_shapes(batch, [shape_of(TEXT_ANNOTATIONS, files)])
        batch.look(*reconciliation([("texts annotated once", texts_count, files.row_count)]))
        reports.append(
            judge_files(GATE, TEXT_ANNOTATIONS, files, PLACE, broken[TEXT_ANNOTATIONS.name])
        )
        if files.row_count and not broken[TEXT_ANNOTATIONS.name]:
            _look_at_intents(batch, files)
            for rate in rates:
                _look_at_rate(batch, files, rate)
            if before is not None:
                look_at_drift(batch, files, TableFiles(before), to_accept)
    except UnreadableError as error:
        finding = Finding(BATCH, f"a Parquet file cannot be read: {error}", None)
        reports.append(GateReport(GATE, 1, (finding,)))
    return merged(GATE, [batch.report(), *reports])


def _look_at_intents(batch: Judgement, files: TableFiles) -> None:
    """Every value of the list is a declared intent; the library does not look into lists."""
    from great_expectations import expectations as gxe

    declared: Any = next(column for column in TEXT_ANNOTATIONS.columns if column.name == "intents")
    found = files.query("select distinct unnest(intents) as intent from files order by intent")
    unknown = sorted(set(found["intent"]) - set(declared.allowed))
    batch.look(
        found,
        [gxe.ExpectColumnValuesToBeInSet(column="intent", value_set=list(declared.allowed))],
        words=f"intents that do not exist: {unknown}",
    )


def _look_at_rate(batch: Judgement, files: TableFiles, rate: Rate) -> None:
    among = files.count(rate.among)
    at_fault = files.count(f"({rate.among}) and ({rate.at_fault})")
    share = at_fault / among if among else 0.0
    look_at_share(
        batch,
        f"share: {rate.name}",
        share,
        among,
        at_fault,
        f"{rate.name} for {share:.1%} of {among} texts, the limit is {rate.largest:.1%}",
        most=rate.largest,
    )
