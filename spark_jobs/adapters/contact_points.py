"""E-mail addresses and phone numbers: one spelling of each, and a key that stands for it.

Outside bronze a contact point is only ever its key, which cannot be turned back without the
secret. Reading them out of a dump is the adapters' business.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

import phonenumbers

KEY_DIGITS = 32
"""Hexadecimal digits kept of a key: 128 bits, so that no two contact points share one."""

_LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\\\]]{1,64}")
_DOMAIN = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
)
_DIFFERENT_DIGITS = 3


def normalised_email(text: str) -> str | None:
    """The address in lower case with its domain in ASCII; None where it is not an address.

    Dots and ``+`` suffixes stay: whether they matter is up to each provider.
    """
    address = unicodedata.normalize("NFKC", text).strip().lower().removeprefix("mailto:")
    local_part, at, domain = address.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local_part):
        return None
    if local_part.startswith(".") or local_part.endswith(".") or ".." in local_part:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return f"{local_part}@{ascii_domain}" if _DOMAIN.fullmatch(ascii_domain) else None


def normalised_phone(text: str, default_country: str | None) -> str | None:
    """The number in E.164; None where it cannot be one.

    Args:
        text: a number as people write it.
        default_country: ISO 3166 alpha-2 code that numbers without a country code belong to;
            without it such numbers give None.

    A number is accepted when its length is possible in its country. Numbers of fewer than three
    different digits, such as 00 00 00 00 00, are what clerks type for want of one: None.
    """
    try:
        number = phonenumbers.parse(text, default_country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    if len(set(phonenumbers.national_significant_number(number))) < _DIFFERENT_DIGITS:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def keyed(value: str, secret: bytes) -> str:
    """Key of a normalised contact point: 32 hexadecimal digits of HMAC-SHA256 (RFC 2104).

    Raises ValueError where the secret is empty, since anybody could then compute the key.
    """
    if not secret:
        raise ValueError("the secret of contact points is empty: set one before capturing")
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()[:KEY_DIGITS]
