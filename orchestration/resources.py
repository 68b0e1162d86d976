"""What assets share in a run: the home, held for the run alone, and its settings.

The resource closes over the settings instead of taking them as run configuration, which
Dagster stores and shows: secrets stay in the process's environment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dagster import AssetExecutionContext, InitResourceContext, ResourceDefinition, resource

from graph.java import find_java
from orchestration.home import Home
from orchestration.leftovers import end_leftovers, marked
from orchestration.settings import Settings
from spark_jobs.source_files import sources_in_force
from spark_jobs.sources import Sources

WORKSPACE = "workspace"


@dataclass(frozen=True)
class Workspace:
    """The home of a run, locked for it, and the settings it runs with."""

    home: Home
    settings: Settings

    @classmethod
    def of(cls, context: AssetExecutionContext) -> "Workspace":
        """The workspace of the run that executes an asset."""
        workspace = getattr(context.resources, WORKSPACE)
        assert isinstance(workspace, cls)
        return workspace

    def sources(self) -> Sources:
        """The sources file in force; SourcesError where it is wrong."""
        return sources_in_force(self.home.landing, self.settings.sources)

    def secret(self) -> str:
        """The key of the hashes that stand for contact points."""
        configured = self.settings.secret
        return self.home.secret(configured.get_secret_value() if configured else None)


def workspace_resource(settings: Settings) -> ResourceDefinition:
    """The resource that holds the home while a run executes; a second run is refused."""

    @resource(description="The home of this run: no other run writes it meanwhile.")
    def workspace(context: InitResourceContext) -> Iterator[Workspace]:
        home = Home.of(settings)
        find_java()  # Spark's own complaint, later, is a stack trace
        with home.locked(), marked(home.root):
            home.prepare()
            left = [f"ended process {process}" for process in end_leftovers(home.root)]
            left += [f"removed {folder}" for folder in home.lake.recover()]
            for what in left:
                if context.log:
                    context.log.info(f"{what}, left by an interrupted run")
            home.lake.ensure_tables()
            home.temporary.mkdir(exist_ok=True)
            yield Workspace(home, settings)

    return workspace
