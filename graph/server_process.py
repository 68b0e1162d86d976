"""One detached process: started, recognised again by another run, and ended.

A process is known by its id, its start time and the home on its command line, all three, so
that a process that got a recycled id is never taken for the server, and never ended.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

START_TIME_TOLERANCE_SECONDS = 2.0
"""The system derives start times from its clock, which may be set right by a little."""

COMMAND_LINE_SECONDS = 10.0

INHERITED_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "TZ")
"""What a child sees of the environment: no secret of the run that starts it."""


@dataclass(frozen=True)
class ProcessRecord:
    """A process as it was when started: id, and start time in seconds since 1970."""

    process_id: int
    started_at: float


def inherited_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a child gets to see."""
    return {name: environment[name] for name in INHERITED_VARIABLES if name in environment}


def start_detached(command: list[str], output: Path) -> ProcessRecord:
    """Start a process in a session of its own, so that it outlives this one and its terminal.

    What it prints goes to ``output``, emptied first. Its environment holds
    INHERITED_VARIABLES only.
    """
    process_id = os.posix_spawn(
        command[0],
        command,
        inherited_environment(os.environ),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    process = psutil.Process(process_id)
    deadline = time.monotonic() + COMMAND_LINE_SECONDS
    # For a moment a new process has no command line yet: it could not be told from a stranger.
    while time.monotonic() < deadline and process.status() != psutil.STATUS_ZOMBIE:
        if process.cmdline():
            break
        time.sleep(0.01)
    return ProcessRecord(process_id, process.create_time())


def write_record(path: Path, record: ProcessRecord) -> None:
    """Write a record in one step, so that a reader sees all of it or the one before."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(record)), encoding="ascii")
    draft.replace(path)


def read_record(path: Path) -> ProcessRecord | None:
    """The record, or None where there is none or it cannot be read."""
    try:
        return ProcessRecord(**json.loads(path.read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def recorded_process(record: ProcessRecord | None, argument: str) -> psutil.Process | None:
    """The live process that the record means, or None where it is gone.

    ``argument`` is one of the command line's arguments that no other program has.
    """
    if record is None:
        return None
    try:
        process = psutil.Process(record.process_id)
        is_same = (
            abs(process.create_time() - record.started_at) <= START_TIME_TOLERANCE_SECONDS
            and process.status() != psutil.STATUS_ZOMBIE
            and argument in process.cmdline()
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if is_same else None


def end(process: psutil.Process, patience_seconds: float) -> bool:
    """Ask the process to end, wait, then kill it; True where it ended when asked.

    psutil compares start times again before each signal.
    """
    try:
        process.terminate()
        try:
            process.wait(patience_seconds)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(patience_seconds)
            return False
    except psutil.NoSuchProcess:
        return True
    return True
