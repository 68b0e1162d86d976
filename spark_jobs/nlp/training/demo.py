"""A generated demo for figures that need to know what is true of each text.

The demo's truth says what people wrote about and how they felt, so it measures what no public
data set has labels for. It is generated when first asked for, into a temporary folder that is
removed at once; the same version of the project gives the same demo. Models and rules are never
made from it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from spark_jobs.adapters.outcomes import Accepted, Passage, one_by_one, text_key
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.annotate import read_catalogue
from spark_jobs.demo_dumps.generate import generate
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.pipeline import Annotator, annotation_version
from spark_jobs.sources import FILE_NAME, Sources, read_sources
from spark_jobs.tables.bronze import TABLES as BRONZE_TABLES
from spark_jobs.tables.declaration import Table
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

POSTS = 15_000
"""As many as `make demo` has: topics need some thousand texts."""
SEED = 11
"""Not the seed of any demo that users see, and none that rules were written beside."""
_TABLES = ("posts", "accounts")
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
    sources: Sources
    records: Mapping[str, Sequence[Mapping[str, Any]]]
    """Posts and accounts as delivered, by the name of their table."""

    @cached_property
    def texts(self) -> dict[tuple[str, str], str]:
        """The text of each post as first delivered, by source and post_id."""
        texts: dict[tuple[str, str], str] = {}
        for record in self.records["posts"]:
            if text := record.get("text"):
                texts.setdefault((record["source"], record["post_id"]), text)
        return texts

    def labelled_posts(self) -> list[tuple[str, Row]]:
        """Text and truth of each post that has a text and repeats nobody's, in order."""
        return [
            (self.texts[key], row)
            for row in self.tables["posts"]
            if not row["repost_of"] and self.texts.get(key := (row["source"], row["post_id"]))
        ]


@lru_cache(maxsize=1)
def demo_truth(posts: int = POSTS) -> DemoTruth:
    """The demo that figures share, of about so many posts; some 10 s the first time."""
    with TemporaryDirectory() as name:
        landing, truth = Path(name) / "landing", Path(name) / "truth"
        generate(landing, truth, posts=posts, seed=SEED)
        sources = read_sources(landing / FILE_NAME)
        lake = Lake(Path(name) / "lake")
        lake.write_configuration(sources)
        return DemoTruth(
            catalogue=read_catalogue(lake.bronze),
            tables={path.stem: _rows(path) for path in sorted(truth.glob("*.csv"))},
            sources=sources,
            records=_records(landing, sources),
        )


@lru_cache(maxsize=1)
def annotated_posts(posts: int = POSTS) -> tuple[Annotated, ...]:
    """The labelled posts of the demo with their annotations; some 200 a second."""
    demo = demo_truth(posts)
    labelled = demo.labelled_posts()
    rows = Annotator(demo.catalogue).annotate((text_key(text), text) for text, _ in labelled)
    return tuple((truth, row) for (_, truth), row in zip(labelled, rows, strict=True))


def write_lake(
    folder: Path,
    posts: int = POSTS,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Lake:
    """The demo's posts of a span of time, accounts, and annotations of labelled posts, as a lake.

    Where the lake is there, with an earlier span, it grows by what is new.
    """
    demo = demo_truth(posts)
    lake = Lake(folder)
    lake.write_configuration(demo.sources)
    version = annotation_version(demo.catalogue)
    part = f"since-{since:%Y%m%d%H%M%S}" if since else "first"
    shown = {
        "posts": [
            {**record, "text_key": text_key(record["text"]) if record.get("text") else None}
            for record in demo.records["posts"]
            if (since is None or record["created_at"] >= since)
            and (until is None or record["created_at"] < until)
        ],
        "accounts": [] if since else demo.records["accounts"],
    }
    for name, records in shown.items():
        for source in {record["source"] for record in records}:
            rows = [record for record in records if record["source"] == source]
            _write(lake.bronze_batch(name, source, part), BRONZE_TABLES[name], rows)
    keys = {record["text_key"] for record in shown["posts"]} - _annotated(lake, version)
    annotations = {
        row["text_key"]: row for _, row in annotated_posts(posts) if row["text_key"] in keys
    }
    _write(lake.silver_batch(version, part), TEXT_ANNOTATIONS, list(annotations.values()))
    _write(lake.bronze_batch("surveys", "none", part), BRONZE_TABLES["surveys"], [])
    return lake


def _annotated(lake: Lake, version: str) -> set[str]:
    files = lake.silver_batch(version, "*").parent.glob("*/*.parquet")
    return {
        key
        for file in files
        for key in pq.read_table(file, columns=["text_key"])["text_key"].to_pylist()
    }


def _write(folder: Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    schema = pa.schema(
        pa.field(field.name, field.type)  # what a capture adds to a record is null
        for field in table.arrow_schema
        if field.name not in PARTITIONS
    )
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "part.parquet")


def _rows(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def _records(landing: Path, sources: Sources) -> dict[str, list[dict[str, Any]]]:
    """The rows of ``_TABLES``, by reading the files as a capture does."""
    records: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for source in sources.sources:
        adapter = adapter_named(source.adapter)
        for path in sorted(landing.glob(source.glob)):
            with path.open("rb") as stream:
                passage = Passage(path.relative_to(landing).as_posix())
                for outcome in one_by_one(adapter.read(stream, source, passage)):
                    if isinstance(outcome, Accepted) and outcome.table in records:
                        records[outcome.table].append({"source": source.name, **outcome.values})
    return records
