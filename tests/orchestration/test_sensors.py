"""The sensor: one run for each delivery, once it has stopped growing."""

from __future__ import annotations

from pathlib import Path

import pytest
from dagster import (
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunRequest,
    SensorDefinition,
    SkipReason,
    build_sensor_context,
)
from dagster._daemon.sensor import MIN_INTERVAL_LOOP_TIME

from orchestration.jobs import WHOLE_FLOW
from orchestration.sensors import DEQUEUE_SECONDS, INTERVAL_SECONDS, landing_sensor
from orchestration.settings import Settings


class Watch:
    """A sensor that keeps its cursor from one look to the next, as Dagster's daemon does."""

    def __init__(self, sensor: SensorDefinition) -> None:
        self._sensor = sensor
        self._cursor: str | None = None
        self.instance = DagsterInstance.ephemeral()

    def look(self) -> RunRequest | SkipReason:
        context = build_sensor_context(instance=self.instance, cursor=self._cursor)
        (said,) = list(self._sensor(context))
        self._cursor = context.cursor
        return said


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    return tmp_path / "landing"


@pytest.fixture
def watch(tmp_path: Path, landing: Path) -> Watch:
    return Watch(landing_sensor(Settings(home=tmp_path / "home", landing=landing)))


def deliver(landing: Path, name: str, text: str) -> None:
    path = landing / "reddit" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_nothing_is_started_without_a_landing_folder(watch: Watch) -> None:
    said = watch.look()
    assert isinstance(said, SkipReason)
    assert "does not exist" in str(said.skip_message)


def test_a_delivery_is_run_once_it_has_stopped_growing(watch: Watch, landing: Path) -> None:
    deliver(landing, "a.ndjson", "{")
    assert isinstance(watch.look(), SkipReason)
    deliver(landing, "a.ndjson", "{}\n")
    assert isinstance(watch.look(), SkipReason)
    assert isinstance(watch.look(), RunRequest)
    for _ in range(3):
        assert isinstance(watch.look(), SkipReason)


def test_a_later_delivery_starts_another_run(watch: Watch, landing: Path) -> None:
    deliver(landing, "a.ndjson", "{}\n")
    keys = [said.run_key for said in (watch.look(), watch.look()) if isinstance(said, RunRequest)]
    deliver(landing, "b.ndjson", "{}\n")
    keys += [said.run_key for said in (watch.look(), watch.look()) if isinstance(said, RunRequest)]
    assert len(set(keys)) == 2


def test_a_file_that_is_still_written_starts_a_run_once_it_is_finished(
    watch: Watch, landing: Path
) -> None:
    deliver(landing, "a.ndjson", "{}\n")
    for _ in range(2):
        said = watch.look()
    assert isinstance(said, RunRequest)
    deliver(landing, "b.ndjson.part", "{")
    deliver(landing, "c.ndjson", "{")
    deliver(landing, "c.ndjson.lock", "")
    for _ in range(4):
        assert isinstance(watch.look(), SkipReason)
    (landing / "reddit" / "b.ndjson.part").rename(landing / "reddit" / "b.ndjson")
    (landing / "reddit" / "c.ndjson.lock").unlink()
    assert isinstance(watch.look(), SkipReason)
    assert isinstance(watch.look(), RunRequest)
    assert isinstance(watch.look(), SkipReason)


@pytest.mark.parametrize("arrival", [tenth / 10 for tenth in range(1, 131, 7)])
def test_a_run_is_under_way_within_30_seconds(watch: Watch, landing: Path, arrival: float) -> None:
    """On a clock of its own: the daemon wakes, and looks if the sensor is due."""
    landing.mkdir()
    clock, looked = 0.0, 0.0
    started: float | None = None
    watch.look()
    while started is None:
        # A loop of the daemon takes as long as its evaluations do, say a fifth of a second.
        clock += MIN_INTERVAL_LOOP_TIME + 0.2
        if clock >= arrival and not (landing / "reddit").exists():
            deliver(landing, "a.ndjson", "{}\n")
        if clock - looked >= INTERVAL_SECONDS:
            looked = clock
            started = clock if isinstance(watch.look(), RunRequest) else None
    assert started + DEQUEUE_SECONDS - arrival <= 30


def test_a_refused_delivery_is_started_again_once_it_changes(watch: Watch, landing: Path) -> None:
    deliver(landing, "a.ndjson", "{ not json\n")
    watch.look()
    assert isinstance(watch.look(), RunRequest)
    # The run refused it, so the ledger does not know it; nothing is gained by trying again.
    assert isinstance(watch.look(), SkipReason)
    deliver(landing, "a.ndjson", "{ mended }\n")
    watch.look()
    assert isinstance(watch.look(), RunRequest)


def test_a_killed_run_does_not_hold_up_what_arrives_after_it(
    watch: Watch, landing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = DagsterRun(job_name=WHOLE_FLOW, status=DagsterRunStatus.STARTED)
    watch.instance.add_run(run)
    deliver(landing, "a.ndjson", "{}\n")
    for _ in range(3):
        assert isinstance(watch.look(), SkipReason)
    monkeypatch.setattr("orchestration.dead_runs.GRACE_SECONDS", 0.0)
    assert isinstance(watch.look(), RunRequest)
