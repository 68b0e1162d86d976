"""The part of the gate before publishing that looks at people: are strangers chained together?

How firmly the records of a person hang together is counted by the warehouse; what is too large or
too loose is judged here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from expectations.gate import GateReport, judge, merged

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

LARGEST_PERSON = 25
"""CRM customers that one person may be: more are a shared contact point, or a test account."""
LOOSE_FROM = 4
"""CRM customers of a person from which links may be too few: three in a row are two of three."""
LEAST_DENSITY = 0.4
"""Links of a person's records, of all pairs there are: six in a row have a third."""
FIRM_RATE = 0.95
"""Persons of so many records that must hang together that firmly."""


def check_people(connection: duckdb.DuckDBPyConnection, gate: str) -> GateReport:
    """Judge the people of a build whose marts are in use on ``connection``.

    Holds when no person is of more than ``LARGEST_PERSON`` CRM customers, when nearly all of the
    larger ones hang together, and when every decision of a steward is followed. What fails names
    the person: a decision ``apart`` on two of the records mends it.
    """
    from great_expectations import expectations as gxe

    people = connection.execute("select * from mart_identity_clusters").df()
    larger = people[people["records_count"] >= LOOSE_FROM]
    decisions = connection.execute(
        "select decision_id, is_followed from mart_identity_decisions where is_followed is not null"
    ).df()
    size: list[Expectation] = [
        gxe.ExpectColumnValuesToBeBetween(column="records_count", max_value=LARGEST_PERSON)
    ]
    firm: list[Expectation] = [
        gxe.ExpectColumnValuesToBeBetween(
            column="density", min_value=LEAST_DENSITY, mostly=FIRM_RATE
        )
    ]
    followed: list[Expectation] = [
        gxe.ExpectColumnValuesToBeInSet(column="is_followed", value_set=[True])
    ]
    place = ("customer_key",)
    return merged(
        gate,
        [
            judge(gate, "mart_identity_clusters", people, size, place=place),
            judge(gate, "mart_identity_clusters", larger, firm, place=place),
            judge(gate, "mart_identity_decisions", decisions, followed, place=("decision_id",)),
        ],
    )
