"""The customer-care CSV: posts of brands and their customers on X, one a row.

Format: https://www.kaggle.com/datasets/thoughtvector/customer-support-on-twitter (the columns).

tweet_id -> post_id; author_id -> author_id, and author_handle where it is a name (customers have
numbers in its place, by which texts address them); inbound -> is_inbound; created_at, such as
``Tue Oct 31 22:10:47 +0000 2017``; text -> text, mentions, hashtags, urls;
in_response_to_tweet_id -> in_reply_to_post_id. response_tweet_id, the answers, says nothing that
the answers do not say themselves: it stays in ``raw``, as does an unnamed first column of row
numbers. The source has no threads, counts, languages or profiles.

Programs that read a column with gaps as floating-point numbers write ids as ``3.0``: that is
read as 3. Ids beyond what such a number holds, and ids in scientific notation, have lost digits
and are quarantined as ``rounded_id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import ROUNDED_ID, Layout, Row, read_rows
from spark_jobs.adapters.faults import Fault, impossible, missing
from spark_jobs.adapters.marks import at_handles, hashtags, links
from spark_jobs.adapters.outcomes import Outcome, Passage, in_utc, text_key
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("posts",)

LAYOUT = Layout(
    required=("tweet_id", "author_id", "inbound", "created_at", "text"),
    optional=("response_tweet_id", "in_response_to_tweet_id"),
)

LARGEST_EXACT = 2**53
"""The largest number up to which floating-point numbers hold every whole number."""

_WHOLE = re.compile(r"([0-9]{1,20})(\.0+)?")
_MOMENT = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-3][0-9]) ([0-2][0-9]):([0-5][0-9]):([0-6][0-9]) "
    r"([+-])([0-9]{2})([0-5][0-9]) ([0-9]{4})"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""

    def values_of(row: Row) -> dict[str, Any]:
        return _values(row, source.channel)

    return read_rows(stream, source, passage, LAYOUT, "posts", values_of)


def _values(row: Row, channel: str) -> dict[str, Any]:
    post_id = _whole_number(row, "tweet_id")
    if post_id is None:
        raise missing("tweet_id", "an id")
    author_id = _author(row)
    text = row.fields["text"]
    moment = row.text("created_at")
    return {
        "channel": channel,
        "post_id": post_id,
        "author_id": author_id,
        "author_handle": author_id if author_id and not author_id.isdecimal() else None,
        "text": text or None,
        "text_key": text_key(text) if text else None,
        "created_at": x_moment("created_at", moment) if moment else None,
        "in_reply_to_post_id": _whole_number(row, "in_response_to_tweet_id"),
        "mentions": at_handles(text),
        "hashtags": hashtags(text),
        "urls": links(text),
        "is_inbound": row.boolean("inbound"),
        "is_private": False,
    }


def _author(row: Row) -> str | None:
    found = row.identifier("author_id")
    if found is None:
        return None
    number = _WHOLE.fullmatch(found)
    return number[1] if number else found


def _whole_number(row: Row, name: str) -> str | None:
    found = row.identifier(name)
    if found is None:
        return None
    number = _WHOLE.fullmatch(found)
    if number is None:
        raise impossible(name, found, "a whole number")
    if number[2] and int(number[1]) > LARGEST_EXACT:
        raise Fault(
            ROUNDED_ID,
            f"{name}: found {found}, a floating-point number that cannot hold the whole id; "
            "export it as text",
        )
    return number[1]


def x_moment(name: str, found: str) -> datetime:
    """A time as X writes it; the month's name is English whatever the machine's language.

    Raises Fault, naming the field, where it is none.
    """
    expected = "a time such as Tue Oct 31 22:10:47 +0000 2017"
    parts = _MOMENT.fullmatch(found)
    if parts is None or parts[1] not in _MONTHS:
        raise impossible(name, found, expected)
    month, day, hour, minute, second, sign, hours, minutes, year = parts.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset) if offset else UTC
        moment = datetime(
            int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=zone
        )
        return in_utc(moment, UTC)
    except ValueError as error:
        raise impossible(name, found, f"{expected}, between 1990 and 2200") from error
