"""A small trained classifier: linear models over kinds of features, weighed by another.

Each member is a logistic regression over one kind of features; a last logistic regression over
their log-probabilities gives the answer. Training is in ``training.stacking``; a model is one
compressed array file, without code and without text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.special import log_softmax, softmax

from spark_jobs.nlp.features import LETTER_BUCKETS, Features, Floats

LEAST_LOG_PROBABILITY = -12.0
"""Below it a member's doubt is cut, so that none can outvote the others by certainty alone."""
LARGEST_DEVIATION = 3.0
"""Standard deviations; signs that training texts hardly had must not decide alone."""
_DECIMALS = 4  # more would differ with how texts happen to be batched
Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class StackedModel:
    """Labels and weights: ``<member>_weights`` (features x labels) and ``<member>_bias``."""

    labels: tuple[str, ...]
    members: tuple[str, ...]
    arrays: Arrays

    def stored(self) -> dict[str, npt.NDArray[Any]]:
        """What the model's file holds."""
        return {"labels": np.array(self.labels), "members": np.array(self.members), **self.arrays}

    def probabilities(self, features: Features) -> Floats:
        """Probability of each label for each text."""
        if not features.texts:
            return np.empty((0, len(self.labels)), dtype=np.float32)
        stacked = np.hstack([self.member_scores(name, features) for name in self.members])
        scores = stacked @ self.arrays["meta_weights"] + self.arrays["meta_bias"]
        return np.asarray(softmax(scores, axis=1), dtype=np.float32)

    def member_scores(self, name: str, features: Features) -> Floats:
        """Log-probability of each label for each text by one member alone."""
        matrix = design(name, features, self.arrays)
        scores = matrix @ self.arrays[f"{name}_weights"] + self.arrays[f"{name}_bias"]
        certain = np.maximum(log_softmax(scores, axis=1), LEAST_LOG_PROBABILITY)
        return np.asarray(certain, dtype=np.float32)


def design(name: str, features: Features, arrays: Arrays) -> Floats | sparse.csr_matrix:
    """The features of a member, weighed and scaled by what training found."""
    if name == "encoded":
        return features.encoded
    if name in ("lexicon", "signs"):
        numbers = features.lexicon if name == "lexicon" else features.signs
        scaled = (numbers - arrays[f"{name}_mean"]) / arrays[f"{name}_scale"]
        return np.asarray(np.clip(scaled, -LARGEST_DEVIATION, LARGEST_DEVIATION), dtype=np.float32)
    weighed = features.hashed @ sparse.diags(arrays["hashed_idf"].astype(np.float32))
    return sparse.hstack(
        [unit_rows(weighed[:, :LETTER_BUCKETS]), unit_rows(weighed[:, LETTER_BUCKETS:])],
        format="csr",
    )


def load(name: str) -> StackedModel:
    """The model of that name in the package; FileNotFoundError where there is none."""
    arrays = read_arrays(name)
    labels = tuple(map(str, arrays.pop("labels")))
    members = tuple(map(str, arrays.pop("members")))
    return StackedModel(labels, members, arrays)


def read_arrays(name: str) -> dict[str, npt.NDArray[Any]]:
    """Everything in a model's file, numbers in single precision."""
    with np.load(BytesIO(_content(name)), allow_pickle=False) as stored:
        return {key: _single(stored[key]) for key in stored.files}


def rounded(probability: float) -> float:
    """A probability as it is told: the same however texts were batched."""
    return round(float(probability), _DECIMALS)


def model_name(name: str) -> str:
    """Name and version of a model; the version changes with its weights."""
    return f"{name} {hashlib.blake2b(_content(name), digest_size=4).hexdigest()}"


def _content(name: str) -> bytes:
    return files(__package__).joinpath("models", f"{name}.npz").read_bytes()


def _single(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """``matrix`` with rows of length 1; empty rows stay empty."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.diags(1 / np.maximum(lengths, 1e-12)) @ matrix
