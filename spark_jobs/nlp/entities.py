"""Named things in a text: the catalogue's first, then what the models find.

spaCy's small models were trained on news; each language's own labels are brought to one set. In
English a field trained on messages (``recogniser``) corrects them; in both languages handles,
links, courtesies and shouting are no names.
Quantities, dates and the like are not named things and are left out.
"""

from __future__ import annotations

import re
from typing import Any

from spacy.tokens import Doc, Span

from spark_jobs.nlp.catalogue import Found
from spark_jobs.nlp.folding import fold
from spark_jobs.nlp.names_in_context import is_shouted
from spark_jobs.nlp.recogniser import SPACY_LABELS, Recogniser

VERSION = "2"
LABELS = ("person", "organisation", "place", "product", "brand", "work", "other")
_LABEL_OF = SPACY_LABELS | {
    "PER": "person",
    "MISC": "other",
    "NORP": "other",
    "EVENT": "other",
    "LAW": "other",
}
_PLACEHOLDER_SIGNS = frozenset("<>")
_LINK = re.compile(r"https?:|www\.", re.IGNORECASE)
_LEFT_OUT = "@# \t\n\"'’«»“”()[]:;,.!?…*-"
_COURTESIES = frozenset(
    {
        *("bonjour", "bonsoir", "salut", "coucou", "hello", "hi", "hey", "merci", "thanks"),
        *("svp", "stp", "lol", "mdr", "ptdr", "omg", "wtf", "pff", "bref", "bravo", "help"),
        *("oui", "non", "yes", "no", "ok", "ras", "aide", "urgent", "rt"),
    }
)
"""What opens a message with a capital and is often taken for somebody's name."""
FEW_WORDS = 3
"""Texts of as many words or fewer are no shout: they may be a name alone."""


def named_things(
    document: Doc, declared: list[Found], recogniser: Recogniser | None = None
) -> list[Found]:
    """``declared`` names and, where they leave room, the models', from left to right.

    The field's names replace those spaCy labels that it was trained to correct. A span without a
    letter, of a handle, a link or a placeholder is no name.
    """
    things = list(declared)
    corrected = recogniser.names(document) if recogniser else []
    kept = [span for span in document.ents if not recogniser or span.label_ not in SPACY_LABELS]
    if not corrected and not kept:
        return things
    text = document.text  # spaCy joins the words again each time it is asked
    if kept and len(document) > FEW_WORDS and is_shouted(text):
        kept = []
    for span in [*corrected, *kept]:
        label = span.label_ if span.label_ in LABELS else _LABEL_OF.get(span.label_)
        found = _trimmed(span, text, label) if label else None
        if found and not any(_overlap(found, other) for other in things):
            things.append(found)
    return sorted(things, key=lambda found: found.start)


def _trimmed(span: Span, text: str, label: str) -> Found | None:
    """The name in a span of ``text`` without the signs around it; null where it is none."""
    words = text[span.start_char : span.end_char]
    start = span.start_char + len(words) - len(words.lstrip(_LEFT_OUT))
    name = words.strip(_LEFT_OUT)
    is_handle = text[max(0, start - 1) : start] == "@"
    if is_handle or _is_no_name(name):
        return None
    return Found(start, start + len(name), label)


def rows(things: list[Found], text: str) -> list[dict[str, Any]]:
    """The things as values of the silver column ``entities``."""
    return [
        {
            "text": text[found.start : found.end],
            "label": found.label,
            "start": found.start,
            "end": found.end,
            "canonical": found.canonical,
            "origin": found.origin,
        }
        for found in things
    ]


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _is_no_name(text: str) -> bool:
    return (
        not any(map(str.isalpha, text))
        or not _PLACEHOLDER_SIGNS.isdisjoint(text)
        or _LINK.match(text) is not None
        or fold(text) in _COURTESIES
    )
