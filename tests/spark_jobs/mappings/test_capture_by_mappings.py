"""Sources that a landing folder adds, through the capture job: every row in bronze or set aside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.bronze import check_bronze
from spark_jobs.lake import Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import plan_capture
from spark_jobs.source_files import sources_in_force

GUESTBOOK = """
name: guestbook
glob: "guestbook/**/*.jsonl"
channel: guestbook
mapping:
  tables:
    posts: {columns: {post_id: entry, text: message}}
"""
SHOP = """
name: shop
glob: "shop/**/*.parquet"
channel: crm
country: FR
mapping:
  tables:
    orders: {columns: {order_id: nr, email: mail, ordered_at: at, total_amount: sum}}
    consents:
      only_if: newsletter
      columns:
        consent_id: {template: "{nr}-newsletter"}
        email: mail
        purpose: {constant: newsletter}
        is_granted: newsletter
        changed_at: at
"""
FILES: dict[str, str] = {
    "sources.d/guestbook.yaml": GUESTBOOK,
    "sources.d/shop.yaml": SHOP,
    "guestbook/a.jsonl": '{"entry": 1, "message": "hello"}\n{"entry": 1e20}\n{"entry": 2}\n',
    "crm/consents/c.csv": (
        "consent_id,customer_id,email,phone,purpose,channel,is_granted,changed_at\n"
        "K1,C1,Ana.Lima@example.org,01 99 00 12 34,newsletter,email,true,2026-05-01 10:00:00\n"
        "K2,C2,jo@example.org,,newsletter,email,perhaps,2026-05-01 10:00:00\n"
    ),
}


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake after one capture, as a run does it: plan, job, gate, promotion."""
    folder = tmp_path_factory.mktemp("mapped")
    landing, home = folder / "landing", folder / "home"
    for name, content in FILES.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    orders = pa.table(
        {
            "nr": pa.array([1, 2, None]),
            "mail": pa.array(["ana.lima@example.org", None, "jo@example.org"]),
            "at": pa.array([1_780_000_000_000] * 3, pa.timestamp("ms", "UTC")),
            "sum": pa.array([12.5, 3.0, 1.0]),
            "newsletter": pa.array([True, None, None]),
        }
    )
    (landing / "shop").mkdir()
    pq.write_table(orders, landing / "shop" / "orders.parquet")
    lake = Lake(home)
    lake.ensure_tables()
    sources = sources_in_force(landing, None)
    plan = plan_capture(survey_landing(landing, sources), sources, lake)
    plan_file, sources_file = home / "plan.json", home / "sources.json"
    plan_file.write_text(plan.model_dump_json())
    sources_file.write_text(sources.model_dump_json(by_alias=True))
    subprocess.run(
        [
            *(sys.executable, "-m", "spark_jobs.capture", "--plan", plan_file),
            *("--sources", sources_file, "--lake", home, "--temporary", home / "temporary"),
            *("--report", home / "report.json", "--master", "local[2]"),
        ],
        check=True,
        env={**os.environ, "CAUSERIE_SECRET": "a secret of sixteen or more"},
    )
    assert json.loads((home / "report.json").read_text())["failures"] == {}
    for source, batch_id in plan.batches.items():
        assert check_bronze(lake, sources.named(source), batch_id).passed
        lake.promote_bronze(source, batch_id)
    return lake


def rows(lake: Lake, table: str, *columns: str) -> list[dict[str, Any]]:
    return lake.read_bronze(table, columns).to_pylist()


def test_every_row_is_accounted_for(captured: Lake) -> None:
    columns = ["read", "accepted", "duplicate", "quarantined"]
    ledger = rows(captured, "ledger", "file", *(f"rows_{name}_count" for name in columns))
    assert {
        row["file"]: tuple(row[f"rows_{name}_count"] for name in columns) for row in ledger
    } == {
        "guestbook/a.jsonl": (3, 2, 0, 1),
        "shop/orders.parquet": (4, 3, 0, 1),  # a row that makes two records counts twice
        "crm/consents/c.csv": (2, 1, 0, 1),
    }


def test_contact_points_are_keyed_alike_in_every_table(captured: Lake) -> None:
    orders = rows(captured, "orders", "source", "order_id", "email_key")
    consents = rows(captured, "consents", "source", "consent_id", "email_key", "phone_key")
    by_id = {row.get("order_id") or row["consent_id"]: row for row in (*orders, *consents)}
    assert set(by_id) == {"1", "2", "1-newsletter", "K1"}
    assert by_id["1"]["email_key"] == by_id["1-newsletter"]["email_key"] == by_id["K1"]["email_key"]
    assert len(by_id["K1"]["email_key"]) == len(by_id["K1"]["phone_key"]) == 32
    assert by_id["2"]["email_key"] is None


def test_personal_rows_are_shown_by_their_shape_only(captured: Lake) -> None:
    excerpts = {
        row["source"]: row["raw_excerpt"]
        for row in rows(captured, "quarantine", "source", "raw_excerpt")
    }
    assert set(excerpts) == {"guestbook", "shop", "crm_consents"}
    for source in ("shop", "crm_consents"):
        assert "jo" not in excerpts[source]
        assert "example" not in excerpts[source]
