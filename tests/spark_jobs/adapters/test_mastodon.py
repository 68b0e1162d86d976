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
ACCOUNT: dict[str, Any] = {
    "id": "11",
    "acct": "Lise@exemple.social",
    "display_name": "Lise",
    "note": "<p>Likes <b>tea</b></p>",
    "url": "https://exemple.social/@Lise",
    "followers_count": 3,
    "following_count": 4,
    "statuses_count": 5,
    "bot": False,
    "created_at": "2023-01-02T00:00:00.000Z",
}
STATUS: dict[str, Any] = {
    "id": "101",
    "created_at": "2024-05-01T08:30:00.000Z",
    "edited_at": "2024-05-01T08:31:00.000Z",
    "in_reply_to_id": "100",
    "in_reply_to_account_id": "12",
    "spoiler_text": "Late parcel",
    "visibility": "public",
    "language": "en",
    "content": '<p>See <a href="https://exemple.fr/a">here</a> #<span>Tea</span></p><p>&lt;3</p>',
    "mentions": [{"acct": "Brindille"}, {"acct": "brindille"}],
    "tags": [{"name": "Tea"}],
    "favourites_count": 1,
    "reblogs_count": 2,
    "replies_count": 3,
    "reblog": None,
    "quote": None,
    "account": ACCOUNT,
}


def read_status(read_all: Read, **changes: Any) -> list[Outcome]:
    return read_all("mastodon", json.dumps({**STATUS, **changes}))


def values_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Accepted)
    return outcome.values


def test_status_and_account(read_all: Read) -> None:
    post, account = read_status(read_all)
    text = "Late parcel\n\nSee here #Tea\n\n<3"
    assert post == Accepted(
        "posts",
        {
            "channel": "medium",
            "post_id": "101",
            "author_id": "11",
            "author_handle": "Lise@exemple.social",
            "text": text,
            "text_key": text_key(text),
            "is_text_repaired": False,
            "created_at": datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
            "edited_at": datetime(2024, 5, 1, 8, 31, tzinfo=UTC),
            "in_reply_to_post_id": "100",
            "in_reply_to_account_id": "12",
            "repost_of_post_id": None,
            "quoted_post_id": None,
            "mentions": ["brindille"],
            "hashtags": ["tea"],
            "urls": ["https://exemple.fr/a"],
            "like_count": 1,
            "repost_count": 2,
            "reply_count": 3,
            "lang_hint": "en",
            "is_automated": False,
            "is_private": False,
        },
        1,
        json.dumps(STATUS),
    )
    assert account == Accepted(
        "accounts",
        {
            "channel": "medium",
            "account_id": "11",
            "handle": "Lise@exemple.social",
            "display_name": "Lise",
            "description": "Likes tea",
            "url": "https://exemple.social/@Lise",
            "followers_count": 3,
            "following_count": 4,
            "posts_count": 5,
            "is_automated": False,
            "created_at": datetime(2023, 1, 2, tzinfo=UTC),
        },
        1,
        json.dumps(ACCOUNT),
        "/account",
    )


def test_boost_and_quote_hold_statuses_of_their_own(read_all: Read) -> None:
    inner = {**STATUS, "id": "90", "account": {**ACCOUNT, "id": "13"}}
    outcomes = read_status(read_all, content="", spoiler_text="", reblog=inner)
    assert [outcome.item for outcome in outcomes] == [
        None,
        "/account",
        "/reblog",
        "/reblog/account",
    ]
    boost = values_of(outcomes[0])
    assert (boost["repost_of_post_id"], boost["text"]) == ("90", None)
    assert values_of(outcomes[2])["author_id"] == "13"

    outcomes = read_status(read_all, quote={"state": "accepted", "quoted_status": inner})
    assert outcomes[2].item == "/quote/quoted_status"
    assert values_of(outcomes[0])["quoted_post_id"] == "90"
    (revoked, _) = read_status(read_all, quote={"state": "revoked", "quoted_status": None})
    assert values_of(revoked)["quoted_post_id"] is None
    (shallow, _) = read_status(read_all, quote={"state": "accepted", "quoted_status_id": "91"})
    assert values_of(shallow)["quoted_post_id"] == "91"


