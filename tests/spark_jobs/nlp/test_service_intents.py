from __future__ import annotations

import numpy as np
import pytest

from spark_jobs.nlp import answers, service_intents
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.intents import with_models
from spark_jobs.nlp.service_intents import ServiceSpeaker, read_mapping
from spark_jobs.tables.silver import INTENTS

ODD = ["", "😀" * 2_000, "a" * 20_000, "\u200f!?…"]


@pytest.fixture(scope="module")
def reader() -> FeatureReader:
    return FeatureReader("en", load_encoder())


def test_every_class_stands_for_one_of_our_intents() -> None:
    model = service_intents.load()
    assert set(read_mapping()) == set(model.classes)
    assert set(read_mapping().values()) <= set(INTENTS)
    assert (model.membership.sum(axis=1) == 1).all()


def test_probabilities_are_probabilities(reader: FeatureReader) -> None:
    features = reader.read(["My transfer has not arrived", *ODD])
    chances = service_intents.load().intent_probabilities(features)
    assert np.isclose(chances.sum(axis=1), 1, atol=1e-4).all()


@pytest.mark.parametrize(
    ("language", "text", "intents"),
    [
        ("en", "My card payment was declined and I don't know why", ["problem_report"]),
        ("en", "Please close my account, I no longer want it", ["churn_risk"]),
        ("fr", "Mon virement n'est toujours pas arrivé sur mon compte", ["problem_report"]),
        ("fr", "Le distributeur a gardé ma carte bancaire", ["problem_report"]),
        ("en", "lovely sunset over the harbour tonight", []),
        ("fr", "le match d'hier soir était incroyable", []),
    ],
)
def test_it_speaks_of_what_it_knows(
    language: str, text: str, intents: list[str], reader: FeatureReader
) -> None:
    (found,) = ServiceSpeaker(language).speak(reader.read([text]))
    assert [intent for intent, _ in found] == intents


def test_reasons_of_rules_and_models_stand_side_by_side() -> None:
    reasons = with_models(
        [("question", "how"), ("thanks", "thx")],
        [
            ("question", "service_intents", 0.9),
            ("complaint", "service_intents", 0.8),
            ("complaint", "customer_intents", 0.7),
        ],
    )
    assert [(reason["intent"], reason["origin"]) for reason in reasons] == [
        ("question", "rule"),
        ("question", "service_intents"),
        ("complaint", "service_intents"),
        ("complaint", "customer_intents"),
        ("thanks", "rule"),
    ]
    assert all((reason["text"] is None) != (reason["probability"] is None) for reason in reasons)


@pytest.mark.parametrize(
    ("text", "is_answer"),
    [
        ("Unscrew the two bolts under the seat and slide it forward.", True),
        ("Il suffit de retirer la carte et de la remettre dans l'autre sens.", True),
        ("Same thing happens to us every winter", False),
        ("Aucune idée mais ça m'intéresse", False),
        ("", False),
    ],
)
def test_an_answer_says_what_to_do(text: str, is_answer: bool, reader: FeatureReader) -> None:
    (score,) = answers.Answers().scores(reader.read([text]))
    assert (score >= 0.5) == is_answer


def test_odd_texts_and_none_at_all(reader: FeatureReader) -> None:
    assert ServiceSpeaker("en").speak(reader.read([])) == []
    assert ServiceSpeaker("en").speak(reader.read(ODD)) == [[]] * len(ODD)
    assert answers.Answers().scores(reader.read([])) == []
    assert len(answers.Answers().scores(reader.read(ODD))) == len(ODD)
