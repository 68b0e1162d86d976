"""Homes for tests of the orchestration."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from orchestration.assets.warehouse import read_manifest
from orchestration.home import Home

NewHome = Callable[[Path], Home]


@pytest.fixture(scope="session")
def new_home(shared_folder: Path) -> NewHome:
    """Makes a home with its landing folder in it, whose dbt project is parsed already.

    Definitions read names and dependencies of it, which are the same in every home; dbt takes
    seconds for each that it parses.
    """
    first = Home(shared_folder / "parsed", shared_folder / "parsed" / "landing")
    with FileLock(shared_folder / "parsed.lock"):
        read_manifest(first)

    def make(root: Path) -> Home:
        shutil.copytree(first.dbt, root / "dbt")
        return Home(root, root / "landing")

    return make
