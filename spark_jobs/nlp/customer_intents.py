"""What customers tell a company, by a trained model: complaints, problems and praise.

Rules wait for words that a list has; most complaints are told in others. This model reads sentence
vectors, so that French is read by what was learnt from English. It says only what rules alone
were found to miss much of: whatever else a message wants is left to them and to
``service_intents``.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import Features, Floats

NAME = "customer_intents"
VERSION = "1"
LEAST = {"complaint": 0.5, "problem_report": 0.5, "praise": 0.4}
"""Probability from which each intent is named, in the order of INTENTS. They were chosen by
cross-validation on the messages that the model is trained on."""


class CustomerSpeaker:
    """The model, ready; the same for every language that has sentence vectors."""

    name = NAME

    def __init__(self) -> None:
        self._arrays = stacked.read_arrays(NAME)
        self._least = np.array(list(LEAST.values()), dtype=np.float32)

    def probabilities(self, features: Features) -> Floats:
        """Probability of each intent of ``LEAST`` (columns) for each text (rows)."""
        scores = features.encoded @ self._arrays["weights"] + self._arrays["bias"]
        return np.asarray(expit(scores), dtype=np.float32)

    def speak(self, features: Features) -> list[list[tuple[str, float]]]:
        """Intents of each text with their probability; mostly none."""
        if not features.texts:
            return []
        return [
            [
                (intent, stacked.rounded(chance))
                for intent, chance, least in zip(LEAST, row, self._least, strict=True)
                if chance >= least
            ]
            for row in self.probabilities(features)
        ]


def model_name() -> str:
    """Name and version of the model and its thresholds."""
    return f"{stacked.model_name(NAME)}-{VERSION}"
