"""Cuts of CSV files: the pieces give the records that the whole file gives, wherever it is cut."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landed import declared, pieces

from spark_jobs import cuts
from spark_jobs import pieces as cutting
from spark_jobs.adapters.outcomes import Accepted, Quarantined, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.opening import opened
from spark_jobs.reading import passage_of
from spark_jobs.sources import SHIPPED_SOURCES, Source, read_sources

HEADER = "tweet_id,author_id,inbound,created_at,text\n"
PLAIN = "{id},7,True,Tue Oct 31 22:10:47 +0000 2017,hello\n"
ORDERS = read_sources(SHIPPED_SOURCES).named("crm_orders")

texts = st.sampled_from(
    [
        PLAIN,
        PLAIN,
        PLAIN,
        '{id},7,True,Tue Oct 31 22:10:47 +0000 2017,"a, b"\n',
        '{id},7,True,Tue Oct 31 22:10:47 +0000 2017,"one\n\ntwo"\n',
        '{id},7,True,Tue Oct 31 22:10:47 +0000 2017,"1,2,3,4,5\n2,2,3,4,5\n3,2,3,4,"\n',
        "{id},7,True\n",
        "\n",
    ]
)


def outcomes(path: Path, content: str, source: Source) -> list[Accepted | Quarantined]:
    found: list[Accepted | Quarantined] = []
    for piece in pieces(path, content.encode(), source):
        with opened(piece, source) as stream:
            read = adapter_named(source.adapter).read(stream, source, passage_of(piece, source))
            found += one_by_one(read)
    return found


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=st.lists(texts, min_size=5, max_size=60), before=st.sampled_from(["", "sep=,\r\n"]))
def test_pieces_of_csv_give_what_the_file_gives(
    tmp_path: Path, records: list[str], before: str
) -> None:
    source = declared("customer_care")
    content = (
        before
        + HEADER
        + "".join(record.replace("{id}", str(n)) for n, record in enumerate(records))
    )
    whole = outcomes(tmp_path / "a.csv", content, source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "PIECE_BYTES", 300)
        patch.setattr(cuts, "_SCAN_BYTES", 70)
        assert outcomes(tmp_path / "a.csv", content, source) == whole


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PIECE_BYTES", 300)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("source", [declared("customer_care"), ORDERS], ids=["care", "mapped"])
def test_a_file_of_plain_rows_is_cut(tmp_path: Path, source: Source) -> None:
    content = HEADER + "".join(PLAIN.replace("{id}", str(number)) for number in range(100))
    found = pieces(tmp_path / "a.csv", content.encode(), source)
    assert len(found) > 10
    assert all(piece.is_cut for piece in found)
    ends = [piece.end for piece in found]
    assert [piece.start for piece in found] == [0, *ends[:-1]]
    assert ends[-1] == len(content)
    for piece in found:
        assert piece.first_line == content[: piece.start].count("\n") + 1


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "content",
    [
        '"tweet_id",b\n' + "1,2\n" * 200,
        "one column\n" + "1\n" * 200,
        'a,b\n1,"never closed\n' + "1,2\n" * 200,
        "a,b\n" + '1,"x"\n' * 100,
    ],
)
def test_where_no_place_is_surely_between_records_the_file_is_one_piece(
    tmp_path: Path, content: str
) -> None:
    assert len(pieces(tmp_path / "a.csv", content.encode(), declared("customer_care"))) == 1
