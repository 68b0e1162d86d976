"""The phrases of one text that may tell what it is about.

What is key among them only shows over many texts: the warehouse counts who says what. Which words
make a phrase is ``topic_phrases``' business.
"""

from __future__ import annotations

from collections.abc import Set

from spark_jobs.nlp import topic_phrases

VERSION = f"1-{topic_phrases.VERSION}"
MOST = 60
"""Phrases that are kept of a text, the first ones: some 150 words have so many."""


def key_phrases(text: str, language: str, names: Set[str] = frozenset()) -> list[str]:
    """Up to ``MOST`` phrases of a masked text in lower case, in its order, each once.

    Args:
        text: without personal data.
        language: one whose stop words spaCy knows.
        names: words in lower case that name a brand, which has its own columns.
    """
    return topic_phrases.phrases(text, language, names)[:MOST]
