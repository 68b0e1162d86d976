"""Real builds of the dbt project on small lakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import company_lake
import duckdb
import pytest
from filelock import FileLock
from lake import write_lake

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


class Warehouse:
    """A built warehouse, and what dbt said of its nodes."""

    def __init__(self, path: Path, results: dict[str, str]) -> None:
        self.path = path
        self.results = results

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What `query` gives, tables of the marts by their bare name."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            connection.execute("set schema = 'marts'")
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(query).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        """The only row that `query` gives."""
        rows = self.rows(query)
        assert len(rows) == 1, rows
        return rows[0]

    def contents(self, mart: str, without: Collection[str] = ()) -> list[str]:
        """The rows of a mart as texts, in order, but for some columns."""
        columns = [
            name
            for (name,) in self.rows(
                "select column_name from information_schema.columns"
                f" where table_schema = 'marts' and table_name = '{mart}' order by ordinal_position"
            )
            if name not in without
        ]
        return sorted(
            text for (text,) in self.rows(f"select row({', '.join(columns)})::varchar from {mart}")
        )

    def marts(self) -> list[str]:
        """The names of the tables in the marts."""
        return [
            name
            for (name,) in self.rows(
                "select table_name from information_schema.tables"
                " where table_schema = 'marts' and table_type = 'BASE TABLE' order by table_name"
            )
        ]


Build = Callable[..., Warehouse]
RunDbt = Callable[..., subprocess.CompletedProcess[str]]
AWKWARD = "a [b] {c} d's"
"""Signs that patterns of DuckDB, SQL or dbt would read as their own."""


@dataclass(frozen=True)
class DbtFolder:
    """Where dbt keeps what it parsed, shared by all builds of a worker.

    dbt parses the project anew where its database lies elsewhere or it has other variables, for
    more seconds than a small build takes. So every home is built under one path, which leads to
    it, and what is built with variables has a target of its own.
    """

    root: Path

    def target(self, arguments: Collection[str]) -> Path:
        """Where dbt keeps what it parsed for such arguments, and reports on its nodes."""
        return self.root / ("with_variables" if "--vars" in arguments else "as_it_is")

    def leading_to(self, home: Path) -> Path:
        """The path under which a home is built: an awkward one, as any home may have."""
        link = self.root / AWKWARD
        link.unlink(missing_ok=True)
        link.symlink_to(home, target_is_directory=True)
        return link

    def results(self, arguments: Collection[str]) -> dict[str, str]:
        """What the last such run said of each node."""
        report = json.loads((self.target(arguments) / "run_results.json").read_text("utf-8"))
        return {result["unique_id"]: result["status"] for result in report["results"]}


@pytest.fixture(scope="session")
def dbt_folder(tmp_path_factory: pytest.TempPathFactory) -> DbtFolder:
    return DbtFolder(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def run_dbt(dbt_folder: DbtFolder) -> RunDbt:
    """Run dbt on a home as the orchestration does: a subprocess, told all by environment."""

    def run(
        home: Path, *arguments: str, without: str | None = None, in_place: bool = False
    ) -> subprocess.CompletedProcess[str]:
        (home / "warehouse").mkdir(parents=True, exist_ok=True)
        target = dbt_folder.target(arguments)
        environment = {
            **os.environ,
            "CAUSERIE_HOME": str(home if in_place else dbt_folder.leading_to(home)),
            "DBT_TARGET_PATH": str(target),
            "DBT_LOG_PATH": str(target / "logs"),
            "DBT_LOG_LEVEL_FILE": "none",
        }
        if without:
            del environment[without]
        command = [sys.executable, "-m", "dbt.cli.main", *arguments]
        folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        return subprocess.run(
            [*command, *folders],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=home,
        )

    return run


@pytest.fixture(scope="session")
def build_home(run_dbt: RunDbt, dbt_folder: DbtFolder) -> Build:
    """Build the warehouse of a home; fails with what dbt said where a node fails."""

    def run(home: Path, *arguments: str, in_place: bool = False) -> Warehouse:
        outcome = run_dbt(home, "build", *arguments, in_place=in_place)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
        return Warehouse(home / "warehouse" / "build.duckdb", dbt_folder.results(arguments))

    return run


@pytest.fixture(scope="session")
def build(build_home: Build) -> Build:
    """Write a lake and build the warehouse on it."""

    def run(
        home: Path, tables: Mapping[str, Iterable[dict[str, Any]]], *arguments: str
    ) -> Warehouse:
        write_lake(home, tables)
        return build_home(home, *arguments)

    return run


@pytest.fixture(scope="session")
def company_warehouse(build_home: Build, shared_folder: Path) -> Warehouse:
    """The warehouse of the company in `company_lake`, built with all of dbt's tests.

    It is built once for all workers, and in place: its views read the lake where it lies.
    """
    home = shared_folder / "company"
    results = home / "results.json"
    with FileLock(shared_folder / "company.lock"):
        if not results.exists():
            write_lake(home, company_lake.TABLES)
            built = build_home(home, in_place=True)
            results.write_text(json.dumps(built.results), encoding="utf-8")
    path = home / "warehouse" / "build.duckdb"
    return Warehouse(path, json.loads(results.read_text(encoding="utf-8")))
