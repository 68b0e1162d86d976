"""The capture job on Spark: every record of every file is accounted for, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from captures import SECRET, SHIPPED, Capture, counts, ledger
from landed import PACKERS
from source_examples import reddit_comment
from zip_bytes import DEFLATE, Entry, zip_bytes

from spark_jobs.lake import Lake
from spark_jobs.landing import Delivery, LandedFile, survey_landing
from spark_jobs.plan import files_read_before, plan_capture
from spark_jobs.rewriting import compact, promote
from spark_jobs.sources import SHIPPED_SOURCES, Sources
from spark_jobs.tables.bronze import ENTITIES, TABLES


def comment(number: int, **changes: Any) -> str:
    return json.dumps({**reddit_comment(number), **changes})


def deliver(landing: Path, name: str, content: str | bytes) -> None:
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory, capture: Capture) -> Path:
    """A home after two captures of a delivery with every kind of fault that is left to bronze."""
    folder = tmp_path_factory.mktemp("captured")
    landing, home = folder / "landing", folder / "home"
    lines = [comment(1), comment(2), comment(1), '{"name": "t1_3", "body": "cut', comment(4)]
    deliver(landing, "reddit/a.ndjson", "\n".join(lines))
    deliver(landing, "reddit/b.ndjson", "\n".join([comment(2), comment(5, score=-3), ""]))
    deliver(landing, "reddit/copy.ndjson", "\n".join(lines))
    deliver(landing, "reddit/empty.ndjson", "")
    deliver(
        landing,
        "reddit/latin.ndjson",
        comment(6).encode() + b"\n" + '{"body": "é"}'.encode("latin-1"),
    )
    deliver(
        landing,
        "crm/surveys/answers.csv",
        "response_id,survey_id,customer_id,email,order_id,brand,nps_score,comment,answered_at\n"
        "1,nps,7,Ana.Lima@example.org,,,9,bien,2026-05-01 10:00:00\n"
        "2,nps,8,jo@example.org,,,11,super,2026-05-01 10:00:00\n",
    )
    capture(landing, home)
    deliver(landing, "reddit/c.ndjson", "\n".join([comment(4), comment(5, score=8)]))
    assert capture(landing, home).rows == {
        "read": 2,
        "accepted": 1,
        "duplicate": 1,
        "quarantined": 0,
    }
    return home


def test_each_record_of_each_file_is_accounted_for(captured: Path) -> None:
    assert {name: counts(row) for name, row in ledger(captured).items()} == {
        "reddit/a.ndjson": (5, 3, 1, 1),
        "reddit/b.ndjson": (2, 1, 1, 0),
        "reddit/copy.ndjson": (5, 0, 5, 0),
        "reddit/empty.ndjson": (0, 0, 0, 0),
        "reddit/latin.ndjson": (2, 1, 0, 1),
        "reddit/c.ndjson": (2, 1, 1, 0),
        "crm/surveys/answers.csv": (2, 1, 0, 1),
    }
    assert ledger(captured)["reddit/copy.ndjson"]["duplicate_of_file"] == "reddit/a.ndjson"


def test_the_tables_hold_what_the_ledger_accepted(captured: Path) -> None:
    lake = Lake(captured)
    held = Counter(
        file
        for table in ENTITIES
        for file in lake.read_bronze(table.name, ["file"])["file"].to_pylist()
    )
    accepted = {name: row["rows_accepted_count"] for name, row in ledger(captured).items()}
    assert held == Counter({name: count for name, count in accepted.items() if count})


def test_a_changed_record_is_another_version(captured: Path) -> None:
    posts = Lake(captured).read_bronze("posts", ["post_id", "like_count", "file"]).to_pylist()
    assert sorted(
        (row["file"], row["like_count"]) for row in posts if row["post_id"] == "t1_5"
    ) == [("reddit/b.ndjson", -3), ("reddit/c.ndjson", 8)]


def test_what_cannot_be_read_is_kept_with_its_place_and_reason(captured: Path) -> None:
    columns = ["file", "position", "reason", "detail", "raw", "raw_excerpt"]
    rows = {
        row["file"]: row for row in Lake(captured).read_bronze("quarantine", columns).to_pylist()
    }
    assert {(row["file"], row["position"], row["reason"]) for row in rows.values()} == {
        ("reddit/a.ndjson", 4, "not_json"),
        ("reddit/latin.ndjson", 2, "not_utf8"),
        ("crm/surveys/answers.csv", 3, "impossible_value"),
    }
    assert rows["reddit/a.ndjson"]["raw"] == '{"name": "t1_3", "body": "cut'
    assert json.loads(ledger(captured)["reddit/a.ndjson"]["reasons"]) == {"not_json": 1}
    answer = rows["crm/surveys/answers.csv"]
    assert "nps_score" in answer["detail"]
    assert "11" in answer["detail"]
    assert "jo@example.org" in answer["raw"]
    assert "jo@" not in answer["raw_excerpt"]


def test_contact_points_are_keyed(captured: Path) -> None:
    (answer,) = Lake(captured).read_bronze("surveys", ["email", "email_key"]).to_pylist()
    assert answer["email"] == "Ana.Lima@example.org"
    assert len(answer["email_key"]) == 32
    assert "ana" not in answer["email_key"]


def test_the_places_of_duplicates_are_kept(captured: Path) -> None:
    columns = ["file", "position", "table_name", "record_hash"]
    repeats = Lake(captured).read_bronze("repeats", columns).to_pylist()
    assert sorted((row["file"], row["position"], row["table_name"]) for row in repeats) == [
        ("reddit/a.ndjson", 3, "posts"),
        ("reddit/b.ndjson", 1, "posts"),
        ("reddit/c.ndjson", 1, "posts"),
    ]
    posts = Lake(captured).read_bronze("posts", ["record_hash"])["record_hash"].to_pylist()
    assert {row["record_hash"] for row in repeats} <= set(posts)


def test_the_ledger_says_what_is_only_in_the_raw_records(captured: Path) -> None:
    assert ledger(captured)["reddit/a.ndjson"]["seconds"] > 0
    assert ledger(captured)["reddit/empty.ndjson"]["unmapped_fields"] == []


def test_the_job_is_a_process_and_makes_the_same_versions(captured: Path, tmp_path: Path) -> None:
    home = tmp_path / "a [b] {c} d*e's?"
    landing, lake = captured.parent / "landing", Lake(home)
    lake.ensure_tables()
    plan = plan_capture(survey_landing(landing, SHIPPED), SHIPPED, lake)
    plan_file, report = home / "plan.json", home / "report.json"
    plan_file.write_text(plan.model_dump_json())
    subprocess.run(
        [
            *(sys.executable, "-m", "spark_jobs.capture", "--plan", plan_file),
            *("--sources", SHIPPED_SOURCES, "--lake", home, "--temporary", home / "t"),
            *("--report", report, "--master", "local[2]"),
        ],
        check=True,
        env={**os.environ, "CAUSERIE_SECRET": SECRET},
    )
    for source in plan.batches:
        promote(lake, plan, source)
    said = json.loads(report.read_text())
    assert said["read"] == sum(row["rows_read_count"] for row in ledger(home).values())
    assert said["failures"] == {}
    assert versions(home) == versions(captured)


def versions(home: Path) -> list[tuple[str, str]]:
    rows = Lake(home).read_bronze("posts", ["source", "record_hash"]).to_pylist()
    return sorted((row["source"], row["record_hash"]) for row in rows)


def test_a_source_at_which_the_program_fails_does_not_stop_the_others(
    capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    deliver(landing, "reddit/a.ndjson", comment(1))
    deliver(landing, "mastodon/a.ndjson", "{}")
    hidden = landing / "reddit" / "a.ndjson"
    monkeypatch.setattr(LandedFile, "content_hash", lambda file: _hash_then_make_a_folder(file))
    captured = capture(landing, home)
    assert set(captured.failures) == {"reddit"}
    (failure,) = captured.failures["reddit"]
    assert failure["file"] == "reddit/a.ndjson"
    assert "IsADirectoryError" in failure["error"]
    assert set(ledger(home)) == {"mastodon/a.ndjson"}
    monkeypatch.undo()
    hidden.rmdir()
    deliver(landing, "reddit/a.ndjson", comment(1))
    assert capture(landing, home).rows["accepted"] == 1


def _hash_then_make_a_folder(file: LandedFile) -> str:
    """Stands for any error that is no content's fault: the file cannot be opened any more."""
    if file.source == "reddit":
        file.path.unlink()
        file.path.mkdir()
    return file.name


