"""The records that a line of X API v2 holds, each at a JSON pointer: the walk over its parts.

What kind a line is of is told by ``x_api_v2``; what a record becomes, by ``x_columns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from spark_jobs.adapters.faults import NOT_JSON, Fault
from spark_jobs.adapters.json_lines import (
    EMPTY_PAGE,
    bytes_of,
    clean,
    decoded,
    instant,
    unknown_object,
)
from spark_jobs.adapters.outcomes import Accepted, Decoded, Outcome, Passage, printable
from spark_jobs.adapters.unmapped import RecordDecoder
from spark_jobs.adapters.x_columns import account_columns, event_values, post_columns
from spark_jobs.adapters.x_objects import Event, Inner, Post, User, XObject

SOURCE_ERROR = "source_error"
DEEPEST = 8
"""Levels of posts inside posts that are read; twarc2 makes three."""


class Line(XObject):
    """What tells the kinds of lines and elements apart; their parts are decoded one by one."""

    data: msgspec.Raw = msgspec.Raw()
    includes: msgspec.Raw = msgspec.Raw()
    errors: msgspec.Raw = msgspec.Raw()
    meta: msgspec.Raw = msgspec.Raw()
    collector: msgspec.Raw = msgspec.field(name="__twarc", default=msgspec.Raw())
    text: msgspec.Raw = msgspec.Raw()
    username: msgspec.Raw = msgspec.Raw()
    action: msgspec.Raw = msgspec.Raw()
    title: msgspec.Raw = msgspec.Raw()
    detail: msgspec.Raw = msgspec.Raw()


class Page(XObject, forbid_unknown_fields=True):
    """A page as nearly all are, whose posts are found at once."""

    data: list[msgspec.Raw]
    includes: msgspec.Raw = msgspec.Raw()
    errors: msgspec.Raw = msgspec.Raw()
    meta: msgspec.Raw = msgspec.Raw()
    collector: msgspec.Raw = msgspec.field(name="__twarc", default=msgspec.Raw())


class _Element(XObject):
    """What tells the kinds of objects in ``data`` apart."""

    text: msgspec.Raw = msgspec.Raw()
    username: msgspec.Raw = msgspec.Raw()


class _Includes(XObject):
    tweets: msgspec.Raw = msgspec.Raw()
    users: msgspec.Raw = msgspec.Raw()


class _Collector(XObject):
    retrieved_at: datetime | None = None


class _Error(XObject):
    title: str | None = None
    detail: str | None = None
    message: str | None = None


_ELEMENT = msgspec.json.Decoder(_Element)
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_COLLECTOR = msgspec.json.Decoder(_Collector)
_ERROR = msgspec.json.Decoder(_Error)
_INNER = msgspec.json.Decoder(Inner)


class Decoders:
    """Decoders of the records of one passage, and what makes columns of these."""

    def __init__(self, passage: Passage, channel: str) -> None:
        self.posts = RecordDecoder(Post, passage)
        self.users = RecordDecoder(User, passage)
        self.events = RecordDecoder(Event, passage)
        self.includes = RecordDecoder(_Includes, passage)
        self.post_columns = partial(post_columns, channel)
        self.account_columns = partial(account_columns, channel)


@dataclass(slots=True)
class LineReader:
    """Yields the outcomes of the parts of one line; a fault in one leaves the others alone."""

    number: int
    channel: str
    decoders: Decoders
    received_at: datetime | None = None

    def collector(self, content: bytes) -> Iterator[Outcome]:
        """Take the time of retrieval; an outcome only where it cannot be read."""
        try:
            collector = decoded(_COLLECTOR, content)
            self.received_at = instant("retrieved_at", collector.retrieved_at)
        except Fault as fault:
            yield self._fault(fault, content, "/__twarc")

    def page(self, line: Page | Line) -> Iterator[Outcome]:
        """The outcomes of a response page; a page that holds nothing is one itself."""
        found = False
        for outcome in self._parts(line):
            found = True
            yield outcome
        if not found:
            raise Fault(EMPTY_PAGE, "found a page without posts, users or errors")

    def _parts(self, line: Page | Line) -> Iterator[Outcome]:
        if isinstance(line, Page):
            yield from self._every(line.data, "/data", self._element)
        elif (data := bytes_of(line.data)).startswith(b"["):
            yield from self._each(data, "/data", self._element)
        elif data:
            yield from self._element(data, "/data")
        if includes := bytes_of(line.includes):
            try:
                included = self.decoders.includes.decode(includes)
            except Fault as fault:
                yield self._fault(fault, includes, "/includes")
            else:
                yield from self._each(bytes_of(included.tweets), "/includes/tweets", self.post)
                yield from self._each(bytes_of(included.users), "/includes/users", self.user)
        yield from self._each(bytes_of(line.errors), "/errors", self.error)

    def _each(
        self, content: bytes, item: str, outcomes_of: Callable[[bytes, str], Iterator[Outcome]]
    ) -> Iterator[Outcome]:
        if not content:
            return
        try:
            elements = decoded(_ELEMENTS, content)
        except Fault as fault:
            yield self._fault(fault, content, item)
            return
        yield from self._every(elements, item, outcomes_of)

    def _every(
        self,
        elements: list[msgspec.Raw],
        item: str,
        outcomes_of: Callable[[bytes, str], Iterator[Outcome]],
    ) -> Iterator[Outcome]:
        for index, element in enumerate(elements):
            yield from outcomes_of(bytes(element), f"{item}/{index}")

    def _element(self, content: bytes, item: str) -> Iterator[Outcome]:
        if b'"text"' in content and (post := self.decoders.posts.decode_known(content)):
            yield from self.post(content, item, post=post)
            return
        try:
            element = decoded(_ELEMENT, content)
            if not element.text and not element.username:
                raise unknown_object(content, "a post or a user")
        except Fault as fault:
            yield self._fault(fault, content, item)
            return
        yield from self.post(content, item) if element.text else self.user(content, item)

    def post(
        self, content: bytes, item: str, depth: int = 1, post: Post | None = None
    ) -> Iterator[Outcome]:
        """A post, then the profiles and posts that twarc2 put inside it."""
        try:
            post = post or self.decoders.posts.decode(content)
        except Fault as fault:
            yield self._fault(fault, content, item)
            return
        seen, columns_of = (post, self.received_at), self.decoders.post_columns
        yield Decoded("posts", seen, columns_of, self.number, content, item or None)
        if post.is_flattened:
            yield from self._inner(post, content, item, depth)

    def _inner(self, post: Post, content: bytes, item: str, depth: int) -> Iterator[Outcome]:
        inner = decoded(_INNER, content)
        profiles = [("author", inner.author), ("in_reply_to_user", inner.in_reply_to_user)]
        if post.entities and inner.entities:
            profiles += [
                (f"entities/mentions/{index}", raw)
                for index, (mention, raw) in enumerate(
                    zip(post.entities.mentions or (), inner.entities.mentions or (), strict=True)
                )
                if mention.name is not None
            ]
        for name, profile in profiles:
            if user := bytes_of(profile):
                yield from self.user(user, f"{item}/{name}", depth)
        references = zip(post.referenced_tweets or (), inner.referenced_tweets or (), strict=True)
        for index, (reference, raw) in enumerate(references):
            if reference.text is not None:
                yield from self._deeper(bytes(raw), f"{item}/referenced_tweets/{index}", depth)

    def _deeper(self, content: bytes, item: str, depth: int) -> Iterator[Outcome]:
        if depth < DEEPEST:
            yield from self.post(content, item, depth + 1)
        else:
            fault = Fault(NOT_JSON, f"posts are nested more than {DEEPEST} levels deep")
            yield self._fault(fault, content, item)

    def user(self, content: bytes, item: str, depth: int = 1) -> Iterator[Outcome]:
        """A profile, then the post that twarc2 put inside it."""
        try:
            user = self.decoders.users.decode(content)
        except Fault as fault:
            yield self._fault(fault, content, item)
            return
        seen, columns_of = (user, self.received_at), self.decoders.account_columns
        yield Decoded("accounts", seen, columns_of, self.number, content, item or None)
        if pinned := bytes_of(user.pinned_tweet):
            yield from self._deeper(pinned, f"{item}/pinned_tweet", depth)

    def event(self, content: bytes) -> Iterator[Outcome]:
        """A compliance event."""
        values = event_values(self.decoders.events.decode(content), self.channel)
        yield Accepted("interactions", values, self.number, printable(content))

    def error(self, content: bytes, item: str) -> Iterator[Outcome]:
        """What the source says it could not deliver."""
        try:
            error = decoded(_ERROR, content)
        except Fault as fault:
            yield self._fault(fault, content, item)
            return
        said = (error.title, error.detail or error.message)
        detail = (
            ": ".join(clean(part) or "" for part in said if part)
            or "an error without title or detail"
        )
        yield self._fault(Fault(SOURCE_ERROR, detail), content, item)

    def _fault(self, fault: Fault, content: bytes, item: str) -> Outcome:
        return fault.quarantined(self.number, printable(content), item or None)
