"""Training of the model of what customers tell a company, on messages that we labelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from spark_jobs.nlp.customer_intents import LEAST
from spark_jobs.nlp.features import FeatureReader
from spark_jobs.nlp.training import data

INVERSE_PENALTY = 10.0
OTHER_TEXTS = 300
"""Texts of each kind that no customer writes to a company."""
OTHER_WEIGHT = 0.3
"""Of such a text against a customer's message. All three were chosen by cross-validation."""


@dataclass(frozen=True)
class CustomerIntents:
    """``weights`` (features x intents) and ``bias``."""

    weights: npt.NDArray[np.float16]
    bias: npt.NDArray[np.float32]

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What the model's file holds."""
        return {"weights": self.weights, "bias": self.bias}


def train_customer_intents(folder: Path, readers: Mapping[str, FeatureReader]) -> CustomerIntents:
    """One regression an intent: labelled messages, and texts of which none has any."""
    messages = [*data.care_messages(folder, "train"), *data.own_messages("fr", "train")]
    elsewhere = data.elsewhere(folder)
    others = [
        text
        for kind in ("companies", "reddit", "tweets in English", "tweets in French")
        for text in elsewhere[kind][:OTHER_TEXTS]
    ]
    encoded = np.vstack(
        [
            readers["en"].read([message.text for message in messages]).encoded,
            readers["en"].read(others).encoded,
        ]
    )
    weight = np.repeat([1.0, OTHER_WEIGHT], [len(messages), len(others)])
    fitted = []
    for intent in LEAST:
        said = [intent in message.intents for message in messages] + [False] * len(others)
        regression = LogisticRegression(C=INVERSE_PENALTY, max_iter=1_000)
        fitted.append(regression.fit(encoded, said, sample_weight=weight))
    return CustomerIntents(
        np.hstack([regression.coef_.T for regression in fitted]).astype(np.float16),
        np.concatenate([regression.intercept_ for regression in fitted]).astype(np.float32),
    )
