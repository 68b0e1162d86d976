from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from spark_jobs.nlp import pipeline
from spark_jobs.nlp.catalogue import Catalogue
from spark_jobs.nlp.entities import LABELS
from spark_jobs.nlp.pipeline import LONGEST, Annotator, annotation_version
from spark_jobs.tables.silver import TEXT_ANNOTATIONS

CATALOGUE = Catalogue(
    brands=("Ondéa",), products=("Box Horizon",), public_handles=frozenset({"ondea"})
)


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator(CATALOGUE)


def annotate(annotator: Annotator, *texts: str) -> list[dict[str, Any]]:
    rows = list(annotator.annotate((f"key {index}", text) for index, text in enumerate(texts)))
    assert [row["text_key"] for row in rows] == [f"key {index}" for index in range(len(texts))]
    pa.Table.from_pylist(rows, schema=TEXT_ANNOTATIONS.arrow_schema).validate(full=True)
    for row in rows:
        for entity in row["entities"] or ():
            assert row["text_masked"][entity["start"] : entity["end"]] == entity["text"]
            assert entity["label"] in LABELS
        for column in TEXT_ANNOTATIONS.columns:
            values = row[column.name] if isinstance(row[column.name], list) else [row[column.name]]
            if column.allowed:
                assert set(values) <= {*column.allowed, None}
    return rows


def test_a_text_is_annotated_alike_in_any_company(annotator: Annotator) -> None:
    texts = [
        "Bonjour, ma box horizon ne marche plus à Lyon, c'est nul.",
        "Hello, I love my new Box Horizon in Paris, thanks!",
        "Wo ist mein Paket?",
        "Why does it take three weeks to answer a simple question about my bill in Nantes?",
    ]
    together = annotate(annotator, *texts)
    backwards = annotate(annotator, *texts[::-1])[::-1]
    alone = [row for text in texts for row in annotate(annotator, text)]
    for rows in (backwards, alone):
        assert [{**row, "text_key": None} for row in rows] == [
            {**row, "text_key": None} for row in together
        ]


def test_french_and_english_get_everything(annotator: Annotator) -> None:
    french, english = annotate(
        annotator,
        "Bonjour @ondea, ma box horizon ne marche plus à Lyon, c'est nul. Tél : 0612345678",
        "Hello @zoe, I love my new #BoxHorizon in Paris, thanks!",
    )
    assert french["language"] == "fr"
    assert "<phone>" in french["text_masked"]
    assert "@ondea" in french["text_masked"]
    assert french["sentiment_label"] == "negative"
    assert 1 / 3 <= french["sentiment_score"] <= 1
    assert french["emotion_label"] is not None
    assert french["emotion_model"].endswith("sentence vectors")
    assert 0.5 <= english["emotion_score"] <= 1
    assert french["is_spam"] is french["is_insult"] is False
    assert "problem_report" in french["intents"]
    assert {
        "intent": "problem_report",
        "origin": "rule",
        "text": "ne marche plus",
        "probability": None,
    } in french["intent_evidence"]
    assert french["is_urgent"] is False
    assert 0 <= french["answer_score"] <= 1
    assert ("Lyon", "place") in {(thing["text"], thing["label"]) for thing in french["entities"]}
    assert english["language"] == "en"
    assert english["text_masked"].startswith("Hello <handle>,")
    assert english["sentiment_label"] == "positive"
    assert english["emotion_label"] == "joy"
    assert {"praise", "thanks"} <= set(english["intents"])
    assert ("BoxHorizon", "product") in {
        (thing["text"], thing["label"]) for thing in english["entities"]
    }
    assert all(row["sentiment_model"] and row["intents_model"] for row in (french, english))


