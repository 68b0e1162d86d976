"""What words mean together: weights, languages, and texts without a word that is known."""

from __future__ import annotations

import numpy as np

from spark_jobs.nlp.features import load_encoder
from spark_jobs.nlp.topic_words import FEWEST_TEXTS, learn, words


def test_words_are_those_that_may_tell_a_subject() -> None:
    assert words("Bonjour @someone, l'abonnement <order_number> n'a pas 2 prix !", "fr") >= {
        "abonnement",
        "prix",
    }
    assert not words("and that is what it was, https://a.example/parcel", "en")


def test_words_of_two_languages_that_mean_the_same_lie_together() -> None:
    said = [frozenset({word}) for word in ("parcel", "colis", "garden", "jardin", "plumber")]
    meanings = learn(said * FEWEST_TEXTS, load_encoder().encode)
    parcel, colis, garden, jardin, _ = meanings.of(said)
    assert parcel @ colis > parcel @ jardin
    assert garden @ jardin > garden @ colis


def test_the_more_texts_have_a_word_the_less_it_tells() -> None:
    said = [frozenset({"thanks", "parcel"})] * 3 + [frozenset({"thanks", "garden"})] * 30
    meanings = learn(said, load_encoder().encode)
    lengths = dict(zip(meanings.words, np.linalg.norm(meanings.vectors, axis=1), strict=True))
    assert lengths["parcel"] > lengths["garden"] > lengths["thanks"]


def test_texts_without_a_known_word_have_no_place() -> None:
    nothing = learn([frozenset({"rare"})], load_encoder().encode)
    assert nothing.of([frozenset({"rare"}), frozenset()]).tolist() == np.zeros((2, 512)).tolist()
    assert nothing.of([]).shape == (0, 512)
