"""Attributes of Stack Exchange rows as values, and the site that a file belongs to.

Readers of attributes raise Fault, naming the attribute and what was found in it. What the rows
mean is in ``stackexchange``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache

from spark_jobs.adapters.faults import Fault, impossible, missing, mistyped
from spark_jobs.adapters.outcomes import EARLIEST, LATEST

NO_SITE = "no_site"

Attributes = Mapping[str, str]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z?", re.ASCII)
_SITE = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
_ARCHIVE = re.compile(
    r"(?:-(?:Posts|Users|Votes|Comments|Badges|PostLinks|PostHistory|Tags))?"
    r"(?:\.(?:7z|zip|tar|tgz|gz|bz2|xz|zst))+",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 18


def site_of(file: str, glob: str) -> str:
    """The site of a file: the folder, or the archive, below those that the glob begins with.

    A part of a site's archive, such as ``stackoverflow.com-Posts.7z``, belongs to the site.
    Raises Fault where the file lies in no folder of its own: its ids would be ambiguous.
    """
    fixed = 0
    for part in glob.split("/")[:-1]:
        if any(character in part for character in "*?["):
            break
        fixed += 1
    delivered, *members = file.split("!")
    folders = delivered.split("/")[fixed:-1]
    archive = delivered.rsplit("/", 1)[-1] if members else ""
    inside = members[-1].split("/")[:-1] if members else []
    name = (folders or inside or [""])[0]
    if not name and (ending := _ARCHIVE.search(archive)) and ending.end() == len(archive):
        name = archive[: ending.start()]
    if not _SITE.fullmatch(name):
        raise Fault(
            NO_SITE,
            "file: found a dump in no folder of a site, expected one such as "
            "stackexchange/french.stackexchange.com/Posts.xml: ids are unique in a site only",
        )
    return name


def identifier(row: Attributes, name: str) -> str | None:
    """An id, which is a whole number and for some accounts below zero."""
    found = row.get(name)
    if not found:
        return None
    if not _is_whole(found):
        raise mistyped(name, found, "an id, which is a whole number")
    return found


def required_identifier(row: Attributes, name: str) -> str:
    """An id that must be there."""
    found = identifier(row, name)
    if found is None:
        raise missing(name, "an id")
    return found


def whole_number(row: Attributes, name: str, minimum: int | None = None) -> int | None:
    """A whole number, not below ``minimum``."""
    found = row.get(name)
    if found is None:
        return None
    if not _is_whole(found):
        raise mistyped(name, found, "a whole number")
    number = int(found)
    if minimum is not None and number < minimum:
        raise impossible(name, found, f"a whole number from {minimum}")
    return number


def moment(row: Attributes, name: str) -> datetime | None:
    """A time, which dumps write in UTC without saying so."""
    found = row.get(name)
    if not found:
        return None
    expected = "a time such as 2024-03-31T14:05:00.000, 1990 to 2200"
    if not _MOMENT.fullmatch(found):
        raise impossible(name, found, expected)
    try:
        result = datetime.fromisoformat(found).replace(tzinfo=UTC)
    except ValueError as error:
        raise impossible(name, found, expected) from error
    if not EARLIEST <= result < LATEST:
        raise impossible(name, found, expected)
    return result


def required_moment(row: Attributes, name: str) -> datetime:
    """A time that must be there."""
    found = moment(row, name)
    if found is None:
        raise missing(name, "a time")
    return found


def day_or_moment(row: Attributes, name: str) -> tuple[date | None, datetime | None]:
    """The day, where the time of day was taken away, else the time; one of the two is null."""
    found = row.get(name)
    if not found:
        raise missing(name, "a day")
    return _day_or_moment(name, found)


@lru_cache(maxsize=10_000)
def _day_or_moment(name: str, found: str) -> tuple[date | None, datetime | None]:
    at = required_moment({name: found}, name)
    return (at.date(), None) if at.time() == time.min else (None, at)


def flag(row: Attributes, name: str) -> bool | None:
    """Yes or no; dumps leave out what is not so."""
    found = row.get(name)
    if found is None:
        return None
    if found.lower() not in ("true", "false"):
        raise mistyped(name, found, "True or False")
    return found.lower() == "true"


def named(row: Attributes, name: str, names: Mapping[int, str], what: str) -> str:
    """The name of a documented type; raises Fault, naming the number, for any other."""
    number = whole_number(row, name)
    if number is None:
        raise missing(name, f"the number of {what}")
    if number not in names:
        raise impossible(name, str(number), f"the number of a documented {what}")
    return names[number]


def _is_whole(found: str) -> bool:
    digits = found[1:] if found.startswith("-") else found
    return digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
