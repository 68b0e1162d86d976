"""How good sentiment and emotion are on validation tweets, which no training reads."""

from __future__ import annotations

from collections.abc import Iterator
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


def emotion_figures(folder: Path) -> Iterator[Figure]:
    """Emotion of the validation tweets, against the model's words and letters alone."""
    texts, truth = data.emotion(folder, "val")
    features = FeatureReader("en", load_encoder()).read(texts)
    model = stacked.load("emotion_en")
    found = model.probabilities(features).argmax(axis=1)
    alone = model.member_scores("hashed", features).argmax(axis=1)
    yield scored("emotion, macro-F1, en", truth, found, ("TF-IDF", alone), 0.60)
    yield _emotion_cross_validated(folder)


def _emotion_cross_validated(folder: Path) -> Figure:
    """Emotion of the training tweets, each by a model that did not read it."""
    texts, truth = data.emotion(folder, "train")
    features = FeatureReader("en", load_encoder()).read(texts)
    found, alone = np.zeros_like(truth), np.zeros_like(truth)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for read, held in folds.split(truth, truth):
        model = models.fit_emotion(Examples(features.take(read), truth[read]))
        seen = features.take(held)
        found[held] = model.probabilities(seen).argmax(axis=1)
        alone[held] = model.member_scores("hashed", seen).argmax(axis=1)
    name = "emotion, macro-F1, en, cross-validated"
    return scored(name, truth, found, ("TF-IDF", alone), 0.68)


def _vader(compound: float) -> int:
    return 1 if abs(compound) < NEUTRAL_ZONE else (2 if compound > 0 else 0)
