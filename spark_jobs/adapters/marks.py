"""Handles, hashtags and links that are written in a text, where a source does not list them.

Each function returns what it finds once, in the order of the text. Only spelling is judged
here; whether a handle or a link exists is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.tables.declaration import STRINGS

# Each begins with a letter to search for, and looks back afterwards: ten times as fast.
_AT_HANDLE = re.compile(r"@(?<![\w@]@)([A-Za-z0-9_]{1,50}+)(?![\w@])", re.ASCII)
_REDDIT_HANDLE = re.compile(
    r"u/(?:(?<![\w/]u/)|(?<=/u/)(?<![\w/]/u/))([A-Za-z0-9_-]{3,20}+)(?![\w/-])", re.ASCII
)
_HASHTAG = re.compile(r"#(?<![\w&/#]#)(\w*[^\W\d_]\w*)")
_LINK = re.compile(r"https?://[^\s<>\"\[\]]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?'*_~…"


def distinct(found: list[str]) -> list[str]:
    """``found`` without repetitions, in its order."""
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Mark:
    """Something that texts have: a ``pattern``, whose first group is what is found if it has one.

    All of them hold the ``sign``, by which most texts are told to have none. No pattern reaches
    over the end of a line.
    """

    sign: str
    pattern: re.Pattern[str]
    change: Callable[[str], str] = str.lower

    def in_text(self, text: str) -> list[str]:
        """What is found in one text."""
        if self.sign not in text:
            return []
        return distinct([self.change(found) for found in self.pattern.findall(text)])

    def in_texts(self, texts: pa.Array) -> pa.Array:
        """The same for many texts, which are looked through as one; nothing for a null."""
        has_sign = pc.fill_null(pc.match_substring(texts, self.sign), False)
        rows = pc.indices_nonzero(has_sign).to_numpy()
        chosen = texts.filter(has_sign)
        starts = np.cumsum(pc.add(pc.utf8_length(chosen), 1).to_numpy())
        matches = list(self.pattern.finditer("\n".join(chosen.to_pylist())))
        positions = [match.start() for match in matches]
        of_match = rows[np.searchsorted(starts, positions, side="right")].tolist()
        found = [self.change(match[match.lastindex or 0]) for match in matches]
        pairs = dict.fromkeys(zip(of_match, found, strict=True))
        counts = np.bincount([row for row, _ in pairs], minlength=len(texts))
        offsets = np.concatenate([[0], np.cumsum(counts)])
        return pa.ListArray.from_arrays(
            pa.array(offsets, pa.int32()), pa.array([each for _, each in pairs], pa.string())
        ).cast(STRINGS)


def at_handles(text: str) -> list[str]:
    """Handles written as ``@name``, lower case; e-mail addresses are none."""
    return AT_HANDLES.in_text(text)


def reddit_handles(text: str) -> list[str]:
    """Handles written as ``u/name`` or ``/u/name``, lower case."""
    return REDDIT_HANDLES.in_text(text)


def hashtags(text: str) -> list[str]:
    """Hashtags, lower case, without ``#``; a number alone is none."""
    return HASHTAGS.in_text(text)


def links(text: str) -> list[str]:
    """Web addresses as written, without the punctuation of the sentence around them."""
    return LINKS.in_text(text)


def _trimmed(link: str) -> str:
    while True:
        shorter = link.rstrip(_AFTER_LINK)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        # Markdown writes [name](link): what follows the unmatched parenthesis is the next word.
        if shorter == link:
            return link
        link = shorter


AT_HANDLES = Mark("@", _AT_HANDLE)
REDDIT_HANDLES = Mark("u/", _REDDIT_HANDLE)
HASHTAGS = Mark("#", _HASHTAG)
LINKS = Mark("://", _LINK, _trimmed)
