"""The company's own names in a text: brands, their other spellings, products.

What the company declares beats what a model guesses: a name is found in any language, with or
without accents and capitals, in the plural, with its words run together, alone or inside a
hashtag, and with one slip of the finger where it is long and no other word. A name that is also
an ordinary word counts only with support (``names_in_context``). Reading the declaration from
the lake is the job's business.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from spark_jobs.nlp.common_words import common_among
from spark_jobs.nlp.folding import fold
from spark_jobs.nlp.names_in_context import Context, words_of

VERSION = "2"
SHORTEST_PLURAL = 4
"""Letters of the last word from which it may carry an s or x."""
SHORTEST_SLIPPED = 7
"""Letters of a one-word name from which a slip still tells it from other words."""
LONGEST_NAME = 6
"""Words of a hashtag that are tried together as one name."""
CATALOGUE, MODEL = "catalogue", "model"
_CAMEL = re.compile(r"[^\W\d_][^\W\d_A-ZÀ-ÖØ-Þ]*+|\d++")
_HASHTAG = re.compile(r"#(\w{2,100}+)")


@dataclass(frozen=True)
class Catalogue:
    """Names to find and handles that stay readable; all of it is part of the version."""

    brands: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    public_handles: frozenset[str] = frozenset()
    """Case-folded, without @."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Other spellings of brands: alias and brand."""

    def digest(self) -> str:
        """Twelve hexadecimal digits that change with the content."""
        content = (
            sorted(self.brands),
            sorted(self.products),
            sorted(self.public_handles),
            sorted(self.aliases),
        )
        encoded = json.dumps(content, ensure_ascii=True).encode()
        return hashlib.blake2b(encoded, digest_size=6).hexdigest()

    @property
    def brand_words(self) -> frozenset[str]:
        """The words of the brands' names, in lower case."""
        return frozenset(word for brand in self.brands for word in brand.lower().split())

    @property
    def is_empty(self) -> bool:
        """Whether there is no name to find."""
        return not self.brands and not self.products and not self.aliases


@dataclass(frozen=True, slots=True)
class Found:
    """A named thing: characters ``start`` to ``end`` of the text, and what it is.

    ``canonical`` is its name in the catalogue; null where ``origin`` is the model.
    """

    start: int
    end: int
    label: str
    canonical: str | None = None
    origin: str = MODEL


@dataclass(frozen=True, slots=True)
class _Name:
    label: str
    canonical: str
    is_ambiguous: bool


class CatalogueMatcher:
    """Finds the names of a catalogue; of two that overlap, the longer one."""

    def __init__(self, catalogue: Catalogue) -> None:
        written = [
            *((name, "product", name) for name in catalogue.products),
            *((name, "brand", name) for name in catalogue.brands),
            *((alias, "brand", brand) for alias, brand in catalogue.aliases),
        ]
        written = [one for one in written if _key(one[0])]
        slips = {
            slip: key
            for key in dict.fromkeys(_key(name) for name, _, _ in written)
            if len(key) >= SHORTEST_SLIPPED
            for slip in _slips_of(key)
        }
        words = {word for name, _, _ in written for word in words_of(name)}
        common = common_among(frozenset(words | slips.keys()))
        self._names: dict[str, _Name] = {}
        spellings = set()
        for name, label, canonical in written:
            parts = words_of(name)
            is_ambiguous = all(part in common for part in parts)
            self._names[_key(name)] = _Name(label, canonical, is_ambiguous)
            spellings.add(_spelling(parts))
        self._slips = {
            slip: key
            for slip, key in slips.items()
            if not self._names[key].is_ambiguous and slip not in common and slip not in self._names
        }
        self._pattern = (
            re.compile(rf"(?<!\w)(?:{'|'.join(sorted(spellings, key=len, reverse=True))})(?!\w)")
            if spellings
            else None
        )
        self._handles = catalogue.public_handles

    def find(self, text: str) -> Iterator[Found]:
        """The names in ``text``, from left to right, none overlapping another."""
        if self._pattern is None:
            return
        folded = fold(text)
        context = Context(text, folded, self._handles)
        sure, open_ = [], []
        for candidate in self._candidates(text, folded):
            start, end, key = candidate
            if not self._names[key].is_ambiguous or context.supports(start, end):
                sure.append(candidate)
            elif context.has_capitals(start, end):
                open_.append(candidate)
        # A capital at the start of a sentence tells a name where the company is spoken of anyway.
        believed = [*sure, *open_] if sure or context.names_company else sure
        done = 0
        for start, end, key in sorted(believed, key=_first_then_longest):
            if start >= done:
                done = end
                name = self._names[key]
                yield Found(start, end, name.label, name.canonical, CATALOGUE)

    def _candidates(self, text: str, folded: str) -> Iterator[tuple[int, int, str]]:
        assert self._pattern is not None
        for match in self._pattern.finditer(folded):
            yield match.start(), match.end(), self._written(match.group())
        for match in _HASHTAG.finditer(text):
            yield from self._inside(match.start(1), match.group(1))
        if self._slips:
            for match in re.finditer(r"\w{5,40}+", folded):
                if key := self._slips.get(match.group()):
                    yield match.start(), match.end(), key

    def _inside(self, offset: int, hashtag: str) -> Iterator[tuple[int, int, str]]:
        """Names that are whole words of a hashtag in camel case: #NoMoreFluxo."""
        humps = [(match.start(), match.end()) for match in _CAMEL.finditer(hashtag)]
        folded = fold(hashtag)
        for first, (start, _) in enumerate(humps):
            for _, end in humps[first : first + LONGEST_NAME]:
                if (key := folded[start:end]) in self._names:
                    yield offset + start, offset + end, key

    def _written(self, spelling: str) -> str:
        key = _key(spelling)
        while key not in self._names:  # its plural
            key = key[:-1]
        return key


def _first_then_longest(candidate: tuple[int, int, str]) -> tuple[int, int]:
    return candidate[0], -candidate[1]


def _key(name: str) -> str:
    return "".join(words_of(name))


def _spelling(words: list[str]) -> str:
    plural = "(?:e?s|x)?" if len(words[-1]) >= SHORTEST_PLURAL and words[-1].isalpha() else ""
    return r"[\s_'&+.-]{0,3}".join(map(re.escape, words)) + plural


def _slips_of(key: str) -> Iterator[str]:
    """``key`` with a letter lost, doubled or swapped with the next; the first stays."""
    for place in range(1, len(key)):
        yield key[:place] + key[place + 1 :]
        yield key[:place] + key[place] + key[place:]
        if place + 1 < len(key):
            yield key[:place] + key[place + 1] + key[place] + key[place + 2 :]
