"""The published warehouse: the marts that passed their gate, swapped in whole."""

from collections.abc import Iterator, Sequence
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    MaterializeResult,
    MetadataValue,
    asset,
)

from expectations.marts import check_marts
from orchestration.assets.warehouse import build_file, build_mark
from orchestration.checks import gate_result, gate_spec, stopped, unchanged_result
from orchestration.data_docs import documented, links
from orchestration.fingerprint import read_mark
from orchestration.progress import stage
from orchestration.publication import publish, published_id
from orchestration.resources import WORKSPACE, Workspace

PUBLISHED = AssetKey("published_warehouse")


def publication_asset(marts: Sequence[str]) -> AssetsDefinition:
    """The asset of the file that BI tools read; ``marts`` are the tables in it."""

    @asset(
        key=PUBLISHED,
        deps=[AssetKey(name) for name in marts],
        check_specs=[
            gate_spec(
                PUBLISHED,
                "The marts hold each post, customer, order, answer and file of bronze once; every "
                "text shown is annotated; no strangers are chained to one person; none holds an "
                "e-mail address, a phone number or a street.",
            )
        ],
        group_name="published",
        kinds={"duckdb"},
        description="The warehouse that readers open. Swapped in whole; who has the old file "
        "open keeps it.",
        required_resource_keys={WORKSPACE},
    )
    def published_warehouse(context: AssetExecutionContext) -> Iterator[Any]:
        home = Workspace.of(context).home
        with stage(context, "publish") as running:
            built = read_mark(build_mark(home))
            if built is None:
                raise RuntimeError(
                    "the warehouse has no finished build to publish; run the whole flow"
                )
            if published_id(home.published) == built:
                running.say(f"nothing new, publication {built[:12]} stays")
                yield MaterializeResult(PUBLISHED, metadata={"unchanged": True})
                yield unchanged_result(PUBLISHED)
                return
            report = check_marts(build_file(home), home.lake, marts)
            pages = documented(home, [report], context.run_id[:8], running)
            linked = links(home, report, pages)
            yield gate_result(PUBLISHED, report, linked)
            if not report.passed:
                raise stopped([report])
            running.say(f"gate passed, {report.expectation_count} expectations hold")
            publication = publish(build_file(home), marts, home.published, built)
            running.say(f"{len(publication.rows)} tables, {sum(publication.rows.values())} rows")
            yield MaterializeResult(
                PUBLISHED,
                metadata={
                    "path": MetadataValue.path(str(home.published)),
                    "publication_id": built,
                    "rows": MetadataValue.json(publication.rows),
                    "rows_out_count": sum(publication.rows.values()),
                    "seconds": running.seconds,
                    **linked,
                },
            )

    return published_warehouse
