"""Jobs as processes of their own: their output goes to the run's log, their report comes back.

Spark and dbt keep a JVM, a database lock and gigabytes; ended with their process, all of it
is gone before the next stage starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

TAIL_LINES = 30


class JobError(RuntimeError):
    """A job's process ended with an error; the message has its last lines."""


def run_job(
    module: str,
    arguments: Sequence[str],
    temporary: Path,
    log: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run ``python -m module`` and return the report it wrote.

    Args:
        module: one whose ``main`` takes ``--report``.
        arguments: its other arguments.
        temporary: an existing folder for the report.
        log: takes each line that the job prints.
        environment: variables to set besides those of this process.

    Raises:
        JobError: the process ended with a code other than 0.
    """
    with tempfile.TemporaryDirectory(dir=temporary) as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", module, *arguments, "--report", str(report)]
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
        ) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    tail.append(line.rstrip())
                    log(line.rstrip())
            except BaseException:
                process.terminate()
                raise
        if process.returncode != 0:
            raise JobError(
                f"{module} ended with code {process.returncode}; its last lines:\n"
                + "\n".join(tail)
            )
        result: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return result
