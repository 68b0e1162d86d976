"""Names and aspects against the truth of a demo, and by example."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_sample import Demo

from spark_jobs.demo_dumps.company import BRANDS, DESKS, PRODUCTS
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher, fold
from spark_jobs.nlp.masking import mask
from spark_jobs.nlp.pipeline import Annotator

CATALOGUE = Catalogue(
    brands=tuple(brand.name for brand in BRANDS),
    products=tuple(product.name for product in PRODUCTS),
    public_handles=frozenset(desk.handle.casefold() for desk in DESKS),
    aliases=tuple((alias, brand.name) for brand in BRANDS for alias in brand.aliases),
)
SEED = 23
"""Of a demo that no word list was revised on."""
POSTS_READ = 500

Key = tuple[str, str]


@pytest.fixture(scope="module")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    summary = generate(folder / "landing", folder / "truth", posts=3_000, seed=SEED)
    return Demo(folder / "landing", folder / "truth", summary)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(CATALOGUE)


def texts_of(demo: Demo) -> Iterator[tuple[Key, str]]:
    for source in ("x", "customer_care", "reddit"):
        seen = set()
        for value in demo.accepted(source, "posts"):
            if value["text"] and value["post_id"] not in seen:
                seen.add(value["post_id"])
                yield (source, value["post_id"]), value["text"]


def test_products_and_brands_are_found_and_are_right(small_demo: Demo) -> None:
    truth = {(row["source"], row["post_id"]): row for row in small_demo.rows("posts")}
    matcher = CatalogueMatcher(CATALOGUE)
    counts: Counter[str] = Counter()
    for key, text in texts_of(small_demo):
        if key not in truth:  # an edit with an id of its own
            continue
        found = list(matcher.find(mask(text, CATALOGUE.public_handles)))
        products = {name.canonical for name in found if name.label == "product"}
        told = set(filter(None, truth[key]["product"].split("|")))
        # Titles and comparisons name things that the row of the post does not list.
        named = {brand.name for brand in BRANDS if fold(brand.name) in fold(text)}
        brands = {name.canonical for name in found if name.label == "brand"}
        counts["product right"] += len(products & told)
        counts["product wrong"] += len(products - told)
        counts["product missed"] += len(told - products)
        counts["brand right"] += len(brands & named)
        counts["brand wrong"] += len(brands - named)
    assert counts["product right"] > 200
    for label in ("product", "brand"):
        right, wrong = counts[f"{label} right"], counts[f"{label} wrong"]
        assert right / (right + wrong) >= 0.95, counts
    missed = counts["product missed"]
    assert counts["product right"] / (counts["product right"] + missed) >= 0.95, counts


def test_what_a_feeling_is_about(small_demo: Demo, annotator: Annotator) -> None:
    told: dict[Key, set[str]] = {}
    for row in small_demo.rows("aspects"):
        told.setdefault((row["source"], row["post_id"]), set()).add(row["aspect"])
    posts = [(key, text) for key, text in texts_of(small_demo) if key in told][:POSTS_READ]
    rows = annotator.annotate((str(place), text) for place, (_, text) in enumerate(posts))
    brands = {brand.name for brand in BRANDS}
    right = found_count = told_count = 0
    for (key, _), row in zip(posts, rows, strict=True):
        found = {aspect["aspect"] for aspect in row["aspects"] or ()} - brands
        right += len(found & told[key])
        found_count += len(found)
        told_count += len(told[key])
    assert len(posts) > 200
    assert 2 * right / (found_count + told_count) >= 0.8 - 0.04, (right, found_count, told_count)


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
