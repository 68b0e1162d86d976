"""The phrases of texts, and those that tell a topic from the others."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.topic_phrases import (
    MOST_WORDS,
    count,
    distinguishing,
    label,
    phrases,
    stop_words,
)


def test_phrases_neither_begin_nor_end_with_a_stop_word():
    assert phrases("The parcel of my sister", "en") == ["parcel", "sister"]
    assert "carte de fidélité" in phrases("J'ai perdu ma carte de fidélité", "fr")


def test_people_links_and_brands_are_no_phrase():
    found = phrases("@someone <handle> https://a.example/parcel Lumora parcel", "en", {"lumora"})
    assert found == ["parcel"]


def test_a_phrase_does_not_cross_punctuation():
    assert "box broken" not in phrases("my box. broken parcel", "en")


def test_what_all_say_tells_no_topic():
    parcels = [("en", f"hello team parcel lost {number}") for number in range(30)]
    plants = [("en", f"hello team plant died {number}") for number in range(30)]
    first, second = distinguishing([count(parcels), count(plants)], [30, 30])
    assert set(first) == {"parcel", "lost"}
    assert set(second) == {"plant", "died"}


def test_one_topic_alone_and_rare_phrases_are_no_error():
    assert distinguishing([Counter({"parcel": 30})], [30]) == [[]]
    assert distinguishing([Counter(), Counter({"rare": 1})], [0, 5]) == [[], []]


def test_a_label_names_both_languages():
    assert (
        label({"fr": ["colis", "livreur", "retard"], "en": ["parcel"]}) == "parcel / colis, livreur"
    )
    assert label({"fr": [], "en": []}) == ""


@given(st.text(max_size=400), st.sampled_from(["en", "fr"]))
def test_any_text_has_only_phrases_of_its_own_words(text, language):
    for phrase in phrases(text, language):
        words = phrase.split(" ")
        assert 1 <= len(words) <= MOST_WORDS
        assert words[0] not in stop_words(language)
        assert words[-1] not in stop_words(language)