def test_many_statuses_as_the_api_answers(read_all: Read) -> None:
    outcomes = read_all("mastodon", [json.dumps([STATUS, 7, STATUS]), "[]"])
    assert [
        (outcome.position, outcome.item, getattr(outcome, "reason", None)) for outcome in outcomes
    ] == [
        (1, "/0", None),
        (1, "/0/account", None),
        (1, "/1", "unknown_object"),
        (1, "/2", None),
        (1, "/2/account", None),
        (2, None, "empty_page"),
    ]


@pytest.mark.parametrize(
    ("visibility", "is_private"),
    [("direct", True), ("private", False), ("unlisted", False), (None, None)],
)
def test_only_direct_messages_are_private(
    read_all: Read, visibility: str | None, is_private: bool | None
) -> None:
    assert values_of(read_status(read_all, visibility=visibility)[0])["is_private"] is is_private


def test_bots_are_automated(read_all: Read) -> None:
    post, account = read_status(read_all, account={**ACCOUNT, "bot": True})
    assert values_of(post)["is_automated"] is values_of(account)["is_automated"] is True


@pytest.mark.parametrize(
    ("changes", "reason", "part_of_detail"),
    [
        ({"id": 101}, "wrong_type", "id: found 101"),
        ({"id": ""}, "impossible_value", "id: found ''"),
        ({"content": None}, "wrong_type", "content: found null"),
        ({"created_at": "yesterday"}, "impossible_value", "created_at: found 'yesterday'"),
        ({"created_at": "1900-01-01T00:00:00Z"}, "impossible_value", "created_at"),
        ({"favourites_count": -1}, "impossible_value", "favourites_count: found -1"),
        ({"account": {"id": "1"}}, "missing_field", "account.acct: nothing found"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, changes: dict[str, Any], reason: str, part_of_detail: str
) -> None:
    (fault,) = read_status(read_all, **changes)
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason
    assert part_of_detail in fault.detail


def test_a_fault_in_a_part_leaves_the_status_alone(read_all: Read) -> None:
    post, account = read_status(read_all, account={**ACCOUNT, "followers_count": "many"})
    assert isinstance(post, Accepted)
    assert isinstance(account, Quarantined)
    assert (account.item, account.reason) == ("/account", "wrong_type")
    with_boost = read_status(read_all, reblog={**STATUS, "created_at": 5})
    assert [type(outcome) for outcome in with_boost] == [Accepted, Accepted, Quarantined]


def test_nesting_has_an_end(read_all: Read) -> None:
    status = STATUS
    for _ in range(6):
        status = {**STATUS, "reblog": status}
    outcomes = read_all("mastodon", json.dumps(status))
    assert [outcome for outcome in outcomes if isinstance(outcome, Quarantined)] == outcomes[-1:]
    assert len(outcomes) == 2 * 4 + 1


def test_real_statuses(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    outcomes = read_all("mastodon", (shared_data / "mastodon" / "statuses.ndjson").read_bytes())
    assert_conform(outcomes)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    posts = [values_of(o) for o in outcomes if isinstance(o, Accepted) and o.table == "posts"]
    whole_lines = [outcome for outcome in outcomes if outcome.item is None]
    assert (len(outcomes), len(posts), len(whole_lines)) == (306, 153, 145)
    assert Counter(
        kind
        for post in posts
        for kind, holds in (
            ("boost", post["repost_of_post_id"]),
            ("quote", post["quoted_post_id"]),
            ("reply", post["in_reply_to_post_id"]),
            ("private", post["is_private"]),
            ("edited", post["edited_at"]),
            ("without text", not post["text"]),
        )
        if holds
    ) == {"boost": 6, "quote": 2, "reply": 3, "private": 9, "edited": 2, "without text": 6}
    assert not any("<p>" in (post["text"] or "") for post in posts)
