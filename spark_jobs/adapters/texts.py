"""What becomes of a text between its delivery and bronze, once for all adapters.

Only two things are ever changed in what people wrote, and both undo what a program did to it:
escapes that the source documents, and mojibake, which is UTF-8 that some program took for another
encoding and saved so, such as ``Ã©`` for ``é``. Where a text was mended, ``is_text_repaired`` says
so, and ``raw`` keeps what was delivered. ``docs/text-as-delivered.md`` lists all treatments.

Mojibake is mended only where the whole text makes sense as its result: a sound letter outside
ASCII anywhere in it shows that the text was not mistaken as a whole, and that who wrote ``Ã©``
meant it. Markup of posts is the business of ``html_text``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ftfy import TextFixerConfig, fix_encoding

from spark_jobs.adapters.outcomes import digests_of, hexadecimal, text_key
from spark_jobs.adapters.text_bytes import Numbers, bytes_of
from spark_jobs.tables.declaration import STRING

_CONFIGURATION = TextFixerConfig(
    unescape_html=False, replace_lossy_sequences=False, decode_inconsistent_utf8=False
)
_STARTS = {
    "latin-1": range(0xC2, 0xF5),
    "cp1252": range(0xC2, 0xF5),
    # Those of accented letters, of punctuation and of emoji; others begin sound French words.
    "mac-roman": (0xC2, 0xC3, 0xC5, 0xE2, 0xF0),
}
"""Encodings that UTF-8 is mistaken for, and which bytes that start a letter are looked for."""


def _signs_of_mojibake() -> re.Pattern[str]:
    """What at least one letter of every text with mojibake looks like; few sound texts do.

    A letter outside ASCII has two to four bytes in UTF-8, of which the first says how many: read
    in an encoding of one byte a letter, they are as many characters of known classes.
    """

    def characters(encoding: str, numbers: Iterable[int]) -> str:
        return re.escape(bytes(numbers).decode(encoding, "ignore"))

    sequences = []
    for encoding, numbers in _STARTS.items():
        following = f"[{characters(encoding, range(0x80, 0xC0))}]"
        for first, last, count in ((0xC2, 0xDF, 1), (0xE0, 0xEF, 2), (0xF0, 0xF4, 3)):
            start = characters(encoding, (n for n in numbers if first <= n <= last))
            sequences.append(f"(?<=[{start}]){following}{{{count}}}")
    # In sound words a letter outside ASCII mostly stands alone: that is looked at first.
    several = rf"(?=[^\x00-\x7f])(?:{'|'.join(sequences)})"
    return re.compile(rf"[^\x00-\x7f](?:{several}|(?<=[\x80-\x9f]))")


_SIGN = _signs_of_mojibake()


def text_columns(text: str | None) -> dict[str, Any]:
    """The columns of a text that is otherwise as it should be: itself, mended, and its key."""
    if not text:
        return {"text": None, "text_key": None, "is_text_repaired": None}
    mended = without_mojibake(text)
    return {"text": mended, "text_key": text_key(mended), "is_text_repaired": mended != text}


def without_mojibake(text: str) -> str:
    """A text as it was before a program mistook its encoding; itself where none did."""
    if text.isascii() or not _SIGN.search(text):
        return text
    return fix_encoding(text, _CONFIGURATION)


def text_arrays(texts: pa.Array) -> dict[str, pa.Array]:
    """The same columns of an array of texts."""
    given = pc.if_else(pc.equal(pc.binary_length(texts), 0), None, texts)
    mended = given
    others = _may_have_signs(given)
    suspected = given.take(pa.array(others))
    found = pa.array([without_mojibake(text) for text in suspected.to_pylist()], STRING)
    if found != suspected:
        order = np.arange(len(given))
        order[others] = len(given) + np.arange(len(others))
        mended = pa.concat_arrays([given, found]).take(pa.array(order))
    keys = digests_of(mended.cast(pa.binary()).to_pylist())
    return {
        "text": mended,
        "text_key": hexadecimal(keys),
        "is_text_repaired": pc.not_equal(mended, given),
    }


def _may_have_signs(texts: pa.Array) -> Numbers:
    """All texts with two letters outside ASCII in a row, or with a control character outside it.

    Each sign of mojibake has one of them. Of two such letters the first ends with a byte that
    goes on, and the second begins with one that does not. Two texts may have them between them.
    """
    found = bytes_of(texts)
    before, after = found.content[:-1], found.content[1:]
    is_pair = (before & 0xC0 == 0x80) & (after >= 0xC0)
    is_control = (before == 0xC2) & (after < 0xA0)
    return np.unique(found.texts_at(np.flatnonzero(is_pair | is_control)))


def array_without_markup_escapes(texts: pa.Array) -> pa.Array:
    """Texts with the same escapes undone as ``without_markup_escapes`` undoes in one."""
    for escape, character in _MARKUP_ESCAPES:
        if len(bytes_of(texts).places_of(escape.encode())):
            texts = pc.replace_substring(texts, escape, character)
    return texts


_MARKUP_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def without_markup_escapes(text: str) -> str:
    """A text with the escapes ``&lt;``, ``&gt;`` and ``&amp;`` undone, and no others.

    Reddit and X escape these three in the texts of posts, and nothing else: not in profiles.
    """
    if "&" not in text:
        return text
    for escape, character in _MARKUP_ESCAPES:
        text = text.replace(escape, character)
    return text
