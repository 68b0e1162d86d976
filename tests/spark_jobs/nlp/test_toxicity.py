"""Toxicity on sentences of our own: some that the rules were made with, some held apart.

``*_rules.txt`` were in sight while the rules were made; ``*_held.txt`` were written before any
rule was run on them and no rule was changed for them.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.toxicity import rules_of
from spark_jobs.nlp.training.data import own_sentences


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [("en_rules", 0.9, 0.9), ("fr_rules", 0.9, 0.9), ("en_held", 0.7, 0.6), ("fr_held", 0.7, 0.85)],
)
def test_insults_are_found_and_others_left_alone(
    name: str, precision: float, recall: float
) -> None:
    rules = rules_of(name[:2])
    labels, texts = own_sentences(f"toxicity_{name}")
    found = [rules.find(text).is_insult for text in texts]
    answers = list(zip([label == "1" for label in labels], found, strict=True))
    hits = sum(truth and found for truth, found in answers)
    assert hits / sum(found for _, found in answers) >= precision
    assert hits / sum(truth for truth, _ in answers) >= recall


@pytest.mark.parametrize(
    ("language", "text", "evidence"),
    [
        ("en", "you f.u.c.k.e.r", ("insult", "f.u.c.k.e.r")),
        ("fr", "quel C*NNARD", ("insult", "C*NNARD")),
        ("fr", "Je vais te tuer", ("threat", "Je vais te tuer")),
        ("fr", "Putain c'est génial", ("profanity", "Putain")),
    ],
)
def test_the_words_that_fired_are_told(language: str, text: str, evidence: tuple[str, str]) -> None:
    assert rules_of(language).find(text).evidence == (evidence,)


@given(st.text())
def test_any_text_has_a_score(text: str) -> None:
    for language in ("en", "fr"):
        found = rules_of(language).find(text)
        assert 0 <= found.score <= 1
        assert found.is_insult == (found.score >= 0.5)
        assert all(words in text for _, words in found.evidence)


@pytest.mark.parametrize("piece", ["a ", "f*", "a.", "you idiot ", "\u00ab", "fuck ", "i'll "])
def test_time_is_bounded(piece: str) -> None:
    started = time.process_time()
    rules_of("en").find(piece * (1_000_000 // len(piece)))
    rules_of("fr").find(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 1
