"""What holds for every adapter on every input: nothing raised, nothing lost, nothing invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spark_jobs.adapters.csv_rows import Layout
from spark_jobs.adapters.mapped_tables import fields_read
from spark_jobs.adapters.outcomes import Outcome, printable
from spark_jobs.adapters.registry import NAMES, adapter_named
from spark_jobs.sources import SHIPPED_SOURCES, read_sources

Read = Callable[..., list[Outcome]]
Check = Callable[[list[Outcome]], None]
MAPPED = {
    source.name: source.mapping
    for source in read_sources(SHIPPED_SOURCES).sources
    if source.mapping is not None
}
MAPPED_JSON = [name for name, mapping in MAPPED.items() if mapping.format == "jsonl"]
ADAPTERS = [name for name in NAMES if name != "mapping"]
JSON_LINES = [*(name for name in ADAPTERS if adapter_named(name).SPLITTABLE), *MAPPED_JSON]
CSV = [
    *(name for name in ADAPTERS if hasattr(adapter_named(name), "LAYOUT")),
    *(name for name in MAPPED if name not in MAPPED_JSON),
]
XML = ["stackexchange"]
OTHERS = [name for name in ADAPTERS if name not in {*JSON_LINES, *CSV, *XML}]

FIELD_NAMES = (
    "id",
    "name",
    "text",
    "data",
    "includes",
    "tweets",
    "users",
    "errors",
    "meta",
    "__twarc",
    "retrieved_at",
    "author",
    "username",
    "author_id",
    "created_at",
    "entities",
    "mentions",
    "hashtags",
    "urls",
    "tag",
    "url",
    "expanded_url",
    "public_metrics",
    "like_count",
    "retweet_count",
    "referenced_tweets",
    "type",
    "edit_history_tweet_ids",
    "note_tweet",
    "action",
    "reason",
    "redacted_at",
    "pinned_tweet",
    "in_reply_to_user",
    "title",
    "detail",
    "body",
    "selftext",
    "parent_id",
    "link_id",
    "score",
    "edited",
    "created_utc",
    "subreddit",
    "is_self",
    "crosspost_parent",
    "num_comments",
    "children",
    "content",
    "account",
    "acct",
    "note",
    "bot",
    "reblog",
    "quote",
    "quoted_status",
    "visibility",
    "user",
    "screen_name",
    "id_str",
    "full_text",
    "retweeted_status",
    "cooked",
    "post_stream",
    "posts",
    "latest_posts",
    "topic_id",
    "post_number",
    "accepted_answer",
    "actions_summary",
    "by",
    "time",
    "parent",
    "kids",
    "dead",
    "deleted",
    "descendants",
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["1", "t1_a", "t3_b", "2024-05-01T08:30:00Z", "[deleted]", "\ud83d", "\x00", "delete"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(FIELD_NAMES), inner, max_size=6),
    ),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(FIELD_NAMES), values, max_size=8)
SOUND: tuple[dict[str, Any], ...] = (
    {"id": "1", "text": "a", "author": {"id": "2", "username": "b", "name": "c"}},
    {"data": [{"id": "1", "text": "a"}], "includes": {"users": [{"id": "2", "username": "b"}]}},
    {"id": "1", "action": "delete"},
    {"id": "a", "body": "x", "created_utc": 1714552200},
    {"id": "a", "title": "x", "selftext": "y", "edited": 1714552200.0},
    {
        "id": "a",
        "content": "<p>x &amp; <a href='https://a.fr'>y</a>",
        "created_at": "2024-05-01T08:30:00Z",
        "account": {"id": "b", "acct": "c@d"},
    },
    {
        "id": 1,
        "full_text": "a",
        "created_at": "Wed May 01 08:30:00 +0000 2024",
        "user": {"id": 2, "screen_name": "b"},
    },
    {"topic_id": 1, "post_number": 2, "cooked": "<p>x", "accepted_answer": True},
    {"id": 2, "by": "b", "time": 1714552200, "title": "x", "url": "https://a.fr", "score": 1},
    {"post_stream": {"posts": [{"topic_id": 1, "post_number": 1, "cooked": "x"}]}},
)
documents = st.one_of(
    objects,
    st.builds(lambda sound, changes: {**sound, **changes}, st.sampled_from(SOUND), objects),
).map(json.dumps)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """Sound text with some of its bytes replaced, removed or repeated."""
    content = draw(texts).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 6))
        piece = draw(st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b"\n", b"\r", b","])))
        content = content[:at] + piece + content[at + length :]
    return content


json_lines = st.one_of(
    st.binary(max_size=120),
    mutated(st.lists(documents, max_size=3).map("\n".join)),
)


def non_blank_lines(content: bytes) -> list[int]:
    without_mark = content.removeprefix(b"\xef\xbb\xbf")
    return [number for number, line in enumerate(without_mark.split(b"\n"), 1) if line.strip()]


@pytest.mark.parametrize("adapter", JSON_LINES)
@settings(max_examples=120, deadline=None)
@given(content=json_lines)
def test_every_line_of_json_has_an_outcome(
    read_all: Read, assert_conform: Check, adapter: str, content: bytes
) -> None:
    outcomes = read_all(adapter, content)
    positions = [outcome.position for outcome in outcomes]
    assert positions == sorted(positions)
    assert sorted(set(positions)) == non_blank_lines(content)
    assert len({(outcome.position, outcome.item) for outcome in outcomes}) == len(outcomes)
    assert_conform(outcomes)
    for outcome in outcomes:
        outcome.raw.encode()
        getattr(outcome, "detail", "").encode()


@pytest.mark.parametrize("adapter", JSON_LINES)
@settings(max_examples=40, deadline=None)
@given(lines=st.lists(documents, min_size=2, max_size=6))
def test_lines_that_are_read_together_give_what_each_gives_alone(
    read_all: Read, adapter: str, lines: list[str]
) -> None:
    alone = [
        outcome
        for number, line in enumerate(lines, 1)
        for outcome in read_all(adapter, line, first_line=number)
    ]
    assert read_all(adapter, lines) == alone


@pytest.mark.parametrize("adapter", OTHERS)
@settings(max_examples=120, deadline=None)
@given(
    content=st.one_of(
        json_lines,
        mutated(
            st.lists(documents, max_size=3).map(
                lambda texts: "\n".join(json.dumps(json.loads(text), indent=1) for text in texts)
            )
        ),
    )
)
def test_every_document_has_an_outcome(
    read_all: Read, assert_conform: Check, adapter: str, content: bytes
) -> None:
    outcomes = read_all(adapter, content)
    lines = non_blank_lines(content)
    positions = [outcome.position for outcome in outcomes]
    assert positions == sorted(positions)
    assert positions[:1] == lines[:1]
    assert set(positions) <= set(lines)
    assert len({(outcome.position, outcome.item) for outcome in outcomes}) == len(outcomes)
    assert_conform(outcomes)
    for outcome in outcomes:
        outcome.raw.encode()
        getattr(outcome, "detail", "").encode()


def layout_of(name: str) -> Layout:
    if mapping := MAPPED.get(name):
        return Layout(*fields_read(mapping))
    return adapter_named(name).LAYOUT  # type: ignore[attr-defined, no-any-return]


@st.composite
def csv_files(draw: st.DrawFn, adapter: str) -> str:
    layout = layout_of(adapter)
    optional = [*layout.optional, *(each.replace("*", "x") for each in layout.patterns)]
    names = [*layout.required, *draw(st.lists(st.sampled_from(optional), unique=True))]
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    field = st.one_of(
        st.sampled_from(
            [
                "",
                "1",
                "1.0",
                "12,5",
                "2024-07-01 10:00:00",
                "2024-07-01",
                "true",
                "earn",
                "FR",
                "Tue Oct 31 22:10:47 +0000 2017",
                '"a\nb"',
                '"',
                "@x https://a.fr",
                "5.7E+17",
                "A-1",
            ]
        ),
        st.text(max_size=6),
    )
    rows = draw(st.lists(st.lists(field, min_size=len(names), max_size=len(names)), max_size=4))
    return "\n".join([delimiter.join(names), *(delimiter.join(row) for row in rows)])


@pytest.mark.parametrize("adapter", CSV)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_line_of_csv_is_in_one_outcome(
    read_all: Read, assert_conform: Check, adapter: str, data: st.DataObject
) -> None:
    content = data.draw(st.one_of(st.binary(max_size=120), mutated(csv_files(adapter))))
    outcomes = read_all(adapter, content)
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "backslashreplace")
    lines = [line.rstrip("\r") for line in text.replace("\x00", "\\x00").split("\n")]
    expected = [line for line in lines if line.strip()]
    places = {(outcome.position, getattr(outcome, "table", "")) for outcome in outcomes}
    assert len(places) == len(outcomes)
    raws = {outcome.position: outcome.raw for outcome in outcomes}
    found = [
        line.rstrip("\r")
        for _, raw in sorted(raws.items())
        for line in raw.split("\n")
        if line.strip()
    ]
    header_is_read = all(getattr(o, "reason", "") != "unusable_header" for o in outcomes)
    assert found in ([expected, expected[1:]] if header_is_read else [expected])
    for outcome in outcomes:
        assert lines[outcome.position - 1] == outcome.raw.split("\n")[0].rstrip("\r")
        outcome.raw.encode()
        getattr(outcome, "detail", "").encode()
    assert_conform(outcomes)


XML_TABLES = ["posts", "comments", "users", "votes", "badges", "postlinks", "posthistory", "tags"]
XML_FRAME = re.compile(
    rf"<\?xml\s[^<>]*\?>|</?(?:{'|'.join(XML_TABLES)})(?:\s[^<>]*)?>", re.I | re.A
)
XML_ATTRIBUTES = {
    "Id": ["1", "-1", "x", "", "1" * 30],
    "PostTypeId": ["1", "2", "5", "11"],
    "PostId": ["4"],
    "UserId": ["7", "-1"],
    "RelatedPostId": ["5"],
    "ParentId": ["4"],
    "AcceptedAnswerId": ["5"],
    "VoteTypeId": ["1", "2", "34"],
    "LinkTypeId": ["1", "3"],
    "PostHistoryTypeId": ["5"],
    "CreationDate": ["2024-05-01T08:30:00.123", "2024-05-01T00:00:00.000", "1900-01-01T00:00:00"],
    "Date": ["2024-05-01T08:30:00.123"],
    "Score": ["3", "abc", "-1"],
    "Name": ["a", "&#0;"],
    "TagName": ["b"],
    "Text": ["x &amp;lt; y", "&#xD83D;", "&nope;", "&", "\ttab\x00", "Ã©"],
    "Body": ["&lt;p&gt;x&lt;br", "&lt;a href=&quot;https://a.fr&quot;&gt;"],
    "Tags": ["&lt;a&gt;", "|a|b|"],
    "BountyAmount": ["50"],
    "New": ["1"],
}


@st.composite
def xml_rows(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from(sorted(XML_ATTRIBUTES)), max_size=12, unique=True))
    always = draw(st.sampled_from([[], ["Id", "PostId", "PostTypeId", "CreationDate", "Text"]]))
    attributes = {
        name: draw(st.sampled_from(XML_ATTRIBUTES[name])) for name in dict.fromkeys(always + names)
    }
    return "<row " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + " />"


@st.composite
def xml_files(draw: st.DrawFn) -> str:
    table = draw(st.sampled_from(XML_TABLES))
    rows = draw(st.lists(xml_rows(), max_size=4))
    between = draw(st.sampled_from(["\n", "", "\r\n  ", "\n\n"]))
    frame = ['<?xml version="1.0" encoding="utf-8"?>', f"<{table}>", *rows, f"</{table}>"]
    return between.join(frame)


def text_besides_frame(content: bytes) -> str:
    """All that must be in an outcome, without blanks."""
    kept = []
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        try:
            pieces = re.findall("<[^<]*|[^<]+", line.decode())
            kept += [piece for piece in pieces if not XML_FRAME.fullmatch(piece.strip())]
        except UnicodeDecodeError:
            kept.append(printable(line))
    return "".join("".join(kept).replace("\x00", "\\x00").split())


@pytest.mark.parametrize("adapter", XML)
@settings(max_examples=400, deadline=None)
@given(content=st.one_of(st.binary(max_size=120), mutated(xml_files())))
@example(content=b"<?xml\x1c?>")
def test_every_part_of_xml_is_in_one_outcome(
    read_all: Read, assert_conform: Check, adapter: str, content: bytes
) -> None:
    outcomes = read_all(adapter, content, file="site/Table.xml")
    rows = [o for o in outcomes if not (o.item or "").endswith("/AcceptedAnswerId")]
    assert "".join("".join(row.raw for row in rows).split()) == text_besides_frame(content)
    assert len({(outcome.position, outcome.item) for outcome in outcomes}) == len(outcomes)
    positions = [outcome.position for outcome in outcomes]
    assert positions == sorted(positions)
    assert set(positions) <= set(non_blank_lines(content))
    assert_conform(outcomes)
    for outcome in outcomes:
        outcome.raw.encode()
        getattr(outcome, "detail", "").encode()


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(xml_rows(), min_size=1, max_size=4), broken=mutated(xml_rows()))
def test_a_broken_row_costs_no_other(read_all: Read, rows: list[str], broken: bytes) -> None:
    table = [b"<posts>", *(row.encode() for row in rows)]
    without = read_all("stackexchange", b"\n".join(table), file="site/Posts.xml")
    spoilt = b"\n".join([table[0], broken.replace(b"\n", b""), *table[1:]])
    found = read_all("stackexchange", spoilt, file="site/Posts.xml")
    after = [outcome for outcome in found if outcome.position > 2]
    assert [outcome.raw for outcome in after] == [outcome.raw for outcome in without]
    assert [type(outcome) for outcome in after] == [type(outcome) for outcome in without]
