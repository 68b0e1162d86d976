"""Runs that Dagster takes for running though their process is gone: they are made failed ones.

Dagster hears of a run's end from the run. One that was killed, by hand, by the system or with the
machine, would count as running for ever: the queue lets no run through beside it, and the sensor
waits for its end. Whether a run goes on is known by the lock of the home, which ends with it.
"""

from __future__ import annotations

import time

from dagster import DagsterInstance, DagsterRunStatus, RunRecord, RunsFilter

from orchestration.home import Home, HomeError

BEGUN = [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
GRACE_SECONDS = 120.0
"""A run takes the lock some time after Dagster says that it has started."""


def fail_dead_runs(instance: DagsterInstance, home: Home) -> list[str]:
    """Make failures of the runs whose process is gone; their ids."""
    latest = time.time() - GRACE_SECONDS
    begun = instance.get_run_records(RunsFilter(statuses=BEGUN))
    dead = [record for record in begun if _began(record) < latest]
    if not dead:
        return []
    try:
        with home.locked():
            for record in dead:
                instance.report_run_failed(
                    record.dagster_run,
                    "the run was interrupted: its process is gone. What was published before stays "
                    "published, and the next run goes on from where this one came to",
                )
    except HomeError:  # one of them goes on
        return []
    return [record.dagster_run.run_id for record in dead]


def _began(record: RunRecord) -> float:
    return record.start_time or record.create_timestamp.timestamp()
