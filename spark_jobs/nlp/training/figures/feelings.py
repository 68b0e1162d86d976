"""How good sentiment and emotion are on validation tweets, which no training reads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.lexicon_features import LexiconFeatures
from spark_jobs.nlp.training import data, models
from spark_jobs.nlp.training.figures.measures import Figure, scored
from spark_jobs.nlp.training.stacking import Examples

FOLDS = 5
NEUTRAL_ZONE = 0.05
"""Compound scores that VADER's authors call neutral, on either side of zero."""


def sentiment_figures(folder: Path) -> Iterator[Figure]:
    """Sentiment of the validation tweets, against the VADER lexicon of the language."""
    for language in data.LANGUAGES:
        texts, truth = data.sentiment(folder, language, "val")
        reader = FeatureReader(language, load_encoder())
        model = stacked.load(f"sentiment_{language}")
        found = model.probabilities(reader.read(texts)).argmax(axis=1)
        lexicon = LexiconFeatures(language)
        baseline = np.array([_vader(lexicon.compound(text)) for text in texts])
        yield scored(f"sentiment, macro-F1, {language}", truth, found, ("VADER", baseline), 0.66)


def emotion_figures(folder: Path, is_quick: bool = False) -> Iterator[Figure]:
    """Emotion of the validation tweets, against the model's words and letters alone.

    Each fold of the cross-validation costs a training; to be quick, only the first is measured.
    """
    texts, truth = data.emotion(folder, "val")
    features = FeatureReader("en", load_encoder()).read(texts)
    model = stacked.load("emotion_en")
    found = model.probabilities(features).argmax(axis=1)
    alone = model.member_scores("hashed", features).argmax(axis=1)
    yield scored("emotion, macro-F1, en", truth, found, ("TF-IDF", alone), 0.60)
    yield _emotion_cross_validated(folder, 1 if is_quick else FOLDS)


def _emotion_cross_validated(folder: Path, folds_count: int) -> Figure:
    """Emotion of the training tweets, each by a model that did not read it."""
    texts, truth = data.emotion(folder, "train")
    features = FeatureReader("en", load_encoder()).read(texts)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    rows, found, alone = [], [], []
    for read, held in islice(folds.split(truth, truth), folds_count):
        model = models.fit_emotion(Examples(features.take(read), truth[read]))
        seen = features.take(held)
        rows.append(held)
        found.append(model.probabilities(seen).argmax(axis=1))
        alone.append(model.member_scores("hashed", seen).argmax(axis=1))
    return scored(
        "emotion, macro-F1, en, cross-validated",
        truth[np.concatenate(rows)],
        np.concatenate(found),
        ("TF-IDF", np.concatenate(alone)),
        0.68,
    )


def _vader(compound: float) -> int:
    return 1 if abs(compound) < NEUTRAL_ZONE else (2 if compound > 0 else 0)
