"""The gate after annotation: a good batch passes, each kind of bad one is stopped and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.gate import GateReport
from expectations.silver import check_silver
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

Rows = list[dict[str, Any]]


def good() -> Rows:
    return [
        {
            "text_key": f"key {number}",
            "text_masked": "Merci !",
            "character_count": 7,
            "is_cut": False,
            "language": "fr",
            "language_probability": 0.9,
            "language_model": "some model",
            "sentiment_label": "positive",
            "sentiment_score": 0.8,
            "intents": ["thanks"],
        }
        for number in range(100)
    ] + [
        {
            "text_key": f"english key {number}",
            "text_masked": "Thanks!",
            "character_count": 7,
            "is_cut": False,
            "language": "en",
            "language_probability": 0.9,
            "language_model": "some model",
            "sentiment_label": sentiment,
            "sentiment_score": 0.8,
            "emotion_label": emotion,
            "intents": ["thanks"],
        }
        for emotion, sentiment in (("anger", "negative"), ("joy", "positive"))
        for number in range(len(emotion) * 100, len(emotion) * 100 + 100)
    ]


def judged(root: Path, rows: Rows) -> GateReport:
    lake = Lake(root)
    write(lake.silver_candidate("batch"), rows)
    before = lake.annotations_before("new")
    return check_silver(lake, "batch", texts_count=300, before=before, to_accept="set X=new")


def write(folder: Path, rows: Rows, without: tuple[str, ...] = PARTITIONS) -> None:
    folder.mkdir(parents=True)
    schema = pa.schema(
        field.with_nullable(True)
        for field in TEXT_ANNOTATIONS.arrow_schema
        if field.name not in (*PARTITIONS, *without)
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "a.parquet")


def test_a_good_batch_passes(tmp_path: Path) -> None:
    report = judged(tmp_path, good())
    assert report.passed, str(report)


def lose_a_text(rows: Rows) -> None:
    rows.pop()


def annotate_twice(rows: Rows) -> None:
    rows[1]["text_key"] = rows[0]["text_key"]


def invent_a_label(rows: Rows) -> None:
    rows[3]["sentiment_label"] = "meh"


def invent_an_intent(rows: Rows) -> None:
    rows[3]["intents"] = ["thanks", "dance"]


def exceed_certainty(rows: Rows) -> None:
    rows[3]["sentiment_score"] = 1.2


def know_no_language(rows: Rows) -> None:
    for row in rows[:180]:
        row.update(language="und", language_probability=None)


def feel_nothing(rows: Rows) -> None:
    for row in rows[:10]:
        row.update(sentiment_label=None, sentiment_score=None)


def break_a_part(rows: Rows) -> None:
    for row in rows[:10]:
        row["failed_components"] = ["ner"]


def contradict_itself(rows: Rows) -> None:
    for row in rows[100:160]:
        row["sentiment_label"] = "positive"


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lose_a_text, "texts annotated once"),
        (annotate_twice, "text_key key 0"),
        (invent_a_label, "text_key key 3"),
        (invent_an_intent, "intents that do not exist: ['dance']"),
        (exceed_certainty, "column=sentiment_score"),
        (feel_nothing, "no sentiment in a language that has a model for 3.3% of 300 texts"),
        (break_a_part, "a part of the pipeline failed for 3.3% of 300 texts"),
        (contradict_itself, "angry, yet positive for 60.0% of 100 texts"),
        (know_no_language, "language unknown for 60.0% of 300 texts"),
    ],
)
def test_a_bad_batch_is_stopped_and_the_fault_named(
    tmp_path: Path, spoil: Callable[[Rows], None], named: str
) -> None:
    rows = good()
    spoil(rows)
    report = judged(tmp_path, rows)
    assert not report.passed
    assert named in str(report)


def with_labels(rows: Rows, **labels: Any) -> Rows:
    return [row | labels for row in rows]


def test_a_version_that_says_much_the_same_passes(tmp_path: Path) -> None:
    write(Lake(tmp_path).silver_batch("old", "a"), good())
    rows = good()
    for row in rows[:20]:
        row["sentiment_label"] = "neutral"
    report = judged(tmp_path, rows)
    assert report.passed, str(report)


@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (
            {"sentiment_label": "neutral"},
            "sentiment_label as in the version before for 66.7% of 300 texts, at least 70.0% must",
        ),
        (
            {"sentiment_label": "neutral"},
            "sentiment_label positive: its share of 300 texts moved by -33.3%",
        ),
        ({"intents": []}, "intents as in the version before for 0.0% of 300 texts"),
        ({"is_spam": True}, "is_spam True: its share of 300 texts moved by +100.0%"),
    ],
)
def test_a_version_that_says_something_else_is_stopped(
    tmp_path: Path, labels: dict[str, Any], named: str
) -> None:
    write(Lake(tmp_path).silver_batch("old", "a"), with_labels(good(), is_spam=False))
    rows = with_labels(good(), is_spam=False)
    for row in rows[:100] if "sentiment_label" in labels else rows:
        row |= labels
    report = judged(tmp_path, rows)
    assert not report.passed
    assert named in str(report)
    assert "(if that is meant, set X=new)" in str(report)


def test_a_version_is_compared_only_in_what_both_have_and_on_texts_of_both(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    write(lake.silver_batch("old", "a"), with_labels(good(), is_urgent=True), ("is_urgent",))
    assert judged(tmp_path, with_labels(good(), is_urgent=False)).passed
    others = [row | {"text_key": f"other {row['text_key']}", "intents": []} for row in good()]
    write(lake.silver_batch("older", "a"), others)
    assert judged(tmp_path / "again", good()).passed


def test_a_version_is_compared_with_the_one_that_was_added_to_last(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.annotations_before("new") is None
    lake.ensure_annotations("empty")
    for version in ("first", "second", "new"):
        write(lake.silver_batch(version, "a"), good())
    assert lake.annotations_before("new") == lake.silver_batch("second", "a").parent
