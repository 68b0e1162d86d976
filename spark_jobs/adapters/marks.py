"""Handles, hashtags and links that are written in a text, where a source does not list them.

Each function returns what it finds once, in the order of the text. Only spelling is judged
here; whether a handle or a link exists is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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


def found_in(texts: pa.Array, sign: str, find: Callable[[str], list[str]]) -> pa.Array:
    """What ``find`` finds in each text; in a null, or without the ``sign``, it finds nothing."""
    has_sign = pc.fill_null(pc.match_substring(texts, sign), False)
    lists = [find(text) for text in texts.filter(has_sign).to_pylist()]
    places = np.full(len(texts), len(lists))
    places[has_sign.to_numpy(zero_copy_only=False)] = np.arange(len(lists))
    return pa.array([*lists, []], STRINGS).take(pa.array(places))


def at_handles(text: str) -> list[str]:
    """Handles written as ``@name``, lower case; e-mail addresses are none."""
    return distinct([name.lower() for name in _AT_HANDLE.findall(text)]) if "@" in text else []


def reddit_handles(text: str) -> list[str]:
    """Handles written as ``u/name`` or ``/u/name``, lower case."""
    return distinct([name.lower() for name in _REDDIT_HANDLE.findall(text)]) if "u/" in text else []


def hashtags(text: str) -> list[str]:
    """Hashtags, lower case, without ``#``; a number alone is none."""
    return distinct([tag.lower() for tag in _HASHTAG.findall(text)]) if "#" in text else []


def links(text: str) -> list[str]:
    """Web addresses as written, without the punctuation of the sentence around them."""
    return distinct([_trimmed(link) for link in _LINK.findall(text)]) if ":" in text else []


def _trimmed(link: str) -> str:
    while True:
        shorter = link.rstrip(_AFTER_LINK)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        # Markdown writes [name](link): what follows the unmatched parenthesis is the next word.
        if shorter == link:
            return link
        link = shorter
