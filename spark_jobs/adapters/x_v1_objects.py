"""The parts of X API v1.1 statuses that are read, as their JSON has them, in archives too.

What becomes of them is in ``x_v1``.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from spark_jobs.adapters.json_lines import Count
from spark_jobs.adapters.x_objects import Id, Link

Name = Annotated[str, msgspec.Meta(min_length=1)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
WrittenCount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}\Z")]


class Object(msgspec.Struct, gc=False):
    """An object of the API."""


class Kind(Object):
    """What tells a status, and what holds some, from anything else."""

    text: msgspec.Raw = msgspec.Raw()
    full_text: msgspec.Raw = msgspec.Raw()
    statuses: msgspec.Raw = msgspec.Raw()
    tweet: msgspec.Raw = msgspec.Raw()


class User(Object):
    """An account."""

    id: Number | None = None
    id_str: Id | None = None
    screen_name: Name | None = None
    name: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    followers_count: Count | None = None
    friends_count: Count | None = None
    statuses_count: Count | None = None
    verified: bool | None = None
    created_at: str | None = None


class Author(Object):
    """What a status needs of its author; the whole user is a record of its own."""

    id: Number | None = None
    id_str: Id | None = None
    screen_name: Name | None = None


class Mention(Object):
    """An account that a text names."""

    screen_name: Name


class Hashtag(Object):
    """A hashtag of a text."""

    text: str


class Entities(Object):
    """What is found in a text."""

    urls: list[Link] | None = None
    user_mentions: list[Mention] | None = None
    hashtags: list[Hashtag] | None = None


class Extended(Object):
    """A text of more than 140 characters, where the status has the beginning."""

    full_text: str
    entities: Entities | None = None


class Status(Object):
    """A status of the API."""

    created_at: str
    user: Author | None = None
    id: Number | None = None
    id_str: Id | None = None
    text: str | None = None
    full_text: str | None = None
    extended_tweet: Extended | None = None
    entities: Entities | None = None
    in_reply_to_status_id: Number | None = None
    in_reply_to_status_id_str: Id | None = None
    in_reply_to_user_id: Number | None = None
    in_reply_to_user_id_str: Id | None = None
    quoted_status_id: Number | None = None
    quoted_status_id_str: Id | None = None
    favorite_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    lang: str | None = None
    withheld_in_countries: list[str] | None = None
    retweeted_status: msgspec.Raw = msgspec.Raw()
    quoted_status: msgspec.Raw = msgspec.Raw()


class Archived(Object):
    """A status of an archive."""

    created_at: str
    id: Id | None = None
    id_str: Id | None = None
    full_text: str | None = None
    entities: Entities | None = None
    in_reply_to_status_id: Id | None = None
    in_reply_to_status_id_str: Id | None = None
    in_reply_to_user_id: Id | None = None
    in_reply_to_user_id_str: Id | None = None
    favorite_count: WrittenCount | None = None
    retweet_count: WrittenCount | None = None
    lang: str | None = None

    def as_status(self) -> Status:
        """The same as the API has it."""
        return Status(
            created_at=self.created_at,
            id_str=self.id_str or self.id,
            full_text=self.full_text,
            entities=self.entities,
            in_reply_to_status_id_str=self.in_reply_to_status_id_str or self.in_reply_to_status_id,
            in_reply_to_user_id_str=self.in_reply_to_user_id_str or self.in_reply_to_user_id,
            favorite_count=_number(self.favorite_count),
            retweet_count=_number(self.retweet_count),
            lang=self.lang,
        )


class Reference(Object):
    """What another status needs of one that it repeats or quotes."""

    id: Number | None = None
    id_str: Id | None = None


class Parts(Object):
    """The whole author of a status."""

    user: msgspec.Raw


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)
