"""The step that builds the warehouse, before dbt is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.assets.warehouse import WarehouseError, require_closed

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.read()
"""


def test_a_build_that_somebody_reads_is_named_with_the_reader(tmp_path: Path) -> None:
    build = tmp_path / "build.duckdb"
    require_closed(build)  # the first build finds none
    duckdb.connect(str(build)).close()
    require_closed(build)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(build)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match=rf"is open in .* \(PID {reader.pid}\)"):
            require_closed(build)
        reader.kill()
    require_closed(build)


def test_a_build_that_is_damaged_is_not_said_to_be_open(tmp_path: Path) -> None:
    build = tmp_path / "build.duckdb"
    build.write_bytes(b"no database" * 1000)
    with pytest.raises(duckdb.Error):
        require_closed(build)
