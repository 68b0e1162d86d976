"""Pieces: members of archives, whole files, or runs of whole lines; as JSON and back."""

from __future__ import annotations

import codecs
from itertools import pairwise
from pathlib import Path

import pytest
from landed import PACKERS, declared, pieces, read
from zip_bytes import DEFLATE, Entry, zip_bytes

from spark_jobs import cuts
from spark_jobs import pieces as cutting
from spark_jobs.pieces import Piece

LINES = b"".join(b'{"id": %d}\n' % number for number in range(100))


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PIECE_BYTES", 64)
    monkeypatch.setattr(cuts, "_SCAN_BYTES", 50)


def test_plain_lines_are_cut(tmp_path: Path) -> None:
    source = declared()
    found = pieces(tmp_path / "a.ndjson", LINES, source)
    assert len(found) > 10
    assert all(piece.is_cut for piece in found)
    assert b"".join(read(piece, source) for piece in found) == LINES
    for before, piece in pairwise(found):
        assert piece.start == before.end
        assert piece.first_line == 1 + LINES[: piece.start].count(b"\n")


def test_a_byte_order_mark_of_utf8_does_not_keep_a_file_whole(tmp_path: Path) -> None:
    assert len(pieces(tmp_path / "a.ndjson", codecs.BOM_UTF8 + LINES, declared())) > 10


@pytest.mark.parametrize(
    ("content", "source"),
    [
        (codecs.BOM_UTF16_LE + LINES.decode().encode("utf-16-le"), declared()),
        (LINES, declared(encoding="windows-1252")),
        (LINES, declared("discourse")),
        *((pack(LINES * 20), declared()) for pack in PACKERS.values()),
    ],
)
def test_what_is_not_lines_of_utf8_is_one_piece(
    tmp_path: Path, content: bytes, source: object
) -> None:
    (piece,) = pieces(tmp_path / "a.ndjson", content, source)  # type: ignore[arg-type]
    assert (piece.start, piece.end, piece.is_cut) == (0, len(content), False)


def test_each_member_is_a_piece_of_its_own_bytes(tmp_path: Path) -> None:
    entries = [Entry(b"b.ndjson", LINES, DEFLATE), Entry(b"in/a.ndjson", LINES)]
    archive = zip_bytes(entries)
    first, second = pieces(tmp_path / "a.zip", archive, declared())
    assert [(piece.file, piece.member, piece.archive, piece.name) for piece in (first, second)] == [
        ("a.zip!b.ndjson", "b.ndjson", "a.zip", "b.ndjson"),
        ("a.zip!in/a.ndjson", "in/a.ndjson", "a.zip", "a.ndjson"),
    ]
    assert first.start == 0
    assert first.end == second.start
    assert second.end == archive.index(b"PK\1\2")


def test_a_piece_travels_as_json(tmp_path: Path) -> None:
    source = declared()
    for piece in pieces(tmp_path / "a.zip", zip_bytes([Entry(b"a.ndjson", LINES)]), source):
        again = Piece.model_validate_json(piece.model_dump_json())
        assert again == piece
        assert read(again, source) == LINES
