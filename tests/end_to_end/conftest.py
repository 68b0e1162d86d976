"""Whole runs, started as a person starts them: the command, its exit code, what it prints."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pytest

from graph.connection import GraphConnection
from graph.local_server import status
from orchestration.home import Home


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    output: str
    errors: str


@dataclass(frozen=True)
class Workplace:
    """A home of a test's own, with its landing folder in it."""

    home: Home

    def causerie(
        self, *arguments: str, largest_file: int | None = None, **environment: str
    ) -> Finished:
        """Run the command and wait for its end.

        ``largest_file`` is a size in bytes at which writing fails, as it does on a full disk.
        """
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CAUSERIE_", "NEO4J_", "DAGSTER_"))
        }
        ended = subprocess.run(
            [Path(sys.executable).with_name("causerie"), *arguments],
            env={
                **clean,
                "CAUSERIE_HOME": str(self.home.root),
                "SPARK_MASTER": "local[2]",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=None if largest_file is None else partial(_limit_files, largest_file),
        )
        return Finished(ended.returncode, ended.stdout, ended.stderr)

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the published warehouse."""
        with duckdb.connect(str(self.home.published), read_only=True) as warehouse:
            return warehouse.execute(query).fetchall()

    def graph(self) -> GraphConnection:
        """The home's own graph server, which must run."""
        server = status(self.home.neo4j)
        assert server is not None
        return server.connection


def _limit_files(largest_file: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A fresh home; its graph server ends with the module's tests."""
    root = tmp_path_factory.mktemp("end_to_end") / "home"
    place = Workplace(Home(root, root / "landing"))
    yield place
    ended = place.causerie("stop")
    assert ended.code == 0, ended.errors
