"""How well topics agree with what posts are about, on the truth of a demo, and whether they stay.

Limits were chosen on a demo of another seed. The phrases of demos are those of all demos.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from spark_jobs import topic_store
from spark_jobs.lake import Lake
from spark_jobs.nlp.topic_space import unpacked
from spark_jobs.nlp.training.demo import POSTS, annotated_posts, demo_truth, write_lake
from spark_jobs.nlp.training.figures.measures import Figure, Truth, interval, shares
from spark_jobs.tables.silver import TEXT_ANNOTATIONS
from spark_jobs.topics import run

DAY = timedelta(days=1)


def topic_figures(posts: int = POSTS) -> Iterator[Figure]:
    """Adjusted Rand index of texts that have a topic, and texts that keep theirs for a day more."""
    last_day = max(record["created_at"] for record in demo_truth(posts).records["posts"]) - DAY
    with TemporaryDirectory() as name:
        everything = write_lake(Path(name) / "everything", posts)
        anew = _updated(everything)
        yield _agreement(anew, _vectors(everything), posts)
        growing = write_lake(Path(name) / "growing", posts, until=last_day)
        first = _updated(growing)
        write_lake(growing.root, posts, since=last_day)
        yield _staying(first, _updated(growing), anew)


@dataclass(frozen=True)
class _Found:
    topics_count: int
    texts: Mapping[str, Mapping[str, Any]]


def _agreement(found: _Found, vectors: Mapping[str, bytes], posts: int) -> Figure:
    subjects = {row["text_key"]: truth["topic"] for truth, row in annotated_posts(posts)}
    alone = [
        key
        for key, row in found.texts.items()
        if row["topic_reason"] in ("about_topic", "no_topic") and subjects[key]
    ]
    placed = [key for key in alone if found.texts[key]["topic_id"]]
    truth = _coded([subjects[key] for key in placed])
    names = _coded([found.texts[key]["topic_id"] for key in placed])
    by_tone = KMeans(found.topics_count, n_init=3, random_state=0).fit_predict(
        unpacked([vectors[key] for key in placed])
    )
    low, high = interval(adjusted_rand_score, truth, names)
    return Figure(
        "topics, adjusted Rand index",
        len(placed),
        float(adjusted_rand_score(truth, names)),
        low,
        high,
        "k-means of sentence vectors",
        float(adjusted_rand_score(truth, by_tone)),
        0.8,
        f"the others of {len(alone):,} texts on a topic have none; limits were chosen on a demo "
        "of another seed, which has the same phrases",
    )


def _staying(first: _Found, later: _Found, anew: _Found) -> Figure:
    had = {key: row["topic_id"] for key, row in first.texts.items() if row["topic_id"]}
    kept, found_anew = (
        np.array([after.texts[key]["topic_id"] == topic for key, topic in had.items()])
        for after in (later, anew)
    )
    new_topics = later.topics_count - first.topics_count
    return shares(
        "texts that keep their topic id when a day is added",
        kept,
        ("topics found anew", found_anew),
        0.95,
        f"{len(later.texts) - len(first.texts):,} new texts, {new_topics} new topics",
    )


def _updated(lake: Lake) -> _Found:
    """What is known once the topic job has run over a lake."""
    candidate = lake.silver_candidate("topics")
    report = run(lake.bronze, lake.silver, candidate)
    topic_store.promote(lake.silver, candidate, report["run"])
    return _Found(report["topics_count"], topic_store.texts(lake.silver))


def _vectors(lake: Lake) -> dict[str, bytes]:
    files = f"{lake.silver}/{TEXT_ANNOTATIONS.name}/*/*/*.parquet"
    return dict(duckdb.sql(f"select text_key, sentence_vector from '{files}'").fetchall())


def _coded(names: Sequence[str]) -> Truth:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)
