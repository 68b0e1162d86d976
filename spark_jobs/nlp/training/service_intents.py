"""Training of the model of what customers ask a service for, on messages to a bank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from spark_jobs.nlp.features import FeatureReader, Features
from spark_jobs.nlp.service_intents import BUCKETS, ServiceIntents, read_mapping, words
from spark_jobs.nlp.training import data

# Chosen on a quarter of the training part.
ENCODED_INVERSE_PENALTY = 30.0
HASHED_INVERSE_PENALTY = 0.5
MARGIN_WEIGHT = 4.0
"""How much a margin of the words' model weighs against a log-probability of the vectors'."""


def train_service_intents(folder: Path, readers: Mapping[str, FeatureReader]) -> ServiceIntents:
    """Train on four fifths; the fifth that is held back stays unseen, for ``evaluate``."""
    texts, labels = data.banking(folder, "train")
    classes = tuple(sorted(set(labels)))
    truth = np.array([classes.index(label) for label in labels])
    features = readers["en"].read(texts)
    seen = np.bincount(words(features).indices, minlength=2 * BUCKETS)
    inverse_frequency = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float16)
    hashed = LinearSVC(C=HASHED_INVERSE_PENALTY, random_state=0)
    hashed.fit(words(features, inverse_frequency), truth)
    encoded = LogisticRegression(C=ENCODED_INVERSE_PENALTY, max_iter=1_000, tol=1e-3)
    encoded.fit(features.encoded, truth)
    domain = _domain(folder, features, readers["en"])
    arrays = {
        "hashed_idf": inverse_frequency,
        "hashed_weights": (MARGIN_WEIGHT * hashed.coef_.T).astype(np.float16),
        "hashed_bias": (MARGIN_WEIGHT * hashed.intercept_).astype(np.float32),
        "encoded_weights": encoded.coef_.T.astype(np.float16),
        "encoded_bias": encoded.intercept_.astype(np.float32),
        "domain_weights": domain.coef_[0].astype(np.float32),
        "domain_bias": domain.intercept_.astype(np.float32),
    }
    return ServiceIntents(classes, arrays, read_mapping())


def _domain(folder: Path, messages: Features, reader: FeatureReader) -> LogisticRegression:
    """Messages to the bank against general texts: tweets and sentences in both languages."""
    general = data.emotion(folder, "train")[0]
    for language in data.LANGUAGES:
        general += data.sentiment(folder, language, "train")[0]
        general += data.lines(folder / "language_id" / "sentences" / f"{language}.txt")
    others = reader.read(general).encoded
    truth = np.repeat([1, 0], [len(messages.texts), len(general)])
    regression = LogisticRegression(max_iter=1_000)
    return regression.fit(np.vstack([messages.encoded, others]), truth)
