"""The Data Docs: pages of what was judged, whole without a network, and never too many."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from great_expectations import expectations as gxe

from expectations.documents import KEPT, DataDocs, DocumentsError
from expectations.gate import GateReport, Judgement

HOSTILE = "<script>alert(1)</script>"


def report(label: str, gate: str = "bronze x") -> GateReport:
    judgement = Judgement(gate, "posts", ("file", "position"))
    frame = pd.DataFrame({"file": ["x/a.jsonl"], "position": [7], "label": [label]})
    judgement.look(frame, [gxe.ExpectColumnValuesToBeInSet(column="label", value_set=["good"])])
    return judgement.report()


def test_a_result_has_a_page_that_names_the_row(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    pages = docs.publish([report("bad")], "run")
    page = pages["bronze_x__posts"].read_text(encoding="utf-8")
    for part in ("bronze_x__posts", "fa-times", "x/a.jsonl", "7", "bad"):
        assert part in page
    index = docs.index.read_text(encoding="utf-8")
    assert pages["bronze_x__posts"].relative_to(docs.index.parent).as_posix() in index


def test_pages_fetch_nothing_and_run_nothing(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report(HOSTILE)], "run")
    pages = list(docs.index.parent.rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert re.findall(r"""(?:src|href)=["']?(?:https?:)?//""", text) == []


def test_a_link_leads_back_to_the_index(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report("good")], "run")
    for page in docs.index.parent.rglob("*.html"):
        for link in re.findall(r'<nav><a href="([^"]+)"', page.read_text(encoding="utf-8")):
            assert (page.parent / link).resolve() == docs.index.resolve()


def test_only_the_latest_results_are_kept(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    other = docs.publish([report("good", "bronze y")], "first")["bronze_y__posts"]
    for number in range(KEPT + 3):
        latest = docs.publish([report("good")], f"run{number}")
    pages = list((docs.index.parent / "validations" / "bronze_x__posts").rglob("*.html"))
    results = list((docs.root / "gx").rglob("bronze_x__posts/**/*.json"))
    assert len(pages) == len(results) == KEPT
    assert latest["bronze_x__posts"] in pages
    assert other.exists()


def test_a_suite_is_written_once(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report("good")], "first")
    (suite,) = (docs.root / "gx" / "expectations").glob("bronze_x__posts.json")
    before = suite.stat().st_mtime_ns
    docs.publish([report("bad")], "second")
    assert suite.stat().st_mtime_ns == before


def test_a_bad_batch_does_not_shorten_a_suite(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report("good")], "first")
    judgement = Judgement("bronze x", "posts", ())
    frame = pd.DataFrame({"other": [1]})
    judgement.look(frame, [gxe.ExpectColumnValuesToBeNull(column="other")])
    docs.publish([judgement.report()], "second")
    suite = docs.root / "gx" / "expectations" / "bronze_x__posts.json"
    assert "expect_column_values_to_be_in_set" in suite.read_text(encoding="utf-8")


def test_a_project_that_is_damaged_is_named(tmp_path: Path) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report("good")], "first")
    (docs.root / "gx" / "great_expectations.yml").write_text("stores: 3\n")
    with pytest.raises(DocumentsError, match="remove that folder"):
        docs.publish([report("good")], "second")


@pytest.mark.parametrize("reports", [[], [GateReport("bronze x", 0)]], ids=["none", "unread"])
def test_nothing_judged_changes_no_page(tmp_path: Path, reports: list[GateReport]) -> None:
    docs = DataDocs(tmp_path / "expectations")
    docs.publish([report("good")], "first")
    before = {page: page.stat().st_mtime_ns for page in docs.root.rglob("*")}
    assert docs.publish(reports, "second") == {}
    assert {page: page.stat().st_mtime_ns for page in docs.root.rglob("*")} == before
