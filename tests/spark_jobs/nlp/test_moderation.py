"""Spam and French emotion on sentences of our own, which no training reads."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from spark_jobs.nlp import spam_signs
from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.feelings import Feelings
from spark_jobs.nlp.spam import SpamJudge, verdict
from spark_jobs.nlp.training.data import own_sentences


@pytest.fixture(scope="module")
def reader() -> FeatureReader:
    return FeatureReader("fr", load_encoder())


def test_french_spam(reader: FeatureReader) -> None:
    labels, texts = own_sentences("spam_fr")
    truth = np.array(labels) == "1"
    found = np.array([one.is_spam for one in SpamJudge().judge(reader.read(texts), texts)])
    assert found[truth].mean() >= 0.75
    assert not found[~truth].any()


def test_french_emotion(reader: FeatureReader) -> None:
    labels, texts = own_sentences("emotion_fr")
    found = [feeling.emotion for feeling in Feelings("fr").feel(reader.read(texts))]
    assert f1_score(labels, found, average="macro") >= 0.65


@pytest.mark.parametrize(
    ("probability", "text", "is_spam"),
    [
        (0.99, "I love this so much, best song", False),
        (0.99, "https://pictures.example/cat.png", False),
        (0.6, "look at what came in the post https://pictures.example/cat.png", False),
        (0.9, "look at what came in the post https://pictures.example/cat.png", True),
        (0.6, "subscribe to my channel", True),
        (0.2, "a free iphone for everybody https://win.example", True),
        (0.2, "subscribe to my channel", False),
    ],
)
def test_no_model_speaks_alone(probability: float, text: str, is_spam: bool) -> None:
    assert verdict(probability, text).is_spam is is_spam


def test_signs_are_told_with_their_words() -> None:
    assert spam_signs.find("Cliquez ici, abonnez-vous à ma chaîne : <phone>") == [
        ("call_to_look", "Cliquez"),
        ("call_to_follow", "abonnez-vous"),
        ("own_place", "ma chaîne"),
        ("contact", "<phone>"),
    ]


@given(st.lists(st.text(), max_size=3))
def test_any_text_has_numbers(texts: list[str]) -> None:
    table = spam_signs.table(texts)
    assert table.shape == (len(texts), len(spam_signs.FEATURES))
    assert np.isfinite(table).all()


@pytest.mark.parametrize("piece", ["check ", "my ", "a.", "please ", "earn ", "win $", "!", "sub "])
def test_time_is_linear(piece: str) -> None:
    started = time.process_time()
    spam_signs.find(piece * (100_000 // len(piece)))
    spam_signs.table([piece * (100_000 // len(piece))])
    assert time.process_time() - started < 2
