"""Gates as asset checks: the verdict in the UI, and a failure that stops what is behind it."""

from __future__ import annotations

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    Failure,
    MetadataValue,
)

from expectations.gate import GateReport

GATE = "gate"


def gate_spec(asset: AssetKey, description: str) -> AssetCheckSpec:
    """The check that guards an asset; what is behind it does not run where it fails."""
    return AssetCheckSpec(GATE, asset=asset, blocking=True, description=description)


def gate_result(asset: AssetKey, report: GateReport) -> AssetCheckResult:
    """A gate's verdict, with its findings and the rows that they are about."""
    return AssetCheckResult(
        asset_key=asset,
        check_name=GATE,
        passed=report.passed,
        severity=AssetCheckSeverity.ERROR,
        description=str(report).splitlines()[0],
        metadata={
            "expectations": report.expectation_count,
            "findings": MetadataValue.md("\n".join(f"- {finding}" for finding in report.findings)),
        },
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
