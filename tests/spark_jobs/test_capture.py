"""The capture job on Spark: every record of every file is accounted for, once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from expectations.bronze import check_bronze
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import Plan, plan_capture
from spark_jobs.sources import SHIPPED_SOURCES, read_sources
from spark_jobs.tables.bronze import ENTITIES, LEDGER

SHIPPED = read_sources(SHIPPED_SOURCES)
SECRET = "a secret of sixteen or more"


def comment(number: int, **changes: Any) -> str:
    return json.dumps(
        {
            "name": f"t1_{number}",
            "id": str(number),
            "author": "mireille",
            "body": f"message {number}",
            "subreddit": "jardin",
            "link_id": "t3_1",
            "parent_id": "t3_1",
            "score": 1,
            "created_utc": 1_780_000_000 + number,
            "edited": False,
            **changes,
        }
    )


def deliver(landing: Path, name: str, content: str | bytes) -> None:
    path = landing / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def capture(landing: Path, home: Path) -> tuple[Plan, dict[str, Any]]:
    """Plan, run the job as its own process, gate and promote, as a run does."""
    lake = Lake(home)
    lake.ensure_tables()
    plan = plan_capture(survey_landing(landing, SHIPPED), SHIPPED, lake)
    plan_file, report = home / "plan.json", home / "report.json"
    plan_file.write_text(plan.model_dump_json())
    subprocess.run(
        [
            *(sys.executable, "-m", "spark_jobs.capture", "--plan", plan_file),
            *("--sources", SHIPPED_SOURCES, "--lake", home, "--temporary", home / "temporary"),
            *("--report", report, "--master", "local[2]"),
        ],
        check=True,
        env={**os.environ, "CAUSERIE_SECRET": SECRET},
    )
    for source, batch_id in plan.batches.items():
        assert check_bronze(lake, SHIPPED.named(source), batch_id).passed
        lake.promote_bronze(source, batch_id)
    return plan, json.loads(report.read_text())


def ledger(home: Path) -> dict[str, dict[str, Any]]:
    columns = ["batch_id", *(name for name in LEDGER.column_names if name != "batch_id")]
    return {row["file"]: row for row in Lake(home).read_bronze("ledger", columns).to_pylist()}


def counts(row: dict[str, Any]) -> tuple[int, ...]:
    """Rows read, accepted, duplicate, quarantined."""
    return tuple(
        row[f"rows_{what}_count"] for what in ("read", "accepted", "duplicate", "quarantined")
    )


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Path:
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
    plan, _ = capture(landing, home)
    assert [file.file for file in plan.files] == ["reddit/c.ndjson"]
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


def test_a_batch_is_the_same_in_another_home(captured: Path, tmp_path: Path) -> None:
    landing = captured.parent / "landing"
    plan, report = capture(landing, tmp_path)
    assert report["read"] == sum(row["rows_read_count"] for row in ledger(tmp_path).values())
    versions = [
        sorted(
            (row["source"], row["record_hash"])
            for row in Lake(home).read_bronze("posts", ["source", "record_hash"]).to_pylist()
        )
        for home in (captured, tmp_path)
    ]
    assert versions[0] == versions[1]
    assert set(plan.batches) == {"reddit", "crm_surveys"}
