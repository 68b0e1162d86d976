from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key

Read = Callable[..., list[Outcome]]
SEEN_AT = "2024-05-02T10:00:00+02:00"
POST: dict[str, Any] = {
    "id": "1500000000000000001",
    "text": "@Brindille where is it? #Retard https://t.co/x",
    "author_id": "77",
    "created_at": "2024-05-01T08:30:00.000Z",
    "conversation_id": "1500000000000000000",
    "in_reply_to_user_id": "12",
    "referenced_tweets": [
        {"type": "replied_to", "id": "1500000000000000000"},
        {"type": "quoted", "id": "1400000000000000000"},
    ],
    "entities": {
        "mentions": [{"start": 0, "end": 10, "username": "Brindille", "id": "12"}],
        "hashtags": [{"start": 24, "end": 31, "tag": "Retard"}],
        "urls": [
            {"url": "https://t.co/x", "expanded_url": "https://exemple.fr/x"},
            {
                "url": "https://t.co/y",
                "expanded_url": "https://b.fr",
                "unwound_url": "https://c.fr",
            },
            {"url": "https://t.co/x", "expanded_url": "https://exemple.fr/x"},
        ],
    },
    "public_metrics": {"like_count": 3, "retweet_count": 1, "reply_count": 2, "quote_count": 0},
    "lang": "en",
}
USER: dict[str, Any] = {
    "id": "77",
    "username": "Ilse_M",
    "name": "Ilse Marchetal",
    "description": "",
    "url": "https://t.co/z",
    "entities": {"url": {"urls": [{"url": "https://t.co/z", "expanded_url": "https://ilse.fr"}]}},
    "public_metrics": {"followers_count": 10, "following_count": 20, "tweet_count": 30},
    "verified": True,
    "verified_type": "business",
    "created_at": "2020-01-01T00:00:00.000Z",
}


def page(**parts: Any) -> str:
    return json.dumps({**parts, "__twarc": {"retrieved_at": SEEN_AT}})


def only(outcomes: list[Outcome]) -> Any:
    (outcome,) = outcomes
    return outcome


def test_post_of_a_page(read_all: Read) -> None:
    outcome = only(read_all("x_api_v2", page(data=[POST])))
    assert outcome == Accepted(
        "posts",
        {
            "channel": "medium",
            "post_id": "1500000000000000001",
            "author_id": "77",
            "text": POST["text"],
            "text_key": text_key(POST["text"]),
            "is_text_repaired": False,
            "created_at": datetime(2024, 5, 1, 8, 30, tzinfo=UTC),
            "received_at": datetime(2024, 5, 2, 8, 0, tzinfo=UTC),
            "edited_at": None,
            "edit_of_post_id": None,
            "in_reply_to_post_id": "1500000000000000000",
            "in_reply_to_account_id": "12",
            "thread_id": "1500000000000000000",
            "repost_of_post_id": None,
            "quoted_post_id": "1400000000000000000",
            "mentions": ["brindille"],
            "hashtags": ["retard"],
            "urls": ["https://exemple.fr/x", "https://c.fr"],
            "like_count": 3,
            "repost_count": 1,
            "reply_count": 2,
            "view_count": None,
            "lang_hint": "en",
            "is_private": False,
            "withheld_in_countries": None,
        },
        1,
        json.dumps(POST),
        "/data/0",
    )


def test_where_a_post_is_withheld(read_all: Read) -> None:
    withheld = {"copyright": False, "country_codes": ["fr", "DE"], "scope": "user"}
    outcome = only(read_all("x_api_v2", page(data=[{**POST, "withheld": withheld}])))
    assert outcome.values["withheld_in_countries"] == ["DE", "FR"]


