from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher
from spark_jobs.nlp.folding import fold

CATALOGUE = Catalogue(
    brands=("Ondéa", "Fluxo"), products=("Box Horizon", "Ondéa Mobile"), public_handles=frozenset()
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#NoMoreFluxo", [("Fluxo", "brand")]),
        ("les Fluxos", [("Fluxos", "brand")]),
        ("j'ai la BoxHorizon", [("BoxHorizon", "product")]),
        ("J'adore Ondéa !", [("Ondéa", "brand")]),
        ("ONDEA et fluxo", [("ONDEA", "brand"), ("fluxo", "brand")]),
        ("#BoxHorizon en panne", [("BoxHorizon", "product")]),
        ("ma box-horizon", [("box-horizon", "product")]),
        ("Ondéa mobile, c'est nul", [("Ondéa mobile", "product")]),
        ("@ondea's app", [("ondea", "brand")]),
        ("mondéa, fluxofluxo", []),
    ],
)
def test_names_are_found_however_they_are_written(text: str, found: list[tuple[str, str]]) -> None:
    things = CatalogueMatcher(CATALOGUE).find(text)
    assert [(text[thing.start : thing.end], thing.label) for thing in things] == found


def test_an_empty_catalogue_finds_nothing() -> None:
    assert list(CatalogueMatcher(Catalogue(brands=("!",))).find("! Ondéa")) == []


@given(st.text())
def test_folding_keeps_the_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


# Each catalogue costs a second, as ordinary words are looked up for it.
@given(st.lists(st.text(min_size=1), max_size=4), st.text())
@settings(max_examples=8, deadline=None)
def test_any_names_in_any_text(names: list[str], text: str) -> None:
    found = list(CatalogueMatcher(Catalogue(products=tuple(names))).find(text))
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))


def test_the_digest_depends_on_the_content_and_not_on_its_order() -> None:
    turned = Catalogue(brands=("Fluxo", "Ondéa"), products=("Ondéa Mobile", "Box Horizon"))
    assert turned.digest() == CATALOGUE.digest()
    assert Catalogue(brands=("Ondéa",)).digest() != CATALOGUE.digest()


AMBIGUOUS = Catalogue(
    brands=("Orange", "Voltara"),
    products=("Marée", "Faucheline"),
    public_handles=frozenset({"voltaraaide"}),
    aliases=(("Voltara Mobile", "Voltara"),),
)


@pytest.fixture(scope="module")
def ambiguous() -> CatalogueMatcher:
    return CatalogueMatcher(AMBIGUOUS)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("la marée monte à Saint-Malo", []),
        ("Marée haute à 18h", []),
        ("an orange a day", []),
        ("ORANGE JUICE FOR EVERYONE TODAY", []),
        ("mon forfait marée ne passe pas", ["Marée"]),
        ("depuis que j'ai Marée tout va bien", ["Marée"]),
        ("panne #orange", ["Orange"]),
        ("I left Orange for Voltara", ["Orange", "Voltara"]),
        ("Orange ou Voltara ?", ["Orange", "Voltara"]),
        ("@VoltaraAide Marée ne marche plus", ["Marée"]),
        ("ma tondeuse Fauchelinne est morte", ["Faucheline"]),
        ("ma tondeuse faucehline est morte", ["Faucheline"]),
        ("VoltaraMobile et voltara mobile", ["Voltara", "Voltara"]),
        ("voltaires", []),
        ("Bonjour Marée, on regarde ça", []),
    ],
)
def test_ordinary_words_need_support(
    ambiguous: CatalogueMatcher, text: str, names: list[str]
) -> None:
    assert [found.canonical for found in ambiguous.find(text)] == names


def test_hostile_texts_take_bounded_time(ambiguous: CatalogueMatcher) -> None:
    for text in ("#" * 10_000, "#A" * 5_000, "Marée " * 1_600, "voltara-" * 1_250):
        list(ambiguous.find(text))
