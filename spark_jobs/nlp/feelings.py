"""What feeling a text carries: sentiment with its probability, and in English the emotion.

The models are trained on tweets (cards beside them in ``models``). The emotion model knows only
texts that have one, so a text whose sentiment is neutral, or whose emotion is a toss-up, gets
``none``; there is no labelled French data, so French emotion stays null.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import Features

VERSION = "1"
LANGUAGES = ("en", "fr")
EMOTION_LANGUAGES = ("en",)
SURE_EMOTION = 0.5
"""Probability from which an emotion is named."""
_DECIMALS = 4  # more would differ with how texts happen to be batched


@dataclass(frozen=True, slots=True)
class Feeling:
    """Sentiment, its probability, and the emotion: null where no model speaks the language.

    ``emotion_probability`` is that of the emotion; null where there is none.
    """

    sentiment: str
    probability: float
    emotion: str | None
    emotion_probability: float | None


class Feelings:
    """The models of one language."""

    def __init__(self, language: str) -> None:
        self._sentiment = stacked.load(_sentiment_file(language))
        self._emotion = (
            stacked.load(_emotion_file(language)) if language in EMOTION_LANGUAGES else None
        )

    def feel(self, features: Features) -> list[Feeling]:
        """The feeling of each text whose features these are."""
        sentiments = self._sentiment.probabilities(features)
        emotions = self._emotion.probabilities(features) if self._emotion else None
        found = []
        for row, probabilities in enumerate(sentiments):
            best = int(np.argmax(probabilities))
            label = self._sentiment.labels[best]
            emotion, emotion_probability = None, None
            if self._emotion is not None and emotions is not None:
                strongest = int(np.argmax(emotions[row]))
                is_felt = label != "neutral" and emotions[row, strongest] >= SURE_EMOTION
                emotion = self._emotion.labels[strongest] if is_felt else "none"
                if is_felt:
                    emotion_probability = round(float(emotions[row, strongest]), _DECIMALS)
            probability = round(float(probabilities[best]), _DECIMALS)
            found.append(Feeling(label, probability, emotion, emotion_probability))
        return found


def sentiment_model_name(language: str) -> str:
    """Name and version of the sentiment model of ``language``."""
    return f"{stacked.model_name(_sentiment_file(language))}-{VERSION}"


def emotion_model_name(language: str) -> str | None:
    """Name and version of the emotion model of ``language``; null where there is none."""
    if language not in EMOTION_LANGUAGES:
        return None
    return f"{stacked.model_name(_emotion_file(language))}-{VERSION}"


def _sentiment_file(language: str) -> str:
    return f"sentiment_{language}"


def _emotion_file(language: str) -> str:
    return f"emotion_{language}"
