"""Fragments that are read as one show what each shows alone."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.adapters.html_columns import shown_all
from spark_jobs.adapters.html_text import shown

MARKUP = [
    *("<p>", "</p>", "<P>", '<p dir="auto">', "<br>", "<br/>", "<br />", "<br\n>", "<i>", "</i>"),
    *("<b class='x'>", "<span>", "<pre>", "</pre>", "<li>", "<!-- x -->", "<style>", "<p"),
    *('<a href="https://a.fr/?x=1&amp;y" rel="nofollow">', "</a>", "<a href='https://b.fr'>"),
    *('<a class="mention" href="https://c.fr">', "<a\nhref=http://d.fr>", "<a>", "<abbr>"),
    *('<div class="md">', "</div>", "<blockquote>", "<hr>", "<hr/>", "</h1>", "</pre >"),
    *("&", "amp;", "&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "&#39;", "&#32;", "&eacute;"),
    *("<", ">", "<3", " ", "  ", "\n", "\r\n", "\t", "\xa0", "a", "é", "\N{PACKAGE}", "lt;p>"),
]
fragments = st.lists(
    st.none() | st.text(max_size=5) | st.lists(st.sampled_from(MARKUP), max_size=10).map("".join),
    max_size=5,
)


@settings(max_examples=500)
@given(fragments)
def test_together_as_alone(written: list[str | None]) -> None:
    texts, links = shown_all(pa.array(written, pa.string()))
    expected = [shown(each or "") for each in written]
    assert texts.to_pylist() == [each.text for each in expected]
    assert links == {row: each.links for row, each in enumerate(expected) if each.links}


def test_part_of_an_array() -> None:
    texts, links = shown_all(pa.array(["no", "a<p>b", "<a href='http://a.fr'>c"])[1:])
    assert texts.to_pylist() == ["a\n\nb", "c"]
    assert links == {1: ["http://a.fr"]}


@pytest.mark.parametrize("unit", ["<a", "<p>", "<br>", " \n", "&amp;", "& ", "<i>", "<a x>", "a"])
def test_megabytes_are_read_in_no_time(unit: str) -> None:
    begun = time.process_time()
    shown_all(pa.array([unit * (1_000_000 // len(unit))] * 2))
    assert time.process_time() - begun < 5
