from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher, fold

CATALOGUE = Catalogue(
    brands=("Ondéa", "Fluxo"), products=("Box Horizon", "Ondéa Mobile"), public_handles=frozenset()
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
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


@given(st.lists(st.text(min_size=1), max_size=4), st.text())
def test_any_names_in_any_text(names: list[str], text: str) -> None:
    found = list(CatalogueMatcher(Catalogue(products=tuple(names))).find(text))
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))


def test_the_digest_depends_on_the_content_and_not_on_its_order() -> None:
    turned = Catalogue(brands=("Fluxo", "Ondéa"), products=("Ondéa Mobile", "Box Horizon"))
    assert turned.digest() == CATALOGUE.digest()
    assert Catalogue(brands=("Ondéa",)).digest() != CATALOGUE.digest()
