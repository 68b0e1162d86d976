"""How good the language of a text is; the thresholds were chosen on the same sets.

Those of word pairs were chosen on every other pair, which are not measured. Languages beyond
English and French have bars of our own, to notice a fall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from spark_jobs.nlp.language import UNKNOWN, Identifier
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, shares

_REMARK = "thresholds were chosen on this set"
_REMARK_OF_PAIRS = "thresholds were chosen on the other half of the set, the prior on both"


def language_figures(folder: Path) -> Iterator[Figure]:
    """Language of sentences, word pairs and tweets, against py3langid and lingua alone."""
    identifier = Identifier()
    known = sorted(path.stem for path in (folder / "language_id" / "sentences").glob("*.txt"))
    for language in ("en", "fr"):
        read = {
            "sentences": _labelled(folder, "sentences", [language]),
            "tweets": [(text, language) for text in data.sentiment(folder, language, "train")[0]],
        }
        for (name, labelled), bar in zip(read.items(), (0.995, 0.993), strict=True):
            yield _right(identifier, f"language, {name}, {language}", labelled, bar)
        pairs = _labelled(folder, "word-pairs", [language])[1::2]
        yield from _of_those_answered(identifier, f"language, word pairs, {language}", pairs)
    everywhere = f"all {len(known)} languages"
    sentences = _labelled(folder, "sentences", known)
    yield _right(identifier, f"language, sentences, {everywhere}", sentences, 0.98)
    pairs = _labelled(folder, "word-pairs", known)[1::2]
    yield from _of_those_answered(identifier, f"language, word pairs, {everywhere}", pairs)


def _labelled(folder: Path, kind: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Texts and their language."""
    return [
        (text, language)
        for language in languages
        for text in data.lines(folder / "language_id" / kind / f"{language}.txt")
    ]


def _right(
    identifier: Identifier, name: str, labelled: Sequence[tuple[str, str]], bar: float
) -> Figure:
    right = np.array([identifier.identify(text).language == code for text, code in labelled])
    alone = {
        model: np.array([identifier.alone(model, text) == code for text, code in labelled])
        for model in ("py3langid", "lingua")
    }
    figure = shares(name, right, ("py3langid", alone["py3langid"]), bar, _REMARK)
    return replace(figure, others=(("lingua", float(alone["lingua"].mean())),))


def _of_those_answered(
    identifier: Identifier, name: str, labelled: Sequence[tuple[str, str]]
) -> Iterator[Figure]:
    """How many short texts get an answer, and how many of these a right one.

    The models alone always answer, so theirs is the share of all texts.
    """
    answers = [identifier.identify(text).language for text, _ in labelled]
    answered = np.array([answer != UNKNOWN for answer in answers])
    right = np.array(
        [
            answer == code
            for answer, (_, code) in zip(answers, labelled, strict=True)
            if answer != UNKNOWN
        ]
    )
    alone = {
        model: np.array([identifier.alone(model, text) == code for text, code in labelled])
        for model in ("lingua", "py3langid")
    }
    always = np.ones(len(labelled))
    yield shares(f"{name}: answered", answered, ("lingua", always), 0.80, _REMARK_OF_PAIRS)
    figure = shares(
        f"{name}: right of those", right, ("lingua", alone["lingua"]), 0.97, _REMARK_OF_PAIRS
    )
    yield replace(figure, others=(("py3langid", float(alone["py3langid"].mean())),))
