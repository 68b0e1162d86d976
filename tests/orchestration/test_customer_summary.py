"""What a run tells at a terminal of people, of brands and of who may leave."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.customer_summary import print_customers

COLUMNS = {
    "bridge_customer_identifiers": (
        "customer_key varchar, identifier_type varchar, source varchar, rule varchar,"
        " valid_to timestamptz"
    ),
    "dim_customers": (
        "customer_key varchar, posts_count bigint, purchases_count bigint, segment varchar,"
        " is_employee boolean, churn_signals varchar[], churn_signals_count bigint"
    ),
    "mart_nps": (
        "brand varchar, dimension varchar, period_type varchar, answers_count bigint,"
        " nps_points double, nps_low_points double, nps_high_points double, is_small_group boolean"
    ),
    "mart_ambassadors": "brand varchar",
    "mart_detractors": "brand varchar",
}


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables that are told of, without rows."""
    with duckdb.connect() as connection:
        for table, columns in COLUMNS.items():
            connection.execute(f"create table {table} ({columns})")
        yield connection


def test_people_of_several_records_are_told_with_the_rules_that_joined_them(
    warehouse: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse.execute(
        """
        insert into bridge_customer_identifiers values
            ('many', 'crm_customer', 'crm', 'own record', null),
            ('many', 'crm_customer', 'crm', 'same e-mail', null),
            ('many', 'account', 'x', 'declared account', null),
            ('many', 'email', 'crm', 'own record', null),
            ('single', 'crm_customer', 'crm', 'own record', null),
            ('single', 'email', 'crm', 'own record', null),
            ('colleague', 'account', 'x', 'own record', null),
            ('colleague', 'account', 'reddit', 'decision of a steward', null)
        """
    )
    warehouse.execute(
        """
        insert into dim_customers values
            ('many', 5, 2, 'steady buyer', false, ['overdue_purchase'], 1),
            ('single', 1, 0, 'onlooker', false, [], 0),
            ('colleague', 9, 0, null, true, [], 0)
        """
    )
    print_customers(warehouse)
    people, segments = capsys.readouterr().out.split("People by segment")
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in people.splitlines()]
    assert [row for row in cells if row] == [
        ["many", "2 crm, x", "declared account, same e-mail", "5", "2", "steady buyer"],
        ["colleague", "reddit, x", "decision of a steward", "9", "0", "employee"],
    ]
    assert "overdue_purchase" in segments
    assert "employee" not in segments


def test_a_score_of_few_answers_says_so(
    warehouse: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse.execute(
        """
        insert into mart_nps values
            ('Lumio', 'all', 'all', 200, 12.4, 2.1, 22.6, false),
            ('Ardane', 'all', 'all', 4, -50, -90.2, 12, true),
            ('Ardane', 'channel', 'all', 4, -50, -90.2, 12, true),
            ('Unasked', 'all', 'all', 0, null, null, null, true)
        """
    )
    warehouse.execute("insert into mart_detractors values ('Ardane')")
    print_customers(warehouse)
    cells = [line.split("│")[1:-1] for line in capsys.readouterr().out.splitlines()]
    assert [[cell.strip() for cell in row] for row in cells if row] == [
        ["Lumio", "200", "+12", "+2 to +23", "0", "0"],
        ["Ardane", "4", "-50", "-90 to +12, of few answers", "0", "1"],
    ]


def test_nothing_is_told_of_what_there_is_not(
    warehouse: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    print_customers(warehouse)
    assert capsys.readouterr().out == ""
