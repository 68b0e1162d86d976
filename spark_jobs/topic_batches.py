"""Batches of what the topic job compares: texts as they were read, and those that wait for a topic.

Plain columns side by side. Where they come from and where they are kept is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from spark_jobs.nlp import topic_words
from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_groups import Flags
from spark_jobs.nlp.topic_space import Codes, Manner, unpacked


def _no_codes() -> Codes:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Texts:
    """Some texts, one row each in every field."""

    keys: list[str]
    vectors: Floats
    said: list[frozenset[str]]
    """The words of each that may tell what it is about."""
    manners: list[Manner]
    conversations: Codes
    seen_runs: Codes
    """The run that saw each first."""
    topic_ids: list[str | None]
    """The topic of each from earlier runs."""

    @classmethod
    def read(cls, batch: pa.RecordBatch) -> Texts:
        """The texts of an Arrow batch with the columns that ``TopicTexts`` asks for."""
        columns = {name: batch.column(name).to_pylist() for name in batch.schema.names}
        manners = [
            Manner(language, sentiment, tuple(intents or ()), is_reply)
            for language, sentiment, intents, is_reply in zip(
                columns["language"],
                columns["sentiment_label"],
                columns["intents"],
                columns["is_reply"],
                strict=True,
            )
        ]
        return cls(
            columns["text_key"],
            unpacked(columns["vector"]),
            list(map(topic_words.words, columns["text_masked"], columns["language"])),
            manners,
            np.array(columns["conversation"], dtype=np.uint64).view(np.int64),
            np.array(columns["seen_run"], dtype=np.int64),
            columns["topic_id"],
        )

    @classmethod
    def joined(cls, batches: Sequence[Texts]) -> Texts:
        """All texts of some batches; of none, no texts."""
        if not batches:
            return cls([], np.empty((0, 512), np.float32), [], [], _no_codes(), _no_codes(), [])
        return cls(
            [key for batch in batches for key in batch.keys],
            np.vstack([batch.vectors for batch in batches]),
            [words for batch in batches for words in batch.said],
            [manner for batch in batches for manner in batch.manners],
            np.concatenate([batch.conversations for batch in batches]),
            np.concatenate([batch.seen_runs for batch in batches]),
            [topic_id for batch in batches for topic_id in batch.topic_ids],
        )


@dataclass(frozen=True)
class Waiting:
    """Texts that fit no topic, with their places: among them new ones are looked for."""

    keys: list[str] = field(default_factory=list)
    places: Floats = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))
    conversations: Codes = field(default_factory=_no_codes)
    are_replies: Flags = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    seen_runs: Codes = field(default_factory=_no_codes)

    @classmethod
    def of(cls, texts: Texts, places: Floats, rows: Codes) -> Waiting:
        """Some of the texts, by row, each with its place."""
        return cls(
            [texts.keys[row] for row in rows],
            places[rows],
            texts.conversations[rows],
            np.array([texts.manners[row].is_reply for row in rows], dtype=np.bool_),
            texts.seen_runs[rows],
        )

    def and_(self, other: Waiting, most: int) -> Waiting:
        """The texts of both, each once; of more than ``most`` those that came last.

        Of those that came in one run the lowest keys, which are hashes: a fair sample.
        """
        if not self.keys or not other.keys:
            both = self if self.keys else other
        else:
            both = Waiting(
                [*self.keys, *other.keys],
                np.vstack([self.places, other.places]),
                np.concatenate([self.conversations, other.conversations]),
                np.concatenate([self.are_replies, other.are_replies]),
                np.concatenate([self.seen_runs, other.seen_runs]),
            )
        keys, rows = np.unique(np.array(both.keys, dtype=np.str_), return_index=True)
        latest = np.lexsort((keys, -both.seen_runs[rows]))[:most]
        return both._take(rows[np.sort(latest)])

    def _take(self, rows: Codes) -> Waiting:
        return Waiting(
            [self.keys[row] for row in rows],
            self.places[rows],
            self.conversations[rows],
            self.are_replies[rows],
            self.seen_runs[rows],
        )
