from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined

Read = Callable[..., list[Outcome]]


def test_decimal_comma_goes_with_the_semicolon(read_all: Read) -> None:
    lines = ["order_id;ordered_at;total_amount", "A-1;2024-07-01 10:00:00;12,50"]
    (outcome,) = read_all("crm_orders", lines)
    assert isinstance(outcome, Accepted)
    assert outcome.values["total_amount"] == Decimal("12.50")


def test_byte_order_mark_case_and_quotes_of_a_header(read_all: Read) -> None:
    content = '\ufeff"Order_ID" ; "ORDERED_AT"\r\n\r\nA-1;"2024-07-01 10:00:00"\r\n'
    (outcome,) = read_all("crm_orders", content.replace(" ; ", ";"))
    assert isinstance(outcome, Accepted)
    assert (outcome.position, outcome.values["order_id"]) == (3, "A-1")
    assert outcome.raw == 'A-1;"2024-07-01 10:00:00"'


@pytest.mark.parametrize("content", ["", "\n \n", "order_id,ordered_at", "order_id;ordered_at\r\n"])
def test_files_without_rows_have_no_outcome(read_all: Read, content: str) -> None:
    assert read_all("crm_orders", content) == []


@pytest.mark.parametrize(
    ("header", "part_of_detail"),
    [
        ("order_id,total_amount", "no column ordered_at"),
        ("A-0,2024-07-01 10:00:00", "no column order_id, ordered_at"),
        ("order_id,ordered_at,ordered_at", "columns named twice: ordered_at"),
        ('order_id,"ordered_at', "no column order_id, ordered_at"),
        ("order_id,ordered_at\rA-1,2024-07-01 10:00:00", "no column"),
    ],
)
def test_unusable_header_sets_every_line_aside(
    read_all: Read, header: str, part_of_detail: str
) -> None:
    outcomes = read_all("crm_orders", [header, "", "A-1,2024-07-01 10:00:00"])
    assert [outcome.position for outcome in outcomes] == [1, 3]
    for outcome in outcomes:
        assert isinstance(outcome, Quarantined)
        assert outcome.reason == "unusable_header"
        assert part_of_detail in outcome.detail


def test_one_bad_line_is_set_aside_and_the_rest_is_taken(read_all: Read) -> None:
    content = (
        b"order_id,ordered_at,brand\nA-1,2024-07-01 10:00,x\nA-2,,caf\xe9\nA-3,2024-07-01 10:00,x"
    )
    first, second, third = read_all("crm_orders", content)
    assert isinstance(first, Accepted)
    assert isinstance(second, Quarantined)
    assert isinstance(third, Accepted)
    assert (second.reason, second.position, second.raw) == ("not_utf8", 3, "A-2,,caf\\xe9")
    assert "0xe9" in second.detail
