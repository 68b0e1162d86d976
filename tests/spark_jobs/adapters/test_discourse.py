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
POST: dict[str, Any] = {
    "id": 801,
    "topic_id": 57,
    "post_number": 3,
    "user_id": 12,
    "username": "Lise",
    "cooked": '<p>Hello <a class="mention" href="/u/max">@Max</a>, see '
    '<a href="https://exemple.fr/a">this</a></p>',
    "created_at": "2024-05-01T10:30:00.000+02:00",
    "updated_at": "2024-05-01T08:31:00.000Z",
    "version": 2,
    "reply_to_post_number": 2,
    "actions_summary": [{"id": 2, "count": 4}, {"id": 6, "count": 1}],
    "reply_count": 1,
    "reads": 30,
    "deleted_at": None,
    "user_deleted": False,
}
FIRST = {**POST, "post_number": 1, "reply_to_post_number": None, "version": 1}


def values_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Accepted)
    return outcome.values


def post_of(read_all: Read, **changes: Any) -> dict[str, Any]:
    return values_of(read_all("discourse", json.dumps({**POST, **changes}))[0])


def test_post(read_all: Read) -> None:
    text = "Hello @Max, see this"
    assert read_all("discourse", json.dumps(POST)) == [
        Accepted(
            "posts",
            {
                "channel": "medium",
                "post_id": "57/3",
                "author_id": "12",
                "author_handle": "Lise",
                "text": text,
                "text_key": text_key(text),
                "is_text_repaired": False,
                "section": None,
                "created_at": datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
                "edited_at": datetime(2024, 5, 1, 8, 31, tzinfo=UTC),
                "in_reply_to_post_id": "57/2",
                "thread_id": "57/1",
                "mentions": ["max"],
                "urls": ["https://exemple.fr/a"],
                "like_count": 4,
                "reply_count": 1,
                "view_count": 30,
                "is_automated": False,
                "is_private": None,
                "is_deleted": False,
            },
            1,
            json.dumps(POST),
        )
    ]


@pytest.mark.parametrize("indent", [None, 2])
def test_topic(read_all: Read, indent: int | None) -> None:
    topic = {
        "title": "Late parcel",
        "category_id": 7,
        "archetype": "private_message",
        "post_stream": {"posts": [FIRST, {**POST, "post_number": 2, "reply_to_post_number": None}]},
    }
    first, second = read_all("discourse", json.dumps(topic, indent=indent))
    assert (first.item, second.item) == ("/post_stream/posts/0", "/post_stream/posts/1")
    assert values_of(first)["text"].startswith("Late parcel\n\nHello")
    assert values_of(first)["in_reply_to_post_id"] is None
    assert values_of(first)["edited_at"] is None
    assert values_of(second)["text"].startswith("Hello")
    assert values_of(second)["in_reply_to_post_id"] == "57/1"
    assert values_of(second)["section"] == "7"
    assert values_of(second)["is_private"] is True


def test_accepted_answer(read_all: Read) -> None:
    _, acceptance = read_all("discourse", json.dumps({**POST, "accepted_answer": True}))
    assert isinstance(acceptance, Accepted)
    assert (acceptance.table, acceptance.item) == ("interactions", "/accepted_answer")
    assert acceptance.values == {
        "channel": "medium",
        "interaction_type": "acceptance",
        "post_id": "57/3",
    }


def test_unknown_is_null_and_nothing_said_of_likes_is_not_none(read_all: Read) -> None:
    assert post_of(read_all, actions_summary=[])["like_count"] == 0
    assert post_of(read_all, actions_summary=None)["like_count"] is None
    assert post_of(read_all, user_id=-1)["is_automated"] is True
    assert post_of(read_all, user_id=None)["is_automated"] is None


@pytest.mark.parametrize(
    "changes", [{"deleted_at": "2024-05-02T00:00:00Z"}, {"user_deleted": True}]
)
def test_deleted_posts_have_no_text(read_all: Read, changes: dict[str, Any]) -> None:
    values = post_of(read_all, **changes)
    assert values["is_deleted"] is True
    assert values["text"] is values["text_key"] is values["urls"] is None


@pytest.mark.parametrize(
    ("changes", "reason", "part_of_detail"),
    [
        ({"topic_id": "57"}, "wrong_type", "topic_id: found '57'"),
        ({"post_number": 0}, "impossible_value", "post_number: found 0"),
        ({"created_at": "1900-01-01T00:00:00Z"}, "impossible_value", "created_at"),
        ({"cooked": 5}, "wrong_type", "cooked: found 5"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, changes: dict[str, Any], reason: str, part_of_detail: str
) -> None:
    wrong = {**POST, **changes}
    fault, sound = read_all("discourse", json.dumps({"latest_posts": [wrong, POST]}))
    assert isinstance(fault, Quarantined)
    assert (fault.reason, fault.item) == (reason, "/latest_posts/0")
    assert part_of_detail in fault.detail
    assert isinstance(sound, Accepted)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({"topic_list": {"topics": []}}, "unknown_object"),
        ({"latest_posts": []}, "empty_response"),
        ({"post_stream": {}}, "missing_field"),
        ([], "unknown_object"),
    ],
)
def test_responses_without_posts(read_all: Read, response: object, reason: str) -> None:
    (fault,) = read_all("discourse", json.dumps(response))
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason


def test_real_responses(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    counts: dict[str, Counter[str]] = {}
    posts = []
    for file in sorted((shared_data / "discourse").glob("*.json")):
        outcomes = read_all("discourse", file.read_bytes())
        assert_conform(outcomes)
        posts += [outcome.values for outcome in outcomes if isinstance(outcome, Accepted)]
        counts[file.stem] = Counter(
            outcome.table if isinstance(outcome, Accepted) else outcome.reason
            for outcome in outcomes
        )
    assert {name: dict(found) for name, found in counts.items() if "posts" in found} == {
        "post": {"posts": 1},
        "posts_before": {"posts": 3},
        "posts_latest": {"posts": 4},
        "topic": {"posts": 4},
        "topic_posts": {"posts": 1},
    }
    assert sum(found["unknown_object"] for found in counts.values()) == len(counts) - 5 == 8
    assert sum(post["like_count"] for post in posts) == 13
