"""What feeling a text carries: sentiment and emotion, with their probabilities.

The models are trained on tweets (cards beside them in ``models``). The emotion model knows only
texts that have one, so a text whose sentiment is neutral, or whose emotion is a toss-up, gets
``none``. There is no labelled French data: for French only that member of the English model
speaks that reads sentence vectors, which put both languages in one space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import Features, Floats

VERSION = "2"
LANGUAGES = ("en", "fr")
EMOTION_MODEL = "emotion_en"
SURE_EMOTION = 0.5
"""Probability from which an emotion is named."""


class Sentiment(NamedTuple):
    """A sentiment and its probability."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Feeling:
    """Sentiment, its probability, and the emotion, which may be ``none``.

    ``emotion_probability`` is that of the emotion; null where there is none.
    """

    sentiment: str
    probability: float
    emotion: str
    emotion_probability: float | None


class Feelings:
    """The models of one language."""

    def __init__(self, language: str) -> None:
        self._sentiment = stacked.load(_sentiment_file(language))
        self._emotion = stacked.load(EMOTION_MODEL)
        self._language = language

    def feel(self, features: Features) -> list[Feeling]:
        """The feeling of each text whose features these are."""
        found = []
        sentiments = self.sentiments(features)
        for (label, probability), emotions in zip(
            sentiments, self._emotions(features), strict=True
        ):
            strongest = int(np.argmax(emotions))
            is_felt = label != "neutral" and emotions[strongest] >= SURE_EMOTION
            found.append(
                Feeling(
                    label,
                    probability,
                    self._emotion.labels[strongest] if is_felt else "none",
                    stacked.rounded(emotions[strongest]) if is_felt else None,
                )
            )
        return found

    def sentiments(self, features: Features) -> list[Sentiment]:
        """The sentiment alone of each text, where nobody asks for its emotion."""
        labels = self._sentiment.labels
        chances = self._sentiment.probabilities(features)
        return [
            Sentiment(labels[best], stacked.rounded(row[best]))
            for row, best in zip(chances, chances.argmax(axis=1), strict=True)
        ]

    def _emotions(self, features: Features) -> Floats:
        """Probability of each emotion; only of texts that have one."""
        if self._language == "en":
            return self._emotion.probabilities(features)
        return np.exp(self._emotion.member_scores("encoded", features))


def sentiment_model_name(language: str) -> str:
    """Name and version of the sentiment model of ``language``."""
    return f"{stacked.model_name(_sentiment_file(language))}-{VERSION}"


def emotion_model_name(language: str) -> str:
    """Name and version of the emotion model of ``language``, and of it what speaks there."""
    member = "" if language == "en" else " sentence vectors"
    return f"{stacked.model_name(EMOTION_MODEL)}-{VERSION}{member}"


def _sentiment_file(language: str) -> str:
    return f"sentiment_{language}"
