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
from typing import Annotated, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.adapters.faults import Fault, described, impossible, missing
from spark_jobs.adapters.json_lines import (
    Count,
    JsonBlock,
    Score,
    cleaned,
    read_json_blocks,
    unknown_object,
)
from spark_jobs.adapters.marks import LINKS, REDDIT_HANDLES, distinct
from spark_jobs.adapters.outcomes import EARLIEST, LATEST, Outcome, Passage, Values, in_utc
from spark_jobs.adapters.text_readers import with_others
from spark_jobs.adapters.texts import (
    array_without_markup_escapes,
    text_arrays,
    without_markup_escapes,
)
from spark_jobs.adapters.unmapped import RecordDecoder
from spark_jobs.sources import Source
from spark_jobs.tables.declaration import INSTANT, STRINGS

SPLITTABLE = True
TABLES = ("posts",)

_COMMENT = "t1_"
_SUBMISSION = "t3_"
_TAKEN_AWAY = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[ Removed by Reddit ]"})
_EARLIEST, _LATEST = EARLIEST.timestamp(), LATEST.timestamp()
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
    """Yield an outcome for each block of lines."""
    objects = RecordDecoder(_Object, passage)

    def decode(content: bytes) -> tuple[str, _Object]:
        found = objects.decode(content)
        return _full_name(found, content), found

    for block in read_json_blocks(stream, passage.first_line, decode, ("", _Object())):
        yield block.outcome("posts", _columns(block, source.channel))


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


def _columns(block: JsonBlock[tuple[str, _Object]], channel: str) -> dict[str, Values]:
    """The columns of ``posts``; adds the faults of times that cannot be true."""
    names = [name for name, _ in block.found]
    found = [each for _, each in block.found]
    submissions = [name.startswith(_SUBMISSION) for name in names]
    deleted = list(map(_is_deleted, found, submissions))
    authors = cleaned(None if each.author in _TAKEN_AWAY else each.author for each in found)
    written = cleaned(
        None if is_deleted else _text(each) for each, is_deleted in zip(found, deleted, strict=True)
    )
    texts = text_arrays(array_without_markup_escapes(written))
    has_text = pc.is_valid(texts["text"])
    return {
        "channel": pa.repeat(channel, len(names)),
        "post_id": names,
        "author_id": authors,
        "author_handle": authors,
        **texts,
        "section": cleaned(each.subreddit for each in found),
        "created_at": _instants(block, "created_utc", [each.created_utc for each in found]),
        "received_at": pc.coalesce(
            _instants(block, "retrieved_on", [each.retrieved_on for each in found]),
            _instants(
                block,
                "retrieved_utc",
                [each.retrieved_utc if each.retrieved_on is None else None for each in found],
            ),
        ),
        "edited_at": _instants(block, "edited", list(map(_edited, found))),
        "in_reply_to_post_id": [each.parent_id for each in found],
        "thread_id": [
            name if is_submission else each.link_id
            for name, each, is_submission in zip(names, found, submissions, strict=True)
        ],
        "repost_of_post_id": [each.crosspost_parent for each in found],
        "mentions": pc.if_else(has_text, REDDIT_HANDLES.in_texts(texts["text"]), None),
        "urls": pc.if_else(has_text, _links(found, texts["text"], submissions), None),
        "like_count": [
            None if each.score_hidden or each.hide_score else each.score for each in found
        ],
        "reply_count": [
            each.num_comments if is_submission else None
            for each, is_submission in zip(found, submissions, strict=True)
        ],
        "is_private": pa.repeat(False, len(names)),
        "is_deleted": deleted,
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
    if found.title is None:
        return found.body
    return "\n\n".join(part for part in (found.title, found.selftext) if part)


def _edited(found: _Object) -> Moment | None:
    return None if isinstance(found.edited, bool) or not found.edited else found.edited


def _links(found: list[_Object], texts: pa.Array, submissions: list[bool]) -> pa.Array:
    """Links in the texts, after the one that a submission is about."""
    in_texts = LINKS.in_texts(texts)
    linked = [
        row
        for row, (each, is_submission) in enumerate(zip(found, submissions, strict=True))
        if is_submission and each.is_self is False and each.url
    ]
    if not linked:
        return in_texts
    both = [
        distinct([without_markup_escapes(found[row].url or ""), *more])
        for row, more in zip(linked, in_texts.take(pa.array(linked)).to_pylist(), strict=True)
    ]
    return with_others(in_texts, np.array(linked), pa.array(both, STRINGS))


def _instants(
    block: JsonBlock[tuple[str, _Object]], field: str, moments: list[Moment | None]
) -> pa.Array:
    """Seconds since 1970 as times; adds a fault where one cannot be true.

    Whole seconds, which nearly all are, are taken together.
    """
    is_sure = [
        isinstance(each, int | float) and _EARLIEST <= each < _LATEST and each % 1 == 0
        for each in moments
    ]
    seconds = [
        int(each or 0) if sure else None for each, sure in zip(moments, is_sure, strict=True)
    ]
    found = pc.multiply(pa.array(seconds, pa.int64()), 1_000_000).cast(INSTANT)
    others = np.array(
        [
            row
            for row, (each, sure) in enumerate(zip(moments, is_sure, strict=True))
            if each is not None and not sure
        ],
        dtype=int,
    )
    times = []
    for row in others:
        try:
            times.append(_instant(field, moments[row]))
        except Fault as fault:
            block.faults.setdefault(int(row), fault.alone())
            times.append(None)
    return with_others(found, others, pa.array(times, INSTANT))


def _instant(field: str, moment: Moment | None) -> datetime | None:
    """Seconds since 1970 as a time; raises Fault where it cannot be true."""
    if moment is None:
        return None
    try:
        return in_utc(datetime.fromtimestamp(float(moment), UTC), UTC)
    except (ValueError, OverflowError, OSError) as error:
        expected = "seconds since 1970 of a time between 1990 and 2200"
        raise impossible(field, moment, expected) from error
