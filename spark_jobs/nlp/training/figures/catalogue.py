"""How well the company's own names are found, on the truth of a demo."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from spark_jobs.demo_dumps.company import BRANDS
from spark_jobs.nlp.folding import fold
from spark_jobs.nlp.training.demo import POSTS, annotated_posts, demo_truth
from spark_jobs.nlp.training.figures.measures import Figure, shares

_OPERATORS = {brand.name for brand in BRANDS if brand.kind == "operator"}
"""Each other's rivals: who compares them names both, and the truth has only one."""
_HANDLE = re.compile(r"@\w+")


def catalogue_figures(posts: int = POSTS) -> Iterator[Figure]:
    """Products and brands: share right of those found, and share found of those told.

    The baseline takes a name wherever its letters stand, in whatever case and accents. A brand is
    told where its name stands in the text outside the name of a product.
    """
    products = demo_truth(posts).catalogue.products
    brands = [brand.name for brand in BRANDS]
    ours: defaultdict[str, list[bool]] = defaultdict(list)
    plain: defaultdict[str, list[bool]] = defaultdict(list)
    for truth, annotation in annotated_posts(posts):
        text = annotation["text_masked"]
        things = [one for one in annotation["entities"] or () if one["canonical"]]
        rest = _HANDLE.sub("", text)
        for one in things:
            if one["label"] == "product":
                rest = rest.replace(one["text"], " ")
        found = _names(things, "product")
        told = set(filter(None, truth["product"].split("|")))
        _look("products", told, told, found, ours)
        _look("products", told, told, _written(products, text), plain)
        rivals = _OPERATORS - {truth["brand"]} if truth["brand"] in _OPERATORS else set()
        written = _written(brands, rest) - rivals
        told = {truth["brand"]}
        _look("brands", told, told & written, _names(things, "brand") - rivals, ours)
        _look("brands", told, told & written, _written(brands, text) - rivals, plain)
    for name, answers in ours.items():
        baseline = ("the letters alone", np.array(plain[name]))
        yield shares(name, np.array(answers), baseline, 0.95 if "precision" in name else 0.9)


def _look(
    kind: str, meant: set[str], named: set[str], found: set[str], answers: dict[str, list[bool]]
) -> None:
    answers[f"{kind} of the catalogue, precision"] += [name in meant for name in found]
    answers[f"{kind} of the catalogue, recall"] += [name in found for name in named]


def _names(things: Iterable[Mapping[str, str]], label: str) -> set[str]:
    return {one["canonical"] for one in things if one["label"] == label}


def _written(names: Iterable[str], text: str) -> set[str]:
    folded = fold(text)
    return {name for name in names if fold(name) in folded}
