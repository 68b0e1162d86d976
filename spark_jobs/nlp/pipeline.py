"""From texts to rows of the silver table: masking, language, then what the language allows.

French and English texts get everything; in other languages only what does not depend on the
language is annotated and the rest is null. No Spark and no files here.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp import (
    answers,
    aspects,
    customer_intents,
    entities,
    features,
    feelings,
    intents,
    key_phrases,
    language,
    masking,
    names_in_context,
    near_duplicates,
    service_intents,
    spam,
    toxicity,
    urgency,
)
from spark_jobs.nlp import catalogue as catalogues
from spark_jobs.nlp.catalogue import Catalogue, CatalogueMatcher
from spark_jobs.nlp.components import (
    BATCH,
    PACKAGES,
    entity_model_name,
    load_pipeline,
    read_documents,
)
from spark_jobs.nlp.language import UNKNOWN, Identified, Identifier
from spark_jobs.nlp.masking import mask
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

VERSION = "2"
LONGEST = 10_000
"""Characters that models read; of a longer text only the beginning, and ``is_cut`` says so."""
_CHUNK = 4 * BATCH
_log = logging.getLogger(__name__)
# Neither can be stored everywhere: halves of a UTF-16 pair have no UTF-8, NUL ends a C string.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_MODEL_NAMES = (
    feelings.sentiment_model_name,
    feelings.emotion_model_name,
    intents.model_name,
    urgency.model_name,
    entity_model_name,
    toxicity.model_name,
    aspects.model_name,
)
_NOTHING = dict.fromkeys(TEXT_ANNOTATIONS.column_names)


class Annotator:
    """All models, ready. Pipelines load when their language first appears, about 1 s each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._matcher = CatalogueMatcher(catalogue)
        self._brand_words = catalogue.brand_words
        self._identifier = Identifier()
        self._pipelines: dict[str, Language] = {}
        self._version = annotation_version(catalogue)
        self._models = {
            code: {
                "sentiment_model": feelings.sentiment_model_name(code),
                "emotion_model": feelings.emotion_model_name(code),
                "intents_model": ", ".join(
                    (
                        intents.model_name(code),
                        service_intents.model_name(),
                        customer_intents.model_name(),
                    )
                ),
                "urgency_model": urgency.model_name(code),
                "answer_model": answers.model_name(),
                "aspects_model": aspects.model_name(code),
                "entities_model": entity_model_name(code),
                "spam_model": spam.model_name(),
                "toxicity_model": toxicity.model_name(code),
            }
            for code in PACKAGES
        }

    def annotate(self, texts: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
        """One row of ``TEXT_ANNOTATIONS`` for each (text_key, text), in their order."""
        source = iter(texts)
        while chunk := list(islice(source, _CHUNK)):
            rows = [self._language_independent(key, text) for key, text in chunk]
            for code in PACKAGES:
                self._add_language_dependent([row for row in rows if row["language"] == code])
            yield from rows

    def _language_independent(self, key: str, text: str) -> dict[str, Any]:
        """What every text gets. A part that breaks is named, and costs only what it finds.

        A text that cannot be masked is not shown at all.
        """
        failed: list[str] = []
        with _guarded("masking", text, failed):
            masked = mask(_UNSTORABLE.sub("\ufffd", text), self._catalogue.public_handles)
        if failed:
            masked = ""
        readable = masked[:LONGEST]
        identified = Identified(UNKNOWN, None, f"language {language.VERSION}")
        with _guarded("language", text, failed):
            identified = self._identifier.identify(readable)
        row = _NOTHING | {
            "text_key": key,
            "annotation_version": self._version,
            "text_masked": masked,
            "character_count": len(text),
            "is_cut": len(masked) > LONGEST,
            "language": identified.language,
            "language_probability": identified.probability,
            "language_model": identified.model,
        }
        with _guarded("near_duplicates", text, failed):
            row["near_duplicate_bands"] = near_duplicates.bands(readable)
        if identified.language not in PACKAGES and not self._catalogue.is_empty:
            with _guarded("catalogue", text, failed):
                row["entities"] = entities.rows(list(self._matcher.find(readable)), readable)
                row["entities_model"] = f"catalogue {catalogues.VERSION}"
        row["failed_components"] = failed or None
        return row

    def _add_language_dependent(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        code = rows[0]["language"]
        texts = [row["text_masked"][:LONGEST] for row in rows]
        documents = read_documents(self._pipeline(code), texts)
        for row, text, document in zip(rows, texts, documents, strict=True):
            self._fill(row, document, self._models[code])
            failed: list[str] = []
            with _guarded("key_phrases", text, failed):
                row["key_phrases"] = key_phrases.key_phrases(text, code, self._brand_words)
            if failed:
                row["failed_components"] = [*(row["failed_components"] or ()), *failed]

    def _fill(self, row: dict[str, Any], document: Doc, models: dict[str, str]) -> None:
        """Copy what the components found; what one could not find stays null, and its model."""
        if document._.failed:
            row["failed_components"] = [*(row["failed_components"] or ()), *document._.failed]
        if document._.things is not None and "ner" not in document._.failed:
            row["entities"] = entities.rows(document._.things, document.text)
            row["entities_model"] = models["entities_model"]
        if document._.intents is not None:
            feeling = document._.feeling
            found = intents.with_complaints(
                document._.intents, feeling.sentiment if feeling else None
            )
            evidence = intents.with_models(found, document._.learnt_intents or [])
            row["intents"] = list(dict.fromkeys(reason["intent"] for reason in evidence))
            row["intent_evidence"] = evidence
            row["intents_model"] = models["intents_model"]
        if document._.urgency is not None:
            row["is_urgent"] = bool(document._.urgency)
            row["urgency_evidence"] = document._.urgency
            row["urgency_model"] = models["urgency_model"]
        if document._.answer_score is not None:
            row["answer_score"] = document._.answer_score
            row["answer_model"] = models["answer_model"]
        if document._.aspects is not None:
            row["aspects"] = aspects.rows(
                document._.aspects, document.text, document._.intents or ()
            )
            row["aspects_model"] = models["aspects_model"]
        if document._.feeling is not None:
            row["sentiment_label"] = document._.feeling.sentiment
            row["sentiment_score"] = document._.feeling.probability
            row["sentiment_model"] = models["sentiment_model"]
            row["emotion_label"] = document._.feeling.emotion
            row["emotion_score"] = document._.feeling.emotion_probability
            row["emotion_model"] = models["emotion_model"]
        row["sentence_vector"] = document._.vector
        if document._.spam is not None:
            row["is_spam"] = document._.spam.is_spam
            row["spam_score"] = document._.spam.probability
            row["spam_evidence"] = _evidence("sign", document._.spam.evidence)
            row["spam_model"] = models["spam_model"]
        if document._.toxicity is not None:
            row["is_insult"] = document._.toxicity.is_insult
            row["toxicity_score"] = document._.toxicity.score
            row["toxicity_evidence"] = _evidence("category", document._.toxicity.evidence)
            row["toxicity_model"] = models["toxicity_model"]

    def _pipeline(self, code: str) -> Language:
        if code not in self._pipelines:
            self._pipelines[code] = load_pipeline(code, self._catalogue)
        return self._pipelines[code]


@contextmanager
def _guarded(component: str, text: str, failed: list[str]) -> Iterator[None]:
    """One poisoned text must not cost those around it theirs: name the part that broke."""
    try:
        yield
    except Exception as error:
        _log.warning("%s failed on a text of %d characters: %r", component, len(text), error)
        failed.append(component)


def _evidence(kind: str, found: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{kind: name, "text": text} for name, text in found]


def annotation_version(catalogue: Catalogue) -> str:
    """One name for everything that an annotation depends on besides the text.

    The same parts in the same versions give the same name in any process; it is not a number,
    so that no reader of folder names takes it for one.
    """
    parts = [
        f"pipeline {VERSION} longest {LONGEST}",
        f"masking {masking.VERSION}",
        f"catalogue {catalogues.VERSION} {catalogue.digest()}",
        f"entities {entities.VERSION} names in context {names_in_context.version()}",
        f"near_duplicates {near_duplicates.VERSION}",
        f"key_phrases {key_phrases.VERSION}",
        spam.model_name(),
        *language.versions(),
        *features.versions(),
        answers.model_name(),
        service_intents.model_name(),
        customer_intents.model_name(),
        *(f"{name(code)}" for code in PACKAGES for name in _MODEL_NAMES),
    ]
    return "v" + hashlib.blake2b("\n".join(parts).encode(), digest_size=6).hexdigest()
