"""Where texts about one thing lie together, whatever their language, tone and form.

Sentence vectors say more of how something is said than of what it is about. Two steps, neither
of which needs a label, leave the second:

1. *style* is subtracted: the part of a vector that a least-squares fit explains by the text's
   language, feeling, intents and place in the conversation. French and English meet here.
2. of what is left, the *directions* are kept in which texts of one conversation agree more than
   texts at random: the generalised eigenvectors of their covariance across a conversation's texts
   against that of all texts, as in a linear discriminant analysis with conversations as classes.

Vectors are of sentences, of the words in them, or of both side by side. Nothing here knows of
topics; ``topic_groups`` finds them in this space.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh

from spark_jobs.nlp.features import Floats
from spark_jobs.tables.silver import INTENTS

VERSION = "2"
DIMENSIONS = 128
SHRINKAGE = 0.03
"""Share of the mean variance that is added to each direction, so that rare ones do not win; the
number of dimensions for each text is added to it, as few texts agree by chance."""
FEWEST_PAIRED = 200
"""Texts that share a conversation with another; with fewer, the directions would be noise."""
_SCALE = 256.0
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is said: what the space subtracts."""

    language: str
    sentiment: str | None
    intents: tuple[str, ...]
    is_reply: bool


@dataclass(frozen=True)
class TopicSpace:
    """``style`` (manner columns x numbers of a vector) and ``directions`` (those x dimensions)."""

    style: Floats
    directions: Floats

    def project(self, vectors: Floats, manners: Sequence[Manner]) -> Floats:
        """The place of each text, one row of length 1; a row of zeros where nothing is left."""
        places = (vectors - _columns(manners) @ self.style) @ self.directions
        return unit_rows(places)


def fit(vectors: Floats, manners: Sequence[Manner], conversations: Codes) -> TopicSpace:
    """Learn a space from texts, one row each, and the conversation that each stands in.

    Where fewer than ``FEWEST_PAIRED`` texts share one, as in surveys or lists of questions, the
    directions are the principal ones.
    """
    columns = _columns(manners)
    style = np.linalg.lstsq(columns, vectors, rcond=None)[0].astype(np.float32)
    rest = (vectors - columns @ style).astype(np.float64)
    total = rest.T @ rest / max(1, len(rest))
    shrinkage = SHRINKAGE + rest.shape[1] / max(1, len(rest))
    total += shrinkage * max(float(np.trace(total)) / len(total), 1e-9) * np.eye(len(total))
    _, member, sizes = np.unique(conversations, return_inverse=True, return_counts=True)
    paired = sizes[member] > 1
    if paired.sum() < FEWEST_PAIRED:
        values, directions = eigh(total)
        strength = 1 / np.sqrt(values)  # principal directions, each with the same variance
    else:
        shared = _agreement(rest[paired], member[paired], sizes)
        values, directions = eigh(shared, total)
        strength = np.sqrt(np.maximum(values, 0))
    best = np.argsort(-values)[:DIMENSIONS]
    return TopicSpace(style, _same_sign(directions[:, best] * strength[best]).astype(np.float32))


def packed(vectors: Floats) -> list[bytes]:
    """Each row in one signed byte a number, for storing; a vector of length 1 loses under 1 %."""
    bytes_ = np.clip(np.rint(vectors * _SCALE), -127, 127).astype(np.int8)
    return [row.tobytes() for row in bytes_]


def unpacked(rows: Sequence[bytes]) -> Floats:
    """The vectors that ``packed`` stored, of length 1 again."""
    numbers = np.frombuffer(b"".join(rows), dtype=np.int8).reshape(len(rows), -1)
    return unit_rows(numbers.astype(np.float32))


def unit_rows(matrix: Floats) -> Floats:
    """Each row at length 1; rows of zeros stay."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-9), dtype=np.float32)


def _agreement(
    rows: npt.NDArray[np.float64], member: Codes, sizes: Codes
) -> npt.NDArray[np.float64]:
    """Mean cross product of two different texts of one conversation; each text counts the same."""
    sums = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(sums, member, rows)
    weights = 1 / np.maximum(sizes - 1, 1)
    both = (sums * weights[:, None]).T @ sums - (rows * weights[member][:, None]).T @ rows
    return np.asarray((both + both.T) / (2 * len(rows)))


def _columns(manners: Sequence[Manner]) -> Floats:
    """One row a text: each sign of its manner, alone and together with its being French."""
    signs = np.array(
        [
            [
                1.0,
                manner.sentiment == "negative",
                manner.sentiment == "positive",
                manner.is_reply,
                *(intent in manner.intents for intent in INTENTS),
            ]
            for manner in manners
        ],
        dtype=np.float32,
    ).reshape(len(manners), 4 + len(INTENTS))
    is_french = np.array([[manner.language == "fr"] for manner in manners], dtype=np.float32)
    return np.hstack([signs, signs * is_french.reshape(len(manners), 1)])


def _same_sign(directions: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Largest number of each direction positive: eigenvectors come with any sign."""
    largest = directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])]
    return directions * np.where(largest < 0, -1.0, 1.0)
