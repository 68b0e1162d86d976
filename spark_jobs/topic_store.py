"""Where topics are kept: one folder a run, which holds what the run found new or changed.

    silver/topics/run=<number>/{topics,text_topics}/part.parquet, waiting.npz, run.json, space.npz

All topics are in the newest folder; the row of a text is in the newest that has one. A *whole* run
holds a row of every text and the space, so that the folders before it have no say and go. Any other
is small, and can be taken back by removing its folder.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_space import TopicSpace
from spark_jobs.nlp.topic_words import WordMeanings
from spark_jobs.paths import for_duckdb
from spark_jobs.tables.declaration import Table
from spark_jobs.tables.silver import TEXT_TOPICS, TOPICS
from spark_jobs.topic_batches import Texts, Waiting

FOLDER = "topics"
MOST_RUNS = 12
"""Folders in force; the next run writes the rows of all texts into one."""


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
class Seen:
    """What of the lake has been looked at."""

    annotation_version: str = ""
    speakers: str = ""
    """A hash of the accounts that speak for brands."""
    parts: frozenset[str] = frozenset()
    """Names of parts of bronze and of batches of annotations."""


@dataclass(frozen=True)
class Known:
    """What is known after a run, but for the rows of texts; its size is bounded."""

    run: int = 0
    version: str = ""
    seen: Seen = Seen()
    space: Space | None = None
    topics: list[dict[str, Any]] = field(default_factory=list)
    """Rows as in ``TOPICS``."""
    waiting: Waiting = field(default_factory=Waiting)
    texts_by_reason: dict[str, int] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()
    """Of the runs that have the rows of texts, the oldest first."""

    @property
    def centres(self) -> Floats:
        """The centre of each topic, one row each."""
        rows = [np.frombuffer(topic["centre"], dtype=np.float32) for topic in self.topics]
        return np.vstack(rows) if rows else np.empty((0, 0), dtype=np.float32)


def runs(silver: Path) -> list[Path]:
    """The folders of the runs in force, the newest last."""
    kept = sorted((silver / FOLDER).glob("run=*"), key=lambda path: int(path.name[4:]))
    whole = [place for place, folder in enumerate(kept) if is_whole(folder)]
    return kept[whole[-1] :] if whole else []


def is_whole(folder: Path) -> bool:
    """Whether a run has a row of every text."""
    return bool(_note(folder)["is_whole"])


def load(silver: Path) -> Known:
    """What the newest run knows; nothing where there was none."""
    folders = runs(silver)
    if not folders:
        return Known()
    newest, note = folders[-1], _note(folders[-1])
    return Known(
        int(newest.name[4:]),
        note["version"],
        Seen(**{**note["seen"], "parts": frozenset(note["seen"]["parts"])}),
        _space(folders[0] / "space.npz"),
        pq.read_table(newest / TOPICS.name).to_pylist(),
        _waiting(newest / "waiting.npz"),
        note["texts_by_reason"],
        tuple(folders),
    )


def rows_of(folders: Sequence[Path]) -> str:
    """A query of the rows of texts in the folders of runs, each with the number of its run."""
    if not folders:
        columns = ", ".join(f"null as {name}" for name in TEXT_TOPICS.column_names)
        return f"select {columns}, 0 as run where false"
    files = ", ".join(for_duckdb(folder / TEXT_TOPICS.name, "*.parquet") for folder in folders)
    return (
        f"select * from read_parquet([{files}], hive_partitioning = true, "
        "hive_types = {'run': bigint})"
    )


def texts(silver: Path) -> dict[str, dict[str, Any]]:
    """The row in force of each text, as in ``TEXT_TOPICS``, by its key and in their order."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select * exclude (run) from ({rows_of(runs(silver))}) "
            "qualify row_number() over (partition by text_key order by run desc) = 1 "
            "order by text_key"
        ).to_arrow_table()
    return {row["text_key"]: row for row in rows.to_pylist()}


def write(known: Known, folder: Path, is_whole: bool) -> None:
    """Write all that is known into a folder, which is made anew, but for the rows of texts."""
    if folder.exists():
        shutil.rmtree(folder)
    (folder / TEXT_TOPICS.name).mkdir(parents=True)
    write_rows(folder, TOPICS, known.topics)
    np.savez(folder / "waiting.npz", **vars(known.waiting))
    if is_whole and known.space:
        np.savez(
            folder / "space.npz",
            words=np.array(known.space.meanings.words, dtype=np.str_),
            meanings=known.space.meanings.vectors.astype(np.float16),
            style=known.space.topics.style,
            directions=known.space.topics.directions,
        )
    note = {
        "version": known.version,
        "is_whole": is_whole,
        "texts_by_reason": known.texts_by_reason,
        "seen": {**asdict(known.seen), "parts": sorted(known.seen.parts)},
    }
    (folder / "run.json").write_text(json.dumps(note), encoding="utf-8")


def write_rows(folder: Path, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of a table into the folder of a run."""
    schema = pa.schema(column.remove_metadata() for column in table.arrow_schema)
    (folder / table.name).mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.Table.from_pylist(list(rows), schema=schema), folder / table.name / "part.parquet"
    )


def ensure(silver: Path) -> None:
    """Give readers tables without rows where no run was yet."""
    folder = silver / FOLDER / "run=0"
    if not folder.parent.exists():
        write(Known(), folder, is_whole=True)
        write_rows(folder, TEXT_TOPICS, [])


def promote(silver: Path, candidate: Path, run: int) -> None:
    """Put a run in force, in one rename, and remove those that have no say any more."""
    target = silver / FOLDER / f"run={run}"
    target.parent.mkdir(parents=True, exist_ok=True)
    candidate.rename(target)
    in_force = runs(silver)
    for folder in target.parent.glob("run=*"):
        if folder not in in_force:
            shutil.rmtree(folder)


def _space(file: Path) -> Space | None:
    """The space that a whole run learnt or kept; None where there were too few texts."""
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as stored:
        if "words" not in stored:  # where none was learnt, or by a version that knew no words
            return None
        meanings = WordMeanings(
            tuple(stored["words"].tolist()), stored["meanings"].astype(np.float32)
        )
        return Space(meanings, TopicSpace(stored["style"], stored["directions"]))


def _note(folder: Path) -> dict[str, Any]:
    file = folder / "run.json"
    if not file.exists():  # by a version that wrote the rows of all texts in each run
        return {"version": "", "is_whole": True, "texts_by_reason": {}, "seen": {"parts": []}}
    note: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return note


def _waiting(file: Path) -> Waiting:
    if not file.exists():
        return Waiting()
    with np.load(file, allow_pickle=False) as stored:
        return Waiting(**{**stored, "keys": stored["keys"].tolist()})
