from __future__ import annotations

import pytest
import spacy

from spark_jobs.nlp.intents import IntentRules, with_complaints

RULES = {code: (IntentRules(spacy.blank(code)), spacy.blank(code)) for code in ("en", "fr")}


@pytest.mark.parametrize(
    ("language", "text", "intents"),
    [
        (
            "fr",
            "Internet ne marche plus depuis hier, inadmissible",
            {"complaint", "problem_report"},
        ),
        ("fr", "Est-ce que vous livrez en Belgique ?", {"question"}),
        ("fr", "merci beaucoup, super service !", {"praise", "thanks"}),
        ("fr", "je vais résilier mon abonnement", {"churn_risk"}),
        ("fr", "Pouvez-vous me rappeler svp", {"request"}),
        ("fr", "vous devriez ajouter un mode sombre", {"suggestion"}),
        ("fr", "j'hésite à prendre le forfait 100 Go", {"purchase_intent"}),
        ("fr", "il fait beau à Nantes", set()),
        ("en", "My box is broken and nobody answers", {"complaint", "problem_report"}),
        ("en", "does anyone know how to reset it", {"question"}),
        ("en", "can you please refund my order", {"request"}),
        ("en", "love the new app, thanks", {"praise", "thanks"}),
        ("en", "I am switching to another provider", {"churn_risk"}),
        ("en", "thinking of buying the big one", {"purchase_intent"}),
        ("en", "you should add a dark mode", {"suggestion"}),
        ("en", "what is the fee, thanks in advance", {"question"}),
        ("fr", "quel est le délai ? merci d'avance", {"question"}),
        ("fr", "neuf ans sans une coupure", set()),
        ("fr", "non merci", set()),
        ("en", "the sea was calm on Sunday", set()),
    ],
)
def test_what_the_author_wants(language: str, text: str, intents: set[str]) -> None:
    rules, nlp = RULES[language]
    found = rules.find(nlp(text))
    assert {intent for intent, _ in found} == intents
    assert all(evidence in text for _, evidence in found)


@pytest.mark.parametrize(
    ("intents", "sentiment", "complete"),
    [
        (["problem_report"], "negative", ["complaint", "problem_report"]),
        (["problem_report"], "neutral", ["problem_report"]),
        (["problem_report"], None, ["problem_report"]),
        (["question", "problem_report"], "negative", ["question", "problem_report"]),
        (["complaint", "problem_report"], "negative", ["complaint", "problem_report"]),
        ([], "negative", []),
    ],
)
def test_a_problem_told_in_a_negative_voice_is_a_complaint(
    intents: list[str], sentiment: str | None, complete: list[str]
) -> None:
    found = with_complaints([(intent, "the words") for intent in intents], sentiment)
    assert found == [(intent, "the words") for intent in complete]
