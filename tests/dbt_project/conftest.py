"""Real builds of the dbt project on small lakes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import company_lake
import duckdb
import pytest
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


@pytest.fixture(scope="session")
def dbt_target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where dbt keeps what it parsed, shared by all builds of the session."""
    return tmp_path_factory.mktemp("dbt_target")


@pytest.fixture(scope="session")
def run_dbt(dbt_target: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run dbt on a home as the orchestration does: a subprocess, told all by environment."""

    def run(
        home: Path, *arguments: str, without: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        (home / "warehouse").mkdir(parents=True, exist_ok=True)
        environment = {
            **os.environ,
            "CAUSERIE_HOME": str(home),
            "DBT_TARGET_PATH": str(dbt_target),
            "DBT_LOG_PATH": str(dbt_target / "logs"),
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
def build_home(run_dbt: Callable[..., subprocess.CompletedProcess[str]], dbt_target: Path) -> Build:
    """Build the warehouse of a home; fails with what dbt said where a node fails."""

    def run(home: Path, *arguments: str) -> Warehouse:
        outcome = run_dbt(home, "build", *arguments)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
        report = json.loads((dbt_target / "run_results.json").read_text(encoding="utf-8"))
        results = {result["unique_id"]: result["status"] for result in report["results"]}
        return Warehouse(home / "warehouse" / "build.duckdb", results)

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
def company_warehouse(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The warehouse of the company in `company_lake`, built with all of dbt's tests."""
    return build(tmp_path_factory.mktemp("company"), company_lake.TABLES)
