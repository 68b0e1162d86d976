"""Which model is trained on what, and of which members it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from spark_jobs.nlp import answers
from spark_jobs.nlp.features import FeatureReader
from spark_jobs.nlp.stacked import StackedModel
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.customer_intents import train_customer_intents
from spark_jobs.nlp.training.service_intents import train_service_intents
from spark_jobs.nlp.training.stacking import INVERSE_PENALTY, Examples, fit
from spark_jobs.tables.silver import SENTIMENTS

SPAM_LABELS = ("ham", "spam", "elsewhere")
Readers = Mapping[str, FeatureReader]


class Model(Protocol):
    """Whatever training gives: arrays to keep."""

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What the model's file holds."""


def train_sentiment(language: str, folder: Path, readers: Readers) -> StackedModel:
    """Sentiment of one language; the other's tweets help its sentence vectors."""
    examples = {
        code: _examples(readers[code], data.sentiment(folder, code, "train"))
        for code in data.LANGUAGES
    }
    other = next(code for code in data.LANGUAGES if code != language)
    return fit(
        examples[language],
        SENTIMENTS,
        members=("hashed", "lexicon", "encoded"),
        foreign=examples[other],
    )


def train_emotion(folder: Path, readers: Readers) -> StackedModel:
    """Emotion of English tweets."""
    return fit_emotion(_examples(readers["en"], data.emotion(folder, "train")))


def fit_emotion(examples: Examples) -> StackedModel:
    """The emotion model of some tweets, as it is also measured on parts of them."""
    return fit(examples, data.EMOTIONS, members=("hashed", "lexicon", "encoded"))


def train_answers(folder: Path, readers: Readers) -> StackedModel:  # noqa: ARG001 - as all do
    """Whether a reply answers, from our own sentences in both languages."""
    examples = _examples(readers["en"], data.replies(answers.LABELS))
    return fit(examples, answers.LABELS, members=("encoded",))


def train_spam(folder: Path, readers: Readers) -> StackedModel:
    """Spam of comments in any language; the signs know English and French."""
    texts, labels = spam_examples(folder)
    return fit_spam(_examples(readers["en"], (texts, labels)))


def spam_examples(folder: Path) -> data.Labelled:
    """Comments, then texts from elsewhere, with the index of their label in SPAM_LABELS."""
    comments = data.spam(folder)
    others = [
        text for texts in data.elsewhere(folder).values() for text in texts[: data.ELSEWHERE_TEXTS]
    ]
    labels = np.concatenate([comments.labels, np.full(len(others), SPAM_LABELS.index("elsewhere"))])
    return comments.texts + others, labels


def fit_spam(examples: Examples) -> StackedModel:
    """The spam model of some comments, as it is also measured on parts of them."""
    return fit(
        examples,
        SPAM_LABELS,
        members=("hashed", "signs", "encoded"),
        inverse_penalty={**INVERSE_PENALTY, "hashed": 10.0, "meta": 1.0},
    )


TRAINERS: Mapping[str, Callable[[Path, Readers], Model]] = {
    "sentiment_en": partial(train_sentiment, "en"),
    "sentiment_fr": partial(train_sentiment, "fr"),
    "emotion_en": train_emotion,
    "answers": train_answers,
    "service_intents": train_service_intents,
    "customer_intents": train_customer_intents,
    "spam": train_spam,
}
"""Models by the name of their file."""


def save(model: Model, path: Path) -> None:
    """Write a model's file: the same bytes for the same arrays."""
    content: dict[str, Any] = model.stored()
    np.savez_compressed(path, **content)


def _examples(reader: FeatureReader, labelled: data.Labelled) -> Examples:
    texts, labels = labelled
    return Examples(reader.read(texts), labels)
