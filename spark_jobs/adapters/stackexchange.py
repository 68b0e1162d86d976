"""Stack Exchange data dumps: a site's tables, each an XML file with one row a line.

Format: https://meta.stackexchange.com/questions/2677 (tables, columns and numbers of types, as of
September 2025). The root element names the table; ids are unique in a site, which is the folder
of the file, so they become ``<site>/<id>``, those of comments ``<site>/c<id>``.

Posts -> posts
    Id; OwnerUserId -> author_id, OwnerDisplayName -> author_handle where the account is gone;
    Title, as first paragraph, and Body, without HTML -> text, urls; Tags -> hashtags; ParentId ->
    in_reply_to_post_id; the question -> thread_id; the site -> section; Score -> like_count;
    AnswerCount and CommentCount -> reply_count; ViewCount; CreationDate; LastEditDate ->
    edited_at; DeletionDate -> is_deleted. Wikis, their excerpts and help pages are posts too;
    their owner, always the program Community, is not their author, who is null.
    AcceptedAnswerId -> interactions: acceptance of the answer by the owner of the question.
Comments -> posts
    Id, PostId -> in_reply_to_post_id, UserId, UserDisplayName, Text, Score, CreationDate. They
    answer their post; which question that belongs to, the row does not say: thread_id is null.
Users -> accounts
    Id, DisplayName, AboutMe, without HTML -> description, Location, WebsiteUrl -> url,
    CreationDate. Id -1, the program Community -> is_automated. Names are not unique: no handle.
Votes -> interactions
    by type, see ``stackexchange_types``; UserId, which is -1 where the account is gone;
    BountyAmount -> detail. Dumps keep the day of a vote only, written as its midnight: that is
    created_date, and created_at is null.
Badges -> interactions
    ``badge`` of an account, without post: Name and Class -> detail.
PostLinks -> interactions
    ``link`` and ``duplicate_of``: RelatedPostId -> other_post_id.
PostHistory -> interactions
    ``revision`` of a post: what changed -> detail. Texts of earlier versions, in Markdown and for
    each field of a post, stay in ``raw``.
Tags -> tags.

An acceptance is delivered twice, as AcceptedAnswerId, which says by whom, and as a vote, which
says when: who counts acceptances counts answers. Reputation, licences, views of profiles and all
else that has no column stay in ``raw``. A question's being closed is in PostHistory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from spark_jobs.adapters.faults import Fault, missing
from spark_jobs.adapters.html_text import shown
from spark_jobs.adapters.json_lines import clean
from spark_jobs.adapters.marks import distinct, links
from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage
from spark_jobs.adapters.stackexchange_fields import (
    Attributes,
    day_or_moment,
    flag,
    identifier,
    moment,
    named,
    required_identifier,
    required_moment,
    site_of,
    whole_number,
)
from spark_jobs.adapters.stackexchange_types import (
    ANSWER,
    BADGE_CLASSES,
    LINKS,
    POSTS,
    QUESTION,
    REVISIONS,
    VOTES,
    WIKIS,
)
from spark_jobs.adapters.texts import text_columns
from spark_jobs.adapters.xml_rows import read_elements
from spark_jobs.sources import Source

SPLITTABLE = False  # the root element, on the first lines, names the table
TABLES = ("posts", "accounts", "interactions", "tags")

_COMMUNITY = "-1"
_TAG = re.compile(r"[^<>|]+")


def read(stream: BinaryIO, source: Source, passage: Passage) -> Iterator[Outcome]:
    """Yield an outcome for each row, and one for each acceptance that a question names."""
    no_site: Fault | None = None
    site = _Site("", source.channel)
    try:
        site = _Site(site_of(passage.file, source.glob), source.channel)
    except Fault as fault:
        no_site = fault
    for element in read_elements(stream, passage, _MAPPED):
        try:
            if reason := element.fault or no_site:
                raise reason
            table, read_row = _READERS[element.table]
            values = read_row(site, element.attributes)
            acceptance = _acceptance(site, element.attributes, values) if table == "posts" else None
        except Fault as fault:
            yield fault.quarantined(element.position, element.raw, element.item)
            continue
        yield Accepted(table, values, element.position, element.raw, element.item)
        if acceptance:
            item = f"{element.item or ''}/AcceptedAnswerId"
            yield Accepted("interactions", acceptance, element.position, element.raw, item)


@dataclass(frozen=True, slots=True)
class _Site:
    """A site, which gives its rows' ids their names."""

    name: str
    channel: str

    def id(self, native: str | None, kind: str = "") -> str | None:
        """The id that a row has among all sites."""
        return None if native is None else f"{self.name}/{kind}{native}"