def test_packed_files_are_taken_or_refused_each_whole(capture: Capture, tmp_path: Path) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    lines = [("\n".join(map(comment, numbers)) + "\n").encode() for numbers in ([1, 2], [3, 4])]
    deliver(landing, "reddit/a.ndjson.zst", PACKERS[".zst"](lines[0]))
    members = [
        Entry(b"a.ndjson", lines[0], DEFLATE),
        Entry(b"in/b.ndjson.gz", PACKERS[".gz"](lines[1])),
        Entry(b"README.txt", b"read me"),
    ]
    deliver(landing, "reddit/b.zip", zip_bytes(members))
    deliver(landing, "reddit/cut.ndjson.gz", PACKERS[".gz"](lines[0] * 5000)[:-4])
    deliver(landing, "reddit/evil.zip", zip_bytes([*members, Entry(b"../c.ndjson", lines[0])]))
    damaged = Entry(b"c.ndjson", lines[1], checksum=1)
    deliver(landing, "reddit/damaged.zip", zip_bytes([Entry(b"0.ndjson", b"{"), damaged]))
    capture(landing, home)
    assert {name: counts(row) for name, row in ledger(home).items()} == {
        "reddit/a.ndjson.zst": (2, 2, 0, 0),
        "reddit/b.zip": (5, 2, 2, 1),
        "reddit/cut.ndjson.gz": (1, 0, 0, 1),
        "reddit/evil.zip": (1, 0, 0, 1),
        "reddit/damaged.zip": (1, 0, 0, 1),
    }
    lake = Lake(home)
    assert Counter(lake.read_bronze("posts", ["file"])["file"].to_pylist()) == {
        "reddit/a.ndjson.zst": 2,
        "reddit/b.zip!in/b.ndjson.gz": 2,
    }
    repeats = lake.read_bronze("repeats", ["file"])["file"].to_pylist()
    assert set(repeats) == {"reddit/b.zip!a.ndjson"}
    quarantine = lake.read_bronze("quarantine", ["file", "reason"]).to_pylist()
    assert {(row["file"], row["reason"]) for row in quarantine} == {
        ("reddit/b.zip!README.txt", "unclaimed_member"),
        ("reddit/cut.ndjson.gz", "corrupt_archive"),
        ("reddit/evil.zip", "unsafe_archive"),
        ("reddit/damaged.zip!c.ndjson", "corrupt_archive"),
    }
    assert capture(landing, home).rows["read"] == 0


