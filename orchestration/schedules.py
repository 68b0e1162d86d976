"""When the whole flow runs by the clock."""

from __future__ import annotations

from dagster import DefaultScheduleStatus, ScheduleDefinition

from orchestration.jobs import WHOLE_FLOW
from orchestration.settings import Settings


def daily_schedule(settings: Settings) -> ScheduleDefinition:
    """The daily run; it costs little where nothing came."""
    return ScheduleDefinition(
        name="daily",
        job_name=WHOLE_FLOW,
        cron_schedule=settings.schedule,
        execution_timezone="UTC",
        default_status=DefaultScheduleStatus.RUNNING,
        description="Runs the whole flow once a day.",
    )
