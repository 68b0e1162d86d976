"""The warehouse: each dbt model an asset, each dbt test a check; rebuilt when inputs change."""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
from dagster import (
    AssetCheckResult,
    AssetDep,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
)
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets
from dagster_dbt.compat import DBT_PYTHON_VERSION

from orchestration.assets.annotation import ANNOTATIONS
from orchestration.assets.capture import bronze_key
from orchestration.assets.topics import TOPICS
from orchestration.fingerprint import fingerprint_of, read_mark, source_files, write_mark
from orchestration.home import Home
from orchestration.identity_training import WAREHOUSE, IdentityTraining
from orchestration.jobs import WHOLE_FLOW
from orchestration.progress import stage
from orchestration.resources import WORKSPACE, Workspace
from spark_jobs import topic_store
from spark_jobs.adapters.registry import tables_of
from spark_jobs.annotate import read_catalogue
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.sources import Sources
from spark_jobs.tables.configuration import TABLES as CONFIGURATION_TABLES

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
DBT_BUILD = ("build", "--exclude-resource-type", "unit_test", "--no-write-json")
"""How dbt builds. Its own unit tests judge the code, not the data: `make test` runs them. Its
manifest is there already, and nobody reads its list of results, which takes two seconds."""


class WarehouseError(RuntimeError):
    """The dbt project cannot be used, or not as asked; the message says why."""


class _Dbt(DbtCliResource):
    """Dbt, which is not started once more to ask for its version: that took two seconds."""

    @cached_property
    def _cli_version(self) -> Any:
        return DBT_PYTHON_VERSION


class Translator(DagsterDbtTranslator):
    """How dbt's models hang on earlier assets: a bronze table on the sources that fill it."""

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self._fillers: dict[str, list[AssetKey]] = {}
        for source in sources.sources:
            for table in (*tables_of(source), "ledger", "quarantine"):
                self._fillers.setdefault(table, []).append(bronze_key(source.name))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """A model's asset has its name; sources keep theirs, and are replaced in deps."""
        if dbt_resource_props["resource_type"] == "model":
            return AssetKey(dbt_resource_props["name"])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Models are grouped by layer: staging, intermediate, marts; seeds stand together."""
        if dbt_resource_props["resource_type"] == "seed":
            return "seeds"
        return str(dbt_resource_props["fqn"][1])

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetSpec:
        """The model's asset, hanging on what captured or annotated what it reads."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        deps = {key for dep in spec.deps for key in self._upstream(dep)}
        return spec.replace_attributes(deps=sorted(deps))

    def _upstream(self, dep: AssetDep) -> list[AssetKey]:
        layer, *rest = dep.asset_key.path
        if layer == "bronze" and rest:
            return self._fillers.get(rest[0], [])
        if layer == "silver" and rest:
            return [ANNOTATIONS if rest[0] == "text_annotations" else TOPICS]
        return [] if layer == "configuration" else [dep.asset_key]


def warehouse_assets(home: Home, sources: Sources) -> AssetsDefinition:
    """The assets of the dbt project."""

    @dbt_assets(
        manifest=read_manifest(home),
        dagster_dbt_translator=Translator(sources),
        name=WAREHOUSE,
        required_resource_keys={WORKSPACE},
    )
    def warehouse(context: AssetExecutionContext, config: IdentityTraining) -> Iterator[Any]:
        home = Workspace.of(context).home
        if config.is_asked_for and context.is_subset:
            raise WarehouseError(
                "a model that is trained anew moves people in every mart: train in a run of the "
                f"whole job {WHOLE_FLOW}, or by `causerie train`"
            )
        with stage(context, "warehouse") as running:
            mark = build_mark(home)
            fingerprint = build_fingerprint(home)
            is_built = _inputs(read_mark(mark)) == fingerprint and build_file(home).exists()
            if is_built and not config.is_asked_for:
                running.say("nothing new, the build is kept")
                yield from _unchanged(context)
                return
            if not context.is_subset:
                mark.unlink(missing_ok=True)
            if config.is_asked_for:
                # The same inputs give another build, which is to be published beside the last one.
                fingerprint += f".{context.run_id[:8]}"
            require_closed(build_file(home))
            yield from _build(context, home, config, running.context.log.debug)
            if not context.is_subset:
                write_mark(mark, fingerprint)
            models = len(context.selected_asset_keys)
            running.say(f"{models} models built, {len(context.selected_asset_check_keys)} tests")

    return warehouse


def build_file(home: Home) -> Path:
    """The database that dbt writes; nobody else opens it for writing."""
    return home.warehouse / "build.duckdb"


