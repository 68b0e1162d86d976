"""Shares over a whole batch of annotations that no row shows to be wrong, each with its limit.

A model that broke, or that was given texts it cannot read, still gives labels that exist. What
gives it away is how many there are of each, and whether two annotations of the same text agree.
Limits are some three times what was seen on public tweets and on service messages, so that they
catch what is broken and not what is unusual.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from expectations.gate import Judgement

AT_LEAST = 100
"""Texts that a share must be taken of before it is judged: below, chance decides."""
_MODELLED = "language in ('en', 'fr')"


@dataclass(frozen=True)
class Rate:
    """The share of some texts that is at fault, and the most that is allowed.

    ``among`` and ``at_fault`` are SQL conditions on the rows of a batch.
    """

    name: str
    among: str
    at_fault: str
    largest: float


RATES = (
    Rate("language unknown", "true", "language = 'und'", 0.5),
    Rate("a part of the pipeline failed", "true", "len(failed_components) > 0", 0.01),
    Rate("no sentiment in a language that has a model", _MODELLED, "sentiment_label is null", 0.01),
    Rate("no intents in a language that has rules", _MODELLED, "intents is null", 0.01),
    # Seen on service messages: up to .005, and none on other tweets.
    Rate(
        "no key phrases in a text of a hundred characters",
        f"{_MODELLED} and character_count >= 100",
        "key_phrases is null or len(key_phrases) = 0",
        0.05,
    ),
    Rate("no emotion in English", "language = 'en'", "emotion_label is null", 0.01),
    # Seen on tweets and service messages: up to .08 and .13.
    Rate("angry, yet positive", "emotion_label = 'anger'", "sentiment_label = 'positive'", 0.25),
    Rate("joyful, yet negative", "emotion_label = 'joy'", "sentiment_label = 'negative'", 0.4),
)
"""What is looked at by default."""


def look_at_share(
    batch: Judgement,
    name: str,
    share: float,
    texts: int,
    at_fault: int,
    words: str,
    *,
    least: float | None = None,
    most: float | None = None,
) -> None:
    """Judge one share of some texts by its limits; of fewer than ``AT_LEAST`` any will do."""
    from great_expectations import expectations as gxe

    batch.look(
        pd.DataFrame({name: [share] if texts >= AT_LEAST else []}),
        [gxe.ExpectColumnValuesToBeBetween(column=name, min_value=least, max_value=most)],
        rows=texts,
        at_fault=at_fault,
        words=words,
    )
