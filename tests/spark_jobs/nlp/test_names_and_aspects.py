"""Names and aspects by example; their figures are in ``test_figures``."""

from __future__ import annotations

from pathlib import Path

import pytest

from spark_jobs.demo_dumps.company import BRANDS, DESKS, PRODUCTS
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import Annotator

CATALOGUE = Catalogue(
    brands=tuple(brand.name for brand in BRANDS),
    products=tuple(product.name for product in PRODUCTS),
    public_handles=frozenset(desk.handle.casefold() for desk in DESKS),
    aliases=tuple((alias, brand.name) for brand in BRANDS for alias in brand.aliases),
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(CATALOGUE)


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        (
            "The Box Horizon is great but delivery was awful!",
            [("Box Horizon", "positive"), ("delivery", "negative")],
        ),
        (
            "La box horizon est géniale mais le service client est nul.",
            [("Box Horizon", "positive"), ("customer_service", "negative")],
        ),
        ("I love the new app and the price is fair", [("app", "positive"), ("price", "positive")]),
        ("Ondéa, c'est vraiment nul.", [("Ondéa", "negative")]),
        ("Il fait beau ce matin dans le jardin de ma tante.", []),
    ],
)
def test_clauses_set_against_each_other_have_their_own_feeling(
    annotator: Annotator, text: str, felt: list[tuple[str, str]]
) -> None:
    (row,) = annotator.annotate([("key", text)])
    assert [(one["aspect"], one["sentiment_label"]) for one in row["aspects"]] == felt
    assert all(
        row["text_masked"][one["start"] : one["end"]] == one["text"] for one in row["aspects"]
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Your network is awful. I would like a refund please", ["network"]),
        ("I would like a refund please", ["refund"]),
        ("My refund is late and the network is awful", ["refund", "network"]),
        ("Le réseau est très mauvais depuis l'installation", ["network"]),
        ("Réseau très mauvais, je demande un remboursement", ["network"]),
        ("L'installation est vraiment bâclée", ["installation"]),
    ],
)
def test_wishes_and_times_are_no_opinions(
    annotator: Annotator, text: str, names: list[str]
) -> None:
    (row,) = annotator.annotate([("key", text)])
    assert [one["aspect"] for one in row["aspects"]] == names


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        # Words of blame beside which the model finds thanks, or nothing.
        ("Cheers for nothing, my parcel arrived damaged", [("delivery", "negative")]),
        ("Calls drop every two minutes here", [("network", "negative")]),
        ("Zéro barre au centre-ville, plus de réseau depuis lundi", [("network", "negative")]),
        (
            "Le numéro n'a jamais été transféré, impossible de téléphoner",
            [("contract", "negative")],
        ),
    ],
)
def test_words_decide_where_the_model_is_not_sure(
    annotator: Annotator, text: str, felt: list[tuple[str, str]]
) -> None:
    (row,) = annotator.annotate([("key", text)])
    assert [(one["aspect"], one["sentiment_label"]) for one in row["aspects"]] == felt


@pytest.mark.parametrize(
    "text",
    ["Not one update from you all week", "Carton rouge pour tout le monde", "No complaints here"],
)
def test_words_that_look_like_a_service_are_none(annotator: Annotator, text: str) -> None:
    (row,) = annotator.annotate([("key", text)])
    assert row["aspects"] == []


def test_hostile_texts_have_aspects_in_bounded_time(annotator: Annotator) -> None:
    texts = [
        "delivery. " * 1_000,
        "but delivery, " * 800,
        ".…!?" * 2_500,
        "",
        "\n",
        "Box Horizon " * 900,
    ]
    rows = list(annotator.annotate((str(place), text) for place, text in enumerate(texts)))
    assert all(len(row["aspects"] or ()) <= 3 for row in rows)


def test_handles_links_and_courtesies_are_no_names(annotator: Annotator) -> None:
    rows = annotator.annotate(
        [
            ("1", "Bonjour, merci de répondre à ma question de la semaine dernière"),
            ("2", "JE VEUX PARLER À UN RESPONSABLE TOUT DE SUITE S'IL VOUS PLAIT"),
            ("3", "Thanks @someone for the help, see https://example.com/Paris today please"),
        ]
    )
    assert [[thing["text"] for thing in row["entities"]] for row in rows] == [[], [], []]


def test_the_models_are_in_the_package() -> None:
    models = Path(__file__).resolve().parents[3] / "spark_jobs" / "nlp" / "models"
    assert (models / "names_en.crfsuite").stat().st_size <= 5_000_000
