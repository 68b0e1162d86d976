from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.customer_intents import LEAST, CustomerSpeaker
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.nlp.training import data
from spark_jobs.tables.silver import INTENTS

ODD = ["", "😀" * 2_000, "a" * 20_000, "\u200f!?…"]


@pytest.fixture(scope="module")
def reader() -> FeatureReader:
    return FeatureReader("en", load_encoder())


@pytest.fixture(scope="module")
def speaker() -> CustomerSpeaker:
    return CustomerSpeaker()


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("L'équipage a été si gentil avec mes enfants", ["praise"]),
        ("Third driver this week who leaves my parcel out in the rain", ["complaint"]),
        ("My screen goes black whenever I open the camera", ["problem_report"]),
        ("Une heure d'attente au téléphone et votre agent me raccroche au nez", ["complaint"]),
        ("lovely sunset over the harbour tonight", []),
        ("le match d'hier soir était incroyable", []),
        ("Hi, please send us your order number by private message so we can look", []),
    ],
)
def test_it_hears_what_no_listed_word_says(
    text: str, intents: list[str], reader: FeatureReader, speaker: CustomerSpeaker
) -> None:
    (found,) = speaker.speak(reader.read([text]))
    assert [intent for intent, _ in found] == intents
    assert all(LEAST[intent] <= probability <= 1 for intent, probability in found)


def test_the_annotation_names_the_model_beside_its_probability() -> None:
    text = "Third driver this week who leaves my parcel out in the rain"
    (row,) = Annotator(Catalogue((), ())).annotate([("key", text)])
    reasons = [reason for reason in row["intent_evidence"] if reason["intent"] == "complaint"]
    assert "complaint" in row["intents"]
    assert "customer_intents" in {reason["origin"] for reason in reasons}
    assert "customer_intents" in row["intents_model"]


def test_odd_texts_and_none_at_all(reader: FeatureReader, speaker: CustomerSpeaker) -> None:
    assert speaker.speak(reader.read([])) == []
    chances = speaker.probabilities(reader.read(ODD))
    assert chances.shape == (len(ODD), len(LEAST))
    assert np.isfinite(chances).all()


def test_intents_keep_the_order_of_the_table() -> None:
    assert sorted(LEAST, key=INTENTS.index) == list(LEAST)


def test_no_message_is_trained_on_and_measured_with(shared_data: Path) -> None:
    train, held = (data.care_messages(shared_data, part) for part in ("train", "held"))
    assert len(train) > 600
    assert len(held) == 100
    assert {intent for message in [*train, *held] for intent in message.intents} <= set(INTENTS)
    assert not {message.text for message in train if len(message.text.split()) > 5} & {
        message.text for message in held
    }


@pytest.mark.parametrize("language", data.LANGUAGES)
def test_it_leaves_tweets_to_nobody_alone(
    language: str, shared_data: Path, reader: FeatureReader, speaker: CustomerSpeaker
) -> None:
    texts, _ = data.sentiment(shared_data, language, "val")
    assert len(texts) > 300
    assert np.mean([said == [] for said in speaker.speak(reader.read(texts))]) > 0.93
