"""The topic job: which topic each text is about, under ids that stay.

The first run learns a space and finds topics in it. Every later one reads and places the texts that
are new, and only among those that fit none looks for topics that are new since the first run; a
text that has a topic keeps it, and a topic its id, centre and label. Where the models that make
vectors change, the space is learnt again and each topic's centre moves to where its texts now lie.
What a run holds in memory, and what a later one costs, does not grow with the texts of earlier
ones, but where a topic is new: all that fitted none before are then compared with it.

No Spark: vectors are in silver, and what is left is a few matrix products a batch.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
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
from spark_jobs.tables.silver import TEXT_TOPICS
from spark_jobs.topic_batches import Waiting
from spark_jobs.topic_store import Known, Seen, Space
from spark_jobs.topic_texts import TopicTexts

MOST_LEARNT = 30_000
"""Texts that a space is learnt from."""
MOST_COMPARED = 20_000
"""Texts among which topics are looked for at once: of those that fit none, the last to come."""
FEWEST_TO_BEGIN = 300
"""Texts that stand alone; with fewer no topics are looked for, as their space would be noise."""
LEAST_SHARE_OF_LATER = 0.5
"""Share of a new group's texts that must have come after the first run: topics that were not
seen in what was there then do not appear later for another sample of it."""
FEWEST_PHRASES = 4
"""Phrases of both languages that tell a group's texts from all others; a group with fewer has no
subject of its own, or too few texts to show it, and is looked at again when there are more."""
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


def run(bronze: Path, silver: Path, output: Path) -> dict[str, Any]:
    """Look at the texts that are new to topics; ``output`` becomes a run's folder.

    Returns:
        the report of the run.
    """
    catalogue = read_catalogue(bronze)
    known = topic_store.load(silver)
    if known.version != version():
        known = replace(known, seen=Seen())  # it was seen with other eyes
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="topics-", dir=output.parent) as scratch:
        texts = TopicTexts(bronze, silver, annotation_version(catalogue), known, Path(scratch))
        try:
            after = update(known, texts, catalogue)
            is_whole = texts.looks_at_all or len(known.folders) >= topic_store.MOST_RUNS
            topic_store.write(after, output, is_whole)
            texts.write(output / TEXT_TOPICS.name / "part.parquet", is_whole)
            annotated = texts.annotated_count()
        finally:
            texts.close()
    return summary(known, after, annotated)


def update(known: Known, texts: TopicTexts, catalogue: Catalogue) -> Known:
    """What is known of topics once these texts are placed too."""
    before, known = known, replace(known, run=known.run + 1, version=version(), seen=texts.seen)
    if texts.looks_at_all:
        known = replace(known, waiting=Waiting())
    if known.space or known.topics or texts.open_count() >= FEWEST_TO_BEGIN:
        if known.space is None or before.version != known.version:
            space = _learnt(texts)
            known = replace(known, space=space, topics=_recentred(known.topics, space, texts))
        known = _joined(known, texts, catalogue)
    texts.finish()
    return _counted(known, texts)


def _joined(known: Known, texts: TopicTexts, catalogue: Catalogue) -> Known:
    """Place the texts, and find topics among those that fit none."""
    left = _place(known, texts)
    known = replace(known, waiting=known.waiting.and_(left, MOST_COMPARED))
    founded = _found(known) if left.keys else []
    if not founded:
        return known
    texts.look_at_waiting()
    trial = replace(known, topics=[*known.topics, *founded])
    waiting = _place(trial, texts)
    after = replace(known, topics=_labelled(known, trial, texts, catalogue))
    if len(after.topics) < len(trial.topics):
        waiting = _place(after, texts)
    return replace(after, waiting=waiting)


def _learnt(texts: TopicTexts) -> Space:
    sample = texts.whole_conversations(MOST_LEARNT)
    meanings = topic_words.learn(sample.said, features.load_encoder().encode)
    vectors = np.hstack([sample.vectors, meanings.of(sample.said)])
    return Space(meanings, topic_space.fit(vectors, sample.manners, sample.conversations))


def _place(known: Known, texts: TopicTexts) -> Waiting:
    """Give the texts that are open their topic; a sample of those that fit none."""
    assert known.space is not None
    texts.take_back()
    left, centres = Waiting(), known.centres
    for batch in texts.open():
        places = known.space.places(batch)
        best, scores = topic_groups.nearest(places, centres)
        if len(centres):
            topic_ids = [known.topics[row]["topic_id"] if row != NO_TOPIC else None for row in best]
            texts.place(batch.keys, topic_ids, [round(float(score), 4) for score in scores])
        left = left.and_(Waiting.of(batch, places, np.flatnonzero(best == NO_TOPIC)), MOST_COMPARED)
    return left


def _found(known: Known) -> list[dict[str, Any]]:
    """Topics among the texts that fit none of those that are known, without labels."""
    waiting = known.waiting
    are_later = waiting.seen_runs > 1
    if known.topics and are_later.sum() < LEAST_SHARE_OF_LATER * topic_groups.FEWEST_TEXTS:
        return []
    groups = topic_groups.discover(waiting.places, waiting.conversations, waiting.are_replies)
    if known.topics:
        groups = [rows for rows in groups if are_later[rows].mean() >= LEAST_SHARE_OF_LATER]
    centres = topic_groups.centres(waiting.places, groups)
    is_new = topic_groups.are_new(centres, known.centres)
    return [
        {
            "topic_id": _id_of(waiting.keys[row] for row in rows),
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
    known: Known, trial: Known, texts: TopicTexts, catalogue: Catalogue
) -> list[dict[str, Any]]:
    """The topics of a trial, the new ones with their phrases against all others', if enough."""
    said: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for topic_id, language, text in texts.words(MOST_LABELLED):
        said.setdefault((topic_id, language), []).append((language, text))
    order = [topic["topic_id"] for topic in trial.topics]
    found: dict[str, list[list[str]]] = {}
    for language in ("en", "fr"):
        parts = [said.get((topic_id, language), []) for topic_id in order]
        counts = [topic_phrases.count(part, catalogue.brand_words) for part in parts]
        found[language] = topic_phrases.distinguishing(counts, [len(part) for part in parts])
    kept = list(known.topics)
    for place in range(len(known.topics), len(trial.topics)):
        by_language = {language: found[language][place] for language in found}
        if sum(map(len, by_language.values())) >= FEWEST_PHRASES:
            kept.append(
                trial.topics[place]
                | {
                    "phrases_fr": by_language["fr"],
                    "phrases_en": by_language["en"],
                    "label": topic_phrases.label(by_language),
                }
            )
    return kept


