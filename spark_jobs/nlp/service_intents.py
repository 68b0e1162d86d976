"""What a customer asks a service for, by a trained model: 77 classes of a bank's messages.

Each class stands for one of our intents (``rules/banking77_intents.yaml``, with the reasons).
Two linear models see a text, one its hashed words and letters, one its sentence vector, and their
scores are added. The vectors put French in the same space as English, so that French texts are
read by the second alone. When the model may speak about a text is decided in ``intents``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import expit, log_softmax, softmax

from spark_jobs.nlp import rule_files, stacked
from spark_jobs.nlp.features import LETTER_BUCKETS, Features, Floats
from spark_jobs.tables.silver import INTENTS

NAME = "service_intents"
VERSION = "1"
LEAST_DOMAIN = 0.5
"""Probability that a text is such a message at all, from which the model may speak."""
LEAST_INTENT = 0.8
"""Probability from which it names an intent. Both were chosen where no general tweet of the
validation parts passes and nearly all of the bank's messages do."""
BUCKETS = 2**13
"""Of letters and of words each: sixteen and eight hashes of the features share one."""


@dataclass(frozen=True)
class ServiceIntents:
    """Classes, the intent of each, and the weights: ``hashed_*`` and ``encoded_*``."""

    classes: tuple[str, ...]
    arrays: Mapping[str, npt.NDArray[Any]]
    intents: Mapping[str, str]

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What the model's file holds."""
        return {"labels": np.array(self.classes), **self.arrays}

    def class_scores(self, features: Features, *, with_words: bool = True) -> Floats:
        """A score of each class for each text, not normalised; words help English only."""
        encoded = features.encoded @ self.arrays["encoded_weights"] + self.arrays["encoded_bias"]
        scores = log_softmax(encoded, axis=1)
        if with_words:
            scores = scores + self.word_scores(features)
        return np.asarray(scores, dtype=np.float32)

    def word_scores(self, features: Features) -> Floats:
        """What words and letters alone say."""
        matrix = words(features, self.arrays["hashed_idf"])
        scores = matrix @ self.arrays["hashed_weights"] + self.arrays["hashed_bias"]
        return np.asarray(scores, dtype=np.float32)

    def intent_probabilities(self, features: Features, *, with_words: bool = True) -> Floats:
        """Probability of each of INTENTS for each text; those that no class stands for have 0."""
        chances = softmax(self.class_scores(features, with_words=with_words), axis=1)
        return np.asarray(chances @ self.membership, dtype=np.float32)

    def domain_probability(self, features: Features) -> Floats:
        """Probability that each text is a message to a service about an account or a payment."""
        scores = features.encoded @ self.arrays["domain_weights"] + self.arrays["domain_bias"]
        return np.asarray(expit(scores), dtype=np.float32)

    @property
    def membership(self) -> Floats:
        """1 where a class (row) stands for an intent (column)."""
        matrix = np.zeros((len(self.classes), len(INTENTS)), dtype=np.float32)
        for row, name in enumerate(self.classes):
            matrix[row, INTENTS.index(self.intents[name])] = 1
        return matrix


class ServiceSpeaker:
    """The model where it may speak: about texts that are like what it was trained on."""

    name = NAME

    def __init__(self, language: str) -> None:
        self._model = load()
        self._with_words = language == "en"

    def speak(self, features: Features) -> list[list[tuple[str, float]]]:
        """Intents of each text with their probability, in the order of INTENTS; mostly none."""
        if not features.texts:
            return []
        is_heard = self._model.domain_probability(features) >= LEAST_DOMAIN
        if not is_heard.any():
            return [[] for _ in features.texts]
        chances = self._model.intent_probabilities(features, with_words=self._with_words)
        return [
            [
                (intent, stacked.rounded(chance))
                for intent, chance in zip(INTENTS, row, strict=True)
                if heard and chance >= LEAST_INTENT
            ]
            for heard, row in zip(is_heard, chances, strict=True)
        ]


def model_name() -> str:
    """Name and version of the model, its mapping and its thresholds."""
    mapping = "\n".join(f"{name} {intent}" for name, intent in sorted(read_mapping().items()))
    digest = hashlib.blake2b(mapping.encode(), digest_size=4).hexdigest()
    return f"{stacked.model_name(NAME)}-{VERSION}-{digest}"


def words(features: Features, inverse_frequency: npt.NDArray[Any] | None = None) -> Any:
    """Hashed letters and words in fewer buckets, weighed, each kind of length 1."""
    letters = _folded(features.hashed[:, :LETTER_BUCKETS])
    both = sparse.hstack([letters, _folded(features.hashed[:, LETTER_BUCKETS:])], format="csr")
    if inverse_frequency is None:
        return both
    weighed = both @ sparse.diags(inverse_frequency.astype(np.float32))
    return sparse.hstack(
        [stacked.unit_rows(weighed[:, :BUCKETS]), stacked.unit_rows(weighed[:, BUCKETS:])],
        format="csr",
    )


def load() -> ServiceIntents:
    """The model of the package."""
    arrays = stacked.read_arrays(NAME)
    classes = tuple(map(str, arrays.pop("labels")))
    return ServiceIntents(classes, arrays, read_mapping())


def read_mapping() -> dict[str, str]:
    """Our intent of each class."""
    groups = rule_files.read("banking77_intents")
    return {name: group["intent"] for group in groups for name in group["classes"]}


def _folded(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    folded = sparse.csr_matrix(
        (matrix.data, matrix.indices % BUCKETS, matrix.indptr), shape=(matrix.shape[0], BUCKETS)
    )
    folded.sum_duplicates()
    return folded
