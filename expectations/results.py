"""How the library's results for parts of a table add up to the result for the table.

A result for a part has counts, shares, and the first of the rows at fault; so has the sum. What
an expectation is and whether it holds for a part is the library's business.
"""

from __future__ import annotations

from typing import Any

SAMPLED = 20
"""How many of the rows at fault a result names."""
_COUNTS = ("element_count", "missing_count", "unexpected_count")
_SAMPLES = ("partial_unexpected_list", "partial_unexpected_index_list")


def added(first: Any, second: Any) -> Any:
    """The result of an expectation for two parts of a table, in ``first``; it holds if both do.

    Args:
        first: an ``ExpectationValidationResult`` for the earlier part.
        second: one of the same expectation for the later part.
    """
    one, other = first.result, second.result
    first.success = first.success and second.success
    for name in _COUNTS:
        if name in one or name in other:
            one[name] = (one.get(name) or 0) + (other.get(name) or 0)
    for name in _SAMPLES:
        if name in one or name in other:
            one[name] = [*(one.get(name) or ()), *(other.get(name) or ())][:SAMPLED]
    if "partial_unexpected_list" in one:
        one["partial_unexpected_counts"] = _counted(one["partial_unexpected_list"])
    if "element_count" in one:
        _share(one)
    if not second.success and "observed_value" in other:
        one["observed_value"] = other["observed_value"]
    return first


def stand_for(entry: Any, rows: int | None, at_fault: int | None) -> None:
    """Let a result for the rows in question be that for all rows.

    Args:
        entry: an ``ExpectationValidationResult``.
        rows: how many rows there are; None where the result is for all of them.
        at_fault: how many are at fault, if it is one that does not hold; None as counted.
    """
    result = entry.result
    if rows is not None:
        result["element_count"] = rows
    if at_fault is not None and not entry.success:
        result["unexpected_count"] = at_fault
    if "element_count" in result:
        _share(result)  # of no rows, the library says that not a number of percent are at fault


def _counted(values: list[Any]) -> list[dict[str, Any]]:
    counts: dict[str, dict[str, Any]] = {}
    for value in values:
        counts.setdefault(repr(value), {"value": value, "count": 0})["count"] += 1
    return sorted(counts.values(), key=lambda entry: -entry["count"])


def _share(result: dict[str, Any]) -> None:
    elements, missing = result["element_count"], result.get("missing_count") or 0
    unexpected = result.get("unexpected_count") or 0
    of_all = 100 * unexpected / elements if elements else None
    present = elements - missing
    result["unexpected_percent_total"] = of_all
    result["unexpected_percent"] = 100 * unexpected / present if present else None
    if "unexpected_percent_nonmissing" in result:
        result["unexpected_percent_nonmissing"] = result["unexpected_percent"]
    if "missing_percent" in result:
        result["missing_percent"] = 100 * missing / elements if elements else None