def test_small_parts_are_merged_and_nothing_changes(capture: Capture, tmp_path: Path) -> None:
    folder = tmp_path / "a [b] {c} d*e's?"
    landing, home = folder / "landing", folder / "home"
    lake = Lake(home)
    for number in range(3):
        lines = [comment(number), comment(10), comment(20 + number, body=""), "{"]
        deliver(landing, f"reddit/{number}.ndjson", "\n".join(lines))
        capture(landing, home)
    before = contents(lake)
    assert len(lake.parts("reddit")) == 3
    assert compact(lake, "reddit", most=3) == 0
    assert compact(lake, "reddit", most=2) == 3
    assert len(lake.parts("reddit")) == 1
    assert contents(lake) == before
    assert capture(landing, home).rows["read"] == 0


def contents(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(lake.read_bronze(name, table.column_names).to_pylist(), key=repr)
        for name, table in TABLES.items()
    }


def renamed(channel: str) -> Sources:
    """The shipped sources as after a mend: every record of reddit becomes another."""
    mended = [
        source.model_copy(update={"channel": channel}) if source.name == "reddit" else source
        for source in SHIPPED.sources
    ]
    return SHIPPED.model_copy(update={"sources": tuple(mended)})


@pytest.mark.parametrize("is_interrupted", [False, True])
def test_reading_again_replaces_what_was_read(
    capture: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_interrupted: bool
) -> None:
    landing, home = tmp_path / "landing", tmp_path / "home"
    deliver(landing, "reddit/old.ndjson", "\n".join([comment(1), comment(2), "{"]))
    capture(landing, home)
    deliver(landing, "reddit/new.ndjson", "\n".join([comment(2), comment(100_000)]))
    deliver(landing, "reddit/copy.ndjson", "\n".join([comment(1), comment(2), "{"]))
    capture(landing, home)

    def recent(delivery: Delivery, lake: Lake) -> frozenset[str]:
        since = datetime.fromtimestamp(1_780_050_000, UTC)
        return files_read_before(delivery, lake, "reddit", since, None)

    def everything(delivery: Delivery, lake: Lake) -> frozenset[str]:
        return files_read_before(delivery, lake, "reddit", None, None)

    capture(landing, home, renamed("again"), recent)
    assert channels(home) == {
        "t1_1": ["reddit"],
        "t1_2": ["again", "reddit"],
        "t1_100000": ["again"],
    }
    if is_interrupted:
        monkeypatch.setattr(Lake, "_remove_replaced", lambda _lake: None)
    capture(landing, home, renamed("afresh"), everything)
    monkeypatch.undo()
    Lake(home).recover()
    assert channels(home) == {"t1_1": ["afresh"], "t1_2": ["afresh"], "t1_100000": ["afresh"]}
    assert {name: counts(row) for name, row in ledger(home).items()} == {
        "reddit/copy.ndjson": (3, 2, 0, 1),
        "reddit/new.ndjson": (2, 1, 1, 0),
        "reddit/old.ndjson": (3, 0, 3, 0),
    }
    assert Lake(home).read_bronze("quarantine", ["file"]).num_rows == 1


def channels(home: Path) -> dict[str, list[str]]:
    """The channels under which each post is held."""
    found: dict[str, list[str]] = {}
    for row in Lake(home).read_bronze("posts", ["post_id", "channel"]).to_pylist():
        found[row["post_id"]] = sorted([*found.get(row["post_id"], []), row["channel"]])
    return found
