"""What holds for every mapping on every input: nothing raised, nothing lost, nothing invented."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from spark_jobs.adapters.outcomes import Accepted, Outcome

Read = Callable[..., list[Outcome]]
Check = Callable[[list[Outcome]], None]

POSTS = {
    "post_id": {"template": "{topic}/{number}"},
    "author_id": {"from": "author", "lower": True},
    "text": {"paragraphs": ["title", "body"], "html": True},
    "created_at": {"from": ["written", "sent"], "formats": ["iso", "%d/%m/%Y", "epoch_seconds"]},
    "edited_at": {"from": "edited", "formats": ["epoch_milliseconds", "iso"]},
    "urls": {"from": "link", "separator": " ", "with_text": True},
    "like_count": "score",
    "view_count": {"from": "views", "values": {"n/a": None, "none": 0}},
    "is_private": {"from": "hidden", "true_words": ["yes", 1], "false_words": ["no", 0]},
    "is_deleted": {"any_of": ["gone", "dead"]},
    "lang_hint": {"from": "lang", "letters": 2, "lower": True},
}
EVERY_TABLE = {
    "posts": {"columns": POSTS},
    "accounts": {
        "only_if": "author",
        "columns": {"account_id": {"from": "author", "is_whole_number": True}},
    },
    "customers": {
        "only_if": "born",
        "columns": {
            "customer_id": {"constant": "C"},
            "birth_date": {"from": "born", "formats": ["%Y%m%d", "iso"]},
            "handles": {"from_each": "*_handle", "item": "{name}:{value}"},
            "created_at": {"from": "written", "formats": ["iso", "epoch_seconds"]},
        },
    },
    "order_lines": {
        "only_if": "price",
        "columns": {
            "order_id": "topic",
            "line_id": "number",
            "quantity": "score",
            "line_amount": "price",
        },
    },
}
NAMES = [
    *("topic", "number", "author", "title", "body", "written", "sent", "edited", "link", "score"),
    *("views", "hidden", "gone", "dead", "lang", "born", "price", "x_handle", "more"),
]
WRITTEN = [
    *("", " ", "1", "1.0", "-3", "12,5", "true", "no", "n/a", "fr", "A-1", "5.7E+17", "19870228"),
    *("2024-07-01 10:00:00", "2024-07-01", "01/07/2024", "1714552200", "1714552200000", "9" * 25),
    *("<p>a &amp; <a href='https://a.fr'>b</a>", "@x #y https://b.fr", "\ud83d", "\x00", "é"),
]


FITTING = {
    "topic": "7",
    "number": "1",
    "author": "3.0",
    "body": "@x <b>y</b>",
    "score": "2",
    "written": "2024-07-01 10:00:00",
    "hidden": "Yes",
    "born": "19870228",
    "price": "2.50",
    "views": "N/A",
    "dead": "0",
    "lang": "FR",
    "x_handle": "h",
}


def mapping_of(form: str) -> dict[str, Any]:
    return {"format": form, "tables": EVERY_TABLE}


def check_places(outcomes: list[Outcome]) -> None:
    """Each table has a row's record once, and a row that is set aside has no other outcome."""
    places = {(outcome.position, getattr(outcome, "table", "")) for outcome in outcomes}
    assert len(places) == len(outcomes)
    accepted = {o.position for o in outcomes if isinstance(o, Accepted)}
    set_aside = {o.position for o in outcomes if not isinstance(o, Accepted)}
    assert accepted.isdisjoint(set_aside)
    posts = {o.position for o in outcomes if isinstance(o, Accepted) and o.table == "posts"}
    assert posts == accepted
    for outcome in outcomes:
        outcome.raw.encode()
        getattr(outcome, "detail", "").encode()


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """Sound text with some of its bytes replaced, removed or repeated."""
    content = draw(texts).encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(content)))
        piece = draw(st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b"\n", b"\r", b"\t"])))
        content = content[:at] + piece + content[at + draw(st.integers(0, 6)) :]
    return content


