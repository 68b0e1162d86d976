"""Where topics are kept: one folder a run, the newest in force.

    silver/topics/run=<number>/{topics,text_topics}/part.parquet, space.npz

A run reads the folder before it and writes all of the next, so that a reader sees one state of
all topics, and an earlier one can be put back by removing the folders after it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_space import TopicSpace
from spark_jobs.nlp.topic_words import WordMeanings
from spark_jobs.tables.silver import TEXT_TOPICS, TOPICS
from spark_jobs.topic_texts import Texts

FOLDER = "topics"
KEPT = 2
"""Runs that stay: the one in force, and the one before it."""


@dataclass(frozen=True)
class Space:
    """Where texts lie by the sentence and by its words."""

    meanings: WordMeanings
    topics: TopicSpace

    @property
    def dimensions(self) -> int:
        """Numbers of a place."""
        return int(self.topics.directions.shape[1])

    def places(self, texts: Texts) -> Floats:
        """The place of each text, one row each."""
        vectors = np.hstack([texts.vectors, self.meanings.of(texts.said)])
        return self.topics.project(vectors, texts.manners)


@dataclass(frozen=True)
class Known:
    """All topics after a run; rows as in ``TOPICS`` and ``TEXT_TOPICS``."""

    run: int = 0
    version: str = ""
    space: Space | None = None
    topics: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def centres(self) -> Floats:
        """The centre of each topic, one row each."""
        rows = [np.frombuffer(topic["centre"], dtype=np.float32) for topic in self.topics]
        return np.vstack(rows) if rows else np.empty((0, 0), dtype=np.float32)


def runs(silver: Path) -> list[Path]:
    """The folders of runs, the newest last."""
    return sorted((silver / FOLDER).glob("run=*"), key=lambda path: int(path.name[4:]))


def load(silver: Path) -> Known:
    """What the newest run knows; nothing where there was none."""
    kept = runs(silver)
    if not kept:
        return Known()
    with np.load(kept[-1] / "space.npz", allow_pickle=False) as stored:
        version = str(stored["version"])
        space = None  # where none was learnt, or by a version that knew no words
        if "words" in stored:
            meanings = WordMeanings(
                tuple(stored["words"].tolist()), stored["meanings"].astype(np.float32)
            )
            space = Space(meanings, TopicSpace(stored["style"], stored["directions"]))
    texts = pq.read_table(kept[-1] / "text_topics").to_pylist()
    return Known(
        int(kept[-1].name[4:]),
        version,
        space,
        pq.read_table(kept[-1] / "topics").to_pylist(),
        {row["text_key"]: row for row in texts},
    )


def write(known: Known, folder: Path) -> None:
    """Write all that is known into a folder, which is made anew."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, table, rows in (
        ("topics", TOPICS, known.topics),
        ("text_topics", TEXT_TOPICS, list(known.texts.values())),
    ):
        schema = pa.schema(column.remove_metadata() for column in table.arrow_schema)
        (folder / name).mkdir()
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / name / "part.parquet")
    learnt: dict[str, Any] = {}
    if known.space:
        learnt = {
            "words": np.array(known.space.meanings.words, dtype=np.str_),
            "meanings": known.space.meanings.vectors.astype(np.float16),
            "style": known.space.topics.style,
            "directions": known.space.topics.directions,
        }
    np.savez(folder / "space.npz", version=known.version, **learnt)


def promote(silver: Path, candidate: Path, run: int) -> None:
    """Put a run in force, in one rename, and remove the oldest."""
    target = silver / FOLDER / f"run={run}"
    target.parent.mkdir(parents=True, exist_ok=True)
    candidate.rename(target)
    for old in runs(silver)[:-KEPT]:
        shutil.rmtree(old)
