"""The files against the real adapters: every record counted, every fault where truth has it."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from demo_sample import Demo

from spark_jobs.adapters.outcomes import Accepted
from spark_jobs.tables.bronze import TABLES

SOURCES = (
    "x",
    "customer_care",
    "reddit",
    "crm_customers",
    "crm_orders",
    "crm_order_lines",
    "crm_surveys",
    "crm_loyalty",
    "crm_consents",
)


@pytest.mark.parametrize("source", SOURCES)
def test_adapters_count_what_truth_counts(demo: Demo, source: str) -> None:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[tuple[str, str]] = set()
    for file, outcome in demo.outcomes(source):
        if not isinstance(outcome, Accepted):
            found[file]["quarantined"] += 1
            continue
        columns = TABLES[outcome.table].hashed
        version = (outcome.table, repr([outcome.values.get(column) for column in columns]))
        found[file]["duplicates" if version in seen else "accepted"] += 1
        seen.add(version)
    kinds = ("accepted", "duplicates", "quarantined")
    told = {
        row["file"]: {kind: int(row[kind]) for kind in kinds}
        for row in demo.rows("files")
        if row["source"] == source
    }
    assert {file: {kind: counts[kind] for kind in kinds} for file, counts in found.items()} == told
    assert sum(file["quarantined"] for file in told.values()) >= 3
    assert sum(file["duplicates"] for file in told.values()) >= 3


@pytest.mark.parametrize("source", SOURCES)
def test_faults_are_where_truth_has_them(demo: Demo, source: str) -> None:
    found = sorted(
        (file, outcome.position)
        for file, outcome in demo.outcomes(source)
        if not isinstance(outcome, Accepted)
    )
    told = sorted(
        (row["file"], int(row["position"]))
        for row in demo.rows("broken")
        if row["source"] == source
    )
    assert found == told


def test_every_kind_of_fault_occurs(demo: Demo) -> None:
    kinds = {row["kind"] for row in demo.rows("broken")}
    assert kinds >= {
        "truncated_json",
        "not_utf8",
        "not_json",
        "wrong_type",
        "impossible_date",
        "impossible_value",
        "missing_field",
        "unknown_object",
        "source_error",
        "broken_over_lines",
        "rounded_id",
        "too_few_fields",
    }


@pytest.mark.parametrize("source", ["x", "customer_care", "reddit"])
def test_posts_are_those_of_the_truth(demo: Demo, source: str) -> None:
    told = {row["post_id"]: row for row in demo.rows("posts") if row["source"] == source}
    edits = {row["edit_id"] for row in demo.rows("edits") if row["source"] == source}
    values = {value["post_id"]: value for value in demo.accepted(source, "posts")}
    assert set(told) == set(values) - (edits - set(told))
    for post_id, row in told.items():
        value = values[post_id]
        assert value["created_at"].isoformat() == row["created_at"]
        assert (value.get("in_reply_to_post_id") or "") == row["in_reply_to"]
        assert (value.get("repost_of_post_id") or "") == row["repost_of"]
        assert (value.get("quoted_post_id") or "") == row["quoted"]
        if source != "customer_care":
            assert value["thread_id"] == row["thread"]


def test_authors_are_accounts_of_the_truth(demo: Demo) -> None:
    people = {
        (row["source"], row["native_id"])
        for row in demo.rows("people")
        if row["identifier_type"] == "account"
    }
    brands = {row["account_id"] for row in demo.rows("posts") if row["is_brand"] == "1"}
    for source in ("x", "customer_care", "reddit"):
        for value in demo.accepted(source, "posts"):
            author = value.get("author_id")
            assert author is None or author in brands or (source, author) in people


def test_edits_name_their_original(demo: Demo) -> None:
    told = {row["edit_id"]: row for row in demo.rows("edits") if row["source"] == "x"}
    edited = {
        value["post_id"]: value
        for value in demo.accepted("x", "posts")
        if value.get("edit_of_post_id")
    }
    assert set(edited) == set(told)
    assert len(told) >= 5
    for edit_id, row in told.items():
        assert edited[edit_id]["edit_of_post_id"] == row["post_id"]
        assert edited[edit_id]["text"] == row["text"]


def test_reddit_edits_and_deletions_come_later(demo: Demo) -> None:
    latest: dict[str, dict[str, object]] = {}
    for value in sorted(
        demo.accepted("reddit", "posts"), key=lambda value: str(value["received_at"])
    ):
        latest[value["post_id"]] = value
    edits = [row for row in demo.rows("edits") if row["source"] == "reddit"]
    deletions = [row for row in demo.rows("deletions") if row["source"] == "reddit"]
    assert len(edits) >= 10
    assert len(deletions) >= 10
    assert all(latest[row["post_id"]]["edited_at"] is not None for row in edits)
    assert all(latest[row["post_id"]]["is_deleted"] for row in deletions)


def test_deletions_on_x_are_events(demo: Demo) -> None:
    events = {
        event["post_id"]
        for event in demo.accepted("x", "interactions")
        if event["interaction_type"] == "deletion"
    }
    assert events == {row["post_id"] for row in demo.rows("deletions") if row["source"] == "x"}
    assert len(events) >= 10


def test_crm_rows_are_those_of_the_truth(demo: Demo) -> None:
    customers = {value["customer_id"] for value in demo.accepted("crm_customers", "customers")}
    told = {
        row["native_id"] for row in demo.rows("people") if row["identifier_type"] == "crm_customer"
    }
    assert customers == told
    orders = {value["order_id"] for value in demo.accepted("crm_orders", "orders")}
    assert orders == {row["order_id"] for row in demo.rows("orders")}
    answers = {value["response_id"] for value in demo.accepted("crm_surveys", "surveys")}
    assert answers == {row["response_id"] for row in demo.rows("surveys")}
    for movement in demo.accepted("crm_loyalty", "loyalty"):
        if movement.get("customer_id"):
            assert movement["customer_id"] in customers
        if movement.get("order_id"):
            assert movement["order_id"] in orders


def test_lines_add_up_to_their_order(demo: Demo) -> None:
    totals = {
        value["order_id"]: value["total_amount"] for value in demo.accepted("crm_orders", "orders")
    }
    lines = {
        (value["order_id"], value["line_id"]): value["line_amount"]
        for value in demo.accepted("crm_order_lines", "order_lines")
    }
    truth = demo.rows("order_lines")
    assert {(*key, str(amount)) for key, amount in lines.items()} == {
        (row["order_id"], row["line_id"], row["line_amount"]) for row in truth
    }
    stray = {row["order_id"] for row in truth if row["has_order"] == "0"}
    assert stray
    assert stray.isdisjoint(totals)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for (order_id, _), amount in lines.items():
        if order_id not in stray:
            sums[order_id] += amount
    assert sums == totals


def test_orders_abroad_are_in_another_currency(demo: Demo) -> None:
    currencies = {
        value["order_id"]: value["currency"] for value in demo.accepted("crm_orders", "orders")
    }
    assert set(currencies.values()) == {"EUR", "GBP"}
    assert currencies == {row["order_id"]: row["currency"] for row in demo.rows("orders")}


def test_consents_are_those_of_the_truth(demo: Demo) -> None:
    customers = {value["customer_id"] for value in demo.accepted("crm_customers", "customers")}
    consents = demo.accepted("crm_consents", "consents")
    found = {
        (value["consent_id"], value["changed_at"].isoformat(), value["is_granted"])
        for value in consents
    }
    told = {
        (row["consent_id"], row["changed_at"], row["is_granted"] == "1")
        for row in demo.rows("consents")
    }
    assert found == told
    assert {value["customer_id"] for value in consents} == customers
    versions = Counter(consent_id for consent_id, _, _ in found)
    assert max(versions.values()) == 2
