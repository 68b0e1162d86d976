"""Whole messages: sentences from the vocabulary, put together with what their author meant.

A message's intents are those of the sentences it is made of, so that the labels in the truth
are what was written and not what was planned. When it is written belongs to ``episodes``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spark_jobs.demo_dumps import company, personal_data
from spark_jobs.demo_dumps.company import Product
from spark_jobs.demo_dumps.phrases import vocabulary
from spark_jobs.demo_dumps.records import Message, Person
from spark_jobs.demo_dumps.streams import pick
from spark_jobs.demo_dumps.topics import QUALITY, Topic
from spark_jobs.demo_dumps.voices import spoken, without_accents

TWEET = 280
_VOWELS = tuple("aeiouéèêâîô")
_ENDINGS = {"fr": (".", ".", ".", " !", "…"), "en": (".", ".", ".", "!", "...")}
_FINISHED = (".", "!", "?", "…", ":", ",", ";", ")")
_CALM = (".",)
_SENTENCE_START = re.compile(r"([.!?…] )([a-zà-öø-ÿœ])")
_NOT_PROBLEMS = ("price_rise", "phone_support", "termination", "stock")

ASIDE = 0.5
"""Share of complaints that tell what the trouble leads to."""
UNANSWERED = 0.2
"""Share of those that tell that nobody answers."""
ABOUT = "about "
"""Opens the name of a service that a sentence is about, among what the sentence carries."""
Part = tuple[str, tuple[str, ...]]
"""A sentence and the intents and services it carries; an empty sentence is left out."""


@dataclass(frozen=True)
class Subject:
    """What a message is about."""

    brand: str
    topic: Topic
    product: Product

    def named_in(self, text: str) -> str:
        """The product's name where the text has it, else nothing."""
        return self.product.name if names(text, self.product.name) else ""


@lru_cache(maxsize=256)
def product_words(product: Product, language: str) -> Mapping[str, str]:
    """How a language names a product: bare, with article, as one's own."""
    if language == "en":
        noun = f"{product.name} {product.english_noun}".strip()
        article = "an" if noun[0].lower() in "aeiou" else "a"
        return {
            "product": product.name,
            "the_product": f"the {noun}",
            "my_product": f"my {noun}",
            "a_product": f"{article} {noun}",
            "of_product": f"of the {noun}",
        }
    noun = f"{product.french_noun} {product.name}".strip()
    feminine = product.french_gender == "f"
    vowel = noun.lower().startswith(_VOWELS)
    return {
        "product": product.name,
        "the_product": ("l'" if vowel else "la " if feminine else "le ") + noun,
        "my_product": ("ma " if feminine and not vowel else "mon ") + noun,
        "a_product": ("une " if feminine else "un ") + noun,
        "of_product": ("de l'" if vowel else "de la " if feminine else "du ") + noun,
    }


def names(text: str, name: str) -> bool:
    """Whether a text has a name, in whatever case and accents."""
    return without_accents(name.lower()) in without_accents(text.lower())


def aspects_of(
    subject: Subject, product: str, sentiment: str, services: Sequence[str] = ()
) -> tuple[tuple[str, str], ...]:
    """What a feeling about a subject is about: its service and, where it is named, its product.

    ``services`` are further ones that sentences of the message speak of.
    """
    service = subject.topic.service
    names = ("" if product and service == QUALITY else service, product)
    return tuple((name, sentiment) for name in dict.fromkeys([*names, *services]) if name)


def joined(
    source: random.Random, endings: Sequence[str], parts: Sequence[Part], limit: int
) -> tuple[str, tuple[str, ...]]:
    """Parts as sentences, as many as fit (the first always), and the intents of those.

    A part that ends in no punctuation gets one of ``endings``.
    """
    text = ""
    intents: set[str] = set()
    for said, carried in parts:
        if not said:
            continue
        if said[-1] not in _FINISHED:
            said += pick(source, endings)
        if text and len(text) + len(said) >= limit:
            break
        text = f"{text} {said}" if text else said
        intents.update(carried)
    text = text.rstrip(" ,")
    text = _SENTENCE_START.sub(lambda found: found[1] + found[2].upper(), text)
    return text[:1].upper() + text[1:], tuple(sorted(intents))


