"""Whether a catalogue name that is also an ordinary word is meant as a name where it stands.

A name made of ordinary words ("Orange", "Grand Large") is believed where the text gives one of
these signs: a hashtag or handle, a capital that no sentence start or shouting explains, or a
word beside it for the kind of thing that companies sell ("plan", "forfait", "box"). Those words
are general, in ``rules/product_words.yaml``, and know nothing of any company's catalogue.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.folding import fold

VERSION = "1"
BESIDE = 2
"""Words before or after the name among which a product word supports it."""
SHOUTING = 0.6
"""Share of capital letters from which capitals tell nothing."""
_GREETINGS = frozenset({"bonjour", "bonsoir", "salut", "coucou", "chere", "hello", "hi", "hey"})
"""What people say before a first name."""
_WORD = re.compile(r"[^\W_]++")
_SENTENCE_END = frozenset('.!?…:\n\r"«»“”-–—•*|')


class Context:
    """A text in which names are judged; ``handles`` are those that the company speaks from."""

    def __init__(self, text: str, folded: str, handles: frozenset[str]) -> None:
        self._text = text
        self._folded = folded
        self._handles = handles

    def supports(self, start: int, end: int) -> bool:
        """Whether the ordinary words at these offsets are a name here."""
        if self._is_tagged(start):
            return True
        if self.has_capitals(start, end) and not self._starts_sentence(start):
            return True
        return self._beside_product(start, end)

    def _is_tagged(self, start: int) -> bool:
        before = self._text[max(0, start - 100) : start]
        word = re.search(r"[#@]\w*\Z", before)
        return word is not None

    def has_capitals(self, start: int, end: int) -> bool:
        """Whether each word of it has a capital that neither shouting nor a greeting explains."""
        greeted = _WORD.findall(self._folded[max(0, start - 20) : start])[-1:]
        if not _GREETINGS.isdisjoint(greeted):
            return False
        words = _WORD.findall(self._text[start:end])
        return not self._is_shouted and all(
            word[0].isupper() or word[0].isdigit() for word in words
        )

    def _starts_sentence(self, start: int) -> bool:
        before = self._text[max(0, start - 20) : start].rstrip(" \t'’(")
        if not before:
            return True
        # After a pictogram, as after a full stop.
        return before[-1] in _SENTENCE_END or not (before[-1].isalnum() or before[-1] in ",;<>")

    def _beside_product(self, start: int, end: int) -> bool:
        inside = words_of(self._text[start:end])
        before = _WORD.findall(self._folded[max(0, start - 60) : start])[-BESIDE:]
        after = _WORD.findall(self._folded[end : end + 60])[:BESIDE]
        near = [*before, *after, *(inside if len(inside) > 1 else ())]
        return not product_words().isdisjoint(near)

    @cached_property
    def _is_shouted(self) -> bool:
        return is_shouted(self._text)

    @cached_property
    def names_company(self) -> bool:
        """Whether an account of the company is addressed."""
        said = re.findall(r"@(\w{1,50})", self._folded)
        return not self._handles.isdisjoint(said)


def is_shouted(text: str) -> bool:
    """Whether so many letters are capitals that capitals tell nothing."""
    letters = [sign for sign in text if sign.isalpha()]
    return sum(map(str.isupper, letters)) > SHOUTING * len(letters)


@lru_cache(maxsize=1)
def product_words() -> frozenset[str]:
    """Folded words of French and English for kinds of things that are sold, and their plurals."""
    groups = rule_files.read("product_words")["words"].values()
    words = [fold(word) for group in groups for word in group]
    return frozenset([*words, *(f"{word}s" for word in words), *(f"{word}x" for word in words)])


def version() -> str:
    """Version of the signs and of the words that support a name."""
    return f"{VERSION}-{rule_files.digest('product_words')}"


def words_of(name: str) -> list[str]:
    """The words of a name, folded."""
    return _WORD.findall(fold(name))