def test_profile_of_a_page(read_all: Read) -> None:
    outcome = only(read_all("x_api_v2", page(includes={"users": [USER]})))
    assert (outcome.table, outcome.item, outcome.raw) == (
        "accounts",
        "/includes/users/0",
        json.dumps(USER),
    )
    assert outcome.values == {
        "channel": "medium",
        "account_id": "77",
        "handle": "Ilse_M",
        "display_name": "Ilse Marchetal",
        "description": None,
        "location": None,
        "url": "https://ilse.fr",
        "followers_count": 10,
        "following_count": 20,
        "posts_count": 30,
        "is_verified": True,
        "is_brand": True,
        "created_at": datetime(2020, 1, 1, tzinfo=UTC),
        "received_at": datetime(2024, 5, 2, 8, 0, tzinfo=UTC),
    }


def test_every_part_of_a_page_is_a_record_of_its_own(read_all: Read) -> None:
    line = page(
        data=[POST, USER, {"tweet_count": 4, "start": "x"}, 7, {**POST, "id": 5}],
        includes={"tweets": [{**POST, "id": "2"}], "users": [USER, {**USER, "id": ""}]},
        errors=[{"title": "Not Found Error", "detail": "Could not find it."}, 3],
        meta={"result_count": 5},
    )
    found = [
        (getattr(outcome, "table", None) or getattr(outcome, "reason", None), outcome.item)
        for outcome in read_all("x_api_v2", ["", line])
    ]
    assert found == [
        ("posts", "/data/0"),
        ("accounts", "/data/1"),
        ("unknown_object", "/data/2"),
        ("unknown_object", "/data/3"),
        ("wrong_type", "/data/4"),
        ("posts", "/includes/tweets/0"),
        ("accounts", "/includes/users/0"),
        ("impossible_value", "/includes/users/1"),
        ("source_error", "/errors/0"),
        ("unknown_object", "/errors/1"),
    ]


def test_streamed_post_and_post_without_fields_asked_for(read_all: Read) -> None:
    outcome = only(
        read_all("x_api_v2", '{"data": {"id": "9", "text": "ok"}, "matching_rules": []}')
    )
    assert outcome.item == "/data"
    present = {name for name, value in outcome.values.items() if value is not None}
    assert present == {"channel", "post_id", "text", "text_key", "is_text_repaired", "is_private"}


def test_repost_and_long_post(read_all: Read) -> None:
    repost = {"id": "2", "text": "RT", "referenced_tweets": [{"type": "retweeted", "id": "1"}]}
    note = {"text": "the whole of it #Long", "entities": {"hashtags": [{"tag": "Long"}]}}
    first, second = read_all("x_api_v2", page(data=[repost, {**POST, "note_tweet": note}]))
    assert isinstance(first, Accepted)
    assert first.values["repost_of_post_id"] == "1"
    assert isinstance(second, Accepted)
    assert second.values["text"] == "the whole of it #Long"
    assert second.values["hashtags"] == ["long"]


def test_edit_names_the_first_post_of_its_history(read_all: Read) -> None:
    edit = {**POST, "edit_history_tweet_ids": ["1499999999999999999", POST["id"]]}
    first = {**POST, "id": "1499999999999999999", "edit_history_tweet_ids": ["1499999999999999999"]}
    edited, original = read_all("x_api_v2", page(data=[edit, first]))
    assert isinstance(edited, Accepted)
    assert isinstance(original, Accepted)
    assert edited.values["post_id"] == POST["id"]
    assert edited.values["edit_of_post_id"] == "1499999999999999999"
    assert edited.values["edited_at"] == edited.values["created_at"]
    assert original.values["edit_of_post_id"] is None
    assert original.values["edited_at"] is None


def test_flattened_post_gives_what_is_inside_it(read_all: Read) -> None:
    quoted = {**POST, "id": "3", "type": "quoted", "author": USER}
    mention = {**USER, "id": "78", "username": "Joran", "start": 0, "end": 5}
    line = {
        **POST,
        "author": USER,
        "in_reply_to_user": {**USER, "id": "12"},
        "entities": {"mentions": [{"username": "other"}, mention]},
        "referenced_tweets": [{"type": "replied_to", "id": "1"}, quoted],
        "__twarc": {"retrieved_at": SEEN_AT},
    }
    outcomes = read_all("x_api_v2", json.dumps(line))
    assert [(outcome.table, outcome.item) for outcome in outcomes] == [
        ("posts", None),
        ("accounts", "/author"),
        ("accounts", "/in_reply_to_user"),
        ("accounts", "/entities/mentions/1"),
        ("posts", "/referenced_tweets/1"),
        ("accounts", "/referenced_tweets/1/author"),
    ]
    assert {outcome.values["received_at"] for outcome in outcomes} == {
        datetime(2024, 5, 2, 8, 0, tzinfo=UTC)
    }


