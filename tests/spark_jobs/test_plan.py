"""Planning: only bytes that the ledger does not know are read, each byte by one piece."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landed import PACKERS
from zip_bytes import Entry, zip_bytes

from spark_jobs import pieces as cutting
from spark_jobs.lake import PARTITIONS, Lake
from spark_jobs.landing import survey_landing
from spark_jobs.plan import Plan, is_known, plan_capture
from spark_jobs.sources import SHIPPED_SOURCES, read_sources
from spark_jobs.tables.capture_log import LEDGER

SHIPPED = read_sources(SHIPPED_SOURCES)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "home")
    lake.ensure_tables()
    return lake


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    (folder / "reddit").mkdir(parents=True)
    return folder


def planned(landing: Path, lake: Lake) -> Plan:
    return plan_capture(survey_landing(landing, SHIPPED), SHIPPED, lake)


def remember(plan: Plan, lake: Lake) -> None:
    """Enter a plan's files into the ledger, as a capture would."""
    for source, batch_id in plan.batches.items():
        rows = [
            {
                **file.model_dump(exclude={"path"}),
                "rows_read_count": 0,
                "rows_accepted_count": 0,
                "rows_duplicate_count": 0,
                "rows_quarantined_count": 0,
                "reasons": "{}",
                "captured_at": file.modified_at,
                "seconds": 0.1,
                "unmapped_fields": [],
            }
            for file in plan.files
            if file.source == source
        ]
        folder = lake.bronze_batch("ledger", source, batch_id)
        folder.mkdir(parents=True)
        table = pa.Table.from_pylist(rows, schema=LEDGER.arrow_schema)
        pq.write_table(
            table.drop_columns(sorted(PARTITIONS & {*table.column_names})), folder / "a.parquet"
        )


def test_what_was_read_is_not_planned_again(landing: Path, lake: Lake) -> None:
    (landing / "reddit" / "a.ndjson").write_text("{}\n")
    first = planned(landing, lake)
    assert [file.file for file in first.files] == ["reddit/a.ndjson"]
    remember(first, lake)
    assert planned(landing, lake) == Plan(files=(), pieces=())


def test_a_delivery_is_known_once_the_ledger_has_each_file(landing: Path, lake: Lake) -> None:
    path = landing / "reddit" / "a.ndjson"
    path.write_text("{}\n")
    assert not is_known(survey_landing(landing, SHIPPED), lake)
    remember(planned(landing, lake), lake)
    assert is_known(survey_landing(landing, SHIPPED), lake)
    path.write_text("{}\n{}\n")
    assert not is_known(survey_landing(landing, SHIPPED), lake)


def test_a_file_touched_but_not_changed_is_not_planned_again(landing: Path, lake: Lake) -> None:
    path = landing / "reddit" / "a.ndjson"
    path.write_text("{}\n")
    remember(planned(landing, lake), lake)
    path.touch()
    assert planned(landing, lake).files == ()


def test_a_changed_file_is_planned_again(landing: Path, lake: Lake) -> None:
    path = landing / "reddit" / "a.ndjson"
    path.write_text("{}\n")
    first = planned(landing, lake)
    remember(first, lake)
    path.write_text("{}\n{}\n")
    second = planned(landing, lake)
    assert [file.duplicate_of_file for file in second.files] == [None]
    assert second.batches != first.batches


@pytest.mark.parametrize("together", [True, False])
def test_the_same_bytes_under_another_name_are_not_read(
    landing: Path, lake: Lake, together: bool
) -> None:
    (landing / "reddit" / "a.ndjson").write_text("{}\n")
    if not together:
        remember(planned(landing, lake), lake)
    (landing / "reddit" / "b.ndjson").write_text("{}\n")
    plan = planned(landing, lake)
    assert {file.file: file.duplicate_of_file for file in plan.files}[
        "reddit/b.ndjson"
    ] == "reddit/a.ndjson"
    assert "reddit/b.ndjson" not in {piece.file for piece in plan.pieces}


