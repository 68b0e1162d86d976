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

TABLES: Mapping[str, list[Row]] = {
    "brands": [{"brand": "Lumora"}],
    "customers": [{"customer_id": "ann", "created_at": "2025-01-01"}],
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
