"""Reddit comments and submissions as JSON lines: the objects of Reddit's API, as dumps hold them.

Format: https://github.com/reddit-archive/reddit/wiki/JSON (objects and full names) and
https://www.reddit.com/dev/api/ (what the API delivers today).

name (or id with the object's kind) -> post_id, such as t1_c0ffee; author -> author_id and
author_handle; title, selftext, body -> text, with the escapes &amp; &lt; &gt; undone; parent_id
-> in_reply_to_post_id; link_id -> thread_id, which is its own name for a submission; subreddit ->
section; created_utc, edited, retrieved_on or retrieved_utc -> times; score -> like_count;
num_comments -> reply_count of a submission; crosspost_parent -> repost_of_post_id; links and
u/names in the text, and the url of a link submission -> urls, mentions. Reddit has no hashtags.

An author, title or text that Reddit replaced by [deleted] or [removed] is null. The post is
deleted where its text was replaced or ``removed_by_category`` says who took it away; where only
the author is gone, the text of a comment or a self post tells that the post still stands, and
for a link submission it is not known. A score that Reddit still hides from everyone is null.
Objects other than comments and submissions, such as "more", which stands for comments that were
not loaded, are ``unknown_object``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, BinaryIO

import msgspec

from spark_jobs.adapters.faults import Fault, described, impossible, missing
from spark_jobs.adapters.json_lines import (
    Count,
    Score,
    clean,
    read_json_lines,
    unknown_object,
)
from spark_jobs.adapters.marks import distinct, links, reddit_handles
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, in_utc, printable
from spark_jobs.adapters.texts import text_columns, without_markup_escapes
from spark_jobs.adapters.unmapped import RecordDecoder
from spark_jobs.sources import Source

SPLITTABLE = True
TABLES = ("posts",)

_COMMENT = "t1_"
_SUBMISSION = "t3_"
_TAKEN_AWAY = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[ Removed by Reddit ]"})
_EXPECTED = "a comment (t1) or a submission (t3)"

FullName = Annotated[str, msgspec.Meta(pattern=r"^t[1-9]_[0-9a-z]+\Z")]
PostName = Annotated[str, msgspec.Meta(pattern=r"^t[13]_[0-9a-z]+\Z")]
PlainId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-z]+\Z")]
Moment = int | float | str


class _Object(msgspec.Struct, gc=False):
    """The fields of comments and submissions that are mapped."""

    id: PlainId | None = None
    name: FullName | None = None
    author: str | None = None
    title: str | None = None
    selftext: str | None = None
    body: str | None = None
    url: str | None = None
    is_self: bool | None = None
    parent_id: PostName | None = None
    link_id: PostName | None = None
    crosspost_parent: PostName | None = None
    subreddit: str | None = None
    score: Score | None = None
    score_hidden: bool | None = None
    hide_score: bool | None = None
    num_comments: Count | None = None
    created_utc: Moment | None = None
    edited: bool | Moment | None = None
    retrieved_on: Moment | None = None
    retrieved_utc: Moment | None = None
    removed_by_category: str | None = None


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each line."""
    objects = RecordDecoder(_Object, passage)

    def outcomes_of(number: int, content: bytes) -> Iterator[Outcome]:
        found = objects.decode(content)
        name = _full_name(found, content)
        values = _values(found, name, source.channel)
        yield Accepted("posts", values, number, printable(content))

    return read_json_lines(stream, passage.first_line, outcomes_of)


def _full_name(found: _Object, content: bytes) -> str:
    """The post's full name; raises Fault for an object that is not a post."""
    is_submission = found.title is not None
    if not is_submission and found.body is None:
        if found.name is None or not found.name.startswith((_COMMENT, _SUBMISSION)):
            raise unknown_object(content, _EXPECTED)
        if b'"children"' in content:
            raise Fault("unknown_object", f'found a "more" object, expected {_EXPECTED}')
        field = "title" if found.name.startswith(_SUBMISSION) else "body"
        raise missing(field, f"the text of {described(found.name)}")
    kind = _SUBMISSION if is_submission else _COMMENT
    if found.name is None:
        if found.id is None:
            raise missing("id", "the id of the post")
        return kind + found.id
    if not found.name.startswith(kind):
        raise impossible("name", found.name, f"a name that starts with {kind}")
    return found.name


def _values(found: _Object, name: str, channel: str) -> dict[str, Any]:
    is_submission = name.startswith(_SUBMISSION)
    author = None if found.author in _TAKEN_AWAY else clean(found.author)
    is_deleted = _is_deleted(found, is_submission)
    columns = text_columns(None if is_deleted else _text(found))
    text = columns["text"]
    edited = found.edited if not isinstance(found.edited, bool) and found.edited else None
    is_hidden = found.score_hidden or found.hide_score
    return {
        "channel": channel,
        "post_id": name,
        "author_id": author,
        "author_handle": author,
        **columns,
        "section": clean(found.subreddit),
        "created_at": _instant("created_utc", found.created_utc),
        "received_at": _instant("retrieved_on", found.retrieved_on)
        or _instant("retrieved_utc", found.retrieved_utc),
        "edited_at": _instant("edited", edited),
        "in_reply_to_post_id": found.parent_id,
        "thread_id": name if is_submission else found.link_id,
        "repost_of_post_id": found.crosspost_parent,
        "mentions": reddit_handles(text) if text else None,
        "urls": _links(found, text, is_submission) if text else None,
        "like_count": None if is_hidden else found.score,
        "reply_count": found.num_comments if is_submission else None,
        "is_private": False,
        "is_deleted": is_deleted,
    }


def _is_deleted(found: _Object, is_submission: bool) -> bool | None:
    if found.removed_by_category:
        return True
    if is_submission and found.title in _TAKEN_AWAY:
        return True
    written = found.selftext if is_submission else found.body
    if written in _TAKEN_AWAY:
        return True
    return None if found.author in _TAKEN_AWAY and not written else False


def _text(found: _Object) -> str | None:
    written = (found.title, found.selftext) if found.title is not None else (found.body,)
    return clean("\n\n".join(without_markup_escapes(part) for part in written if part))


def _links(found: _Object, text: str, is_submission: bool) -> list[str]:
    linked = (
        without_markup_escapes(found.url or "") if is_submission and found.is_self is False else ""
    )
    return distinct(([linked] if linked else []) + links(text))


def _instant(field: str, moment: Moment | None) -> datetime | None:
    """Seconds since 1970 as a time; raises Fault where it cannot be true."""
    if moment is None:
        return None
    try:
        return in_utc(datetime.fromtimestamp(float(moment), UTC), UTC)
    except (ValueError, OverflowError, OSError) as error:
        expected = "seconds since 1970 of a time between 1990 and 2200"
        raise impossible(field, moment, expected) from error
