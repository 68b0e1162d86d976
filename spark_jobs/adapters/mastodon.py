"""Mastodon statuses as JSON lines: one status a line, or an array of them, as the API answers.

Format: https://docs.joinmastodon.org/entities/Status/ and
https://docs.joinmastodon.org/entities/Account/.

A status, its author, the status that it boosts and the one that it quotes are records of their
own, each at a JSON pointer:

posts
    id -> post_id; account -> author_id, author_handle (``acct``: name, and server where it is
    another one); spoiler_text and content -> text, without HTML, and urls; created_at;
    edited_at; in_reply_to_id -> in_reply_to_post_id; in_reply_to_account_id; reblog ->
    repost_of_post_id; quote -> quoted_post_id; mentions; tags -> hashtags; favourites_count ->
    like_count; reblogs_count -> repost_count; replies_count -> reply_count; language ->
    lang_hint; visibility ``direct`` -> is_private; whether the author is a bot -> is_automated.
accounts
    id, acct -> handle, display_name, note -> description, url, followers_count, following_count,
    statuses_count -> posts_count, bot -> is_automated, created_at.

The API tells of a reply which status it answers, not which began the thread: thread_id is null.
A boost has the text and the counts that the server gives it, today none; a status that only
followers see, visibility ``private``, is not a direct message. Media and polls stay in ``raw``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, BinaryIO

import msgspec

from spark_jobs.adapters.faults import NOT_JSON, Fault
from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.json_lines import (
    Count,
    bytes_of,
    clean,
    decoded,
    elements,
    instant,
    read_json_lines,
)
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, printable
from spark_jobs.adapters.texts import text_columns
from spark_jobs.adapters.unmapped import RecordDecoder
from spark_jobs.sources import Source

SPLITTABLE = True
TABLES = ("posts", "accounts")

DEEPEST = 4
"""Levels of statuses inside statuses that are read; the API makes three."""

Name = Annotated[str, msgspec.Meta(min_length=1)]


class _Object(msgspec.Struct, gc=False):
    """An object of the API."""


class _Author(_Object):
    """What a status says of its author; the whole account is a record of its own."""

    id: Name
    acct: Name
    bot: bool | None = None


class _Mention(_Object):
    acct: Name


class _Tag(_Object):
    name: Name


class _Quote(_Object):
    """A quote; without a status where its author does not let it be shown."""

    quoted_status: msgspec.Raw = msgspec.Raw()
    quoted_status_id: Name | None = None


class _Status(_Object):
    id: Name
    content: str
    account: _Author
    created_at: datetime
    edited_at: datetime | None = None
    spoiler_text: str | None = None
    in_reply_to_id: Name | None = None
    in_reply_to_account_id: Name | None = None
    visibility: str | None = None
    language: str | None = None
    mentions: list[_Mention] | None = None
    tags: list[_Tag] | None = None
    favourites_count: Count | None = None
    reblogs_count: Count | None = None
    replies_count: Count | None = None
    reblog: msgspec.Raw = msgspec.Raw()
    quote: _Quote | None = None


class _Parts(_Object):
    account: msgspec.Raw


class _Reference(_Object):
    """The id of a status inside a status."""

    id: Name


class _Account(_Object):
    id: Name
    acct: Name
    display_name: str | None = None
    note: str | None = None
    url: str | None = None
    followers_count: Count | None = None
    following_count: Count | None = None
    statuses_count: Count | None = None
    bot: bool | None = None
    created_at: datetime | None = None


_PARTS = msgspec.json.Decoder(_Parts)
_REFERENCE = msgspec.json.Decoder(_Reference)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each status and account of each line."""
    statuses = RecordDecoder(_Status, passage)
    accounts = RecordDecoder(_Account, passage)

    def outcomes_of(number: int, content: bytes) -> Iterator[Outcome]:
        reader = _LineReader(number, source.channel, statuses, accounts)
        return reader.each(elements(content)) if content[:1] == b"[" else reader.status(content, "")

    return read_json_lines(stream, passage.first_line, outcomes_of)


