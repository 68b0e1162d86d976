"""The topic job: which topic each text is about, under ids that stay.

The first run learns a space and finds topics in it. Every later one places the texts that are new,
and only among those that fit none looks for topics that are new since the first run; a
text that has a topic keeps it, and a topic its id, centre and label. Where the models that make
vectors change, the space is learnt again and each topic's centre moves to where its texts now lie.

No Spark: vectors are in silver, and what is left is a few matrix products a batch.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spark_jobs import topic_store
from spark_jobs.annotate import read_catalogue
from spark_jobs.nlp import features, topic_groups, topic_phrases, topic_space, topic_words
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.nlp.topic_groups import NO_TOPIC
from spark_jobs.nlp.topic_space import Codes, unit_rows
from spark_jobs.report import write_report
from spark_jobs.topic_store import Known, Space
from spark_jobs.topic_texts import TopicTexts

MOST_LEARNT = 30_000
"""Texts that a space is learnt from."""
MOST_COMPARED = 20_000
"""Texts among which topics are looked for at once, those of the lowest keys: a fair sample, as
keys are hashes."""
FEWEST_TO_BEGIN = 300
"""Texts that stand alone; with fewer no topics are looked for, as their space would be noise."""
LEAST_SHARE_OF_LATER = 0.5
"""Share of a new group's texts that must have come after the first run: topics that were not
seen in what was there then do not appear later for another sample of it."""
FEWEST_PHRASES = 2
"""Phrases of both languages that tell a group's texts from all others; a group with fewer has no
subject of its own, and is looked at again when there are more texts."""
MOST_LABELLED = 500
"""Texts of a topic that its phrases are counted in."""


def version() -> str:
    """One name for everything that a topic's place depends on besides the texts."""
    parts = [
        f"space {topic_space.VERSION}",
        f"words {topic_words.VERSION}",
        f"groups {topic_groups.VERSION}",
        *features.versions(),
    ]
    return "t" + hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()


def update(known: Known, texts: TopicTexts, catalogue: Catalogue) -> Known:
    """What is known of topics once these texts are placed too."""
    run, roles = known.run + 1, texts.roles()
    rows = {
        key: _row(key, role or "no_topic", None, known.texts.get(key), run)
        for key, role in roles.items()
    }
    rows |= {
        key: before for key, before in known.texts.items() if before["topic_id"] and key in roles
    }
    space, topics, is_same = known.space, known.topics, known.version == version()
    # Near none of these topics before, so near none of them now.
    waiting = {
        key: dict(before)
        for key, before in known.texts.items()
        if is_same and space and before["topic_reason"] == "no_topic" and not roles.get(key, "gone")
    }
    rows |= waiting
    open_keys = [
        key
        for key, role in roles.items()
        if not role and not rows[key]["topic_id"] and key not in waiting
    ]
    if space is None and not topics:
        if len(open_keys) < FEWEST_TO_BEGIN:
            return replace(known, run=run, version=version(), texts=rows)
        space = _learnt(texts)
    elif not is_same:
        space = _learnt(texts)
        topics = _recentred(topics, known.texts, space, texts)
    known = Known(run, version(), space, topics, rows)
    left = _place(known, open_keys, texts)
    if not left:
        return replace(known, topics=_counted(known))
    left = sorted([*left, *waiting])
    founded = _found(known, left, texts)
    topics = _labelled(known, founded, texts, catalogue) if founded else known.topics
    if len(topics) > len(known.topics):
        known = replace(known, topics=topics)
        _place(known, left, texts)
    return replace(known, topics=_counted(known))


def _learnt(texts: TopicTexts) -> Space:
    sample = texts.whole_conversations(MOST_LEARNT)
    meanings = topic_words.learn(sample.said, features.load_encoder().encode)
    vectors = np.hstack([sample.vectors, meanings.of(sample.said)])
    return Space(meanings, topic_space.fit(vectors, sample.manners, sample.conversations))


def _place(known: Known, keys: list[str], texts: TopicTexts) -> list[str]:
    """Give texts their topic in ``known.texts``; the keys of those that fit none."""
    assert known.space is not None
    left, centres = [], known.centres
    for batch in texts.with_keys(keys):
        places = known.space.places(batch)
        for key, best, score in zip(
            batch.keys, *topic_groups.nearest(places, centres), strict=True
        ):
            row = known.texts[key]
            if len(centres):
                row["topic_score"] = round(float(score), 4)
            if best == NO_TOPIC:
                left.append(key)
            else:
                row |= {"topic_id": known.topics[best]["topic_id"], "topic_reason": "about_topic"}
    return left


def _found(known: Known, keys: list[str], texts: TopicTexts) -> list[dict[str, Any]]:
    """Topics among the texts of these keys that are not known yet, without labels."""
    assert known.space is not None
    batches = list(texts.with_keys(keys[:MOST_COMPARED]))
    if not batches:
        return []
    names = [key for batch in batches for key in batch.keys]
    places = np.vstack([known.space.places(batch) for batch in batches])
    conversations = np.concatenate([batch.conversations for batch in batches])
    is_later = np.array([known.texts[name]["seen_run"] > 1 for name in names])
    are_replies = np.array([manner.is_reply for batch in batches for manner in batch.manners])
    groups = topic_groups.discover(places, conversations, are_replies)
    if known.topics:
        groups = [rows for rows in groups if is_later[rows].mean() >= LEAST_SHARE_OF_LATER]
    centres = topic_groups.centres(places, groups)
    is_new = topic_groups.are_new(centres, known.centres)
    return [
        {
            "topic_id": _id_of(names[row] for row in rows),
            "label": "",
            "phrases_fr": [],
            "phrases_en": [],
            "founded_run": known.run,
            "founding_texts_count": len(rows),
            "texts_count": 0,
            "mean_score": None,
            "topics_version": known.version,
            "centre": centre.tobytes(),
        }
        for rows, centre, new in zip(groups, centres, is_new, strict=True)
        if new
    ]


