"""Tables for a person: texts of customers come out as they were written, and as nothing else."""

from __future__ import annotations

import pytest

from orchestration.terminal import print_table, shown


@pytest.mark.parametrize(
    "text", ["[removed]", "[/quote] hello [b]", "12:cat:34", "[red]stop[/red]", "x[0]", "C:\\[dir]"]
)
def test_a_text_is_no_markup(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_table("[what]", ("text",), [(text,)])
    said = capsys.readouterr().out
    assert text in said
    assert "[what]" in said


def test_a_text_does_not_steer_the_terminal() -> None:
    assert shown("a\x1b[2Jb\x07\r\u202ec\nd") == "a [2Jb   c\nd"


def test_values_as_a_person_reads_them() -> None:
    assert [shown(value) for value in (None, True, 12345, 0.12345, ["a", 1000])] == [
        "", "yes", "12,345", "0.1235", "a, 1,000",
    ]  # fmt: skip
