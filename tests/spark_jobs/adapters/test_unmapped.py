from __future__ import annotations

import io
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.faults import Fault
from spark_jobs.adapters.json_lines import decoded
from spark_jobs.adapters.outcomes import Outcome, Passage
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.adapters.unmapped import MOST_NAMES, RecordDecoder, note_unmapped
from spark_jobs.sources import Source


class Inner(msgspec.Struct):
    a: int | None = None


class Known(msgspec.Struct, gc=False):
    id: str
    count: int | None = None
    inner: Inner | None = None
    tags: list[str] = msgspec.field(default_factory=list)
    renamed: msgspec.Raw = msgspec.field(name="__renamed", default=msgspec.Raw())

    @property
    def is_one(self) -> bool:
        return self.id == "1"


LENIENT = msgspec.json.Decoder(Known)


def plain(record: Known) -> dict[str, Any]:
    return {name: getattr(record, name) for name in Known.__struct_fields__ if name != "renamed"}


def test_new_fields_are_named_and_change_nothing_else() -> None:
    passage = Passage()
    decoder = RecordDecoder(Known, passage)
    record = decoder.decode(b'{"new":[1],"id":"1","inner":{"b":2},"count":3,"more":null}')
    assert plain(record) == {"id": "1", "count": 3, "inner": Inner(), "tags": []}
    assert passage.unmapped_fields == {"new", "more"}
    again = decoder.decode(b'{"more":{"x":1},"id":"2","new":"y","__renamed":[7]}')
    assert (again.id, again.count, bytes(again.renamed), again.is_one) == ("2", None, b"[7]", False)
    assert decoder.decode(b'{"late":1,"id":"1"}').is_one
    assert passage.unmapped_fields == {"new", "more", "late"}


def test_what_one_passage_learnt_is_named_in_the_next() -> None:
    for _ in range(2):
        passage = Passage()
        decoder = RecordDecoder(Known, passage)
        for _ in range(3):
            decoder.decode(b'{"id":"1","new":1}')
        assert passage.unmapped_fields == {"new"}


def test_only_the_first_record_with_a_field_is_decoded_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoder = RecordDecoder(Known, Passage())
    learnt: list[dict[str, msgspec.Raw]] = []
    learn = decoder._learn
    monkeypatch.setattr(decoder, "_learn", lambda parts: (learnt.append(parts), learn(parts)))
    for number in range(20):
        decoder.decode(b'{"id":"1","new":1,"old":"x"}' if number else b'{"id":"1","old":2}')
    assert len(learnt) == 2


def test_lines_are_decoded_at_once_when_their_names_are_known() -> None:
    decoder = RecordDecoder(Known, Passage())
    lines = b'{"id":"1","new":[1]}\r\n{"new":2,"id":"2"}'
    assert decoder.decode_lines(lines) is None
    decoder.decode(b'{"id":"1","new":1}')
    assert [record.id for record in decoder.decode_lines(lines) or ()] == ["1", "2"]
    for other in (b'{"id":"1"}\n{"id":3}', b'{"id":"1"}\n{', b'{"id":"1"}\n{"id":"2","newer":1}'):
        assert decoder.decode_lines(other) is None


@pytest.mark.parametrize(
    "content",
    [b'{"id":1,"new":1}', b'{"new":1,"count":"x","id":"1"}', b'{"new":1}', b"[1]", b'{"new":', b""],
)
def test_faults_are_those_of_the_structure(content: bytes) -> None:
    decoder = RecordDecoder(Known, Passage())
    decoder.decode(b'{"id":"1","new":1}')
    with pytest.raises(Fault) as expected:
        decoded(LENIENT, content)
    with pytest.raises(Fault) as found:
        decoder.decode(content)
    assert str(found.value) == str(expected.value)


def test_number_and_length_of_names_are_bounded() -> None:
    passage = Passage()
    decoder = RecordDecoder(Known, passage)
    for number in range(3 * MOST_NAMES):
        record = json.dumps({"id": "1", f"field {number}": 1}).encode()
        assert decoder.decode(record).id == "1"
    assert len(passage.unmapped_fields) == MOST_NAMES


