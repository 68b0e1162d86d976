"""How good names are on messages that no training read, against spaCy's recogniser alone.

Exact spans with the right label count. Labels: ``data.NAME_LABELS`` for the gold,
``recogniser.SPACY_LABELS`` for spaCy; what maps to none of them is left out on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from spark_jobs.nlp.recogniser import LABELS, SPACY_LABELS, Recogniser, spans
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import RESAMPLES, Figure
from spark_jobs.nlp.training.recognising import recognised

Spans = set[tuple[int, int, str]]
Counts = npt.NDArray[np.int64]


def name_figures(folder: Path) -> Iterator[Figure]:
    """Micro-F1 of exact names; the bar is spaCy's on the same messages."""
    gold, ours, theirs = read(folder)
    counts, alone = tallies(gold, ours), tallies(gold, theirs)
    random = np.random.default_rng(0)
    values = [f1(counts[random.integers(0, len(counts), len(counts))]) for _ in range(RESAMPLES)]
    low, high = np.percentile(values, [2.5, 97.5])
    better = [
        f1(counts[drawn]) > f1(alone[drawn])
        for drawn in (random.integers(0, len(counts), len(counts)) for _ in range(RESAMPLES))
    ]
    yield Figure(
        "names, micro-F1, en",
        len(gold),
        f1(counts),
        float(low),
        float(high),
        "spaCy",
        f1(alone),
        bar=f1(alone),
        remark=f"above spaCy in {np.mean(better):.1%} of resamples; a rule was added on this set",
    )


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


def tallies(gold: Sequence[Spans], found: Sequence[Spans]) -> Counts:
    """Right, found and gold names of each message."""
    return np.array(
        [(len(told & said), len(said), len(told)) for told, said in zip(gold, found, strict=True)]
    )


def f1(counts: Counts) -> float:
    """F1 of all messages together."""
    right, found, told = counts.sum(axis=0)
    return float(2 * right / max(found + told, 1))


def by_label(folder: Path) -> Iterator[tuple[str, int, float, float, float]]:
    """Label, gold names, precision, recall, spaCy's F1, for the model's card."""
    gold, ours, theirs = read(folder)
    for label in LABELS:
        told, said, alone = (
            [{one for one in names if one[2] == label} for names in group]
            for group in (gold, ours, theirs)
        )
        right, found, count = tallies(told, said).sum(axis=0)
        spacy = f1(tallies(told, alone))
        yield label, int(count), right / max(found, 1), right / max(count, 1), spacy
