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
USER: dict[str, Any] = {
    "id": 11,
    "id_str": "11",
    "screen_name": "Lise",
    "name": "Lise M.",
    "description": "tea",
    "location": "Lyon",
    "url": None,
    "followers_count": 3,
    "friends_count": 4,
    "statuses_count": 5,
    "verified": False,
    "created_at": "Mon Jan 02 00:00:00 +0000 2012",
}
STATUS: dict[str, Any] = {
    "id": 900000000000000001,
    "id_str": "900000000000000001",
    "created_at": "Tue Oct 31 22:10:47 +0000 2017",
    "text": "@Brindille look #Tea https://t.exemple/x",
    "user": USER,
    "in_reply_to_status_id": 90,
    "in_reply_to_status_id_str": "90",
    "in_reply_to_user_id": 12,
    "in_reply_to_user_id_str": "12",
    "entities": {
        "user_mentions": [{"screen_name": "Brindille"}],
        "hashtags": [{"text": "Tea"}],
        "urls": [{"url": "https://t.exemple/x", "expanded_url": "https://exemple.fr/a"}],
    },
    "favorite_count": 1,
    "retweet_count": 2,
    "lang": "en",
}


def read_status(read_all: Read, **changes: Any) -> list[Outcome]:
    return read_all("x_v1", json.dumps({**STATUS, **changes}))


def values_of(outcome: Outcome) -> dict[str, Any]:
    assert isinstance(outcome, Accepted)
    return outcome.values


def test_status_and_user(read_all: Read) -> None:
    post, account = read_status(read_all)
    assert values_of(post) == {
        "channel": "medium",
        "post_id": "900000000000000001",
        "author_id": "11",
        "author_handle": "Lise",
        "text": STATUS["text"],
        "text_key": text_key(STATUS["text"]),
        "is_text_repaired": False,
        "created_at": datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC),
        "in_reply_to_post_id": "90",
        "in_reply_to_account_id": "12",
        "repost_of_post_id": None,
        "quoted_post_id": None,
        "mentions": ["brindille"],
        "hashtags": ["tea"],
        "urls": ["https://exemple.fr/a"],
        "like_count": 1,
        "repost_count": 2,
        "reply_count": None,
        "lang_hint": "en",
        "is_private": False,
        "withheld_in_countries": None,
    }
    assert account.item == "/user"
    assert values_of(account) == {
        "channel": "medium",
        "account_id": "11",
        "handle": "Lise",
        "display_name": "Lise M.",
        "description": "tea",
        "location": "Lyon",
        "url": None,
        "followers_count": 3,
        "following_count": 4,
        "posts_count": 5,
        "is_verified": False,
        "created_at": datetime(2012, 1, 2, tzinfo=UTC),
    }


def test_where_a_status_is_withheld(read_all: Read) -> None:
    values = values_of(read_status(read_all, withheld_in_countries=["XY", "DE"])[0])
    assert values["withheld_in_countries"] == ["DE", "XY"]


def test_the_whole_text_wins(read_all: Read) -> None:
    extended = {"full_text": "the whole", "entities": {"hashtags": [{"text": "B"}]}}
    values = values_of(read_status(read_all, extended_tweet=extended)[0])
    assert (values["text"], values["hashtags"], values["urls"]) == ("the whole", ["b"], [])
    assert values_of(read_status(read_all, full_text="all", text=None)[0])["text"] == "all"


@pytest.mark.parametrize("indent", [None, 2])
def test_retweets_and_quotes_hold_statuses_of_their_own(read_all: Read, indent: int | None) -> None:
    quoted = {**STATUS, "id_str": "70", "user": None}
    repeated = {**STATUS, "id_str": "80", "quoted_status_id_str": "70", "quoted_status": quoted}
    status = {**STATUS, "retweeted_status": repeated, "quoted_status_id_str": "70"}
    outcomes = read_all("x_v1", json.dumps(status, indent=indent))
    assert [outcome.item for outcome in outcomes] == [
        None,
        "/user",
        "/retweeted_status",
        "/retweeted_status/user",
        "/retweeted_status/quoted_status",
    ]
    top, inner, without_author = (values_of(outcomes[index]) for index in (0, 2, 4))
    assert (top["repost_of_post_id"], top["quoted_post_id"]) == ("80", None)
    assert (inner["repost_of_post_id"], inner["quoted_post_id"]) == (None, "70")
    assert (without_author["post_id"], without_author["author_id"]) == ("70", None)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("item", ["", "/statuses"])
