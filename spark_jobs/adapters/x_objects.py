"""The objects of X API v2 as structures, which name the fields that are mapped and ignore the rest.

How lines are made of these objects is in ``x_api_v2``, what becomes of them in ``x_columns``. Parts
that are records of their own are kept as raw JSON.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from spark_jobs.adapters.json_lines import Count, clean

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}\Z")]
Name = Annotated[str, msgspec.Meta(min_length=1)]


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


def countries(codes: list[str] | None) -> list[str] | None:
    """Codes of countries in one order, so that another order makes no other version."""
    return sorted({code.upper() for code in codes}) if codes else None
