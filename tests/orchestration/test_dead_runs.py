"""Runs whose process is gone count as failed, so that the queue and the sensor go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from orchestration import dead_runs
from orchestration.dead_runs import fail_dead_runs
from orchestration.home import Home
from orchestration.jobs import WHOLE_FLOW


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home", tmp_path / "landing")


def begin(instance: DagsterInstance, status: DagsterRunStatus) -> DagsterRun:
    return instance.add_run(DagsterRun(job_name=WHOLE_FLOW, status=status))


def status_of(instance: DagsterInstance, run: DagsterRun) -> DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status


def let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the time pass within which a run may not have taken the lock yet."""
    monkeypatch.setattr(dead_runs, "GRACE_SECONDS", -1.0)


def test_a_run_whose_process_is_gone_has_failed(
    instance: DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = [begin(instance, status) for status in dead_runs.BEGUN]
    others = [
        begin(instance, status)
        for status in (DagsterRunStatus.NOT_STARTED, DagsterRunStatus.SUCCESS)
    ]
    let_pass(monkeypatch)
    assert set(fail_dead_runs(instance, home)) == {run.run_id for run in begun}
    assert {status_of(instance, run) for run in begun} == {DagsterRunStatus.FAILURE}
    assert [status_of(instance, run) for run in others] == [run.status for run in others]
    assert fail_dead_runs(instance, home) == []


def test_a_run_that_goes_on_or_has_just_begun_is_left_alone(
    instance: DagsterInstance, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(instance, DagsterRunStatus.STARTED)
    assert fail_dead_runs(instance, home) == []
    let_pass(monkeypatch)
    with home.locked():  # as a run that works does
        assert fail_dead_runs(instance, home) == []
    assert status_of(instance, run) is DagsterRunStatus.STARTED
