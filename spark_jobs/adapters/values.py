"""Values of fields that are written as text: what each kind may look like, and what is a fault.

Every reader takes the field's name first and its text last, gives None for a blank text, and
raises Fault, naming the field and what was found. Where the text stands is the formats' business.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from spark_jobs.adapters.faults import IMPOSSIBLE_VALUE, Fault, impossible, mistyped
from spark_jobs.adapters.outcomes import in_utc

ROUNDED_ID = "rounded_id"

LARGEST_EXACT = 2**53
"""The largest number up to which floating-point numbers hold every whole number."""

EARLIEST_DAY = date(1901, 1, 1)
LATEST_DAY = date(2200, 1, 1)

EXPECTED_TIME = "a time such as 2024-03-31 14:05:00 or 2024-03-31T14:05:00+02:00, 1990 to 2200"

_WHOLE = re.compile(r"[0-9]{1,20}")
_FLOAT = re.compile(r"(\d{1,40})[.,]0+", re.ASCII)
_LONGEST_WHOLE = 20
_EXACT_DIGITS = 15
_ROUNDED = re.compile(r"\d+[.,]\d+[eE]\+?\d+|\d+[eE]\+\d+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?")
_DECIMAL = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,2}0*)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}(?:\.0+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH = re.compile(r"-?\d{1,17}(?:\.\d{1,9})?", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_CENTS = Decimal("0.01")


def plain(text: str) -> str | None:
    """A text without the blanks around it."""
    return text.strip() or None


def identifier(name: str, text: str) -> str | None:
    """An id as it is, but for the ``.0`` of programs that take it for a floating-point number.

    Raises Fault where such a program has rounded it: in scientific notation, such as 5.7E+17, or
    beyond the whole numbers that a floating-point number can hold.
    """
    found = text.strip()
    if not found or found.isdecimal():
        return found or None
    if _ROUNDED.fullmatch(found):
        raise Fault(
            ROUNDED_ID,
            f"{name}: found {found}, a number that a spreadsheet rounded, expected the whole "
            "id; export it as text",
        )
    number = _FLOAT.fullmatch(found)
    if number is None:
        return found
    if int(number[1]) > LARGEST_EXACT:
        raise inexact(name, found)
    return number[1]


def whole_number(name: str, text: str) -> str | None:
    """An id that is a number, which programs may have written as 3.0."""
    if text.isdecimal() and text.isascii() and len(text) <= _LONGEST_WHOLE:
        return text  # what nearly all are
    if text.endswith(".0") and len(text) <= _EXACT_DIGITS and text[:-2].isdecimal():
        return text[:-2]
    found = identifier(name, text)
    if found is not None and not _WHOLE.fullmatch(found):
        raise impossible(name, found, "a whole number")
    return found


def inexact(name: str, found: object) -> Fault:
    """The fault of an id that was written as a number with too few digits for it."""
    return Fault(
        ROUNDED_ID,
        f"{name}: found {found}, a floating-point number that cannot hold the whole id; "
        "export it as text",
    )


def iso_instant(name: str, zone: tzinfo, text: str) -> datetime | None:
    """A time in UTC, from ISO 8601 or ``YYYY-MM-DD HH:MM:SS``.

    One that names no zone is in ``zone``; see ``in_utc`` for times that clocks skip or repeat. A
    day without a time is a fault: midnight would be made up.
    """
    found = text.strip()
    if not found:
        return None
    if not _INSTANT.fullmatch(found):
        raise impossible(name, found, EXPECTED_TIME)
    try:
        return in_utc(datetime.fromisoformat(found), zone)
    except ValueError as error:
        raise impossible(name, found, EXPECTED_TIME) from error


def pattern_instant(name: str, pattern: str, zone: tzinfo, text: str) -> datetime | None:
    """A time as ``strptime`` reads the pattern; the start of the day where it has no hour."""
    found = text.strip()
    if not found:
        return None
    try:
        return in_utc(_parsed(found, pattern), zone)
    except (ValueError, OverflowError) as error:
        raise impossible(name, found, f"a time as {pattern}, 1990 to 2200") from error


@lru_cache(maxsize=4096)  # exports have few days, and strptime is slow
def _parsed(text: str, pattern: str) -> datetime:
    return datetime.strptime(text, pattern)  # noqa: DTZ007 - whoever asks knows the zone


def epoch_instant(name: str, per_second: int, text: str) -> datetime | None:
    """Seconds since 1970, or so many parts of a second, as a time."""
    found = text.strip()
    if not found:
        return None
    if not _EPOCH.fullmatch(found):
        raise mistyped(name, found, _expected_epoch(per_second))
    return epoch(name, per_second, Decimal(found))


def epoch(name: str, per_second: int, number: int | float | Decimal) -> datetime:
    """Seconds since 1970, or so many parts of a second, as a time."""
    try:
        return in_utc(datetime.fromtimestamp(float(number / per_second), UTC), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise impossible(name, number, _expected_epoch(per_second)) from error


def _expected_epoch(per_second: int) -> str:
    unit = "seconds" if per_second == 1 else "milliseconds"
    return f"{unit} since 1970 of a time between 1990 and 2200"


def iso_day(name: str, text: str) -> date | None:
    """A day, ``YYYY-MM-DD``."""
    found = text.strip()
    if not found:
        return None
    try:
        if not _DAY.fullmatch(found):
            raise ValueError("not YYYY-MM-DD")
        day = date.fromisoformat(found)
    except ValueError as error:
        raise impossible(name, found, "a day as YYYY-MM-DD") from error
    return bounded_day(name, day)


def pattern_day(name: str, pattern: str, text: str) -> date | None:
    """A day as ``strptime`` reads the pattern."""
    found = text.strip()
    if not found:
        return None
    try:
        day = _parsed(found, pattern).date()
    except ValueError as error:
        raise impossible(name, found, f"a day as {pattern}") from error
    return bounded_day(name, day)


def bounded_day(name: str, day: date) -> date:
    """The day, where it lies between 1901 and 2200."""
    if not EARLIEST_DAY <= day < LATEST_DAY:
        detail = f"{name}: found a day in {day.year}, expected one between 1901 and 2200"
        raise Fault(IMPOSSIBLE_VALUE, detail)
    return day


def amount(name: str, has_decimal_comma: bool, text: str) -> Decimal | None:
    """An amount with at most two decimals, without thousands separators."""
    found = text.strip()
    if not found:
        return None
    number = found.replace(",", ".", 1) if has_decimal_comma else found
    if not _DECIMAL.fullmatch(number):
        raise mistyped(name, found, f"a number such as 1234.50, {_mark(has_decimal_comma)}")
    return Decimal(number).quantize(_CENTS)


def number(name: str, has_decimal_comma: bool, text: str) -> float | None:
    """A number, whole or not, without thousands separators."""
    found = text.strip()
    if not found:
        return None
    written = found.replace(",", ".", 1) if has_decimal_comma else found
    if not _NUMBER.fullmatch(written) or not math.isfinite(float(written)):
        raise mistyped(name, found, f"a number such as 2.5, {_mark(has_decimal_comma)}")
    return float(written)


def _mark(has_decimal_comma: bool) -> str:
    return f"with a decimal {'comma or point' if has_decimal_comma else 'point'}"


def integer(name: str, minimum: float | None, maximum: float | None, text: str) -> int | None:
    """A whole number within bounds, where there are bounds; ``9.0`` is 9."""
    found = text.strip()
    if not found:
        return None
    if not _INTEGER.fullmatch(found):
        raise mistyped(name, found, f"a whole number{_bounds(minimum, maximum)}")
    whole = int(found.partition(".")[0])
    if (minimum is not None and whole < minimum) or (maximum is not None and whole > maximum):
        raise impossible(name, found, f"a whole number{_bounds(minimum, maximum)}")
    return whole


def _bounds(minimum: float | None, maximum: float | None) -> str:
    if minimum is None:
        return ""
    return f" from {minimum}" if maximum is None else f" from {minimum} to {maximum}"


def boolean(name: str, text: str, words: Mapping[str, bool] = _BOOLEANS) -> bool | None:
    """Yes or no, from words in any case: true, false, 1, 0 where no others are given."""
    found = text.strip()
    if not found:
        return None
    if found.lower() not in words:
        raise impossible(name, found, f"one of {', '.join(words)}")
    return words[found.lower()]


def choice(name: str, allowed: Collection[str], text: str) -> str | None:
    """One of the values allowed, in any case."""
    found = text.strip()
    if not found:
        return None
    if found.lower() not in allowed:
        raise impossible(name, found, f"one of {', '.join(allowed)}")
    return found.lower()


def code(name: str, letters: int, text: str) -> str | None:
    """A code of so many letters."""
    found = text.strip()
    if not found:
        return None
    if len(found) != letters or not (found.isascii() and found.isalpha()):
        raise impossible(name, found, f"a code of {letters} letters")
    return found
