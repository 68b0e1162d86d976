from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.nlp.urgency import UrgencyRules

RULES = {code: (UrgencyRules(spacy.blank(code)), spacy.blank(code)) for code in ("en", "fr")}


@pytest.mark.parametrize(
    ("language", "text", "is_urgent"),
    [
        ("en", "I need this sorted ASAP", True),
        ("en", "we are stranded in Porto", True),
        ("en", "my account was hacked, money is going", True),
        ("en", "nothing urgent, whenever you can", False),
        ("en", "your staff are rude and the shop is ugly", False),
        ("fr", "c'est urgent, rappelez-moi", True),
        ("fr", "sans chauffage depuis hier", True),
        ("fr", "rien d'urgent, bonne journée", False),
        ("fr", "votre boutique est bien triste", False),
    ],
)
def test_what_cannot_wait(language: str, text: str, is_urgent: bool) -> None:
    rules, nlp = RULES[language]
    found = rules.find(nlp(text))
    assert bool(found) == is_urgent
    assert all(words in text for words in found)


@given(st.text())
def test_evidence_is_in_the_text(text: str) -> None:
    rules, nlp = RULES["en"]
    assert all(words in text for words in rules.find(nlp(text)))
