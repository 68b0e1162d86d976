"""A source whose batch is refused: it fails alone, in the run's status and in the UI's metadata.

Runs the real definitions, from the landing folder to silver; what is behind silver is tested end
to end.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from capture_candidate import capture_without_spark
from dagster import AssetKey, DagsterInstance, ExecuteInProcessResult, TableMetadataValue
from source_examples import EXAMPLES

from orchestration.assets.annotation import ANNOTATIONS
from orchestration.assets.capture import bronze_key
from orchestration.assets.verdict import VERDICT
from orchestration.definitions import build_definitions
from orchestration.home import Home
from orchestration.jobs import WHOLE_FLOW
from orchestration.run import Outcome, outcome_of
from orchestration.settings import Settings
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

from .conftest import NewHome

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BRONZE = [bronze_key(source.name) for source in read_sources(SHIPPED_SOURCES).sources]


@pytest.fixture(scope="module")
def home(new_home: NewHome, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = new_home(tmp_path_factory.mktemp("refused") / "home")
    for name, good, bad in (("x", 5, 1), ("reddit", 10, 140)):
        file = home.landing / EXAMPLES[name].file
        file.parent.mkdir(parents=True)
        file.write_text(EXAMPLES[name].content(good, bad), encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as made:
        yield made


def run(home: Home, instance: DagsterInstance, selection: list[AssetKey]) -> ExecuteInProcessResult:
    job = build_definitions(Settings(home=home.root, SPARK_MASTER="local[2]"))
    return job.resolve_job_def(WHOLE_FLOW).execute_in_process(
        instance=instance, raise_on_error=False, asset_selection=selection
    )


@pytest.fixture(scope="module")
def first(home: Home, instance: DagsterInstance) -> ExecuteInProcessResult:
    return run(home, instance, [*BRONZE, VERDICT, ANNOTATIONS])


def shown(result: ExecuteInProcessResult) -> dict[AssetKey, Any]:
    """Metadata of what was materialised."""
    return {
        event.asset_key: event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
    }


def test_the_others_are_promoted_and_go_on_to_silver(
    first: ExecuteInProcessResult, home: Home
) -> None:
    assert set(shown(first)) == {*BRONZE, ANNOTATIONS}
    held = home.lake.read_bronze("posts", ["source"])["source"].to_pylist()
    assert held == ["x"] * 5
    assert "unchanged" not in shown(first)[ANNOTATIONS]
    assert shown(first)[ANNOTATIONS]["rows_out_count"].value == 5


def test_the_run_fails_and_says_which_source_why_and_what_to_do(
    first: ExecuteInProcessResult, home: Home
) -> None:
    assert not first.success
    outcome: Outcome = outcome_of(first, NOW)
    assert not outcome.unchanged
    assert outcome.is_complete
    (failure,) = outcome.failures
    assert failure.stage == "bronze_verdict"
    assert "gate bronze reddit failed" in failure.message
    assert "93.3% of 150 rows could not be read" in failure.message
    assert "reddit/a.ndjson" in failure.message
    advice = f"raise quarantine_limit of source reddit in {home.landing / 'sources.yaml'}"
    assert advice in failure.message
    assert [refusal.source for refusal in outcome.refusals] == ["reddit"]


def test_the_failure_carries_the_quarantine_sample(first: ExecuteInProcessResult) -> None:
    (failure,) = [event for event in first.all_events if event.is_step_failure]
    data = failure.step_failure_data.user_failure_data
    assert data is not None
    sample = data.metadata["reddit_quarantine_sample"]
    assert isinstance(sample, TableMetadataValue)
    assert len(sample.records) == 5
    record = sample.records[0].data
    assert (record["file"], record["position"]) == ("reddit/a.ndjson", 11)
    assert record["reason"] == "impossible_value"


def test_only_the_gate_of_the_refused_source_fails(first: ExecuteInProcessResult) -> None:
    failed = [check for check in outcome_of(first, NOW).checks if not check.passed]
    assert [(check.asset, check.name) for check in failed] == [("bronze_reddit", "gate")]


def test_each_source_shows_its_batch(first: ExecuteInProcessResult) -> None:
    accepted, refused = (shown(first)[bronze_key(name)] for name in ("x", "reddit"))
    assert accepted["rows_accepted_count"].value == 5
    assert accepted["rows_quarantined_count"].value == 1
    assert accepted["first_at"].value == "2024-05-01T08:30:00+00:00"
    assert "refused" not in accepted
    assert refused["refused"].value is True
    assert refused["rows_read_count"].value == 150
    assert refused["quarantine_reasons"].value == {"impossible_value": 140}
    assert "unchanged" in shown(first)[bronze_key("crm_orders")]


@pytest.mark.parametrize(("source", "word"), [("x", "passed"), ("reddit", "failed")])
def test_each_batch_is_linked_to_its_data_docs(
    first: ExecuteInProcessResult, home: Home, source: str, word: str
) -> None:
    page = Path(shown(first)[bronze_key(source)]["data_docs"].value.removeprefix("file://"))
    assert page.is_relative_to(home.root)
    assert f"bronze_{source}__" in page.read_text(encoding="utf-8")
    icon = {"passed": "fa-check-circle", "failed": "fa-times"}[word]
    assert icon in page.read_text(encoding="utf-8")


def test_a_refused_batch_is_read_and_refused_again(
    first: ExecuteInProcessResult, home: Home, instance: DagsterInstance
) -> None:
    assert not first.success
    again = outcome_of(run(home, instance, [*BRONZE, VERDICT]), NOW)
    assert [refusal.source for refusal in again.refusals] == ["reddit"]
    assert not again.unchanged


def test_a_mended_file_is_taken(
    first: ExecuteInProcessResult, home: Home, instance: DagsterInstance
) -> None:
    assert not first.success
    example = EXAMPLES["reddit"]
    (home.landing / example.file).write_text(example.content(150), encoding="utf-8")
    mended = run(home, instance, [*BRONZE, VERDICT])
    assert mended.success
    assert "unchanged" in shown(mended)[bronze_key("x")]
    assert shown(mended)[bronze_key("reddit")]["rows_accepted_count"].value == 150


def test_a_source_at_which_the_program_fails_does_not_hold_the_others(
    new_home: NewHome,
    tmp_path: Path,
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = new_home(tmp_path / "home")
    for name in ("x", "reddit"):
        file = home.landing / EXAMPLES[name].file
        file.parent.mkdir(parents=True)
        file.write_text(EXAMPLES[name].content(5), encoding="utf-8")

    def job(*_: Any) -> dict[str, Any]:
        batches = capture_without_spark(home.landing, home.lake, read_sources(SHIPPED_SOURCES))
        shutil.rmtree(home.lake.bronze_candidate("reddit", batches["reddit"]))
        error = "Traceback (most recent call last):\n  File ...\nKeyError: 'parent_id'"
        counts = dict.fromkeys(("read", "accepted", "duplicate", "quarantined"), 5)
        return {**counts, "failures": {"reddit": [{"file": "reddit/a.ndjson", "error": error}]}}

    monkeypatch.setattr("orchestration.assets.capture.run_job", job)
    result = run(home, instance, [*BRONZE, VERDICT])
    assert home.lake.read_bronze("posts", ["source"])["source"].to_pylist() == ["x"] * 5
    (refusal,) = outcome_of(result, NOW).refusals
    assert refusal.source == "reddit"
    assert "reddit/a.ndjson could not be read to its end: KeyError: 'parent_id'" in refusal.findings
    assert shown(result)[bronze_key("reddit")]["refused"].value is True
