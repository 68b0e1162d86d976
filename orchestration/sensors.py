"""What starts the whole flow when dumps arrive."""

import hashlib
from collections.abc import Iterator

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)

from orchestration.dead_runs import fail_dead_runs
from orchestration.home import Home
from orchestration.jobs import WHOLE_FLOW
from orchestration.settings import Settings
from spark_jobs.landing import Delivery, survey_landing
from spark_jobs.plan import is_known
from spark_jobs.source_files import sources_in_force

INTERVAL_SECONDS = 8
"""A delivery is read once two looks find it the same; a run must start within 30 s of it.

The daemon looks every 5 s which sensors are due, so two looks take up to 26 s, and what takes
runs from the queue looks every ``DEQUEUE_SECONDS``.
"""
DEQUEUE_SECONDS = 2
UNFINISHED = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]


def landing_sensor(settings: Settings) -> SensorDefinition:
    """A sensor that runs the flow once a delivery has stopped growing."""

    @sensor(
        name="landing",
        job_name=WHOLE_FLOW,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=DefaultSensorStatus.RUNNING,
        description="Starts the whole flow when files of the landing folder are new or changed, "
        "and have not changed since it last looked.",
    )
    def landing(context: SensorEvaluationContext) -> Iterator[RunRequest | SkipReason]:
        home = Home.of(settings)
        if not home.landing.is_dir():
            yield SkipReason(f"{home.landing} does not exist")
            return
        fail_dead_runs(context.instance, home)
        sources = sources_in_force(home.landing, settings.sources)
        delivery = survey_landing(home.landing, sources)
        state = _state(delivery)
        seen, _, started = (context.cursor or ":").partition(":")
        context.update_cursor(f"{state}:{started}")
        # What a gate refused is not in the ledger, and is not tried again until something changes.
        if state == started or _is_captured(delivery, home):
            yield SkipReason("nothing new in the landing folder")
        elif state != seen:
            yield SkipReason("the landing folder is changing; looking again before it is read")
        elif context.instance.get_run_records(
            RunsFilter(job_name=WHOLE_FLOW, statuses=UNFINISHED), limit=1
        ):
            yield SkipReason("a run is under way; what has arrived meanwhile is read after it")
        else:
            context.update_cursor(f"{state}:{state}")
            yield RunRequest(run_key=state)

    return landing


def _is_captured(delivery: Delivery, home: Home) -> bool:
    return (home.lake.bronze / "ledger").is_dir() and is_known(delivery, home.lake)


def _state(delivery: Delivery) -> str:
    """Names, sizes and times of all files, as one hash."""
    digest = hashlib.sha256()
    for file in delivery.files:
        digest.update(f"{file.name}\0{file.byte_count}\0{file.modified_at}\n".encode())
    return digest.hexdigest()[:32]
