from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key

Read = Callable[..., list[Outcome]]
COMMENT: dict[str, Any] = {
    "id": "c0ffee",
    "name": "t1_c0ffee",
    "author": "Some-One",
    "body": "u/Other-One look at https://exemple.fr/a?b=1&amp;c=2 &gt; &amp;lt;",
    "parent_id": "t1_c0ffed",
    "link_id": "t3_abc",
    "subreddit": "brindille",
    "score": -4,
    "num_comments": 12,
    "created_utc": 1714552200.0,
    "edited": 1714552260,
    "retrieved_on": 1714600000,
}
SUBMISSION: dict[str, Any] = {
    "id": "abc",
    "name": "t3_abc",
    "author": "Some-One",
    "title": "Is it &lt;late&gt;?",
    "selftext": "Since Monday.",
    "is_self": True,
    "url": "https://reddit.exemple/r/brindille/abc",
    "subreddit": "brindille",
    "score": 7,
    "num_comments": 2,
    "created_utc": 1714552200,
    "edited": False,
}


def values_of(read_all: Read, **changes: Any) -> dict[str, Any]:
    base = SUBMISSION if "title" in changes or changes.pop("submission", False) else COMMENT
    (outcome,) = read_all("reddit", json.dumps({**base, **changes}))
    assert isinstance(outcome, Accepted)
    return outcome.values


def test_comment(read_all: Read) -> None:
    (outcome,) = read_all("reddit", json.dumps(COMMENT))
    text = "u/Other-One look at https://exemple.fr/a?b=1&c=2 > &lt;"
    assert outcome == Accepted(
        "posts",
        {
            "channel": "medium",
            "post_id": "t1_c0ffee",
            "author_id": "Some-One",
            "author_handle": "Some-One",
            "text": text,
            "text_key": text_key(text),
            "is_text_repaired": False,
            "section": "brindille",
            "created_at": datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
            "received_at": datetime(2024, 5, 1, 21, 46, 40, tzinfo=UTC),
            "edited_at": datetime(2024, 5, 1, 8, 31, tzinfo=UTC),
            "in_reply_to_post_id": "t1_c0ffed",
            "thread_id": "t3_abc",
            "repost_of_post_id": None,
            "mentions": ["other-one"],
            "urls": ["https://exemple.fr/a?b=1&c=2"],
            "like_count": -4,
            "reply_count": None,
            "is_private": False,
            "is_deleted": False,
        },
        1,
        json.dumps(COMMENT),
    )


def test_submission(read_all: Read) -> None:
    values = values_of(read_all, submission=True)
    assert values["post_id"] == values["thread_id"] == "t3_abc"
    assert values["text"] == "Is it <late>?\n\nSince Monday."
    assert (values["like_count"], values["reply_count"], values["edited_at"]) == (7, 2, None)
    assert values["urls"] == []
    assert values["in_reply_to_post_id"] is None


def test_link_submission_and_crosspost(read_all: Read) -> None:
    values = values_of(
        read_all,
        title="Look",
        selftext="",
        is_self=False,
        url="https://exemple.fr/?a=1&amp;b=2",
        crosspost_parent="t3_zzz",
    )
    assert values["text"] == "Look"
    assert values["urls"] == ["https://exemple.fr/?a=1&b=2"]
    assert values["repost_of_post_id"] == "t3_zzz"


def test_name_is_built_where_a_dump_has_none(read_all: Read) -> None:
    assert values_of(read_all, name=None)["post_id"] == "t1_c0ffee"
    assert values_of(read_all, name=None, submission=True)["post_id"] == "t3_abc"


