"""The gate after annotation: has every text exactly one annotation, with labels that exist?"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from expectations.gate import Finding, GateReport, judge, merged
from expectations.suites import declared_expectations, frame_of, reconciliation
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

UNCHECKED = frozenset({"text_masked", "entities", "intent_evidence"})
"""Columns whose content no expectation of this gate looks into: not worth loading."""


def check_silver(
    lake: Lake, batch_id: str, texts_count: int, largest_unknown_language_share: float = 0.5
) -> GateReport:
    """Judge a candidate batch of annotations.

    Args:
        lake: that holds it.
        batch_id: its name.
        texts_count: how many texts had to be annotated.
        largest_unknown_language_share: above it, of 100 texts or more, something is broken.
    """
    gate = "silver"
    without = PARTITIONS | UNCHECKED
    table = ds.dataset(lake.silver_candidate(batch_id), format="parquet").to_table(
        columns=[name for name in TEXT_ANNOTATIONS.column_names if name not in without]
    )
    frame, totals = reconciliation([("texts annotated once", texts_count, table.num_rows)])
    return merged(
        gate,
        [
            judge(
                gate,
                TEXT_ANNOTATIONS.name,
                frame_of(table),
                declared_expectations(TEXT_ANNOTATIONS, without=without),
                place=("text_key",),
            ),
            judge(gate, "totals", frame, totals, place=("total",)),
            _check_intents(gate, table),
            _check_languages(gate, table, largest_unknown_language_share),
        ],
    )


def _check_intents(gate: str, table: pa.Table) -> GateReport:
    """Every value of the list is a declared intent; the library does not look into lists."""
    declared: Any = next(column for column in TEXT_ANNOTATIONS.columns if column.name == "intents")
    found = pc.unique(pc.list_flatten(table["intents"])).to_pylist()
    unknown = sorted(set(found) - set(declared.allowed))
    if not unknown:
        return GateReport(gate, 1)
    finding = Finding(TEXT_ANNOTATIONS.name, f"intents that do not exist: {unknown}", None)
    return GateReport(gate, 1, (finding,))


def _check_languages(gate: str, table: pa.Table, largest_share: float) -> GateReport:
    unknown = pc.sum(pc.equal(table["language"], "und")).as_py() or 0
    if table.num_rows < 100 or unknown / table.num_rows <= largest_share:
        return GateReport(gate, 1)
    finding = Finding(
        TEXT_ANNOTATIONS.name,
        f"language unknown for {unknown / table.num_rows:.1%} of {table.num_rows} texts, "
        f"the limit is {largest_share:.1%}",
        unknown,
    )
    return GateReport(gate, 1, (finding,))
