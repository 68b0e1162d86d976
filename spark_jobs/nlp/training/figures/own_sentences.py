"""How good the annotations are that no public data has labels for, on sentences of our own.

Those of insults were written before any rule was run on them, and no rule was changed for them; no
training reads any of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.feelings import Feelings
from spark_jobs.nlp.spam import MODEL, SpamJudge
from spark_jobs.nlp.toxicity import rules_of
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, Truth, detected, scored

_INSULT_BARS = {"en": 0.65, "fr": 0.77}


def own_sentence_figures(folder: Path) -> Iterator[Figure]:  # noqa: ARG001 - as all do
    """Insults in both languages; spam and emotion in French."""
    for language, bar in _INSULT_BARS.items():
        labels, texts = data.own_sentences(f"toxicity_{language}_held")
        truth = _are(labels, "1")
        found = np.array([int(rules_of(language).find(text).is_insult) for text in texts])
        right = (truth & found).sum()
        yield detected(
            f"insults, F1, {language}",
            truth,
            found,
            ("every text", np.ones(len(truth), dtype=np.int64)),
            bar,
            f"precision {right / found.sum():.2f}, recall {right / truth.sum():.2f}",
        )
    reader = FeatureReader("fr", load_encoder())
    labels, texts = data.own_sentences("spam_fr")
    features = reader.read(texts)
    words = stacked.load(MODEL).member_scores("hashed", features).argmax(axis=1)
    yield detected(
        "is_spam in silver, F1, fr",
        _are(labels, "1"),
        np.array([int(one.is_spam) for one in SpamJudge().judge(features, texts)]),
        ("TF-IDF", (words == 1).astype(np.int64)),
        0.85,
        "the model was trained on comments in English",
    )
    labels, texts = data.own_sentences("emotion_fr")
    names = sorted(set(labels))
    felt = [feeling.emotion for feeling in Feelings("fr").feel(reader.read(texts))]
    truth = np.array([names.index(label) for label in labels])
    commonest = np.full(len(truth), np.bincount(truth).argmax())
    yield scored(
        "emotion, macro-F1, fr",
        truth,
        np.array([names.index(label) if label in names else len(names) for label in felt]),
        ("the commonest", commonest),
        0.65,
    )


def _are(labels: list[str], label: str) -> Truth:
    return np.array([int(each == label) for each in labels])
