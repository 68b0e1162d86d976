from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.language import UNKNOWN, Identifier


@pytest.fixture(scope="module")
def identifier() -> Identifier:
    return Identifier()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ma box ne s'allume plus depuis ce matin", "fr"),
        ("my router has not worked since this morning", "en"),
        ("MON COLIS N'EST TOUJOURS PAS ARRIVÉ", "fr"),
        ("Vielen Dank für die schnelle Hilfe", "de"),
        ("ขอบคุณมากครับสำหรับความช่วยเหลือ", "th"),
        ("これはとても良いです", "ja"),
        ("Merci !", "fr"),
        ("Any news? 👏", "en"),
    ],
)
def test_sentences(identifier: Identifier, text: str, language: str) -> None:
    found = identifier.identify(text)
    assert found.language == language
    assert found.probability is not None
    assert 0 < found.probability <= 1


@pytest.mark.parametrize(
    "text",
    ["", "😀😀😀", "https://t.co/abc", "<handle> <phone>", "!!! 123", "#Ondéa @zoe", "\u200f"],
)
def test_without_words_of_its_own_the_language_is_unknown(
    identifier: Identifier, text: str
) -> None:
    found = identifier.identify(text)
    assert (found.language, found.probability) == (UNKNOWN, None)


@given(text=st.text())
def test_any_text_has_an_answer(identifier: Identifier, text: str) -> None:
    found = identifier.identify(text)
    assert found.language == UNKNOWN or len(found.language) == 2
    assert (found.probability is None) == (found.language == UNKNOWN)
