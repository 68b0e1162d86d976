"""How good intents are: a bank's held-back messages by the model alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import spacy

from spark_jobs.nlp import service_intents
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.intents import IntentRules
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, Truth, scored
from spark_jobs.tables.silver import INTENTS


def service_intent_figures(folder: Path) -> Iterator[Figure]:
    """Classes and intents of the fifth that training left out, against TF-IDF or the rules alone."""
    model = service_intents.load()
    texts, labels = data.banking(folder, "val")
    truth = np.array([model.classes.index(label) for label in labels])
    features = FeatureReader("en", load_encoder()).read(texts)
    alone = model.word_scores(features)
    yield scored(
        "bank messages, 77 classes, macro-F1, en",
        truth,
        model.class_scores(features).argmax(axis=1),
        ("TF-IDF", alone.argmax(axis=1)),
        0.91,
    )
    intent_of = model.membership.argmax(axis=1)
    yield scored(
        "bank messages, our intents, macro-F1, en",
        intent_of[truth],
        model.intent_probabilities(features).argmax(axis=1),
        ("rules, else the commonest", _by_rules(texts, np.bincount(intent_of[truth]).argmax())),
        0.95,
    )


def _by_rules(texts: list[str], otherwise: np.intp) -> Truth:
    """One intent of each text: these classes have one, and nearly all messages ask as well."""
    nlp = spacy.blank("en")
    rules = IntentRules(nlp)
    answers = []
    for text in texts:
        found = [INTENTS.index(intent) for intent, _ in rules.find(nlp(text))]
        wanted = [intent for intent in found if INTENTS[intent] != "question"]
        answers.append((wanted or found or [int(otherwise)])[0])
    return np.array(answers)
