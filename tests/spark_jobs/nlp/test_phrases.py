from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.phrases import PhraseIndex

FRENCH = spacy.blank("fr")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("ne|n' marche plus|pas", "Ça NE MARCHE PLUS du tout", "NE MARCHE PLUS"),
        ("déçu", "tres decu", "decu"),
        ("est-ce que", "Est-ce que tu viens", "Est-ce que"),
        ("une|la grosse? panne", "une panne", "une panne"),
        ("une|la grosse? panne", "une grosse panne", "une grosse panne"),
        ("jamais ... reçu", "jamais encore rien reçu", "jamais encore rien reçu"),
        ("jamais ... reçu", "jamais un deux trois quatre reçu", None),
        ("jamais ... reçu", "jamais, reçu", None),
        ("[?]", "quoi ?", "?"),
        ("c'est-à-dire|donc", "donc", "donc"),
        ("besoin de|d' aide", "j'ai besoin d’aide", "besoin d’aide"),
    ],
)
def test_the_syntax(phrase: str, text: str, found: str | None) -> None:
    document = FRENCH(text)
    matches = [
        document[a:b].text for _, a, b in PhraseIndex({"x": [phrase]}, FRENCH).find(document)
    ]
    assert matches == ([] if found is None else [found])


def test_the_longest_of_a_name_wins_and_names_do_not_disturb_each_other() -> None:
    index = PhraseIndex({"a": ["plus", "plus jamais"], "b": ["jamais"]}, FRENCH)
    assert list(index.find(FRENCH("plus jamais"))) == [("a", 0, 2), ("b", 1, 2)]


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    document = FRENCH(text)
    found = PhraseIndex({"x": ["a ... b", "[?]"]}, FRENCH).find(document)
    assert all(0 <= start < end <= len(document) for _, start, end in found)
