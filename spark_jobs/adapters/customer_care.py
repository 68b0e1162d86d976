"""The customer-care CSV: posts of brands and their customers on X, one a row.

Format: https://www.kaggle.com/datasets/thoughtvector/customer-support-on-twitter (the columns).

tweet_id -> post_id; author_id -> author_id, and author_handle where it is a name (customers have
numbers in its place, by which texts address them); inbound -> is_inbound; created_at, such as
``Tue Oct 31 22:10:47 +0000 2017``; text, with the escapes &amp; &lt; &gt; undone -> text,
mentions, hashtags, urls;
in_response_to_tweet_id -> in_reply_to_post_id. response_tweet_id, the answers, says nothing that
the answers do not say themselves: it stays in ``raw``, as does an unnamed first column of row
numbers. The source has no threads, counts, languages or profiles.

Programs that read a column with gaps as floating-point numbers write ids as ``3.0``: that is
read as 3. Ids beyond what such a number holds, and ids in scientific notation, have lost digits
and are quarantined as ``rounded_id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_columns import Columns, read_columns
from spark_jobs.adapters.csv_rows import Layout
from spark_jobs.adapters.faults import impossible, missing
from spark_jobs.adapters.marks import at_handles, hashtags, links
from spark_jobs.adapters.outcomes import Outcome, Passage, in_utc
from spark_jobs.adapters.texts import text_lists, without_markup_escapes
from spark_jobs.adapters.values import boolean, identifier, whole_number
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("posts",)

LAYOUT = Layout(
    required=("tweet_id", "author_id", "inbound", "created_at", "text"),
    optional=("response_tweet_id", "in_response_to_tweet_id"),
)

_DAY = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-3][0-9])  ([+-])([0-9]{2})([0-5][0-9]) ([0-9]{4})"
)
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row, or for a block of them."""

    def values_of(columns: Columns) -> dict[str, Sequence[Any]]:
        return _values(columns, source.channel)

    return read_columns(stream, source, passage, LAYOUT, "posts", values_of)


def _values(columns: Columns, channel: str) -> dict[str, Sequence[Any]]:
    authors = columns.read("author_id", _author)
    written = columns.texts("text")
    texts, keys, repairs = text_lists(without_markup_escapes(text) for text in written)
    return {
        "channel": [channel] * columns.row_count,
        "post_id": columns.read("tweet_id", _post_id),
        "author_id": authors,
        "author_handle": [None if not name or name.isdecimal() else name for name in authors],
        "text": texts,
        "text_key": keys,
        "is_text_repaired": repairs,
        "created_at": columns.read("created_at", _created_at),
        "in_reply_to_post_id": columns.read("in_response_to_tweet_id", _answered_id),
        "mentions": [at_handles(text or "") for text in texts],
        "hashtags": [hashtags(text or "") for text in texts],
        "urls": [links(text or "") for text in texts],
        "is_inbound": columns.read("inbound", _is_inbound),
        "is_private": [False] * columns.row_count,
    }


def _post_id(text: str) -> str:
    found = whole_number("tweet_id", text)
    if found is None:
        raise missing("tweet_id", "an id")
    return found


def _answered_id(text: str) -> str | None:
    return whole_number("in_response_to_tweet_id", text)


def _author(text: str) -> str | None:
    return identifier("author_id", text)


def _is_inbound(text: str) -> bool | None:
    return boolean("inbound", text)


def _created_at(text: str) -> datetime | None:
    found = text.strip()
    return x_moment("created_at", found) if found else None


def x_moment(name: str, found: str) -> datetime:
    """A time as X writes it; the month's name is English whatever the machine's language.

    Raises Fault, naming the field, where it is none.
    """
    try:
        return _day(found[:11], found[19:]) + _clock(found[11:19])
    except ValueError as error:
        expected = "a time such as Tue Oct 31 22:10:47 +0000 2017, between 1990 and 2200"
        raise impossible(name, found, expected) from error


@lru_cache(maxsize=4096)  # a dump has few days: parsing each once is half the cost of a row
def _day(before: str, after: str) -> datetime:
    """The beginning of a day, in UTC, from what stands before and after the time of day."""
    parts = _DAY.fullmatch(before + after)
    if parts is None or parts[1] not in _MONTHS:
        raise ValueError(f"{before!r} and {after!r} are no day")
    month, day, sign, hours, minutes, year = parts.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-offset if sign == "-" else offset)
    return in_utc(datetime(int(year), _MONTHS[month], int(day), tzinfo=zone), UTC)


@lru_cache(maxsize=86_400)
def _clock(text: str) -> timedelta:
    """A time of day, since midnight."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day")
    hour, minute, second = (int(part) for part in text.split(":"))
    return timedelta(hours=hour, minutes=minute, seconds=second)
