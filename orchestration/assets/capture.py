"""Bronze: one asset for each source, read by one Spark job, let through source by source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from expectations.bronze import check_bronze
from expectations.gate import GateReport
from orchestration.checks import gate_result, gate_spec, stopped, unchanged_result
from orchestration.processes import run_job
from orchestration.progress import Stage, stage
from orchestration.resources import WORKSPACE, Workspace
from spark_jobs.landing import settled, survey_landing
from spark_jobs.plan import Plan, plan_capture
from spark_jobs.reading import SECRET_VARIABLE
from spark_jobs.sources import Source, Sources

COUNTS = (
    "rows_read_count",
    "rows_accepted_count",
    "rows_duplicate_count",
    "rows_quarantined_count",
)
GATE_DESCRIPTION = (
    "Rows read are accepted, duplicate or quarantined, file by file; the tables have their "
    "declared shape, keys and ranges; not too much was unreadable."
)


def bronze_key(source: str) -> AssetKey:
    """Key of the asset of a source's records."""
    return AssetKey(f"bronze_{source}")


def capture_assets(sources: Sources) -> AssetsDefinition:
    """The bronze assets of the declared sources."""
    specs = [_spec(source) for source in sources.sources]

    @multi_asset(
        specs=specs,
        check_specs=[gate_spec(spec.key, GATE_DESCRIPTION) for spec in specs],
        can_subset=True,
        name="capture",
        required_resource_keys={WORKSPACE},
    )
    def capture(context: AssetExecutionContext) -> Iterator[Any]:
        workspace = Workspace.of(context)
        with stage(context, "capture") as running:
            wanted = frozenset(
                source.name
                for source in workspace.sources().sources
                if bronze_key(source.name) in context.selected_asset_keys
            )
            plan = _planned(workspace, wanted, running)
            reports = _captured(workspace, plan, running)
            for name in sorted(wanted):
                key = bronze_key(name)
                if name not in reports:
                    yield MaterializeResult(key, metadata={"unchanged": True})
                    yield unchanged_result(key)
                    continue
                if reports[name].passed:
                    workspace.home.lake.promote_bronze(name, plan.batches[name])
                    yield MaterializeResult(
                        key, metadata=_metadata(workspace, name, plan.batches[name], running)
                    )
                yield gate_result(key, reports[name])
            failed = [report for report in reports.values() if not report.passed]
            if failed:
                raise stopped(failed)

    return capture


def _spec(source: Source) -> AssetSpec:
    return AssetSpec(
        bronze_key(source.name),
        group_name="bronze",
        kinds={"spark", "parquet"},
        description=f"What `{source.glob}` delivered, read by the adapter `{source.adapter}`: "
        "canonical records, quarantine and ledger.",
    )


def _planned(workspace: Workspace, wanted: frozenset[str], running: Stage) -> Plan:
    sources = workspace.sources()
    delivery = settled(survey_landing(workspace.home.landing, sources))
    plan = plan_capture(delivery, sources, workspace.home.lake, wanted)
    workspace.home.lake.write_configuration(sources)
    files = [file for file in delivery.files if file.source in wanted]
    running.say(f"{len(plan.files)} new of {len(files)} files in {workspace.home.landing}")
    if delivery.unclaimed:
        running.say(
            f"{len(delivery.unclaimed)} files belong to no source and are left alone: "
            + ", ".join(delivery.unclaimed[:5])
        )
    if unfinished := (*delivery.unfinished, *plan.unfinished):
        running.say(
            f"{len(unfinished)} files are not finished and are left for the next run: "
            + ", ".join(f"{each.name} ({each.why})" for each in unfinished[:5])
        )
    return plan


def _captured(workspace: Workspace, plan: Plan, running: Stage) -> dict[str, GateReport]:
    """Run the job on the plan and judge each source's batch; nothing where the plan is empty."""
    if not plan.files:
        return {}
    home = workspace.home
    plan_file = home.temporary / "capture_plan.json"
    plan_file.write_text(plan.model_dump_json(), encoding="utf-8")
    sources = workspace.sources()
    sources_file = home.temporary / "capture_sources.json"
    sources_file.write_text(sources.model_dump_json(by_alias=True), encoding="utf-8")
    arguments: dict[str, str | Path] = {
        "--plan": plan_file,
        "--sources": sources_file,
        "--lake": home.lake.root,
        "--temporary": home.temporary,
        "--master": workspace.settings.spark_master,
    }
    rows = run_job(
        "spark_jobs.capture",
        [str(part) for pair in arguments.items() for part in pair],
        home.temporary,
        running.context.log.debug,
        {SECRET_VARIABLE: workspace.secret()},
    )
    running.say(
        f"{rows['read']} rows read = {rows['accepted']} accepted + {rows['duplicate']} duplicate "
        f"+ {rows['quarantined']} quarantined"
    )
    reports = {
        name: check_bronze(home.lake, sources.named(name), batch_id)
        for name, batch_id in plan.batches.items()
    }
    passed = sum(report.passed for report in reports.values())
    running.say(f"gate passed for {passed} of {len(reports)} sources")
    return reports


def _metadata(
    workspace: Workspace, source: str, batch_id: str, running: Stage
) -> dict[str, MetadataValue[Any]]:
    ledger = workspace.home.lake.read_bronze(
        "ledger", [*COUNTS, "file", "reasons"], source=source, batch_id=batch_id
    ).to_pylist()
    totals = {name: sum(row[name] for row in ledger) for name in COUNTS}
    return {
        **{name: MetadataValue.int(total) for name, total in totals.items()},
        "files_count": MetadataValue.int(len(ledger)),
        "batch_id": MetadataValue.text(batch_id),
        "quarantine_reasons": MetadataValue.md(
            "\n".join(
                f"- {row['file']}: {row['reasons']}" for row in ledger if row["reasons"] != "{}"
            )
        ),
        "seconds": MetadataValue.float(running.seconds),
    }
