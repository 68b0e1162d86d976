"""The topic job over runs: ids stay, new topics come, and files may lie in any order."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from lake import BATCH, annotation, write_lake

from expectations.topics import check_topics
from spark_jobs import topic_store, topics
from spark_jobs.annotate import read_catalogue
from spark_jobs.lake import Lake
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.nlp.topic_space import packed, unit_rows
from spark_jobs.topic_batches import Texts, Waiting
from spark_jobs.topic_store import Known
from spark_jobs.topic_texts import TopicTexts

THINGS = {
    "parcel": "courier, doorstep, van",
    "garden": "roses, hedge, spade",
    "router": "signal, socket, cable",
    "paint": "brush, wall, ceiling",
    "shop": "cashier, till, queue",
    "ladder": "rung, roof, height",
    "invoice": "receipt, sum, discount",
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


@dataclass(frozen=True)
class Found:
    """What is in force after a run."""

    home: Path
    known: Known
    texts: dict[str, dict[str, Any]]
    report: dict[str, Any]

    @property
    def topics(self) -> list[dict[str, Any]]:
        return self.known.topics


def deliver(home: Path, rows: Rows, batch: str) -> None:
    """Add rows to a lake as one batch, which may be the first."""
    with TemporaryDirectory() as name:
        delivered = Path(name)
        posts = [{"batch_id": batch, **post} for post in rows["posts"]]
        write_lake(delivered, rows | {"posts": posts})
        shutil.copytree(delivered / "bronze", home / "bronze", dirs_exist_ok=True)
        version = annotation_version(read_catalogue(delivered / "bronze"))
        (written,) = (delivered / "silver").glob(f"text_annotations/*/batch_id={BATCH}")
        annotated = pq.read_table(written)
        target = Lake(home).silver_batch(version, batch)
        for file in target.parent.glob("*/*.parquet"):
            known = pq.read_table(file)["text_key"]
            annotated = annotated.filter(pc.invert(pc.is_in(annotated["text_key"], known)))
        target.mkdir(parents=True)
        pq.write_table(annotated, target / "part.parquet")


def updated(home: Path) -> Found:
    """What is in force after a run over a lake, which its gate lets through."""
    silver, candidate = home / "silver", home / "candidates" / "topics"
    before = topic_store.runs(silver)
    report = topics.run(home / "bronze", silver, candidate)
    assert check_topics(candidate, before, report["annotated_texts_count"]).findings == ()
    topic_store.promote(silver, candidate, report["run"])
    return Found(home, topic_store.load(silver), topic_store.texts(silver), report)


def grown(home: Path, first: Found, rows: Rows, batch: str = "later") -> Found:
    """The same after a batch more, in a lake of its own."""
    shutil.copytree(first.home, home, dirs_exist_ok=True)
    deliver(home, rows, batch)
    return updated(home)


def topic_of_subject(found: Found, rows: Rows) -> dict[str, set[str]]:
    subject_of = {
        row["text_key"]: next(word for word in (*SUBJECTS, "weather") if word in row["text_masked"])
        for row in rows["text_annotations"]
    }
    of_subject: dict[str, set[str]] = {subject: set() for subject in (*SUBJECTS, "weather")}
    for key, row in found.texts.items():
        if row["topic_id"] and key in subject_of:
            of_subject[subject_of[key]].add(row["topic_id"])
    return of_subject


FIRST = joined(talk(SUBJECTS[:6], 180, "a"), talk((), 200, "w"))
LATER = talk(SUBJECTS[6:], 60, "b")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Found:
    home = tmp_path_factory.mktemp("first")
    deliver(home, FIRST, "first")
    return updated(home)


def test_each_subject_is_a_topic_named_after_it(first):
    found = topic_of_subject(first, FIRST)
    for subject in SUBJECTS[:6]:
        topics_found = [row for row in first.topics if row["topic_id"] in found[subject]]
        assert topics_found
        assert all(is_named_after(row, subject) for row in topics_found)
    assert sum(row["topic_id"] is not None for row in first.texts.values()) > 0.8 * 540
    assert first.report["texts_count"] == len(first.texts) == len(FIRST["text_annotations"])
    counts = Counter(row["topic_id"] for row in first.texts.values())
    assert {row["topic_id"]: row["texts_count"] for row in first.topics} == {
        topic_id: count for topic_id, count in counts.items() if topic_id
    }


def test_the_order_of_files_has_no_say(first, tmp_path):
    home = tmp_path / "a [b] {c} d*e's?"
    deliver(home, {name: list(reversed(rows)) for name, rows in FIRST.items()}, "first")
    again = updated(home)
    assert [row["topic_id"] for row in again.topics] == [row["topic_id"] for row in first.topics]
    assert again.texts == first.texts


def test_a_new_subject_becomes_a_topic_and_the_old_ones_stay(first, tmp_path):
    after = grown(tmp_path, first, LATER)
    assert [unlike_counts(row) for row in after.topics[: len(first.topics)]] == [
        unlike_counts(row) for row in first.topics
    ]
    for key, row in first.texts.items():
        if row["topic_id"]:
            assert after.texts[key] == row
    new = [topic for topic in after.topics if topic["founded_run"] == 2]
    assert new
    assert all(is_named_after(topic, "invoice") for topic in new)
    assert after.report["new_texts_count"] == len(LATER["text_annotations"])


def is_named_after(topic: dict[str, Any], subject: str) -> bool:
    words = {subject, *THINGS[subject].split(", ")}
    return subject in topic["phrases_en"] and set(topic["label"].split(", ")) <= words


def unlike_counts(topic: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in topic.items() if name not in ("texts_count", "mean_score")
    }


def test_a_later_run_reads_and_writes_only_what_is_new(first, tmp_path, monkeypatch):
    read: list[str] = []
    read_batch = Texts.read

    def counted(batch: Any) -> Texts:
        texts = read_batch(batch)
        read.extend(texts.keys)
        return texts

    monkeypatch.setattr(Texts, "read", counted)
    new = talk(SUBJECTS[:1], 3, "c")
    after = grown(tmp_path, first, new)
    assert sorted(read) == sorted(row["text_key"] for row in new["text_annotations"])
    (written,) = (tmp_path / "silver" / "topics" / "run=2" / "text_topics").glob("*")
    assert pq.read_table(written).num_rows == 9
    assert len(after.texts) == len(first.texts) + 9
    assert {key: after.texts[key] for key in first.texts} == first.texts


def test_a_run_without_news_writes_nothing_of_texts(first, tmp_path):
    shutil.copytree(first.home, tmp_path, dirs_exist_ok=True)
    again = updated(tmp_path)
    (written,) = (tmp_path / "silver" / "topics" / "run=2" / "text_topics").glob("*")
    assert pq.read_table(written).num_rows == 0
    assert again.texts == first.texts
    assert again.topics == first.topics


def test_runs_are_merged_where_there_are_many(first, tmp_path, monkeypatch):
    monkeypatch.setattr(topic_store, "MOST_RUNS", 2)
    second = grown(tmp_path / "2", first, talk(SUBJECTS[:1], 3, "c"), "second")
    third = grown(tmp_path / "3", second, talk(SUBJECTS[1:2], 3, "cc"), "third")
    fourth = grown(tmp_path / "4", third, talk(SUBJECTS[2:3], 3, "ccc"), "fourth")
    folders = [[folder.name for folder in found.known.folders] for found in (second, third, fourth)]
    assert folders == [["run=1", "run=2"], ["run=3"], ["run=3", "run=4"]]
    assert len(fourth.texts) == len(first.texts) + 27
    assert {key: fourth.texts[key] for key in third.texts} == third.texts
    assert {key: third.texts[key] for key in first.texts} == first.texts


def test_of_too_many_that_wait_the_last_to_come_are_kept():
    def waiting(keys: str, run: int) -> Waiting:
        rows = len(keys)
        return Waiting(
            list(keys),
            np.full((rows, 2), run, np.float32),
            np.arange(rows),
            np.zeros(rows, np.bool_),
            np.full(rows, run),
        )

    kept = waiting("badc", 1).and_(waiting("zy", 2), 4)
    assert kept.keys == ["a", "b", "y", "z"]
    assert kept.places[:, 0].tolist() == kept.seen_runs.tolist() == [1, 1, 2, 2]
    assert Waiting().and_(waiting("cba", 1), 2).keys == ["a", "b"]


def test_a_run_that_died_leaves_what_was_in_force(first, tmp_path, monkeypatch):
    shutil.copytree(first.home, tmp_path, dirs_exist_ok=True)
    deliver(tmp_path, talk(SUBJECTS[:1], 3, "c"), "later")
    silver, candidate = tmp_path / "silver", tmp_path / "candidates" / "topics"
    with monkeypatch.context() as broken:
        broken.setattr(TopicTexts, "write", failing)
        with pytest.raises(OSError, match="full"):
            topics.run(tmp_path / "bronze", silver, candidate)
    assert topic_store.texts(silver) == first.texts
    after = updated(tmp_path)
    assert len(after.texts) == len(first.texts) + 9


def failing(*_: object) -> None:
    raise OSError("disk full")


def test_another_version_of_the_vectors_keeps_ids(first, tmp_path, monkeypatch):
    monkeypatch.setattr(topics, "version", lambda: "t-another")
    after = grown(tmp_path, first, talk(SUBJECTS[:1], 3, "c"))
    assert [row["topic_id"] for row in after.topics] == [row["topic_id"] for row in first.topics]
    parcels = topic_of_subject(first, FIRST)["parcel"]
    late = [row for key, row in after.texts.items() if key not in first.texts]
    found = {row["topic_id"] for row in late} - {None}
    assert found
    assert found <= parcels
    assert len(after.known.folders) == 1


def test_topics_of_a_version_that_wrote_all_rows_in_each_run_stay(first, tmp_path):
    shutil.copytree(first.home, tmp_path, dirs_exist_ok=True)
    folder = topic_store.runs(tmp_path / "silver")[-1]
    for name in ("run.json", "waiting.npz"):
        (folder / name).unlink()
    np.savez(folder / "space.npz", version="t-older")
    after = updated(tmp_path)
    assert [row["topic_id"] for row in after.topics] == [row["topic_id"] for row in first.topics]
    assert np.allclose(after.known.centres, first.known.centres, atol=0.05)


def test_a_text_that_stands_elsewhere_is_looked_at_again(first, tmp_path):
    """It answered an answer, and now opens a conversation too."""
    said = "it is all about the parcel and its courier, doorstep, van, once more"
    vector = next(
        row["sentence_vector"]
        for row in FIRST["text_annotations"]
        if "parcel" in row["text_masked"]
    )
    told = annotation(said, language="en", sentence_vector=vector)
    post = {"created_at": "2026-01-06 08:00", "text": said, "author_id": "someone"}
    answer = {**post, "post_id": "late-1", "in_reply_to_post_id": "a0-1"}
    before = grown(tmp_path / "2", first, {"posts": [answer], "text_annotations": [told]}, "one")
    assert before.texts[told["text_key"]]["topic_reason"] == "in_context"
    opening = {**post, "post_id": "late-2"}
    after = grown(tmp_path / "3", before, {"posts": [opening], "text_annotations": [told]}, "two")
    row = after.texts[told["text_key"]]
    assert row["topic_id"] in topic_of_subject(first, FIRST)["parcel"]
    assert row["seen_run"] == 2
    assert sum(after.known.texts_by_reason.values()) == len(after.texts) == len(first.texts) + 1


def test_a_text_is_looked_at_again_when_what_it_answers_arrives(first, tmp_path):
    told = next(row for row in talk((), 1, "late")["text_annotations"])
    reply = {
        "post_id": "late-1",
        "created_at": "2026-01-06 08:00",
        "text": told["text_masked"],
        "author_id": "someone",
        "in_reply_to_post_id": "late-0",
    }
    before = grown(tmp_path / "2", first, {"posts": [reply], "text_annotations": [told]}, "one")
    assert before.texts[told["text_key"]]["topic_reason"] == "no_topic"
    parent = {**reply, "post_id": "late-0", "in_reply_to_post_id": None, "text": "to begin with"}
    after = grown(tmp_path / "3", before, {"posts": [parent], "text_annotations": []}, "two")
    assert after.texts[told["text_key"]]["topic_reason"] == "in_context"


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
    deliver(tmp_path, rows, "only")
    found = updated(tmp_path)
    reasons = [
        found.texts[row["text_key"]]["topic_reason"] for row in rows["text_annotations"][-4:]
    ]
    assert reasons == ["too_short", "too_short", "no_language", "in_context"]
    assert found.topics == []


def test_the_gate_stops_lost_texts_and_lost_topics(first, tmp_path):
    shutil.copytree(first.home, tmp_path, dirs_exist_ok=True)
    deliver(tmp_path, talk(SUBJECTS[:1], 3, "c"), "later")
    candidate, before = tmp_path / "candidate", topic_store.runs(tmp_path / "silver")
    topics.run(tmp_path / "bronze", tmp_path / "silver", candidate)
    count = len(first.texts) + 9
    assert check_topics(candidate, before, count).passed
    assert not check_topics(candidate, before, count + 1).passed
    file = candidate / "text_topics" / "part.parquet"
    rows = pq.read_table(file)
    lost = next(row for row in first.texts.values() if row["topic_id"])
    other = next(row["topic_id"] for row in first.topics if row["topic_id"] != lost["topic_id"])
    for changed in (
        [lost | {"topic_id": None, "topic_reason": "no_topic"}],
        [lost | {"topic_id": other}],
        [lost | {"topic_id": "of nobody"}],
    ):
        pq.write_table(pa.concat_tables([rows, pa.Table.from_pylist(changed, rows.schema)]), file)
        assert not check_topics(candidate, before, count).passed
    pq.write_table(rows, file)
    file = candidate / "topics" / "part.parquet"
    pq.write_table(pq.read_table(file).slice(1), file)
    assert not check_topics(candidate, before, count).passed


def test_nothing_is_known_where_no_run_was(tmp_path):
    assert topic_store.runs(tmp_path) == []
    assert topic_store.load(tmp_path).run == 0
    topic_store.ensure(tmp_path)
    assert [folder.name for folder in topic_store.runs(tmp_path)] == ["run=0"]
    assert topic_store.texts(tmp_path) == {}
    assert topic_store.load(tmp_path).topics == []
