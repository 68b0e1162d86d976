"""How good spam is told: each fifth of the comments held back once, each video left out once.

The shipped model has read all comments, so it is trained again for each part. Told that a text is
a comment below a video, the model weighs spam against other comments; silver is not told, and
asks for a sign besides, so that ordinary customers are not called spam: both are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import StratifiedKFold

from spark_jobs.nlp import spam
from spark_jobs.nlp.features import FeatureReader, Features, load_encoder
from spark_jobs.nlp.stacked import load
from spark_jobs.nlp.training import data, models
from spark_jobs.nlp.training.figures.measures import Figure, detected, shares
from spark_jobs.nlp.training.stacking import Examples

FOLDS = 5
ORDINARY_TEXTS = 400
"""Texts of each kind that were not read in training, on which false alarms are counted."""
Parts = Sequence[npt.NDArray[np.int64]]
_NO_LETTER = re.compile(r"[\W_\d]+")
_SPAM = models.SPAM_LABELS.index("spam")


def spam_figures(folder: Path, is_quick: bool = False) -> Iterator[Figure]:
    """F1 of spam against TF-IDF alone, and ordinary texts that are not called spam.

    Each part costs a training. To be quick, only the first fifth is measured, and no video: they
    differ too much for one to stand for all.
    """
    comments = data.spam(folder)
    texts, labels = models.spam_examples(folder)
    reader = FeatureReader("en", load_encoder())
    examples = Examples(reader.read(texts), labels)
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    fifths = [held for _, held in split.split(comments.texts, comments.labels)]
    videos = [np.flatnonzero(comments.videos == video) for video in np.unique(comments.videos)]
    fifths = fifths[:1] if is_quick else fifths
    yield from _held_out_figures("held-back fifth", examples, comments, fifths, 0.955)
    if not is_quick:
        yield from _held_out_figures("video left out", examples, comments, videos, 0.945)
    yield from _ordinary_figures(folder, reader)


@dataclass(frozen=True)
class _Answers:
    """What models that did not read some comments say of these, in one order."""

    truth: data.Labels
    told: data.Labels
    alone: data.Labels
    silver: data.Labels
    is_copy: npt.NDArray[np.bool_]


def _held_out_figures(
    name: str, examples: Examples, comments: data.Spam, parts: Parts, bar: float
) -> Iterator[Figure]:
    found = _held_out(examples, comments.texts, parts)
    rest = ~found.is_copy
    yield detected(
        f"spam of comments, F1, {name}",
        found.truth,
        found.told,
        ("TF-IDF", found.alone),
        bar,
        "strengths were chosen on these comments",
    )
    yield detected(
        f"spam of comments, F1, {name}, copies left out",
        found.truth[rest],
        found.told[rest],
        ("TF-IDF", found.alone[rest]),
        0.92,
        f"{found.is_copy.sum():,} comments have a copy in the training part",
    )
    yield detected(
        f"is_spam in silver, F1, {name}",
        found.truth,
        found.silver,
        ("TF-IDF", found.alone),
        0.89,
        "not told that it is a comment, and asks for a sign",
    )


def _held_out(examples: Examples, texts: Sequence[str], parts: Parts) -> _Answers:
    normal = np.array([_NO_LETTER.sub(" ", text.casefold()).strip() for text in texts])
    everything = np.arange(len(examples.labels))
    answers = []
    for part in parts:
        read = np.setdiff1d(everything, part)
        model = models.fit_spam(Examples(examples.features.take(read), examples.labels[read]))
        seen = examples.features.take(part)
        chances = model.probabilities(seen)
        words = model.member_scores("hashed", seen)
        silver = [
            spam.verdict(float(chance), texts[index]).is_spam
            for chance, index in zip(chances[:, _SPAM], part, strict=True)
        ]
        answers.append(
            (
                examples.labels[part],
                chances[:, :2].argmax(axis=1),
                words[:, :2].argmax(axis=1),
                np.array(silver, dtype=np.int64),
                np.isin(normal[part], normal[read[read < len(normal)]]),
            )
        )
    return _Answers(*(np.concatenate(column) for column in zip(*answers, strict=True)))


def _ordinary_figures(folder: Path, reader: FeatureReader) -> Iterator[Figure]:
    """Share of ordinary texts that are not called spam, against words and letters alone."""
    judge, model = spam.SpamJudge(), load(spam.MODEL)
    for kind, drawn in data.elsewhere(folder).items():
        texts = drawn[data.ELSEWHERE_TEXTS :][:ORDINARY_TEXTS]
        features: Features = reader.read(texts)
        right = np.array([not found.is_spam for found in judge.judge(features, texts)])
        words = model.member_scores("hashed", features).argmax(axis=1) != _SPAM
        yield shares(
            f"no spam, {kind}", right, ("TF-IDF", words), 0.99, "unlabelled: a few may be spam"
        )
