"""The topic job over runs: ids stay, new topics come, and files may lie in any order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lake import ANNOTATION_VERSION, annotation, write_lake

from expectations.topics import check_topics
from spark_jobs import topic_store, topics
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.topic_space import packed, unit_rows
from spark_jobs.topic_store import Known
from spark_jobs.topic_texts import TopicTexts

THINGS = {
    "parcel": "courier",
    "garden": "roses",
    "router": "signal",
    "paint": "brush",
    "shop": "cashier",
    "ladder": "rung",
    "invoice": "receipt",
}
SUBJECTS = tuple(THINGS)
_SOURCE = np.random.default_rng(1)
FEATURES = _SOURCE.normal(size=(40, 512))
MEANINGS = dict(zip(SUBJECTS, _SOURCE.normal(size=(7, 40)) @ FEATURES, strict=True))
"""Mixtures of forty features."""

Rows = dict[str, list[dict[str, Any]]]


def talk(subjects: Sequence[str], conversations: int, prefix: str) -> Rows:
    """Conversations of an opening and two answers about one subject each, or each about its own."""
    source = np.random.default_rng(len(prefix) + conversations)
    posts, annotations = [], []
    for number in range(conversations):
        subject = subjects[number % len(subjects)] if subjects else "weather"
        meaning = MEANINGS.get(subject, source.normal(size=40) @ FEATURES)
        for part in range(3):
            post_id = f"{prefix}{number}-{part}"
            said = f"it is all about the {subject} and its {THINGS.get(subject)}"
            text = f"{said if subjects else '@weather this and that'} from {post_id}"
            vector = meaning + source.normal(scale=4, size=512)
            posts.append(
                {
                    "post_id": post_id,
                    "author_id": f"{prefix}{part}",
                    "created_at": "2026-01-05 08:00",
                    "text": text,
                    "in_reply_to_post_id": f"{prefix}{number}-0" if part else None,
                }
            )
            annotations.append(
                annotation(
                    text,
                    language="en",
                    sentence_vector=packed(unit_rows(vector[None].astype(np.float32)))[0],
                )
            )
    return {"posts": posts, "text_annotations": annotations}


def joined(*parts: Rows) -> Rows:
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}


def updated(home: Path, rows: Rows, known: Known | None = None) -> Known:
    """What is known after a run over these rows."""
    write_lake(home, rows)
    texts = TopicTexts(home / "bronze", home / "silver", ANNOTATION_VERSION)
    try:
        return topics.update(known or Known(), texts, Catalogue((), ()))
    finally:
        texts.close()


def topic_of_subject(known: Known, rows: Rows) -> dict[str, set[str]]:
    subject_of = {
        row["text_key"]: next(word for word in (*SUBJECTS, "weather") if word in row["text_masked"])
        for row in rows["text_annotations"]
    }
    found: dict[str, set[str]] = {subject: set() for subject in (*SUBJECTS, "weather")}
    for key, row in known.texts.items():
        if row["topic_id"]:
            found[subject_of[key]].add(row["topic_id"])
    return found


FIRST = joined(talk(SUBJECTS[:6], 180, "a"), talk((), 200, "w"))
LATER = talk(SUBJECTS[6:], 60, "b")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return updated(tmp_path_factory.mktemp("first"), FIRST)


def test_each_subject_is_a_topic_named_after_it(first):
    found = topic_of_subject(first, FIRST)
    for subject in SUBJECTS[:6]:
        labels = {row["label"] for row in first.topics if row["topic_id"] in found[subject]}
        assert labels
        assert all(subject in label for label in labels)
    assert sum(row["topic_id"] is not None for row in first.texts.values()) > 0.8 * 540


def test_the_order_of_files_has_no_say(first, tmp_path):
    turned = {name: list(reversed(rows)) for name, rows in FIRST.items()}
    again = updated(tmp_path / "a [b] {c} d*e's?", turned)
    assert {row["topic_id"] for row in again.topics} == {row["topic_id"] for row in first.topics}
    assert {key: row["topic_id"] for key, row in again.texts.items()} == {
        key: row["topic_id"] for key, row in first.texts.items()
    }


def test_a_new_subject_becomes_a_topic_and_the_old_ones_stay(first, tmp_path):
    everything = joined(FIRST, LATER)
    after = updated(tmp_path, everything, first)
    assert after.topics[: len(first.topics)] == [
        topic | {"texts_count": old["texts_count"], "mean_score": old["mean_score"]}
        for topic, old in zip(first.topics, after.topics, strict=False)
    ]
    for key, row in first.texts.items():
        if row["topic_id"]:
            assert after.texts[key] == row
    new = [topic for topic in after.topics if topic["founded_run"] == 2]
    assert new
    assert all("invoice" in topic["label"] for topic in new)


def test_only_new_texts_are_compared_with_topics_that_are_known(first, tmp_path, monkeypatch):
    asked: list[int] = []
    with_keys = TopicTexts.with_keys

    def counted(texts: TopicTexts, keys: list[str]) -> Any:
        asked.append(len(keys))
        return with_keys(texts, keys)

    monkeypatch.setattr(TopicTexts, "with_keys", counted)
    after = updated(tmp_path, joined(FIRST, talk(SUBJECTS[:1], 3, "c")), first)
    assert asked == [9], "all nine fit a topic, so that nothing is looked for among the others"
    assert len(after.texts) == len(first.texts) + 9
    assert {key: after.texts[key] for key in first.texts} == first.texts


def test_another_version_of_the_vectors_keeps_ids(first, tmp_path, monkeypatch):
    monkeypatch.setattr(topics, "version", lambda: "t-another")
    after = updated(tmp_path, joined(FIRST, talk(SUBJECTS[:1], 3, "c")), first)
    assert [row["topic_id"] for row in after.topics] == [row["topic_id"] for row in first.topics]
    parcels = topic_of_subject(first, FIRST)["parcel"]
    late = [row for key, row in after.texts.items() if key not in first.texts]
    found = {row["topic_id"] for row in late} - {None}
    assert found
    assert found <= parcels


def test_topics_of_a_version_without_words_stay(first, tmp_path):
    before = Known(first.run, "t-older", None, first.topics, first.texts)
    after = updated(tmp_path, FIRST, before)
    assert [row["topic_id"] for row in after.topics] == [row["topic_id"] for row in first.topics]
    assert np.allclose(after.centres, first.centres, atol=0.05)


def test_texts_that_are_about_nothing_say_why(tmp_path):
    rows = talk(SUBJECTS, 2, "d")
    rows["posts"] += [
        {"post_id": "t", "created_at": "2026-01-05 08:00", "text": "thanks a lot!"},
        {"post_id": "l", "created_at": "2026-01-05 08:00", "text": "https://a.example/b <handle>"},
        {"post_id": "u", "created_at": "2026-01-05 08:00", "text": "etwas ganz anderes hier"},
        {
            "post_id": "r",
            "created_at": "2026-01-05 08:00",
            "author_id": "z",
            "in_reply_to_post_id": "d0-1",
            "text": "I have that too, since some days",
        },
    ]
    vector = packed(np.ones((1, 512), np.float32) / 32)[0]
    for post in rows["posts"][-4:]:
        known_language = post["post_id"] != "u"
        values = {"language": "en", "sentence_vector": vector} if known_language else {}
        rows["text_annotations"].append(annotation(post["text"], **values))
    known = updated(tmp_path, rows)
    reasons = [
        known.texts[row["text_key"]]["topic_reason"] for row in rows["text_annotations"][-4:]
    ]
    assert reasons == ["too_short", "too_short", "no_language", "in_context"]
    assert known.topics == []


def test_the_gate_lets_good_runs_through_and_stops_lost_topics(first, tmp_path):
    topic_store.write(first, tmp_path / "before")
    topic_store.write(first, tmp_path / "after")
    count = len(first.texts)
    assert check_topics(tmp_path / "before", None, count).passed
    assert check_topics(tmp_path / "after", tmp_path / "before", count).passed
    lost = next(key for key, row in first.texts.items() if row["topic_id"])
    topic_store.write(
        Known(
            first.run,
            first.version,
            first.space,
            first.topics,
            first.texts | {lost: first.texts[lost] | {"topic_id": None}},
        ),
        tmp_path / "bad",
    )
    verdict = check_topics(tmp_path / "bad", tmp_path / "before", count)
    assert not verdict.passed
    assert not check_topics(tmp_path / "after", None, count + 1).passed


def test_the_newest_run_is_in_force(first, tmp_path):
    silver = tmp_path / "silver"
    for run in (9, 10, 11):
        candidate = tmp_path / "candidate"
        topic_store.write(first, candidate)
        topic_store.promote(silver, candidate, run)
    assert [folder.name for folder in topic_store.runs(silver)] == ["run=10", "run=11"]
    loaded = topic_store.load(silver)
    assert loaded.run == 11
    assert loaded.texts == first.texts
    assert topic_store.load(tmp_path / "nowhere") == Known()
