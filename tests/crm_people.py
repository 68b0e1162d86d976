"""CRM records of invented people for tests of who is who, any number of them, with the truth.

Names, towns and streets are made of syllables, as unevenly common as real ones. One record in
twenty is another record of a person, with what clerks make of it: letters swapped or dropped, a
new e-mail address or phone number, another street after a move, fields left empty.
"""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from typing import Any

import pyarrow

SECOND_RECORDS = 0.05
GIVEN_NAMES, FAMILY_NAMES, TOWNS = 1_500, 40_000, 20_000
_SYLLABLES = [first + second for first in "bcdfgjlmnprstv" for second in ("a", "e", "i", "o", "ou")]
_FIRST_DAY = date(1940, 1, 1)

FIELDS = pyarrow.schema(
    [
        ("record_key", pyarrow.string()),
        ("given_name", pyarrow.string()),
        ("given_name_forms", pyarrow.list_(pyarrow.string())),
        ("family_name", pyarrow.string()),
        ("names_in_order", pyarrow.string()),
        ("birth_date", pyarrow.date32()),
        ("email", pyarrow.string()),
        ("email_local_part", pyarrow.string()),
        ("email_key", pyarrow.string()),
        ("phone_key", pyarrow.string()),
        ("street", pyarrow.string()),
        ("postal_code", pyarrow.string()),
        ("city", pyarrow.string()),
        ("fields_hash", pyarrow.string()),
    ]
)


def _words(source: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(source.choices(_SYLLABLES, k=source.randint(2, 4)))] = None
    return list(found)


def _common(source: random.Random, words: list[str]) -> str:
    """One of the words, the first more often: of 1,500 it is chosen 26 times in a thousand."""
    return words[int(len(words) * source.random() ** 2)]


def _mistyped(source: random.Random, text: str) -> str:
    place = source.randrange(len(text) - 1)
    if source.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _second(source: random.Random, person: dict[str, Any], number: int) -> dict[str, Any]:
    twin = dict(person)
    for name in ("given_name", "family_name", "street"):
        if twin[name] and source.random() < 0.2:
            twin[name] = _mistyped(source, twin[name])
    if source.random() < 0.5:
        twin["email"] = f"{twin['given_name'] or 'info'}{number}@example.net"
    if source.random() < 0.5:
        twin["phone_key"] = f"phone {number}"
    for name in ("given_name", "birth_date", "email", "phone_key", "street", "postal_code"):
        if source.random() < 0.1:
            twin[name] = None
    return twin


def crm_records(count: int, seed: int) -> tuple[pyarrow.Table, dict[str, int]]:
    """Rows of `int_identity__source_fields` but for ids, and the person of each record."""
    source = random.Random(seed)
    given, family, towns = (_words(source, size) for size in (GIVEN_NAMES, FAMILY_NAMES, TOWNS))
    rows: list[dict[str, Any]] = []
    truth: dict[str, int] = {}
    person = 0
    for number in range(count):
        if rows and source.random() < SECOND_RECORDS:
            earlier = source.randrange(len(rows))
            row = _second(source, rows[earlier], number)
            who = truth[rows[earlier]["record_key"]]
        else:
            person += 1
            who, town = person, source.randrange(TOWNS)
            row = {
                "given_name": _common(source, given),
                "family_name": _common(source, family),
                "birth_date": _FIRST_DAY + timedelta(days=source.randrange(24_000)),
                "email": None,
                "phone_key": f"phone {number}" if source.random() < 0.7 else None,
                "street": f"{source.randint(1, 120)} rue {_common(source, towns)}",
                "postal_code": f"{town:05d}",
                "city": towns[town],
            }
            if source.random() < 0.8:
                row["email"] = f"{row['given_name']}.{row['family_name']}{number}@example.org"
        row["record_key"] = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
        rows.append(row)
        truth[row["record_key"]] = who
    return pyarrow.Table.from_pylist([_completed(row) for row in rows], schema=FIELDS), truth


def _completed(row: dict[str, Any]) -> dict[str, Any]:
    names = sorted(name for name in (row["given_name"], row["family_name"]) if name)
    compared = [row[name] for name in sorted(row) if name != "record_key"]
    return {
        **row,
        "given_name_forms": [row["given_name"]],
        "names_in_order": " ".join(names) if len(names) > 1 else None,
        "email_local_part": row["email"] and row["email"].split("@")[0],
        "email_key": row["email"],
        "fields_hash": hashlib.md5(repr(compared).encode(), usedforsecurity=False).hexdigest(),
    }
