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
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache, partial
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.csv_columns import Columns, read_columns
from spark_jobs.adapters.csv_rows import Layout
from spark_jobs.adapters.faults import impossible, missing
from spark_jobs.adapters.marks import AT_HANDLES, HASHTAGS, LINKS
from spark_jobs.adapters.outcomes import Outcome, Passage, in_utc
from spark_jobs.adapters.text_readers import TextReader, identifiers, whole_numbers
from spark_jobs.adapters.texts import array_without_markup_escapes, text_arrays
from spark_jobs.adapters.values import boolean
from spark_jobs.sources import Source
from spark_jobs.tables.declaration import BOOLEAN, INSTANT

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
_USUAL = (
    r"^[A-Z][a-z]{2} [A-Z][a-z]{2} [0-3][0-9] "
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9] [+-][0-9]{4} [0-9]{4}$"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each block of rows."""

    def values_of(columns: Columns) -> dict[str, pa.Array]:
        return _values(columns, source.channel)

    return read_columns(stream, passage, LAYOUT, "posts", values_of)


def _values(columns: Columns, channel: str) -> dict[str, pa.Array]:
    authors = columns.read("author_id", _AUTHORS)
    texts = text_arrays(array_without_markup_escapes(columns.texts("text")))
    return {
        "channel": pa.repeat(channel, columns.row_count),
        "post_id": columns.read("tweet_id", _POST_IDS),
        "author_id": authors,
        "author_handle": pc.if_else(pc.utf8_is_decimal(authors), None, authors),
        **texts,
        "created_at": columns.read("created_at", _TIMES),
        "in_reply_to_post_id": columns.read("in_response_to_tweet_id", _ANSWERED_IDS),
        "mentions": AT_HANDLES.in_texts(texts["text"]),
        "hashtags": HASHTAGS.in_texts(texts["text"]),
        "urls": LINKS.in_texts(texts["text"]),
        "is_inbound": columns.read("inbound", _INBOUND),
        "is_private": pa.repeat(False, columns.row_count),
    }


def _created_at(text: str) -> datetime | None:
    found = text.strip()
    return x_moment("created_at", found) if found else None


def _moments(texts: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The times of texts, of which the days are few; sure of those of the usual form."""
    is_usual = pc.match_substring_regex(texts, _USUAL)
    usual = pc.if_else(is_usual, texts, None)
    days = pc.utf8_replace_slice(usual, 11, 19, "").dictionary_encode()
    starts = pa.array([_start_of(day) for day in days.dictionary.to_pylist()], INSTANT)
    start = starts.take(days.indices)
    clock = pc.binary_join_element_wise("1970-01-01", pc.utf8_slice_codeunits(usual, 11, 19), " ")
    since_midnight = clock.cast(pa.timestamp("us")).cast(pa.int64()).cast(pa.duration("us"))
    return pc.add(start, since_midnight), pc.if_else(is_usual, pc.is_valid(start), is_usual)


def _start_of(day: str) -> datetime | None:
    try:
        return _day(day[:11], day[11:])
    except ValueError:
        return None


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


_POST_IDS = whole_numbers("tweet_id").required(partial(missing, "tweet_id", "an id"))
_ANSWERED_IDS = whole_numbers("in_response_to_tweet_id")
_AUTHORS = identifiers("author_id")
_INBOUND = TextReader(partial(boolean, "inbound"), BOOLEAN)
_TIMES = TextReader(_created_at, INSTANT, _moments)


@lru_cache(maxsize=86_400)
def _clock(text: str) -> timedelta:
    """A time of day, since midnight."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day")
    hour, minute, second = (int(part) for part in text.split(":"))
    return timedelta(hours=hour, minutes=minute, seconds=second)