def require_closed(build: Path) -> None:
    """Raise WarehouseError where another process has the build open, of which dbt says a page."""
    if not build.exists():
        return
    try:
        duckdb.connect(str(build)).close()
    except duckdb.IOException as error:
        holder = re.search(r"held in (.+? \(PID \d+\))", str(error))
        if holder is None:
            raise
        raise WarehouseError(
            f"{build} is open in {holder[1]}, and cannot be written meanwhile: close it there and "
            "run again; what was captured and annotated is kept. The published warehouse may stay "
            "open at any time"
        ) from error


def build_mark(home: Home) -> Path:
    """Where a finished build leaves its fingerprint, which names the publication made of it."""
    return home.warehouse / "build.json"


def _inputs(mark: str | None) -> str | None:
    """What a marked build was made of, without the run that trained a model for it."""
    return mark.partition(".")[0] if mark else None


def build_fingerprint(home: Home) -> str:
    """What a build is made of: the lake's batches, annotations, the sources file, the models."""
    configuration = [home.lake.bronze / name / f"{name}.parquet" for name in CONFIGURATION_TABLES]
    return fingerprint_of(
        [*home.lake.batches(), *_topic_runs(home), _annotation_version(home)],
        [*configuration, *_project_files()],
    )


def marts(home: Home) -> list[str]:
    """Names of the tables that are published, in order."""
    nodes = read_manifest(home)["nodes"].values()
    return sorted(
        node["name"]
        for node in nodes
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    )


def read_manifest(home: Home) -> dict[str, Any]:
    """Dbt's manifest of the project, made again where the project has changed since.

    Raises WarehouseError with dbt's own words where the project is wrong.
    """
    target = home.dbt / "target"
    manifest, mark = target / "manifest.json", home.dbt / "manifest.mark"
    fingerprint = fingerprint_of([], _project_files())
    if not manifest.exists() or read_mark(mark) != fingerprint:
        target.mkdir(parents=True, exist_ok=True)
        dbt = Path(sys.executable).with_name("dbt")
        parsed = subprocess.run(
            [dbt, "parse", "--project-dir", PROJECT, "--profiles-dir", PROJECT],
            env={**os.environ, **dbt_environment(home)},
            capture_output=True,
            text=True,
            check=False,
        )
        if parsed.returncode != 0:
            raise WarehouseError(f"dbt cannot read {PROJECT}:\n{parsed.stdout}{parsed.stderr}")
        write_mark(mark, fingerprint)
    result: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return result


def _project_files() -> list[Path]:
    return source_files(PROJECT, "*.sql", "*.py", "*.yml", "*.csv")


def _topic_runs(home: Home) -> list[str]:
    return [folder.name for folder in topic_store.runs(home.lake.silver)]


def _annotation_version(home: Home) -> str:
    return annotation_version(read_catalogue(home.lake.bronze))


def dbt_environment(home: Home) -> dict[str, str]:
    """What dbt is told by environment variables."""
    return {
        "CAUSERIE_HOME": str(home.root),
        "DBT_TARGET_PATH": str(home.dbt / "target"),
        "DBT_LOG_PATH": str(home.dbt / "logs"),
        # What dbt says is in the log of the run; a second log cost a tenth of a small build.
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def _build(
    context: AssetExecutionContext,
    home: Home,
    training: IdentityTraining,
    log: Callable[[str], None],
) -> Iterator[Any]:
    home.warehouse.mkdir(exist_ok=True)
    dbt = _Dbt(
        project_dir=str(PROJECT),
        profiles_dir=str(PROJECT),
        dbt_executable=str(Path(sys.executable).with_name("dbt")),
    )
    variables = json.dumps(
        {"annotation_version": _annotation_version(home), **training.model_dump()}
    )
    with _environment_set(dbt_environment(home)):
        invocation = dbt.cli(
            [*DBT_BUILD, "--vars", variables],
            context=context,
            target_path=home.dbt / "target",
        )
        # dbt's own lines belong into the log of the run, not between the stages on a terminal.
        with contextlib.redirect_stdout(_Lines(log)):
            yield from invocation.stream()


def _unchanged(context: AssetExecutionContext) -> Iterator[Any]:
    in_order = context.job_def.asset_layer.asset_graph.toposorted_asset_keys
    for key in (key for key in in_order if key in context.selected_asset_keys):
        yield MaterializeResult(key, metadata={"unchanged": True})
    for check in sorted(context.selected_asset_check_keys):
        yield AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=True,
            description="nothing new; what is there passed this test when it was built",
        )


@contextlib.contextmanager
def _environment_set(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Lines(io.TextIOBase):
    """A stream that hands over what is written, line by line."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if line.strip():
                self._log(line)
        return len(text)
