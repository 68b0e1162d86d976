"""A shop whose records are odd, each in its own way: what the marts say of it all the same.

The shop has a CRM and nothing else, and delivers orders without their lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from lake import Row

ORDERS: list[Row] = [
    {"order_id": "O1", "customer_id": "ann", "total_amount": "40", "ordered_at": "2026-01-05"},
    {"order_id": "O2", "customer_id": "vera", "total_amount": "10", "ordered_at": "2026-01-25"},
    {"order_id": "O4", "customer_id": "emil", "total_amount": "5", "ordered_at": "2026-01-06"},
    # The year was mistyped.
    {"order_id": "O3", "customer_id": "vera", "total_amount": "10", "ordered_at": "2062-01-05"},
]

# Six strangers with the phone of their office.
OFFICE: list[Row] = [
    {
        "customer_id": f"{name} of the office",
        "first_name": name,
        "phone": "+33 1 99 00 11 22",
        "phone_key": "switchboard",
        "created_at": "2025-01-01",
    }
    for name in ("Ada", "Bruno", "Clara", "Dimitri", "Edith", "Farid")
]

# One who keeps an e-mail while the phone changes.
MOVED: list[Row] = [
    {"customer_id": "vera", "email_key": "mail of vera", "phone_key": phone, "updated_at": day}
    for phone, day in (("first", "2024-01-01"), ("second", "2025-01-01"), ("second", "2026-01-01"))
]

# Two records of one person, who gave up a phone at different times.
TWICE: list[Row] = [
    {"customer_id": customer, "email_key": "mail of wim", "phone_key": phone, "updated_at": day}
    for customer, phone, day in (
        ("wim", "of both", "2024-01-01"),
        ("wim", "third", "2025-01-01"),
        ("wim again", "of both", "2024-06-01"),
        ("wim again", "third", "2026-01-01"),
    )
]

TABLES: Mapping[str, list[Row]] = {
    "brands": [{"brand": "Lumora"}],
    "ledger": [{"source": "crm_orders", "file": "orders.csv", "captured_at": "2026-01-31"}],
    "employees": [{"source": "crm", "account": "emil", "brand": "Lumora"}],
    "customers": [{"customer_id": "ann", "created_at": "2025-01-01"}, *OFFICE, *MOVED, *TWICE],
    "consents": [
        {
            "consent_id": f"sms {row['customer_id']}",
            "customer_id": row["customer_id"],
            "contact_channel": "sms",
            "changed_at": "2026-01-02",
        }
        for row in OFFICE
    ],
    "orders": ORDERS,
}


@pytest.fixture(scope="module")
def odd(build, tmp_path_factory) -> Any:
    """The shop's warehouse, built with all tests of its data."""
    home = tmp_path_factory.mktemp("odd")
    return build(home, TABLES, "--exclude-resource-type", "unit_test")


def test_orders_are_published_without_their_lines(odd):
    assert odd.row("select count(*), sum(lines_count) from fct_orders") == (len(ORDERS), 0)
    assert odd.row("select count(*) from fct_order_lines") == (0,)


def test_the_phone_of_an_office_reaches_nobody(odd):
    """Six is more than `shared_identifier_customers`."""
    assert odd.row("select count(*), any_value(outcome) from fct_consents") == (
        len(OFFICE),
        "no contact point",
    )
    assert odd.rows("select * from mart_contactable") == []
    assert odd.rows(
        "select rule, count(distinct customer_key) from bridge_customer_identifiers"
        " where identifier = 'switchboard' group by rule"
    ) == [("shared by too many to identify", len(OFFICE))]


def test_an_identifier_is_valid_from_the_first_version_that_has_it(odd):
    assert odd.rows(
        """
        select identifier, valid_from::date::varchar, valid_to::date::varchar,
            last_seen_at::date::varchar
        from bridge_customer_identifiers
        where identifier in ('mail of vera', 'first', 'second') order by identifier
        """
    ) == [
        ("first", "2024-01-01", "2025-01-01", "2024-01-01"),
        ("mail of vera", "2024-01-01", None, "2026-01-01"),
        ("second", "2025-01-01", None, "2026-01-01"),
    ]


def test_an_order_of_the_future_makes_nobody_look_gone(odd):
    assert odd.rows(
        "select customer_id, as_of_date::varchar, mart_rfm.recency_days, mart_rfm.purchases_count"
        " from mart_rfm join dim_customers using (customer_key) order by customer_id"
    ) == [("ann", "2026-01-25", 20, 1), ("vera", "2026-01-25", 0, 1)]
    assert odd.row("select max(as_of_at)::date::varchar from mart_affective_segments") == (
        "2026-01-25",
    )


def test_an_employee_who_buys_is_told_apart_and_ranked_among_nobody(odd):
    assert odd.row(
        "select is_employee, orders_count, purchases_count, returns_count, rfm_cell"
        " from dim_customers where customer_id = 'emil'"
    ) == (True, 1, 1, 0, None)
    assert odd.row("select count(*) from mart_rfm") == (2,)
    assert odd.row("select count(*) from mart_lifetime_value") == (2,)


def test_a_person_has_an_identifier_until_the_last_record_gives_it_up(odd):
    assert odd.rows(
        "select valid_from::date::varchar, valid_to::date::varchar from bridge_customer_identifiers"
        " where identifier = 'of both'"
    ) == [("2024-01-01", "2026-01-01")]
