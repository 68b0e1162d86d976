"""Every social dump of the real data, captured together and reconciled, with exact counts."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from captures import Capture, counts, ledger

from spark_jobs.lake import Lake

FOLDERS = {
    "twitter_care": ("customer_care", {".csv"}),
    "twitter_api_v2": ("x", {".jsonl"}),
    "twitter_api_v1": ("x_v1", {".json", ".jsonl"}),
    "reddit": ("reddit", {".ndjson"}),
    "mastodon": ("mastodon", {".ndjson"}),
    "youtube_comments": ("youtube", {".csv"}),
    "discourse": ("discourse", {".json"}),
    "stackexchange_meta_french": ("stackexchange/meta", {".xml"}),
}
COUNTS = {
    # files, then records read, accepted, duplicate, quarantined
    "customer_care": (1, 5_000, 4_999, 0, 1),
    "discourse": (13, 21, 10, 3, 8),
    "mastodon": (1, 306, 180, 126, 0),
    "reddit": (2, 6_002, 6_002, 0, 0),
    "stackexchange": (7, 12_454, 12_454, 0, 0),
    "x": (27, 5_082, 3_671, 1_206, 205),
    "x_v1": (54, 1_736, 938, 668, 130),
    "youtube": (5, 1_956, 1_953, 3, 0),
}
POSTS = {
    "customer_care": 4_999,
    "discourse": 9,
    "mastodon": 145,
    "reddit": 6_002,
    "stackexchange": 2_086,
    "x": 1_614,
    "x_v1": 619,
    "youtube": 1_953,
}
"""Posts that are told apart by their ids."""
REASONS = {
    "customer_care": {"broken_over_lines": 1},
    "discourse": {"unknown_object": 8},  # lists of topics and of users
    "x": {"source_error": 27, "unknown_object": 175, "not_json": 1, "unsupported_event": 2},
    # Activity Streams are another format; followers_count is -1; one file is cut up in lines.
    "x_v1": {"unknown_object": 22, "impossible_value": 34, "not_json": 74},
}


@pytest.fixture(scope="module")
def home(capture: Capture, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    for name, (source, suffixes) in FOLDERS.items():
        target = folder / "landing" / source
        target.mkdir(parents=True)
        for file in (shared_data / name).iterdir():
            if file.suffix in suffixes:
                shutil.copyfile(file, target / file.name)
    captured = capture(folder / "landing", folder / "home")
    assert captured.failures == {}
    return folder / "home"


def by_source(home: Path) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in ledger(home).values():
        rows.setdefault(row["source"], []).append(row)
    return rows


def test_every_record_of_every_file_is_accounted_for(home: Path) -> None:
    for row in ledger(home).values():
        read, *outcomes = counts(row)
        assert read == sum(outcomes), row["file"]
    assert {
        source: (len(rows), *map(sum, zip(*map(counts, rows), strict=True)))
        for source, rows in by_source(home).items()
    } == COUNTS


def test_each_post_is_held(home: Path) -> None:
    posts = Lake(home).read_bronze("posts", ["source", "post_id"]).to_pylist()
    assert Counter(source for source, _ in {tuple(post.values()) for post in posts}) == POSTS


def test_what_is_set_aside_has_a_reason(home: Path) -> None:
    found: dict[str, Counter[str]] = {}
    for source, rows in by_source(home).items():
        for row in rows:
            found.setdefault(source, Counter()).update(json.loads(row["reasons"]))
    assert {source: dict(reasons) for source, reasons in found.items() if reasons} == REASONS


def test_the_one_broken_care_record_is_tweet_3399(home: Path) -> None:
    (record,) = Lake(home).read_bronze("quarantine", ["raw"], source="customer_care").to_pylist()
    assert record["raw"].split(",")[1] == "3399"


def test_each_table_of_a_stack_exchange_dump_is_captured_whole(home: Path) -> None:
    files = {
        name.removeprefix("stackexchange/meta/"): row
        for name, row in ledger(home).items()
        if row["source"] == "stackexchange"
    }
    assert {name: counts(row) for name, row in files.items()} == {
        "Badges.xml": (4_002, 4_002, 0, 0),
        "Comments.xml": (1_305, 1_305, 0, 0),
        "PostLinks.xml": (134, 134, 0, 0),
        "Posts.xml": (781 + 86, 781 + 86, 0, 0),  # 86 questions name the answer they accepted
        "Tags.xml": (94, 94, 0, 0),
        "Users.xml": (1_703, 1_703, 0, 0),
        "Votes.xml": (4_349, 4_349, 0, 0),
    }
    assert files["Votes.xml"]["first_at"] is None  # votes have no time
    assert "Reputation" in files["Users.xml"]["unmapped_fields"]
    columns = ["created_date", "post_id"]
    held = Lake(home).read_bronze("interactions", columns, source="stackexchange").to_pylist()
    assert sum(row["created_date"] is not None for row in held) == 4_349
    assert sum(row["post_id"] is None for row in held) == 4_002