def test_many_statuses_as_the_api_answers(read_all: Read, item: str, indent: int | None) -> None:
    found: Any = [STATUS, {"limit": {"track": 5}}, {**STATUS, "created_at": "today"}, 7, STATUS]
    answer = json.dumps({"statuses": found} if item else found, indent=indent)
    outcomes = read_all("x_v1", ["", answer, json.dumps(STATUS)])
    assert [
        (outcome.position, outcome.item, getattr(outcome, "reason", None)) for outcome in outcomes
    ] == [
        (2, f"{item}/0", None),
        (2, f"{item}/0/user", None),
        (2, f"{item}/1", "unknown_object"),
        (2, f"{item}/2", "impossible_value"),
        (2, f"{item}/3", "unknown_object"),
        (2, f"{item}/4", None),
        (2, f"{item}/4/user", None),
        (2 + len(answer.splitlines()), None, None),
        (2 + len(answer.splitlines()), "/user", None),
    ]


def test_an_answer_without_statuses_is_told(read_all: Read) -> None:
    outcomes = read_all("x_v1", ["[]", '{"statuses": []}', '{"statuses": 5}', "[1, 2"])
    assert [getattr(outcome, "reason", None) for outcome in outcomes] == [
        "empty_page",
        "empty_page",
        "unknown_object",
        "not_json",
    ]


def test_ids_alone(read_all: Read) -> None:
    (only,) = read_status(read_all, id_str=None, user={"id": 11})
    assert values_of(only)["post_id"] == "900000000000000001"
    assert values_of(only)["author_id"] == "11"


def test_nesting_has_an_end(read_all: Read) -> None:
    status = STATUS
    for _ in range(6):
        status = {**STATUS, "quoted_status": status}
    outcomes = read_all("x_v1", json.dumps(status))
    assert [outcome for outcome in outcomes if isinstance(outcome, Quarantined)] == outcomes[-1:]


@pytest.mark.parametrize(
    ("changes", "reason", "part_of_detail"),
    [
        ({"id": None, "id_str": None}, "missing_field", "id: nothing found"),
        ({"id": 1.5}, "wrong_type", "id: found 1.5"),
        ({"created_at": "2017-10-31"}, "impossible_value", "created_at: found '2017-10-31'"),
        ({"favorite_count": -1}, "impossible_value", "favorite_count: found -1"),
        ({"text": 5}, "wrong_type", "text: found 5"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, changes: dict[str, Any], reason: str, part_of_detail: str
) -> None:
    (fault,) = read_status(read_all, **changes)
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason
    assert part_of_detail in fault.detail


@pytest.mark.parametrize("line", ['{"delete": {"status": {"id": 1}}}', '{"body": "x"}', '"a"', "1"])
def test_other_objects_are_told_apart(read_all: Read, line: str) -> None:
    (fault,) = read_all("x_v1", line)
    assert isinstance(fault, Quarantined)
    assert fault.reason == "unknown_object"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("statuses.jsonl", {"posts": 775, "whole": 581, "accounts": 767}),
        # One of these files has two values on one line, the second of which goes on over 72 more:
        # none of its lines can be read alone. Users there have -1 followers.
        (
            "original_*",
            {"posts": 34, "whole": 21, "not_json": 73, "impossible_value": 34},
        ),
        ("initial_*", {"posts": 15, "whole": 10, "accounts": 15, "not_json": 1}),
        ("activity_streams_*", {"unknown_object": 22}),
    ],
)
def test_real_statuses(
    read_all: Read,
    shared_data: Path,
    assert_conform: Callable[[list[Outcome]], None],
    pattern: str,
    expected: dict[str, int],
) -> None:
    counts: Counter[str] = Counter()
    for file in sorted((shared_data / "twitter_api_v1").glob(pattern)):
        outcomes = read_all("x_v1", file.read_bytes())
        assert_conform(outcomes)
        for outcome in outcomes:
            if isinstance(outcome, Quarantined):
                counts[outcome.reason] += 1
                continue
            counts[outcome.table] += 1
            counts["whole"] += outcome.item is None
    assert +counts == expected


