"""How people type: slips on neighbouring keys, dropped accents, text-speak, capitals, emoji.

Turns a well-written text into one person's. Names, handles, hashtags, links, numbers and
addresses stay as they are, so that what a text mentions is still known.
"""

from __future__ import annotations

import random
import re
import unicodedata

from spark_jobs.demo_dumps.streams import pick

_WORD = re.compile(r"(?<![\w@#/.:&-])[a-zà-öø-ÿœ]{4,}(?![\w@/.:]*[@/])")
_ROWS = {
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
}
_NEIGHBOURS = {
    language: {
        letter: row[max(0, index - 1) : index] + row[index + 1 : index + 2]
        for row in rows
        for index, letter in enumerate(row)
    }
    for language, rows in _ROWS.items()
}
_TEXTING = {
    "fr": {
        "c'est": "c", "j'ai": "g", "je suis": "chui", "parce que": "pcq", "quelqu'un": "qqn",
        "beaucoup": "bcp", "problème": "pb", "s'il vous plaît": "svp", "aujourd'hui": "ajd",
        "tout le temps": "tt le tps", "vous": "vs", "pourquoi": "pk", "toujours": "tjrs",
        "quand": "qd", "même": "mm", "maintenant": "mtn", "quelque chose": "qqch",
        "pendant": "pdt", "merci": "mci", "bonjour": "bjr", "je ne sais pas": "jsp",
        "rien": "ri1", "demain": "dem1", "c'était": "ct", "il y a": "ya", "temps": "tps",
        "rendez-vous": "rdv", "internet": "le net", "s'est": "c", "trop": "tro", "pas": "pa",
    },
    "en": {
        "you": "u", "are": "r", "please": "pls", "because": "cos", "thanks": "thx",
        "your": "ur", "to be honest": "tbh", "right now": "rn", "people": "ppl", "want to": "wanna",
        "going to": "gonna", "I don't know": "idk", "though": "tho", "message": "msg",
        "today": "2day", "tomorrow": "tmrw", "really": "rly", "great": "gr8", "before": "b4",
        "for": "4", "anyone": "any1", "about": "abt", "with": "w/", "know": "kno", "and": "n",
        "okay": "k", "probably": "prob", "as far as I know": "afaik", "weeks": "wks",
    },
}  # fmt: skip
_TEXTING_PATTERNS = {
    language: re.compile(
        r"(?<![\w@#'])("
        + "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        + r")(?![\w'])",
        re.IGNORECASE,
    )
    for language, words in _TEXTING.items()
}
EMOJI = {
    "negative": (
        "😡",
        "🤬",
        "😤",
        "🙄",
        "😠",
        "🤦",
        "😭",
        "💀",
        "👎",
        "😒",
        "🤡",
        "😩",
        "😞",
        "🫠",
    ),
    "neutral": ("🤔", "🙏", "👀", "😅", "🤷", "📦", "📶", "🌱", "🛠️", "☕", "🙂", "🧐"),
    "positive": ("😍", "🎉", "👏", "🥰", "😊", "💚", "🙌", "👍", "😁", "🔥", "✨", "🌿", "🤩"),
}
_LAUGHS = {
    "fr": ("mdr", "ptdr", "lol", "pff", "bref", "sérieux"),
    "en": ("lol", "smh", "ffs", "lmao", "ugh"),
}


def _slip(source: random.Random, word: str, language: str) -> str:
    """One slip of the finger: a neighbour, a swap, a double or a lost letter."""
    position = 1 + int(source.random() * (len(word) - 2))
    letter = word[position]
    kind = source.random()
    if kind < 0.35:
        near = _NEIGHBOURS[language].get(letter, "")
        replacement = pick(source, near) if near else letter + letter
        return word[:position] + replacement + word[position + 1 :]
    if kind < 0.6:
        return word[:position] + word[position + 1] + letter + word[position + 2 :]
    if kind < 0.8:
        return word[:position] + letter + word[position:]
    return word[:position] + word[position + 1 :]


def typos(source: random.Random, text: str, language: str, count: int) -> str:
    """The text with up to ``count`` slips, in lower-case words of four letters or more."""
    words = list(_WORD.finditer(text))
    for _ in range(min(count, len(words))):
        word = pick(source, words)
        slipped = _slip(source, word[0], language)
        text = text[: word.start()] + slipped + text[word.end() :]
        words = list(_WORD.finditer(text))
        if not words:
            break
    return text


def _bare(word: re.Match[str]) -> str:
    decomposed = unicodedata.normalize("NFD", word[0])
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def without_accents(text: str) -> str:
    """Letters without their accents, outside capitalised names."""
    return _WORD.sub(_bare, text)


def texting(text: str, language: str) -> str:
    """Text-speak for every word that has one."""
    words = _TEXTING[language]
    lowered = {word.lower(): short for word, short in words.items()}
    return _TEXTING_PATTERNS[language].sub(lambda found: lowered[found[0].lower()], text)


def _elongated(source: random.Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = pick(source, words)
    return text[: word.end()] + word[0][-1] * source.randint(2, 5) + text[word.end() :]


def _shouted(source: random.Random, text: str) -> str:
    words = list(_WORD.finditer(text))
    for word in words:
        if source.random() < 0.3:
            text = text[: word.start()] + word[0].upper() + text[word.end() :]
    return text


def _emoji(source: random.Random, sentiment: str) -> str:
    one = pick(source, EMOJI[sentiment])
    return one * source.choice((1, 1, 1, 2, 3))


def spoken(source: random.Random, text: str, style: str, language: str, sentiment: str) -> str:
    """The text as somebody of that style types it.

    Styles: neat (almost as is), casual, hasty (slips, no accents), texting (text-speak, long
    vowels), loud (capitals, exclamation marks).
    """
    draw = source.random
    if style == "neat":
        return typos(source, text, language, 1) if draw() < 0.04 else text
    if style == "texting":
        text = texting(text, language)
        if draw() < 0.35:
            text = f"{pick(source, _LAUGHS[language])} {text}"
        if draw() < 0.3:
            text = _elongated(source, text)
        if draw() < 0.6:
            text = without_accents(text)
            if draw() < 0.5:
                text = text.lower()
    elif style == "hasty":
        text = typos(source, text, language, 1 + int(draw() * 3))
        if draw() < 0.5:
            text = without_accents(text)
        if draw() < 0.3:
            text = text.replace("'", "")
    elif style == "loud":
        if sentiment == "negative" and draw() < 0.5:
            text = _shouted(source, text)
        if draw() < 0.5:
            text = text.rstrip(".") + pick(source, ("!!", "!!!", " !!!!", "!?!"))
    elif draw() < 0.12:
        text = typos(source, text, language, 1)
    if draw() < 0.38:
        text = f"{text} {_emoji(source, sentiment)}"
    return text
