"""The home: one run at a time, one landing folder, one key."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.home import Home, HomeError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home", tmp_path / "landing")
    home.prepare()
    return home


@pytest.mark.parametrize("sign", [",", "?", "%20", "*", "[c]"])
def test_a_path_that_spark_duckdb_or_dagster_cannot_use_is_refused(
    tmp_path: Path, sign: str
) -> None:
    home = Home(tmp_path / f"a{sign}b", tmp_path / "landing")
    with pytest.raises(HomeError, match="cannot be a home, as its path has"):
        home.prepare()
    assert not home.root.exists()


HOLD = """
import sys
from pathlib import Path
from orchestration.home import Home
with Home(Path(sys.argv[1]), Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_and_names_the_first(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        refusal = rf"another run holds .*process {first.pid} "
        with pytest.raises(HomeError, match=refusal), home.locked():
            pytest.fail("two runs hold one home")
        first.kill()
    with home.locked():  # a killed run holds nothing
        pass


def test_two_homes_do_not_meet(tmp_path: Path) -> None:
    one, other = (Home(tmp_path / name, tmp_path) for name in ("one", "other"))
    with one.locked(), other.locked():
        pass


def test_a_home_belongs_to_one_landing_folder(home: Home, tmp_path: Path) -> None:
    home.prepare()
    with pytest.raises(HomeError, match="choose another home with CAUSERIE_HOME"):
        Home(home.root, tmp_path / "elsewhere").prepare()


def test_a_home_knows_its_landing_folder_once_it_was_used(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", tmp_path / "landing")
    assert home.known_landing() is None
    home.prepare()
    assert Home(home.root, tmp_path / "elsewhere").known_landing() == tmp_path / "landing"


def test_a_key_is_made_once_and_only_its_owner_reads_it(home: Home) -> None:
    secret = home.secret(None)
    assert len(secret) == 64
    assert home.secret(None) == secret
    assert stat.S_IMODE((home.root / "secret").stat().st_mode) == 0o600


def test_a_configured_key_is_not_kept(home: Home) -> None:
    assert home.secret("a configured secret") == "a configured secret"
    assert not (home.root / "secret").exists()
    kept = "".join(
        path.read_text(errors="replace") for path in home.root.rglob("*") if path.is_file()
    )
    assert "a configured secret" not in kept


def test_another_key_is_refused(home: Home) -> None:
    home.secret("a configured secret")
    with pytest.raises(HomeError, match="hashed with another CAUSERIE_SECRET"):
        home.secret("another configured secret")
    with pytest.raises(HomeError, match="hashed with another CAUSERIE_SECRET"):
        home.secret(None)
