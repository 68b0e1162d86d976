"""The marts of a small company, built by dbt with all of its own tests."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from hashlib import md5

import company_lake as company
import pytest
from lake import at


def key(source: str, native_id: str) -> str:
    return md5(f"{source}|{native_id}".encode(), usedforsecurity=False).hexdigest()


def person(source: str, record_id: str) -> str:
    return key("person", key(source, record_id))


def test_every_rule_is_tested_by_dbt_itself(company_warehouse):
    assert set(company_warehouse.results.values()) == {"success", "pass"}
    kinds = [node.split(".")[0] for node in company_warehouse.results]
    assert kinds.count("unit_test") >= 12
    assert kinds.count("test") >= 150


def test_every_captured_post_has_one_row(company_warehouse):
    delivered = {(row.get("source", "x"), row["post_id"]) for row in company.TABLES["posts"]}
    assert set(company_warehouse.rows("select source, post_id from fct_posts")) == delivered
    assert company_warehouse.row("select count(*) from fct_posts") == (len(delivered),)


def test_newest_version_is_shown_and_counted(company_warehouse):
    assert company_warehouse.row(
        "select like_count, versions_count from fct_posts where post_id = '300'"
    ) == (5, 2)


def test_edit_replaces_the_text_of_the_post(company_warehouse):
    assert company_warehouse.rows(
        "select post_id, text, edit_of_post_key, created_at, edited_at from fct_posts"
        " where post_id in ('200', '201') order by post_id"
    ) == [
        ("200", "First", None, at("2026-01-06 10:00"), at("2026-01-06 10:10")),
        ("201", None, key("x", "200"), at("2026-01-06 10:10"), at("2026-01-06 10:10")),
    ]
    assert company_warehouse.row(
        "select in_reply_to_post_key, has_captured_parent from fct_posts where post_id = '202'"
    ) == (key("x", "200"), True)


def test_deletion_takes_the_text_and_all_that_was_read_from_it(company_warehouse):
    assert company_warehouse.row(
        "select is_deleted, text, language, sentiment_label, intents, annotation_version"
        " from fct_posts where post_id = '300'"
    ) == (True, None, None, None, None, None)
    assert company_warehouse.row(
        "select is_deleted, account_key, thread_key from fct_posts where post_id = 't1_3'"
    ) == (True, None, key("reddit", "t3_1"))


def test_posts_say_what_is_known_and_leave_the_rest_null(company_warehouse):
    assert company_warehouse.row(
        "select text, sentiment_label, sentiment_score, intents, is_question, is_inbound, is_brand,"
        " is_private, entities[1].text, customer_key from fct_posts where post_id = '100'"
    ) == (
        "@lumora_help my Box-One is broken #Outage",
        "negative",
        0.9,
        ["problem_report", "complaint"],
        False,
        True,
        False,
        None,
        "Box-One",
        person("crm", "C1"),
    )
    assert company_warehouse.row(
        "select is_automated, is_brand, customer_key, is_question from fct_posts"
        " where post_id = '101'"
    ) == (True, True, None, None)
    assert company_warehouse.row(
        "select has_captured_parent, in_reply_to_post_key, thread_key from fct_posts"
        " where post_id = '400'"
    ) == (False, key("x", "399"), key("x", "400"))
    # A repost names whom its original names, and is written to nobody.
    assert company_warehouse.row(
        "select is_repost, is_inbound, conversation_key from fct_posts where post_id = '105'"
    ) == (True, False, None)
    assert company_warehouse.rows(
        "select post_id, is_peer_answer, is_employee from fct_posts"
        " where is_peer_answer or is_employee order by post_id"
    ) == [
        ("106", False, True),
        ("202", False, True),
        ("300", False, True),
        ("400", False, True),
        ("t1_1", True, False),
    ]


def test_conversations_and_their_response_times(company_warehouse):
    columns = (
        "started_at, last_message_at, messages_count, customer_messages_count,"
        " brand_messages_count, turns_count, answered_turns_count, is_answered, is_waiting,"
        " first_response_seconds, first_sentiment_label, last_sentiment_label, brand"
    )
    help_account = key("x", "1")
    assert company_warehouse.rows(
        f"select {columns} from fct_conversations"
        f" where brand_account_key = '{help_account}' order by started_at"
    ) == [
        (
            at("2026-01-05 08:00"),
            at("2026-01-05 09:30"),
            3,
            2,
            1,
            2,
            1,
            True,
            False,
            3600,
            "negative",
            "positive",
            "Lumora",
        ),
        (
            at("2026-01-10 22:00"),
            at("2026-01-10 22:00"),
            1,
            1,
            0,
            1,
            0,
            False,
            True,
            None,
            None,
            None,
            "Lumora",
        ),
    ]
    assert company_warehouse.rows(
        "select measure, turns_count, unanswered_thanks_count, answered_count, response_rate,"
        " median_seconds, within_15_minutes_rate, within_1_hour_rate, time_basis"
        " from mart_response_times"
        f" where brand_account_key = '{help_account}' order by measure"
    ) == [
        ("first_response", 2, 0, 1, 0.5, 3600.0, 0.0, 0.5, "calendar"),
        # What Ann writes next is her thanks.
        ("next_response", 1, 1, 0, None, None, None, None, "calendar"),
    ]


def test_automatic_reply_is_no_conversation_of_its_own_with_an_answer(company_warehouse):
    bot = key("x", "2")
    assert company_warehouse.rows(
        f"select turns_count, is_answered from fct_conversations where brand_account_key = '{bot}'"
    ) == [(0, None)]


def test_exact_keys_make_one_person(company_warehouse):
    assert company_warehouse.rows(
        "select identifier_type, source, identifier, rule from bridge_customer_identifiers"
        f" where customer_key = '{person('crm', 'C1')}' order by identifier_type, identifier"
    ) == [
        ("account", "x", "10", "declared account"),
        ("crm_customer", "crm", "C1", "own record"),
        ("crm_customer", "crm", "C2", "same e-mail"),
        ("email", "crm", "mail-1", "own record"),
        ("loyalty_card", "crm", "card-1", "own record"),
        ("phone", "crm", "phone-1", "own record"),
    ]
    # A declared handle of a brand, and one that nobody has, link nothing.
    assert company_warehouse.rows(
        "select identifier_type, source, identifier from bridge_customer_identifiers"
        f" where customer_key = '{person('crm', 'C3')}' order by identifier_type"
    ) == [("account", "reddit", "emil"), ("crm_customer", "crm", "C3")]


def test_removed_customers_and_shared_contact_points_link_nobody(company_warehouse):
    people = company_warehouse.rows(
        "select identifier, customer_key from bridge_customer_identifiers"
        " where identifier in ('C4', '11') or identifier like 'D_' and source = 'crm'"
    )
    assert len(people) == 8
    assert len({customer_key for _, customer_key in people}) == 8
    assert company_warehouse.rows(
        "select distinct rule from bridge_customer_identifiers where identifier = 'office'"
    ) == [("shared by too many to identify",)]
    assert company_warehouse.row(
        "select is_known, display_name from dim_customers where customer_id = 'C4'"
    ) == (False, None)


def test_orders_find_their_person(company_warehouse):
    assert company_warehouse.rows(
        "select order_id, customer_key from fct_orders order by order_id"
    ) == [
        ("O1", person("crm", "C1")),
        ("O2", person("crm", "C1")),
        ("O3", None),
        ("O4", person("crm", "C9")),
        ("O5", person("crm", "C1")),
        ("O6", person("crm", "C1")),
        ("O7", None),
        ("O8", None),
    ]
    assert company_warehouse.row("select total_amount from fct_orders where order_id = 'O1'") == (
        Decimal("25.00"),
    )
    assert company_warehouse.row(
        "select is_known, orders_count from dim_customers where customer_id = 'C9'"
    ) == (False, 1)
    assert company_warehouse.rows(
        "select identifier_type, identifier from bridge_customer_identifiers where not is_delivered"
        " order by identifier"
    ) == [("account", "99"), ("crm_customer", "C9")]


def test_amounts_are_of_one_currency_or_have_no_sum(company_warehouse):
    assert company_warehouse.rows(
        "select order_id, currency, net_amount, currency_rate, reporting_amount, is_purchase,"
        " is_return from fct_orders where order_id in ('O1', 'O5', 'O6', 'O8') order by order_id"
    ) == [
        ("O1", "EUR", Decimal("25.00"), Decimal(1), Decimal("25.00"), True, False),
        ("O5", "EUR", Decimal(0), Decimal(1), Decimal(0), False, False),
        ("O6", "USD", Decimal("50.00"), None, None, True, False),
        ("O8", "CHF", Decimal("-10.00"), Decimal("1.0705"), Decimal("-10.71"), False, True),
    ]


def test_lines_without_an_order_are_listed_with_their_place(company_warehouse):
    assert company_warehouse.rows(
        "select order_id, line_id, line_amount, customer_key from fct_order_lines order by order_id"
    ) == [
        ("O1", "1", Decimal("25.00"), person("crm", "C1")),
        ("O2", "1", Decimal("10.50"), person("crm", "C1")),
    ]
    assert company_warehouse.rows(
        "select order_id, line_id, rejection_reason, file, position from mart_rejected_order_lines"
        " order by order_id"
    ) == [
        ("O1", "2", "order sent again without it", "order_lines.dump", 2),
        ("O99", "1", "no order", "lines.csv", 4),
    ]
    assert company_warehouse.row(
        "select lines_count, lines_amount, is_total_of_lines from fct_orders where order_id = 'O1'"
    ) == (1, Decimal("25.00"), True)


def test_one_row_tells_of_one_person(company_warehouse):
    assert company_warehouse.row(
        "select customer_id, display_name, country, loyalty_card_id, is_known, accounts_count,"
        " channels, posts_count, positive_posts_count, negative_posts_count, conversations_count,"
        " orders_count, orders_amount, last_order_at, nps_score, nps_answers_count,"
        " loyalty_points_count, first_seen_at, last_seen_at"
        f" from dim_customers where customer_key = '{person('crm', 'C1')}'"
    ) == (
        "C1",
        "Anna Vale",
        "FR",
        "card-1",
        True,
        1,
        ["x"],
        3,
        1,
        1,
        3,
        3,
        Decimal("35.50"),
        at("2026-01-09"),
        9,
        2,
        70,
        at("2025-06-01"),
        at("2026-01-20"),
    )


def test_the_row_of_a_person_has_what_other_marts_say_of_them(company_warehouse):
    assert company_warehouse.row(
        "select preferred_channel, is_preferred_channel_supported, neutral_posts_count,"
        " net_sentiment, purchases_count, returns_count, recency_days, rfm_cell,"
        " lifetime_value_amount, statements_count, value_level, feeling_level, activity_level,"
        " churn_signals, churn_signals_count, loyalty_tier, next_expiring_points_count,"
        " contactable_purposes, contactable_channels, is_ambassador, is_detractor"
        f" from dim_customers where customer_key = '{person('crm', 'C1')}'"
    ) == (
        *("x", False, 0, 0.0, 3, 0, 11, "444", None, 2, "high", "neutral", "active"),
        *(["overdue_purchase"], 1, "base", 70, ["offers"], ["email", "post", "sms"], False, False),
    )
    of_employees = company_warehouse.rows(
        "select segment, feeling_score, churn_signals_count from dim_customers where is_employee"
    )
    assert of_employees == [(None, None, 0)] * 2


def test_a_sign_of_leaving_leads_to_what_it_rests_on(company_warehouse):
    # Bought on the 2nd, 5th and 9th; the latest order of all, cancelled, is of the 20th.
    assert company_warehouse.rows(
        "select signals.signal, measured_value, limit_direction, limit_value,"
        " inputs['mean_days_between_purchases'], evidence_count, evidence_type, order_id"
        " from mart_churn_signals as signals"
        " inner join mart_churn_evidence as evidence using (customer_key, signal)"
        " inner join fct_orders as orders on evidence.evidence_key = orders.order_key"
        f" where signals.customer_key = '{person('crm', 'C1')}'"
    ) == [("overdue_purchase", 11 / 3.5, "at least", 3, 3.5, 1, "order", "O2")]


def test_employees_are_told_from_customers(company_warehouse):
    assert company_warehouse.rows(
        "select customers.display_name, customers.customer_id from dim_customers as customers"
        " where is_employee order by all"
    ) == [("cara", None), (None, "D5")]


def test_every_account_is_a_brands_or_a_persons(company_warehouse):
    accounts = {
        account_id: rest
        for account_id, *rest in company_warehouse.rows(
            "select account_id, handle, brand, is_brand, is_automated, customer_key is not null,"
            " posts_count from dim_accounts where source = 'x'"
        )
    }
    assert accounts == {
        "1": ["Lumora_Help", "Lumora", True, False, False, 1],
        "2": ["lumora_bot", "Lumora", True, True, False, 1],
        "10": ["Ann", None, False, False, True, 3],
        "11": ["ben", None, False, False, True, 2],
        "12": ["cara", None, False, False, True, 4],
        "99": [None, None, False, False, True, 0],
        "500": ["lurker", None, False, False, True, 0],
    }


def test_edges_between_accounts(company_warehouse):
    names = "select account_key, coalesce(handle, account_id) as name from dim_accounts"

    def edges(table: str, columns: str) -> list[tuple]:
        return company_warehouse.rows(
            f"select starts.name, ends.name, {columns} from edge_accounts__{table} as edges"
            f" inner join ({names}) as starts on edges.from_account_key = starts.account_key"
            f" inner join ({names}) as ends on edges.to_account_key = ends.account_key"
            " order by 1, 2"
        )

    assert edges("replied_to", "weight, interactions_count") == [
        ("Ann", "Lumora_Help", 1.0, 1),
        ("Lumora_Help", "Ann", 1.0, 1),
        ("cara", "99", 1.0, 1),
        ("cara", "ben", 1.0, 1),
        ("dora", "emil", 1.0, 1),
        ("emil", "dora", 1.0, 1),
        ("lumora_bot", "Ann", 1.0, 1),
    ]
    assert edges("mentioned", "weight, first_at, last_at") == [
        ("Ann", "Lumora_Help", 2.0, at("2026-01-05 08:00"), at("2026-01-10 22:00"))
    ]
    assert edges("amplified", "weight, interactions_count") == [
        ("ben", "Ann", 1.0, 1),
        ("cara", "Ann", 1.0, 1),
    ]
    assert edges("helped", "weight, interactions_count, thanked_count") == [
        ("emil", "dora", 1.0, 1, 1)
    ]
    assert edges("influences", "weight, interactions_count") == [
        ("99", "cara", 0.5, 1),
        ("Ann", "ben", 1.0, 1),
        ("Ann", "cara", 1.0, 1),
        ("Lumora_Help", "Ann", 1.0, 3),
        ("ben", "cara", 0.5, 1),
        ("dora", "emil", 0.5, 1),
        ("emil", "dora", 0.5, 1),
    ]


def test_places_in_the_network(company_warehouse):
    metrics = {
        name: rest
        for name, *rest in company_warehouse.rows(
            "select coalesce(handle, account_id), page_rank_score, core_number, community_id,"
            " cascades_started_count from dim_accounts"
        )
    }
    assert metrics["lurker"] == [None, 0, None, 0]
    assert metrics["Ann"][0] == max(metrics[name][0] for name in ("Ann", "ben", "cara", "99"))
    # Who writes to the help desk makes it influential, and not the other way round.
    assert metrics["Lumora_Help"][0] > metrics["Ann"][0]
    assert metrics["lumora_bot"] == [None, 0, None, 0]
    assert metrics["Ann"][3] == 1
    assert sum(score for score, *_ in metrics.values() if score) == pytest.approx(1)
    assert metrics["dora"][2] == metrics["emil"][2] != metrics["Ann"][2]


def test_topics_are_what_people_tag_and_name(company_warehouse):
    assert company_warehouse.rows(
        "select topic_id, topic_kind, label, posts_count from dim_topics order by topic_id"
    ) == [
        ("hashtag:outage", "hashtag", "outage", 1),
        ("learnt:f0", "learnt", "broken box", 4),
        ("product:Box One", "product", "Box One", 2),
        ("section:reddit/lumora", "section", "lumora", 4),
    ]


def test_a_thread_is_about_what_its_clearest_text_is_about(company_warehouse):
    assert company_warehouse.rows(
        "select post_id, label, phrases_en from bridge_post_topics join dim_topics"
        " using (topic_key) join fct_posts using (post_key)"
        " where topic_kind = 'learnt' order by post_id"
    ) == [(post_id, "broken box", ["broken box"]) for post_id in ("100", "101", "102", "103")]


def test_capture_is_accounted_for(company_warehouse):
    assert company_warehouse.row(
        "select rows_read_count, rows_accepted_count, rows_quarantined_count, reasons, seconds,"
        " rows_quarantined_rate, unmapped_fields from mart_capture_ledger where file = 'x/a.jsonl'"
    ) == (5, 3, 1, '{"not_json": 1}', 0.5, 0.2, ["media", "poll"])
    assert company_warehouse.row(
        "select rows_quarantined_rate, unmapped_fields, first_at from mart_capture_ledger"
        " where file = 'x/b_again.jsonl'"
    ) == (None, ["media"], at("2026-01-04 08:00"))
    assert company_warehouse.row("select count(*), max(position) from mart_quarantine") == (20, 20)


def test_fields_without_a_column_are_reported_once(company_warehouse):
    assert company_warehouse.rows("select * from mart_capture_fields order by field_name") == [
        ("x", "media", "x/b.jsonl", 3, at("2026-01-04 08:00"), at("2026-01-31")),
        ("x", "poll", "x/a.jsonl", 1, at("2026-01-05 08:00"), at("2026-01-31")),
    ]


def test_no_contact_data_reaches_the_marts(company_warehouse):
    forbidden = [
        str(customer[column])
        for customer in company.CRM["customers"]
        for column in ("email", "phone", "street", "city", "postal_code")
        if customer.get(column)
    ]
    assert len(forbidden) == 6
    for mart in company_warehouse.marts():
        for row in company_warehouse.rows(f"select marts::varchar from {mart} as marts"):
            assert not [value for value in forbidden if value in row[0]], mart


def test_every_mart_and_column_is_described_in_the_database(company_warehouse):
    assert len(company_warehouse.marts()) >= 19
    assert (
        company_warehouse.rows(
            "select table_name from duckdb_tables()"
            " where schema_name = 'marts' and coalesce(comment, '') = ''"
        )
        == []
    )
    assert (
        company_warehouse.rows(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'marts' and coalesce(comment, '') = ''"
        )
        == []
    )


def test_times_are_instants(company_warehouse):
    (created_at,) = company_warehouse.row("select created_at from fct_posts where post_id = '100'")
    assert isinstance(created_at, datetime)
    assert created_at.utcoffset() is not None


def test_feelings_are_told_by_what_they_are_about(company_warehouse):
    assert company_warehouse.rows(
        "select aspect, aspect_kind, brand, sentiment_label, sentiment_score"
        " from fct_post_aspects where post_key = (select post_key from fct_posts"
        " where post_id = '100') order by aspect"
    ) == [
        ("Box One", "product", "Lumora", "negative", 0.9),
        ("network", "service", None, "negative", 0.9),
    ]
    assert company_warehouse.row(
        "select posts_count, authors_count, negative_count, net_sentiment_score,"
        " net_sentiment_standard_error_score from mart_aspect_feelings where aspect = 'Box One'"
    ) == (1, 1, 1, -1.0, 0.0)


def test_phrases_that_customers_share_are_counted(company_warehouse):
    said = "select post_id from fct_post_key_phrases join fct_posts using (post_key)"
    posts = company_warehouse.rows(f"{said} where phrase = 'box' order by post_id")
    assert len(posts) >= 3
    assert company_warehouse.rows(
        "select phrase, language, posts_count = positive_count + negative_count + unfelt,"
        " authors_count <= posts_count, first_seen_at <= last_seen_at"
        " from mart_key_phrases, (select count(*) as unfelt from fct_posts"
        " where text = 'How do I open the box?')"
    ) == [("box", "en", True, True, True)]
