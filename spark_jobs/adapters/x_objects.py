"""The objects of X API v2, and the canonical values of posts, profiles and compliance events.

How lines are made of these objects is in ``x_api_v2``. Structures name the fields that are
mapped and ignore the rest; parts that are records of their own are kept as raw JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from spark_jobs.adapters.faults import Fault, described
from spark_jobs.adapters.json_lines import Count, clean, instant
from spark_jobs.adapters.marks import distinct
from spark_jobs.adapters.texts import text_columns, without_markup_escapes

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}\Z")]
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
    id: Id
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

    id: Id
    text: str
    author_id: Id | None = None
    created_at: datetime | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    referenced_tweets: list[Reference] | None = None
    entities: Entities | None = None
    public_metrics: PostMetrics | None = None
    lang: str | None = None
    edit_history_tweet_ids: list[Id] | None = None
    note_tweet: Note | None = None
    withheld: Withheld | None = None
    author: msgspec.Raw = msgspec.Raw()
    in_reply_to_user: msgspec.Raw = msgspec.Raw()

    @property
    def is_flattened(self) -> bool:
        """Whether records of their own were put inside the post."""
        return (
            bool(self.author)
            or bool(self.in_reply_to_user)
            or any(reference.text is not None for reference in self.referenced_tweets or ())
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

    id: Id
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


def post_values(post: Post, channel: str, received_at: datetime | None) -> dict[str, Any]:
    """The columns of ``posts``; raises Fault where a time cannot be true."""
    note = post.note_tweet or Note()
    text = clean(without_markup_escapes(note.text or post.text))
    entities = note.entities or post.entities
    metrics = post.public_metrics or PostMetrics()
    referred = {reference.type: reference.id for reference in post.referenced_tweets or ()}
    created_at = instant("created_at", post.created_at)
    first_id = (post.edit_history_tweet_ids or (post.id,))[0]
    is_edit = first_id != post.id
    return {
        "channel": channel,
        "post_id": post.id,
        "author_id": post.author_id,
        **text_columns(text),
        "created_at": created_at,
        "received_at": received_at,
        "edited_at": created_at if is_edit else None,
        "edit_of_post_id": first_id if is_edit else None,
        "in_reply_to_post_id": referred.get("replied_to"),
        "in_reply_to_account_id": post.in_reply_to_user_id,
        "thread_id": post.conversation_id,
        "repost_of_post_id": referred.get("retweeted"),
        "quoted_post_id": referred.get("quoted"),
        **_marks(entities),
        "like_count": metrics.like_count,
        "repost_count": metrics.retweet_count,
        "reply_count": metrics.reply_count,
        "view_count": metrics.impression_count,
        "lang_hint": clean(post.lang),
        "is_private": False,
        "withheld_in_countries": countries((post.withheld or Withheld()).country_codes),
    }


def account_values(user: User, channel: str, received_at: datetime | None) -> dict[str, Any]:
    """The columns of ``accounts``; raises Fault where a time cannot be true."""
    metrics = user.public_metrics or UserMetrics()
    links = user.entities.url.urls if user.entities and user.entities.url else None
    return {
        "channel": channel,
        "account_id": user.id,
        "handle": clean(user.username),
        "display_name": clean(user.name),
        "description": clean(user.description),
        "location": clean(user.location),
        "url": links[0].target if links else clean(user.url),
        "followers_count": metrics.followers_count,
        "following_count": metrics.following_count,
        "posts_count": metrics.tweet_count,
        "is_verified": user.verified,
        "is_brand": user.verified_type == "business" if user.verified_type else None,
        "created_at": instant("created_at", user.created_at),
        "received_at": received_at,
    }


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


def _marks(entities: Entities | None) -> dict[str, list[str] | None]:
    if entities is None:
        return {"mentions": None, "hashtags": None, "urls": None}
    links = (link.target for link in entities.urls or ())
    return {
        "mentions": distinct([mention.username.lower() for mention in entities.mentions or ()]),
        "hashtags": distinct([hashtag.tag.lower() for hashtag in entities.hashtags or ()]),
        "urls": distinct([link for link in links if link]),
    }


def _made_at(post_id: str, moment: datetime) -> bool:
    """Whether the id of a post was given out at that time."""
    milliseconds = int(post_id) >> _SNOWFLAKE_BITS
    return abs(moment - _SNOWFLAKE_EPOCH - timedelta(milliseconds=milliseconds)) <= (
        _SNOWFLAKE_TOLERANCE
    )
