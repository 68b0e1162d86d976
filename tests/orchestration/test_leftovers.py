"""What a killed run leaves behind is ended by the next, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
from dagster import build_resources

from orchestration.leftovers import MARK, end_leftovers, marked
from orchestration.resources import WORKSPACE, workspace_resource
from orchestration.settings import Settings

KILLED_RUN = """
import os, signal, subprocess, sys
from pathlib import Path
from orchestration.leftovers import marked
with marked(Path(sys.argv[1])):
    job = subprocess.Popen([sys.executable, "-c", sys.argv[2]], stdout=subprocess.PIPE)
    print(job.stdout.readline().decode(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
JOB = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.{handler})
print(os.getpid(), flush=True)
time.sleep(600)
"""


def leave_a_job(home: Path, handler: str) -> psutil.Process:
    run = subprocess.run(
        [sys.executable, "-c", KILLED_RUN, str(home), JOB.format(handler=handler)],
        stdout=subprocess.PIPE,  # not of errors too: the job left behind would keep it open
        check=False,
    )
    assert run.returncode == -signal.SIGKILL
    return psutil.Process(int(run.stdout))


def test_jobs_of_a_killed_run_are_ended_also_those_that_do_not_listen(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    jobs = [leave_a_job(home, "SIG_DFL"), leave_a_job(home, "SIG_IGN")]
    stranger = leave_a_job(other, "SIG_DFL")
    assert all(job.is_running() for job in jobs)
    assert set(end_leftovers(home)) == {job.pid for job in jobs}
    assert not any(job.is_running() and job.status() != psutil.STATUS_ZOMBIE for job in jobs)
    assert stranger.is_running()
    assert end_leftovers(home) == []
    assert end_leftovers(other) == [stranger.pid]


def test_a_run_ends_what_the_one_before_left_and_marks_its_own(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", landing=tmp_path)
    left = leave_a_job(tmp_path / "home", "SIG_DFL")
    with build_resources({WORKSPACE: workspace_resource(settings)}):
        assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE
        assert os.environ[MARK] == str(tmp_path / "home")


def test_nothing_is_marked_once_the_run_has_ended(tmp_path: Path) -> None:
    with marked(tmp_path):
        pass
    said = subprocess.run(
        [sys.executable, "-c", f"import os; print(os.environ.get({MARK!r}))"],
        capture_output=True,
        check=True,
    )
    assert said.stdout == b"None\n"