def _recentred(
    topics: Sequence[dict[str, Any]], space: Space, texts: TopicTexts
) -> list[dict[str, Any]]:
    """The topics with the centres that their texts have in another space."""
    place_of = {topic["topic_id"]: place for place, topic in enumerate(topics)}
    sums = np.zeros((len(topics), space.dimensions), dtype=np.float32)
    for batch in texts.with_topic():
        owners: Codes = np.array([place_of[topic_id] for topic_id in batch.topic_ids])
        np.add.at(sums, owners, space.places(batch))
    centres: Floats = unit_rows(sums)
    return [
        topic | {"centre": centre.tobytes()} for topic, centre in zip(topics, centres, strict=True)
    ]


def _counted(known: Known, texts: TopicTexts) -> Known:
    """The same with its totals, to which a run that does not look at all texts adds its own."""
    reasons, before = texts.by_reason()
    added = texts.by_topic()
    topics = []
    for topic in known.topics:
        count, score = added.get(topic["topic_id"], (0, 0.0))
        if not texts.looks_at_all:
            count += topic["texts_count"]
            score += topic["texts_count"] * (topic["mean_score"] or 0.0)
        topics.append(topic | {"texts_count": count, "mean_score": score / max(1, count)})
    if not texts.looks_at_all:
        reasons = {
            reason: known.texts_by_reason.get(reason, 0)
            + reasons.get(reason, 0)
            - before.get(reason, 0)
            for reason in sorted({*known.texts_by_reason, *reasons})
        }
    return replace(known, topics=topics, texts_by_reason=reasons)


def _id_of(keys: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(sorted(keys)).encode(), digest_size=6).hexdigest()


def summary(before: Known, after: Known, annotated: int) -> dict[str, Any]:
    """What a run did, for its report."""
    texts_count = sum(after.texts_by_reason.values())
    return {
        "run": after.run,
        "topics_count": len(after.topics),
        "new_topics_count": len(after.topics) - len(before.topics),
        "annotated_texts_count": annotated,
        "texts_count": texts_count,
        "new_texts_count": texts_count - sum(before.texts_by_reason.values()),
        "texts_by_reason": after.texts_by_reason,
    }


def main() -> None:
    """Run the job from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bronze", type=Path, required=True, help="folder of the bronze tables")
    parser.add_argument("--silver", type=Path, required=True, help="folder of the silver tables")
    parser.add_argument("--output", type=Path, required=True, help="folder of the candidate")
    parser.add_argument("--report", type=Path, required=True, help="file for the JSON report")
    arguments = parser.parse_args()
    started = time.monotonic()
    report = run(arguments.bronze, arguments.silver, arguments.output)
    write_report(arguments.report, report | {"seconds": round(time.monotonic() - started, 3)})


if __name__ == "__main__":
    main()
