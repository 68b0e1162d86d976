"""How good names are on messages that no training read, against spaCy's recogniser alone.

Exact spans with the right label count. Labels: ``data.NAME_LABELS`` for the gold,
``recogniser.SPACY_LABELS`` for spaCy; what maps to none of them is left out on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from spark_jobs.nlp.recogniser import SPACY_LABELS, Recogniser, spans
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, named
from spark_jobs.nlp.training.recognising import recognised

Spans = set[tuple[int, int, str]]


def name_figures(folder: Path) -> Iterator[Figure]:
    """Micro-F1 of exact names; the bar is spaCy's on the same messages."""
    gold, ours, theirs = read(folder)
    remark = "a rule was added on this set"
    yield named("names, micro-F1, en", gold, ours, ("spaCy", theirs), remark=remark)


def read(folder: Path) -> tuple[list[Spans], list[Spans], list[Spans]]:
    """Names of the unseen messages: gold, ours, spaCy's."""
    sentences = data.names(folder, "dev")
    documents = recognised([words for words, _ in sentences])
    field = Recogniser("en")
    gold, ours, theirs = [], [], []
    for document, (_, tags) in zip(documents, sentences, strict=True):
        gold.append({(one.start, one.end, one.label_) for one in spans(document, tags)})
        ours.append({(one.start, one.end, one.label_) for one in field.names(document)})
        theirs.append(
            {
                (one.start, one.end, SPACY_LABELS[one.label_])
                for one in document.ents
                if one.label_ in SPACY_LABELS
            }
        )
    return gold, ours, theirs
