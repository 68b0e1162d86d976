"""Invented personal data: numbers from ranges reserved for fiction, with valid check digits.

Telephone numbers come from the ranges that the French and British regulators keep for films and
books, so that none rings anywhere.
"""

from __future__ import annotations

import random

_FRENCH_PREFIXES = ("019900", "026191", "035301", "046571", "053649")
_BRITISH_PREFIXES = ("0113496", "0114496", "0117496", "0121496", "0131496", "0161496")
_BRITISH_PREFIX_DIGITS = 4
PHONES_COUNT = {"FR": len(_FRENCH_PREFIXES) * 10_000, "GB": len(_BRITISH_PREFIXES) * 1_000}


def phone(country: str, number: int) -> str:
    """The n-th number of a country, national digits; the same n is the same number."""
    prefixes, size = (_FRENCH_PREFIXES, 10_000) if country == "FR" else (_BRITISH_PREFIXES, 1_000)
    block, rest = divmod(number % (len(prefixes) * size), size)
    digits = f"{rest:04d}" if country == "FR" else f"0{rest:03d}"
    return prefixes[block] + digits


def written_phone(source: random.Random, country: str, digits: str) -> str:
    """National digits as somebody types them."""
    if country == "FR":
        pairs = [digits[index : index + 2] for index in range(0, 10, 2)]
        return source.choice(
            (
                digits,
                " ".join(pairs),
                ".".join(pairs),
                "+33" + digits[1:],
                "+33 " + " ".join(pairs)[1:],
            )
        )
    area, local = digits[:_BRITISH_PREFIX_DIGITS], digits[_BRITISH_PREFIX_DIGITS:]
    return source.choice(
        (digits, f"{area} {local[:3]} {local[3:]}", "+44" + digits[1:], f"+44 {area[1:]} {local}")
    )


def _luhn_digit(digits: str) -> str:
    """The check digit after ``digits`` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def card_number(source: random.Random) -> str:
    """A payment card number of 16 digits with its check digit."""
    digits = source.choice(("4970", "4532", "5136")) + "".join(
        str(source.randint(0, 9)) for _ in range(11)
    )
    return digits + _luhn_digit(digits)


def iban(source: random.Random, country: str) -> str:
    """An account number with its check digits (ISO 13616, modulo 97)."""
    if country == "FR":
        bank = f"{source.randint(0, 99_999_999_999_999_999_999_999):023d}"
    else:
        bank = "CAUS" + f"{source.randint(0, 99_999_999_999_999):014d}"
    spelled = "".join(str(int(sign, 36)) for sign in bank + country)
    return f"{country}{98 - int(spelled + '00') % 97:02d}{bank}"


def spaced(digits: str) -> str:
    """Groups of four, as printed on cards and bank forms."""
    return " ".join(digits[index : index + 4] for index in range(0, len(digits), 4))
