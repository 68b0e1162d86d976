from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key

Read = Callable[..., list[Outcome]]
HEADER = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
ROW = "7,900712,True,Tue Oct 31 22:10:47 +0000 2017,no answer,8,6.0"


def test_row(read_all: Read) -> None:
    raw = (
        "0,3,Brindille,False,Tue Oct 31 23:10:47 +0100 2017,"
        '"@900712 Sorry, see https://exemple.fr/a\n#Retard",,2.0'
    )
    text = "@900712 Sorry, see https://exemple.fr/a\n#Retard"
    assert read_all("customer_care", [f",{HEADER}", raw]) == [
        Accepted(
            "posts",
            {
                "channel": "medium",
                "post_id": "3",
                "author_id": "Brindille",
                "author_handle": "Brindille",
                "text": text,
                "text_key": text_key(text),
                "is_text_repaired": False,
                "created_at": datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC),
                "in_reply_to_post_id": "2",
                "mentions": ["900712"],
                "hashtags": ["retard"],
                "urls": ["https://exemple.fr/a"],
                "is_inbound": False,
                "is_private": False,
            },
            2,
            raw,
        )
    ]


def test_columns_are_found_by_name(read_all: Read) -> None:
    header = "text,created_at,inbound,other,author_id,tweet_id"
    row = "hello,Tue Oct 31 22:10:47 +0000 2017,True,x,900712,9"
    (outcome,) = read_all("customer_care", [header, row])
    assert isinstance(outcome, Accepted)
    assert (outcome.values["post_id"], outcome.values["author_id"]) == ("9", "900712")
    assert outcome.values["author_handle"] is None
    assert outcome.values["in_reply_to_post_id"] is None


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_told_by_the_header(read_all: Read, separator: str) -> None:
    row = ROW.replace(",", separator)
    (outcome,) = read_all("customer_care", [HEADER.replace(",", separator), row])
    assert isinstance(outcome, Accepted)
    assert (outcome.values["post_id"], outcome.raw) == ("7", row)


@pytest.mark.parametrize("line", ["sep=,", '"SEP=,"', "sep=;\r"])
def test_what_tells_excel_the_separator_is_no_header(read_all: Read, line: str) -> None:
    (outcome,) = read_all("customer_care", [line, HEADER, ROW])
    assert isinstance(outcome, Accepted)
    assert (outcome.position, outcome.raw) == (3, ROW)
    set_aside = read_all("customer_care", [line, "no,header"])
    assert [(outcome.position, outcome.raw) for outcome in set_aside] == [
        (1, line.rstrip()),
        (2, "no,header"),
    ]
    assert [outcome.position for outcome in read_all("customer_care", [line])] == [1]


@pytest.mark.parametrize(
    ("before", "after", "reason", "part_of_detail"),
    [
        ("7,", "5.7E+17,", "rounded_id", "tweet_id: found 5.7E+17"),
        ("6.0", "5.7e+17", "rounded_id", "in_response_to_tweet_id"),
        ("6.0", "9007199254740994.0", "rounded_id", "floating-point"),
        ("7,", "7.5,", "impossible_value", "tweet_id: found '7.5'"),
        ("7,", ",", "missing_field", "tweet_id"),
        ("True", "perhaps", "impossible_value", "inbound: found 'perhaps'"),
        ("Oct 31", "Okt 31", "impossible_value", "created_at"),
        ("Oct 31", "Feb 31", "impossible_value", "created_at"),
        ("2017", "1900", "impossible_value", "created_at"),
        ("no answer", "no, answer", "wrong_field_count", "found 8 fields, expected 7"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, before: str, after: str, reason: str, part_of_detail: str
) -> None:
    row = ROW.replace(before, after, 1)
    (fault,) = read_all("customer_care", [HEADER, row])
    assert isinstance(fault, Quarantined)
    assert (fault.reason, fault.position, fault.raw) == (reason, 2, row)
    assert part_of_detail in fault.detail


def test_whole_ids_are_kept_whatever_their_length(read_all: Read) -> None:
    row = ROW.replace("7,", "920000000000000001,", 1).replace("6.0", "920000000000000000")
    (outcome,) = read_all("customer_care", [HEADER, row])
    assert isinstance(outcome, Accepted)
    assert outcome.values["post_id"] == "920000000000000001"
    assert outcome.values["in_reply_to_post_id"] == "920000000000000000"


def test_real_file(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    outcomes = read_all("customer_care", (shared_data / "twitter_care" / "twcs.csv").read_bytes())
    assert_conform(outcomes)
    accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    (broken,) = [outcome for outcome in outcomes if isinstance(outcome, Quarantined)]
    assert len({outcome.values["post_id"] for outcome in accepted}) == len(accepted) == 4_999
    assert "3399" not in {outcome.values["post_id"] for outcome in accepted}
    assert (broken.reason, broken.position) == ("broken_over_lines", 2_589)
    assert broken.raw.startswith("2484,3399,")
    assert broken.raw.endswith(",3398,")
    assert sum("\n" in (outcome.values["text"] or "") for outcome in accepted) > 100
    replies = [o for o in accepted if o.values["in_reply_to_post_id"] is not None]
    assert len(replies) == 3_694
