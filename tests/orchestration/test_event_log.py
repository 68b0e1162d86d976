"""The event log of a home: on open files, and still what Dagster itself reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import DagsterInstance, asset, materialize
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.cli import _prepare_dagster
from orchestration.event_log import OPEN_FILES, EventLog
from orchestration.home import Home


@asset
def answer() -> int:
    return 42


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    for name in ("DAGSTER_HOME", "CAUSERIE_HOME", "CAUSERIE_LANDING"):
        monkeypatch.setenv(name, "")  # set anew by what is tested, and put back afterwards
    home = Home(tmp_path / "a 'home': #1", tmp_path / "landing")
    _prepare_dagster(home)
    return home


@pytest.fixture
def instance(home: Home) -> Iterator[DagsterInstance]:
    with DagsterInstance.from_config(str(home.dagster)) as made:
        yield made


def test_each_event_of_more_runs_than_files_are_open_is_read_by_dagster(
    home: Home, instance: DagsterInstance
) -> None:
    log = instance.event_log_storage
    assert isinstance(log, EventLog)
    runs = [materialize([answer], instance=instance).run_id for _ in range(OPEN_FILES + 1)]
    assert len(log._engines) == OPEN_FILES
    plain = SqliteEventLogStorage(str(home.dagster / "history" / "runs"))
    for run in runs:
        events = [entry.dagster_event_type for entry in plain.get_logs_for_run(run)]
        assert events == [entry.dagster_event_type for entry in instance.all_logs(run)]
        assert len(events) > 10
    latest = plain.get_asset_records([answer.key])[0].asset_entry.last_materialization
    assert latest is not None
    assert latest.run_id == runs[-1]


def test_nothing_is_left_open_when_a_run_has_ended(home: Home) -> None:
    with DagsterInstance.from_config(str(home.dagster)) as instance:
        materialize([answer], instance=instance)
        journals = list(home.dagster.rglob("history/runs/*-wal"))
        assert journals
    assert [path for path in journals if path.exists()] == []
