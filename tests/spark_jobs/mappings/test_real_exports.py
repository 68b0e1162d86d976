"""Public data that nobody here wrote, read by a mapping each, with exact counts."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from public_exports import FEBRL, PEOPLE, read

PURCHASES = """
format: csv
delimiter: whitespace
tables:
  orders:
    columns:
      order_id: {template: "{customer_id}-{date}-{dollar_value}"}
      customer_id: customer_id
      ordered_at: {from: date, formats: "%Y%m%d"}
      total_amount: dollar_value
      currency: {constant: USD}
"""
HEADER = "header: [customer_id, sample_id, date, number_of_cds, dollar_value]"


@pytest.mark.parametrize(
    ("file", "mapping", "rows", "customers", "orders", "total"),
    [
        ("CDNOW_master.txt", PURCHASES, 69_659, 23_570, 69_404, "2500315.63"),
        ("CDNOW_sample.txt", PURCHASES + HEADER, 6_919, 2_357, 6_898, "244091.94"),
    ],
)
def test_purchases_of_cdnow(
    shared_data: Path, file: str, mapping: str, rows: int, customers: int, orders: int, total: str
) -> None:
    accepted, set_aside, unmapped = read(shared_data / "cdnow" / file, mapping)
    assert (len(accepted), set_aside) == (rows, [])
    assert len({order["customer_id"] for order in accepted}) == customers
    # The export has no ids: two purchases of one amount on one day are taken for one.
    assert len({order["order_id"] for order in accepted}) == orders
    assert sum(order["total_amount"] for order in accepted) == Decimal(total)
    assert "number_of_cds" in unmapped
    times = [order["ordered_at"] for order in accepted]
    assert min(times) == datetime(1997, 1, 1, 5, tzinfo=UTC)
    assert max(times) == datetime(1998, 6, 30, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "accepted_count", "of_1900", "no_days"),
    [
        ("dataset1.csv", 990, 7, 3),
        ("dataset4a.csv", 4_938, 62, 0),
        ("dataset4b.csv", 4_878, 58, 64),
    ],
)
def test_customers_of_febrl(
    shared_data: Path, file: str, accepted_count: int, of_1900: int, no_days: int
) -> None:
    path = shared_data / "identity_febrl" / file
    accepted, set_aside, unmapped = read(path, FEBRL)
    assert unmapped == {"address_2", "state", "soc_sec_id"}
    with path.open(newline="") as stream:
        _, *rows = csv.reader(stream, skipinitialspace=True)
    written = {row[0]: row[9] for row in rows}
    impossible = {who: day for who, day in written.items() if day and not is_day(day)}
    too_early = {who for who, day in impossible.items() if day.startswith("1900") and is_date(day)}
    assert (len(too_early), len(impossible) - len(too_early)) == (of_1900, no_days)
    assert {row.raw.split(",")[0] for row in set_aside} == set(impossible)
    for row in set_aside:
        why = "a day in 1900" if row.raw.split(",")[0] in too_early else "a value of 8 characters"
        assert row.detail.startswith(f"date_of_birth: found {why}, expected")
    assert len(accepted) == accepted_count == len(rows) - len(impossible)
    for customer in accepted:
        day = written[customer["customer_id"]]
        assert (customer["birth_date"] and f"{customer['birth_date']:%Y%m%d}") == (day or None)
        assert customer["country"] == "AU"


def is_date(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def is_day(text: str) -> bool:
    """Whether a text is a day that anybody who buys today can have been born on."""
    return is_date(text) and text >= "1901"


def test_people_of_fake_1000(shared_data: Path) -> None:
    path = shared_data / "identity_fake1000" / "fake_1000.csv"
    accepted, set_aside, unmapped = read(path, PEOPLE)
    assert (len(accepted), set_aside, unmapped) == (1_000, [], {"cluster"})
    nulls = {
        column: sum(customer[column] is None for customer in accepted) for column in accepted[0]
    }
    assert nulls == {
        "customer_id": 0,
        "first_name": 169,
        "last_name": 181,
        "birth_date": 0,
        "city": 187,
        "email": 211,
    }
