"""Training of stacked models: out-of-fold probabilities of the members under a last regression.

Members that saw a text would be too sure of it, so the last regression learns from what each
member says of texts it was not trained on. Everything is seeded and single-threaded: the same
data give the same file, bit for bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from spark_jobs.nlp.features import LETTER_BUCKETS, WORD_BUCKETS, Features
from spark_jobs.nlp.stacked import LEAST_LOG_PROBABILITY, StackedModel, design

FOLDS = 5
INVERSE_PENALTY = {"hashed": 3.0, "lexicon": 0.1, "signs": 1.0, "encoded": 3.0, "meta": 0.1}
Labels = npt.NDArray[np.int64]
Matrix = Any  # a dense array or a sparse matrix: scikit-learn takes both


@dataclass(frozen=True)
class Examples:
    """Texts' features and the index of each one's label."""

    features: Features
    labels: Labels


def fit(
    examples: Examples,
    labels: Sequence[str],
    members: Sequence[str],
    foreign: Examples | None = None,
    inverse_penalty: Mapping[str, float] = INVERSE_PENALTY,
) -> StackedModel:
    """Train a stacked model.

    ``foreign`` examples, in another language, also train the member on sentence vectors, which
    put both languages in one space. ``inverse_penalty`` is the strength of each member's fit.
    """
    arrays = _scales(examples.features, members)
    stacked = []
    for name in members:
        matrix = design(name, examples.features, arrays)
        extra = (
            (foreign.features.encoded, foreign.labels) if foreign and name == "encoded" else None
        )
        stacked.append(_out_of_fold(matrix, examples.labels, inverse_penalty[name], extra))
        arrays |= _weights(
            name, _trained(matrix, examples.labels, inverse_penalty[name], extra), len(labels)
        )
    meta = _trained(np.hstack(stacked), examples.labels, inverse_penalty["meta"])
    arrays |= _weights("meta", meta, len(labels))
    rounded = {name: array.astype(_STORED.get(name, np.float32)) for name, array in arrays.items()}
    return StackedModel(tuple(labels), tuple(members), rounded)


_STORED = {"hashed_weights": np.float16, "hashed_idf": np.float16}


def _scales(features: Features, members: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """What the design of members needs: inverse document frequencies, means and deviations."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    if "hashed" in members:
        count = features.hashed.shape[0]
        seen = np.bincount(features.hashed.indices, minlength=LETTER_BUCKETS + WORD_BUCKETS)
        arrays["hashed_idf"] = np.log((1 + count) / (1 + seen)) + 1
    for name in ("lexicon", "signs"):
        if name in members:
            values = getattr(features, name)
            deviation = values.std(axis=0)
            arrays[f"{name}_mean"] = values.mean(axis=0)
            arrays[f"{name}_scale"] = np.where(deviation > 0, deviation, 1)
    return arrays


def _regression(inverse_penalty: float) -> LogisticRegression:
    return LogisticRegression(C=inverse_penalty, max_iter=1_000, tol=1e-3, random_state=0)


def _trained(
    matrix: Matrix,
    labels: Labels,
    inverse_penalty: float,
    extra: tuple[Matrix, Labels] | None = None,
) -> LogisticRegression:
    if extra is not None:
        matrix, labels = np.vstack([matrix, extra[0]]), np.concatenate([labels, extra[1]])
    return _regression(inverse_penalty).fit(matrix, labels)


def _out_of_fold(
    matrix: Matrix,
    labels: Labels,
    inverse_penalty: float,
    extra: tuple[Matrix, Labels] | None,
) -> npt.NDArray[np.float32]:
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    matrix = sparse.csr_matrix(matrix) if sparse.issparse(matrix) else matrix
    result = np.zeros((len(labels), len(np.unique(labels))), dtype=np.float32)
    for learnt, left_out in folds.split(labels, labels):
        regression = _trained(matrix[learnt], labels[learnt], inverse_penalty, extra)
        chances = regression.predict_proba(matrix[left_out])
        result[left_out] = np.log(np.maximum(chances, np.exp(LEAST_LOG_PROBABILITY)))
    return result


def _weights(
    name: str, regression: LogisticRegression, label_count: int
) -> Mapping[str, npt.NDArray[Any]]:
    """Weights as features x labels; a regression of two labels stores only the second's."""
    weights, bias = regression.coef_.T, regression.intercept_
    if label_count == 2:
        weights = np.hstack([np.zeros_like(weights), weights])
        bias = np.array([0.0, bias[0]])
    return {f"{name}_weights": weights, f"{name}_bias": bias}
