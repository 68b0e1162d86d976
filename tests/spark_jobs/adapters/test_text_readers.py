"""Kernels give what the rule of their reader gives, for any texts."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.adapters import customer_care
from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.text_readers import (
    TextReader,
    amounts,
    identifiers,
    iso_instants,
    plain_texts,
    whole_numbers,
)

READERS = {
    "plain": plain_texts(),
    "identifier": identifiers("id"),
    "whole number": whole_numbers("id"),
    "whole number, required": whole_numbers("id").required(lambda: Fault("missing_field", "id")),
    "amount": amounts("sum", False),
    "amount with a comma": amounts("sum", True),
    "time in UTC": iso_instants("at", ZoneInfo("UTC")),
    "time in Paris": iso_instants("at", ZoneInfo("Europe/Paris")),
    "time of X": customer_care._TIMES,
    "without a kernel": customer_care._INBOUND,
}

numbers = st.from_regex(r"[+-]?[0-9]{1,22}([.,][0-9]{1,3}0*)?([eE][+]?[0-9]{1,2})?", fullmatch=True)
clocks = st.from_regex(r"[0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True)
days = st.from_regex(r"(19[89]|20[0-2]|219|220)[0-9]-[01][0-9]-[0-3][0-9]", fullmatch=True)
moments = st.builds(
    lambda day, between, clock, end: day + between + clock + end,
    st.one_of(days, st.sampled_from(["2024-03-31", "2024-10-27", "2024-02-29", "2023-02-29"])),
    st.sampled_from(["T", " ", "  "]),
    clocks,
    st.sampled_from(["", ".5", ".123456", ".1234567", "Z", "+02:00", " "]),
)
of_x = st.builds(
    "{} {} {} {} {} {}".format,
    st.sampled_from(["Tue", "tue"]),
    st.sampled_from(["Oct", "Feb", "Foo"]),
    st.sampled_from(["31", "29", "01", "1"]),
    clocks,
    st.sampled_from(["+0000", "-0230", "+9999", "+00"]),
    st.sampled_from(["2017", "1989", "1990", "2199", "2200", "0000"]),
)
written = st.one_of(
    numbers,
    moments,
    of_x,
    st.sampled_from(["", " ", "3.0", "123.0.0", ".0", "a b", " a", "a\u00a0", "\x85", "true", "é"]),
    st.text(max_size=4),
)


def by_rule(reader: TextReader, texts: list[str]) -> tuple[list[Any], dict[int, str]]:
    found, faults = [], {}
    for row, text in enumerate(texts):
        try:
            found.append(reader.read(text))
        except Fault as fault:
            found.append(None)
            faults[row] = str(fault)
    return found, faults


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150, deadline=None)
@given(texts=st.lists(written, max_size=8))
def test_an_array_is_read_as_its_texts_are(name: str, texts: list[str]) -> None:
    reader = READERS[name]
    given_texts = pa.array(["not of the slice", *texts], pa.string())[1:]
    found, faults = reader.read_all(given_texts)
    assert found.type == reader.type
    assert (found.to_pylist(), {row: str(fault) for row, fault in faults.items()}) == by_rule(
        reader, texts
    )


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("plain", ["Lyon 3", "a"]),
        ("identifier", ["C100010", "a-b c"]),
        ("whole number", ["20000010000000", "3.0", "9" * 20]),
        ("amount", ["-12", "52.86"]),
        ("amount with a comma", ["52,8"]),
        ("time in UTC", ["2026-01-24 20:31:54", "2024-12-31T23:59:59.25"]),
        ("time in Paris", ["2026-01-24 20:31:54", "2024-10-27 02:30:00"]),
        ("time of X", ["Tue Oct 31 22:10:47 +0000 2017"]),
    ],
)
def test_usual_texts_do_not_need_the_rule(name: str, texts: list[str]) -> None:
    kernel = READERS[name].kernel
    assert kernel is not None
    _, is_sure = kernel(pa.array(texts))
    assert is_sure.to_pylist() == [True] * len(texts)


def test_a_fault_that_is_kept_keeps_no_column() -> None:
    _, faults = identifiers("id").read_all(pa.array(["1", "5.7E+17"]))
    assert faults[1].reason == "rounded_id"
    assert faults[1].__traceback__ is faults[1].__cause__ is faults[1].__context__ is None


def test_all_blanks_are_taken_from_the_ends_as_by_rule() -> None:
    texts = [f"{chr(code)}a{chr(code)}" for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    found, faults = READERS["plain"].read_all(pa.array(texts))
    assert not faults
    assert found.to_pylist() == [text.strip() for text in texts]
