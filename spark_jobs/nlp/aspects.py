"""What a text's feeling is about: products and brands of the catalogue, and aspects of service.

A text is cut into clauses at the ends of sentences and at words of contrast ("but", "mais"). Where
several things are spoken of in clauses that are set against each other, the sentiment model reads
each clause for itself; anywhere else the feeling of the text is that of all it speaks of. Words
of service aspects are general, in ``rules/aspects_<language>.yaml``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.catalogue import CATALOGUE, Found
from spark_jobs.nlp.feelings import Sentiment, sentiment_model_name
from spark_jobs.nlp.phrases import EXCEPT, PhraseIndex, folded_words

VERSION = "2"
NEUTRAL = "neutral"
QUALITY = "quality"
"""Of something that is not named, as what is named is what is good or bad."""
SERVICES = (
    "delivery",
    "price",
    "billing",
    "payment",
    "refund",
    "app",
    "network",
    "customer_service",
    "shop",
    "installation",
    "availability",
    "contract",
    "loyalty",
    QUALITY,
)
BLAMING = frozenset({"complaint", "problem_report", "churn_risk"})
WISHES = frozenset({"request", "churn_risk"})
"""Intents whose words open what somebody asks for or threatens, which is no opinion of it."""
_MOMENTS = {
    "en": frozenset({"since", "before", "after", "until"}),
    "fr": frozenset({"depuis", "avant", "apres", "jusqu'a"}),
}
"""Words after which a thing tells a time: "since the delivery"."""
_MOMENT_WORDS = 3
"""Words before a mention among which one of them makes it a time."""
SURE = 0.6
"""Probability from which the model's feeling outweighs words of blame or praise: most of what it
got wrong on a demo lay below."""
LONGEST_EVIDENCE = 200
MOST_CLAUSES = 6
"""Clauses of a text that are read one by one; a longer text keeps its own feeling."""
_CONTRASTS = {
    "en": ("but", "however", "although", "though", "whereas", "on the other hand", "except",
           "and yet", "unfortunately", "shame"),
    "fr": ("mais", "cependant", "pourtant", "toutefois", "par contre", "en revanche", "sauf que",
           "hélas", "malheureusement", "dommage"),
}  # fmt: skip
_ENDS = frozenset(".!?…;\n")


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something spoken of: a catalogue name or one of SERVICES, and the clause it stands in."""

    name: str
    start: int
    end: int
    clause: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Felt:
    """An aspect with the feeling about it; null where the text's own is not known.

    ``is_apart`` says that the feeling is of its clause, not of the text.
    """

    aspect: Aspect
    sentiment: Sentiment | None
    is_apart: bool


class AspectRules:
    """Finds aspects and reads the feeling about each by ``read``; one language."""

    def __init__(self, nlp: Language, read: Callable[[list[str]], list[Sentiment]]) -> None:
        phrases = rule_files.read(f"aspects_{nlp.lang}")["aspects"]
        if unknown := {name.removesuffix(EXCEPT) for name in phrases} - set(SERVICES):
            raise ValueError(f"aspects_{nlp.lang}.yaml: no such aspects: {sorted(unknown)}")
        self._phrases = PhraseIndex(phrases, nlp)
        contrasts = {"contrast": _CONTRASTS[nlp.lang]}
        self._contrasts = PhraseIndex(contrasts, nlp)
        self._read = read
        self._moments = _MOMENTS[nlp.lang]

    def feel(self, documents: Sequence[Doc]) -> list[list[Felt]]:
        """The aspects of each document, whose own feeling is on ``doc._.feeling``."""
        found = []
        pending: list[tuple[int, int, str]] = []
        for number, document in enumerate(documents):
            aspects, is_contrasted = self._aspects(document)
            spoken_of = {aspect.clause for aspect in aspects}
            if is_contrasted and 1 < len(spoken_of) <= MOST_CLAUSES:
                text = document.text
                pending += [(number, start, text[start:end]) for start, end in sorted(spoken_of)]
            found.append(aspects)
        read = self._read([text for _, _, text in pending]) if pending else []
        by_clause = {
            (number, start): sentiment
            for (number, start, _), sentiment in zip(pending, read, strict=True)
        }
        return [
            [
                Felt(
                    aspect,
                    by_clause.get((number, aspect.clause[0]), _of(document)),
                    (number, aspect.clause[0]) in by_clause,
                )
                for aspect in aspects
            ]
            for number, (document, aspects) in enumerate(zip(documents, found, strict=True))
        ]

    def _aspects(self, document: Doc) -> tuple[list[Aspect], bool]:
        """What is spoken of, and whether any clause is set against another."""
        named = [thing for thing in document._.things or () if thing.origin == CATALOGUE]
        phrases = list(self._phrases.find_unexcepted(document))
        if not named and not phrases:
            return [], False
        contrasts = [document[first].idx for _, first, _ in self._contrasts.find(document)]
        clauses = _Clauses(document, contrasts)
        products = [thing for thing in named if thing.label == "product"]
        services = [
            service
            for service in self._services(document, phrases, clauses)
            if not any(thing.start < service[2] and service[1] < thing.end for thing in products)
        ]
        if products or any(name != QUALITY for name, _, _ in services):
            services = [service for service in services if service[0] != QUALITY]
        # A brand is what the feeling is about only where nothing of it is named.
        brands = [] if products or services else [t for t in named if t.label == "brand"]
        mentions = [*services, *map(_mention, products), *map(_mention, brands)]
        first_in_clause: dict[tuple[str, int], Aspect] = {}
        for name, start, end in sorted(mentions, key=lambda mention: mention[1:]):
            clause = clauses.at(start)
            first_in_clause.setdefault((name, clause[0]), Aspect(name, start, end, clause))
        return list(first_in_clause.values()), bool(contrasts)

    def _services(
        self, document: Doc, phrases: Sequence[tuple[str, int, int]], clauses: _Clauses
    ) -> list[tuple[str, int, int]]:
        """Name, start and end of the services that ``phrases`` speak of.

        One that is only asked for, threatened with or told as a time counts where nothing else is
        spoken of.
        """
        wishes = list(_wishes(document, clauses)) if phrases else []
        words = folded_words(document)
        found: list[tuple[str, int, int]] = []
        aside: list[tuple[str, int, int]] = []
        for name, first, end in phrases:
            start = document[first].idx
            last = document[end - 1]
            before = words[max(0, first - _MOMENT_WORDS) : first]
            is_aside = not self._moments.isdisjoint(before) or any(
                since <= start < until for since, until in wishes
            )
            (aside if is_aside else found).append((name, start, last.idx + len(last)))
        return found or aside


