"""Many short phrases found in a tokenised text at once, by the first word of each.

spaCy's Matcher tries every pattern at every word; with some 250 patterns it was twelve times
slower on tweets than this index. A phrase is words separated by spaces, tokenised as the
language's texts are:

    a|b     one of several words
    a?      a word that may be absent; not the first
    [?]     the sign itself, where it means something to this syntax
    ...     up to three words of any kind, but no punctuation

Case does not matter, nor whether accents are written. A name may have phrases that look like
its own and are not, such as thanks in advance: they stand under ``<name> except``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp.folding import fold

LONGEST_GAP = 3
EXCEPT = " except"
_Words = frozenset[str]
_GAP: _Words = frozenset()
_WORDS = "folded words"
_fold_word = lru_cache(maxsize=50_000)(fold)


class PhraseIndex:
    """Phrases by name, compiled with the tokeniser of ``nlp``."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], nlp: Language) -> None:
        self._starts: dict[str, list[tuple[str, tuple[_Words, ...]]]] = {}
        for name, written in phrases.items():
            for phrase in written:
                for first, *rest in _compiled(phrase, nlp):
                    for word in first:
                        self._starts.setdefault(word, []).append((name, tuple(rest)))

    def find(self, document: Doc) -> Iterator[tuple[str, int, int]]:
        """Name, first word and end of each match; of one name the longest, none overlapping."""
        words = folded_words(document)
        done: dict[str, int] = {}
        for position, word in enumerate(words):
            ends: dict[str, int] = {}
            for name, rest in self._starts.get(word, ()):
                end = _end_of(rest, words, position + 1)
                if end > ends.get(name, 0) and done.get(name, 0) <= position:
                    ends[name] = end
            for name, end in ends.items():
                done[name] = end
                yield name, position, end

    def find_unexcepted(self, document: Doc) -> Iterator[tuple[str, int, int]]:
        """The same without matches that overlap one of the phrases excepted from their name."""
        matches = list(self.find(document))
        excepted = [
            (name.removesuffix(EXCEPT), start, end)
            for name, start, end in matches
            if name.endswith(EXCEPT)
        ]
        for name, start, end in matches:
            if not name.endswith(EXCEPT) and not any(
                name == other and start < other_end and other_start < end
                for other, other_start, other_end in excepted
            ):
                yield name, start, end


def folded_words(document: Doc) -> list[str]:
    """The words of a document, folded; kept on it, as many rules read them."""
    words: list[str] | None = document.user_data.get(_WORDS)
    if words is None:
        words = [_fold_word(token.text) for token in document]
        document.user_data[_WORDS] = words
    return words


def _end_of(rest: Sequence[_Words], words: Sequence[str], position: int) -> int:
    """Where the rest of a phrase that continues at ``position`` ends; 0 where it does not match."""
    for index, expected in enumerate(rest):
        if expected is _GAP:
            for width in range(LONGEST_GAP + 1):
                if end := _end_of(rest[index + 1 :], words, position + width):
                    return end
                if position + width >= len(words) or not _is_word(words[position + width]):
                    return 0
            return 0
        if position >= len(words) or words[position] not in expected:
            return 0
        position += 1
    return position


def _is_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _compiled(phrase: str, nlp: Language) -> Iterator[list[_Words]]:
    """The sequences of word sets a phrase stands for."""
    elements = [_choices(element, nlp) for element in phrase.split()]
    for choice in itertools.product(*elements):
        yield list(itertools.chain.from_iterable(choice))


def _choices(element: str, nlp: Language) -> list[tuple[_Words, ...]]:
    """The ways to write an element: one set of single words, and each longer alternative."""
    if element == "...":
        return [(_GAP,)]
    if element.startswith("[") and element.endswith("]"):
        return [(frozenset({element[1:-1]}),)]
    alternatives = [_tokenised(written, nlp) for written in element.removesuffix("?").split("|")]
    choices: list[tuple[_Words, ...]] = [()] if element.endswith("?") else []
    if single := frozenset(words[0] for words in alternatives if len(words) == 1):
        choices.append((single,))
    choices += [
        tuple(frozenset({word}) for word in words) for words in alternatives if len(words) > 1
    ]
    return choices


def _tokenised(written: str, nlp: Language) -> tuple[str, ...]:
    """The tokens of a word; an elision ("d'") is one, though alone tokenisers split it."""
    if written.endswith(("'", "’")):
        return (fold(written),)
    return tuple(fold(token.text) for token in nlp.make_doc(written))
