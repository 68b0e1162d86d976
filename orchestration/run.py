"""Runs the job in this process, as a person's command does, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    ExecuteInProcessResult,
)

from orchestration.assets.verdict import VERDICT
from orchestration.backfill import CAPTURE, Backfill
from orchestration.checks import Refusal, refusals
from orchestration.dead_runs import fail_dead_runs
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.identity_training import WAREHOUSE, IdentityTraining
from orchestration.jobs import WHOLE_FLOW
from orchestration.settings import Settings


@dataclass(frozen=True)
class FailedStage:
    """A stage that ended with an error; the message is the error's own, without its stack."""

    stage: str
    message: str


@dataclass(frozen=True)
class Check:
    """What a gate or a test said."""

    asset: str
    name: str
    passed: bool


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    ``refusals`` are batches that stayed out of bronze while the run went on without them;
    ``unchanged`` is true where every asset was found as it should be.
    """

    failures: tuple[FailedStage, ...]
    refusals: tuple[Refusal, ...]
    checks: tuple[Check, ...]
    seconds: dict[str, float]
    unchanged: bool
    started_at: datetime

    @property
    def is_complete(self) -> bool:
        """Whether every stage did its work, be it without what was refused."""
        return {failure.stage for failure in self.failures} <= {VERDICT.to_python_identifier()}


def run_whole_flow(settings: Settings, backfill: Backfill, training: IdentityTraining) -> Outcome:
    """Run every stage, in order, but for those behind one that failed.

    Events go to Dagster's store of the home.
    """
    started_at = datetime.now(UTC)
    job = build_definitions(settings).resolve_job_def(WHOLE_FLOW)
    with DagsterInstance.get() as instance:
        fail_dead_runs(instance, Home.of(settings))
        result = job.execute_in_process(
            run_config=run_config(backfill, training), instance=instance, raise_on_error=False
        )
    return outcome_of(result, started_at)


def run_config(backfill: Backfill, training: IdentityTraining) -> dict[str, object]:
    """What the steps of a run of the whole flow are asked to do beside what is due."""
    return {
        "ops": {
            CAPTURE: {"config": backfill.model_dump(exclude_none=True)},
            WAREHOUSE: {"config": training.model_dump()},
        }
    }


def outcome_of(result: ExecuteInProcessResult, started_at: datetime) -> Outcome:
    """What the events of a run that started then say of it."""
    events = result.all_events
    materialized = [
        event.step_materialization_data.materialization
        for event in _of(events, "ASSET_MATERIALIZATION")
    ]
    evaluations = [
        event.asset_check_evaluation_data for event in _of(events, "ASSET_CHECK_EVALUATION")
    ]
    return Outcome(
        failures=_failures(events),
        refusals=refusals(evaluations),
        checks=tuple(
            Check(evaluation.asset_key.to_user_string(), evaluation.check_name, evaluation.passed)
            for evaluation in evaluations
        ),
        seconds={
            str(event.step_key): round(event.step_success_data.duration_ms / 1000, 1)
            for event in _of(events, "STEP_SUCCESS")
        },
        unchanged=all("unchanged" in entry.metadata for entry in materialized),
        started_at=started_at,
    )


def _of(events: Sequence[DagsterEvent], name: str) -> list[DagsterEvent]:
    return [event for event in events if event.event_type is DagsterEventType(name)]


def _failures(events: Sequence[DagsterEvent]) -> tuple[FailedStage, ...]:
    steps = [
        FailedStage(str(event.step_key), _message(event)) for event in _of(events, "STEP_FAILURE")
    ]
    if steps:
        return tuple(steps)
    # A resource that cannot be opened fails the run before any step of it.
    return tuple(
        FailedStage("start", _root_message(event.job_failure_data.error) or event.message or "")
        for event in _of(events, "PIPELINE_FAILURE")
    )


def _message(event: DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    return _root_message(data.error) or event.message or ""


def _root_message(error: Any) -> str | None:
    """What the innermost error said; those around it only tell where Dagster was."""
    while error is not None and error.cause is not None:
        error = error.cause
    if error is None:
        return None
    message: str = error.message.strip()
    return message.split(f"{error.cls_name}: ", 1)[-1]
