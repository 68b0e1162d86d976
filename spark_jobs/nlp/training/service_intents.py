"""Training of the model of what customers ask a service for, on messages to a bank."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from spark_jobs.nlp.features import FeatureReader
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
    arrays = {
        "hashed_idf": inverse_frequency,
        "hashed_weights": (MARGIN_WEIGHT * hashed.coef_.T).astype(np.float16),
        "hashed_bias": (MARGIN_WEIGHT * hashed.intercept_).astype(np.float32),
        "encoded_weights": encoded.coef_.T.astype(np.float16),
        "encoded_bias": encoded.intercept_.astype(np.float32),
    }
    return ServiceIntents(classes, arrays, read_mapping())
