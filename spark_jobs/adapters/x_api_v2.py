"""X API v2 as JSON lines: what twarc2 and the API's own endpoints deliver.

Format: https://docs.x.com/x-api/fundamentals/data-dictionary (posts, users, expansions),
https://docs.x.com/x-api/compliance/batch-compliance/introduction (compliance events),
https://twarc-project.readthedocs.io/en/latest/twarc2_en_us/ (pages, flattened posts).

A line is a page of a response (``data``, ``includes``, ``errors``), a post that twarc2
flattened (its author and the posts it refers to inside it), a user, or a compliance event.
Every post and every profile in it is a record of its own, at a JSON pointer:

posts
    id, author_id, text (``note_tweet`` where the post is longer than ``text`` shows; the escapes
    &amp; &lt; &gt; undone, which profiles do not have),
    created_at, conversation_id -> thread_id, in_reply_to_user_id -> in_reply_to_account_id,
    referenced_tweets -> in_reply_to_post_id, repost_of_post_id, quoted_post_id, entities ->
    mentions, hashtags, urls, public_metrics -> counts, lang -> lang_hint,
    edit_history_tweet_ids -> edit_of_post_id, withheld -> withheld_in_countries. An edit has an
    id of its own, so it is a post of its own that names the first of its history; its edited_at
    is its created_at.
accounts
    id, username, name, description, location, url, public_metrics, verified, verified_type,
    created_at.
interactions
    compliance events on posts: deletion, withholding; created_at is null where the event does
    not say when it happened. Events on users are ``unsupported_event`` where the id shows it:
    ids of users that joined since 2016 cannot be told from those of posts.

``__twarc.retrieved_at`` -> received_at. Each element of ``errors`` is quarantined as
``source_error``: something asked for that the source did not deliver. Lists and counts are
``unknown_object``. Media, polls and places describe posts and are not records. What has no
column stays in ``raw``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from spark_jobs.adapters.json_lines import bytes_of, decoded, read_json_lines, unknown_object
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.unmapped import encoded_names, note_unmapped
from spark_jobs.adapters.x_records import Decoders, Line, LineReader, Page
from spark_jobs.sources import Source

SPLITTABLE = True
TABLES = ("posts", "accounts", "interactions")

_EXPECTED = "a page, a post, a user or a compliance event"
_PAGE = msgspec.json.Decoder(Page)
_LINE = msgspec.json.Decoder(Line)
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PAGE_NAMES = encoded_names(Line)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each post, profile, event and error of each line."""
    decoders = Decoders(passage, source.channel)

    def outcomes_of(number: int, content: bytes) -> Iterator[Outcome]:
        line = _page(content) or decoded(_LINE, content)
        reader = LineReader(number, source.channel, decoders)
        if line.collector:
            yield from reader.collector(bytes_of(line.collector))
        if isinstance(line, Page):
            yield from reader.page(line)
        elif line.data or line.includes or line.errors or line.meta:
            note_unmapped(passage, decoded(_PARTS, content).keys() - _PAGE_NAMES)
            yield from reader.page(line)
        elif line.text:
            yield from reader.post(content, "")
        elif line.username:
            yield from reader.user(content, "")
        elif line.action:
            yield from reader.event(content)
        elif line.title and line.detail:
            yield from reader.error(content, "")
        else:
            raise unknown_object(content, _EXPECTED)

    return read_json_lines(stream, passage.first_line, outcomes_of)


def _page(content: bytes) -> Page | None:
    """A page that has no other fields and a list of posts; None for all other lines."""
    try:
        return _PAGE.decode(content)
    except (msgspec.DecodeError, RecursionError):
        return None
