"""From outcomes to rows: each record has its place among all, whatever became of it."""

from __future__ import annotations

import io
import json

from spark_jobs.adapters.outcomes import Accepted, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.gathered import Rows
from spark_jobs.records import QUARANTINE, rows_of
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

X = read_sources(SHIPPED_SOURCES).named("x")
SECRET = b"a secret of sixteen or more"


def rows_by_table(lines: list[str]) -> dict[str, Rows]:
    stream = io.BytesIO("\n".join(lines).encode())
    outcomes = adapter_named(X.adapter).read(stream, X, Passage("x/a.jsonl"))
    return {rows.table: rows for rows in rows_of(outcomes, X, SECRET)}


def test_a_fault_that_only_a_column_shows_is_set_aside_at_its_place() -> None:
    posts = [
        {"id": "1", "text": "a", "created_at": "2024-05-01T08:30:00Z"},
        {"id": "2", "text": "b", "created_at": "1900-01-01T00:00:00Z"},
        {"id": "three", "text": "c"},
        {"id": "4", "text": "d"},
    ]
    users = [{"id": "7", "username": "ilse"}, {"id": "", "username": "joran"}]
    page = {"data": posts, "includes": {"users": users}}
    event = {"id": "20", "action": "delete", "created_at": "2006-03-21T20:50:14Z"}
    rows = rows_by_table([json.dumps(page), "{", json.dumps(event)])
    found = {
        table: sorted(zip(of.indexes.to_pylist(), of.items.to_pylist(), strict=True))
        for table, of in rows.items()
    }
    assert found == {
        "posts": [(0, "/data/0"), (3, "/data/3")],
        "accounts": [(4, "/includes/users/0")],
        "interactions": [(7, None)],
        QUARANTINE: [(1, "/data/1"), (2, "/data/2"), (5, "/includes/users/1"), (6, None)],
    }
    assert rows["posts"].columns["post_id"].to_pylist() == ["1", "4"]
    assert [json.loads(raw) for raw in rows["posts"].raws.to_pylist()] == [posts[0], posts[3]]


def test_rows_hold_what_the_records_hold_one_by_one() -> None:
    lines = [
        json.dumps({"data": [{"id": str(number), "text": f"Ã©t\u00e9 {number} &amp; \x00"}]})
        for number in range(20)
    ]
    stream = io.BytesIO("\n".join(lines).encode())
    alone = list(one_by_one(adapter_named(X.adapter).read(stream, X, Passage("x/a.jsonl"))))
    rows = rows_by_table(lines)["posts"]
    for name in rows.columns.keys() - {"record_hash"}:
        of_each = [each.values[name] for each in alone if isinstance(each, Accepted)]
        assert rows.columns[name].to_pylist() == of_each
    assert len(set(rows.hashes.to_pylist())) == 20
