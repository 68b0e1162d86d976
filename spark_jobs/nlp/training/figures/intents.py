"""How good the learnt intents are: a bank's held-back messages, our own French, and silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import spacy

from spark_jobs.nlp import service_intents
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.intents import IntentRules
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.nlp.service_intents import ServiceSpeaker
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, Truth, detected, scored, shares
from spark_jobs.tables.silver import INTENTS


def service_intent_figures(folder: Path) -> Iterator[Figure]:
    """Classes and intents of the fifth that training left out, against TF-IDF or rules alone."""
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


def french_intent_figures(folder: Path) -> Iterator[Figure]:  # noqa: ARG001 - as all figures do
    """Intents of French sentences of our own by the model that was trained on English."""
    model = service_intents.load()
    texts, truth = data.bank_french(INTENTS)
    features = FeatureReader("fr", load_encoder()).read(texts)
    found = model.intent_probabilities(features, with_words=False).argmax(axis=1)
    rules = _by_rules(texts, np.bincount(truth).argmax(), "fr")
    name = "bank sentences of our own, our intents, macro-F1, fr"
    yield scored(name, truth, found, ("rules, else the commonest", rules), 0.75)


def silence_figures(folder: Path) -> Iterator[Figure]:
    """Share of general tweets about which the model of the bank's messages says nothing."""
    model = service_intents.load()
    for language in data.LANGUAGES:
        features = FeatureReader(language, load_encoder()).read(
            data.sentiment(folder, language, "val")[0]
        )
        spoken = ServiceSpeaker(language).speak(features)
        with_words = language == "en"
        chances = model.intent_probabilities(features, with_words=with_words).max(axis=1)
        yield shares(
            f"general tweets left alone by the bank's model, {language}",
            np.array([not said for said in spoken]),
            ("its own certainty", chances < service_intents.LEAST_INTENT),
            0.99,
            "thresholds were chosen on this set",
        )


def customer_intent_figures(folder: Path) -> Iterator[Figure]:
    """Intents of customers' messages as the annotation gives them, beside its rules alone.

    English tweets that we labelled, and French messages of our own; each pair of message and
    intent counts. By intent in the card.
    """
    for name, language, messages, bar in (
        ("customers' tweets", "en", data.care_messages(folder, "held"), 0.6),
        ("customers' messages of our own", "fr", data.own_messages("fr", "held"), 0.7),
    ):
        found = _found(messages)
        truth = _pairs(message.intents for message in messages)
        by_rules = _pairs(
            {reason["intent"] for reason in row["intent_evidence"] or () if reason["text"]}
            for row in found
        )
        commonest = np.zeros_like(truth)
        commonest[:, truth.sum(axis=0).argmax()] = 1
        yield detected(
            f"{name}, our intents, micro-F1, {language}",
            truth,
            _pairs(row["intents"] or () for row in found),
            ("the commonest for all", commonest),
            bar,
            "bar set after the first reading, to hold it",
            [("rules alone", by_rules)],
        )


def _found(messages: Sequence[data.Message]) -> list[dict[str, Any]]:
    """What the annotation says of each message."""
    annotator = Annotator(Catalogue((), ()))
    return list(annotator.annotate(("", message.text) for message in messages))


def _pairs(said: Iterable[Collection[str]]) -> Truth:
    """1 where a message (row) has one of INTENTS (column)."""
    return np.array([[intent in intents for intent in INTENTS] for intents in said], dtype=np.int64)


def _by_rules(texts: list[str], otherwise: np.intp, language: str = "en") -> Truth:
    """One intent of each text: these classes have one, and nearly all messages ask as well."""
    nlp = spacy.blank(language)
    rules = IntentRules(nlp)
    answers = []
    for text in texts:
        found = [INTENTS.index(intent) for intent, _ in rules.find(nlp(text))]
        wanted = [intent for intent in found if INTENTS[intent] != "question"]
        answers.append((wanted or found or [int(otherwise)])[0])
    return np.array(answers)
