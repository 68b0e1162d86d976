"""Values that are read together give what the converter gives each of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.adapters.column_readers import ValueField
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.json_fields import JsonFields
from spark_jobs.adapters.mapped_columns import BoundColumn
from spark_jobs.adapters.outcomes import listed
from spark_jobs.adapters.value_readers import ValueReader
from spark_jobs.mappings.language import ColumnMapping
from spark_jobs.tables.declaration import (
    BOOLEAN,
    DATE,
    INSTANT,
    INTEGER,
    MONEY,
    NUMBER,
    STRING,
    STRINGS,
    Column,
)
from tests.spark_jobs.adapters.conftest import source_of


def column(name: str, type_: pa.DataType, **more: Any) -> Column:
    return Column(name, type_, "a column", **more)


CASES: dict[str, tuple[Column, dict[str, Any]]] = {
    "text": (column("section", STRING), {}),
    "text, required": (column("section", STRING, required=True), {}),
    "personal text": (column("city", STRING, is_personal=True), {"letters": 2}),
    "id": (column("post_id", STRING, required=True), {}),
    "whole id": (column("post_id", STRING), {"is_whole_number": True}),
    "with stand-ins": (column("like_count", INTEGER), {"values": {"": 5, "1": None, "true": 0}}),
    "count": (column("like_count", INTEGER, minimum=0), {}),
    "score": (column("nps_score", INTEGER, minimum=0, maximum=10, required=True), {}),
    "any number": (column("points_count", INTEGER), {}),
    "amount": (column("total_amount", MONEY), {}),
    "number": (column("quantity", NUMBER), {}),
    "truth": (column("is_private", BOOLEAN), {}),
    "truth, required": (column("is_private", BOOLEAN, required=True), {}),
    "truth in words": (column("is_private", BOOLEAN), {"true_words": ["y"], "false_words": ["n"]}),
    "seconds": (column("created_at", INSTANT), {"formats": "epoch_seconds"}),
    "seconds, required": (
        column("created_at", INSTANT, required=True),
        {"formats": "epoch_seconds"},
    ),
    "milliseconds": (column("created_at", INSTANT), {"formats": "epoch_milliseconds"}),
    "time or seconds": (column("created_at", INSTANT), {"formats": ["iso", "epoch_seconds"]}),
    "day": (column("birth_date", DATE), {"formats": "%Y%m%d"}),
    "list": (column("urls", STRINGS), {"separator": " "}),
}

integers = st.sampled_from(
    [0, 1, -1, 3, 10, 11, 10**18 - 1, 10**18, 2**63, -(2**63), 631152000, 631151999, 7258118400]
) | st.integers(-(10**25), 10**25)
texts = st.sampled_from(["", " ", "1", "a", "fr", "y", "true", "2024-07-01 10:00:00", "19870228"])
others = st.sampled_from([1.5, float("nan"), 1e300, True, False, b"1", ["a"], {"a": 1}])


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=100, deadline=None)
@given(
    found=st.lists(st.none() | integers, max_size=6)
    | st.lists(st.none() | st.sampled_from([1, 2, 1714552200]), max_size=6)
    | st.lists(st.none() | texts, max_size=6)
    | st.lists(st.none() | st.booleans(), max_size=6)
    | st.lists(st.none() | integers | texts | others, max_size=6)
)
def test_values_are_read_together_as_alone(case: str, found: list[Any]) -> None:
    reader = reader_of(case)
    expected: list[Any] = []
    faults = {}
    for row, each in enumerate(found):
        try:
            expected.append(reader.convert(each))
        except Fault as fault:
            expected.append(None)
            faults[row] = str(fault)
    values, at_fault = reader.read_all(found)
    assert listed(values) == expected
    assert {row: str(fault) for row, fault in at_fault.items()} == faults


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("text", ["a", None]),
        ("whole id", [12, None]),
        ("count", [3, 0, None]),
        ("truth", [True, None]),
        ("seconds", [1714552200, None]),
        ("id", [None, "a"]),
    ],
)
def test_usual_values_become_arrays(case: str, found: list[Any]) -> None:
    values, _ = reader_of(case).read_all(found)
    assert isinstance(values, pa.Array)


def reader_of(case: str) -> ValueReader:
    target, how = CASES[case]
    mapping = ColumnMapping.model_validate({"from": "field", **how})
    bound = BoundColumn(target, mapping, source_of("reddit"), JsonFields(), False)
    found = bound.reader()
    assert isinstance(found, ValueField)
    return found.reader