ARCHIVED: dict[str, Any] = {
    "edit_info": {"initial": {"editsRemaining": "5", "isEditEligible": False}},
    "retweeted": False,
    "entities": {
        "hashtags": [{"text": "Tea", "indices": ["16", "20"]}],
        "symbols": [],
        "user_mentions": [{"name": "B", "screen_name": "Brindille", "id_str": "12", "id": "12"}],
        "urls": [{"url": "https://t.exemple/x", "expanded_url": "https://exemple.fr/a"}],
    },
    "display_text_range": ["0", "40"],
    "favorite_count": "3",
    "in_reply_to_status_id_str": "90",
    "id_str": "900000000000000001",
    "in_reply_to_user_id": "12",
    "truncated": False,
    "retweet_count": "0",
    "id": "900000000000000001",
    "in_reply_to_status_id": "90",
    "created_at": "Tue Oct 31 22:10:47 +0000 2017",
    "full_text": "@Brindille look #Tea &amp; https://t.exemple/x",
    "lang": "en",
    "in_reply_to_screen_name": "Brindille",
    "in_reply_to_user_id_str": "12",
}


def archive(*statuses: dict[str, Any], end: str = "\n]") -> str:
    """What X writes: a line that assigns, then a list that is indented by two."""
    items = ",\n  ".join(json.dumps({"tweet": each}, indent=2) for each in statuses)
    return f"window.YTD.tweets.part0 = [\n  {items}{end}".replace("\n{", "\n  {").replace(
        "\n}", "\n  }"
    )


@pytest.mark.parametrize("end", ["\n]", " ]", "\n]\n"])
def test_statuses_of_an_archive(read_all: Read, end: str) -> None:
    content = archive(ARCHIVED, {**ARCHIVED, "favorite_count": "many"}, ARCHIVED, end=end)
    first, faulty, last = read_all("x_v1", content)
    assert isinstance(faulty, Quarantined)
    assert (faulty.reason, faulty.item) == ("impossible_value", "/1/tweet")
    assert isinstance(last, Accepted)
    assert (last.position, last.item) == (1, "/2/tweet")
    assert json.loads(last.raw) == ARCHIVED
    text = "@Brindille look #Tea & https://t.exemple/x"
    assert values_of(first) == {
        "channel": "medium",
        "post_id": "900000000000000001",
        "author_id": None,
        "author_handle": None,
        "text": text,
        "text_key": text_key(text),
        "is_text_repaired": False,
        "created_at": datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC),
        "in_reply_to_post_id": "90",
        "in_reply_to_account_id": "12",
        "repost_of_post_id": None,
        "quoted_post_id": None,
        "mentions": ["brindille"],
        "hashtags": ["tea"],
        "urls": ["https://exemple.fr/a"],
        "like_count": 3,
        "repost_count": 0,
        "reply_count": None,
        "lang_hint": "en",
        "is_private": False,
        "withheld_in_countries": None,
    }


@pytest.mark.parametrize(
    "content",
    [
        'window.YTD.account.part0 = [\n  {\n    "account" : { "username" : "lise" }\n  }\n]',
        archive(ARCHIVED, end=""),
        "window.YTD.tweets.part0 = [",
        "window.YTD.tweets.part0 = nothing",
    ],
)
def test_other_files_of_an_archive_and_cut_ones_are_set_aside(read_all: Read, content: str) -> None:
    (outcome,) = read_all("x_v1", content)
    assert isinstance(outcome, Quarantined)
    assert outcome.position == 1
