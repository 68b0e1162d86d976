"""The command ``causerie``: run the flow, open the UI, ask a query, stop the graph server."""

from __future__ import annotations

import json
import locale
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.java import JavaError, find_java
from orchestration.home import Home, HomeError
from orchestration.settings import Settings, SettingsError, read_settings
from spark_jobs.demo_dumps.generate import DEFAULT_POSTS, DEFAULT_SEED, DemoError, generate
from spark_jobs.sources import SourcesError

if TYPE_CHECKING:
    from graph.query_file import Parameter
    from orchestration.backfill import Backfill
    from orchestration.identity_training import IdentityTraining

# Dagster and pandas take seconds to import: commands that use them do so themselves, so that who
# asks the graph a question does not wait for them.

EXPECTED_ERRORS = (DemoError, HomeError, JavaError, SettingsError, SourcesError)
"""Mistakes of use: their message says all, a stack trace would hide it."""


@click.group()
@click.version_option(package_name="causerie")
def causerie() -> None:
    """Customer 360 warehouse and customer graph from raw dumps."""


@causerie.command()
@click.option("--landing", type=click.Path(path_type=Path), help="Folder of real dumps.")
@click.option("--posts", default=DEFAULT_POSTS, show_default=True, help="Generated posts.")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Seed of the generator.")
def demo(landing: Path | None, posts: int, seed: int) -> None:
    """Run the whole flow on generated dumps, or on those of a folder."""
    settings = _settings(landing, is_kept=False)
    home = Home.of(settings)
    if settings.landing is None:
        home.prepare()  # refuses a home of other dumps before any are generated
        _generate(home, posts, seed)
    sys.exit(_run(settings))


@causerie.command()
@click.option("--landing", type=click.Path(path_type=Path), help="Folder of raw dumps.")
def run(landing: Path | None) -> None:
    """Run the whole flow on what the landing folder holds."""
    sys.exit(_run(_settings(landing)))


@causerie.command()
@click.argument("source")
@click.option("--since", metavar="DAY", help="Only files with records from this day on.")
@click.option("--until", metavar="DAY", help="Only files with records from before this day.")
def backfill(source: str, since: str | None, until: str | None) -> None:
    """Read the files of a SOURCE again, in place of what they gave.

    Then all that hangs on them is built again.
    """
    from orchestration.backfill import Backfill

    sys.exit(_run(_settings(), Backfill(sources=[source], since=since, until=until)))


@causerie.command()
def train() -> None:
    """Train the model of who is who on today's customers.

    Then all that hangs on it is built again.
    """
    from orchestration.identity_training import IdentityTraining

    sys.exit(_run(_settings(), training=IdentityTraining(identity_model="train")))


@causerie.command()
def dev() -> None:
    """Open the Dagster UI, with its schedule and its sensor."""
    from dagster import DagsterInstance

    from orchestration.dead_runs import fail_dead_runs

    settings = _settings()
    home = Home.of(settings)
    home.prepare()
    _prepare_dagster(home)
    with DagsterInstance.get() as instance:
        fail_dead_runs(instance, home)
    project = Path(__file__).resolve().parents[1]
    click.echo(f"Dagster UI: http://127.0.0.1:{settings.dagster_port} (end with Ctrl-C)", err=True)
    dagster = Path(sys.executable).with_name("dagster")
    os.chdir(project)
    os.execv(  # noqa: S606 - no shell; this process becomes Dagster's
        dagster,
        [
            str(dagster),
            "dev",
            "--workspace",
            str(project / "workspace.yaml"),
            "--host",
            "127.0.0.1",
            "--port",
            str(settings.dagster_port),
        ],
    )


@causerie.command()
@click.argument("name", required=False)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A query's parameter; the list says which.",
)
def query(name: str | None, given: tuple[str, ...]) -> None:
    """Ask the graph a question of the library; without one, list all."""
    from graph.connection import GraphUnavailableError, open_driver
    from graph.query_file import QueryError
    from graph.query_library import read_library, run_query
    from orchestration.graph_server import running_connection
    from orchestration.terminal import print_table

    library = read_library()
    if name is None:
        print_table(
            "",
            ("query", "question", "parameters"),
            [
                (key, entry.header.question, _parameters(entry.header.parameters))
                for key, entry in library.items()
            ],
        )
        return
    if name not in library:
        raise click.BadParameter(f"no query {name!r}; there are {', '.join(library)}")
    values = dict(pair.partition("=")[::2] for pair in given)
    settings = _settings()
    connection = running_connection(Home.of(settings), settings)
    try:
        with open_driver(connection) as driver:
            answer = run_query(library[name], driver, connection.database, values)
    except (QueryError, GraphUnavailableError) as error:
        raise click.ClickException(str(error)) from error
    print_table(library[name].header.question, answer.columns, answer.rows)


@causerie.command()
def stop() -> None:
    """End the local Neo4j server of the home; no other process."""
    from graph.local_server import LocalServerError, ServerSettings
    from graph.local_server import stop as stop_server

    home = Home.of(_settings())
    try:
        stopped = stop_server(ServerSettings(home=home.neo4j))
    except LocalServerError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Neo4j of {home.root} {'has ended' if stopped else 'was not running'}")


