"""What a gate says: which expectation does not hold, for which rows."""

from __future__ import annotations

import pandas as pd
import pytest
from great_expectations import expectations as gxe

from expectations.gate import GateReport, Judgement, judge, merged

FRAME = pd.DataFrame(
    {
        "file": ["a", "a", "b"],
        "position": [1, 2, 1],
        "count": [1, -4, None],
        "label": ["x", "y", "x"],
    }
)


def judged(*expectations: object) -> GateReport:
    return judge("bronze x", "posts", FRAME, list(expectations), place=("file", "position"))


def test_what_holds_passes() -> None:
    report = judged(
        gxe.ExpectColumnValuesToNotBeNull(column="file"),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["file", "position"]),
    )
    assert report.passed
    assert str(report) == "gate bronze x passed: 2 expectations hold"


def test_a_finding_names_expectation_count_and_rows() -> None:
    report = judged(gxe.ExpectColumnValuesToBeBetween(column="count", min_value=0))
    (finding,) = report.findings
    assert not report.passed
    assert finding.row_count == 1
    assert finding.rows == ({"count": -4, "file": "a", "position": 2},)
    assert "expect_column_values_to_be_between" in str(report)
    assert "file a, position 2" in str(report)


def test_rows_are_sampled_and_counted() -> None:
    frame = pd.DataFrame({"file": ["a"] * 50, "position": range(50), "label": [None] * 50})
    report = judge(
        "g", "t", frame, [gxe.ExpectColumnValuesToNotBeNull(column="label")], place=("position",)
    )
    assert report.findings[0].row_count == 50
    assert len(report.findings[0].rows) == 5


def test_no_rows_are_fine() -> None:
    report = judge(
        "g", "t", FRAME.head(0), [gxe.ExpectColumnValuesToNotBeNull(column="label")], place=()
    )
    assert report.passed


def test_frames_add_up_to_what_one_frame_says() -> None:
    expectations = [
        gxe.ExpectColumnValuesToNotBeNull(column="count"),
        gxe.ExpectColumnValuesToBeBetween(column="count", min_value=2),
        gxe.ExpectColumnValuesToBeInSet(column="label", value_set=["x", "y"]),
    ]
    parts, whole = (Judgement("g", "t", ("file", "position")) for _ in range(2))
    for start in range(len(FRAME)):
        parts.look(FRAME[start : start + 1], expectations)
    whole.look(FRAME, expectations)
    assert parts.report().findings == whole.report().findings
    for one, other in zip(
        *(judgement.report().validations[0].results for judgement in (parts, whole)), strict=True
    ):
        counts = ("element_count", "missing_count", "unexpected_count", "unexpected_percent")
        assert one.success == other.success
        assert [one.result.get(name) for name in counts] == [
            pytest.approx(other.result[name]) if name in other.result else one.result.get(name)
            for name in counts
        ]


def test_rows_in_question_stand_for_all() -> None:
    judgement = Judgement("g", "t", ("position",))
    judgement.look(
        FRAME.head(1),
        [gxe.ExpectColumnValuesToBeNull(column="file")],
        rows=200,
        at_fault=50,
        words="a quarter is named",
    )
    report = judgement.report()
    assert str(report.findings[0]) == "t: a quarter is named: 50 rows, such as position 1, file a"
    assert report.validations[0].results[0].result["unexpected_percent"] == 25


def test_an_expectation_that_cannot_be_evaluated_is_no_pass() -> None:
    with pytest.raises(RuntimeError, match="could not be evaluated"):
        judged(gxe.ExpectColumnValuesToNotBeNull(column="absent"))


def test_reports_are_merged() -> None:
    failed = judged(gxe.ExpectColumnValuesToBeInSet(column="label", value_set=["x"]))
    both = merged("all", [failed, GateReport("other", 3)])
    assert (both.expectation_count, len(both.findings)) == (4, 1)
