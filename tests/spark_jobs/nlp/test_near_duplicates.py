from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.near_duplicates import BANDS, LEAST_WORDS, bands, words_of

TEXT = (
    "win a brand new phone today by sending this message to all of your friends before the "
    "weekend because only a few of them are left in our warehouse near the harbour"
)
sentences = st.lists(st.sampled_from(TEXT.split()), min_size=LEAST_WORDS, max_size=40)


def shared(one: str, other: str) -> int:
    return len(set(bands(one) or ()) & set(bands(other) or ()))


@given(sentences, st.integers(0, 10**6), st.sampled_from(["#win", "<handle>", "@zoe", "!", ""]))
def test_links_numbers_names_and_case_do_not_matter(
    words: list[str], number: int, mark: str
) -> None:
    text = " ".join(words)
    changed = f"{mark} {text.upper()} https://short.example/{number} {number}"
    assert bands(changed) == bands(text)


def test_one_word_changed_leaves_bands_and_other_texts_share_none() -> None:
    words = TEXT.split()
    shares = [
        shared(TEXT, " ".join([*words[:place], "other", *words[place + 1 :]]))
        for place in range(len(words))
    ]
    assert min(shares) >= 3
    assert shared(TEXT, " ".join(sorted(words))) == 0


@given(st.text())
def test_only_texts_of_some_words_have_bands(text: str) -> None:
    found = bands(text)
    assert (found is None) == (len(words_of(text)) < LEAST_WORDS)
    assert found is None or len(set(found)) == BANDS


@pytest.mark.parametrize("piece", ["a ", "<", "@", "é" * 10 + " ", "http"])
def test_long_texts(piece: str) -> None:
    bands(piece * (1_000_000 // len(piece)))
