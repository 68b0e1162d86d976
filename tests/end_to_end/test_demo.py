"""The demo from dumps to an answered Cypher query, compared with the truth behind it.

The tests of this module share one home and build on one another, in their order.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from dagster import DagsterInstance
from scipy.stats import binomtest

from graph.connection import open_driver
from graph.query_library import read_library, run_query
from orchestration.definitions import build_definitions
from orchestration.settings import Settings

from .conftest import Finished, Workplace

POSTS = 1_500
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def on_a_full_disk(workplace: Workplace) -> Finished:
    """A run whose disk is too small for what the models unpack."""
    return workplace.causerie("demo", "--posts", str(POSTS), largest_file=12 * MEGABYTE)


@pytest.fixture(scope="module")
def first(on_a_full_disk: Finished, workplace: Workplace) -> Finished:
    """The first run of ``causerie demo`` that can end, on dumps it generates."""
    assert on_a_full_disk.code == 1
    return workplace.causerie("demo", "--posts", str(POSTS))


@pytest.fixture(scope="module")
def demo(first: Finished, workplace: Workplace) -> Workplace:
    """The workplace after the first run."""
    assert first.code == 0, first.errors
    return workplace


def truth(workplace: Workplace, table: str) -> list[dict[str, str]]:
    with (workplace.home.truth / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_full_disk_is_named_and_nothing_is_published(
    on_a_full_disk: Finished, workplace: Workplace
) -> None:
    assert on_a_full_disk.code == 1
    assert (
        "stage silver_text_annotations failed: spark_jobs.annotate ended" in on_a_full_disk.errors
    )
    assert "File too large" in on_a_full_disk.errors
    assert not workplace.home.published.exists()


def test_the_run_succeeds_and_tells_what_came_out(first: Finished) -> None:
    assert first.code == 0, first.errors
    for stage in ("capture", "annotate", "warehouse", "publish", "graph"):
        assert f"▸ {stage:<9} starts" in first.errors
        assert f"▸ {stage:<9} done in" in first.errors
    for part in (
        "Captured",
        "In quarantine",
        "several records, and why",
        "NPS",
        "People by segment",
        "response times",
        "influencers",
        "make dev",
        "Neo4j",
    ):
        assert part in first.output
    assert re.search(r"\b(\d+) of \1 gates", first.output)


def test_a_good_run_materialises_every_asset(demo: Workplace) -> None:
    definitions = build_definitions(Settings(home=demo.home.root))
    assets = definitions.resolve_asset_graph().executable_asset_keys
    with DagsterInstance.from_config(str(demo.home.dagster)) as instance:
        missing = [key for key in assets if not instance.get_latest_materialization_event(key)]
    assert len(assets) > 60
    assert missing == []


def test_every_file_is_what_the_truth_says(demo: Workplace) -> None:
    expected = {
        row["file"]: tuple(
            int(row[name]) for name in ("records", "accepted", "duplicates", "quarantined")
        )
        for row in truth(demo, "files")
    }
    found = {
        file: tuple(counts)
        for file, *counts in demo.ask(
            "select file, rows_read_count, rows_accepted_count, rows_duplicate_count, "
            "rows_quarantined_count from mart_capture_ledger"
        )
    }
    assert found == expected


def test_every_broken_record_is_in_quarantine_at_its_line(demo: Workplace) -> None:
    expected = {(row["file"], int(row["position"])) for row in truth(demo, "broken")}
    assert set(demo.ask("select file, position from mart_quarantine")) == expected


def test_every_post_is_there_once(demo: Workplace) -> None:
    expected = {(row["source"], row["post_id"]) for row in truth(demo, "posts")}
    found = demo.ask("select source, post_id from fct_posts where edit_of_post_key is null")
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_people_are_found_and_nobody_is_taken_for_another(demo: Workplace) -> None:
    """Of pairs of an account and a CRM customer, and of what exact keys join."""
    person_of = {
        (row["source"], row["native_id"]): row["person_id"] for row in truth(demo, "people")
    }
    people: dict[object, list[tuple[str, str]]] = {}
    key_of: dict[tuple[str, str], object] = {}
    for key, source, identifier in demo.ask(
        "select customer_key, source, identifier from bridge_customer_identifiers "
        "where identifier_type in ('account', 'crm_customer')"
    ):
        identity = (str(source), str(identifier))
        key_of[identity] = key
        if identity in person_of:
            people.setdefault(key, []).append(identity)
    found = [
        (customer, account)
        for identities in people.values()
        for customer in identities
        for account in identities
        if customer[0] == "crm" != account[0]
    ]
    right = sum(person_of[customer] == person_of[account] for customer, account in found)
    assert right >= 0.99 * len(found)
    # A customer may have declared an account that never appears in any dump.
    links = [
        ((row["source"], row["native_id"]), (row["other_source"], row["other_native_id"]), row)
        for row in truth(demo, "links")
        if (row["other_source"], row["other_native_id"]) in key_of
    ]
    exact = [pair[:2] for pair in links if pair[2]["is_exact"] == "1"]
    assert len(exact) > 50
    assert [pair for pair in exact if key_of.get(pair[0]) != key_of[pair[1]]] == []
    told = ("declared_handle", "name_and_city")
    findable = [pair[:2] for pair in links if pair[2]["discoverable_by"] in told]
    joined = sum(key_of.get(one) == key_of[other] for one, other in findable)
    assert joined >= 0.9 * len(findable)


def test_lines_without_an_order_are_listed_and_amounts_have_a_rate(demo: Workplace) -> None:
    stray = {
        (row["order_id"], row["line_id"])
        for row in truth(demo, "order_lines")
        if row["has_order"] == "0"
    }
    assert stray
    rejected = "select order_id, line_id from mart_rejected_order_lines"
    assert set(demo.ask(rejected)) == stray
    currencies = {(row["order_id"], row["currency"]) for row in truth(demo, "orders")}
    assert set(demo.ask("select order_id, currency from fct_orders")) == currencies
    unchanged = "select count(*) from fct_orders where reporting_amount is null"
    assert demo.ask(unchanged) == [(0,)]


def test_helpers_are_found(demo: Workplace) -> None:
    """Of a hundred edges, precision and recall may lie below .9 by no more than chance allows."""
    expected = {
        (row["source"], row["helper_id"], row["asker_id"]) for row in truth(demo, "helpers")
    }
    found = set(
        demo.ask(
            """
            select helper.source, helper.account_id, asker.account_id
            from edge_accounts__helped as edge
            inner join dim_accounts as helper on edge.from_account_key = helper.account_key
            inner join dim_accounts as asker on edge.to_account_key = asker.account_key
            """
        )
    )
    right = len(expected & found)
    for among in (expected, found):
        assert binomtest(right, len(among)).proportion_ci(method="wilson").high >= 0.9


def test_deleted_texts_are_gone_and_edited_ones_show_the_edit(demo: Workplace) -> None:
    shown = {
        (source, post_id): (text, is_deleted)
        for source, post_id, text, is_deleted in demo.ask(
            "select source, post_id, text, is_deleted from fct_posts"
        )
    }
    deleted = {(row["source"], row["post_id"]) for row in truth(demo, "deletions")}
    assert len(deleted) > 3
    assert {shown[post] for post in deleted} == {(None, True)}
    edited = [row for row in truth(demo, "edits") if (row["source"], row["post_id"]) not in deleted]
    assert len(edited) > 3
    for row in edited:
        text, _ = shown[(row["source"], row["post_id"])]
        assert str(text)[-12:] == row["text"][-12:]


def test_no_personal_data_is_published(demo: Workplace) -> None:
    values = [row["value"] for row in truth(demo, "personal_data")]
    assert len(values) > 3
    texts = "\n".join(str(text) for (text,) in demo.ask("select text from fct_posts"))
    assert [value for value in values if value in texts] == []
    with (demo.home.landing / "sources.yaml").open() as stream:
        assert "@" not in stream.read()


def test_nobody_without_consent_is_contactable(demo: Workplace) -> None:
    last: dict[str, dict[str, str]] = {}
    for row in sorted(truth(demo, "consents"), key=lambda row: row["changed_at"]):
        last[row["consent_id"]] = row
    said: dict[tuple[str, str], set[str]] = {}
    for row in last.values():
        said.setdefault((row["person_id"], row["purpose"]), set()).add(row["is_granted"])
    person_of = {
        row["native_id"]: row["person_id"]
        for row in truth(demo, "people")
        if row["identifier_type"] == "crm_customer"
    }
    contactable = demo.ask("select contact_customer_id, purpose from mart_contactable")
    assert len(contactable) > 30
    granted = [
        said.get((person_of[str(customer_id)], str(purpose)), set())
        for customer_id, purpose in contactable
    ]
    assert [answers for answers in granted if "1" not in answers] == []
    tables = demo.ask("select table_schema, table_name from information_schema.tables")
    assert ("main", "mart_contactable") in tables
    assert {schema for schema, _ in tables} == {"main"}
    assert [name for _, name in tables if str(name).startswith("restricted")] == []


def test_the_library_answers_on_the_graph(demo: Workplace) -> None:
    library = read_library()
    connection = demo.graph()
    with open_driver(connection) as driver:
        influencers = run_query(library["influencers"], driver, connection.database)
        helped = run_query(library["who_helps_whom"], driver, connection.database)
    assert len(influencers.rows) == 10
    assert helped.rows
    listed = demo.causerie("query", "influencers", "--set", "limit=3")
    assert listed.code == 0
    assert str(influencers.records()[0]["handle"]) in listed.output


def test_a_second_run_changes_nothing_and_says_so(demo: Workplace) -> None:
    before = demo.home.published.stat()
    second = demo.causerie("demo", "--posts", str(POSTS))
    assert second.code == 0, second.errors
    assert "Nothing new" in second.output
    after = demo.home.published.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_refused_source_keeps_its_last_good_state_and_the_others_go_on(
    demo: Workplace,
) -> None:
    posts = "select count(*) from fct_posts where source = 'reddit'"
    before = demo.ask(posts)
    published = demo.home.published.stat()
    bad = demo.home.root / "landing" / "reddit" / "zz_cut.ndjson"
    bad.write_text("{ not json\n" * 150)
    good = demo.home.root / "landing" / "crm" / "surveys" / "zz_late.csv"
    good.write_text(
        "response_id,survey_id,customer_id,nps_score,comment,answered_at\n"
        "R-zzlate,S-1,,9,Merci pour le colis,2026-01-05 10:00:00\n"
    )
    refused = demo.causerie("demo", "--posts", str(POSTS))
    bad.unlink()
    assert refused.code == 1
    assert "source reddit was refused: gate bronze reddit failed" in refused.errors
    assert "reddit/zz_cut.ndjson" in refused.errors
    assert "raise quarantine_limit of source reddit" in refused.errors
    assert "Refused: not in bronze" in refused.output
    for stage in ("annotate", "warehouse", "publish", "graph"):
        assert f"▸ {stage:<9} done in" in refused.errors
    assert demo.home.published.stat().st_ino != published.st_ino
    assert demo.ask(posts) == before
    assert demo.ask("select count(*) from fct_survey_responses where response_id = 'R-zzlate'") == [
        (1,)
    ]
    assert demo.ask(
        "select source, count(*) from mart_capture_ledger where contains(file, 'zz_') group by 1"
    ) == [("crm_surveys", 1)]


def test_a_graph_that_fails_half_way_is_named_and_completed_by_the_next_run(
    demo: Workplace,
) -> None:
    late = demo.home.root / "landing" / "reddit" / "zz_late.ndjson"
    late.write_text(
        json.dumps(
            {
                "name": "t1_zzlate1",
                "id": "zzlate1",
                "author": "late_bird",
                "body": "Bonjour, une question : où est ma commande ?",
                "subreddit": "brindille",
                "link_id": "t3_zzlate0",
                "parent_id": "t3_zzlate0",
                "score": 1,
                "created_utc": 1_793_000_000,
                "edited": False,
            }
        )
    )
    failed = demo.causerie("train", NEO4J_URI="bolt://127.0.0.1:9", NEO4J_PASSWORD="unused")
    assert failed.code == 1
    assert "stage customer_graph failed" in failed.errors
    assert demo.ask("select count(*) from fct_posts where post_id = 't1_zzlate1'") == [(1,)]
    completed = demo.causerie("run")
    assert completed.code == 0, completed.errors
    # The same customers need not be learnt from again.
    assert "nothing new, the build is kept" in completed.errors
    with open_driver(demo.graph()) as driver:
        found = driver.execute_query("MATCH (p:Post {post_id: 't1_zzlate1'}) RETURN count(p) AS n")
    assert found.records[0]["n"] == 1


def test_a_run_while_another_holds_the_home_is_refused(demo: Workplace) -> None:
    with demo.home.locked():
        refused = demo.causerie("run")
    assert refused.code != 0
    assert "another run holds" in refused.errors


def test_mistakes_are_named_before_any_work(demo: Workplace) -> None:
    stranger = demo.home.root / "landing" / "usenet"
    stranger.mkdir()
    unknown = demo.causerie("run")
    stranger.rmdir()
    assert unknown.code == 2
    assert "no source is declared for usenet" in unknown.errors
    assert "▸" not in unknown.errors
    missing = demo.causerie("demo", "--landing", str(Path("absent")))
    assert missing.code == 2
    assert "does not exist; create it" in missing.errors
    misspelt = demo.causerie("run", CAUSERIE_HOEM="x")
    assert misspelt.code == 2
    assert "CAUSERIE_HOEM" in misspelt.errors
