"""The landing folder: every file is one source's or reported, and mistakes stop the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from spark_jobs.landing import survey_landing
from spark_jobs.source_files import sources_file
from spark_jobs.sources import SHIPPED_SOURCES, Source, Sources, SourcesError, read_sources

SHIPPED = read_sources(SHIPPED_SOURCES)


def put(landing: Path, *names: str) -> None:
    for name in names:
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n", encoding="utf-8")


def test_every_file_is_claimed_or_reported(tmp_path: Path) -> None:
    put(tmp_path, "x/a.jsonl", "x/deep/b.jsonl", "crm/orders/o.csv", "reddit/README.txt")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [(file.source, file.name) for file in delivery.files] == [
        ("x", "x/a.jsonl"),
        ("x", "x/deep/b.jsonl"),
        ("crm_orders", "crm/orders/o.csv"),
    ]
    assert delivery.unclaimed == ("reddit/README.txt",)


def test_hidden_files_and_the_sources_file_are_no_delivery(tmp_path: Path) -> None:
    put(tmp_path, "x/.a.jsonl.part", ".git/x.jsonl", "sources.yaml")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert (delivery.files, delivery.unclaimed) == ((), ())


def test_a_missing_landing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="absent does not exist; create it"):
        survey_landing(tmp_path / "absent", SHIPPED)


@pytest.mark.parametrize("folder", ["usenet", "crm/returns"])
def test_an_unknown_folder_is_named(tmp_path: Path, folder: str) -> None:
    put(tmp_path, "x/a.jsonl", f"{folder}/a.jsonl")
    with pytest.raises(SourcesError, match=f"no source is declared for {folder};"):
        survey_landing(tmp_path, SHIPPED)


def test_a_file_of_two_sources_is_named(tmp_path: Path) -> None:
    put(tmp_path, "x/a.jsonl")
    twin = Source(name="twin", adapter="x_api_v2", glob="x/*.jsonl", channel="x")
    with pytest.raises(SourcesError, match="claimed by two sources, x and twin"):
        survey_landing(tmp_path, Sources(sources=(*SHIPPED.sources, twin)))


def test_the_configured_sources_file_wins_over_the_delivered_over_the_shipped(
    tmp_path: Path,
) -> None:
    assert sources_file(tmp_path, None) == SHIPPED_SOURCES
    put(tmp_path, "sources.yaml")
    assert sources_file(tmp_path, None) == tmp_path / "sources.yaml"
    assert sources_file(tmp_path, tmp_path / "other.yaml") == tmp_path / "other.yaml"


def test_files_that_declare_sources_are_no_delivery_and_their_folder_is_known(
    tmp_path: Path,
) -> None:
    put(tmp_path, "sources.d/guestbook.yaml", "sources.d/mappings/own.yaml", "x/a.jsonl")
    everything = Source(name="all", adapter="reddit", glob="**/*.yaml", channel="x")
    for sources in (SHIPPED, Sources(sources=(*SHIPPED.sources, everything))):
        delivery = survey_landing(tmp_path, sources)
        assert [file.name for file in delivery.files] == ["x/a.jsonl"]
        assert delivery.unclaimed == ()