@dataclass(frozen=True, slots=True)
class _LineReader:
    """Yields the outcomes of the parts of one line; a fault in one leaves the others alone."""

    number: int
    channel: str
    statuses: RecordDecoder[_Status]
    accounts: RecordDecoder[_Account]

    def each(self, found: list[bytes]) -> Iterator[Outcome]:
        """The statuses of an array."""
        for index, content in enumerate(found):
            yield from self.status(content, f"/{index}")

    def status(self, content: bytes, item: str, depth: int = 1) -> Iterator[Outcome]:
        """A status, its author, then the statuses inside it."""
        try:
            if depth > DEEPEST:
                raise Fault(NOT_JSON, f"statuses are nested more than {DEEPEST} levels deep")
            status = self.statuses.decode(content)
            reblog = bytes_of(status.reblog)
            quoted = bytes_of(status.quote.quoted_status) if status.quote else b""
            values = _post_values(status, reblog, quoted, self.channel)
        except Fault as fault:
            yield fault.quarantined(self.number, printable(content), item or None)
            return
        yield Accepted("posts", values, self.number, printable(content), item or None)
        yield self._account(bytes(decoded(_PARTS, content).account), f"{item}/account")
        if reblog:
            yield from self.status(reblog, f"{item}/reblog", depth + 1)
        if quoted:
            yield from self.status(quoted, f"{item}/quote/quoted_status", depth + 1)

    def _account(self, content: bytes, item: str) -> Outcome:
        try:
            values = _account_values(self.accounts.decode(content), self.channel)
        except Fault as fault:
            return fault.quarantined(self.number, printable(content), item)
        return Accepted("accounts", values, self.number, printable(content), item)


def _post_values(status: _Status, reblog: bytes, quoted: bytes, channel: str) -> dict[str, Any]:
    content = shown(status.content)
    text = clean("\n\n".join(part for part in (status.spoiler_text, content.text) if part))
    quoted_id = status.quote.quoted_status_id if status.quote else None
    return {
        "channel": channel,
        "post_id": clean(status.id),
        "author_id": clean(status.account.id),
        "author_handle": clean(status.account.acct),
        **text_columns(text),
        "created_at": instant("created_at", status.created_at),
        "edited_at": instant("edited_at", status.edited_at),
        "in_reply_to_post_id": clean(status.in_reply_to_id),
        "in_reply_to_account_id": clean(status.in_reply_to_account_id),
        "repost_of_post_id": _id_of(reblog),
        "quoted_post_id": _id_of(quoted) or clean(quoted_id),
        "mentions": _names(mention.acct for mention in status.mentions or ()),
        "hashtags": _names(tag.name for tag in status.tags or ()),
        "urls": [link.replace("\x00", "�") for link in content.links],
        "like_count": status.favourites_count,
        "repost_count": status.reblogs_count,
        "reply_count": status.replies_count,
        "lang_hint": clean(status.language),
        "is_automated": status.account.bot,
        "is_private": status.visibility == "direct" if status.visibility else None,
    }


def _account_values(account: _Account, channel: str) -> dict[str, Any]:
    return {
        "channel": channel,
        "account_id": clean(account.id),
        "handle": clean(account.acct),
        "display_name": clean(account.display_name),
        "description": clean(shown(account.note or "").text),
        "url": clean(account.url),
        "followers_count": account.followers_count,
        "following_count": account.following_count,
        "posts_count": account.statuses_count,
        "is_automated": account.bot,
        "created_at": instant("created_at", account.created_at),
    }


def _id_of(status: bytes) -> str | None:
    return clean(decoded(_REFERENCE, status).id) if status else None


def _names(names: Iterator[str]) -> list[str]:
    return distinct([name.lower().replace("\x00", "�") for name in names])
