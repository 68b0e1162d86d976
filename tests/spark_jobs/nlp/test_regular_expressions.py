"""Every regular expression that reads texts takes time in proportion to their length."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import spark_jobs.nlp

SHORT, FACTOR = 4_000, 4
LARGEST_GROWTH = 2.5 * FACTOR
"""Quadratic time would grow by the square of the factor, sixteen."""
UNNOTICED_SECONDS = 0.02
"""Processor time of the long text below which growth is not judged: it is noise."""
UNITS = (
    *("a", "0", " ", "é", "A", "_", ".", "-", "@", "#", "<", "&", "/", ":", "'", "(", "[", "+"),
    *("a@", "a.", "a-", "0 ", "00 ", "0-", "a b ", "A1 ", "1.1.", "(0) ", "a [at] ", "@a@", "w."),
    *("http", "https://", "www.", "a/", "FR76 ", "order ", "order no ", "ha", "a'", "😀", "\u200b"),
    *(
        "n° ",
        "[ at ] ",
        "x.com/",
        "&amp;",
        "#1 ",
        "+0",
        "\n",
        "\t ",
        "!?",
        "..",
        "aaa",
        "<3",
        ":-)",
    ),
)
"""What hostile texts are made of: each repeated, plain and before a sign that ends no match."""


def _expressions() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(spark_jobs.nlp.__path__, "spark_jobs.nlp."):
        if ".training" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for number, pattern in enumerate(_patterns(value)):
                yield f"{module.name.removeprefix('spark_jobs.nlp.')}.{name}[{number}]", pattern


def _patterns(value: Any) -> list[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        return [value]
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return [pattern for entry in value for pattern in _patterns(entry)]
    return []


EXPRESSIONS = dict(_expressions())


def _seconds(pattern: re.Pattern[str], text: str, times: int) -> float:
    """The least of several runs: what else the machine does only adds to them."""
    took = []
    for _ in range(times):
        began = time.process_time()
        pattern.sub("", text)
        took.append(time.process_time() - began)
    return min(took)


def grows_too_fast(pattern: re.Pattern[str]) -> list[str]:
    """The units of which long texts take too long."""
    found = []
    for unit in UNITS:
        for end in ("", "\x00"):
            short = (unit * SHORT)[:SHORT] + end
            long = (unit * SHORT * FACTOR)[: SHORT * FACTOR] + end
            if (slow := _seconds(pattern, long, 2)) > UNNOTICED_SECONDS:
                slow = min(slow, _seconds(pattern, long, 2))
                if slow > LARGEST_GROWTH * _seconds(pattern, short, 8):
                    found.append(unit + end)
    return found


def test_expressions_are_found() -> None:
    assert len(EXPRESSIONS) > 30
    assert {name.partition(".")[0] for name in EXPRESSIONS} >= {"masking", "language", "features"}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_time_grows_with_length_and_no_faster(name: str) -> None:
    assert grows_too_fast(EXPRESSIONS[name]) == []


def test_an_expression_that_backtracks_is_noticed() -> None:
    assert "a\x00" in grows_too_fast(re.compile(r"a*b"))
