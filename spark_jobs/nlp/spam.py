"""Whether a text is spam: a trained model and the signs that it must rest on.

The model learnt spam from comments below videos, where nearly all of it promotes something, and
that texts from elsewhere are another thing (label ``elsewhere``): without these it calls most
customers who give a link spam. It does not speak alone: a text is spam where the model is sure
enough *and* a promotion sign fired, which is also its evidence.
Names and links say nothing of languages, and sentence vectors put French and English in one
space, so one model serves both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spark_jobs.nlp import spam_signs, stacked
from spark_jobs.nlp.features import Features

VERSION = "1"
MODEL = "spam"
SURE = 0.5
"""Probability from which a text that promotes something is spam."""
SURE_ON_LINK_ALONE = 0.8
"""The same where no sign fired but a link: customers and journalists give links too."""
SURE_OF_OFFER = 0.1
"""The same where an offer (``gain``, ``lure``) comes with a way to take it up: such spam is of
kinds that the comments hardly hold. Chosen on 14 + 16 French sentences of our own."""
OFFERS, WAYS = frozenset({"gain", "lure"}), frozenset({"link", "contact", "call_to_look"})
LEAST_WORDS = 3
"""Words beside a link without which it is no promotion, but a link that somebody gives."""
_WORD = re.compile(r"\w+")
_LINK = spam_signs.PROMOTIONS["link"]


@dataclass(frozen=True, slots=True)
class SpamVerdict:
    """Whether a text is spam, the model's probability, and the signs with their words."""

    is_spam: bool
    probability: float
    evidence: tuple[tuple[str, str], ...]


class SpamJudge:
    """The model, ready."""

    def __init__(self) -> None:
        self._model = stacked.load(MODEL)
        self._spam = self._model.labels.index("spam")

    def judge(self, features: Features, texts: Sequence[str]) -> list[SpamVerdict]:
        """The verdict on each masked text, whose features are given in the same order."""
        probabilities = self._model.probabilities(features)[:, self._spam]
        return [
            verdict(float(probability), text)
            for probability, text in zip(probabilities, texts, strict=True)
        ]


def verdict(probability: float, text: str) -> SpamVerdict:
    """What a probability of the model means for a masked text with or without signs."""
    signs = tuple(spam_signs.find(text))
    names = {name for name, _ in signs}
    is_link_alone = names == {"link"}
    sure = SURE_ON_LINK_ALONE if is_link_alone else SURE
    if names & OFFERS and names & WAYS:
        sure = SURE_OF_OFFER
    says_something = not is_link_alone or len(_WORD.findall(_LINK.sub("", text))) >= LEAST_WORDS
    is_spam = bool(signs) and says_something and probability >= sure
    return SpamVerdict(is_spam, stacked.rounded(probability), signs)


def model_name() -> str:
    """Name and version of the spam model and of the signs it rests on."""
    return f"{stacked.model_name(MODEL)}-{VERSION} signs-{spam_signs.VERSION}"
