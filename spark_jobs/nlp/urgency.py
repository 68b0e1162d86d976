"""Whether a message says that it cannot wait, by rules whose matched words are the evidence.

The rules lie in ``rules/urgency_<language>.yaml``: words for haste, deadlines, people stranded,
danger. Anger alone is no haste. Nothing is learnt: labelled data for it are not at hand.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp import rule_files
from spark_jobs.nlp.phrases import PhraseIndex

VERSION = "1"


class UrgencyRules:
    """The rules of one language, compiled."""

    def __init__(self, nlp: Language) -> None:
        self._index = PhraseIndex(rule_files.read(f"urgency_{nlp.lang}"), nlp)

    def find(self, document: Doc) -> list[str]:
        """The words that say so, in the order of the text; none where nothing does."""
        kept = {(start, end) for _, start, end in self._index.find_unexcepted(document)}
        return [document[start:end].text for start, end in sorted(kept)]


def model_name(language: str) -> str:
    """Name and version of the rules of ``language``; they change with its file."""
    return f"urgency_rules_{language} {VERSION}-{rule_files.digest(f'urgency_{language}')}"
