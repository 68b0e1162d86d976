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

TABLES: Mapping[str, list[Row]] = {
    "brands": [{"brand": "Lumora"}],
    "customers": [{"customer_id": "ann", "created_at": "2025-01-01"}, *OFFICE, *MOVED],
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
        " where identifier_type = 'phone' group by rule"
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
