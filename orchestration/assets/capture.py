"""Bronze: one asset for each source, read by one Spark job, let through source by source.

Every source is materialised in every run, refused or not: Dagster would run nothing behind one
that is not. A refused batch stays out of bronze, the source's gate fails as a check, and the
asset ``bronze_verdict`` fails the run.
"""

from collections.abc import Iterator, Mapping
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
from orchestration.backfill import CAPTURE, Backfill
from orchestration.batch_metadata import batch_metadata
from orchestration.checks import (
    QUARANTINE_SAMPLE,
    gate_result,
    gate_spec,
    refusal_metadata,
    unchanged_result,
)
from orchestration.data_docs import documented, links
from orchestration.processes import run_job
from orchestration.progress import Stage, stage
from orchestration.resources import WORKSPACE, Workspace
from spark_jobs.landing import settled, survey_landing
from spark_jobs.plan import Plan, plan_capture
from spark_jobs.reading import SECRET_VARIABLE
from spark_jobs.rewriting import compact, promote
from spark_jobs.source_files import ADDED_FOLDER, sources_file
from spark_jobs.sources import FILE_NAME, SHIPPED_SOURCES, Source, Sources

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
        check_specs=[gate_spec(spec.key, GATE_DESCRIPTION, blocking=False) for spec in specs],
        can_subset=True,
        name=CAPTURE,
        required_resource_keys={WORKSPACE},
    )
    def capture(context: AssetExecutionContext, config: Backfill) -> Iterator[Any]:
        workspace = Workspace.of(context)
        with stage(context, "capture") as running:
            wanted = frozenset(
                source.name
                for source in workspace.sources().sources
                if bronze_key(source.name) in context.selected_asset_keys
            )
            plan = _planned(workspace, wanted, config, running)
            reports = _captured(workspace, plan, running)
            pages = documented(workspace.home, [*reports.values()], context.run_id[:8], running)
            for name in sorted(wanted):
                key = bronze_key(name)
                if name in reports:
                    shown = _let_through(workspace, name, plan, reports[name])
                    shown |= links(workspace.home, reports[name], pages)
                    yield MaterializeResult(key, metadata=shown)
                    yield gate_result(key, reports[name], _told(workspace, name, reports, shown))
                else:
                    yield MaterializeResult(key, metadata={"unchanged": True})
                    yield unchanged_result(key)
            _compact(workspace, reports, running)

    return capture


def _spec(source: Source) -> AssetSpec:
    return AssetSpec(
        bronze_key(source.name),
        group_name="bronze",
        kinds={"spark", "parquet"},
        description=f"What `{source.glob}` delivered, read by the adapter `{source.adapter}`: "
        "canonical records, quarantine and ledger.",
    )


def _planned(
    workspace: Workspace, wanted: frozenset[str], backfill: Backfill, running: Stage
) -> Plan:
    sources, lake = workspace.sources(), workspace.home.lake
    delivery = settled(survey_landing(workspace.home.landing, sources))
    again = backfill.files(delivery, sources, lake)
    plan = plan_capture(delivery, sources, lake, wanted, again)
    workspace.home.lake.write_configuration(sources)
    files = [file for file in delivery.files if file.source in wanted]
    running.say(f"{len(plan.files)} new of {len(files)} files in {workspace.home.landing}")
    if backfill.sources:
        running.say(f"{len(plan.again)} files of {', '.join(backfill.sources)} are read again")
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
    declared = home.temporary / "capture_sources.json"
    declared.write_text(sources.model_dump_json(by_alias=True), encoding="utf-8")
    arguments: dict[str, str | Path] = {
        "--plan": plan_file,
        "--sources": declared,
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
    failures = rows.get("failures", {})
    reports = {
        name: check_bronze(home.lake, sources.named(name), batch_id, failures.get(name, ()))
        for name, batch_id in plan.batches.items()
    }
    refused = [name for name, report in reports.items() if not report.passed]
    running.say(
        f"gate passed for {len(reports) - len(refused)} of {len(reports)} sources"
        + (f"; refused: {', '.join(refused)}" if refused else "")
    )
    return reports


def _let_through(
    workspace: Workspace, source: str, plan: Plan, report: GateReport
) -> dict[str, MetadataValue[Any]]:
    """Promote a batch that passed its gate, and no other; what there is to show of it."""
    lake = workspace.home.lake
    shown = batch_metadata(lake, source, plan.batches[source])
    if report.passed:
        promote(lake, plan, source)
    else:
        shown["refused"] = MetadataValue.bool(True)
    return shown


def _compact(workspace: Workspace, reports: Mapping[str, GateReport], running: Stage) -> None:
    """Merge the small parts that many small deliveries leave."""
    for name in reports:
        if merged := compact(workspace.home.lake, name):
            running.say(f"merged {merged} small parts of {name} into one")


def _told(
    workspace: Workspace,
    source: str,
    reports: Mapping[str, GateReport],
    shown: Mapping[str, MetadataValue[Any]],
) -> dict[str, MetadataValue[Any]]:
    """What a gate's check tells besides its findings."""
    told = {name: shown[name] for name in (QUARANTINE_SAMPLE, "data_docs") if name in shown}
    if reports[source].passed:
        return told
    landing = workspace.home.landing
    file = sources_file(landing, workspace.settings.sources)
    if file == SHIPPED_SOURCES:
        file = landing / FILE_NAME
    advice = (
        f"The last good state of source {source} stays in bronze. Mend or take away what is named "
        "above; where that much cannot be read and need not be, raise quarantine_limit of source "
        f"{source} in {file}, or where {landing / ADDED_FOLDER} declares it. The next run reads "
        "the batch again."
    )
    return told | refusal_metadata(source, advice)
