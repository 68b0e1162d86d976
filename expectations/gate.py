"""How a gate judges: a suite of expectations over a data frame, and a report a person can read.

Gates look at candidates that nothing downstream has seen. What each stage must satisfy is in
the module of that stage; nothing here knows any table. No Dagster here.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Finding:
    """One expectation that did not hold.

    ``rows`` are the places of some of the rows at fault, ``row_count`` says how many there are
    (None where the fault is the table's).
    """

    table: str
    expectation: str
    row_count: int | None
    rows: tuple[dict[str, Any], ...] = ()

    def __str__(self) -> str:
        """The finding in one line."""
        places = "; ".join(
            ", ".join(f"{name} {value}" for name, value in row.items()) for row in self.rows
        )
        count = "" if self.row_count is None else f": {self.row_count} rows"
        return f"{self.table}: {self.expectation}{count}" + (
            f", such as {places}" if places else ""
        )


@dataclass(frozen=True)
class GateReport:
    """What a gate found: it passed when nothing was found."""

    gate: str
    expectation_count: int
    findings: tuple[Finding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.findings

    def __str__(self) -> str:
        """The verdict and every finding, one a line."""
        if self.passed:
            return f"gate {self.gate} passed: {self.expectation_count} expectations hold"
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        return (
            f"gate {self.gate} failed: {len(self.findings)} of {self.expectation_count} "
            f"expectations do not hold\n{lines}"
        )


def merged(gate: str, reports: Iterable[GateReport]) -> GateReport:
    """Several reports as one."""
    parts = list(reports)
    return GateReport(
        gate,
        sum(part.expectation_count for part in parts),
        tuple(finding for part in parts for finding in part.findings),
    )


def judge(
    gate: str,
    table: str,
    frame: pd.DataFrame,
    expectations: Sequence[Expectation],
    place: Sequence[str],
) -> GateReport:
    """Validate a frame with Great Expectations.

    Args:
        gate: name of the gate, for the report.
        table: name of the table in ``frame``.
        frame: its rows; none is a valid number of rows.
        expectations: what must hold.
        place: columns that tell a person which row is meant.

    Raises:
        RuntimeError: an expectation could not be evaluated, which is a fault of the suite.
    """
    if not expectations:
        return GateReport(gate, 0)
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=f"{gate} {table}", expectations=list(expectations))
    result = (
        _batch_definition()
        .get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
        .validate(
            suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [name for name in place if name in frame.columns],
                "return_unexpected_index_query": False,
            },
        )
    )
    findings = tuple(_finding(table, entry) for entry in result.results if not entry.success)
    return GateReport(gate, len(expectations), findings)


def _finding(table: str, entry: Any) -> Finding:
    for fault in _exceptions(entry.exception_info):
        raise RuntimeError(
            f"{table}: {entry.expectation_config.type} could not be evaluated: {fault}"
        )
    kwargs = {
        name: value
        for name, value in entry.expectation_config.kwargs.items()
        if name not in ("batch_id", "mostly") and value is not None
    }
    words = ", ".join(f"{name}={_short(value)}" for name, value in kwargs.items())
    rows = entry.result.get("unexpected_index_list") or []
    observed = entry.result.get("observed_value")
    found = "" if observed is None else f", found {_short(observed)}"
    return Finding(
        table,
        f"{entry.expectation_config.type}({words}){found}",
        entry.result.get("unexpected_count"),
        tuple(dict(row) for row in rows[:SAMPLE_ROWS]),
    )


def _exceptions(info: dict[str, Any]) -> list[str]:
    """Messages of exceptions; the library nests them by metric, or not, depending on where."""
    entries = [info] if "raised_exception" in info else list(info.values())
    return [str(entry["exception_message"]) for entry in entries if entry["raised_exception"]]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 200 else text[:197] + "..."


@functools.cache
def _batch_definition() -> Any:
    """The library's handle for frames in memory; making its context takes seconds, so once."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("frames")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")