@st.composite
def tables_of_text(draw: st.DrawFn, delimiter: str) -> str:
    names = draw(st.permutations(NAMES))
    lines = [names]
    for _ in range(draw(st.integers(0, 4))):
        row = {name: FITTING.get(name, "") for name in names}
        for name in draw(st.lists(st.sampled_from(names), max_size=4)):
            row[name] = draw(st.one_of(st.sampled_from(WRITTEN), st.text(max_size=5)))
        lines.append(list(row.values()))
    return "\n".join(delimiter.join(line) for line in lines)


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("csv", ";"), ("tsv", "\t")])
@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_every_line_of_a_table_is_in_one_outcome(
    read_all: Read, assert_conform: Check, form: str, delimiter: str, data: st.DataObject
) -> None:
    content = data.draw(st.one_of(st.binary(max_size=120), mutated(tables_of_text(delimiter))))
    outcomes = read_all("mapping", content, mapping=mapping_of(form))
    check_places(outcomes)
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "backslashreplace")
    lines = [line.rstrip("\r") for line in text.replace("\x00", "\\x00").split("\n")]
    raws = {outcome.position: outcome.raw for outcome in outcomes}
    found = [
        line.rstrip("\r")
        for _, raw in sorted(raws.items())
        for line in raw.split("\n")
        if line.strip()
    ]
    expected = [line for line in lines if line.strip()]
    header_is_read = all(getattr(o, "reason", "") != "unusable_header" for o in outcomes)
    assert found in ([expected, expected[1:]] if header_is_read else [expected])
    assert_conform(outcomes)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1714552200, 1714552200000, 1e300, -1e17, 10**40, 19870228]),
    st.sampled_from(WRITTEN),
    st.text(max_size=5),
)
values = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.dictionaries(st.text(max_size=3), scalars, max_size=2),
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=len(NAMES))
sound = st.fixed_dictionaries(
    {"topic": st.integers(0, 9), "number": st.integers(0, 9)},
    optional={
        "body": st.sampled_from(WRITTEN),
        "written": st.sampled_from(["2024-07-01 10:00:00", 1714552200]),
        "author": st.integers(0, 9),
        "x_handle": st.sampled_from(WRITTEN),
    },
)
documents = st.one_of(
    objects, sound, st.builds(lambda one, other: {**one, **other}, sound, objects)
).map(json.dumps)


@settings(max_examples=200, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=120), mutated(st.lists(documents, max_size=4).map("\n".join))
    )
)
def test_every_line_of_json_is_in_one_outcome(
    read_all: Read, assert_conform: Check, content: bytes
) -> None:
    outcomes = read_all("mapping", content, mapping=mapping_of("jsonl"))
    check_places(outcomes)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    assert sorted({outcome.position for outcome in outcomes}) == [
        number for number, line in enumerate(lines, 1) if line.strip()
    ]
    assert_conform(outcomes)