def test_other_languages_get_what_does_not_depend_on_the_language(annotator: Annotator) -> None:
    (row,) = annotate(annotator, "Vielen Dank für die schnelle Hilfe von Ondéa, 0612345678")
    assert row["language"] == "de"
    assert row["text_masked"].endswith("<phone>")
    assert [thing["label"] for thing in row["entities"]] == ["brand"]
    for name in (
        "sentiment_label",
        "sentiment_model",
        "intents",
        "emotion_label",
        "is_spam",
        "is_insult",
    ):
        assert row[name] is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word that is long " * 55_000, id="1 MB"),
        pytest.param("😀" * 10_000, id="emoji"),
        pytest.param("\u202e\u200f\u200e abc " * 1_000, id="right to left"),
        pytest.param("👨\u200d👩\u200d👧" * 3_000, id="joiners"),
        pytest.param("hello\x00 my friend, the \x00 box is down", id="NUL"),
        pytest.param("hello my friend \ud83d the box is down", id="half a pair"),
        pytest.param("@zoe " * 30_000, id="mentions"),
        pytest.param("!?.;" * 5_000, id="punctuation"),
        pytest.param(" " * 100_000, id="spaces"),
        pytest.param("a" * 1_000_000, id="one word"),
        pytest.param("ne marche pas " * 10_000, id="rules"),
        pytest.param("سلام שלום привет 你好 สวัสดี नमस्ते hello salut", id="many languages"),
    ],
)
def test_hostile_texts(annotator: Annotator, text: str) -> None:
    (row,) = annotate(annotator, text)
    assert row["character_count"] == len(text)
    assert row["is_cut"] == (len(row["text_masked"]) > LONGEST)
    assert "\x00" not in row["text_masked"]
    assert "@zoe" not in row["text_masked"]


@given(texts=st.lists(st.text(), max_size=3))
@settings(max_examples=50, deadline=None)
def test_any_texts(annotator: Annotator, texts: list[str]) -> None:
    annotate(annotator, *texts)


def test_a_text_that_breaks_a_component_costs_only_its_own_annotation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    annotator = Annotator(CATALOGUE)
    sound = "the box is broken, please help me"
    poison = "this is the poisoned text, please help me"
    (expected,) = annotate(annotator, sound)

    def break_on_poison(document: Doc) -> Doc:
        if "poisoned" in document.text:
            raise ZeroDivisionError("poison")
        return rules(document)

    english = annotator._pipelines["en"]
    rules = english.get_pipe("intent_rules")
    index = english.component_names.index("intent_rules")
    english._components[index] = ("intent_rules", break_on_poison)

    before, broken, after = annotate(annotator, sound, poison, sound)

    unkeyed = [{**row, "text_key": None} for row in (before, after, expected)]
    assert unkeyed[0] == unkeyed[1] == unkeyed[2]
    assert broken["intents"] is None
    assert broken["intents_model"] is None
    assert broken["failed_components"] == ["intent_rules"]
    assert before["failed_components"] is None
    assert broken["sentiment_label"] is not None
    assert "intent_rules failed on a text of 41 characters" in caplog.text


@pytest.mark.parametrize(
    ("name", "component"),
    [("mask", "masking"), ("Identifier.identify", "language"), ("Tokenizer", "tokeniser")],
)
def test_a_text_that_breaks_a_part_before_the_components_costs_only_its_own(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch, name: str, component: str
) -> None:
    sound, poison = "the box is broken, please help me", "this is poisoned 0612345678, please"
    (expected,) = annotate(annotator, sound)

    def breaking(whole: Any) -> Any:
        def called(*arguments: Any) -> Any:
            if any(isinstance(value, str) and "poisoned" in value for value in arguments):
                raise ZeroDivisionError("poison")
            return whole(*arguments)

        return called

    if component == "tokeniser":
        english = annotator._pipelines["en"]
        monkeypatch.setattr(english, "tokenizer", breaking(english.tokenizer))
    else:
        target = f"spark_jobs.nlp.pipeline.{name}"
        module, _, attribute = name.rpartition(".")
        owner = getattr(pipeline, module) if module else pipeline
        monkeypatch.setattr(target, breaking(getattr(owner, attribute)))

    before, broken, after = annotate(annotator, sound, poison, sound)

    for row in (before, after):
        assert {**row, "text_key": None} == {**expected, "text_key": None}
    assert component in broken["failed_components"]
    assert "0612345678" not in broken["text_masked"]
    assert broken["sentiment_label"] is None


def test_the_version_depends_on_the_catalogue_and_on_nothing_else_here() -> None:
    assert annotation_version(CATALOGUE) == annotation_version(CATALOGUE)
    assert annotation_version(CATALOGUE) != annotation_version(Catalogue())
    assert not annotation_version(CATALOGUE).isdigit()


def test_a_text_whose_bands_break_keeps_the_rest(
    annotator: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(_: str) -> list[str]:
        raise ZeroDivisionError("poison")

    monkeypatch.setattr("spark_jobs.nlp.pipeline.near_duplicates.bands", breaking)
    (row,) = annotate(annotator, "the box is broken, please help me")
    assert row["failed_components"] == ["near_duplicates"]
    assert row["near_duplicate_bands"] is None
    assert row["sentiment_label"] is not None
