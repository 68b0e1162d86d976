from __future__ import annotations

import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.marks import (
    AT_HANDLES,
    HASHTAGS,
    LINKS,
    REDDIT_HANDLES,
    Mark,
    at_handles,
    hashtags,
    links,
    reddit_handles,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Brindille merci @brindille, et @a_b!", ["brindille", "a_b"]),
        (".@900712 see this", ["900712"]),
        ("write to ilse@exemple.fr", []),
        ("@@twice and @", []),
        ("(@Brindille)", ["brindille"]),
    ],
)
def test_at_handles(text: str, found: list[str]) -> None:
    assert at_handles(text) == found


def test_reddit_handles() -> None:
    text = "u/Some-One and /u/two_2, not menu/item nor u/x; see r/u/never"
    assert reddit_handles(text) == ["some-one", "two_2"]


def test_hashtags_are_words_in_any_script() -> None:
    assert hashtags("#Café #42 #2024été a#b &#39; #été_2024 ##no") == [
        "café",
        "2024été",
        "été_2024",
    ]
    # With accents as signs of their own, with vowel signs, from right to left, of emoji alone.
    apart = unicodedata.normalize("NFD", "#été!")
    assert hashtags(f"{apart} #हिन्दी #سلام_عليكم #🎉") == [apart[1:-1], "हिन्दी", "سلام_عليكم"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://exemple.fr/a?b=c. Then", ["https://exemple.fr/a?b=c"]),
        ("(https://exemple.fr/a)", ["https://exemple.fr/a"]),
        ("https://exemple.fr/wiki/A_(b)", ["https://exemple.fr/wiki/A_(b)"]),
        ("[name](http://exemple.fr/x), <https://exemple.fr/y>", None),
        ("http://a.fr http://a.fr", ["http://a.fr"]),
    ],
)
def test_links(text: str, found: list[str] | None) -> None:
    expected = found or ["http://exemple.fr/x", "https://exemple.fr/y"]
    assert links(text) == expected


@given(st.text())
def test_every_mark_is_written_in_the_text(text: str) -> None:
    for link in links(text):
        assert link in text
    assert len(set(at_handles(text))) == len(at_handles(text))
    assert all(tag.strip() for tag in hashtags(text))


@pytest.mark.parametrize("mark", [AT_HANDLES, REDDIT_HANDLES, HASHTAGS, LINKS])
@given(
    st.lists(
        st.none()
        | st.text()
        | st.lists(
            st.sampled_from(
                [
                    "@a",
                    "@A",
                    "@",
                    "b_",
                    "c" * 49,
                    "u/abc",
                    "/",
                    "#",
                    "é",
                    "1",
                    "http://",
                    "HTTPS://",
                    ".",
                    ")",
                    "\n",
                    "😀",
                ]
            )
        ).map("".join)
    )
)
def test_many_texts_have_what_each_has(mark: Mark, texts: list[str | None]) -> None:
    found = mark.in_texts(pa.array(texts, pa.string())).to_pylist()
    assert found == [mark.in_text(text) if text else [] for text in texts]
