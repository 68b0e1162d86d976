"""Invented names and addresses, drawn once from Faker's French and British providers.

Only pools and their combination: who bears a name is ``population``.
"""

from __future__ import annotations

import random
import re
import unicodedata

from faker import Faker

from spark_jobs.demo_dumps.streams import pick

_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
_DOMAINS = {
    "fr": ("courrier.example", "lettre.example", "monfil.example", "boite.example"),
    "en": ("post.example", "letterbox.example", "mailroom.example", "inbox.example"),
}
_POOL = 1_500


def plain(name: str) -> str:
    """A name in lower-case ASCII letters and digits, as handles and addresses are made of."""
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z0-9]", "", decomposed)


class Names:
    """Names, addresses and e-mail addresses by language."""

    def __init__(self, seed: int) -> None:
        self._first: dict[str, list[str]] = {}
        self._last: dict[str, list[str]] = {}
        self._streets: dict[str, list[str]] = {}
        self._towns: dict[str, list[tuple[str, str]]] = {}
        for language, locale in _LOCALES.items():
            fake = Faker(locale)
            fake.seed_instance(f"causerie:{seed}:names:{language}")
            self._first[language] = [fake.first_name() for _ in range(_POOL)]
            self._last[language] = [fake.last_name() for _ in range(_POOL)]
            self._streets[language] = [fake.street_name() for _ in range(_POOL)]
            self._towns[language] = [(fake.postcode(), fake.city()) for _ in range(_POOL // 3)]

    def name(self, source: random.Random, language: str) -> tuple[str, str]:
        """A first and a last name."""
        return pick(source, self._first[language]), pick(source, self._last[language])

    def address(self, source: random.Random, language: str) -> tuple[str, str, str]:
        """A street with number, a postal code, a town."""
        postal_code, town = pick(source, self._towns[language])
        number = source.randint(1, 180)
        street = pick(source, self._streets[language])
        joined = f"{number}, {street}" if language == "fr" else f"{number} {street}"
        return joined, postal_code, town

    def email(self, source: random.Random, first_name: str, last_name: str) -> str:
        """An e-mail address under a domain that can never exist."""
        first, last = plain(first_name), plain(last_name)
        user = pick(
            source,
            (
                f"{first}.{last}",
                f"{first[:1]}{last}",
                f"{last}.{first}",
                f"{first}{source.randint(46, 99)}",
                f"{first}_{last}",
            ),
        )
        return f"{user}@{pick(source, _DOMAINS['fr'] + _DOMAINS['en'])}"
