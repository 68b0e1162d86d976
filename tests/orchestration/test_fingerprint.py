"""Fingerprints: the same inputs are the same string, any other input another one."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from orchestration.fingerprint import fingerprint_of, read_mark, write_mark


@given(one=st.lists(st.text()), other=st.lists(st.text()))
def test_different_parts_have_different_fingerprints(one: list[str], other: list[str]) -> None:
    assert (fingerprint_of(one, []) == fingerprint_of(other, [])) == (one == other)


def test_the_content_of_a_file_counts_and_its_time_does_not(tmp_path: Path) -> None:
    file = tmp_path / "model.sql"
    file.write_text("select 1")
    before = fingerprint_of([], [file])
    file.touch()
    assert fingerprint_of([], [file]) == before
    file.write_text("select 2")
    assert fingerprint_of([], [file]) != before


def test_a_mark_is_there_after_a_stage_has_finished(tmp_path: Path) -> None:
    mark = tmp_path / "mark.json"
    assert read_mark(mark) is None
    write_mark(mark, "abc")
    assert read_mark(mark) == "abc"
