"""Each treatment of docs/text-as-delivered.md, through an adapter of JSON lines and one of CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined

Read = Callable[..., list[Outcome]]

CARE = "tweet_id,author_id,inbound,created_at,text"
SURVEY = "response_id,answered_at,comment"
EMOJI = "\N{GRINNING FACE}"


def one(outcomes: list[Outcome]) -> Outcome:
    (outcome,) = outcomes
    return outcome


def from_json(read_all: Read, text: str, adapter: str = "reddit") -> Outcome:
    """The outcome of a comment whose body is written with these JSON characters."""
    if adapter == "reddit":
        return one(read_all("reddit", '{"id":"a","body":"' + text + '"}'))
    return one(read_all("x_api_v2", '{"id":"1","text":"' + text + '"}'))


def from_csv(read_all: Read, text: str | bytes) -> Outcome:
    """The outcome of a survey answer with this comment."""
    written = text if isinstance(text, bytes) else text.encode()
    content = f"{SURVEY}\n1,2024-05-01 08:30:00,".encode() + written + b"\n"
    return one(read_all("crm_surveys", content))


def care(read_all: Read, **changes: str) -> Outcome:
    fields = {
        "tweet_id": "1",
        "author_id": "2",
        "inbound": "True",
        "created_at": "Tue Oct 31 22:10:47 +0000 2017",
        "text": "a",
        "in_response_to_tweet_id": "",
        **changes,
    }
    return one(read_all("customer_care", [",".join(fields), ",".join(fields.values())]))


def text_of(outcome: Outcome) -> Any:
    assert isinstance(outcome, Accepted), outcome
    return outcome.values["text"]


def test_byte_order_mark(read_all: Read) -> None:
    assert text_of(one(read_all("reddit", '\ufeff{"id":"a","body":"x"}'))) == "x"
    content = f"\ufeff{SURVEY}\n1,2024-05-01 08:30:00,x\n"
    assert text_of(one(read_all("crm_surveys", content))) == "x"


def test_mojibake(read_all: Read) -> None:
    for outcome in (from_json(read_all, "dÃ©Ã§u #Ã©tÃ©"), from_csv(read_all, "dÃ©Ã§u #Ã©tÃ©")):
        assert text_of(outcome) == "déçu #été"
        assert isinstance(outcome, Accepted)
        assert outcome.values["is_text_repaired"] is True
        assert "dÃ©Ã§u" in outcome.raw
    tagged = care(read_all, text="dÃ©Ã§u #Ã©tÃ©")
    assert isinstance(tagged, Accepted)
    assert tagged.values["hashtags"] == ["été"]


def test_html_entities(read_all: Read) -> None:
    escaped = "a &amp; b &lt;3 &amp;gt; &eacute; &#39;"
    undone = "a & b <3 &gt; &eacute; &#39;"
    assert text_of(from_json(read_all, escaped)) == undone
    assert text_of(from_json(read_all, escaped, "x_api_v2")) == undone
    assert text_of(care(read_all, text=escaped)) == undone
    status = {"id": 1, "created_at": "Wed May 01 08:30:00 +0000 2024", "text": escaped}
    assert text_of(one(read_all("x_v1", json.dumps(status)))) == undone
    assert text_of(from_csv(read_all, escaped)) == escaped  # nobody escapes there
    shown = "a & b <3 &gt; é '"
    status = {
        "id": "1",
        "content": escaped,
        "created_at": "2024-05-01T08:30:00Z",
        "account": {"id": "2", "acct": "b"},
    }
    assert text_of(read_all("mastodon", json.dumps(status))[0]) == shown
    row = ["COMMENT_ID,AUTHOR,DATE,CONTENT", f"1,b,2013-11-07T06:20:48,{escaped}"]
    assert text_of(one(read_all("youtube", row))) == shown


def test_profiles_of_x_have_no_escapes(read_all: Read) -> None:
    user = '{"id":"1","username":"b","name":"M&amp;Co","description":"&lt; & >"}'
    outcome = one(read_all("x_api_v2", user))
    assert isinstance(outcome, Accepted)
    assert outcome.values["display_name"] == "M&amp;Co"
    assert outcome.values["description"] == "&lt; & >"


def test_emoji_beyond_the_bmp(read_all: Read) -> None:
    assert text_of(from_json(read_all, r"\ud83d\ude00 x")) == f"{EMOJI} x"
    assert text_of(from_json(read_all, f"{EMOJI} x")) == f"{EMOJI} x"
    assert text_of(from_csv(read_all, f"{EMOJI} x")) == f"{EMOJI} x"


def test_lone_surrogates(read_all: Read) -> None:
    assert text_of(from_json(read_all, r"x \ud83d y \ude00")) == "x � y �"
    outcome = from_csv(read_all, b"x \xed\xa0\xbd")
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "not_utf8"
    assert "0xed" in outcome.detail


def test_nul_and_other_control_characters(read_all: Read) -> None:
    assert text_of(from_json(read_all, r"a\u0000b\u0007\u001bc")) == "a�b\x07\x1bc"
    assert text_of(from_csv(read_all, "a\x07\x1bc")) == "a\x07\x1bc"
    outcome = from_csv(read_all, "a\x00b")
    assert isinstance(outcome, Quarantined)
    assert outcome.reason == "nul_character"
    assert "\x00" not in outcome.raw


def test_a_text_of_a_megabyte(read_all: Read) -> None:
    long = "Où est mon colis ? " * (1024 * 1024 // 19 + 1)
    assert len(long) > 1024 * 1024
    assert text_of(from_json(read_all, long)) == long
    assert text_of(from_csv(read_all, f'"{long}"')) == long.strip()
    assert text_of(from_csv(read_all, f'"{long}\n{long}"')) == f"{long}\n{long}".strip()


def test_line_ends_inside_quotes(read_all: Read) -> None:
    assert text_of(from_csv(read_all, '"a\n\n""b"", c"')) == 'a\n\n"b", c'
    assert text_of(from_json(read_all, r"a\n\n\"b\", c")) == 'a\n\n"b", c'


@pytest.mark.parametrize("rounded", ["5.7E+17", "5.7e+17", "5E+17", '"1,23E+17"', "1.23E17"])
def test_ids_that_a_spreadsheet_rounded(read_all: Read, rounded: str) -> None:
    outcomes = [
        care(read_all, tweet_id=rounded),
        care(read_all, in_response_to_tweet_id=rounded),
        one(read_all("crm_surveys", [SURVEY, f"{rounded},2024-05-01 08:30:00,a"])),
    ]
    for outcome in outcomes:
        assert isinstance(outcome, Quarantined)
        assert outcome.reason == "rounded_id"
        assert rounded.strip('"') in outcome.detail
    as_json = one(read_all("x_api_v2", '{"id":"5.7E+17","text":"a"}'))
    assert isinstance(as_json, Quarantined)
    assert "id: found '5.7E+17'" in as_json.detail


def test_ids_that_a_program_took_for_numbers(read_all: Read) -> None:
    answer = one(read_all("crm_surveys", [SURVEY, "123.0,2024-05-01 08:30:00,a"]))
    assert isinstance(answer, Accepted)
    assert answer.values["response_id"] == "123"
    post = care(read_all, tweet_id="123.0", in_response_to_tweet_id="7.0", author_id="5.00")
    assert isinstance(post, Accepted)
    assert post.values["post_id"] == "123"
    assert (post.values["in_reply_to_post_id"], post.values["author_id"]) == ("7", "5")
    lost = one(read_all("crm_surveys", [SURVEY, f"{2**53 + 2}.0,2024-05-01 08:30:00,a"]))
    assert isinstance(lost, Quarantined)
    assert lost.reason == "rounded_id"
    number = one(read_all("x_v1", '{"id":123.5,"text":"a","created_at":"x"}'))
    assert isinstance(number, Quarantined)
    assert number.detail.startswith("id: found 123.5")


def test_counts_as_floating_point_numbers(read_all: Read) -> None:
    header = "response_id,answered_at,nps_score"
    answer = one(read_all("crm_surveys", [header, "1,2024-05-01 08:30:00,9.0"]))
    assert isinstance(answer, Accepted)
    assert answer.values["nps_score"] == 9
    comment = one(read_all("reddit", '{"id":"a","body":"x","num_comments":9.0}'))
    assert isinstance(comment, Quarantined)
    assert comment.reason == "wrong_type"
    assert comment.detail.startswith("num_comments: found 9.0")


def test_real_texts_of_x_have_no_escapes_left(read_all: Read, shared_data: Path) -> None:
    table = (shared_data / "twitter_care" / "twcs.csv").read_bytes()
    lines = [
        *read_all("customer_care", table),
        *read_all("x_v1", (shared_data / "twitter_api_v1" / "statuses.jsonl").read_bytes()),
    ]
    for file in sorted((shared_data / "twitter_api_v2").glob("*.jsonl")):
        lines += read_all("x_api_v2", file.read_bytes())
    texts = [
        o.values["text"] or "" for o in lines if isinstance(o, Accepted) and o.table == "posts"
    ]
    assert sum("&" in text for text in texts) > 200
    assert sum("<" in text for text in texts) > 10
    escaped = [text for text in texts if "&amp;" in text or "&lt;" in text or "&gt;" in text]
    assert not escaped


IMPOSSIBLE: list[tuple[str, str | list[str], str]] = [
    (
        "x_api_v2",
        '{"id":"1","text":"a","created_at":"1900-01-01T00:00:00Z"}',
        "created_at: found '1900-01-01T00:00:00",
    ),
    (
        "x_api_v2",
        '{"id":"1","text":"a","public_metrics":{"like_count":-1}}',
        "public_metrics.like_count: found -1",
    ),
    (
        "x_api_v2",
        '{"id":"1","username":"b","public_metrics":{"followers_count":"many"}}',
        "public_metrics.followers_count: found 'many'",
    ),
    (
        "x_v1",
        '{"id":1,"text":"a","created_at":"Mon Jan 01 00:00:00 +0000 1900"}',
        "created_at: found",
    ),
    (
        "x_v1",
        '{"id":1,"text":"a","created_at":"Wed May 01 08:30:00 +0000 2024","retweet_count":-1}',
        "retweet_count: found -1",
    ),
    (
        "x_v1",
        (
            '{"id":1,"text":"a","created_at":"Wed May 01 08:30:00 +0000 2024",'
            '"user":{"id":2,"screen_name":"b","followers_count":"many"}}'
        ),
        "followers_count: found 'many'",
    ),
    ("reddit", '{"id":"a","body":"x","created_utc":-2208988800}', "created_utc: found -2208988800"),
    ("reddit", '{"id":"a","body":"x","num_comments":-1}', "num_comments: found -1"),
    ("reddit", '{"id":"a","body":"x","score":"high"}', "score: found 'high'"),
    (
        "mastodon",
        (
            '{"id":"1","content":"a","created_at":"1900-01-01T00:00:00Z",'
            '"account":{"id":"2","acct":"b"}}'
        ),
        "created_at: found '1900-01-01T00:00:00",
    ),
    (
        "mastodon",
        (
            '{"id":"1","content":"a","created_at":"2024-05-01T08:30:00Z","replies_count":-1,'
            '"account":{"id":"2","acct":"b"}}'
        ),
        "replies_count: found -1",
    ),
    (
        "mastodon",
        (
            '{"id":"1","content":"a","created_at":"2024-05-01T08:30:00Z",'
            '"account":{"id":"2","acct":"b","followers_count":"many"}}'
        ),
        "followers_count: found 'many'",
    ),
    (
        "discourse",
        '{"topic_id":1,"post_number":1,"cooked":"a","created_at":"1900-01-01T00:00:00Z"}',
        "created_at: found '1900-01-01T00:00:00",
    ),
    ("discourse", '{"topic_id":1,"post_number":1,"cooked":"a","reads":-1}', "reads: found -1"),
    ("discourse", '{"topic_id":1,"post_number":1,"cooked":"a","reads":"x"}', "reads: found 'x'"),
    (
        "customer_care",
        [CARE, "1,2,True,Mon Jan 01 00:00:00 +0000 1900,a"],
        "created_at: found",
    ),
    (
        "youtube",
        ["COMMENT_ID,AUTHOR,DATE,CONTENT", "1,b,1900-01-01T00:00:00,a"],
        "date: found '1900-01-01T00:00:00'",
    ),
    ("crm_surveys", [SURVEY, "1,1900-01-01 00:00:00,a"], "answered_at: found"),
    (
        "crm_surveys",
        ["response_id,answered_at,nps_score", "1,2024-05-01 08:30:00,-1"],
        "nps_score: found '-1'",
    ),
    (
        "crm_customers",
        ["customer_id,created_at", "1,1900-01-01 00:00:00"],
        "created_at: found",
    ),
    ("crm_orders", ["order_id,ordered_at", "1,1900-01-01 00:00:00"], "ordered_at: found"),
    (
        "crm_orders",
        ["order_id,ordered_at,total_amount", "1,2024-05-01 08:30:00,many"],
        "total_amount: found 'many'",
    ),
    (
        "crm_loyalty",
        [
            "movement_id,loyalty_card_id,movement_type,points_count,moved_at",
            "1,2,earn,many,2024-05-01 08:30:00",
        ],
        "points_count: found 'many'",
    ),
    (
        "crm_loyalty",
        [
            "movement_id,loyalty_card_id,movement_type,points_count,moved_at",
            "1,2,earn,5,1900-01-01 08:30:00",
        ],
        "moved_at: found",
    ),
]


@pytest.mark.parametrize(("adapter", "content", "part_of_detail"), IMPOSSIBLE)
def test_impossible_values_are_quarantined_with_field_and_value(
    read_all: Read, adapter: str, content: str | list[str], part_of_detail: str
) -> None:
    faults = [o for o in read_all(adapter, content) if isinstance(o, Quarantined)]
    assert [fault.reason in {"impossible_value", "wrong_type"} for fault in faults] == [True]
    assert part_of_detail in faults[0].detail