def _post(site: _Site, row: Attributes) -> dict[str, Any]:
    post_id = site.id(required_identifier(row, "Id"))
    kind = named(row, "PostTypeId", POSTS, "type of post")
    parent = site.id(identifier(row, "ParentId"))
    if kind == ANSWER and parent is None:
        raise missing("ParentId", "the question that the answer belongs to")
    created_at = required_moment(row, "CreationDate")
    is_deleted = moment(row, "DeletionDate") is not None
    content = shown(row.get("Body", ""))
    text = clean("\n\n".join(part for part in (row.get("Title"), content.text) if part))
    columns = text_columns(None if is_deleted else text)
    author = identifier(row, "OwnerUserId")
    is_wiki = kind in WIKIS
    tags = row.get("Tags")
    return {
        "channel": site.channel,
        "post_id": post_id,
        "author_id": None if is_wiki else site.id(author),
        "author_handle": clean(row.get("OwnerDisplayName")) if author is None else None,
        **columns,
        "section": site.name,
        "created_at": created_at,
        "edited_at": moment(row, "LastEditDate"),
        "in_reply_to_post_id": parent,
        "thread_id": parent or (None if is_wiki else post_id),
        "hashtags": _hashtags(tags) if tags else None,
        "urls": [link.replace("\x00", "�") for link in content.links] if columns["text"] else None,
        "like_count": whole_number(row, "Score"),
        "reply_count": _replies(row, kind),
        "view_count": whole_number(row, "ViewCount", 0),
        "is_automated": None if author is None or is_wiki else author == _COMMUNITY,
        "is_private": False,
        "is_deleted": is_deleted,
    }


def _hashtags(tags: str) -> list[str]:
    """Tags of ``<a><b>`` and, as dumps write them since 2024, of ``|a|b|``."""
    return distinct([tag.lower().replace("\x00", "�") for tag in _TAG.findall(tags)])


def _replies(row: Attributes, kind: str) -> int | None:
    """Comments and, for a question, answers; null where the row does not count all of them."""
    comments = whole_number(row, "CommentCount", 0)
    answers = whole_number(row, "AnswerCount", 0)
    if kind != QUESTION:
        return comments
    return None if comments is None or answers is None else comments + answers


def _acceptance(site: _Site, row: Attributes, post: dict[str, Any]) -> dict[str, Any] | None:
    answer = identifier(row, "AcceptedAnswerId")
    if answer is None:
        return None
    return {
        "channel": site.channel,
        "interaction_type": "acceptance",
        "post_id": site.id(answer),
        "account_id": post["author_id"],
    }


def _comment(site: _Site, row: Attributes) -> dict[str, Any]:
    author = identifier(row, "UserId")
    written = clean(row.get("Text"))
    if written is None:
        raise missing("Text", "what the comment says")
    columns = text_columns(written)
    return {
        "channel": site.channel,
        "post_id": site.id(required_identifier(row, "Id"), "c"),
        "author_id": site.id(author),
        "author_handle": clean(row.get("UserDisplayName")) if author is None else None,
        **columns,
        "section": site.name,
        "created_at": required_moment(row, "CreationDate"),
        "in_reply_to_post_id": site.id(required_identifier(row, "PostId")),
        "urls": links(columns["text"]),
        "like_count": whole_number(row, "Score"),
        "is_automated": None if author is None else author == _COMMUNITY,
        "is_private": False,
        "is_deleted": False,
    }


def _user(site: _Site, row: Attributes) -> dict[str, Any]:
    native = required_identifier(row, "Id")
    return {
        "channel": site.channel,
        "account_id": site.id(native),
        "display_name": clean(row.get("DisplayName")),
        "description": clean(shown(row.get("AboutMe", "")).text),
        "location": clean(row.get("Location")),
        "url": clean(row.get("WebsiteUrl")),
        "is_automated": native == _COMMUNITY,
        "created_at": required_moment(row, "CreationDate"),
    }


