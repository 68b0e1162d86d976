"""Templates: ``[a|b]`` is one of several wordings, ``{name}`` a slot, nothing else is special.

A wording may be empty and may hold slots, not further brackets. The phrases themselves are data
in ``vocabulary/``; which of them make a message is ``messages``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from spark_jobs.demo_dumps.streams import pick

FOLDER = Path(__file__).with_name("vocabulary")
LANGUAGES = ("fr", "en")

_TOKEN = re.compile(r"\[([^\[\]]*)\]|\{([a-z_]+)\}")

Template = tuple["str | Slot | Wordings", ...]


class VocabularyError(ValueError):
    """A phrase file cannot be used; the message names the file, the phrase and the fault."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A name to be filled."""

    name: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """One of several ways to say it."""

    options: tuple[Template, ...]


def parsed(phrase: str) -> Template:
    """The template of a phrase. Raises VocabularyError on a bracket without its pair."""
    parts: list[str | Slot | Wordings] = []
    position = 0
    for token in _TOKEN.finditer(phrase):
        if token.start() > position:
            parts.append(phrase[position : token.start()])
        wordings, slot = token.groups()
        if slot is not None:
            parts.append(Slot(slot))
        else:
            parts.append(Wordings(tuple(parsed(option) for option in wordings.split("|"))))
        position = token.end()
    if position < len(phrase):
        parts.append(phrase[position:])
    for part in parts:
        if isinstance(part, str) and any(sign in part for sign in "[]{}"):
            raise VocabularyError(f"phrase {phrase!r}: bracket or brace without its pair")
    return tuple(parts)


def slots_of(template: Template) -> set[str]:
    """Names of all slots of a template, in wordings too."""
    names: set[str] = set()
    for part in template:
        if isinstance(part, Slot):
            names.add(part.name)
        elif isinstance(part, Wordings):
            for option in part.options:
                names |= slots_of(option)
    return names


NUMBERS: Mapping[str, Callable[[random.Random], str]] = {
    "number": lambda source: str(source.randint(2, 9)),
    "many": lambda source: str(source.randint(10, 95)),
    "amount": lambda source: f"{source.randint(3, 89)}",
    "order": lambda source: f"{source.randint(20_000_000, 99_999_999)}",
    "hour": lambda source: str(source.randint(8, 22)),
    "evening": lambda source: str(source.randint(18, 23)),
    "minutes": lambda source: str(5 * source.randint(2, 18)),
    "speed": lambda source: str(source.randint(1, 60)),
}
"""Slots that are numbers, in both languages."""


@dataclass(frozen=True)
class Vocabulary:
    """The phrases of one language: ``lists`` by dotted name, ``topics`` by topic and situation."""

    language: str
    slots: Mapping[str, tuple[Template, ...]]
    lists: Mapping[str, tuple[Template, ...]]
    topics: Mapping[str, Mapping[str, tuple[Template, ...]]]

    def say(self, source: random.Random, template: Template, values: Mapping[str, str]) -> str:
        """A template in words. ``values`` fill the slots that the vocabulary does not."""
        words: list[str] = []
        for part in template:
            if isinstance(part, str):
                words.append(part)
            elif isinstance(part, Wordings):
                words.append(self.say(source, pick(source, part.options), values))
            elif part.name in values:
                words.append(values[part.name])
            elif part.name in NUMBERS:
                words.append(NUMBERS[part.name](source))
            else:
                words.append(self.say(source, pick(source, self.slots[part.name]), values))
        return "".join(words)

    def one_of(self, source: random.Random, name: str, values: Mapping[str, str]) -> str:
        """One phrase of a list, in words."""
        return self.say(source, pick(source, self.lists[name]), values)


def _templates(phrases: list[Any]) -> tuple[Template, ...]:
    return tuple(parsed(str(phrase)) for phrase in phrases)


@cache
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language.

    Raises VocabularyError where the file is not of the shape slots, lists, topics.
    """
    path = FOLDER / f"{language}.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    try:
        return Vocabulary(
            language=language,
            slots={name: _templates(phrases) for name, phrases in content["slots"].items()},
            lists={name: _templates(phrases) for name, phrases in content["lists"].items()},
            topics={
                topic: {situation: _templates(phrases) for situation, phrases in situations.items()}
                for topic, situations in content["topics"].items()
            },
        )
    except (KeyError, AttributeError, TypeError) as error:
        raise VocabularyError(f"{path}: expected slots, lists and topics, {error!r}") from error
