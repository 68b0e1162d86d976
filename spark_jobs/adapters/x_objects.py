"""The objects of X API v2, and the canonical values of posts, profiles and compliance events.

How lines are made of these objects is in ``x_api_v2``. Structures name the fields that are
mapped and ignore the rest; parts that are records of their own are kept as raw JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.faults import Fault, described, impossible
from spark_jobs.adapters.json_lines import Count, clean, cleaned, instant, instants
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.outcomes import Values
from spark_jobs.adapters.texts import array_without_markup_escapes, text_arrays
from spark_jobs.tables.declaration import STRING

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}\Z")]
_ID = r"^[0-9]{1,20}$"
"""The same for Arrow."""
Name = Annotated[str, msgspec.Meta(min_length=1)]

UNSUPPORTED_EVENT = "unsupported_event"
SNOWFLAKES_SINCE = datetime(2010, 11, 5, tzinfo=UTC)
"""Ids of posts made since then hold the time (https://docs.x.com/fundamentals/x-ids)."""
_SNOWFLAKE_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
_SNOWFLAKE_BITS = 22
_SNOWFLAKE_TOLERANCE = timedelta(seconds=2)
_EVENT_TYPES = {"delete": "deletion", "withhold": "withholding", "withheld": "withholding"}


class XObject(msgspec.Struct, gc=False):
    """An object of the API."""


class Link(XObject):
    """A link in a text or a profile."""

    url: str | None = None
    expanded_url: str | None = None
    unwound_url: str | None = None

    @property
    def target(self) -> str | None:
        """Where the link leads, as far as the API followed it."""
        return clean(self.unwound_url or self.expanded_url or self.url)


class Mention(XObject):
    """An account named in a text; with ``name`` where twarc2 put its profile there."""

    username: Name
    name: str | None = None


class Hashtag(XObject):
    """A hashtag in a text."""

    tag: str


class Entities(XObject):
    """What the API found in a text; absent where it found nothing or was not asked."""

    urls: list[Link] | None = None
    mentions: list[Mention] | None = None
    hashtags: list[Hashtag] | None = None


class PostMetrics(XObject):
    """Public counts of a post."""

    like_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    impression_count: Count | None = None


class Reference(XObject):
    """A post that a post refers to; with ``text`` where twarc2 put the whole post there."""

    type: str
    id: str
    text: str | None = None


class Note(XObject):
    """The whole of a post that is longer than its ``text`` shows."""

    text: str | None = None
    entities: Entities | None = None


class Withheld(XObject):
    """Where the platform hides a post for legal reasons."""

    country_codes: list[str] | None = None


class Post(XObject):
    """A post."""

    id: str
    text: str
    author_id: str | None = None
    created_at: datetime | None = None
    conversation_id: str | None = None
    in_reply_to_user_id: str | None = None
    referenced_tweets: list[Reference] | None = None
    entities: Entities | None = None
    public_metrics: PostMetrics | None = None
    lang: str | None = None
    edit_history_tweet_ids: list[str] | None = None
    note_tweet: Note | None = None
    withheld: Withheld | None = None
    author: msgspec.Raw = msgspec.Raw()
    in_reply_to_user: msgspec.Raw = msgspec.Raw()

    @property
    def is_flattened(self) -> bool:
        """Whether records of their own were put inside the post."""
        return bool(
            self.author
            or self.in_reply_to_user
            or (
                self.referenced_tweets
                and any(reference.text is not None for reference in self.referenced_tweets)
            )
        )


class InnerEntities(XObject):
    """The mentions of a flattened post."""

    mentions: list[msgspec.Raw] | None = None


class Inner(XObject):
    """The parts of a flattened post that may be records of their own."""

    author: msgspec.Raw = msgspec.Raw()
    in_reply_to_user: msgspec.Raw = msgspec.Raw()
    entities: InnerEntities | None = None
    referenced_tweets: list[msgspec.Raw] | None = None


class UserMetrics(XObject):
    """Public counts of a profile."""

    followers_count: Count | None = None
    following_count: Count | None = None
    tweet_count: Count | None = None


class UserLinks(XObject):
    """The links of one field of a profile."""

    urls: list[Link] | None = None


class UserEntities(XObject):
    """What the API found in a profile."""

    url: UserLinks | None = None


class User(XObject):
    """A profile."""

    id: str
    username: Name
    name: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    entities: UserEntities | None = None
    public_metrics: UserMetrics | None = None
    verified: bool | None = None
    verified_type: str | None = None
    created_at: datetime | None = None
    pinned_tweet: msgspec.Raw = msgspec.Raw()


class Event(XObject):
    """A compliance event on a post or a user; nothing in it says which of the two."""

    id: Id
    action: str
    created_at: datetime | None = None
    redacted_at: datetime | None = None
    reason: str | None = None


_NO_NOTE, _NO_METRICS, _NO_USER_METRICS = Note(), PostMetrics(), UserMetrics()

Found = tuple[dict[str, Values], dict[int, Fault]]
"""Columns, and the faults of rows with an id or a time that cannot be true."""


def post_columns(channel: str, seen: list[tuple[Post, datetime | None]]) -> Found:
    """The columns of ``posts`` for posts and the times at which they were received."""
    faults: dict[int, Fault] = {}
    posts = [post for post, _ in seen]
    notes = [post.note_tweet or _NO_NOTE for post in posts]
    written = [note.text or post.text for note, post in zip(notes, posts, strict=True)]
    metrics = [post.public_metrics or _NO_METRICS for post in posts]
    references = [
        {each.type: each.id for each in post.referenced_tweets} if post.referenced_tweets else {}
        for post in posts
    ]

    def referred(kind: str) -> pa.Array:
        return _ids("referenced_tweets.id", [each.get(kind) for each in references], faults)

    first_ids = [
        post.edit_history_tweet_ids[0] if post.edit_history_tweet_ids else post.id for post in posts
    ]
    edited = [first_id != post.id for first_id, post in zip(first_ids, posts, strict=True)]
    created_at = instants("created_at", [post.created_at for post in posts], faults)
    return {
        "channel": pa.repeat(channel, len(posts)),
        "post_id": _ids("id", [post.id for post in posts], faults),
        "author_id": _ids("author_id", [post.author_id for post in posts], faults),
        **text_arrays(array_without_markup_escapes(cleaned(written))),
        "created_at": created_at,
        "received_at": [received_at for _, received_at in seen],
        "edited_at": pc.if_else(pa.array(edited), created_at, None),
        "edit_of_post_id": pc.if_else(
            pa.array(edited), _ids("edit_history_tweet_ids", first_ids, faults), None
        ),
        "in_reply_to_post_id": referred("replied_to"),
        "in_reply_to_account_id": _ids(
            "in_reply_to_user_id", [post.in_reply_to_user_id for post in posts], faults
        ),
        "thread_id": _ids("conversation_id", [post.conversation_id for post in posts], faults),
        "repost_of_post_id": referred("retweeted"),
        "quoted_post_id": referred("quoted"),
        **_marks([note.entities or post.entities for note, post in zip(notes, posts, strict=True)]),
        "like_count": [each.like_count for each in metrics],
        "repost_count": [each.retweet_count for each in metrics],
        "reply_count": [each.reply_count for each in metrics],
        "view_count": [each.impression_count for each in metrics],
        "lang_hint": cleaned(post.lang for post in posts),
        "is_private": pa.repeat(False, len(posts)),
        "withheld_in_countries": [
            countries(post.withheld.country_codes) if post.withheld else None for post in posts
        ],
    }, faults


def account_columns(channel: str, seen: list[tuple[User, datetime | None]]) -> Found:
    """The columns of ``accounts`` for profiles and the times at which they were received."""
    faults: dict[int, Fault] = {}
    users = [user for user, _ in seen]
    metrics = [user.public_metrics or _NO_USER_METRICS for user in users]
    return {
        "channel": pa.repeat(channel, len(users)),
        "account_id": _ids("id", [user.id for user in users], faults),
        "handle": cleaned(user.username for user in users),
        "display_name": cleaned(user.name for user in users),
        "description": cleaned(user.description for user in users),
        "location": cleaned(user.location for user in users),
        "url": cleaned(map(_link_of, users)),
        "followers_count": [each.followers_count for each in metrics],
        "following_count": [each.following_count for each in metrics],
        "posts_count": [each.tweet_count for each in metrics],
        "is_verified": [user.verified for user in users],
        "is_brand": [
            user.verified_type == "business" if user.verified_type else None for user in users
        ],
        "created_at": instants("created_at", [user.created_at for user in users], faults),
        "received_at": [received_at for _, received_at in seen],
    }, faults


def _ids(field: str, ids: Sequence[str | None], faults: dict[int, Fault]) -> pa.Array:
    """Ids; adds the faults of what is none, by place.

    To look at all at once is ten times as fast as to have the decoder match the same pattern.
    """
    found = pa.array(ids, STRING)
    is_none = pc.invert(pc.match_substring_regex(found, _ID))
    for row in pc.indices_nonzero(is_none).to_pylist():
        faults.setdefault(row, impossible(field, ids[row], "an id of 1 to 20 digits"))
    return found


def _link_of(user: User) -> str | None:
    links = user.entities.url.urls if user.entities and user.entities.url else None
    return links[0].target if links else user.url


def event_values(event: Event, channel: str) -> dict[str, Any]:
    """The columns of ``interactions``; raises Fault for an event that does not touch a post.

    ``created_at`` of an event is that of the post, ``redacted_at`` that of the event.
    """
    interaction_type = _EVENT_TYPES.get(event.action)
    if interaction_type is None or event.reason == "scrub_geo":
        raise Fault(
            UNSUPPORTED_EVENT,
            f"action: found {described(event.action)} for the reason {described(event.reason)}, "
            "expected the deletion or withholding of a post",
        )
    created_at = instant("created_at", event.created_at)
    if created_at and created_at >= SNOWFLAKES_SINCE and not _made_at(event.id, created_at):
        raise Fault(
            UNSUPPORTED_EVENT,
            f"id: found {event.id}, which no post made at {created_at.isoformat()} can have, "
            "so that the event is about a user, expected the id of a post",
        )
    return {
        "channel": channel,
        "interaction_type": interaction_type,
        "post_id": event.id,
        "created_at": instant("redacted_at", event.redacted_at),
        "detail": clean(event.reason),
    }


def countries(codes: list[str] | None) -> list[str] | None:
    """Codes of countries in one order, so that another order makes no other version."""
    return sorted({code.upper() for code in codes}) if codes else None


def _marks(found: list[Entities | None]) -> dict[str, Values]:
    """What the API found in each text; null where it was not asked."""
    return {
        "mentions": [
            each and distinct([mention.username.lower() for mention in each.mentions or ()])
            for each in found
        ],
        "hashtags": [
            each and distinct([hashtag.tag.lower() for hashtag in each.hashtags or ()])
            for each in found
        ],
        "urls": [
            each and distinct([link for one in each.urls or () if (link := one.target)])
            for each in found
        ],
    }


def _made_at(post_id: str, moment: datetime) -> bool:
    """Whether the id of a post was given out at that time."""
    milliseconds = int(post_id) >> _SNOWFLAKE_BITS
    return abs(moment - _SNOWFLAKE_EPOCH - timedelta(milliseconds=milliseconds)) <= (
        _SNOWFLAKE_TOLERANCE
    )
