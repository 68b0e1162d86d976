"""The company's own names in a text: brands, their other spellings, products.

What the company declares beats what a model guesses: a name is found in any language, with or
without accents and capitals, as a hashtag, and with its words run together. Reading the
declaration from the lake is the job's business.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

VERSION = "1"


@dataclass(frozen=True)
class Catalogue:
    """Names to find and handles that stay readable; all of it is part of the version."""

    brands: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    public_handles: frozenset[str] = frozenset()
    """Case-folded, without @."""

    def digest(self) -> str:
        """Twelve hexadecimal digits that change with the content."""
        content = [sorted(self.brands), sorted(self.products), sorted(self.public_handles)]
        encoded = json.dumps(content, ensure_ascii=True).encode()
        return hashlib.blake2b(encoded, digest_size=6).hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether there is no name to find."""
        return not self.brands and not self.products


@dataclass(frozen=True, slots=True)
class Found:
    """A named thing: characters ``start`` to ``end`` of the text, and what it is."""

    start: int
    end: int
    label: str


class CatalogueMatcher:
    """Finds the names of a catalogue; of two that overlap, the longer one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._label_of: dict[str, str] = {}
        for label, names in (("product", catalogue.products), ("brand", catalogue.brands)):
            for name in names:
                if key := _key(name):
                    self._label_of[key] = label
        names = (*catalogue.brands, *catalogue.products)
        spellings = sorted({_spelling(name) for name in names if _key(name)}, key=len)
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(reversed(spellings))})(?!\w)") if spellings else None
        )

    def find(self, text: str) -> Iterator[Found]:
        """The names in ``text``, from left to right, none overlapping another."""
        if self._pattern is None:
            return
        folded = fold(text)
        for match in self._pattern.finditer(folded):
            yield Found(match.start(), match.end(), self._label_of[_key(match.group())])


class _Folding(dict[int, str]):
    """Each character to its lower-case base letter, one for one, so that offsets stay."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[:1].lower()
        self[code] = base if len(base) == 1 else character
        return self[code]


_FOLDING = _Folding({ord("’"): "'", ord("ʼ"): "'"})


def fold(text: str) -> str:
    """``text`` without accents and capitals, as many characters as before."""
    return text.translate(_FOLDING)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(name))


def _key(name: str) -> str:
    return "".join(_words(name))


def _spelling(name: str) -> str:
    return r"[\s_'&+.-]{0,3}".join(re.escape(word) for word in _words(name))
