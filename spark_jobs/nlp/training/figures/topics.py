"""How well topics agree with what posts are about, on the truth of a demo, and whether they stay.

Limits were chosen on a demo of another seed. The phrases of demos are those of all demos.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from spark_jobs.lake import Lake
from spark_jobs.nlp.pipeline import annotation_version
from spark_jobs.nlp.topic_space import unpacked
from spark_jobs.nlp.training.demo import POSTS, annotated_posts, demo_truth, write_lake
from spark_jobs.nlp.training.figures.measures import Figure, Truth, interval, shares
from spark_jobs.tables.silver import TEXT_ANNOTATIONS
from spark_jobs.topic_store import Known
from spark_jobs.topic_texts import TopicTexts
from spark_jobs.topics import update

DAY = timedelta(days=1)


def topic_figures(posts: int = POSTS) -> Iterator[Figure]:
    """Adjusted Rand index of texts that have a topic, and texts that keep theirs for a day more."""
    last_day = max(record["created_at"] for record in demo_truth(posts).records["posts"]) - DAY
    with TemporaryDirectory() as name:
        everything = write_lake(Path(name) / "everything", posts)
        before = write_lake(Path(name) / "before", posts, last_day)
        first = _updated(Known(), before, posts)
        known, vectors = _updated(Known(), everything, posts), _vectors(everything)
        later = _updated(replace(first, texts=dict(first.texts)), everything, posts)
    yield _agreement(known, vectors, posts)
    yield _staying(first, later, known)


def _agreement(known: Known, vectors: Mapping[str, bytes], posts: int) -> Figure:
    subjects = {row["text_key"]: truth["topic"] for truth, row in annotated_posts(posts)}
    alone = [
        key
        for key, row in known.texts.items()
        if row["topic_reason"] in ("about_topic", "no_topic") and subjects[key]
    ]
    placed = [key for key in alone if known.texts[key]["topic_id"]]
    truth = _coded([subjects[key] for key in placed])
    found = _coded([known.texts[key]["topic_id"] for key in placed])
    by_tone = KMeans(len(known.topics), n_init=3, random_state=0).fit_predict(
        unpacked([vectors[key] for key in placed])
    )
    low, high = interval(adjusted_rand_score, truth, found)
    return Figure(
        "topics, adjusted Rand index",
        len(placed),
        float(adjusted_rand_score(truth, found)),
        low,
        high,
        "k-means of sentence vectors",
        float(adjusted_rand_score(truth, by_tone)),
        0.8,
        f"the others of {len(alone):,} texts on a topic have none; limits were chosen on a demo "
        "of another seed, which has the same phrases",
    )


def _staying(first: Known, later: Known, anew: Known) -> Figure:
    had = {key: row["topic_id"] for key, row in first.texts.items() if row["topic_id"]}
    kept, found_anew = (
        np.array([after.texts[key]["topic_id"] == topic for key, topic in had.items()])
        for after in (later, anew)
    )
    new = len(later.topics) - len(first.topics)
    return shares(
        "texts that keep their topic id when a day is added",
        kept,
        ("topics found anew", found_anew),
        0.95,
        f"{len(later.texts) - len(first.texts):,} new texts, {new} new topics",
    )


def _updated(known: Known, lake: Lake, posts: int) -> Known:
    catalogue = demo_truth(posts).catalogue
    texts = TopicTexts(lake.bronze, lake.silver, annotation_version(catalogue))
    try:
        return update(known, texts, catalogue)
    finally:
        texts.close()


def _vectors(lake: Lake) -> dict[str, bytes]:
    files = f"{lake.silver}/{TEXT_ANNOTATIONS.name}/*/*/*.parquet"
    return dict(duckdb.sql(f"select text_key, sentence_vector from '{files}'").fetchall())


def _coded(names: Sequence[str]) -> Truth:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
