"""How far a new version of the annotations may part from the one before, on the same texts.

A model that was trained badly, or a rule that fires everywhere, gives labels that exist in shares
that may happen. Beside what the version before said of the same texts it shows. The texts are
those with the lowest keys, which are hashes: a fair sample, and the same one each time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from expectations.files import TableFiles
from expectations.gate import Judgement
from expectations.silver_rates import AT_LEAST, look_at_share

SAMPLE = 5_000
NOTHING = "(none)"


@dataclass(frozen=True)
class Drift:
    """How a column of labels may change.

    ``least_agreement`` is the share of texts, of those that either version labels, that must have
    the same label in both. ``largest_shift`` is how far the share of any one label may move.
    """

    column: str
    least_agreement: float
    largest_shift: float


DRIFTS = (
    Drift("language", 0.95, 0.05),
    Drift("sentiment_label", 0.7, 0.15),
    Drift("emotion_label", 0.6, 0.2),
    Drift("is_spam", 0.95, 0.05),
    Drift("is_insult", 0.95, 0.05),
    Drift("is_urgent", 0.9, 0.1),
    Drift("intents", 0.6, 0.2),
)
"""What is compared by default: wide enough for a model that is better, as models for sentiment
that differ by a tenth in accuracy still agree on four texts of five."""


def look_at_drift(
    batch: Judgement,
    candidate: TableFiles,
    before: TableFiles,
    to_accept: str,
    drifts: Sequence[Drift] = DRIFTS,
) -> None:
    """Judge a candidate by what another version said; a column that one lacks is passed over.

    ``to_accept`` is what a person does where the version is meant to differ.
    """
    shared = set.intersection(
        *(set(schema.names) for files in (candidate, before) for schema in files.schemas.values())
    )
    drifts = [drift for drift in drifts if drift.column in shared]
    names = [drift.column for drift in drifts]
    sample = candidate.beside(before, "text_key", names, SAMPLE)
    for drift in drifts:
        pairs = zip(
            map(_label, sample[f"new_{drift.column}"]),
            map(_label, sample[f"old_{drift.column}"]),
            strict=True,
        )
        labelled = [pair for pair in pairs if pair != (NOTHING, NOTHING)]
        if len(labelled) >= AT_LEAST:  # both versions know them, and one has a label
            _look_at(batch, drift, labelled, f" (if that is meant, {to_accept})")


def _label(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return ", ".join(sorted(value)) or "(empty)"
    return NOTHING if value is None or pd.isna(value) else str(value)


def _look_at(
    batch: Judgement, drift: Drift, labelled: Sequence[tuple[str, str]], hint: str
) -> None:
    """Compare pairs of the new label and the old one."""
    count = len(labelled)
    differing = sum(new != old for new, old in labelled)
    agreement = 1 - differing / count
    look_at_share(
        batch,
        f"agreement: {drift.column}",
        agreement,
        count,
        differing,
        f"{drift.column} as in the version before for {agreement:.1%} of {count} texts, "
        f"at least {drift.least_agreement:.1%} must be{hint}",
        least=drift.least_agreement,
    )
    moved = Counter(new for new, _ in labelled)
    moved.subtract(old for _, old in labelled)
    label, texts = max(moved.items(), key=lambda entry: (abs(entry[1]), entry))
    shift = texts / count
    look_at_share(
        batch,
        f"shift: {drift.column}",
        abs(shift),
        count,
        abs(texts),
        f"{drift.column} {label}: its share of {count} texts moved by {shift:+.1%}, "
        f"the limit is {drift.largest_shift:.1%}{hint}",
        most=drift.largest_shift,
    )
