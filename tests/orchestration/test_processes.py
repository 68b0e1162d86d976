"""Jobs as processes: a report comes back, or the error with the job's last lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.processes import JobError, run_job

JOB = """
import os, sys
from pathlib import Path
print("starting")
if "--fail" in sys.argv:
    print("the disk is full", file=sys.stderr)
    sys.exit(3)
Path(sys.argv[sys.argv.index("--report") + 1]).write_text('{"rows": %s}' % os.environ["ROWS"])
"""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "some_job.py").write_text(JOB)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "some_job"


def test_the_report_and_the_lines_of_a_job_come_back(job: str, tmp_path: Path) -> None:
    lines: list[str] = []
    assert run_job(job, [], tmp_path, lines.append, {"ROWS": "7"}) == {"rows": 7}
    assert lines == ["starting"]


def test_a_failing_job_is_named_with_its_last_lines(job: str, tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"some_job ended with code 3(?s:.*)the disk is full"):
        run_job(job, ["--fail"], tmp_path, lambda _: None)
