"""How good spam is told from comments: each fifth held back once, and each video left out once.

The shipped model has read all comments, so it is trained again for each part. Strength of the
members was chosen on these comments; the thresholds of ``spam`` were not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from spark_jobs.nlp import spam
from spark_jobs.nlp.features import FeatureReader, Features, load_encoder
from spark_jobs.nlp.training import data, models
from spark_jobs.nlp.training.figures.measures import Figure, detected
from spark_jobs.nlp.training.stacking import Examples

FOLDS = 5
Parts = Sequence[npt.NDArray[np.int64]]
_NO_LETTER = re.compile(r"[\W_\d]+")


def spam_figures(folder: Path) -> Iterator[Figure]:
    """F1 of spam, with and without what has a copy in the training part, against TF-IDF alone."""
    comments = data.spam(folder)
    features = FeatureReader("en", load_encoder()).read(comments.texts)
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    fifths = [held for _, held in split.split(comments.texts, comments.labels)]
    videos = [np.flatnonzero(comments.videos == video) for video in np.unique(comments.videos)]
    for name, parts, bar in (("held-back fifth", fifths, 0.955), ("video left out", videos, 0.945)):
        found, alone, judged, is_copy = _held_out(comments, features, parts)
        baseline = ("TF-IDF", alone)
        yield detected(
            f"spam, F1, {name}", comments.labels, found, baseline, bar, "strengths chosen here"
        )
        yield detected(
            f"spam with a sign, F1, {name}", comments.labels, judged, baseline, 0.94,
            "what silver says",
        )  # fmt: skip
        rest = ~is_copy
        yield detected(
            f"spam, F1, {name}, copies of training texts left out",
            comments.labels[rest], found[rest], ("TF-IDF", alone[rest]), 0.92,
            f"{is_copy.sum():,} copies",
        )  # fmt: skip


def _held_out(
    comments: data.Spam, features: Features, parts: Parts
) -> tuple[data.Labels, data.Labels, data.Labels, npt.NDArray[np.bool_]]:
    """Answers for each part by models that read the others, and what has a copy in the others.

    Returns the model's answers, those of its words and letters alone, those with signs, and
    whether a copy was read.
    """
    everything = np.arange(len(comments.texts))
    normal = np.array([_NO_LETTER.sub(" ", text.casefold()).strip() for text in comments.texts])
    found, alone, judged = (np.zeros(len(normal), dtype=np.int64) for _ in range(3))
    is_copy = np.zeros(len(normal), dtype=np.bool_)
    for part in parts:
        read = np.setdiff1d(everything, part)
        model = models.fit_spam(Examples(features.take(read), comments.labels[read]))
        seen = features.take(part)
        chances = model.probabilities(seen)[:, 1]
        found[part] = chances >= spam.SURE
        alone[part] = model.member_scores("hashed", seen).argmax(axis=1)
        judged[part] = [
            spam.verdict(float(chance), comments.texts[index]).is_spam
            for chance, index in zip(chances, part, strict=True)
        ]
        is_copy[part] = np.isin(normal[part], normal[read])
    return found, alone, judged, is_copy
