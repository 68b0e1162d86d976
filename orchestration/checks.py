"""Gates as asset checks: the verdict in the UI, and a failure that stops what is behind it.

Silver's and the marts' gates stop the run where they fail. A source's gate only keeps its batch
out of bronze, see ``docs/adr/0011``: that some source was refused is what ``refusals`` finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    Failure,
    MetadataValue,
)

from expectations.gate import GateReport

GATE = "gate"
QUARANTINE_SAMPLE = "quarantine_sample"


@dataclass(frozen=True)
class Refusal:
    """A batch of a source that its gate kept out of bronze."""

    source: str
    verdict: str
    findings: str
    advice: str
    metadata: Mapping[str, MetadataValue[Any]]

    def __str__(self) -> str:
        """What was refused, why, and what to do."""
        return f"{self.verdict}\n{self.findings}\n  {self.advice}"


def gate_spec(asset: AssetKey, description: str, blocking: bool = True) -> AssetCheckSpec:
    """The check that guards an asset; where it blocks, what is behind does not run if it fails."""
    return AssetCheckSpec(GATE, asset=asset, blocking=blocking, description=description)


def gate_result(
    asset: AssetKey, report: GateReport, more: Mapping[str, MetadataValue[Any]] | None = None
) -> AssetCheckResult:
    """A gate's verdict, with its findings, the rows that they are about, and more to look at."""
    return AssetCheckResult(
        asset_key=asset,
        check_name=GATE,
        passed=report.passed,
        severity=AssetCheckSeverity.ERROR,
        description=str(report).splitlines()[0],
        metadata={
            "expectations": report.expectation_count,
            "findings": MetadataValue.md("\n".join(f"- {finding}" for finding in report.findings)),
            **(more or {}),
        },
    )


def refusal_metadata(source: str, advice: str) -> dict[str, MetadataValue[Any]]:
    """What a failing gate of a source tells besides its findings, for ``refusals`` to find."""
    return {"source": MetadataValue.text(source), "what_to_do": MetadataValue.text(advice)}


def refusals(evaluations: Iterable[AssetCheckEvaluation]) -> tuple[Refusal, ...]:
    """The batches that gates of sources refused, among all that checks said in a run."""
    return tuple(
        Refusal(
            source=str(evaluation.metadata["source"].value),
            verdict=evaluation.description or "",
            findings=str(evaluation.metadata["findings"].value),
            advice=str(evaluation.metadata["what_to_do"].value),
            metadata=evaluation.metadata,
        )
        for evaluation in evaluations
        if evaluation.check_name == GATE
        and not evaluation.passed
        and "source" in evaluation.metadata
    )


def unchanged_result(asset: AssetKey) -> AssetCheckResult:
    """The verdict where nothing new came: what is there passed when it came."""
    return AssetCheckResult(
        asset_key=asset,
        check_name=GATE,
        passed=True,
        description="nothing new; what is there passed this gate when it came",
    )


def stopped(reports: list[GateReport]) -> Failure:
    """The failure of a step whose gates did not pass."""
    return Failure("\n".join(str(report) for report in reports), allow_retries=False)
