from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined, text_key

Read = Callable[..., list[Outcome]]
HEADER = "COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS"


def test_comment(read_all: Read) -> None:
    row = (
        'z12abc,Lise Martin,2013-11-07T06:20:48.120000,"Great &amp; <br />see'
        ' <a href=""https://exemple.fr/?a=1&amp;b=2"">this</a> @Brindille #Tea <3",1'
    )
    text = "Great &\nsee this @Brindille #Tea <3"
    assert read_all("youtube", [HEADER, row]) == [
        Accepted(
            "posts",
            {
                "channel": "medium",
                "post_id": "z12abc",
                "author_id": None,
                "author_handle": None,
                "text": text,
                "text_key": text_key(text),
                "is_text_repaired": False,
                "created_at": datetime(2013, 11, 7, 6, 20, 48, 120000, tzinfo=UTC),
                "mentions": ["brindille"],
                "hashtags": ["tea"],
                "urls": ["https://exemple.fr/?a=1&b=2"],
                "is_private": False,
            },
            2,
            row,
        )
    ]


def test_only_a_handle_tells_who_wrote(read_all: Read) -> None:
    header = "author;content;comment_id;date"
    first, second = read_all("youtube", [header, "@lise-m;hello;a;", "@;hello;b;"])
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.values["author_id"] == first.values["author_handle"] == "lise-m"
    assert second.values["author_id"] is None
    assert first.values["created_at"] is None


@pytest.mark.parametrize(
    ("row", "reason", "part_of_detail"),
    [
        (",Lise,2013-11-07T06:20:48,x,1", "missing_field", "comment_id"),
        ("5.7E+17,Lise,2013-11-07T06:20:48,x,1", "rounded_id", "comment_id: found 5.7E+17"),
        ("a,Lise,2013-11-07,x,1", "impossible_value", "date: found '2013-11-07'"),
        ("a,Lise,1900-01-01T00:00:00,x,1", "impossible_value", "date"),
        ("a,Lise,2013-11-07T06:20:48,x", "wrong_field_count", "found 4 fields, expected 5"),
    ],
)
def test_faults_name_field_and_finding(
    read_all: Read, row: str, reason: str, part_of_detail: str
) -> None:
    (fault,) = read_all("youtube", [HEADER, row])
    assert isinstance(fault, Quarantined)
    assert fault.reason == reason
    assert part_of_detail in fault.detail


def test_a_file_without_the_columns_is_set_aside(read_all: Read) -> None:
    outcomes = read_all("youtube", ["COMMENT_ID,TEXT", "a,b"])
    assert [getattr(outcome, "reason", None) for outcome in outcomes] == ["unusable_header"] * 2


def test_real_comments(
    read_all: Read, shared_data: Path, assert_conform: Callable[[list[Outcome]], None]
) -> None:
    files = sorted((shared_data / "youtube_comments").glob("*.csv"))
    outcomes = [o for file in files for o in read_all("youtube", file.read_bytes())]
    assert_conform(outcomes)
    posts = [outcome.values for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(posts) == len(outcomes) == 1_956
    counts: Counter[str] = Counter()
    for post in posts:
        counts["text"] += post["text"] is not None
        counts["time"] += post["created_at"] is not None
        counts["markup"] += "<br" in (post["text"] or "") or "&#39;" in (post["text"] or "")
    assert counts == {"text": 1_956, "time": 1_711, "markup": 0}
    assert len({post["post_id"] for post in posts}) == 1_953
