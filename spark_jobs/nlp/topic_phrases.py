"""The phrases that tell a topic from all others, in each language.

A phrase is one to three words that neither begins nor ends with a stop word. Its score in a topic
is the log-odds ratio against all other texts with an informative Dirichlet prior, as a z score
(Monroe, Colaresi and Quinn 2008, "Fightin' Words"); a text counts a phrase once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache
from importlib import import_module

import numpy as np

from spark_jobs.nlp.links import LINK

VERSION = "2"
LONGEST = 1_000
"""Characters read of a text."""
MOST_WORDS = 3
FEWEST_TEXTS = 3
PRIOR_TEXTS = 50.0
"""Weight of the prior: as if so many texts of a topic had said what all texts say."""
LEAST_Z = 3.0
PHRASES = 8
_IGNORED = re.compile(LINK + r"|<\w+>|@\w+|&\w+;")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]")


def phrases(
    text: str, language: str, names: Set[str] = frozenset(), longest: int = MOST_WORDS
) -> list[str]:
    """The phrases of a text, in lower case and in its order, each once.

    Args:
        text: without personal data.
        language: one whose stop words spaCy knows.
        names: words in lower case that name a brand and so tell no topic.
        longest: most words of a phrase.
    """
    stops = stop_words(language)
    found: dict[str, None] = {}
    for clause in re.split(r"[^\w\s'’-]|\n", _IGNORED.sub(".", text[:LONGEST].lower())):
        words = [_ELISION.sub("", word) for word in _WORD.findall(clause)]
        for start, word in enumerate(words):
            if word in stops or word in names or len(word) < 2:
                continue
            for end in range(start + 1, min(start + longest, len(words)) + 1):
                last = words[end - 1]
                if last in names:
                    break
                if last not in stops and len(last) > 1:
                    found[" ".join(words[start:end])] = None
    return list(found)


def distinguishing(counts: Sequence[Counter[str]], texts: Sequence[int]) -> list[list[str]]:
    """The phrases of each topic that others have less, the clearest first.

    Args:
        counts: of each topic, how many of its texts have each phrase.
        texts: of each topic, how many texts it has.
    """
    everywhere: Counter[str] = Counter()
    for counter in counts:
        everywhere.update(counter)
    size = max(1, sum(texts))
    return [
        _unnested(sorted(_scores(counter, here, everywhere, size).items(), key=_clearest))
        for counter, here in zip(counts, texts, strict=True)
    ]


def label(by_language: Mapping[str, Sequence[str]]) -> str:
    """A short name: the two clearest phrases of each language that has any."""
    parts = [", ".join(found[:2]) for _, found in sorted(by_language.items()) if found]
    return " / ".join(parts)


def count(texts: Iterable[tuple[str, str]], names: Set[str] = frozenset()) -> Counter[str]:
    """How many of (language, text) have each phrase."""
    counter: Counter[str] = Counter()
    for language, text in texts:
        counter.update(phrases(text, language, names))
    return counter


@lru_cache(maxsize=8)
def stop_words(language: str) -> frozenset[str]:
    """SpaCy's stop words of a language."""
    return frozenset(import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS)


def _scores(
    here: Counter[str], texts: int, everywhere: Counter[str], size: int
) -> dict[str, float]:
    scores = {}
    others = size - texts
    for phrase, found in here.items():
        if found < FEWEST_TEXTS:
            continue
        prior = PRIOR_TEXTS * everywhere[phrase] / size
        elsewhere = everywhere[phrase] - found
        odds = (found + prior) / max(texts + PRIOR_TEXTS - found - prior, 0.5)
        other_odds = (elsewhere + prior) / max(others + PRIOR_TEXTS - elsewhere - prior, 0.5)
        spread = np.sqrt(1 / (found + prior) + 1 / (elsewhere + prior))
        z = float(np.log(odds / other_odds) / spread)
        if z >= LEAST_Z:
            scores[phrase] = z
    return scores


def _clearest(scored: tuple[str, float]) -> tuple[float, int, str]:
    return (-scored[1], scored[0].count(" "), scored[0])


def _unnested(ranked: Sequence[tuple[str, float]]) -> list[str]:
    """The first phrases of which none is part of one before it, or has one as its part."""
    kept: list[str] = []
    for phrase, _ in ranked:
        if not any(
            f" {phrase} " in f" {other} " or f" {other} " in f" {phrase} " for other in kept
        ):
            kept.append(phrase)
        if len(kept) == PHRASES:
            break
    return kept
