"""What happens in the demo: mix, variety, hours, help, cascades, crisis, identity, purchases."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

import pytest
from demo_sample import Demo

from spark_jobs.demo_dumps.company import PRODUCTS
from spark_jobs.demo_dumps.topics import TOPICS
from spark_jobs.tables.silver import INTENTS, SENTIMENTS


def minutes_between(earlier: str, later: str) -> float:
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 60


def texts(demo: Demo) -> list[str]:
    """One text for each post that is no repost, as delivered first."""
    found: dict[tuple[str, str], str] = {}
    for source in ("x", "customer_care", "reddit"):
        for value in demo.accepted(source, "posts"):
            if not value.get("repost_of_post_id") and value.get("text"):
                found.setdefault((source, value["post_id"]), value["text"])
    return list(found.values())


def test_mix_of_sources_and_languages(demo: Demo) -> None:
    posts = demo.rows("posts")
    shares = {
        source: count / len(posts)
        for source, count in Counter(row["source"] for row in posts).items()
    }
    assert shares["x"] == pytest.approx(0.45, abs=0.06)
    assert shares["customer_care"] == pytest.approx(0.25, abs=0.05)
    assert shares["reddit"] == pytest.approx(0.30, abs=0.05)
    french = sum(row["language"] == "fr" for row in posts) / len(posts)
    assert french == pytest.approx(0.6, abs=0.05)
    writers = {row["person_id"] for row in posts if row["person_id"]}
    assert 1_500 <= len(writers) <= 3_000
    assert 1_700 <= demo.summary.customers <= 2_300


def test_texts_vary(demo: Demo) -> None:
    originals = texts(demo)
    assert len(set(originals)) / len(originals) > 0.9
    lengths = [len(text) for text in originals]
    tenths = statistics.quantiles(lengths, n=10)
    assert tenths[0] < 45
    assert tenths[-1] > 140
    assert statistics.stdev(lengths) > 40


def test_labels_are_of_the_declared_kinds(demo: Demo) -> None:
    posts = demo.rows("posts")
    assert {row["sentiment"] for row in posts} == set(SENTIMENTS)
    intents = {intent for row in posts for intent in row["intents"].split("|") if intent}
    assert intents == set(INTENTS)
    assert sum(row["is_spam"] == "1" for row in posts) >= 100


def test_activity_is_heavy_tailed(demo: Demo) -> None:
    counts = sorted(
        Counter(row["person_id"] for row in demo.rows("posts") if row["person_id"]).values()
    )
    assert statistics.median(counts) <= 6
    assert counts[-1] >= 60
    assert sum(counts[-len(counts) // 10 :]) / sum(counts) > 0.3


def test_brands_answer_in_their_hours(demo: Demo) -> None:
    posts = {(row["source"], row["post_id"]): row for row in demo.rows("posts")}
    delays: dict[str, list[float]] = defaultdict(list)
    at_night: list[float] = []
    for (source, _), row in posts.items():
        if row["kind"] != "brand_reply" or row["is_crisis"] == "1":
            continue
        asked = posts[source, row["in_reply_to"]]
        if asked["kind"] != "initiation" or asked["is_crisis"] == "1":
            continue
        minutes = minutes_between(asked["created_at"], row["created_at"])
        delays[row["brand"]].append(minutes)
        if datetime.fromisoformat(asked["created_at"]).hour >= 21:
            at_night.append(minutes)
    assert min(minutes for found in delays.values() for minutes in found) > 0
    assert statistics.median(delays["Ondéa"]) < statistics.median(delays["Brindille"])
    assert len(at_night) >= 40
    assert statistics.median(at_night) > 6 * 60
    initiations = [row for row in posts.values() if row["kind"] == "initiation"]
    assert len(initiations) > sum(len(found) for found in delays.values())


def test_a_few_helpers_give_many_of_the_thanked_answers(demo: Demo) -> None:
    helps = demo.rows("helpers")
    by_helper = Counter((row["source"], row["helper_id"]) for row in helps)
    assert by_helper.most_common(5)[-1][1] >= 10
    assert all(row["asker_id"] != row["helper_id"] for row in helps)
    thanked = [row for row in helps if row["is_thanked"] == "1"]
    posts = {(row["source"], row["post_id"]): row for row in demo.rows("posts")}
    thanks = {
        (row["source"], row["in_reply_to"], row["account_id"])
        for row in posts.values()
        if row["kind"] == "thanks"
    }
    assert len(thanked) >= 150
    assert all((row["source"], row["answer_id"], row["asker_id"]) in thanks for row in thanked)
    assert any(row["is_accepted"] == "1" for row in thanked)


def test_cascades_have_a_long_tail(demo: Demo) -> None:
    sizes = sorted(
        Counter(row["repost_of"] for row in demo.rows("posts") if row["repost_of"]).values()
    )
    assert statistics.median(sizes) <= 4
    assert sizes[-1] >= 40


def test_crisis_bursts_with_new_authors_and_growing_reposts(demo: Demo) -> None:
    crisis = demo.told["crisis"]
    posts = [row for row in demo.rows("posts") if row["is_crisis"] == "1"]
    assert crisis["brand"] == "Ondéa"
    assert len(posts) == crisis["posts"]
    starts_at = datetime.fromisoformat(crisis["starts_at"])
    end = datetime.fromisoformat(demo.told["end"])
    assert 12 <= (end - starts_at).days <= 15
    hours = Counter(
        int(minutes_between(crisis["starts_at"], row["created_at"]) // 60) for row in posts
    )
    peak = int(minutes_between(crisis["starts_at"], crisis["peak_at"]) // 60)
    assert min(hours) >= 0
    assert 2 <= peak <= 6
    assert hours[0] < hours[peak - 1]
    assert hours[24] < hours[peak] / 5
    negative = [row for row in posts if row["sentiment"] == "negative"]
    assert len(negative) / len(posts) > 0.6
    new = [row for row in demo.rows("crisis_posts") if row["is_new_author"] == "1"]
    assert len(new) / len(posts) > 0.2
    before = {
        row["account_id"]
        for row in demo.rows("posts")
        if datetime.fromisoformat(row["created_at"]) < starts_at
    }
    assert not before & {row["account_id"] for row in new}
    reposts = [row for row in posts if row["repost_of"]]
    first, second = (
        sum(
            low <= minutes_between(crisis["starts_at"], row["created_at"]) < low + 120
            for row in reposts
        )
        for low in (0, 120)
    )
    assert first < second


def test_links_can_be_found_as_the_truth_says(demo: Demo) -> None:
    links = demo.rows("links")
    means = Counter(row["discoverable_by"] for row in links)
    assert set(means) == {
        "declared_handle",
        "same_email",
        "same_loyalty_card",
        "same_username",
        "name_and_city",
        "same_name_and_address",
        "none",
    }
    customers: dict[str, dict[str, Any]] = {}
    declared: dict[str, set[str]] = defaultdict(set)
    for value in demo.accepted("crm_customers", "customers"):
        customers[value["customer_id"]] = value
        declared[value["customer_id"]].update(value["handles"] or ())
    handles = {
        (row["source"], row["native_id"]): row["handle"].lower() for row in demo.rows("people")
    }
    for row in links:
        key = row["other_source"], row["other_native_id"]
        if row["discoverable_by"] == "declared_handle":
            assert f"{key[0]}:{handles[key]}" in declared[row["native_id"]]
        elif row["source"] == "crm" and row["other_source"] != "crm":
            assert f"{key[0]}:{handles[key]}" not in declared[row["native_id"]]
        elif row["discoverable_by"] == "same_email":
            one, two = customers[row["native_id"]], customers[row["other_native_id"]]
            assert one["email"].lower() == two["email"].lower()
        elif row["discoverable_by"] == "same_loyalty_card":
            one, two = customers[row["native_id"]], customers[row["other_native_id"]]
            assert one["loyalty_card_id"] == two["loyalty_card_id"] is not None
        elif row["discoverable_by"] == "same_name_and_address":
            one, two = customers[row["native_id"]], customers[row["other_native_id"]]
            assert one["email"].lower() != two["email"].lower()
        elif row["discoverable_by"] == "same_username":
            assert handles[key] == handles[row["source"], row["native_id"]]


def test_nobody_shares_an_exact_key_with_another_person(demo: Demo) -> None:
    person = {
        row["native_id"]: row["person_id"]
        for row in demo.rows("people")
        if row["identifier_type"] == "crm_customer"
    }
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for value in demo.accepted("crm_customers", "customers"):
        owners["email", value["email"].lower()].add(person[value["customer_id"]])
        for column in ("phone", "loyalty_card_id"):
            if value.get(column):
                digits = "".join(sign for sign in value[column] if sign.isdigit())
                owners[column, digits[-9:]].add(person[value["customer_id"]])
    assert all(len(people) == 1 for people in owners.values())


def test_answers_follow_experience_and_buyers_come_back(demo: Demo) -> None:
    scores = [value["nps_score"] for value in demo.accepted("crm_surveys", "surveys")]
    assert {0, 5, 10} <= set(scores) | {0}
    assert max(scores) == 10
    assert min(scores) <= 3
    per_customer = Counter(row["person_id"] for row in demo.rows("orders"))
    assert max(per_customer.values()) >= 15
    assert sum(count >= 2 for count in per_customer.values()) >= 300
    kinds = Counter(value["movement_type"] for value in demo.accepted("crm_loyalty", "loyalty"))
    assert set(kinds) == {"earn", "redeem", "expire", "adjust"}
    brands = {value["brand"] for value in demo.accepted("crm_orders", "orders")}
    assert brands == {"Ondéa", "Brindille"}


def test_employees_speak_in_their_own_name(demo: Demo) -> None:
    people = [row for row in demo.rows("people") if row["role"] == "employee"]
    assert {row["employer"] for row in people} <= {"Ondéa", "Brindille", "Fluxo"}
    ids = {row["person_id"] for row in people}
    said = [row for row in demo.rows("posts") if row["person_id"] in ids]
    assert len(said) >= 20
    assert all(row["is_brand"] == "0" for row in said)


def test_feelings_are_about_services_and_products(demo: Demo) -> None:
    rows = demo.rows("aspects")
    posts = {(row["source"], row["post_id"]): row for row in demo.rows("posts")}
    services = {topic.service for topic in TOPICS} - {""}
    products = {product.name for product in PRODUCTS}
    assert {row["aspect"] for row in rows} <= services | products
    feelings: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        key = row["source"], row["post_id"]
        feelings.setdefault(key, set()).add(row["sentiment"])
        assert not posts[key]["repost_of"]
        if row["aspect"] in products:
            assert row["aspect"] in posts[key]["product"].split("|")
    opposite = sum(len(felt) > 1 for felt in feelings.values())
    assert len(feelings) / 100 <= opposite <= len(feelings) / 10
