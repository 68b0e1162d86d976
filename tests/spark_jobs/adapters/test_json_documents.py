from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.adapters.json_documents import read_json_documents
from spark_jobs.adapters.outcomes import Accepted, Outcome, Quarantined

values = st.dictionaries(
    st.text(max_size=3),
    st.one_of(st.integers(), st.text(max_size=5), st.lists(st.none())),
    max_size=3,
)


def documents_of(content: bytes) -> list[Outcome]:
    def accept(number: int, found: bytes) -> Iterator[Outcome]:
        yield Accepted("posts", {}, number, found.decode())

    return list(read_json_documents(io.BytesIO(content), 1, accept))


@given(st.lists(st.tuples(values, st.sampled_from([None, 1, 2, "\t"]))))
def test_values_come_back_however_they_are_written(written: list[tuple[object, object]]) -> None:
    texts = [json.dumps(value, indent=indent) for value, indent in written]  # type: ignore[arg-type]
    found = documents_of("\n".join(texts).encode())
    assert [json.loads(outcome.raw) for outcome in found] == [value for value, _ in written]


@given(st.lists(st.sampled_from(["{", "}", "[", "]", ' "a": 1', "x", "", "{}", "}, {", "\t"])))
def test_every_line_is_in_one_document(lines: list[str]) -> None:
    found = documents_of("\n".join(lines).encode())
    inside = [line.strip() for outcome in found for line in outcome.raw.split("\n")]
    assert inside == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize("broken", ["{", '{\n "a": 1', "nonsense", "}"])
def test_a_broken_value_does_not_cost_the_next(broken: str) -> None:
    found = documents_of(f'{broken}\n{{"b": 2}}\n{{\n "c": 3\n}}'.encode())
    assert [outcome.raw for outcome in found] == [broken, '{"b": 2}', '{\n "c": 3\n}']
    start = broken.count("\n") + 2
    assert [outcome.position for outcome in found] == [1, start, start + 1]


def test_bytes_that_are_no_text_are_set_aside() -> None:
    found = documents_of(b'{\n "a": "\xff"\n}\n{}')
    assert isinstance(found[0], Quarantined)
    assert (found[0].reason, found[0].raw) == ("not_utf8", '{\n "a": "\\xff"\n}')
    assert isinstance(found[1], Accepted)