def _parameters(declared: Mapping[str, Parameter]) -> list[str]:
    """What ``--set`` takes: with a default, in brackets where it may be left out, or bare."""
    return [
        name
        if parameter.is_required
        else f"[{name}]"
        if parameter.default is None
        else f"{name}={json.dumps(parameter.default)}"
        for name, parameter in declared.items()
    ]


def _settings(landing: Path | None = None, *, is_kept: bool = True) -> Settings:
    """The settings in force; where ``is_kept``, a home used before keeps its landing folder."""
    settings = read_settings()
    home = Home.of(settings)
    # Absolute, because jobs and the UI run from other folders than this one.
    return settings.model_copy(
        update={
            name: path.resolve()
            for name, path in {
                "home": home.root,
                "landing": landing
                or settings.landing
                or (home.known_landing() if is_kept else None),
                "sources": settings.sources,
            }.items()
            if path is not None
        }
    )


def _prepare_dagster(home: Home) -> None:
    """Keep Dagster's store in the home, with one run at a time and nothing sent anywhere."""
    from orchestration.sensors import DEQUEUE_SECONDS

    home.dagster.mkdir(parents=True, exist_ok=True)
    (home.dagster / "dagster.yaml").write_text(
        "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"
        "run_coordinator:\n  module: dagster.core.run_coordinator\n"
        "  class: QueuedRunCoordinator\n  config:\n    max_concurrent_runs: 1\n"
        f"    dequeue_interval_seconds: {DEQUEUE_SECONDS}\n"
        "event_log_storage:\n  module: orchestration.event_log\n  class: EventLog\n"
        f"  config:\n    base_dir: {json.dumps(str(home.dagster / 'history' / 'runs'))}\n",
        encoding="utf-8",
    )
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["CAUSERIE_HOME"] = str(home.root)
    os.environ["CAUSERIE_LANDING"] = str(home.landing)


def _generate(home: Home, posts: int, seed: int) -> None:
    """Write demo dumps into the home's landing folder, unless just these are there."""
    note = home.truth / "generated.txt"
    made_of = f"{posts} posts, seed {seed}"
    if note.exists() and note.read_text(encoding="utf-8") == made_of:
        return
    if home.landing.exists() and any(home.landing.iterdir()):
        raise HomeError(
            f"{home.landing} already holds dumps; to generate {made_of} choose another home with "
            "CAUSERIE_HOME=<folder>, or remove this one"
        )
    click.echo(f"generating {made_of}, in {home.landing}", err=True)
    half_done = home.root / "generating"
    shutil.rmtree(half_done, ignore_errors=True)
    generate(half_done / "landing", half_done / "truth", posts=posts, seed=seed)
    (half_done / "truth" / note.name).write_text(made_of, encoding="utf-8")
    shutil.rmtree(home.truth, ignore_errors=True)
    (half_done / "truth").rename(home.truth)
    home.landing.parent.mkdir(parents=True, exist_ok=True)
    (half_done / "landing").rename(home.landing)
    half_done.rmdir()


def _run(
    settings: Settings, again: Backfill | None = None, training: IdentityTraining | None = None
) -> int:
    """Run the job and print what came out; the exit code of the process."""
    from orchestration.backfill import Backfill
    from orchestration.identity_training import IdentityTraining
    from orchestration.run import run_whole_flow
    from orchestration.summary import print_summary

    home = Home.of(settings)
    again = again or Backfill()
    _check_before_work(home, settings, again)
    home.prepare()
    _prepare_dagster(home)
    outcome = run_whole_flow(settings, again, training or IdentityTraining())
    if not outcome.is_complete:
        for failure in outcome.failures:
            click.echo(f"\nstage {failure.stage} failed: {failure.message}", err=True)
        kept = "what was published before stays published:"
        if not home.published.exists():
            kept = "nothing is published yet:"
        click.echo(f"\n{kept} {home.published}", err=True)
        return 1
    print_summary(home, settings, outcome)
    for refusal in outcome.refusals:
        click.echo(f"\nsource {refusal.source} was refused: {refusal}", err=True)
    return 1 if outcome.failures else 0


def _check_before_work(home: Home, settings: Settings, again: Backfill) -> None:
    """Find mistakes in what is asked, declared, landed and installed before any work."""
    from spark_jobs.landing import survey_landing
    from spark_jobs.source_files import sources_in_force

    sources = sources_in_force(home.landing, settings.sources)
    again.check(sources)
    survey_landing(home.landing, sources)
    find_java()


def _let_java_read_any_path() -> None:
    """Java takes the encoding of paths from the locale, and in C it opens none with an accent."""
    if locale.getencoding().lower() != "utf-8":
        os.environ["LC_ALL"] = "C.UTF-8"


def main() -> None:
    """Entry point: expected errors are one line, not a stack trace."""
    _let_java_read_any_path()
    try:
        causerie.main(prog_name="causerie")
    except EXPECTED_ERRORS as error:
        click.echo(f"causerie: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        if error.filename is None:
            raise
        click.echo(f"causerie: {error.filename}: {error.strerror}", err=True)
        sys.exit(2)
