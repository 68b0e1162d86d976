"""Jobs that a killed run left behind: known by a mark in their environment, and ended.

The lock of a home ends with the process that holds it. Its jobs do not: Spark or dbt would go on
writing beside the next run. Children inherit a run's environment, so whatever it started, and
what that started, bears the home's mark. The Neo4j server inherits none, as it is to outlive runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

MARK = "HOME_OF_CAUSERIE_RUN"
PATIENCE_SECONDS = 5.0


@contextmanager
def marked(home: Path) -> Iterator[None]:
    """Let what is started meanwhile bear the mark of ``home``."""
    os.environ[MARK] = str(home)
    try:
        yield
    finally:
        del os.environ[MARK]


def end_leftovers(home: Path) -> list[int]:
    """End what bears the mark of ``home``; the ids of these processes.

    The caller holds the home's lock, so that none of it belongs to a run that goes on.
    """
    left = [process for process in psutil.process_iter() if _mark(process) == str(home)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(left, PATIENCE_SECONDS)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, PATIENCE_SECONDS)
    return [process.pid for process in left]


def _mark(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK)
    except psutil.Error:  # another user's, or gone meanwhile
        return None
