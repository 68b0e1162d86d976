"""The labelled data that models are trained on and measured with, as published."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import yaml
from sklearn.model_selection import StratifiedShuffleSplit

from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.json_lines import clean
from spark_jobs.nlp.masking import mask
from spark_jobs.tables.silver import SENTIMENTS

LANGUAGES = {"en": "english", "fr": "french"}
EMOTIONS = ("anger", "joy", "optimism", "sadness")
NAME_LABELS = {
    "person": "person",
    "location": "place",
    "corporation": "organisation",
    "group": "organisation",
    "product": "product",
    "creative-work": "work",
}
"""The labels of the tweets with names as ours; a group is a band, a team, an authority."""
_NAMES_FILES = {"train": "wnut17train.conll", "dev": "emerging.dev.conll"}
Sentence = tuple[list[str], list[str]]
"""Words, and the begin, inside or outside tag of each (``B-person``)."""
Labels = npt.NDArray[np.int64]
Labelled = tuple[list[str], Labels]


class Spam(NamedTuple):
    """Comments, whether each is spam (1) or not (0), and the name of its video."""

    texts: list[str]
    labels: npt.NDArray[np.int64]
    videos: npt.NDArray[np.str_]


class Message(NamedTuple):
    """A customer's message and all that it wants."""

    text: str
    intents: frozenset[str]


def sentiment(data: Path, language: str, part: str) -> Labelled:
    """Tweets and the index of their sentiment in SENTIMENTS; ``part`` is train or val."""
    assert SENTIMENTS == ("negative", "neutral", "positive"), "the files number them in this order"
    return _lines(data / "sentiment_tweets" / LANGUAGES[language], part)


def emotion(data: Path, part: str) -> Labelled:
    """Tweets and the index of their emotion in EMOTIONS; ``part`` is train or val."""
    return _lines(data / "emotion_tweets", part)


def banking(data: Path, part: str) -> tuple[list[str], list[str]]:
    """Messages to a bank and the class of each; ``part`` is train, or val: a fifth held back."""
    with (data / "intents_banking77" / "train.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    classes = [row["category"] for row in rows]
    split = StratifiedShuffleSplit(1, test_size=0.2, random_state=0)
    parts = dict(zip(("train", "val"), next(split.split(classes, classes)), strict=True))
    chosen = sorted(parts[part])
    return [rows[index]["text"] for index in chosen], [classes[index] for index in chosen]


def care_messages(data: Path, part: str) -> list[Message]:
    """Customer messages that we labelled, masked; ``part`` is train, or held, which measures."""
    texts = {row["tweet_id"]: row["text"] for row in _care(data)}
    labels = files(__package__).joinpath("labels", f"twitter_care_intents_{part}.csv")
    return [
        Message(mask(texts[row["tweet_id"]]), frozenset(filter(None, row["intents"].split("|"))))
        for row in csv.DictReader(labels.read_text(encoding="utf-8").splitlines())
    ]


def own_messages(language: str, part: str) -> list[Message]:
    """Messages that we wrote as customers would; ``part`` is train, or held, which measures."""
    labels, texts = own_sentences(f"intents_{language}_{part}")
    return [
        Message(text, frozenset(said.split("|")) - {"-"})
        for said, text in zip(labels, texts, strict=True)
    ]


def _care(data: Path) -> list[dict[str, str]]:
    with (data / "twitter_care" / "twcs.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def replies(labels: tuple[str, ...]) -> Labelled:
    """Our own sentences that people reply with, and the index of their kind in ``labels``."""
    return _sentences("replies", labels)


def bank_french(labels: tuple[str, ...]) -> Labelled:
    """Our own French sentences to a bank, and the index of their intent in ``labels``."""
    return _sentences("bank_fr", labels)


def own_sentences(name: str) -> tuple[list[str], list[str]]:
    """The labels and the texts of a file of sentences that we wrote to measure with."""
    lines = files(__package__).joinpath("labels", f"{name}.txt").read_text(encoding="utf-8")
    labels, texts = zip(*(line.split(" ", 1) for line in lines.splitlines()), strict=True)
    return list(labels), list(texts)


def _sentences(name: str, labels: tuple[str, ...]) -> Labelled:
    kinds = yaml.safe_load(files(__package__).joinpath("sentences", f"{name}.yaml").read_bytes())
    pairs = [(text, labels.index(kind)) for kind, texts in kinds.items() for text in texts]
    return [text for text, _ in pairs], np.array([label for _, label in pairs])


def spam(data: Path) -> Spam:
    """Comments with their gold label and the video that each stands under.

    The texts are what silver would show of them: as the adapter reads them, masked.
    """
    texts, labels, videos = [], [], []
    for path in sorted((data / "youtube_comments").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                texts.append(mask(clean(shown(row["CONTENT"]).text) or ""))
                labels.append(int(row["label"]))
                videos.append(path.stem)
    if not texts:
        raise FileNotFoundError(f"{data / 'youtube_comments'} has no comments: *.csv is empty")
    return Spam(texts, np.array(labels), np.array(videos))


ELSEWHERE_TEXTS = 500
"""Texts of each kind that the spam model reads; those after them measure it."""


def elsewhere(data: Path) -> dict[str, list[str]]:
    """Masked texts that are not comments below videos, by kind, in an order drawn once.

    Nobody labelled them: a few may be spam. Each distinct text is there once.
    """
    care = _care(data)
    with (data / "reddit" / "comments.ndjson").open(encoding="utf-8") as handle:
        reddit = [json.loads(line).get("body") or "" for line in handle]
    kinds = {
        "customers": [row["text"] for row in care if row["inbound"] == "True"],
        "companies": [row["text"] for row in care if row["inbound"] == "False"],
        "reddit": reddit,
        "tweets in English": sentiment(data, "en", "train")[0],
        "tweets in French": sentiment(data, "fr", "train")[0],
    }
    random = np.random.default_rng(0)
    drawn = {}
    for kind, texts in kinds.items():
        distinct = sorted({mask(text) for text in texts if text.strip()})
        drawn[kind] = [distinct[index] for index in random.permutation(len(distinct))]
    return drawn


def names(data: Path, part: str) -> list[Sentence]:
    """Tokenised messages with gold names; ``part`` is train or dev."""
    path = data / "ner_tweets_wnut17" / _NAMES_FILES[part]
    sentences: list[Sentence] = []
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        word, _, tag = line.strip().partition("\t")
        if word:
            words.append(word)
            place, _, label = tag.partition("-")
            tags.append(f"{place}-{NAME_LABELS[label]}" if label else "O")
        elif words:
            sentences.append((words, tags))
            words, tags = [], []
    return sentences


def _lines(folder: Path, part: str) -> Labelled:
    texts = lines(folder / f"{part}_text.txt")
    labels = np.array([int(label) for label in lines(folder / f"{part}_labels.txt")])
    if len(texts) != len(labels):
        raise ValueError(f"{folder}: {len(texts)} texts but {len(labels)} labels in {part}")
    return texts, labels


def lines(path: Path) -> list[str]:
    """The lines of a text file."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
