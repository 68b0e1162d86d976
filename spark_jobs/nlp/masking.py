"""Personal data in a text, replaced by what kind it was: <email>, <phone>, <card>, <iban> ...

Works on any language and before any model sees the text. It prefers masking too much to too
little, so a number is masked by its layout, not because a numbering plan knows it: a mistyped
phone number is personal too. Check digits only decide between card, IBAN and the rest. Names of
people and postal addresses are not recognised here.

Every expression is linear: its repetitions are possessive or bounded, so no text, however long
or hostile, is read more than a fixed number of times.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

VERSION = "3"
PLACEHOLDERS = ("<email>", "<phone>", "<card>", "<iban>", "<order>", "<number>", "<handle>")
REDACTED_PATH = "<link>"

# What hides an address from a filter: it does not show, or shows as damage.
_UNSEEN = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd"
# Separators people write inside numbers: dashes and spaces of any width.
_SEPARATOR = rf"[ \t.\-/()\u00a0\u2000-\u200a\u202f\u3000\u2010-\u2015\u2212{_UNSEEN}]"
_LONGEST_NUMBER = 200
"""Characters; a longer run of digits is neither phone nor card and is masked whole."""
_NAME = rf"\w++(?:[{_UNSEEN}]{{0,4}}+[.-]?[{_UNSEEN}]{{0,4}}+\w++)*+"
_LINK = re.compile(r"((?:https?://|www\.)[^\s<>\"]++)", re.IGNORECASE)
_LINK_HOST = re.compile(r"(?:https?://)?[^/?#]*+", re.IGNORECASE)
_PROFILE_HOST = re.compile(
    r"(?:https?://)?(?:[\w-]{1,63}\.)?(?:twitter|x|instagram|facebook|fb|tiktok|threads|linkedin|"
    r"t|wa|youtube|snapchat)\.(?:com|net|me)$",
    re.IGNORECASE,
)
_PRIVATE_IN_LINK = re.compile(r"@|%40|\d{8}", re.IGNORECASE)
_AT = re.compile(
    rf"(?P<local>[\w.+%{_UNSEEN}-]{{0,64}}+)[@＠][{_UNSEEN}]{{0,4}}+"
    rf"(?P<name>{_NAME}(?:[@＠]{_NAME})*+)"
)
_ESCAPED_AT = re.compile(r"(?<=\w)(?:%40|&#64;|&#x40;|&commat;)(?=\w)", re.IGNORECASE)
_NOT_SEEN = re.compile(f"[{_UNSEEN}]")
_FIRST_WORD = re.compile(r"\w++")
_SPELLED_AT = re.compile(
    rf"\w[\w.+%-]{{0,63}}+\s?[\[({{]\s?(?:at|arobase|arobas|chez)\s?[\])}}]\s?{_NAME}"
    rf"(?:\s?[\[({{]\s?(?:dot|point)\s?[\])}}]\s?\w++){{0,4}}+",
    re.IGNORECASE,
)
# Without brackets, "at" is a word like others: an ending or a mail provider tells an address, and
# what is offered "only at" or "here at" a shop's site is none.
_SPOKEN_AT = re.compile(
    r"\b(?!(?:only|look|here|us|it|them|now|online|available|live|out|up|more|shop|buy|order|site|"
    r"website|is|are|found|back|me|and|or)\s)\w[\w.+%-]{0,63}+\s{1,2}(?:"
    r"(?:at|arobas|arobase)\s{1,2}[\w-]{1,63}+(?:\s(?:dot|point)\s[\w-]{1,30}+){0,2}?"
    r"\s(?:dot|point)\s(?:com|net|org|info|example|io|co|uk|eu|fr|be|ch|ca|de|es|it|lu)\b"
    r"|(?:at|chez|arobas|arobase)\s{1,2}(?:gmail|hotmail|yahoo|outlook|icloud|laposte|wanadoo|"
    r"protonmail|gmx)(?:\s?(?:\.|\bdot\b|\bpoint\b)\s?(?:com|fr|net|org|co\.uk|me|ch|de)\b)"
    r")",
    re.IGNORECASE,
)
_SPOKEN_CUES = ("arobas", " dot ", " point ", " at ", " chez ")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:" + _SEPARATOR + r"?[A-Za-z0-9]){11,30}+")
_DATE = r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?![\d./-]\d|\d)"
_NUMBER = re.compile(rf"(?P<date>{_DATE})|\+?\(?\d(?:{_SEPARATOR}{{0,2}}+\d){{6,}}+")
_DIGITS = re.compile(r"\d++")
_LONG_RUN = re.compile(r"\d{8,}+")
_NORTH_AMERICAN = re.compile(
    rf"1?{_SEPARATOR}{{0,2}}[2-9]\d\d{_SEPARATOR}{{1,2}}\d{{3}}"
    rf"{_SEPARATOR}{{1,2}}\d{{4}}"
)
_ORDER = re.compile(
    r"\b(?P<cue>(?:commandes?|cmd|colis|suivi|tracking|r[ée]f(?:[ée]rence)?|ticket|dossier|"
    r"booking|r[ée]servation|reservation|facture|invoice|contrat|contract|client|customer|"
    r"account|compte|order|parcel|case|billet|adh[ée]rent|membre|member)\b"
    r"(?:\s{0,2}(?:n[°ºo]|num[ée]ro|number|no|nr|id|is|est|:|#|\.)){0,4}+\s{0,2})"
    r"(?P<id>[A-Za-z0-9][A-Za-z0-9-]{3,29}+)",
    re.IGNORECASE,
)
_HASH_NUMBER = re.compile(r"(?<![\w&])#\d{5,}+")


def mask(text: str, public_handles: AbstractSet[str] = frozenset()) -> str:
    """``text`` with personal data replaced by placeholders; masking twice changes nothing.

    ``public_handles`` are handles without @, case-folded, that stay readable: those of brands.
    A link keeps its host and loses the rest where the rest names a person or carries an
    address or a long number.
    """
    parts = _LINK.split(text)
    return "".join(
        _masked_link(part) if index % 2 else _masked_words(part, public_handles)
        for index, part in enumerate(parts)
    )


def shape_of(text: str) -> str:
    """``text`` with each letter replaced by x or X and each digit by 9: its layout, no content."""
    return "".join(
        "X"
        if character.isupper()
        else "9"
        if character.isnumeric()
        else "x"
        if character.isalpha()
        else character
        for character in text
    )


def _masked_link(link: str) -> str:
    host = _LINK_HOST.match(link)
    assert host is not None, "the expression matches the empty text"
    rest = link[host.end() :]
    if "@" in host.group() or _PRIVATE_IN_LINK.search(host.group()):
        return REDACTED_PATH
    if len(rest) > 1 and (_PROFILE_HOST.match(host.group()) or _PRIVATE_IN_LINK.search(rest)):
        return f"{host.group()}/{REDACTED_PATH}"
    return link


def _masked_words(text: str, public_handles: AbstractSet[str]) -> str:
    text = _ESCAPED_AT.sub("@", text)
    if "@" in text or "＠" in text:
        text = _AT.sub(lambda match: _masked_at(match, public_handles), text)
    if "[" in text or "(" in text or "{" in text:
        text = _SPELLED_AT.sub("<email>", text)
    lower = text.casefold()
    if any(cue in lower for cue in _SPOKEN_CUES):
        text = _SPOKEN_AT.sub("<email>", text)
    if _DIGITS.search(text):
        text = _IBAN.sub(_masked_iban, text)
        text = _ORDER.sub(_masked_order, text)
        text = _NUMBER.sub(_masked_number, text)
        text = _HASH_NUMBER.sub("<order>", text)
    return text


def _masked_at(match: re.Match[str], public_handles: AbstractSet[str]) -> str:
    local, name = (_NOT_SEEN.sub("", part) for part in match.group("local", "name"))
    if local and (local[-1].isalnum() or local[-1] == "_"):
        # French writes "tou@s" for both genders; an address has a longer domain.
        return "<email>" if len(name) > 1 else match.group()
    first = _FIRST_WORD.match(name)
    if first and first.group().casefold() in public_handles and "@" not in name:
        return match.group()
    return f"{match.group('local')}<handle>"


def _masked_iban(match: re.Match[str]) -> str:
    """Mask the longest start, ending where a word ends, whose check digits hold (ISO 13616)."""
    found = match.group()
    following = match.string[match.end() : match.end() + 1]
    for end in range(len(found), 14, -1):
        after = found[end : end + 1] or following
        if not after.isalnum() and found[end - 1].isalnum() and is_iban(found[:end]):
            return f"<iban>{found[end:]}"
    return found


def is_iban(text: str) -> bool:
    """Whether letters and digits of ``text`` form an IBAN by length and check digits (mod 97)."""
    compact = "".join(character for character in text if character.isalnum()).upper()
    if not 15 <= len(compact) <= 34 or not compact.isascii():
        return False
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits carry the check digit of a payment card (Luhn, ISO 7812)."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456":
        return False
    values = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * value, 10)) for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % 10 == 0


def _masked_order(match: re.Match[str]) -> str:
    identifier = match.group("id")
    digits = sum(character.isdigit() for character in identifier)
    if digits < 3 or (digits == len(identifier) == 4 and identifier[:2] in ("19", "20")):
        return match.group()
    return f"{match.group('cue')}<order>"


def _masked_number(match: re.Match[str]) -> str:
    """Mask cards and phones inside a run of digits and separators, then long bare numbers."""
    found = match.group()
    if match.group("date"):
        return found
    if len(found) > _LONGEST_NUMBER:
        return "<number>"
    groups = list(_DIGITS.finditer(found))
    pieces: list[str] = []
    done = index = 0
    while index < len(groups):
        kind, last = _kind_at(found, groups, index)
        if kind:
            start = groups[index].start()
            while start > done and found[start - 1] in "+(":
                start -= 1
            pieces += [found[done:start], kind]
            done = groups[last].end()
            index = last
        index += 1
    pieces.append(found[done:])
    return _LONG_RUN.sub("<number>", "".join(pieces))


def _kind_at(found: str, groups: list[re.Match[str]], first: int) -> tuple[str | None, int]:
    """What begins with that group of digits, and the last group of it: the longest wins."""
    best: tuple[str | None, int] = (None, first)
    digits = ""
    for last in range(first, min(first + 19, len(groups))):
        digits += groups[last].group()
        if len(digits) > 19:
            break
        if len(digits) < 8:
            continue
        plain = "".join(str(int(digit)) for digit in digits)
        start = groups[first].start()
        is_international = found[max(0, start - 2) : start].lstrip(" ").startswith("+")
        if is_card(plain):
            best = ("<card>", last)
        elif _is_phone(plain, found[start : groups[last].end()], is_international):
            best = ("<phone>", last)
    return best


def _is_phone(digits: str, written: str, is_international: bool) -> bool:
    if is_international:
        return 8 <= len(digits) <= 15
    if digits.startswith("00"):
        return digits[2] != "0" and 10 <= len(digits) <= 17
    if digits.startswith("0"):
        return 9 <= len(digits) <= 11
    return len(digits) in (10, 11) and _NORTH_AMERICAN.fullmatch(written) is not None
