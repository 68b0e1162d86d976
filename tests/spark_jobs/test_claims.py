"""Which names a glob claims: as the file system's own glob does, and packed files besides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from landed import declared

from spark_jobs.claims import claims_file, claims_member

parts = st.sampled_from(["a", "ab", "b", "a.csv"])
patterns = st.sampled_from(["a", "*", "a*", "?", "[ab]", "**", "*.csv"])


@given(
    path=st.lists(parts, min_size=1, max_size=4), glob=st.lists(patterns, min_size=1, max_size=4)
)
def test_a_glob_claims_what_the_file_systems_glob_finds(
    tmp_path_factory: pytest.TempPathFactory, path: list[str], glob: list[str]
) -> None:
    landing = tmp_path_factory.mktemp("landing")
    file = landing.joinpath(*path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    found = file in {each for each in landing.glob("/".join(glob)) if each.is_file()}
    assert claims_file(declared(glob="/".join(glob)), "/".join(path)) == found


@pytest.mark.parametrize(
    ("name", "claimed"),
    [
        ("reddit/a.ndjson", True),
        ("reddit/deep/a.ndjson.zst", True),
        ("reddit/a.ndjson.GZ", True),
        ("reddit/a.ndjson.lz4", True),
        ("reddit/deep/a.zip", True),
        ("reddit/a.7z", True),
        ("reddit/a.tar.gz", True),
        ("reddit/a.csv.gz", False),
        ("reddit/a.ndjson.gz.gz", False),
        ("other/a.ndjson.gz", False),
        ("a.zip", False),
    ],
)
def test_packed_files_are_claimed_by_what_they_hold(name: str, claimed: bool) -> None:
    assert claims_file(declared(glob="reddit/**/*.ndjson"), name) is claimed


@pytest.mark.parametrize(
    ("glob", "member", "claimed"),
    [
        ("reddit/**/*.ndjson", "a.ndjson", True),
        ("reddit/**/*.ndjson", "in/a.ndjson.bz2", True),
        ("reddit/**/*.ndjson", "in/a.txt", False),
        ("reddit/**/*.zip", "in/a.txt", True),
    ],
)
def test_members_are_claimed_by_the_globs_last_part(glob: str, member: str, claimed: bool) -> None:
    assert claims_member(declared(glob=glob), member) is claimed
