from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from spark_jobs.adapters.csv_rows import Row
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined

Read = Callable[..., list[Outcome]]
PARIS = ZoneInfo("Europe/Paris")


def row(value: str, has_decimal_comma: bool = False) -> Row:
    return Row({"field": value}, PARIS, has_decimal_comma)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2024-07-01 10:00:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("2024-07-01T10:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("2024-07-01T10:00:00.250Z", datetime(2024, 7, 1, 10, 0, 0, 250_000, tzinfo=UTC)),
        ("2024-07-01 10:00:00-0500", datetime(2024, 7, 1, 15, tzinfo=UTC)),
        # Clocks go back at 3:00: 2:30 happens twice, and the first one is in summer time.
        ("2024-10-27 02:30:00", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        # Clocks go forward at 2:00: 2:30 never happens, and winter time was in force before.
        ("2024-03-31 02:30:00", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),
        (" ", None),
    ],
)
def test_instant(written: str, instant: datetime | None) -> None:
    assert row(written).instant("field") == instant


@pytest.mark.parametrize(
    ("written", "amount"),
    [("12", "12.00"), ("-3.5", "-3.50"), ("0.1200", "0.12"), ("9999999999999999.99",) * 2],
)
def test_amount(written: str, amount: str) -> None:
    assert str(row(written).amount("field")) == amount
    assert str(row(written.replace(".", ","), True).amount("field")) == amount


def test_other_values() -> None:
    assert row("9.0").integer("field", 0, 10) == 9
    assert row("-4").integer("field", None, None) == -4
    assert row("1987-02-28").birth_date("field") == date(1987, 2, 28)
    assert row("TRUE").boolean("field") is True
    assert row("0").boolean("field") is False
    assert row("Placed").choice("field", ("placed", "shipped")) == "placed"
    assert row("fr").code("field", 2) == "FR"
    assert row(" 7E10 ").identifier("field") == "7E10"
    assert row("").text("field") is None
    assert row("x").text("another") is None


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        ("instant", "2024-07-01"),
        ("instant", "01/07/2024 10:00"),
        ("instant", "2024-13-01 10:00"),
        ("instant", "2024-07-01 25:00"),
        ("instant", "1900-01-01 00:00:00"),
        ("instant", "9999-12-31 23:59:59"),
        ("amount", "1,5"),
        ("amount", "1.505"),
        ("amount", "1 000.00"),
        ("amount", "NaN"),
        ("amount", "1e3"),
        ("amount", "12345678901234567"),
        ("birth_date", "1900-01-01"),
        ("birth_date", "28/02/1987"),
        ("birth_date", "1987-02-30"),
        ("boolean", "perhaps"),
        ("identifier", "1,23E+12"),
        ("identifier", "5E+17"),
    ],
)
def test_what_cannot_be_true_is_a_fault(reader: str, written: str) -> None:
    with pytest.raises(Fault, match="field: found") as caught:
        getattr(row(written), reader)("field")
    if reader == "birth_date":
        assert written not in caught.value.detail
        assert "1987" not in caught.value.detail


@pytest.mark.parametrize("written", ["11", "-1", "9.5", "ten", "1" * 30, "١"])
def test_number_out_of_bounds_is_a_fault(written: str) -> None:
    with pytest.raises(Fault, match="from 0 to 10"):
        row(written).integer("field", 0, 10)


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
