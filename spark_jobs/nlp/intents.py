"""What the author of a message wants, by rules whose matched words are the evidence.

The rules lie in ``rules/intents_<language>.yaml``, read by ``phrases``: for each intent a list
of phrases, and of those that look like it and are not. Several intents may hold, or none. Nothing
is learnt here.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.phrases import EXCEPT, PhraseIndex
from spark_jobs.tables.silver import INTENTS

VERSION = "3"
Learnt = tuple[str, str, float]
"""An intent, the name of the model that hears it, and its probability."""


class IntentRules:
    """The rules of one language, compiled; ``find`` gives the evidence in a tokenised text."""

    def __init__(self, nlp: Language) -> None:
        self._index = PhraseIndex(_read(nlp.lang), nlp)

    def find(self, document: Doc) -> list[tuple[str, str]]:
        """Intents with the words they rest on, in the order of INTENTS, then of the text."""
        kept = sorted(
            (INTENTS.index(name), start, end)
            for name, start, end in self._index.find_unexcepted(document)
        )
        return [(INTENTS[intent], document[start:end].text) for intent, start, end in kept]


def with_complaints(found: list[tuple[str, str]], sentiment: str | None) -> list[tuple[str, str]]:
    """``found``, and a complaint where a problem is told in a negative voice, not asked about.

    Many complain without a word of blame. The words that tell the problem are the evidence.
    """
    names = {intent for intent, _ in found}
    if (
        sentiment != "negative"
        or "problem_report" not in names
        or names & {"complaint", "question"}
    ):
        return found
    told = [("complaint", text) for intent, text in found if intent == "problem_report"]
    return sorted([*found, *told], key=lambda pair: INTENTS.index(pair[0]))


def with_models(found: list[tuple[str, str]], learnt: list[Learnt]) -> list[dict[str, Any]]:
    """Every reason for an intent: rules with their words, each model with its probability.

    None overrules the other: words are evidence that a reader can check, and models hear what is
    said without them. Sorted as INTENTS are, rules first.
    """
    reasons: list[dict[str, Any]] = [
        {"intent": intent, "origin": "rule", "text": text, "probability": None}
        for intent, text in found
    ]
    reasons += [
        {"intent": intent, "origin": model, "text": None, "probability": probability}
        for intent, model, probability in learnt
    ]
    return sorted(reasons, key=lambda reason: INTENTS.index(reason["intent"]))


def model_name(language: str) -> str:
    """Name and version of the rules of ``language``; they change with its file."""
    return f"intent_rules_{language} {VERSION}-{rule_files.digest(f'intents_{language}')}"


def _read(language: str) -> dict[str, list[str]]:
    rules = rule_files.read(f"intents_{language}")
    if unknown := sorted({name.removesuffix(EXCEPT) for name in rules} - set(INTENTS)):
        raise ValueError(
            f"rules/intents_{language}.yaml: {', '.join(unknown)} are not intents of the silver "
            f"table; rename them to one of {', '.join(INTENTS)}"
        )
    return dict(rules)
