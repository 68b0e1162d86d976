"""Phrases, voices and invented personal data, each by itself."""

from __future__ import annotations

import random
import re

import phonenumbers
import pytest
from demo_sample import Demo
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.demo_dumps import personal_data
from spark_jobs.demo_dumps.company import PRODUCTS
from spark_jobs.demo_dumps.messages import Messages, Subject, product_words
from spark_jobs.demo_dumps.phrases import (
    LANGUAGES,
    NUMBERS,
    VocabularyError,
    parsed,
    slots_of,
    vocabulary,
)
from spark_jobs.demo_dumps.topics import TOPICS, product_for
from spark_jobs.demo_dumps.voices import spoken, texting, typos, without_accents

GIVEN = {"brand", "rival", "name", "value", "link", *product_words(PRODUCTS[0], "fr")}
STYLES = ("neat", "casual", "hasty", "texting", "loud")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_can_be_filled(language: str) -> None:
    words = vocabulary(language)
    templates = [
        template
        for group in (
            *words.lists.values(),
            *words.slots.values(),
            *(phrases for topic in words.topics.values() for phrases in topic.values()),
        )
        for template in group
    ]
    assert len(templates) > 700
    known = GIVEN | set(NUMBERS) | set(words.slots)
    assert {name for template in templates for name in slots_of(template)} <= known


def test_languages_have_the_same_lists_and_topics() -> None:
    french, english = vocabulary("fr"), vocabulary("en")
    assert set(french.lists) == set(english.lists)
    assert set(french.topics) == set(english.topics) == {topic.name for topic in TOPICS}
    for topic in french.topics:
        assert set(french.topics[topic]) == {"problem", "question", "advice", "action", "praise"}
        assert set(english.topics[topic]) == set(french.topics[topic])


@pytest.mark.parametrize("phrase", ["[a|b", "a]", "{a", "a}", "[a|{b]", "{A}"])
def test_brackets_without_their_pair_are_refused(phrase: str) -> None:
    with pytest.raises(VocabularyError, match="without its pair"):
        parsed(phrase)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_messages_fit_a_post_and_leave_no_slot(language: str, topic: object) -> None:
    source = random.Random(5)
    messages = Messages(source, language)
    wanted = next(found for found in TOPICS if found is topic)
    brand = "Ondéa" if wanted.kind == "operator" else "Brindille"
    for style in STYLES:
        for _ in range(6):
            subject = Subject(brand, wanted, product_for(source, brand, wanted))
            for message in (
                messages.complaint(style, subject, "@OndeaAide"),
                messages.question(style, subject),
                messages.praise(style, subject),
                messages.advice(style, subject, "@somebody"),
                messages.reply_of_brand(subject, "first", "@somebody", "Léa", "AB"),
            ):
                assert 10 < len(message.text) <= 280
                assert not re.search(r"[{}\[\]|]", message.text)


def test_french_articles_agree() -> None:
    by_name = {product.name: product_words(product, "fr") for product in PRODUCTS}
    assert by_name["Faucheline"]["my_product"] == "ma tondeuse Faucheline"
    assert by_name["Mon Ondéa"]["my_product"] == "mon appli Mon Ondéa"
    assert by_name["Mon Ondéa"]["of_product"] == "de l'appli Mon Ondéa"
    assert by_name["Galet"]["of_product"] == "du forfait Galet"


def test_intents_are_of_the_sentences_that_were_kept() -> None:
    source = random.Random(2)
    messages = Messages(source, "en")
    parts = [("is it on", ("question",)), ("please call me back", ("request",))]
    short = messages.message(parts, "neutral", "neat", limit=35)
    assert short.intents == ("question",)
    assert messages.message(parts, "neutral", "neat").intents == ("question", "request")


@given(st.integers(0, 10_000), st.sampled_from(STYLES), st.sampled_from(LANGUAGES))
def test_voices_keep_names_links_and_numbers(seed: int, style: str, language: str) -> None:
    kept = ["@OndeaAide", "#panneOndéa", "https://www.ondea.example/aide", "Brindille", "48213377"]
    text = f"{kept[0]} bonjour, {kept[3]} ne répond jamais {kept[2]} commande {kept[4]} {kept[1]}"
    said = spoken(random.Random(seed), text, style, language, "negative")
    lowered = said.lower() if style == "texting" else said
    for name in kept:
        assert (name.lower() if style == "texting" else name) in lowered


def test_voices_by_example() -> None:
    assert without_accents("très déçu à Évry") == "tres decu à Évry"
    assert texting("Je suis sûr que c'est beaucoup", "fr") == "chui sûr que c bcp"
    assert typos(random.Random(1), "rien", "fr", 0) == "rien"


@given(st.integers(0, 49_999))
def test_french_phones_are_distinct_and_valid(number: int) -> None:
    digits = personal_data.phone("FR", number)
    assert phonenumbers.is_valid_number(phonenumbers.parse(digits, "FR"))
    assert personal_data.phone("FR", (number + 1) % 50_000) != digits


@given(st.integers(0, 5_999), st.integers(0, 100))
def test_written_phones_are_the_same_number(number: int, seed: int) -> None:
    for country in ("FR", "GB"):
        digits = personal_data.phone(country, number)
        written = personal_data.written_phone(random.Random(seed), country, digits)
        assert phonenumbers.parse(written, country) == phonenumbers.parse(digits, country)
        assert phonenumbers.is_valid_number(phonenumbers.parse(written, country))


@given(st.integers(0, 10_000), st.sampled_from(["FR", "GB"]))
def test_check_digits_hold(seed: int, country: str) -> None:
    source = random.Random(seed)
    card = personal_data.card_number(source)
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(card[::-1])]
    assert len(card) == 16
    assert sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
    code = personal_data.iban(source, country)
    assert len(code) == (27 if country == "FR" else 22)
    rotated = code[4:] + code[:4]
    assert int("".join(str(int(sign, 36)) for sign in rotated)) % 97 == 1


def test_personal_data_of_the_truth_stands_in_the_texts(demo: Demo) -> None:
    told = demo.rows("personal_data")
    assert {row["kind"] for row in told} == {"phone", "email", "iban", "card"}
    for source in ("x", "customer_care"):
        texts = {value["post_id"]: value["text"] for value in demo.accepted(source, "posts")}
        for row in told:
            if row["source"] == source:
                assert row["value"] in texts[row["post_id"]]
