"""Notes of a home: whole or not there."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.notes import write_note

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from orchestration.home import Home
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (8, 8))  # a write beyond 8 bytes fails
home = Home(Path(sys.argv[1]), Path(sys.argv[2]))
try:
    {what}
except OSError:
    print("no room")
"""


@pytest.mark.parametrize("what", ["home.prepare()", "home.root.mkdir(); home.secret(None)"])
def test_a_home_on_a_full_disk_is_used_as_a_new_one_once_there_is_room(
    tmp_path: Path, what: str
) -> None:
    home = Home(tmp_path / "home", tmp_path / "landing")
    script = FULL_DISK.format(what=what)
    command = [sys.executable, "-c", script, str(home.root), str(home.landing)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"no room\n"
    home.prepare()
    assert len(home.secret(None)) == 64


def test_a_note_takes_the_place_of_another_and_has_its_mode(tmp_path: Path) -> None:
    note = tmp_path / "note"
    write_note(note, "public")
    write_note(note, "é, for its owner", 0o600)
    assert note.read_text(encoding="utf-8") == "é, for its owner"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["note"]
