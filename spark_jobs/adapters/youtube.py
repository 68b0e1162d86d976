"""The YouTube comments CSV: comments of one or more videos, one a row.

Format: https://archive.ics.uci.edu/dataset/380/youtube+spam+collection (the columns) and
https://developers.google.com/youtube/v3/docs/comments (what they were taken from).

COMMENT_ID -> post_id; DATE -> created_at; CONTENT -> text, without the HTML that YouTube shows it
in, urls, mentions, hashtags. AUTHOR is a name that many people may share, unless it starts with
``@``: only then is it author_handle and author_id. The labels that data sets add, ``label`` or
CLASS, are no words of YouTube and stay in ``raw``, as do other names. The file says nothing of
videos, answers, counts or profiles, and YouTube has no private comments.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from spark_jobs.adapters.csv_rows import Layout, Row, read_rows
from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.json_lines import clean
from spark_jobs.adapters.marks import at_handles, distinct, hashtags, links
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.texts import text_columns
from spark_jobs.sources import Source

SPLITTABLE = False
TABLES = ("posts",)

LAYOUT = Layout(
    required=("comment_id", "author", "date", "content"),
    optional=("label", "class"),
)


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row."""

    def values_of(row: Row) -> dict[str, Any]:
        return _values(row, source.channel)

    return read_rows(stream, source, passage, LAYOUT, "posts", values_of)


def _values(row: Row, channel: str) -> dict[str, Any]:
    author = row.text("author")
    handle = author[1:] if author and author.startswith("@") else None
    content = shown(row.fields["content"])
    columns = text_columns(clean(content.text))
    text = columns["text"] or ""
    return {
        "channel": channel,
        "post_id": row.required_identifier("comment_id"),
        "author_id": handle or None,
        "author_handle": handle or None,
        **columns,
        "created_at": row.instant("date"),
        "mentions": at_handles(text),
        "hashtags": hashtags(text),
        "urls": distinct(content.links + links(text)),
        "is_private": False,
    }
