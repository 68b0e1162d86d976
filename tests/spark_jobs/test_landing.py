"""The landing folder: every file is one source's or reported, and mistakes stop the run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from spark_jobs import landing as surveying
from spark_jobs.landing import settled, survey_landing
from spark_jobs.refusals import UnsettledError
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


def test_compressed_files_and_archives_are_claimed_in_the_folder_of_their_source(
    tmp_path: Path,
) -> None:
    put(
        tmp_path,
        "reddit/a.ndjson.zst",
        "reddit/deep/b.zip",
        "crm/orders/o.csv.gz",
        "reddit/c.csv.gz",
    )
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [(file.source, file.name) for file in delivery.files] == [
        ("reddit", "reddit/a.ndjson.zst"),
        ("reddit", "reddit/deep/b.zip"),
        ("crm_orders", "crm/orders/o.csv.gz"),
    ]
    assert delivery.unclaimed == ("reddit/c.csv.gz",)


@pytest.mark.parametrize("name", ["x/a.jsonl.gz", "x/a.zip"])
def test_a_packed_file_of_two_sources_is_named(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    twin = Source(name="twin", adapter="x_api_v2", glob="x/*.jsonl", channel="x")
    with pytest.raises(SourcesError, match=f"{name} is claimed by two sources, x and twin"):
        survey_landing(tmp_path, Sources(sources=(*SHIPPED.sources, twin)))


@pytest.mark.parametrize(
    "name",
    [
        "a.jsonl.part",
        "a.jsonl.partial",
        "a.jsonl.tmp",
        "a.jsonl.crdownload",
        "a.jsonl.filepart",
        "a.JSONL.PART",
        "~$a.jsonl",
        ".a.jsonl",
        ".a.jsonl.part",
        ".a.jsonl.Xy12Zw",
    ],
)
def test_names_of_copy_tools_are_left_and_listed(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"x/{name}", "x/b.jsonl")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [file.name for file in delivery.files] == ["x/b.jsonl"]
    assert [each.name for each in delivery.unfinished] == [f"x/{name}"]
    assert delivery.unclaimed == ()


@pytest.mark.parametrize(
    "lock",
    ["a.jsonl.lock", "a.jsonl.writing", ".~lock.a.jsonl#", "~$a.jsonl", "a.jsonl.part"],
)
def test_a_file_with_a_lock_beside_it_is_left_and_listed(tmp_path: Path, lock: str) -> None:
    put(tmp_path, "x/a.jsonl", f"x/{lock}", "x/b.jsonl")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [file.name for file in delivery.files] == ["x/b.jsonl"]
    assert [(each.name, each.why) for each in delivery.unfinished] == [
        ("x/a.jsonl", f"{lock} lies beside it")
    ]
    (tmp_path / "x" / lock).unlink()
    assert len(survey_landing(tmp_path, SHIPPED).files) == 2


def test_a_lock_of_office_may_cover_the_start_of_the_name(tmp_path: Path) -> None:
    put(tmp_path, "crm/orders/report.csv", "crm/orders/~$port.csv", "crm/orders/other.csv")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [file.name for file in delivery.files] == ["crm/orders/other.csv"]
    assert [each.name for each in delivery.unfinished] == ["crm/orders/report.csv"]


def test_dot_files_that_are_no_delivery_are_not_listed(tmp_path: Path) -> None:
    put(tmp_path, "x/.gitkeep", "x/.DS_Store", "x/.jsonl.swp")
    assert survey_landing(tmp_path, SHIPPED).unfinished == ()


def test_nothing_is_waited_for_where_nothing_is_recent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "x/a.jsonl")
    os.utime(tmp_path / "x/a.jsonl", (time.time() - 60,) * 2)
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("waited"))
    delivery = survey_landing(tmp_path, SHIPPED)
    assert settled(delivery) == delivery


def test_a_recent_file_is_looked_at_again_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "x/a.jsonl", "x/gone.jsonl", "x/grows.jsonl", "x/touched.jsonl")

    def meanwhile(seconds: float) -> None:
        assert seconds == surveying.SETTLE_SECONDS
        (tmp_path / "x/grows.jsonl").write_text("{}\n{}\n")
        os.utime(tmp_path / "x/touched.jsonl", (0, 0))
        (tmp_path / "x/gone.jsonl").unlink()

    monkeypatch.setattr(time, "sleep", meanwhile)
    delivery = settled(survey_landing(tmp_path, SHIPPED))
    assert [file.name for file in delivery.files] == ["x/a.jsonl"]
    whys = {each.name: each.why for each in delivery.unfinished}
    assert whys["x/grows.jsonl"] == "its size changes: 3 bytes, then 6"
    assert "cannot be read" in whys["x/gone.jsonl"]
    assert "written to" in whys["x/touched.jsonl"]


def test_a_file_that_changes_while_it_is_hashed_has_no_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "x/a.jsonl")
    (file,) = survey_landing(tmp_path, SHIPPED).files
    assert len(file.content_hash()) == 64
    digest = surveying.hashlib.file_digest

    def while_somebody_writes(*arguments: object) -> object:
        found = digest(*arguments)  # type: ignore[arg-type]
        (tmp_path / "x/a.jsonl").write_text("{}\n{}\n")
        return found

    monkeypatch.setattr(surveying.hashlib, "file_digest", while_somebody_writes)
    with pytest.raises(UnsettledError, match="3 bytes, then 6"):
        file.content_hash()


def test_what_is_no_file_is_reported_and_never_opened(tmp_path: Path) -> None:
    put(tmp_path, "x/a.jsonl")
    os.mkfifo(tmp_path / "x" / "pipe.jsonl")
    (tmp_path / "x" / "nowhere.jsonl").symlink_to(tmp_path / "absent")
    (tmp_path / "x" / os.fsdecode(b"caf\xe9.jsonl")).write_text("{}\n")
    delivery = survey_landing(tmp_path, SHIPPED)
    assert [file.name for file in delivery.files] == ["x/a.jsonl"]
    assert delivery.unclaimed == ("x/caf\\xe9.jsonl", "x/nowhere.jsonl", "x/pipe.jsonl")


def test_links_to_folders_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere/a.jsonl", "landing/x/b.jsonl")
    (tmp_path / "landing" / "x" / "mounted").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "landing" / "x" / "back").symlink_to(tmp_path / "landing")
    names = [file.name for file in survey_landing(tmp_path / "landing", SHIPPED).files]
    assert names == ["x/b.jsonl", "x/mounted/a.jsonl"]


def test_files_that_declare_sources_are_no_delivery_and_their_folder_is_known(
    tmp_path: Path,
) -> None:
    put(tmp_path, "sources.d/guestbook.yaml", "sources.d/mappings/own.yaml", "x/a.jsonl")
    everything = Source(name="all", adapter="reddit", glob="**/*.yaml", channel="x")
    for sources in (SHIPPED, Sources(sources=(*SHIPPED.sources, everything))):
        delivery = survey_landing(tmp_path, sources)
        assert [file.name for file in delivery.files] == ["x/a.jsonl"]
        assert delivery.unclaimed == ()