@pytest.mark.parametrize(
    ("changes", "author", "has_text", "is_deleted"),
    [
        ({"author": "[deleted]"}, None, True, False),
        ({"author": "[deleted]", "body": "[deleted]"}, None, False, True),
        ({"body": "[removed]"}, "Some-One", False, True),
        ({"submission": True, "selftext": "[removed]"}, "Some-One", False, True),
        (
            {"submission": True, "selftext": "", "removed_by_category": "moderator"},
            "Some-One",
            False,
            True,
        ),
        ({"submission": True, "selftext": "", "author": "[deleted]"}, None, True, None),
        ({"title": "[deleted by user]", "author": "[deleted]"}, None, False, True),
    ],
)
def test_what_was_taken_away(
    read_all: Read,
    changes: dict[str, Any],
    author: str | None,
    has_text: bool,
    is_deleted: bool | None,
) -> None:
    values = values_of(read_all, **changes)
    assert values["author_id"] == values["author_handle"] == author
    assert (values["text"] is not None) == has_text
    assert (values["text_key"] is not None) == has_text
    assert values["is_deleted"] is is_deleted


def test_unknown_is_null(read_all: Read) -> None:
    assert values_of(read_all, edited=True)["edited_at"] is None
    assert values_of(read_all, score=1, score_hidden=True)["like_count"] is None
    assert values_of(read_all, created_utc="1714552200")["created_at"] == datetime(
        2024, 5, 1, 8, 30, tzinfo=UTC
    )
    (bare,) = read_all("reddit", '{"id": "a", "body": "x"}')
    assert isinstance(bare, Accepted)
    present = {name for name, value in bare.values.items() if value is not None}
    assert present == {"channel", "post_id", "text", "text_key", "is_text_repaired"} | {
        "mentions",
        "urls",
    } | {
        "is_private",
        "is_deleted",
    }


@pytest.mark.parametrize(
    ("line", "reason", "part_of_detail"),
    [
        ('{"name": "t1_x", "id": "x", "count": 3, "children": ["y"]}', "unknown_object", '"more"'),
        ('{"name": "t5_x", "display_name": "x"}', "unknown_object", "with name, display_name"),
        ('{"kind": "Listing", "data": {}}', "unknown_object", "with kind, data"),
        ('"t1_x"', "unknown_object", "'t1_x'"),
        ('{"name": "t1_x", "id": "x"}', "missing_field", "body: nothing found"),
        ('{"name": "t3_x", "id": "x"}', "missing_field", "title: nothing found"),
        ('{"body": "x"}', "missing_field", "id: nothing found"),
        ('{"name": "t3_x", "body": "x"}', "impossible_value", "name: found 't3_x'"),
        ('{"name": "c0ffee", "body": "x"}', "impossible_value", "name: found 'c0ffee'"),
        ('{"id": "a", "body": ["x"]}', "wrong_type", "body: found an array of 1"),
        (
            '{"id": "a", "body": "x", "created_utc": -5}',
            "impossible_value",
            "created_utc: found -5",
        ),
        ('{"id": "a", "body": "x", "created_utc": 1e300}', "impossible_value", "created_utc"),
        ('{"id": "a", "body": "x", "created_utc": "soon"}', "impossible_value", "'soon'"),
        ('{"id": "a", "title": "x", "num_comments": -1}', "impossible_value", "num_comments"),
        ('{"id": "a", "body": "x", "parent_id": "123"}', "impossible_value", "parent_id"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, line: str, reason: str, part_of_detail: str
) -> None:
    (fault,) = read_all("reddit", line)
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason
    assert part_of_detail in fault.detail


def test_real_dumps(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    counts: Counter[tuple[str, object]] = Counter()
    for name, expected in (("comments", 4_432), ("submissions", 1_570)):
        outcomes = read_all("reddit", (shared_data / "reddit" / f"{name}.ndjson").read_bytes())
        accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
        assert len(outcomes) == len(accepted) == expected
        assert len({outcome.values["post_id"] for outcome in accepted}) == expected
        assert_conform(outcomes)
        for outcome in accepted:
            counts["deleted", outcome.values["is_deleted"]] += 1
            counts["edited", outcome.values["edited_at"] is not None] += 1
            counts["section", outcome.values["section"] is not None] += 1
    assert counts == {
        ("deleted", True): 57,
        ("deleted", False): 5_938,
        ("deleted", None): 7,
        ("edited", True): 191,
        ("edited", False): 5_811,
        ("section", True): 5_997,
        ("section", False): 5,
    }
