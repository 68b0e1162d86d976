"""The mappings that ship, on small exports in their formats; the CRM's are in test_crm."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from spark_jobs.adapters.outcomes import Accepted, Passage, Quarantined, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

SHIPPED = read_sources(SHIPPED_SOURCES)
STORY = {
    "id": 40_000_001,
    "type": "story",
    "by": "orchard_keeper",
    "title": "Pruning apple trees &amp; graphs",
    "url": "https://pruning.example/trees",
    "score": 57,
    "descendants": 2,
    "time": 1_714_552_200,
    "kids": [40_000_002, 40_000_003],
}
COMMENT = {
    "id": 40_000_002,
    "type": "comment",
    "by": "saw_and_file",
    "parent": 40_000_001,
    "text": "I do it <i>in winter</i>.<p>See <a href='https:&#x2F;&#x2F;frost.example'>this</a>",
    "time": 1_714_552_800,
}


def read(name: str, content: str) -> tuple[list[Accepted | Quarantined], set[str]]:
    source, passage = SHIPPED.named(name), Passage()
    stream = io.BytesIO(content.encode())
    return list(one_by_one(adapter_named("mapping").read(stream, source, passage))), (
        passage.unmapped_fields
    )


def items(*values: dict[str, Any]) -> str:
    return "\n".join(map(json.dumps, values))


def test_hacker_news_stories_and_comments() -> None:
    (story, comment), unmapped = read("hacker_news", items(STORY, COMMENT))
    assert isinstance(story, Accepted)
    assert isinstance(comment, Accepted)
    assert {name: story.values[name] for name in story.values if name != "text_key"} == {
        "channel": "forum",
        "post_id": "40000001",
        "author_id": "orchard_keeper",
        "author_handle": "orchard_keeper",
        "text": "Pruning apple trees & graphs",
        "is_text_repaired": False,
        "section": "story",
        "created_at": datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
        "in_reply_to_post_id": None,
        "mentions": [],
        "hashtags": [],
        "urls": ["https://pruning.example/trees"],
        "like_count": 57,
        "reply_count": 2,
        "is_private": False,
        "is_deleted": None,
    }
    assert comment.values["text"] == "I do it in winter.\n\nSee this"
    assert comment.values["urls"] == ["https://frost.example"]
    assert comment.values["in_reply_to_post_id"] == "40000001"
    assert unmapped == {"kids"}


@pytest.mark.parametrize(
    ("changes", "is_deleted"),
    [
        ({"deleted": True, "by": None, "text": None}, True),
        ({"dead": True}, True),
        ({"deleted": False, "dead": False}, False),
        ({"deleted": None, "dead": None}, None),
    ],
)
def test_hacker_news_says_what_was_taken_away(changes: dict[str, Any], is_deleted: bool) -> None:
    (outcome,), _ = read("hacker_news", items({**COMMENT, **changes}))
    assert isinstance(outcome, Accepted)
    assert outcome.values["is_deleted"] is is_deleted


@pytest.mark.parametrize(
    ("changes", "reason", "part_of_detail"),
    [
        ({"id": None}, "missing_field", "id: nothing found"),
        ({"id": "forty"}, "impossible_value", "id: found 'forty', expected a whole number"),
        ({"id": 4e17}, "rounded_id", "id: found 4e+17"),
        ({"time": "yesterday"}, "wrong_type", "time: found 'yesterday', expected seconds"),
        ({"time": 0}, "impossible_value", "time: found 0"),
        ({"time": None}, "missing_field", "time: nothing found"),
        ({"score": "many"}, "wrong_type", "score: found 'many'"),
        ({"descendants": -1}, "impossible_value", "descendants: found '-1'"),
        ({"text": ["a"]}, "wrong_type", "text: found an array of 1"),
    ],
)
def test_hacker_news_faults(changes: dict[str, Any], reason: str, part_of_detail: str) -> None:
    (first, fault), _ = read("hacker_news", items(STORY, {**COMMENT, **changes}))
    assert isinstance(first, Accepted)
    assert isinstance(fault, Quarantined)
    assert (fault.reason, fault.position) == (reason, 2)
    assert part_of_detail in fault.detail


HEADER = (
    *("id", "post_id", "parent_id", "from_id", "from_name", "message", "created_time"),
    *("like_count", "comment_count", "is_private", "permalink_url"),
)
ROWS = (
    ("9_1", "", "", "9", "Brindille", 'Nos serres sont là ! "enfin"', "2026-05-02T08:00:00+0000",
     "31", "2", "false", "https://facebook.example/9_1"),
    ("9_1_7", "9_1", "9_1", "55", "Maud Essai", "Et la livraison ?\nMerci",
     "2026-05-02T09:30:00+0000", "1", "0", "false", ""),
    ("9_1_8", "9_1", "9_1_7", "", "", "#serre", "2026-05-02T10:00:00+0000", "", "", "", ""),
)  # fmt: skip


def export(*rows: tuple[str, ...]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows([HEADER, *rows])
    return target.getvalue()


def test_facebook_rows_are_posts_and_tell_of_accounts() -> None:
    outcomes, unmapped = read("facebook", export(*ROWS))
    posts = [o.values for o in outcomes if isinstance(o, Accepted) and o.table == "posts"]
    accounts = [o.values for o in outcomes if isinstance(o, Accepted) and o.table == "accounts"]
    assert len(outcomes) == len(posts) + len(accounts)
    assert [post["post_id"] for post in posts] == ["9_1", "9_1_7", "9_1_8"]
    assert posts[1]["text"] == "Et la livraison ?\nMerci"
    assert posts[1]["created_at"] == datetime(2026, 5, 2, 9, 30, tzinfo=UTC)
    assert [post["in_reply_to_post_id"] for post in posts] == [None, "9_1", "9_1_7"]
    assert [post["thread_id"] for post in posts] == [None, "9_1", "9_1"]
    assert posts[2]["hashtags"] == ["serre"]
    assert accounts == [
        {"channel": "facebook", "account_id": "9", "display_name": "Brindille"},
        {"channel": "facebook", "account_id": "55", "display_name": "Maud Essai"},
    ]
    assert unmapped == {"permalink_url"}


def test_a_fault_in_one_facebook_row_costs_that_row_only() -> None:
    broken = ("9_1_9", "9_1", "9_1", "5.5E+14", *ROWS[1][4:])
    outcomes, _ = read("facebook", export(ROWS[0], broken, ROWS[2]))
    (fault,) = (outcome for outcome in outcomes if isinstance(outcome, Quarantined))
    assert (fault.reason, fault.position) == ("rounded_id", 3)
    assert "from_id: found 5.5E+14" in fault.detail
    assert sorted(o.position for o in outcomes if isinstance(o, Accepted)) == [2, 2, 5]
