"""What the command says to a person whose machine or folders are not as they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import Home

CAUSERIE = Path(sys.executable).with_name("causerie")


def causerie(*arguments: str, **environment: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CAUSERIE, *arguments],
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    (folder / "reddit").mkdir(parents=True)
    return folder


def java_that_says(folder: Path, version: str) -> Path:
    """A folder for JAVA_HOME whose Java tells a version and does nothing else."""
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    executable.chmod(0o755)
    return folder


def test_a_machine_without_a_java_that_will_do_is_told_so_before_any_work(
    tmp_path: Path, landing: Path
) -> None:
    home = tmp_path / "home"
    for java_home, complaint in (
        (tmp_path / "nowhere", "no java below JAVA_HOME"),
        (java_that_says(tmp_path / "old", "11.0.2"), "is Java 11"),
    ):
        said = causerie("run", "--landing", str(landing), CAUSERIE_HOME=home, JAVA_HOME=java_home)
        assert (said.returncode, said.stdout) == (2, "")
        assert complaint in said.stderr
        assert "install Java 17 or newer" in said.stderr
        assert len(said.stderr.splitlines()) == 1
    assert not home.exists()


def test_a_home_that_cannot_be_made_is_named_in_one_line(tmp_path: Path, landing: Path) -> None:
    file = tmp_path / "home"
    file.touch()
    said = causerie("run", "--landing", str(landing), CAUSERIE_HOME=file)
    assert said.returncode == 2
    assert said.stderr == f"causerie: {file}: File exists\n"


def test_later_commands_find_the_landing_folder_of_a_home_and_a_demo_does_not_mix_with_it(
    tmp_path: Path, landing: Path
) -> None:
    home = Home(tmp_path / "home", landing)
    home.prepare()
    (landing / "nobody_reads_this").mkdir()
    said = causerie("run", CAUSERIE_HOME=home.root)
    assert f"landing folder {landing}: no source is declared" in said.stderr
    said = causerie("demo", CAUSERIE_HOME=home.root)
    assert f"{home.root} holds what was captured from {landing}" in said.stderr
    assert not home.truth.exists()
    assert not (home.root / "landing").exists()


def test_help_says_all_of_each_command_and_needs_neither_dagster_nor_pandas() -> None:
    script = (
        "import sys\nfrom orchestration.cli import causerie\n"
        "causerie(['--help'], standalone_mode=False)\n"
        "assert not {'dagster', 'pandas', 'pyspark'} & set(sys.modules)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert "  backfill  Read the files of a SOURCE again" in said
    assert "..." not in said.partition("Commands:")[2]


def test_the_list_of_queries_says_what_they_take() -> None:
    said = causerie("query").stdout
    (line,) = (line for line in said.splitlines() if "path_between_accounts" in line)
    assert "from_handle, to_handle" in line
    (line,) = (line for line in said.splitlines() if " who_helps_whom" in line)
    assert "limit=25, [channel]" in line


@pytest.mark.parametrize(("given", "kept"), [("C", "C.UTF-8"), ("C.UTF-8", "C.UTF-8")])
def test_java_reads_paths_with_accents_whatever_the_locale(given: str, kept: str) -> None:
    script = (
        "import contextlib, os, orchestration.cli as cli\n"
        "with contextlib.suppress(SystemExit): cli.main()\n"
        "print(os.environ['LC_ALL'])\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", script, "--version"],
        env={**os.environ, "LC_ALL": given},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.splitlines()[-1] == kept
