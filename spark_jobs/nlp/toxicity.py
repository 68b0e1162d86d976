"""Insults and threats in a text, for moderators: a score by rules, and the words that fired.

The words are in ``rules/toxicity_<language>.yaml``. Each hit has a weight by its category and by
what stands around it: an insult aimed at somebody weighs more than one at a thing, one that is
denied, quoted, or turned against oneself less, and coarse words alone are no insult. The score is
1 - product of (1 - weight): the chance that one hit at least is meant, were they independent.

Disguises are read through: letters kept apart (``f.u.c.k``), digits and signs for letters
(``c0nnard``, ``a$$hole``), stars for letters (``c*nnard``), and letters drawn out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.folding import fold

VERSION = "1"
INSULT_FROM = 0.5
"""Score from which a text is an insult; chosen on the sentences that the rules were made with."""
WEIGHTS = {"slur": 0.9, "threat": 0.9, "insult": 0.8, "strong": 0.7, "mild": 0.3, "profanity": 0.1}
CATEGORIES = {"strong": "insult", "mild": "insult"}
"""What lists of words are called in the evidence, where it is another name."""
AIMED = 0.65
"""Weight of a mild word that is aimed at somebody."""
DOUBTED = 0.3
"""Factor for what is denied, quoted or said of oneself."""
BEFORE, AFTER = 32, 16
"""Characters around a hit that say whom it is aimed at."""
LONGEST = 5_000
"""Characters that the rules read."""
MOST_HITS = 50

_LEET = str.maketrans("013457@$€", "oieastase")
_WORD = re.compile(r"[\w*@$€'’-]{2,40}")
_SPACED = re.compile(r"(?<!\w)\w(?:[.\-_* ]{1,2}\w){2,12}(?!\w)")
_STARRED = re.compile(r"(?<![\w*])[a-z][a-z*]{2,19}(?![\w*])")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")
_QUOTED = re.compile(r"«[^«»]{1,300}»|\"[^\"]{1,300}\"|“[^“”]{1,300}”")
_CLAUSE_END = re.compile(r"[.!?;,\n]\s")
_TOLD = re.compile(r"\W{1,2}(?:you|u|off|yourself)\b")
"""What makes the coarse word before it an insult."""


@dataclass(frozen=True, slots=True)
class Toxicity:
    """A score from 0 to 1, whether it is an insult or threat, and (category, words) of hits."""

    score: float
    is_insult: bool
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: str
    start: int
    end: int


class ToxicityRules:
    """The rules of one language."""

    def __init__(self, language: str) -> None:
        rules: dict[str, Any] = rule_files.read(f"toxicity_{language}")
        self._kinds = {
            word: kind for kind in ("profanity", "mild", "strong", "slur") for word in rules[kind]
        }
        self._phrases = [(kind, _any(rules["phrases"][kind])) for kind in ("insult", "threat")]
        self._harmless = _any(rules["harmless"])
        self._aimed, self._himself, self._negated = (
            _any(rules[name]) for name in ("aimed", "himself", "negated")
        )

    def find(self, text: str) -> Toxicity:
        """The toxicity of a masked text."""
        shown = text[:LONGEST]
        plain = fold(shown)
        quotes = [match.span() for match in _QUOTED.finditer(plain)]
        innocence = 1.0
        evidence: dict[tuple[str, str], None] = {}
        for hit in self._hits(plain):
            innocence *= 1 - self._weight(hit, plain, quotes)
            category = CATEGORIES.get(hit.kind, hit.kind)
            evidence[category, shown[hit.start : hit.end]] = None
        score = round(1 - innocence, 4)
        return Toxicity(score, score >= INSULT_FROM, tuple(evidence))

    def _hits(self, plain: str) -> list[_Hit]:
        harmless = [match.span() for match in self._harmless.finditer(plain)]
        found: list[_Hit] = []
        for hit in (*self._phrase_hits(plain), *self._word_hits(plain)):
            taken = [*harmless, *((other.start, other.end) for other in found)]
            if not any(start < hit.end and hit.start < end for start, end in taken):
                found.append(hit)
                if len(found) == MOST_HITS:
                    break
        return found

    def _phrase_hits(self, plain: str) -> Iterator[_Hit]:
        for kind, pattern in self._phrases:
            for match in pattern.finditer(plain):
                yield _Hit(kind, *match.span())

    def _word_hits(self, plain: str) -> Iterator[_Hit]:
        for match in _SPACED.finditer(plain):
            word = re.sub(r"[.\-_* ]", "", match.group())
            if (kind := self._kind(word)) and kind != "mild":
                yield _Hit(kind, *match.span())
        for match in _WORD.finditer(plain):
            word = match.group().strip("'’-")
            start = match.start() + match.group().find(word)
            for piece in re.finditer(r"[^'’]+", word):
                if kind := self._kind(piece.group()):
                    yield _Hit(kind, start + piece.start(), start + piece.end())

    def _kind(self, word: str) -> str | None:
        if "*" in word:
            return self._starred(word)
        for form in dict.fromkeys((word, word.translate(_LEET), _DRAWN_OUT.sub(r"\1", word))):
            for stem in (form, form.removesuffix("s"), form.removesuffix("es")):
                if stem in self._kinds:
                    return self._kinds[stem]
        return None

    def _starred(self, word: str) -> str | None:
        """The kind of the first word that ``word`` is, but for its stars."""
        if not _STARRED.fullmatch(word) or word.count("*") > len(word) - 2:
            return None
        pattern = re.compile(word.replace("*", r"\w").rstrip("s") + "s?")
        return next((kind for known, kind in self._kinds.items() if pattern.fullmatch(known)), None)

    def _weight(self, hit: _Hit, plain: str, quotes: list[tuple[int, int]]) -> float:
        before = plain[max(0, hit.start - BEFORE) : hit.start]
        before = _CLAUSE_END.split(before)[-1]
        after = _CLAUSE_END.split(plain[hit.end : hit.end + AFTER])[0]
        weight = WEIGHTS[hit.kind]
        if hit.kind == "mild" and (
            self._aimed.search(before[-24:]) or re.match(r"\W{1,3}(?:<handle>|you\b)", after)
        ):
            weight = AIMED
        if hit.kind == "profanity" and plain[hit.start] == "f" and _TOLD.match(after):
            weight = WEIGHTS["insult"]
        is_quoted = any(start <= hit.start and hit.end <= end for start, end in quotes)
        is_denied = self._negated.search(before) is not None
        is_of_himself = (
            hit.kind in ("mild", "strong")
            and self._himself.search(before[-18:]) is not None
            and not re.search(r"\b(?:you|tu|vous|they|ils)\b", before[-18:])
        )
        return weight * DOUBTED if is_quoted or is_denied or is_of_himself else weight


@lru_cache(maxsize=2)
def rules_of(language: str) -> ToxicityRules:
    """The rules of ``en`` or ``fr``, read once."""
    return ToxicityRules(language)


def model_name(language: str) -> str:
    """Name and version of the rules of ``language``; they change with its file."""
    return f"toxicity_{language} rules-{VERSION}-{rule_files.digest(f'toxicity_{language}')}"


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