def test_a_batch_is_named_by_its_content(landing: Path, lake: Lake, tmp_path: Path) -> None:
    (landing / "reddit" / "a.ndjson").write_text("{}\n")
    other = Lake(tmp_path / "other")
    other.ensure_tables()
    assert planned(landing, lake).batches == planned(landing, other).batches


def test_an_archive_is_one_file_with_a_piece_for_each_member(landing: Path, lake: Lake) -> None:
    archive = zip_bytes([Entry(b"a.ndjson", b"{}\n"), Entry(b"in/b.ndjson", b"{}\n")])
    (landing / "reddit" / "a.zip").write_bytes(archive)
    plan = Plan.model_validate_json(planned(landing, lake).model_dump_json())
    assert [file.file for file in plan.files] == ["reddit/a.zip"]
    assert [(piece.file, piece.member, piece.batch_id) for piece in plan.pieces] == [
        ("reddit/a.zip!a.ndjson", "a.ndjson", plan.batches["reddit"]),
        ("reddit/a.zip!in/b.ndjson", "in/b.ndjson", plan.batches["reddit"]),
    ]
    remember(plan, lake)
    assert planned(landing, lake) == Plan(files=(), pieces=())
    (landing / "reddit" / "copy.zip").write_bytes(archive)
    again = planned(landing, lake)
    assert [file.duplicate_of_file for file in again.files] == ["reddit/a.zip"]
    assert again.pieces == ()


@pytest.mark.parametrize("suffix", PACKERS)
def test_the_same_compressed_bytes_under_another_name_are_not_read(
    landing: Path, lake: Lake, suffix: str
) -> None:
    for name in ("a", "b"):
        (landing / "reddit" / f"{name}.ndjson{suffix}").write_bytes(PACKERS[suffix](b"{}\n"))
    plan = planned(landing, lake)
    assert [file.duplicate_of_file for file in plan.files] == [None, f"reddit/a.ndjson{suffix}"]
    assert [piece.file for piece in plan.pieces] == [f"reddit/a.ndjson{suffix}"]


def test_an_archive_that_cannot_be_used_is_still_planned(landing: Path, lake: Lake) -> None:
    (landing / "reddit" / "a.zip").write_bytes(b"PK\3\4 and no more")
    plan = planned(landing, lake)
    assert [(piece.file, piece.member) for piece in plan.pieces] == [("reddit/a.zip", None)]


def test_a_file_that_is_not_what_was_surveyed_is_left_for_the_next_run(
    landing: Path, lake: Lake
) -> None:
    for name in ("a", "gone", "grows"):
        (landing / "reddit" / f"{name}.ndjson").write_text("{}\n")
    delivery = survey_landing(landing, SHIPPED)
    (landing / "reddit" / "gone.ndjson").unlink()
    (landing / "reddit" / "grows.ndjson").write_text("{}\n{}\n")
    plan = plan_capture(delivery, SHIPPED, lake)
    assert [file.file for file in plan.files] == ["reddit/a.ndjson"]
    assert [(each.name, each.why) for each in plan.unfinished] == [
        ("reddit/gone.ndjson", "cannot be read: No such file or directory"),
        ("reddit/grows.ndjson", "its size changes: 3 bytes, then 6"),
    ]
    assert [file.file for file in planned(landing, lake).files][-1] == "reddit/grows.ndjson"


@given(lines=st.lists(st.binary(max_size=40), max_size=30), ends=st.booleans())
def test_pieces_are_whole_lines_and_together_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ends: bool
) -> None:
    content = b"\n".join(lines) + (b"\n" if ends else b"")
    folder = tmp_path_factory.mktemp("pieces")
    (folder / "landing" / "reddit").mkdir(parents=True)
    (folder / "landing" / "reddit" / "a.ndjson").write_bytes(content)
    lake = Lake(folder / "home")
    lake.ensure_tables()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "PIECE_BYTES", 16)
        pieces = planned(folder / "landing", lake).pieces
    assert b"".join(content[piece.start : piece.end] for piece in pieces) == content
    for piece in pieces:
        assert piece.first_line == content[: piece.start].count(b"\n") + 1
        assert piece.start == 0 or content[piece.start - 1 : piece.start] == b"\n"