@pytest.mark.parametrize("without", ["customers", "accounts"])
@settings(max_examples=100, deadline=None)
@given(
    lines=st.lists(
        st.one_of(
            documents,
            mutated(documents).map(lambda found: found.decode("utf-8", "replace")),
            st.sampled_from(["{}{}", '{"topic": 1, "x": [{}', "{}]}", "{}\r{}", "[1]", "}", "{"]),
        ).map(lambda line: line.replace("\n", " ")),
        max_size=5,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_line_is_read_the_same_whatever_stands_beside_it(
    read_all: Read, lines: list[str], end: str, without: str
) -> None:
    """Fields of patterns, which are customers', are found in another way than fields of a name."""
    tables = {name: table for name, table in EVERY_TABLE.items() if name != without}
    read = partial(read_all, "mapping", mapping={"format": "jsonl", "tables": tables})
    alone = [
        outcome
        for number, line in enumerate(lines, 1)
        for outcome in read(line.encode("utf-8", "surrogatepass") + end.encode(), first_line=number)
    ]
    together = read(end.join(lines).encode("utf-8", "surrogatepass"))
    assert sorted(together, key=place_of) == sorted(alone, key=place_of)


def place_of(outcome: Outcome) -> tuple[int, str]:
    return outcome.position, getattr(outcome, "table", "")


arrays = st.one_of(
    *(
        st.lists(st.one_of(st.none(), each), min_size=3, max_size=3).map(
            lambda found, type_=type_: pa.array(found, type_)
        )
        for type_, each in (
            (pa.string(), st.sampled_from([text for text in WRITTEN if text != "\ud83d"])),
            (pa.binary(), st.binary(max_size=4)),
            (pa.int64(), st.sampled_from([0, 3, -(2**63), 1714552200, 1714552200000, 19870228])),
            (pa.uint8(), st.integers(0, 255)),
            (pa.float64(), st.floats()),
            (pa.bool_(), st.booleans()),
            (pa.decimal128(38, 5), st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(10**20)])),
            (pa.date32(), st.sampled_from([date(1, 1, 1), date(1987, 2, 28), date(2024, 7, 1)])),
            (
                pa.timestamp("us"),
                st.sampled_from([datetime(1, 1, 1), datetime(2024, 7, 1)]),  # noqa: DTZ001
            ),
            (pa.timestamp("ns", "UTC"), st.just(datetime(2024, 7, 1, tzinfo=UTC))),
            (pa.timestamp("s"), st.just(2**50)),
            (pa.time64("us"), st.just(3_600_000_000)),
            (pa.list_(pa.string()), st.lists(st.sampled_from(["a", " ", "5.7E+17"]), max_size=2)),
            (pa.struct({"a": pa.int32()}), st.just({"a": 1})),
            (pa.map_(pa.string(), pa.int32()), st.just([("a", 1)])),
            (pa.null(), st.none()),
        )
    )
)


def parquet(columns: dict[str, pa.Array], **options: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()


@settings(max_examples=200, deadline=None)
@given(
    columns=st.dictionaries(st.sampled_from(NAMES), arrays, min_size=1),
    ids=st.booleans(),
    group=st.integers(1, 4),
)
def test_every_row_of_parquet_is_in_one_outcome(
    read_all: Read, assert_conform: Check, columns: dict[str, pa.Array], ids: bool, group: int
) -> None:
    if ids:
        columns |= {"topic": pa.array([1, 2, 3]), "number": pa.array(["a", "b", "c"])}
    content = parquet(columns, row_group_size=group)
    outcomes = read_all("mapping", content, mapping=mapping_of("parquet"))
    check_places(outcomes)
    assert sorted({outcome.position for outcome in outcomes}) == [1, 2, 3]
    assert_conform(outcomes)
    for outcome in outcomes:
        assert list(json.loads(outcome.raw)) == list(columns)


SOUND_PARQUET = parquet(
    {
        "topic": pa.array(range(40)),
        "number": pa.array([str(number) for number in range(40)]),
        "body": pa.array([f"a text {number}" * number for number in range(40)]),
    },
    row_group_size=10,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=80),
        st.integers(1, len(SOUND_PARQUET) - 1).map(lambda end: SOUND_PARQUET[:end]),
        st.tuples(st.integers(0, len(SOUND_PARQUET) - 1), st.binary(min_size=1, max_size=3)).map(
            lambda found: (
                SOUND_PARQUET[: found[0]] + found[1] + SOUND_PARQUET[found[0] + len(found[1]) :]
            )
        ),
    )
)
@example(SOUND_PARQUET[:377] + b"\x01" + SOUND_PARQUET[378:])  # a group without rows, and no error
def test_broken_parquet_is_set_aside(read_all: Read, content: bytes) -> None:
    outcomes = read_all("mapping", content, mapping=mapping_of("parquet"))
    assert outcomes
    check_places(outcomes)
    positions = sorted(outcome.position for outcome in outcomes)
    assert positions[0] == 1
    if len(content) < len(SOUND_PARQUET):
        (outcome,) = outcomes
        assert outcome.reason == "not_parquet"
