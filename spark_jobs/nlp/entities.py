"""Named things in a text: the catalogue's first, then what spaCy's model finds.

spaCy's small models were trained on news; each language's own labels are brought to one set.
Quantities, dates and the like are not named things and are left out.
"""

from __future__ import annotations

from typing import Any

from spacy.tokens import Doc

from spark_jobs.nlp.catalogue import Found

VERSION = "1"
LABELS = ("person", "organisation", "place", "product", "brand", "other")
_LABEL_OF = {
    "PER": "person",
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "PRODUCT": "product",
    "MISC": "other",
    "NORP": "other",
    "EVENT": "other",
    "WORK_OF_ART": "other",
    "LAW": "other",
}
_PLACEHOLDER_SIGNS = frozenset("<>")


def named_things(document: Doc, declared: list[Found]) -> list[Found]:
    """``declared`` names and, where they leave room, the model's, from left to right.

    A span without a letter, or with a piece of a placeholder in it, is no name.
    """
    things = list(declared)
    taken = [(found.start, found.end) for found in declared]
    for span in document.ents:
        label = _LABEL_OF.get(span.label_)
        start, end = span.start_char, span.end_char
        if label is None or _is_no_name(span.text):
            continue
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            things.append(Found(start, end, label))
    return sorted(things, key=lambda found: found.start)


def rows(things: list[Found], text: str) -> list[dict[str, Any]]:
    """The things as values of the silver column ``entities``."""
    return [
        {
            "text": text[found.start : found.end],
            "label": found.label,
            "start": found.start,
            "end": found.end,
        }
        for found in things
    ]


def _is_no_name(text: str) -> bool:
    return not _PLACEHOLDER_SIGNS.isdisjoint(text) or not any(map(str.isalpha, text))
