"""How good each annotation is on labelled data, beside a baseline read in the same run.

Every figure carries a 95 % interval: bootstrap percentiles over the texts, seeded. Sets that a
threshold was chosen on are marked, because a figure on them flatters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.language import UNKNOWN, Identifier
from spark_jobs.nlp.lexicon_features import LexiconFeatures
from spark_jobs.nlp.training import data

RESAMPLES = 1_000
NEUTRAL_ZONE = 0.05
"""Compound scores that VADER's authors call neutral, on either side of zero."""
Truth = npt.NDArray[np.int64]
Measure = Callable[[Truth, Truth], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number, its 95 % interval, and what it is held against."""

    name: str
    texts_count: int
    value: float
    low: float
    high: float
    baseline_name: str
    baseline: float
    bar: float
    remark: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the bar lies in or below the interval: misses by chance are no misses."""
        return self.high >= self.bar


def macro_f1(truth: Truth, found: Truth) -> float:
    """Mean over labels of the F1 of each."""
    return float(f1_score(truth, found, average="macro"))


def accuracy(truth: Truth, found: Truth) -> float:
    """Share of right answers."""
    return float(np.mean(truth == found))


def language_figures(folder: Path) -> Iterator[Figure]:
    """Language of sentences, word pairs and tweets, against py3langid or lingua alone."""
    identifier = Identifier()
    remark = "thresholds were chosen on this set"
    for language in ("en", "fr"):
        sentences = data.lines(folder / "language_id" / "sentences" / f"{language}.txt")
        pairs = data.lines(folder / "language_id" / "word-pairs" / f"{language}.txt")
        tweets = data.sentiment(folder, language, "train")[0]
        for name, texts, bar in (("sentences", sentences, 0.995), ("tweets", tweets, 0.993)):
            right = np.array([identifier.identify(text).language == language for text in texts])
            alone = np.array([identifier.alone("py3langid", text) == language for text in texts])
            yield _shares(f"language, {name}, {language}", right, ("py3langid", alone), bar, remark)
        answers = [identifier.identify(text).language for text in pairs]
        answered = np.array([answer != UNKNOWN for answer in answers])
        right = np.array([answer == language for answer in answers if answer != UNKNOWN])
        alone = np.array([identifier.alone("lingua", text) == language for text in pairs])
        always = np.ones(len(pairs))
        name = f"language, word pairs, {language}"
        yield _shares(f"{name}: answered", answered, ("lingua", always), 0.80, remark)
        yield _shares(f"{name}: right of those", right, ("lingua", alone), 0.97, remark)


def sentiment_figures(folder: Path) -> Iterator[Figure]:
    """Sentiment of the validation tweets, against the VADER lexicon of the language."""
    for language in data.LANGUAGES:
        texts, truth = data.sentiment(folder, language, "val")
        reader = FeatureReader(language, load_encoder())
        model = stacked.load(f"sentiment_{language}")
        found = model.probabilities(reader.read(texts)).argmax(axis=1)
        lexicon = LexiconFeatures(language)
        baseline = np.array([_vader(lexicon.compound(text)) for text in texts])
        yield _scored(f"sentiment, macro-F1, {language}", truth, found, ("VADER", baseline), 0.66)


def emotion_figures(folder: Path) -> Iterator[Figure]:
    """Emotion of the validation tweets, against the model's words and letters alone."""
    texts, truth = data.emotion(folder, "val")
    features = FeatureReader("en", load_encoder()).read(texts)
    model = stacked.load("emotion_en")
    found = model.probabilities(features).argmax(axis=1)
    alone = model.member_scores("hashed", features).argmax(axis=1)
    yield _scored("emotion, macro-F1, en", truth, found, ("TF-IDF", alone), 0.60)


FIGURES: tuple[Callable[[Path], Iterator[Figure]], ...] = (
    language_figures,
    sentiment_figures,
    emotion_figures,
)
"""Everything that ``evaluate`` measures."""


def _vader(compound: float) -> int:
    return 1 if abs(compound) < NEUTRAL_ZONE else (2 if compound > 0 else 0)


def _shares(
    name: str,
    right: npt.NDArray[np.bool_],
    baseline: tuple[str, npt.NDArray[np.float64] | npt.NDArray[np.bool_]],
    bar: float,
    remark: str,
) -> Figure:
    truth = np.ones(len(right), dtype=np.int64)
    low, high = _interval(accuracy, truth, right.astype(np.int64))
    value, alone = float(right.mean()), float(baseline[1].mean())
    return Figure(name, len(right), value, low, high, baseline[0], alone, bar, remark)


def _scored(
    name: str, truth: Truth, found: Truth, baseline: tuple[str, Truth], bar: float
) -> Figure:
    low, high = _interval(macro_f1, truth, found)
    value, alone = macro_f1(truth, found), macro_f1(truth, baseline[1])
    return Figure(name, len(truth), value, low, high, baseline[0], alone, bar)


def _interval(measure: Measure, truth: Truth, found: Truth) -> tuple[float, float]:
    random = np.random.default_rng(0)
    values: Sequence[float] = [
        measure(truth[drawn], found[drawn])
        for drawn in (random.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES))
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
