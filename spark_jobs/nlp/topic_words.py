"""What the words of a text mean together, whatever sentence they stand in.

The vector of a whole message holds its greeting, its anger and its threat beside what it is about.
Its words, each encoded alone and weighed by how few texts have it, hold less of these, and words of
two languages that mean the same still lie together. Which words, and where they lie, is learnt
once from a sample; other words say nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from spark_jobs.nlp import topic_phrases
from spark_jobs.nlp.features import Floats
from spark_jobs.nlp.topic_space import unit_rows

VERSION = "1"
FEWEST_TEXTS = 3
"""Texts of the sample that have a word; rarer ones are mostly names and slips."""
MOST_WORDS = 10_000
SHORTEST = 3
Encode = Callable[[list[str]], Floats]


@dataclass(frozen=True)
class WordMeanings:
    """Words, and the vector of each, as long as the word is telling (words x 512)."""

    words: tuple[str, ...]
    vectors: Floats

    def of(self, said: Sequence[Set[str]]) -> Floats:
        """The mean of the words of each text, one row of length 1; zeros where it has none."""
        places = [
            (row, self._place[word])
            for row, words in enumerate(said)
            for word in sorted(words)
            if word in self._place
        ]
        rows, columns = np.array(places, dtype=np.int64).reshape(-1, 2).T
        counts = sparse.csr_matrix(
            (np.ones(len(rows), np.float32), (rows, columns)), (len(said), len(self.words))
        )
        return unit_rows(counts @ self.vectors)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: place for place, word in enumerate(self.words)}


def learn(said: Sequence[Set[str]], encode: Encode) -> WordMeanings:
    """The meanings of the words that texts share; the more texts have one, the shorter it is."""
    counts = Counter(word for words in said for word in words)
    shared = sorted(
        (word for word, count in counts.items() if count >= FEWEST_TEXTS),
        key=lambda word: (-counts[word], word),
    )[:MOST_WORDS]
    if not shared:
        return WordMeanings((), np.empty((0, 512), dtype=np.float32))
    telling = np.log(len(said) / np.array([counts[word] for word in shared]))
    vectors = np.asarray(encode(shared)) * telling[:, None]
    return WordMeanings(tuple(shared), vectors.astype(np.float16).astype(np.float32))


def words(text: str, language: str) -> frozenset[str]:
    """The words of a masked text that may tell what it is about, in lower case."""
    found = topic_phrases.phrases(text, language, longest=1)
    return frozenset(word for word in found if len(word) >= SHORTEST)