class _Clauses:
    """The clauses of a document: from one end of a sentence or word of contrast to the next."""

    def __init__(self, document: Doc, contrasts: Sequence[int]) -> None:
        """``contrasts`` are the offsets of words of contrast."""
        ends = [
            document[place].idx + len(word)
            for place, word in enumerate(folded_words(document))
            if not _ENDS.isdisjoint(word) and not any(map(str.isalnum, word))
        ]
        self._starts = sorted({0, *contrasts, *ends})
        last = document[-1]
        self._end = last.idx + len(last)

    def at(self, offset: int) -> tuple[int, int]:
        """Start and end of the clause that a character stands in."""
        place = bisect_right(self._starts, offset)
        after = self._starts[place : place + 1]
        return self._starts[place - 1], after[0] if after else self._end


def _wishes(document: Doc, clauses: _Clauses) -> Iterator[tuple[int, int]]:
    """From the words of a wish to the end of its clause."""
    wished = [words for name, words in document._.intents or () if name in WISHES]
    text = document.text if wished else ""
    for words in wished:
        if (start := text.find(words)) >= 0:
            yield start, clauses.at(start)[1]


def rows(
    felt: Sequence[Felt], text: str, intents: Sequence[tuple[str, str]] = ()
) -> list[dict[str, Any]]:
    """Aspects as values of the silver column ``aspects``; of equal ones the surest.

    A fault reported in a sober tone is still held against what it is about: where the model finds
    no feeling or is not ``SURE``, the words of ``intents`` (name and words of each) in what it
    read decide. The score is null where they say otherwise than the model.
    """
    best: dict[tuple[str, str | None], dict[str, Any]] = {}
    for one in felt:
        aspect = one.aspect
        evidence = text[slice(*aspect.clause)].strip()[:LONGEST_EVIDENCE]
        label, score = one.sentiment or (None, None)
        if score is not None and (label == NEUTRAL or score < SURE):
            said = [pair for pair in intents if not one.is_apart or pair[1] in evidence]
            decided = _implied(said)
            if decided and decided[0] != label:
                label, evidence = decided
                score = None
        row: dict[str, Any] = {
            "aspect": aspect.name,
            "text": text[aspect.start : aspect.end],
            "start": aspect.start,
            "end": aspect.end,
            "sentiment_label": label,
            "sentiment_score": score,
            "evidence": evidence,
        }
        key = (aspect.name, row["sentiment_label"])
        if key not in best or (row["sentiment_score"] or 0) > (best[key]["sentiment_score"] or 0):
            best[key] = row
    return sorted(best.values(), key=lambda row: (row["start"], row["aspect"]))


def _implied(intents: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The feeling that intents imply and their words; null where they imply none, or both.

    Thanks beside blame are courtesy or irony, and praise nothing.
    """
    blame = [words for name, words in intents if name in BLAMING]
    praise = [words for name, words in intents if name == "praise"]
    if blame and praise:
        return None
    if blame:
        return "negative", blame[0]
    praise += [words for name, words in intents if name == "thanks"]
    return ("positive", praise[0]) if praise else None


def model_name(language: str) -> str:
    """Name and version of the words and of the model that reads the feeling."""
    words = rule_files.digest(f"aspects_{language}")
    return f"aspects {VERSION}-{words}, {sentiment_model_name(language)}"


def _of(document: Doc) -> Sentiment | None:
    feeling = document._.feeling
    return Sentiment(feeling.sentiment, feeling.probability) if feeling else None


def _mention(thing: Found) -> tuple[str, int, int]:
    return str(thing.canonical), thing.start, thing.end
