"""How a gate judges: a suite of expectations over data frames, and a report a person can read.

Gates look at candidates that nothing downstream has seen. What each stage must satisfy is in
the module of that stage, how files are looked at without loading them in ``files``, how results
are added up in ``results``; nothing here knows any table. No Dagster here.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from expectations.results import SAMPLED, added, stand_for

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
            ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
            for row in self.rows
        )
        count = "" if self.row_count is None else f": {self.row_count} rows"
        return f"{self.table}: {self.expectation}{count}" + (
            f", such as {places}" if places else ""
        )


@dataclass(frozen=True)
class Validation:
    """What the library said of one table: its results, one for each expectation of the suite."""

    suite: str
    results: tuple[Any, ...]


@dataclass(frozen=True)
class GateReport:
    """What a gate found: it passed when nothing was found.

    ``validations`` are what the findings were read from, for the library's own documents.
    """

    gate: str
    expectation_count: int
    findings: tuple[Finding, ...] = field(default=())
    validations: tuple[Validation, ...] = field(default=(), repr=False)

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
        tuple(validation for part in parts for validation in part.validations),
    )


class Judgement:
    """The verdict on one table, reached over any number of frames of its rows.

    Args:
        gate: name of the gate, for the report.
        table: name of the table.
        place: columns that tell a person which row is meant.
    """

    def __init__(self, gate: str, table: str, place: Sequence[str]) -> None:
        self._gate = gate
        self._table = table
        self._place = place
        self._results: dict[str, Any] = {}
        self._words: dict[str, str] = {}

    def look(
        self,
        frame: pd.DataFrame,
        expectations: Sequence[Expectation],
        rows: int | None = None,
        at_fault: int | None = None,
        words: str | None = None,
    ) -> None:
        """Validate a frame; what an expectation found in earlier frames is added to.

        Args:
            frame: rows of the table; none is a valid number of rows.
            expectations: what must hold.
            rows: how many rows the frame stands for, where it holds only those in question.
            at_fault: how many of those are at fault, where the frame holds only the first.
            words: what a person is told where it does not hold, instead of the library's words.

        Raises:
            RuntimeError: an expectation could not be evaluated, which is a fault of the suite.
        """
        if not expectations:
            return
        for entry in self._validated(frame, expectations):
            for fault in _exceptions(entry.exception_info):
                raise RuntimeError(
                    f"{self._table}: {entry.expectation_config.type} could not be evaluated: "
                    f"{fault}"
                )
            stand_for(entry, rows, at_fault)
            name = f"{entry.expectation_config.type}({_words(entry)})"
            known = self._results.get(name)
            if words is not None:
                self._words[name] = words
            self._results[name] = entry if known is None else added(known, entry)

    def report(self) -> GateReport:
        """What was found in all frames."""
        findings = tuple(
            self._finding(name, entry) for name, entry in self._results.items() if not entry.success
        )
        suite = f"{self._gate.replace(' ', '_')}__{self._table}"
        validation = Validation(suite, tuple(self._results.values()))
        return GateReport(self._gate, len(self._results), findings, (validation,))

    def _validated(self, frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[Any]:
        import great_expectations as gx

        batch = _batch_definition().get_batch(
            batch_parameters={"dataframe": frame.reset_index(drop=True)}
        )
        validated = batch.validate(
            gx.ExpectationSuite(name=self._table, expectations=list(expectations)),
            result_format={
                "result_format": "SUMMARY",
                "partial_unexpected_count": SAMPLED,
                "unexpected_index_column_names": [
                    name for name in self._place if name in frame.columns
                ],
                "return_unexpected_index_query": False,
            },
        )
        return list(validated.results)

    def _finding(self, name: str, entry: Any) -> Finding:
        rows = entry.result.get("partial_unexpected_index_list") or []
        observed = entry.result.get("observed_value")
        found = "" if observed is None else f", found {_short(observed)}"
        return Finding(
            self._table,
            self._words.get(name, f"{name}{found}"),
            entry.result.get("unexpected_count"),
            tuple(self._placed(row) for row in rows[:SAMPLE_ROWS] if isinstance(row, dict)),
        )

    def _placed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row at fault: where it is, then what is wrong with it; the library mixes them."""
        names = [name for name in self._place if name in row]
        names += sorted(set(row) - set(names))
        return {
            name: None if pd.api.types.is_scalar(row[name]) and pd.isna(row[name]) else row[name]
            for name in names
        }


def judge(
    gate: str,
    table: str,
    frame: pd.DataFrame,
    expectations: Sequence[Expectation],
    place: Sequence[str],
) -> GateReport:
    """Judge a table that one frame holds whole; see ``Judgement``."""
    judgement = Judgement(gate, table, place)
    judgement.look(frame, expectations)
    return judgement.report() if expectations else GateReport(gate, 0)


def _words(entry: Any) -> str:
    """The arguments of an expectation."""
    return ", ".join(
        f"{name}={_short(value)}"
        for name, value in entry.expectation_config.kwargs.items()
        if name not in ("batch_id", "mostly") and value is not None
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
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            # By default it makes a folder for documents in the system's temporary folder.
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
        ),
    )
    source = context.data_sources.add_pandas("frames")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")