def test_posts_inside_posts_without_end_are_cut(read_all: Read) -> None:
    line: dict[str, Any] = {"id": "1", "text": "innermost"}
    for _ in range(60):
        line = {"id": "1", "text": "x", "referenced_tweets": [{**line, "type": "quoted"}]}
    outcomes = read_all("x_api_v2", json.dumps(line))
    assert [type(outcome).__name__ for outcome in outcomes] == ["Accepted"] * 8 + ["Quarantined"]


def snowflake(moment: datetime) -> str:
    epoch = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
    return str((moment - epoch) // timedelta(milliseconds=1) << 22 | 5)


def test_compliance_events(read_all: Read) -> None:
    made_at = datetime(2019, 9, 6, 17, 25, 54, 667000, tzinfo=UTC)
    event = {"id": snowflake(made_at), "action": "delete", "created_at": made_at.isoformat()}
    deleted, dated, withheld = read_all(
        "x_api_v2",
        [
            json.dumps({**event, "reason": "deleted"}),
            json.dumps({**event, "redacted_at": "2021-08-17T17:26:15.788Z"}),
            json.dumps({"id": "20", "action": "withhold", "created_at": "2006-03-21T20:50:14Z"}),
        ],
    )
    assert isinstance(deleted, Accepted)
    assert deleted.values == {
        "channel": "medium",
        "interaction_type": "deletion",
        "post_id": event["id"],
        "created_at": None,
        "detail": "deleted",
    }
    assert isinstance(dated, Accepted)
    assert dated.values["created_at"] == datetime(2021, 8, 17, 17, 26, 15, 788000, tzinfo=UTC)
    assert isinstance(withheld, Accepted)
    assert withheld.values["interaction_type"] == "withholding"


@pytest.mark.parametrize(
    "event",
    [
        {"id": "1482680858", "action": "delete", "created_at": "2013-06-04T16:25:04+00:00"},
        {"id": "5", "action": "delete", "reason": "scrub_geo"},
        {"id": "5", "action": "celebrate"},
    ],
)
def test_events_that_touch_no_post(read_all: Read, event: dict[str, str]) -> None:
    outcome = only(read_all("x_api_v2", json.dumps(event)))
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "unsupported_event"


@pytest.mark.parametrize(
    ("line", "reason", "part_of_detail"),
    [
        ("nonsense", "not_json", "malformed"),
        ('{"data": [{"id": "1", "te', "not_json", "truncated"),
        ("[" * 5000, "not_json", "nested"),
        (b'{"text": "caf\xe9", "id": "1"}', "not_utf8", "byte 0xe9 at offset 13"),
        ("[1, 2]", "unknown_object", "an array of 2"),
        ('{"x": 1e999}', "unknown_object", "with x"),
        ("null", "unknown_object", "null"),
        ('{"kind": "t3", "x": 1}', "unknown_object", "an object with kind, x"),
        ('{"meta": {"result_count": 0}}', "empty_page", "without posts"),
        ('{"id": "1", "text": 5}', "wrong_type", "text: found 5, expected str"),
        ('{"text": "a"}', "missing_field", "id: nothing found"),
        (
            '{"id": "12x", "text": "a"}',
            "impossible_value",
            "id: found '12x', expected an id of 1 to 20 digits",
        ),
        (
            '{"id": "1", "text": "a", "referenced_tweets": [{"type": "quoted", "id": "2\\n"}]}',
            "impossible_value",
            "referenced_tweets.id: found a text of 2 characters, expected an id",
        ),
        (
            '{"id": "1", "text": "a", "edit_history_tweet_ids": ["", "1"]}',
            "impossible_value",
            "edit_history_tweet_ids: found '', expected an id",
        ),
        (
            '{"id": "1", "text": "a", "public_metrics": {"like_count": -2}}',
            "impossible_value",
            "public_metrics.like_count: found -2, expected int >= 0",
        ),
        (
            '{"id": "1", "text": "a", "public_metrics": {"like_count": 9e99}}',
            "wrong_type",
            "public_metrics.like_count",
        ),
        (
            '{"id": "1", "text": "a", "created_at": "1900-01-01T00:00:00Z"}',
            "impossible_value",
            "created_at: found '1900-01-01T00:00:00+00:00'",
        ),
        (
            '{"id": "1", "text": "a", "created_at": "yesterday, I think"}',
            "impossible_value",
            "created_at: found a text of 18 characters",
        ),
        (
            '{"title": "operational-disconnect", "detail": "This stream has been disconnected."}',
            "source_error",
            "operational-disconnect: This stream",
        ),
        ('{"data": {"id": "1", "text": "a"}, "includes": []}', "unknown_object", "an array of 0"),
        ("[1, 2", "not_json", "delimiter"),
        ('{"id": 5, "text": "a", "x', "not_json", "truncated"),
        (r'{"id": 5, "text": "\ud83d"}', "wrong_type", "id: found 5"),
        ('{"data": null, "errors": {}}', "wrong_type", "array"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, line: str | bytes, reason: str, part_of_detail: str
) -> None:
    fault = read_all("x_api_v2", line)[-1]
    assert isinstance(fault, Quarantined)
    assert (fault.reason, fault.position) == (reason, 1)
    assert part_of_detail in fault.detail


def test_text_that_was_cut_inside_an_emoji_is_kept(read_all: Read) -> None:
    line = r'{"id": "1", "text": "\ud83d\ude00 half: \ud83d \\ud83d nul: \u0000"}'
    outcome = only(read_all("x_api_v2", line))
    assert outcome.values["text"] == "😀 half: � \\ud83d nul: �"
    assert outcome.raw == line


def test_byte_order_mark_carriage_returns_and_later_pieces(read_all: Read) -> None:
    content = b'\xef\xbb\xbf{"id": "1", "text": "a"}\r\n\r\n  \n{"id": "2", "text": "b"}'
    assert [outcome.position for outcome in read_all("x_api_v2", content)] == [1, 4]
    assert read_all("x_api_v2", b"") == []
    later = read_all("x_api_v2", '{"id": "2", "text": "b"}', first_line=40)
    assert only(later).position == 40


def test_real_pages(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    counts: Counter[str] = Counter()
    post_ids = set()
    for path in sorted((shared_data / "twitter_api_v2").glob("*.jsonl")):
        content = path.read_bytes()
        outcomes = read_all("x_api_v2", content)
        assert_conform(outcomes)
        lines = content.split(b"\n")
        assert {outcome.position for outcome in outcomes} == {
            number for number, line in enumerate(lines, 1) if line.strip()
        }
        for outcome in outcomes:
            if isinstance(outcome, Accepted):
                counts[outcome.table] += 1
                if outcome.table == "posts":
                    post_ids.add(outcome.values["post_id"])
            else:
                counts[outcome.reason] += 1
    assert len(post_ids) == 1_614
    assert counts == {
        "posts": 2_299,
        "accounts": 2_576,
        "interactions": 2,
        "unknown_object": 175,
        "source_error": 27,
        "unsupported_event": 2,
        "not_json": 1,
    }


def test_real_edit(read_all: Read, shared_data: Path) -> None:
    edits = {
        outcome.values["post_id"]: outcome.values["edit_of_post_id"]
        for outcome in read_all(
            "x_api_v2", (shared_data / "twitter_api_v2" / "edited.jsonl").read_bytes()
        )
        if isinstance(outcome, Accepted) and outcome.table == "posts"
    }
    assert edits == {
        "1576994746135764992": None,
        "1576994789110992896": "1576994746135764992",
    }
