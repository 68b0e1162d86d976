"""A generated demo for figures that need to know what is true of each text.

The demo's truth says what people wrote about and how they felt, so it measures what no public
data set has labels for. It is generated when first asked for, into a temporary folder that is
removed at once; the same version of the project gives the same demo. Models and rules are never
made from it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spark_jobs.adapters.outcomes import Accepted, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.annotate import read_catalogue
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.lake import Lake
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import Annotator
from spark_jobs.sources import FILE_NAME, Sources, read_sources

POSTS = 4_000
SEED = 11
"""Not the seed of any demo that users see, and none that rules were written beside."""
Row = Mapping[str, str]
Annotated = tuple[Row, Mapping[str, Any]]
"""The truth of a post, and what silver would hold of its text."""


@dataclass(frozen=True)
class DemoTruth:
    """What was generated, kept in memory.

    ``tables`` has the rows of each file of the truth folder by its name, see
    ``spark_jobs.demo_dumps.truth``; all values are text, lists are separated by ``|``.
    """

    catalogue: Catalogue
    tables: Mapping[str, tuple[Row, ...]]
    texts: Mapping[tuple[str, str], str]
    """The text of each post as first delivered, by source and post_id."""

    def labelled_posts(self) -> list[tuple[str, Row]]:
        """Text and truth of each post that has a text and repeats nobody's, in order."""
        return [
            (self.texts[key], row)
            for row in self.tables["posts"]
            if not row["repost_of"] and self.texts.get(key := (row["source"], row["post_id"]))
        ]


@lru_cache(maxsize=1)
def demo_truth(posts: int = POSTS) -> DemoTruth:
    """The demo that figures share, of about so many posts; 4,000 take some 3 s the first time."""
    with TemporaryDirectory() as name:
        landing, truth = Path(name) / "landing", Path(name) / "truth"
        generate(landing, truth, posts=posts, seed=SEED)
        sources = read_sources(landing / FILE_NAME)
        lake = Lake(Path(name) / "lake")
        lake.write_configuration(sources)
        return DemoTruth(
            catalogue=read_catalogue(lake.bronze),
            tables={path.stem: _rows(path) for path in sorted(truth.glob("*.csv"))},
            texts=_texts(landing, sources),
        )


@lru_cache(maxsize=1)
def annotated_posts(posts: int = POSTS) -> tuple[Annotated, ...]:
    """The labelled posts of the demo with their annotations; some 200 a second."""
    demo = demo_truth(posts)
    labelled = demo.labelled_posts()
    rows = Annotator(demo.catalogue).annotate(
        (str(place), text) for place, (text, _) in enumerate(labelled)
    )
    return tuple((truth, row) for (_, truth), row in zip(labelled, rows, strict=True))


def _rows(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def _texts(landing: Path, sources: Sources) -> dict[tuple[str, str], str]:
    """The first text of each post, by reading the files as a capture does."""
    texts: dict[tuple[str, str], str] = {}
    for source in sources.sources:
        adapter = adapter_named(source.adapter)
        for path in sorted(landing.glob(source.glob)):
            with path.open("rb") as stream:
                passage = Passage(path.relative_to(landing).as_posix())
                for outcome in one_by_one(adapter.read(stream, source, passage)):
                    if isinstance(outcome, Accepted) and outcome.table == "posts":
                        values = outcome.values
                        if text := values.get("text"):
                            texts.setdefault((source.name, values["post_id"]), text)
    return texts