@pytest.mark.parametrize(
    ("name", "noted"),
    [
        ("author.flair-css_class", "author.flair-css_class"),
        ("numéro", "numéro"),
        ("lise@exemple.fr", "(a name of 15 characters)"),
        ("x" * 81, "(a name of 81 characters)"),
        ("a\nb", "(a name of 3 characters)"),
        ('a"\\b', "(a name of 4 characters)"),
        ("\x00", "(a name of 1 characters)"),
        ("", "(a name of 0 characters)"),
        ("\ud83d", "(a name of 1 characters)"),
        ("<script>", "(a name of 8 characters)"),
    ],
)
def test_names_that_do_not_look_like_one_are_told_by_length(name: str, noted: str) -> None:
    passage = Passage()
    decoder = RecordDecoder(Known, passage)
    for _ in range(2):
        assert decoder.decode(json.dumps({name: 1, "id": "1"}).encode()).id == "1"
    assert passage.unmapped_fields == {noted}


def test_a_full_passage_takes_no_more() -> None:
    passage = Passage(unmapped_fields={str(number) for number in range(MOST_NAMES)})
    note_unmapped(passage, ["one more"])
    assert len(passage.unmapped_fields) == MOST_NAMES


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(), inner)),
    max_leaves=4,
)
records = st.dictionaries(
    st.one_of(st.sampled_from(["id", "count", "inner", "tags", "__renamed", "x"]), st.text()),
    values,
    max_size=5,
)


@given(records=st.lists(st.builds(lambda r: {"id": "1", **r}, records), max_size=5))
def test_any_records_are_read_as_without_learning(records: list[dict[str, Any]]) -> None:
    passage = Passage()
    decoder = RecordDecoder(Known, passage)
    names: set[str] = set()
    for record in records:
        content = json.dumps(record).encode()
        try:
            expected = decoded(LENIENT, content)
        except Fault as fault:
            with pytest.raises(Fault, match="^" + fault.reason):
                decoder.decode(content)
            continue
        names |= set(record) - {"id", "count", "inner", "tags", "__renamed"}
        assert repr(plain(decoder.decode(content))) == repr(plain(expected))
    assert bool(names) == bool(passage.unmapped_fields)
    assert len(passage.unmapped_fields) <= len(names)


RECORDS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "reddit": ({"id": "a", "body": "x", "gilded": 0}, {"gilded"}),
    "mastodon": (
        {
            "id": "1",
            "content": "x",
            "created_at": "2024-05-01T08:30:00Z",
            "account": {"id": "2", "acct": "b", "locked": False},
            "poll": None,
        },
        {"poll", "locked"},
    ),
    "discourse": (
        {
            "post_stream": {"posts": [{"topic_id": 1, "post_number": 1, "cooked": "x", "wiki": 0}]},
            "pinned": True,
        },
        {"pinned", "wiki"},
    ),
    "x_v1": (
        {
            "id": 1,
            "text": "x",
            "created_at": "Wed May 01 08:30:00 +0000 2024",
            "truncated": False,
            "user": {"id": 2, "screen_name": "b", "protected": False},
        },
        {"truncated", "protected"},
    ),
    "x_api_v2": (
        {
            "data": [{"id": "1", "text": "x", "source": "web"}],
            "includes": {"users": [{"id": "2", "username": "b", "protected": False}], "media": []},
            "matching_rules": [],
        },
        {"source", "protected", "media", "matching_rules"},
    ),
}


@pytest.mark.parametrize("adapter", RECORDS)
def test_adapters_name_what_they_leave_in_raw(adapter: str) -> None:
    record, expected = RECORDS[adapter]
    source = Source(name="tested", adapter=adapter, glob="*", channel="medium")
    passage = Passage()
    stream = io.BytesIO(json.dumps(record).encode())
    outcomes: list[Outcome] = list(adapter_named(adapter).read(stream, source, passage))
    assert not any(hasattr(outcome, "reason") for outcome in outcomes)
    assert passage.unmapped_fields == expected
