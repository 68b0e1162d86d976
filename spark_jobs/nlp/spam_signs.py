"""What in a text speaks of unasked promotion: links, calls to click, money, doubled letters.

Each sign is a name and a regular expression, for French and English alike, and fires with the
words that it found. Signs are features of the spam model and the evidence of its answer. Texts
are masked: a link may have lost its path, a phone number is ``<phone>``. Every expression is
linear: what repeats is bounded or possessive.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

VERSION = "1"

_FLAGS = re.IGNORECASE
_OWN = r"(?:my|our|this|mon|ma|mes|nos|notre|cette?)"
_PLACE = (
    r"(?:channels?|vid(?:eo|éo)?s?|covers?|remix|songs?|music|musique|pages?|profile?s?|profil|"
    r"sites?|website|blog|insta(?:gram)?|group[es]?|cha[iî]ne|compte|lien|link|bio|shop|boutique)"
)

PROMOTIONS: dict[str, re.Pattern[str]] = {
    "link": re.compile(
        r"https?\b\S*+|\bwww\.\S++|\b[a-z0-9-]{3,30}+\s?\.\s?(?:com|net|org)\b", _FLAGS
    ),
    "call_to_look": re.compile(
        r"\bcheck(?:ing)?\s{1,3}(?:it|this|them|me|us|my|our|out)\b|"
        rf"\b(?:visit|watch|see|look at|view)\s{{1,3}}{_OWN}\s{{1,3}}"
        rf"(?:\w{{1,15}}\s){{0,2}}{_PLACE}\b|"
        r"\bclick(?:ez|\s{1,3}(?:here|now|on|the|this))\b|\bcliqu(?:e|ez)\b|"
        rf"\b(?:visite|visitez|venez|viens|regarde|regardez|d[ée]couvre|d[ée]couvrez|allez|va)\s"
        rf"(?:\w{{1,12}}\s){{0,2}}{_OWN}\s(?:\w{{1,15}}\s){{0,2}}{_PLACE}\b|"
        r"\b(?:link|lien)\s(?:in|en|dans|sur)\s(?:\w{1,4}\s)?(?:bio|profile?)\b",
        _FLAGS,
    ),
    "call_to_follow": re.compile(
        r"\bsubscri\w{1,6}|\bsuscri\w{1,6}|\bsub(?:s|bed)?\s(?:to|me|back|4|for)\b|"
        r"\b(?:follow|add)\s(?:me|us|my|back|4)\b|\babonne[sz]?[- ](?:toi|vous|à)\b|"
        r"\bsuivez[- ](?:moi|nous)\b|\bfollow\s?back\b|\b(?:thumbs?|give).{0,12}\bup\b",
        _FLAGS,
    ),
    "own_place": re.compile(rf"\b{_OWN}\s{{1,3}}(?:\w{{1,15}}\s{{1,3}}){{0,2}}{_PLACE}\b", _FLAGS),
    "gain": re.compile(
        r"\b(?:earn|earning|make|making|won|gagn(?:e|é|ez|er)|touche[zr]?)\b.{0,30}"
        r"(?:[$€£]|\bmoney\b|\bcash\b|\bargent\b|\bdollars?\b|\beuros?\b|\bfrom home\b|"
        r"\b(?:par|a|per|each)\s(?:day|week|month|jour|semaine|mois|hour|heure)\b)|"
        r"\b(?:bitcoins?|cryptos?|forex|casino|passive income|revenus? passifs?)\b|"
        r"\b(?:double[zr]?|multipli\w{1,4})\b.{0,20}\b(?:money|argent|mise)\b|"
        r"\b(?:work|working|travail\w{0,5})\s(?:from|at|à|a|depuis)\s(?:home|domicile|chez)",
        _FLAGS,
    ),
    "lure": re.compile(
        r"\b(?:gift\s?cards?|giveaway|promo\s?codes?|codes?\spromo|bons?\sd['’]achat|"
        r"free\s(?:\w{1,12}\s){0,2}(?:money|phones?|iphones?|gifts?|followers?|views?|codes?|cards?|"
        r"trial|download|robux|leads)|(?:t[ée]l[ée]phones?|iphones?|cadeaux?|abonn[ée]s)\sgratuits?|"
        r"congratulations|f[ée]licitations|you\s(?:have\sbeen\s|were\s)?(?:selected|chosen)|"
        r"(?:vous|tu)\s(?:avez|as)\s[ée]t[ée]\s(?:s[ée]lectionn|choisi|tir)\w{1,4}|"
        r"limited\s(?:places|spots|offer|time)|(?:places|offre)\slimit[ée]es?|"
        r"100\s?%\s?(?:guaranteed|garanti\w{0,2}|free|gratuit\w{0,2})|"
        r"no\seffort|sans\seffort|sans\sr[ée]gime|perd(?:re|ez|s)\s.{0,12}kilos?|"
        r"lose\s.{0,14}(?:kilos?|pounds?|lbs?|kg)|viagra|weight\sloss)\b",
        _FLAGS,
    ),
    "contact": re.compile(
        r"<phone>|<email>|\b(?:whats\s?app|telegram|snapchat)\b|"
        r"\b(?:dm|inbox|text|pm|mp|contactez|contacte)[- ](?:me|moi)\b",
        _FLAGS,
    ),
    "plea": re.compile(
        r"\b(?:please|plz|pls|svp)\b.{0,30}\b(?:like|share|vote|support|sub\w{0,8}|listen|help|donate|"
        r"partage\w{0,2}|votez?|soutene[zr])\b|\b(?:vote|sign|petition|donate|fundrais\w{1,4}|"
        r"gofundme|p[ée]tition|cagnotte)\b",
        _FLAGS,
    ),
}
"""Signs that somebody promotes something; without one of them nothing is called spam."""

_SHAPES: dict[str, re.Pattern[str]] = {
    "letters_repeated": re.compile(r"(\w)\1\1"),
    "marks_repeated": re.compile(r"[!?.*~_=-]{3,}+"),
    "capital_words": re.compile(r"\b[A-ZÀ-Ý]{3,}\b"),
    "numbers": re.compile(r"\d++"),
    "money": re.compile(r"[$€£]"),
    "emoji": re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2190-\u21FF]"),
    "line_breaks": re.compile(r"\n"),
    "hashtags": re.compile(r"#\w"),
    "handles": re.compile(r"<handle>|@\w"),
    "exclamations": re.compile(r"!"),
    "ampersands": re.compile(r"[&+|]"),
    "first_person": re.compile(r"\b(?:i|i['’]m|me|je|j['’]|moi)\b", _FLAGS),
    "second_person": re.compile(
        r"\b(?:you|u|your|guys|everyone|tu|vous|votre|tout le monde)\b", _FLAGS
    ),
}
FEATURES = (
    *PROMOTIONS,
    *_SHAPES,
    *("promotion_kinds", "characters", "words", "distinct_words", "word_length", "capitals"),
    *("digits", "not_ascii"),
)
"""Names of the columns of ``table``, in order."""
_EVIDENCE_LENGTH = 80
_WORD = re.compile(r"\w+")


def find(text: str) -> list[tuple[str, str]]:
    """Each promotion sign of a masked text that fired, with the first words that it found."""
    return [
        (name, match.group().strip()[:_EVIDENCE_LENGTH])
        for name, pattern in PROMOTIONS.items()
        if (match := pattern.search(text))
    ]


def table(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """One row of ``FEATURES`` for each text; counts are damped."""
    rows = [_row(text) for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _row(text: str) -> list[float]:
    promotions = [len(pattern.findall(text)) for pattern in PROMOTIONS.values()]
    shapes = [len(pattern.findall(text)) for pattern in _SHAPES.values()]
    words = _WORD.findall(text.casefold())
    length = len(text) or 1
    return [
        *map(math.log1p, promotions),
        *map(math.log1p, shapes),
        float(sum(map(bool, promotions))),
        math.log1p(len(text)),
        math.log1p(len(words)),
        len(set(words)) / (len(words) or 1),
        sum(map(len, words)) / (len(words) or 1) / 10,
        sum(map(str.isupper, text)) / length,
        sum(map(str.isdigit, text)) / length,
        sum(not character.isascii() for character in text) / length,
    ]