def _vote(site: _Site, row: Attributes) -> dict[str, Any]:
    native = required_identifier(row, "Id")
    kind, _, detail = named(row, "VoteTypeId", VOTES, "type of vote").partition(": ")
    account = identifier(row, "UserId")
    bounty = whole_number(row, "BountyAmount", 0)
    day, at = day_or_moment(row, "CreationDate")
    return {
        "channel": site.channel,
        "interaction_type": kind,
        "interaction_id": site.id(native, "votes/"),
        "post_id": site.id(required_identifier(row, "PostId")),
        "account_id": None if account == _COMMUNITY else site.id(account),
        "created_at": at,
        "created_date": day,
        "detail": (detail or None) if bounty is None else str(bounty),
    }


def _badge(site: _Site, row: Attributes) -> dict[str, Any]:
    name = clean(row.get("Name"))
    if name is None:
        raise missing("Name", "the name of the badge")
    kind = named(row, "Class", BADGE_CLASSES, "class of badge") if "Class" in row else None
    return {
        "channel": site.channel,
        "interaction_type": "badge",
        "interaction_id": site.id(required_identifier(row, "Id"), "badges/"),
        "account_id": site.id(required_identifier(row, "UserId")),
        "created_at": required_moment(row, "Date"),
        "detail": f"{name} ({kind})" if kind else name,
    }


def _link(site: _Site, row: Attributes) -> dict[str, Any]:
    return {
        "channel": site.channel,
        "interaction_type": named(row, "LinkTypeId", LINKS, "type of link"),
        "interaction_id": site.id(required_identifier(row, "Id"), "postlinks/"),
        "post_id": site.id(required_identifier(row, "PostId")),
        "other_post_id": site.id(required_identifier(row, "RelatedPostId")),
        "created_at": required_moment(row, "CreationDate"),
    }


def _revision(site: _Site, row: Attributes) -> dict[str, Any]:
    return {
        "channel": site.channel,
        "interaction_type": "revision",
        "interaction_id": site.id(required_identifier(row, "Id"), "posthistory/"),
        "post_id": site.id(required_identifier(row, "PostId")),
        "account_id": site.id(identifier(row, "UserId")),
        "created_at": required_moment(row, "CreationDate"),
        "detail": named(row, "PostHistoryTypeId", REVISIONS, "type of revision"),
    }


def _tag(site: _Site, row: Attributes) -> dict[str, Any]:
    name = clean(row.get("TagName"))
    if name is None:
        raise missing("TagName", "the name of the tag")
    return {
        "channel": site.channel,
        "tag_id": site.id(required_identifier(row, "Id")),
        "section": site.name,
        "name": name.lower(),
        "posts_count": whole_number(row, "Count", 0),
        "excerpt_post_id": site.id(identifier(row, "ExcerptPostId")),
        "wiki_post_id": site.id(identifier(row, "WikiPostId")),
        "is_required": flag(row, "IsRequired"),
        "is_moderator_only": flag(row, "IsModeratorOnly"),
    }


_READERS: dict[str, tuple[str, Callable[[_Site, Attributes], dict[str, Any]]]] = {
    "posts": ("posts", _post),
    "comments": ("posts", _comment),
    "users": ("accounts", _user),
    "votes": ("interactions", _vote),
    "badges": ("interactions", _badge),
    "postlinks": ("interactions", _link),
    "posthistory": ("interactions", _revision),
    "tags": ("tags", _tag),
}
_MAPPED = {
    name: frozenset(columns.split())
    for name, columns in {
        "posts": "Id PostTypeId ParentId AcceptedAnswerId CreationDate DeletionDate Score ViewCount"
        " Body OwnerUserId OwnerDisplayName LastEditDate Title Tags AnswerCount CommentCount",
        "comments": "Id PostId Score Text CreationDate UserId UserDisplayName",
        "users": "Id DisplayName AboutMe Location WebsiteUrl CreationDate",
        "votes": "Id PostId VoteTypeId UserId CreationDate BountyAmount",
        "badges": "Id UserId Name Date Class",
        "postlinks": "Id PostId RelatedPostId LinkTypeId CreationDate",
        "posthistory": "Id PostId PostHistoryTypeId UserId CreationDate",
        "tags": "Id TagName Count ExcerptPostId WikiPostId IsRequired IsModeratorOnly",
    }.items()
}