class Messages:
    """Everything that is said in one language, drawn from one random stream."""

    def __init__(self, source: random.Random, language: str) -> None:
        self.source = source
        self.language = language
        self._words = vocabulary(language)

    def values(self, brand: str, product: Product | None = None, **more: str) -> dict[str, str]:
        """What fills the slots that the vocabulary leaves open."""
        if brand == company.FLUXO:
            rival = company.ONDEA
        elif company.BRANDS_BY_NAME[brand].kind == "operator":
            rival = company.FLUXO
        else:
            rival = self._words.one_of(self.source, "other_shops", {})
        values = {"brand": brand, "rival": rival, **more}
        if product is not None:
            values.update(product_words(product, self.language))
        return values

    def say(self, name: str, values: Mapping[str, str], chance: float = 1.0) -> str:
        """One phrase of a list; nothing, with the remaining chance."""
        if chance < 1.0 and self.source.random() >= chance:
            return ""
        return self._words.one_of(self.source, name, values)

    def _on_topic(self, subject: Subject, situation: str, values: Mapping[str, str]) -> str:
        phrases = self._words.topics[subject.topic.name][situation]
        return self._words.say(self.source, pick(self.source, phrases), values)

    def _tags(self, subject: Subject, chance: float) -> tuple[str, ...]:
        if self.source.random() >= chance:
            return ()
        tags = (
            pick(self.source, subject.topic.hashtags),
            company.BRANDS_BY_NAME[subject.brand].hashtag,
        )
        draw = self.source.random()
        return tags if draw < 0.3 else tags[:1] if draw < 0.7 else tags[1:]

    def message(
        self,
        parts: Sequence[Part],
        sentiment: str,
        style: str,
        *,
        subject: Subject | None = None,
        brand: str = "",
        address: str = "",
        tags: Sequence[str] = (),
        limit: int = TWEET,
        is_calm: bool = False,
        is_felt: bool = False,
    ) -> Message:
        """Parts as one person types them, after ``address`` and before ``tags``.

        ``is_calm`` leaves out the exclamation marks that the phrases do not have themselves;
        ``is_felt`` says that the sentiment is about the subject.
        """
        endings = _CALM if is_calm else _ENDINGS[self.language]
        room = limit - len(address) - sum(len(tag) + 2 for tag in tags) - 20
        text, carried = joined(self.source, endings, parts, room)
        intents = tuple(label for label in carried if not label.startswith(ABOUT))
        services = [label.removeprefix(ABOUT) for label in carried if label.startswith(ABOUT)]
        text = spoken(self.source, text, style, self.language, sentiment)
        if address:
            text = f"{address} {text}"
        for tag in tags:
            text = f"{text} #{tag}"
        product = subject.named_in(text) if subject else ""
        return Message(
            text=text,
            sentiment=sentiment,
            intents=intents,
            topic=subject.topic.name if subject else "",
            brand=subject.brand if subject else brand,
            product=product,
            aspects=aspects_of(subject, product, sentiment, services)
            if subject and is_felt
            else (),
        )

    def complaint(
        self,
        style: str,
        subject: Subject,
        address: str = "",
        limit: int = TWEET,
        tag_chance: float = 0.25,
        situation: str = "problem",
    ) -> Message:
        """Something does not work; perhaps with what it costs, a demand, a threat to leave."""
        values = self.values(subject.brand, subject.product)
        is_problem = subject.topic.name not in _NOT_PROBLEMS
        complains = ("complaint", "problem_report") if is_problem else ("complaint",)
        problem = (
            self.say("crisis", values)
            if situation == "crisis"
            else self._on_topic(subject, situation, values)
        )
        parts: list[Part] = [
            (self.say("open_negative", values, 0.4), ()),
            ("" if address else self.say("names_brand", values, 0.7), ()),
            (problem, complains),
            self._aside(values),
            (self.say("request", values, 0.28), ("request",)),
            (self.say("churn", values, 0.1), ("churn_risk",)),
            (self.say("close_negative", values, 0.4), ()),
        ]
        tags = self._tags(subject, tag_chance)
        return self.message(
            parts,
            "negative",
            style,
            subject=subject,
            address=address,
            tags=tags,
            limit=limit,
            is_felt=True,
        )

    def _aside(self, values: Mapping[str, str]) -> Part:
        """What the trouble leads to: for some, that nobody answers, which is about the service."""
        if self.source.random() < UNANSWERED:
            return self.say("unanswered", values, ASIDE), (f"{ABOUT}customer_service",)
        return self.say("consequence", values, ASIDE), ()

    def question(
        self,
        style: str,
        subject: Subject,
        address: str = "",
        limit: int = TWEET,
        tag_chance: float = 0.25,
    ) -> Message:
        """Somebody wants to know something."""
        values = self.values(subject.brand, subject.product)
        parts: list[Part] = [
            (self.say("open_question", values, 0.7), ()),
            ("" if address else self.say("asks_customers", values, 0.45), ()),
            (self._on_topic(subject, "question", values), ("question",)),
            (self.say("question_context", values, 0.45), ()),
            (self.say("close_polite", values, 0.5), ()),
        ]
        tags = self._tags(subject, tag_chance)
        return self.message(
            parts, "neutral", style, subject=subject, address=address, tags=tags, limit=limit
        )

    def praise(
        self, style: str, subject: Subject, address: str = "", limit: int = TWEET
    ) -> Message:
        """Something works well."""
        values = self.values(subject.brand, subject.product)
        parts: list[Part] = [
            (self.say("open_positive", values, 0.45), ()),
            ("" if address else self.say("names_brand", values, 0.5), ()),
            (self._on_topic(subject, "praise", values), ("praise",)),
            (self.say("close_positive", values, 0.55), ("praise",)),
        ]
        tags = self._tags(subject, 0.35)
        return self.message(
            parts,
            "positive",
            style,
            subject=subject,
            address=address,
            tags=tags,
            limit=limit,
            is_felt=True,
        )

    def mixed(self, style: str, good: Subject, bad: Subject) -> Message:
        """Something works well, something else of the same brand does not.

        The feeling on the whole is that of what is said last.
        """
        praised = self._on_topic(good, "praise", self.values(good.brand, good.product))
        blamed = self._on_topic(bad, "problem", self.values(bad.brand, bad.product))
        first, then = (praised, "positive", good), (blamed, "negative", bad)
        if self.source.random() < 0.3:
            first, then = then, first
        values = self.values(good.brand)
        both = f"{first[0]}, {self.say('contrast', values)} {then[0]}"
        parts: list[Part] = [
            (both, ("praise", "complaint")),
            (self.say("consequence", values, ASIDE) if then[2] is bad else "", ()),
            (self.say(f"close_{then[1]}", values, 0.5), ()),
        ]
        message = self.message(parts, then[1], style, subject=then[2])
        said = [(about, about.named_in(message.text), felt) for _, felt, about in (first, then)]
        message.product = "|".join(dict.fromkeys(name for _, name, _ in said if name))
        message.aspects = tuple(pair for one in said for pair in aspects_of(*one))
        return message

    def remark(self, kind: str, style: str, subject: Subject, address: str = "") -> Message:
        """A purchase planned, a suggestion, or a comparison with the rival."""
        values = self.values(subject.brand, subject.product)
        sentiment, intents = {
            "purchase": ("neutral", ("purchase_intent",)),
            "suggestion": ("neutral", ("suggestion",)),
            "compare": ("negative", ("complaint", "churn_risk")),
        }[kind]
        parts: list[Part] = [
            (self.say("open_question", values, 0.25), ()),
            (self.say(kind, values), intents),
            (self.say(f"{kind}_more", values, 0.6), ()),
        ]
        tags = self._tags(subject, 0.25)
        return self.message(parts, sentiment, style, subject=subject, address=address, tags=tags)

    def advice(
        self, style: str, subject: Subject, address: str = "", limit: int = TWEET
    ) -> Message:
        """One customer answers another."""
        values = self.values(subject.brand, subject.product)
        parts: list[Part] = [
            (self.say("peer_open", values, 0.6), ()),
            (self._on_topic(subject, "advice", values), ()),
            (self.say("peer_more", values, 0.4), ()),
            (self.say("peer_close", values, 0.5), ()),
        ]
        return self.message(parts, "neutral", style, subject=subject, address=address, limit=limit)

    def simple(
        self,
        phrase: str,
        /,
        style: str,
        sentiment: str,
        intents: tuple[str, ...],
        brand: str,
        *,
        subject: Subject | None = None,
        address: str = "",
        more: str = "",
        **values: str,
    ) -> Message:
        """One phrase of a list, perhaps with one of the list ``more`` after it."""
        filled = self.values(brand, subject.product if subject else None, **values)
        parts: list[Part] = [(self.say(phrase, filled), intents)]
        if more:
            parts.append((self.say(more, filled, 0.5), ()))
        return self.message(parts, sentiment, style, subject=subject, brand=brand, address=address)

    def reply_of_brand(
        self, subject: Subject, stage: str, address: str, name: str, initials: str
    ) -> Message:
        """What a support agent writes: first asks, then acts, then closes."""
        values = self.values(subject.brand, subject.product, name=name)
        parts: list[Part]
        if stage == "first":
            parts = [
                (self.say("brand_hello", values), ()),
                (self.say("brand_sorry", values, 0.7), ()),
                (self._on_topic(subject, "action", values), ()),
                (self.say("brand_ask", values, 0.55), ()),
                (self.say("brand_private", values, 0.3), ()),
            ]
        elif stage == "next":
            parts = [
                (self.say("brand_thanks", values, 0.6), ()),
                (self.say("brand_act", values), ()),
                (self.say("brand_wait", values, 0.6), ()),
            ]
        else:
            parts = [(self.say("brand_close", values), ())]
        message = self.message(
            parts, "neutral", "neat", subject=subject, address=address, is_calm=True
        )
        message.text = f"{message.text} ^{initials}"
        return message

    def details(self, style: str, subject: Subject, address: str, person: Person) -> Message:
        """What a customer answers to a brand's question, now and then with personal data."""
        source = self.source
        values = self.values(subject.brand, subject.product)
        parts: list[Part] = [(self.say("details", values), ())]
        personal: tuple[tuple[str, str], ...] = ()
        if source.random() < 0.22:
            kind, value = self._personal(person)
            personal = ((kind, value),)
            parts.insert(0, (self.say(f"personal_{kind}", {**values, "value": value}), ()))
            style = "neat"
        parts.append((self.say("close_polite", values, 0.4), ()))
        message = self.message(parts, "neutral", style, subject=subject, address=address)
        message.personal = tuple(pair for pair in personal if pair[1] in message.text)
        return message

    def _personal(self, person: Person) -> tuple[str, str]:
        source = self.source
        draw = source.random()
        if draw < 0.4 and person.phone:
            return "phone", personal_data.written_phone(source, person.country, person.phone)
        if draw < 0.8:
            return "email", person.email
        if draw < 0.92:
            code = personal_data.iban(source, person.country)
            return "iban", code if source.random() < 0.5 else personal_data.spaced(code)
        card = personal_data.card_number(source)
        return "card", card if source.random() < 0.5 else personal_data.spaced(card)
