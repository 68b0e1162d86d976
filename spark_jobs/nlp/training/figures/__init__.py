"""How good each annotation is on labelled data, beside a baseline read in the same run.

One module for each kind of annotation. Sets that a threshold was chosen on are marked, because
a figure on them flatters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from spark_jobs.nlp.training.figures.aspects import aspect_figures
from spark_jobs.nlp.training.figures.catalogue import catalogue_figures
from spark_jobs.nlp.training.figures.feelings import emotion_figures, sentiment_figures
from spark_jobs.nlp.training.figures.helpers import helper_figures
from spark_jobs.nlp.training.figures.intents import (
    customer_intent_figures,
    french_intent_figures,
    service_intent_figures,
    silence_figures,
)
from spark_jobs.nlp.training.figures.language import language_figures
from spark_jobs.nlp.training.figures.measures import Figure
from spark_jobs.nlp.training.figures.moderation import spam_figures
from spark_jobs.nlp.training.figures.names import name_figures
from spark_jobs.nlp.training.figures.own_sentences import own_sentence_figures
from spark_jobs.nlp.training.figures.topics import topic_figures

FIGURES: tuple[Callable[[Path], Iterator[Figure]], ...] = (
    language_figures,
    sentiment_figures,
    emotion_figures,
    service_intent_figures,
    french_intent_figures,
    silence_figures,
    customer_intent_figures,
    spam_figures,
    name_figures,
    own_sentence_figures,
)
"""What ``evaluate`` measures on labelled texts; each is given the folder of the public data."""
DEMO_FIGURES: tuple[Callable[[], Iterator[Figure]], ...] = (
    catalogue_figures,
    aspect_figures,
    helper_figures,
    topic_figures,
)
"""What it measures on the truth of a generated demo."""

__all__ = ["DEMO_FIGURES", "FIGURES", "Figure"]
