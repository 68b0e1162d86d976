"""Whether a text tells somebody what to do or how something is: what makes a reply an answer.

The model is trained on sentences of our own (``training/sentences/replies.yaml``), French and
English together, seen as sentence vectors. It knows nothing of what is replied to: whether that
was a question is asked where replies are joined with their parents.
"""

from __future__ import annotations

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import Features

NAME = "answers"
LABELS = ("other", "answer")


class Answers:
    """The model, ready."""

    def __init__(self) -> None:
        self._model = stacked.load(NAME)

    def scores(self, features: Features) -> list[float]:
        """Probability, for each text, that it answers."""
        chances = self._model.probabilities(features)[:, LABELS.index("answer")]
        return [stacked.rounded(chance) for chance in chances]


def model_name() -> str:
    """Name and version of the model."""
    return stacked.model_name(NAME)
