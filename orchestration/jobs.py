"""The one job: the whole flow. A person, the schedule and the sensor all start this."""

from __future__ import annotations

from typing import Any

from dagster import AssetSelection, define_asset_job, in_process_executor

WHOLE_FLOW = "causerie"
TERMINAL = "terminal"


def whole_flow_job() -> Any:  # the type that Dagster gives back is not public
    """All assets and their checks, in one process that holds the home from first to last."""
    return define_asset_job(
        WHOLE_FLOW,
        selection=AssetSelection.all(),
        executor_def=in_process_executor,
        config={"loggers": {TERMINAL: {}}},
        description="From the landing folder to the published warehouse and the graph.",
    )
