"""Discourse topics and posts: responses of the API, each on one line or, indented, on several.

Format: https://docs.discourse.org/ (a topic, a post, the latest posts).

A response is a topic with its posts (``post_stream``), a list of posts (``latest_posts``) or a
post. Every post in it is a record of its own, at a JSON pointer:

posts
    topic_id and post_number -> post_id, such as 57/2, by which posts name each other;
    user_id -> author_id; username -> author_handle; the topic's title, before the first post,
    and cooked -> text, without HTML, urls and mentions; category_id -> section; created_at;
    updated_at -> edited_at, where ``version`` says that it was edited; reply_to_post_number ->
    in_reply_to_post_id, which is the first post of the topic where a later one names none;
    the topic's first post -> thread_id; likes in actions_summary -> like_count; reply_count;
    reads -> view_count; archetype of the topic -> is_private; deleted_at, user_deleted ->
    is_deleted; a user_id below zero, those of Discourse's own programs -> is_automated.
interactions
    accepted_answer -> acceptance; the API does not say when and by whom.

The API counts likes and names who liked only without the post: there are no likes one by one.
Quotes in a post are part of its text. Lists of topics and of users hold no post and are
``unknown_object``. Discourse has no hashtags.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, BinaryIO

import msgspec

from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.json_documents import read_json_documents
from spark_jobs.adapters.json_lines import (
    Count,
    bytes_of,
    clean,
    decoded,
    instant,
    unknown_object,
)
from spark_jobs.adapters.marks import at_handles
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, printable
from spark_jobs.adapters.texts import text_columns
from spark_jobs.adapters.unmapped import RecordDecoder, encoded_names, note_unmapped
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("posts", "interactions")

EMPTY_RESPONSE = "empty_response"
_LIKE = 2
"""Number of the action "like"."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
UserId = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class _Object(msgspec.Struct, gc=False):
    """An object of the API."""


class _Response(_Object):
    """What tells the kinds of responses apart, and what a topic says of all its posts."""

    post_stream: msgspec.Raw = msgspec.Raw()
    latest_posts: msgspec.Raw = msgspec.Raw()
    cooked: msgspec.Raw = msgspec.Raw()
    title: str | None = None
    category_id: int | None = None
    archetype: str | None = None


class _Stream(_Object):
    posts: list[msgspec.Raw]


class _Action(_Object):
    id: int
    count: Count = 0


class _Post(_Object):
    topic_id: Number
    post_number: Number
    cooked: str
    user_id: UserId | None = None
    username: str | None = None
    topic_title: str | None = None
    category_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: Count = 1
    reply_to_post_number: Number | None = None
    actions_summary: list[_Action] | None = None
    reply_count: Count | None = None
    reads: Count | None = None
    deleted_at: datetime | None = None
    user_deleted: bool | None = None
    accepted_answer: bool | None = None


_RESPONSE = msgspec.json.Decoder(_Response)
_STREAM = msgspec.json.Decoder(_Stream)
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_TOPIC_NAMES = encoded_names(_Response)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each post of each response."""
    posts_decoder = RecordDecoder(_Post, passage)

    def outcomes_of(number: int, content: bytes) -> Iterator[Outcome]:
        response = decoded(_RESPONSE, content)
        reader = _ResponseReader(number, source.channel, response, posts_decoder)
        if not response.cooked:
            note_unmapped(passage, decoded(_PARTS, content).keys() - _TOPIC_NAMES)
        if posts := bytes_of(response.post_stream):
            yield from reader.posts(decoded(_STREAM, posts).posts, "/post_stream/posts")
        elif posts := bytes_of(response.latest_posts):
            yield from reader.posts(decoded(_ELEMENTS, posts), "/latest_posts")
        elif response.cooked:
            yield from reader.post(content, "")
        else:
            raise unknown_object(content, "a topic with its posts, a list of posts or a post")

    return read_json_documents(stream, passage.first_line, outcomes_of)


@dataclass(frozen=True, slots=True)
class _ResponseReader:
    """Yields the outcomes of one response; a fault in a post leaves the others alone."""

    number: int
    channel: str
    response: _Response
    posts_decoder: RecordDecoder[_Post]

    def posts(self, posts: list[msgspec.Raw], item: str) -> Iterator[Outcome]:
        """A list of posts; one that is empty is a fault of the response."""
        if not posts:
            raise Fault(EMPTY_RESPONSE, f"{item[1:]}: found no post, expected one at least")
        for index, post in enumerate(posts):
            yield from self.post(bytes(post), f"{item}/{index}")

    def post(self, content: bytes, item: str) -> Iterator[Outcome]:
        """A post, and its acceptance as the answer."""
        raw = printable(content)
        try:
            post = self.posts_decoder.decode(content)
            values = self._values(post)
        except Fault as fault:
            yield fault.quarantined(self.number, raw, item or None)
            return
        yield Accepted("posts", values, self.number, raw, item or None)
        if post.accepted_answer:
            acceptance = {
                "channel": self.channel,
                "interaction_type": "acceptance",
                "post_id": values["post_id"],
            }
            yield Accepted("interactions", acceptance, self.number, raw, f"{item}/accepted_answer")

    def _values(self, post: _Post) -> dict[str, Any]:
        content = shown(post.cooked)
        is_first = post.post_number == 1
        is_deleted = post.deleted_at is not None or bool(post.user_deleted)
        title = (self.response.title or post.topic_title) if is_first else None
        text = clean("\n\n".join(part for part in (title, content.text) if part))
        columns = text_columns(None if is_deleted else text)
        text = columns["text"]
        archetype = self.response.archetype
        category = self.response.category_id or post.category_id
        return {
            "channel": self.channel,
            "post_id": f"{post.topic_id}/{post.post_number}",
            "author_id": None if post.user_id is None else str(post.user_id),
            "author_handle": clean(post.username),
            **columns,
            "section": None if category is None else str(category),
            "created_at": instant("created_at", post.created_at),
            "edited_at": instant("updated_at", post.updated_at) if post.version > 1 else None,
            "in_reply_to_post_id": None
            if is_first
            else f"{post.topic_id}/{post.reply_to_post_number or 1}",
            "thread_id": f"{post.topic_id}/1",
            "mentions": at_handles(text) if text else None,
            "urls": [link.replace("\x00", "�") for link in content.links] if text else None,
            "like_count": _likes(post),
            "reply_count": post.reply_count,
            "view_count": post.reads,
            "is_automated": None if post.user_id is None else post.user_id < 0,
            "is_private": archetype == "private_message" if archetype else None,
            "is_deleted": is_deleted,
        }


def _likes(post: _Post) -> int | None:
    """Likes of a post; actions that nobody took may be left out of the list."""
    if post.actions_summary is None:
        return None
    return sum(action.count for action in post.actions_summary if action.id == _LIKE)
