"""X API v1.1 statuses: each on one line or, indented, on several; or many, as the API answers.

And those of ``tweets.js`` in the archive that X gives to the holder of an account.

Format: https://docs.x.com/x-api/v1/data-dictionary (statuses and users; compatible, extended and
stream form).

A status, its author, the status that it repeats and the one that it quotes are records of their
own, each at a JSON pointer. So is each status of an array, which timelines are, and of
``statuses``, where searches have them:

posts
    id_str, or id -> post_id; user -> author_id, author_handle; full_text, also of
    ``extended_tweet``, or text -> text, with the escapes &amp; &lt; &gt; undone, which profiles do
    not have; created_at; in_reply_to_status_id -> in_reply_to_post_id; in_reply_to_user_id ->
    in_reply_to_account_id; retweeted_status -> repost_of_post_id; quoted_status_id ->
    quoted_post_id, unless the status repeats another, whose quote it then is; entities ->
    mentions, hashtags, urls; favorite_count -> like_count; retweet_count -> repost_count;
    reply_count; lang -> lang_hint; withheld_in_countries.
accounts
    id_str, or id -> account_id; screen_name -> handle; name, description, location, url,
    followers_count, friends_count -> following_count, statuses_count -> posts_count, verified,
    created_at. A user with an id only says nothing of the account and is no record.

A quoted status may come without its author, who is then unknown, as is that of all statuses of an
archive, which says in another file whose it is. Each stands there in an object as ``tweet``, with
ids and counts as texts; what it repeats or quotes is not told. Anything else, such as notices of
streams and Activity Streams objects, is ``unknown_object``. The format has no threads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

import msgspec

from spark_jobs.adapters.customer_care import x_moment
from spark_jobs.adapters.faults import NOT_JSON, Fault
from spark_jobs.adapters.json_documents import read_json_documents
from spark_jobs.adapters.json_lines import bytes_of, clean, decoded, elements, unknown_object
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, printable
from spark_jobs.adapters.texts import text_columns, without_markup_escapes
from spark_jobs.adapters.unmapped import RecordDecoder
from spark_jobs.adapters.x_objects import countries
from spark_jobs.adapters.x_v1_objects import (
    Archived,
    Author,
    Entities,
    Kind,
    Parts,
    Reference,
    Status,
    User,
)
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("posts", "accounts")

DEEPEST = 4
"""Levels of statuses inside statuses that are read; the API makes three."""

_KIND = msgspec.json.Decoder(Kind)
_PARTS = msgspec.json.Decoder(Parts)
_REFERENCE = msgspec.json.Decoder(Reference)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each status and user of each value."""
    statuses = RecordDecoder(Status, passage)
    users = RecordDecoder(User, passage)
    archived = RecordDecoder(Archived, passage)

    def outcomes_of(number: int, content: bytes) -> Iterator[Outcome]:
        reader = _Reader(number, source.channel, statuses, users, archived)
        if content.startswith(b"["):
            return reader.each(elements(content), "")
        kind = decoded(_KIND, content)
        if kind.statuses and not (kind.text or kind.full_text):
            return reader.each(elements(bytes(kind.statuses)), "/statuses")
        _check_kind(kind, content)
        return reader.status(content, "")

    return read_json_documents(stream, passage.first_line, outcomes_of)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Yields the outcomes of the parts of one value; a fault in one leaves the others alone."""

    number: int
    channel: str
    statuses: RecordDecoder[Status]
    users: RecordDecoder[User]
    archived: RecordDecoder[Archived]

    def each(self, found: list[bytes], item: str) -> Iterator[Outcome]:
        """The statuses of an array."""
        for index, content in enumerate(found):
            try:
                kind = decoded(_KIND, content)
                if not kind.tweet:
                    _check_kind(kind, content)
            except Fault as fault:
                yield fault.quarantined(self.number, printable(content), f"{item}/{index}")
            else:
                if kind.tweet:
                    yield self._archived(bytes(kind.tweet), f"{item}/{index}/tweet")
                else:
                    yield from self.status(content, f"{item}/{index}")

    def _archived(self, content: bytes, item: str) -> Outcome:
        raw = printable(content)
        try:
            _check_kind(decoded(_KIND, content), content)
            status = self.archived.decode(content).as_status()
            values = _post_values(status, b"", b"", self.channel)
        except Fault as fault:
            return fault.quarantined(self.number, raw, item)
        return Accepted("posts", values, self.number, raw, item)

    def status(self, content: bytes, item: str, depth: int = 1) -> Iterator[Outcome]:
        """A status, its author, then the statuses inside it."""
        raw = printable(content)
        try:
            if depth > DEEPEST:
                raise Fault(NOT_JSON, f"statuses are nested more than {DEEPEST} levels deep")
            status = self.statuses.decode(content)
            repeated = bytes_of(status.retweeted_status)
            quoted = bytes_of(status.quoted_status)
            values = _post_values(status, repeated, quoted, self.channel)
        except Fault as fault:
            yield fault.quarantined(self.number, raw, item or None)
            return
        yield Accepted("posts", values, self.number, raw, item or None)
        if status.user and status.user.screen_name:
            yield self._user(bytes(decoded(_PARTS, content).user), f"{item}/user")
        if repeated:
            yield from self.status(repeated, f"{item}/retweeted_status", depth + 1)
        if quoted:
            yield from self.status(quoted, f"{item}/quoted_status", depth + 1)

    def _user(self, content: bytes, item: str) -> Outcome:
        raw = printable(content)
        try:
            values = _account_values(self.users.decode(content), self.channel)
        except Fault as fault:
            return fault.quarantined(self.number, raw, item)
        return Accepted("accounts", values, self.number, raw, item)


def _check_kind(kind: Kind, content: bytes) -> None:
    """Raise Fault where a value is no status."""
    if not kind.text and not kind.full_text:
        raise unknown_object(content, "a status")


def _post_values(status: Status, repeated: bytes, quoted: bytes, channel: str) -> dict[str, Any]:
    author = status.user or Author()
    extended = status.extended_tweet
    written = extended.full_text if extended else status.full_text or status.text
    text = clean(without_markup_escapes(written or ""))
    entities = (extended.entities if extended else None) or status.entities
    quoted_id = _either(status.quoted_status_id_str, status.quoted_status_id) or _id_of(quoted)
    return {
        "channel": channel,
        "post_id": _required("id", status.id_str, status.id),
        "author_id": _either(author.id_str, author.id),
        "author_handle": clean(author.screen_name),
        **text_columns(text),
        "created_at": x_moment("created_at", status.created_at),
        "in_reply_to_post_id": _either(
            status.in_reply_to_status_id_str, status.in_reply_to_status_id
        ),
        "in_reply_to_account_id": _either(
            status.in_reply_to_user_id_str, status.in_reply_to_user_id
        ),
        "repost_of_post_id": _id_of(repeated),
        "quoted_post_id": None if repeated else quoted_id,
        **(_marks(entities) if entities else {}),
        "like_count": status.favorite_count,
        "repost_count": status.retweet_count,
        "reply_count": status.reply_count,
        "lang_hint": clean(status.lang),
        "is_private": False,
        "withheld_in_countries": countries(status.withheld_in_countries),
    }


def _account_values(user: User, channel: str) -> dict[str, Any]:
    created_at: datetime | None = (
        x_moment("created_at", user.created_at) if user.created_at else None
    )
    return {
        "channel": channel,
        "account_id": _required("id", user.id_str, user.id),
        "handle": clean(user.screen_name),
        "display_name": clean(user.name),
        "description": clean(user.description),
        "location": clean(user.location),
        "url": clean(user.url),
        "followers_count": user.followers_count,
        "following_count": user.friends_count,
        "posts_count": user.statuses_count,
        "is_verified": user.verified,
        "created_at": created_at,
    }


def _marks(entities: Entities) -> dict[str, list[str]]:
    links = (link.target for link in entities.urls or ())
    return {
        "mentions": distinct([found.screen_name.lower() for found in entities.user_mentions or ()]),
        "hashtags": distinct([found.text.lower() for found in entities.hashtags or ()]),
        "urls": distinct([link for link in links if link]),
    }


def _either(text: str | None, number: int | None) -> str | None:
    """An id: the text, which no program rounds, or the number where there is no text."""
    return text or (None if number is None else str(number))


def _required(field: str, text: str | None, number: int | None) -> str:
    found = _either(text, number)
    if found is None:
        raise Fault("missing_field", f"{field}: nothing found, expected an id")
    return found


def _id_of(status: bytes) -> str | None:
    if not status:
        return None
    found = decoded(_REFERENCE, status)
    return _either(found.id_str, found.id)
