"""The customer graph: Neo4j holding what the published warehouse holds, compared in figures."""

from collections.abc import Iterator
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    asset,
)

from graph.connection import GraphConnection
from graph.loader import LoadReport, load
from graph.local_server import ServerSettings, start
from orchestration.assets.publication import PUBLISHED
from orchestration.graph_server import configured_connection
from orchestration.progress import Stage, stage
from orchestration.publication import published_id
from orchestration.resources import WORKSPACE, Workspace

GRAPH = AssetKey("customer_graph")
PARITY = "parity"


def graph_asset() -> AssetsDefinition:
    """The asset of the graph that analysts query."""

    @asset(
        key=GRAPH,
        deps=[PUBLISHED],
        check_specs=[
            AssetCheckSpec(
                PARITY,
                asset=GRAPH,
                blocking=True,
                description="Counts, contents and weights are the same in warehouse and graph.",
            )
        ],
        group_name="graph",
        kinds={"neo4j"},
        description="Accounts, people, posts, conversations, topics and what ties them, as the "
        "published warehouse has them.",
        required_resource_keys={WORKSPACE},
    )
    def customer_graph(context: AssetExecutionContext) -> Iterator[Any]:
        workspace = Workspace.of(context)
        published = workspace.home.published
        with stage(context, "graph") as running:
            publication_id = published_id(published)
            if publication_id is None:
                raise RuntimeError(f"{published} does not exist: run the whole flow first")
            connection = connect(workspace, running)
            report = load(
                published, connection, run_id=context.run_id, publication_id=publication_id
            )
            yield _parity(report)
            report.parity.require_equal()
            counts = report.parity.counts
            if report.is_unchanged:
                running.say("nothing new, the graph equals the warehouse")
                yield MaterializeResult(GRAPH, metadata={"unchanged": True})
                return
            written = sum(element.written_count for element in report.elements)
            removed = sum(element.removed_count for element in report.elements)
            running.say(
                f"{written} nodes and relationships written, {removed} removed; "
                "the graph equals the warehouse"
            )
            yield MaterializeResult(
                GRAPH,
                metadata={
                    "counts": MetadataValue.json(counts),
                    "rows_out_count": written,
                    "removed_count": removed,
                    "left_out": MetadataValue.json(
                        {
                            entry.element: entry.left_out
                            for entry in report.elements
                            if entry.left_out
                        }
                    ),
                    "seconds": running.seconds,
                },
            )

    return customer_graph


def connect(workspace: Workspace, running: Stage) -> GraphConnection:
    """The server of the settings, else the home's own, started where it does not run."""
    configured = configured_connection(workspace.settings)
    if configured is not None:
        return configured
    server = start(ServerSettings(home=workspace.home.neo4j))
    if not server.was_running:
        running.say(f"started Neo4j, process {server.process_id}, on {server.connection.uri}")
    return server.connection


def _parity(report: LoadReport) -> AssetCheckResult:
    differences = [str(difference) for difference in report.parity.differences]
    return AssetCheckResult(
        asset_key=GRAPH,
        check_name=PARITY,
        passed=report.parity.is_equal,
        metadata={
            "compared": MetadataValue.json(report.parity.counts),
            "differences": MetadataValue.md("\n".join(f"- {line}" for line in differences)),
        },
    )
