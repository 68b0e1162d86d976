"""Everything Dagster loads. ``build_definitions`` takes settings, so that tests can give theirs."""

from __future__ import annotations

from dagster import Definitions, definitions, in_process_executor

from orchestration.assets.annotation import annotation_asset
from orchestration.assets.capture import capture_assets
from orchestration.assets.graph import graph_asset
from orchestration.assets.publication import publication_asset
from orchestration.assets.topics import topics_asset
from orchestration.assets.verdict import verdict_asset
from orchestration.assets.warehouse import marts, warehouse_assets
from orchestration.home import Home
from orchestration.jobs import TERMINAL, whole_flow_job
from orchestration.progress import terminal_logger
from orchestration.resources import WORKSPACE, workspace_resource
from orchestration.schedules import daily_schedule
from orchestration.sensors import landing_sensor
from orchestration.settings import Settings, read_settings
from spark_jobs.source_files import sources_in_force


def build_definitions(settings: Settings) -> Definitions:
    """The assets, checks, job, schedule and sensor of one home.

    Raises SourcesError where the sources file is wrong: it declares which assets there are.
    """
    home = Home.of(settings)
    sources = sources_in_force(home.landing, settings.sources)
    return Definitions(
        assets=[
            capture_assets(sources),
            verdict_asset(sources),
            annotation_asset(sources),
            topics_asset(),
            warehouse_assets(home, sources),
            publication_asset(marts(home)),
            graph_asset(),
        ],
        jobs=[whole_flow_job()],
        schedules=[daily_schedule(settings)],
        sensors=[landing_sensor(settings)],
        resources={WORKSPACE: workspace_resource(settings)},
        executor=in_process_executor,
        loggers={TERMINAL: terminal_logger()},
    )


@definitions
def defs() -> Definitions:
    """The definitions of the environment's settings; what ``workspace.yaml`` names."""
    return build_definitions(read_settings())
