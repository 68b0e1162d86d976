"""Handles, hashtags and links that are written in a text, where a source does not list them.

Each function returns what it finds once, in the order of the text. Only spelling is judged
here; whether a handle or a link exists is not known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.text_bytes import Numbers, bytes_of
from spark_jobs.tables.declaration import STRING, STRINGS

# Accents that stand apart from their letter, and the vowel signs of many scripts.
_SIGN = "[{}]".format(
    "".join(chr(n) for n in range(0x300, 0x3100) if unicodedata.category(chr(n)).startswith("M"))
)
# Each begins with a letter to search for, and looks back afterwards: ten times as fast.
_AT_HANDLE = re.compile(r"@(?<![\w@]@)([A-Za-z0-9_]{1,50}+)(?![\w@])", re.ASCII)
_REDDIT_HANDLE = re.compile(
    r"u/(?:(?<![\w/]u/)|(?<=/u/)(?<![\w/]/u/))([A-Za-z0-9_-]{3,20}+)(?![\w/-])", re.ASCII
)
_HASHTAG = re.compile(rf"#(?<![\w&/#]#)((?:\w|{_SIGN})*[^\W\d_](?:\w|{_SIGN})*)")
_LINK = re.compile(r"https?://[^\s<>\"\[\]]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?'*_~…"
_AT = ord("@")
_LONGEST_HANDLE = 50
_IS_WORD = np.array(
    [(chr(byte).isalnum() and byte < 128) or chr(byte) == "_" for byte in range(256)]
)


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
        found = bytes_of(texts)
        rows = np.unique(found.texts_at(found.places_of(self.sign.encode())))
        chosen = texts.take(pa.array(rows))
        starts = np.cumsum(pc.add(pc.utf8_length(chosen), 1).to_numpy())
        matches = list(self.pattern.finditer("\n".join(chosen.to_pylist())))
        positions = [match.start() for match in matches]
        of_match = rows[np.searchsorted(starts, positions, side="right")]
        written = [self.change(match[match.lastindex or 0]) for match in matches]
        return _lists(of_match, pa.array(written, STRING), len(texts))


class _AtHandles(Mark):
    """Handles, which nearly every text of a service has: found among the bytes of all."""

    def in_texts(self, texts: pa.Array) -> pa.Array:
        """See ``Mark``."""
        found = bytes_of(texts)
        content, bounds = found.content, found.bounds
        signs = found.places_of(b"@")
        of_sign = found.texts_at(signs)
        breaks = np.append(np.flatnonzero(~_IS_WORD[content]), len(content))
        stops = np.minimum(breaks[np.searchsorted(breaks, signs + 1)], bounds[of_sign + 1])
        lengths = stops - signs - 1
        before, after = content[signs - 1], content[np.minimum(stops, len(content) - 1)]
        is_handle = (
            (lengths > 0)
            & (lengths <= _LONGEST_HANDLE)
            & ((signs == bounds[of_sign]) | ~(_IS_WORD[before] | (before == _AT)))
            & ((stops == bounds[of_sign + 1]) | (after != _AT))
        )
        lengths = lengths[is_handle]
        ends = np.cumsum(lengths)
        begins = signs[is_handle] + 1
        places = np.arange(lengths.sum()) + np.repeat(begins - (ends - lengths), lengths)
        handles = pa.StringArray.from_buffers(
            len(lengths),
            pa.py_buffer(np.concatenate([[0], ends]).astype(np.int32)),
            pa.py_buffer(content[places]),
        )
        return _lists(of_sign[is_handle], pc.ascii_lower(handles), len(texts))


def _lists(rows: Numbers, found: pa.Array, count: int) -> pa.Array:
    """What was found in ``count`` texts, once in each: ``rows`` are the texts, in order."""
    numbers = found.dictionary_encode().indices.to_numpy()
    _, firsts = np.unique(rows * (len(found) + 1) + numbers, return_index=True)
    firsts.sort()
    counts = np.bincount(rows[firsts], minlength=count)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), found.take(pa.array(firsts))
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


AT_HANDLES = _AtHandles("@", _AT_HANDLE)
REDDIT_HANDLES = Mark("u/", _REDDIT_HANDLE)
HASHTAGS = Mark("#", _HASHTAG)
LINKS = Mark("://", _LINK, _trimmed)
