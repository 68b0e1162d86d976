"""Key phrases of one text, as annotation keeps them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.key_phrases import MOST, key_phrases
from spark_jobs.nlp.pipeline import Annotator


def test_phrases_stand_in_the_order_of_the_text_and_without_brands() -> None:
    text = "Lumora, my late parcel and the broken box, my late parcel!"
    assert key_phrases(text, "en", frozenset({"lumora"})) == [
        "late",
        "late parcel",
        "parcel",
        "broken",
        "broken box",
        "box",
    ]


@given(st.text(), st.sampled_from(["en", "fr"]))
def test_any_text_has_a_bounded_number_of_phrases(text: str, language: str) -> None:
    found = key_phrases(text, language)
    assert len(found) == len(set(found)) <= MOST


def test_long_texts_keep_their_first_phrases() -> None:
    words = [f"{first}{second}word" for first in "abcdefghij" for second in "abcdefghij"]
    found = key_phrases(" ".join(words), "en")
    assert len(found) == MOST
    assert found[0] == words[0]


def test_annotation_keeps_them_in_languages_with_stop_words_and_without_personal_data() -> None:
    rows = list(
        Annotator(Catalogue(("Lumora",), ())).annotate(
            [
                ("en", "The courier of Lumora lost my parcel, call me at +44 7911 123456"),
                ("fr", "Le livreur de Lumora a perdu mon colis hier soir, quelle honte"),
                ("de", "Der Bote hat gestern mein Paket verloren, das ist eine Schande"),
            ]
        )
    )
    english, french, german = [row["key_phrases"] for row in rows]
    assert {"courier", "parcel"} <= set(english)
    assert not any(character.isdigit() for phrase in english for character in phrase)
    assert "lumora" not in english + french
    assert {"livreur", "colis"} <= set(french)
    assert german is None
