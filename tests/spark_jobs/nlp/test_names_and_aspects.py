"""Names and aspects against the truth of a demo, and by example."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from demo_sample import Demo

from spark_jobs.demo_dumps.company import BRANDS, DESKS, PRODUCTS
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher
from spark_jobs.nlp.folding import fold
from spark_jobs.nlp.masking import mask
from spark_jobs.nlp.pipeline import Annotator

CATALOGUE = Catalogue(
    brands=tuple(brand.name for brand in BRANDS),
    products=tuple(product.name for product in PRODUCTS),
    public_handles=frozenset(desk.handle.casefold() for desk in DESKS),
    aliases=tuple((alias, brand.name) for brand in BRANDS for alias in brand.aliases),
)
SEEDS = (23, 77, 101)
"""Of the demos; their phrases are those of every demo, whatever the seed."""
OPERATORS = {brand.name for brand in BRANDS if brand.kind == "operator"}
_HANDLE = re.compile(r"@\w+")
RESAMPLES = 1_000
ASPECTS_BAR = 0.8

Key = tuple[str, str]
Feelings = set[tuple[str, str | None]]


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> list[Demo]:
    made = []
    for seed in SEEDS:
        folder = tmp_path_factory.mktemp("demo")
        summary = generate(folder / "landing", folder / "truth", posts=3_000, seed=seed)
        made.append(Demo(folder / "landing", folder / "truth", summary))
    return made


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


def test_products_and_brands_are_found_and_are_right(demos: list[Demo]) -> None:
    demo = demos[0]
    truth = {(row["source"], row["post_id"]): row for row in demo.rows("posts")}
    matcher = CatalogueMatcher(CATALOGUE)
    counts: Counter[str] = Counter()
    for key, text in texts_of(demo):
        # An edit with an id of its own; what is reposted often would count often.
        if key not in truth or truth[key]["repost_of"]:
            continue
        masked = mask(text, CATALOGUE.public_handles)
        found = list(matcher.find(masked))
        products = {name.canonical for name in found if name.label == "product"}
        told = set(filter(None, truth[key]["product"].split("|")))
        brand = truth[key]["brand"]
        brands = {name.canonical for name in found if name.label == "brand"}
        counts["product right"] += len(products & told)
        counts["product wrong"] += len(products - told)
        counts["product missed"] += len(told - products)
        counts["brand right"] += brand in brands
        # The operators are each other's rival: who compares them names both, the truth only one.
        is_compared = brand in OPERATORS
        counts["brand wrong"] += len(brands - {brand} - (OPERATORS if is_compared else set()))
        # Within the name of a product, a brand's name is no mention of the brand.
        rest = masked
        for name in found:
            if name.label == "product":
                rest = rest.replace(masked[name.start : name.end], " ")
        is_named = brand and fold(brand) in fold(_HANDLE.sub("", rest))
        counts["brand missed"] += bool(is_named) and brand not in brands
    assert counts["product right"] > 200
    for label in ("product", "brand"):
        right, wrong = counts[f"{label} right"], counts[f"{label} wrong"]
        assert right / (right + wrong) >= 0.95, counts
    for label, least in (("product", 0.95), ("brand", 0.9)):
        right, missed = counts[f"{label} right"], counts[f"{label} missed"]
        assert right / (right + missed) >= least, counts


@pytest.fixture(scope="module")
def felt(demos: list[Demo], annotator: Annotator) -> list[tuple[Feelings, Feelings]]:
    """Of each post with a feeling: what it is about and how it is felt, told and found."""
    brands = {brand.name for brand in BRANDS}
    both = []
    for demo in demos:
        told: dict[Key, Feelings] = {}
        for row in demo.rows("aspects"):
            key = row["source"], row["post_id"]
            told.setdefault(key, set()).add((row["aspect"], row["sentiment"]))
        posts = [(key, text) for key, text in texts_of(demo) if key in told]
        rows = annotator.annotate((str(place), text) for place, (_, text) in enumerate(posts))
        for (key, _), row in zip(posts, rows, strict=True):
            found = {(one["aspect"], one["sentiment_label"]) for one in row["aspects"] or ()}
            both.append((told[key], {pair for pair in found if pair[0] not in brands}))
    assert len(both) > 900
    return both


def test_what_a_feeling_is_about(felt: list[tuple[Feelings, Feelings]]) -> None:
    counts = np.array(
        [
            (len(names(told) & names(found)), len(names(told)) + len(names(found)))
            for told, found in felt
        ]
    )
    random = np.random.default_rng(0)
    values = [f1(counts[random.integers(0, len(counts), len(counts))]) for _ in range(RESAMPLES)]
    low, high = np.percentile(values, [2.5, 97.5])
    assert high - low < 0.05
    assert high >= ASPECTS_BAR, (low, f1(counts), high)


def test_how_it_is_felt(felt: list[tuple[Feelings, Feelings]]) -> None:
    """Praise and blame are told apart; where an aspect has both in one post, either counts."""
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for told, found in felt:
        for name, sentiment in told:
            labels = {label for one, label in found if one == name}
            if labels:
                all_[sentiment] += 1
                right[sentiment] += sentiment in labels
    shares = {sentiment: right[sentiment] / count for sentiment, count in all_.items()}
    assert shares["negative"] >= 0.75, shares
    assert shares["positive"] >= 0.5, shares


def names(feelings: Feelings) -> set[str]:
    return {name for name, _ in feelings}


def f1(counts: npt.NDArray[np.int64]) -> float:
    right, both = counts.sum(axis=0)
    return float(2 * right / both)


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
