"""Values that are written as text: what is read, and what is a fault that names the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spark_jobs.adapters import values
from spark_jobs.adapters.faults import Fault

PARIS = ZoneInfo("Europe/Paris")
READERS: dict[str, Callable[[str], Any]] = {
    "instant": partial(values.iso_instant, "field", PARIS),
    "pattern": partial(values.pattern_instant, "field", "%d/%m/%Y %H:%M", PARIS),
    "pattern of days": partial(values.pattern_instant, "field", "%Y%m%d", PARIS),
    "epoch": partial(values.epoch_instant, "field", 1),
    "epoch in milliseconds": partial(values.epoch_instant, "field", 1000),
    "day": partial(values.iso_day, "field"),
    "day by pattern": partial(values.pattern_day, "field", "%Y%m%d"),
    "amount": partial(values.amount, "field", False),
    "amount with comma": partial(values.amount, "field", True),
    "number": partial(values.number, "field", False),
    "integer": partial(values.integer, "field", None, None),
    "score": partial(values.integer, "field", 0, 10),
    "boolean": partial(values.boolean, "field"),
    "identifier": partial(values.identifier, "field"),
    "whole number": partial(values.whole_number, "field"),
    "code": partial(values.code, "field", 2),
    "choice": partial(values.choice, "field", ("placed", "shipped")),
}


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
    ],
)
def test_instant(written: str, instant: datetime) -> None:
    assert READERS["instant"](written) == instant


@pytest.mark.parametrize(
    ("reader", "written", "value"),
    [
        ("pattern", "01/07/2024 10:00", datetime(2024, 7, 1, 8, tzinfo=UTC)),
        ("pattern of days", "20240701", datetime(2024, 6, 30, 22, tzinfo=UTC)),
        ("epoch", "1714552200", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("epoch", "1714552200.5", datetime(2024, 5, 1, 8, 30, 0, 500_000, tzinfo=UTC)),
        ("epoch in milliseconds", "1714552200000", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("day", "1987-02-28", date(1987, 2, 28)),
        ("day by pattern", "19081209", date(1908, 12, 9)),
        ("number", "-2.25", -2.25),
        ("number", "1e3", 1000.0),
        ("integer", "-4", -4),
        ("score", "9.0", 9),
        ("boolean", "TRUE", True),
        ("boolean", "0", False),
        ("choice", "Placed", "placed"),
        ("code", "fr", "fr"),
        ("identifier", " 7E10 ", "7E10"),
        ("whole number", "3.0", "3"),
        ("whole number", "900719925474099267", "900719925474099267"),
    ],
)
def test_values(reader: str, written: str, value: object) -> None:
    assert READERS[reader](written) == value


@pytest.mark.parametrize("reader", READERS)
def test_a_blank_text_is_nothing(reader: str) -> None:
    assert READERS[reader]("") is None
    assert READERS[reader](" \t") is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [("12", "12.00"), ("-3.5", "-3.50"), ("0.1200", "0.12"), ("9999999999999999.99",) * 2],
)
def test_amount(written: str, amount: str) -> None:
    assert str(READERS["amount"](written)) == amount
    assert str(READERS["amount with comma"](written.replace(".", ","))) == amount


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        ("instant", "2024-07-01"),
        ("instant", "01/07/2024 10:00"),
        ("instant", "2024-13-01 10:00"),
        ("instant", "2024-07-01 25:00"),
        ("instant", "1900-01-01 00:00:00"),
        ("instant", "9999-12-31 23:59:59"),
        ("pattern", "2024-07-01 10:00"),
        ("pattern", "01/07/1900 10:00"),
        ("pattern of days", "99991231"),
        ("epoch", "yesterday"),
        ("epoch", "1"),
        ("epoch", "99999999999999999"),
        ("epoch in milliseconds", "1714552200"),
        ("amount", "1,5"),
        ("amount", "1.505"),
        ("amount", "1 000.00"),
        ("amount", "NaN"),
        ("amount", "1e3"),
        ("amount", "12345678901234567"),
        ("number", "inf"),
        ("number", "1,5"),
        ("day", "1900-01-01"),
        ("day", "28/02/1987"),
        ("day", "1987-02-30"),
        ("day by pattern", "19870230"),
        ("boolean", "perhaps"),
        ("choice", "lost"),
        ("code", "fra"),
        ("code", "f1"),
        ("identifier", "1,23E+12"),
        ("identifier", "5E+17"),
        ("whole number", "900719925474099267.0"),
        ("whole number", "A-1"),
    ],
)
def test_what_cannot_be_true_is_a_fault(reader: str, written: str) -> None:
    with pytest.raises(Fault, match=r"^[a-z_]+: field: found"):
        READERS[reader](written)


@pytest.mark.parametrize("written", ["11", "-1", "9.5", "ten", "1" * 30, "١"])
def test_number_out_of_bounds_is_a_fault(written: str) -> None:
    with pytest.raises(Fault, match="from 0 to 10"):
        READERS["score"](written)