def _labelled(
    known: Known, founded: Sequence[dict[str, Any]], texts: TopicTexts, catalogue: Catalogue
) -> list[dict[str, Any]]:
    """All topics, the new ones with their phrases against all others', if they have enough."""
    topics = [*known.topics, *founded]
    trial = replace(
        known, topics=topics, texts={key: dict(row) for key, row in known.texts.items()}
    )
    _place(
        trial, [key for key, row in known.texts.items() if row["topic_reason"] == "no_topic"], texts
    )
    of_topic: dict[str, list[str]] = {topic["topic_id"]: [] for topic in topics}
    for key, row in sorted(trial.texts.items()):
        keys = of_topic.get(row["topic_id"], [])
        if row["topic_id"] in of_topic and len(keys) < MOST_LABELLED:
            keys.append(key)
    owner = {key: topic for topic, keys in of_topic.items() for key in keys}
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for key, language, text in texts.words(sorted(owner)):
        said.setdefault((owner[key], language), []).append((language, text))
    order = [topic["topic_id"] for topic in topics]
    found: dict[str, list[list[str]]] = {}
    for language in ("en", "fr"):
        parts = [said.get((topic_id, language), []) for topic_id in order]
        counts = [topic_phrases.count(part, catalogue.brand_words) for part in parts]
        found[language] = topic_phrases.distinguishing(counts, [len(part) for part in parts])
    for place, topic in enumerate(topics[len(known.topics) :], start=len(known.topics)):
        by_language = {language: found[language][place] for language in found}
        topic["phrases_fr"], topic["phrases_en"] = by_language["fr"], by_language["en"]
        topic["label"] = topic_phrases.label(by_language)
    return [
        topic
        for place, topic in enumerate(topics)
        if place < len(known.topics)
        or len(topic["phrases_fr"]) + len(topic["phrases_en"]) >= FEWEST_PHRASES
    ]


def _recentred(
    topics: Sequence[dict[str, Any]],
    rows: dict[str, dict[str, Any]],
    space: Space,
    texts: TopicTexts,
) -> list[dict[str, Any]]:
    """The topics with the centres that their texts have in another space."""
    place_of = {topic["topic_id"]: place for place, topic in enumerate(topics)}
    sums = np.zeros((len(topics), space.dimensions), dtype=np.float32)
    members = [key for key, row in rows.items() if row["topic_id"] in place_of]
    for batch in texts.with_keys(members):
        owners: Codes = np.array([place_of[rows[key]["topic_id"]] for key in batch.keys])
        np.add.at(sums, owners, space.places(batch))
    centres: Floats = unit_rows(sums)
    return [
        topic | {"centre": centre.tobytes()} for topic, centre in zip(topics, centres, strict=True)
    ]


def _counted(known: Known) -> list[dict[str, Any]]:
    scores: dict[str, list[float]] = {topic["topic_id"]: [] for topic in known.topics}
    for row in known.texts.values():
        if row["topic_id"] in scores:
            scores[row["topic_id"]].append(row["topic_score"])
    return [
        topic
        | {
            "texts_count": len(scores[topic["topic_id"]]),
            "mean_score": float(np.mean(scores[topic["topic_id"]] or [0.0])),
        }
        for topic in known.topics
    ]


def _row(
    key: str, reason: str, topic_id: str | None, before: dict[str, Any] | None, run: int
) -> dict[str, Any]:
    return {
        "text_key": key,
        "topic_id": topic_id,
        "topic_score": None,
        "topic_reason": reason,
        "seen_run": before["seen_run"] if before else run,
    }


def _id_of(keys: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(sorted(keys)).encode(), digest_size=6).hexdigest()


def main() -> None:
    """Run the job from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bronze", type=Path, required=True, help="folder of the bronze tables")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver tables")
    parser.add_argument("--output", type=Path, required=True, help="folder of the candidate")
    parser.add_argument("--report", type=Path, required=True, help="file for the JSON report")
    arguments = parser.parse_args()
    started = time.monotonic()
    catalogue = read_catalogue(arguments.bronze)
    before = topic_store.load(arguments.silver)
    texts = TopicTexts(arguments.bronze, arguments.silver, annotation_version(catalogue))
    try:
        annotated = texts.count()
        after = update(before, texts, catalogue)
    finally:
        texts.close()
    topic_store.write(after, arguments.output)
    write_report(arguments.report, summary(before, after, annotated, time.monotonic() - started))


def summary(before: Known, after: Known, annotated: int, seconds: float) -> dict[str, Any]:
    """What a run did, for its report."""
    reasons: dict[str, int] = {}
    for row in after.texts.values():
        reasons[row["topic_reason"]] = reasons.get(row["topic_reason"], 0) + 1
    return {
        "run": after.run,
        "topics_count": len(after.topics),
        "new_topics_count": len(after.topics) - len(before.topics),
        "annotated_texts_count": annotated,
        "texts_count": len(after.texts),
        "new_texts_count": len(after.texts.keys() - before.texts.keys()),
        "texts_by_reason": dict(sorted(reasons.items())),
        "seconds": round(seconds, 3),
    }


if __name__ == "__main__":
    main()
