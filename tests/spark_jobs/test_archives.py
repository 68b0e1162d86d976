"""Hostile archives are refused before anything of them is read, with the rule or limit named."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest
from landed import declared, delivered, pieces
from zip_bytes import DEFLATE, Entry, zip_bytes

from spark_jobs.opening import FileRefusedError

TEXT = b'{"a": 1}\n'
REDDIT = declared()
GOOD = Entry(b"good.ndjson", TEXT)


def mode(kind: int) -> int:
    return (kind | 0o644) << 16


def extra(field: int, content: bytes) -> bytes:
    return struct.pack("<HH", field, len(content)) + content


@pytest.mark.parametrize(
    ("entry", "reason", "said"),
    [
        (Entry(b"../a.ndjson", TEXT), "unsafe_archive", "'../a.ndjson' is a path that leaves"),
        (Entry(b"in/../../a.ndjson", TEXT), "unsafe_archive", "a path that leaves"),
        (Entry(b"/etc/a.ndjson", TEXT), "unsafe_archive", "an absolute path"),
        (Entry(b"C:/a.ndjson", TEXT), "unsafe_archive", "an absolute path"),
        (Entry(b"in\\a.ndjson", TEXT), "unsafe_archive", "a path with backslashes"),
        (Entry(b"a.ndjson\0.txt", TEXT), "unsafe_archive", "control characters"),
        (Entry(b"", TEXT), "unsafe_archive", "a name that is empty"),
        (
            Entry(b"a.ndjson", b"/etc/passwd", attributes=mode(stat.S_IFLNK)),
            "unsafe_archive",
            "a link or a device",
        ),
        (
            Entry(b"a.ndjson", attributes=mode(stat.S_IFCHR)),
            "unsafe_archive",
            "a link or a device",
        ),
        (
            Entry(b"a.ndjson", extra=extra(0x000D, bytes(12) + b"other")),
            "unsafe_archive",
            "a link or a device",
        ),
        (Entry(b"a.ndjson", TEXT, flags=0x801), "encrypted_archive", "is encrypted"),
        (Entry(b"a.ndjson", TEXT, method=9), "unsupported_archive", "packed by method 9"),
        (Entry(b"a.ndjson", TEXT, local_name=b"b.ndjson"), "unsafe_archive", "another name"),
        (Entry(b"good.ndjson", TEXT), "unsafe_archive", "'good.ndjson' for 2"),
        (Entry(b"./good.ndjson", TEXT), "unsafe_archive", "'good.ndjson' for 2"),
        (Entry(b"a.ndjson", TEXT, said_packed_bytes=500), "unsafe_archive", "overlap"),
        (Entry(b"a.ndjson", TEXT, offset=0), "unsafe_archive", "overlap"),
        (Entry(b"a.ndjson", TEXT, offset=1 << 20), "unsafe_archive", "overlap"),
        (Entry(b"a.ndjson", TEXT, said_bytes=3), "corrupt_archive", "says 3 bytes, more 9"),
        (Entry(b"a.ndjson", TEXT, said_bytes=30), "corrupt_archive", "says 30 bytes, only 9"),
        (Entry(b"a.ndjson", TEXT, DEFLATE, said_bytes=3), "corrupt_archive", "says 3 bytes"),
        (Entry(b"a.ndjson", TEXT, checksum=7), "corrupt_archive", "checksum"),
        (Entry(b"a.ndjson", TEXT, DEFLATE, packed=TEXT), "corrupt_archive", "deflate data"),
    ],
)
def test_what_no_honest_archive_has_is_refused(
    tmp_path: Path, entry: Entry, reason: str, said: str
) -> None:
    with pytest.raises(FileRefusedError) as caught:
        delivered(tmp_path / "a.zip", zip_bytes([GOOD, entry]), REDDIT)
    assert caught.value.reason == reason
    assert said in caught.value.detail
    assert caught.value.detail.startswith("a.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """As in Fifield's archive, whose members all expand the same few bytes."""
    kernel = Entry(b"0.ndjson", b"a" * 1_000_000, DEFLATE)
    others = [
        Entry(b"%d.ndjson" % number, kernel.data, DEFLATE, offset=0) for number in range(1, 200)
    ]
    archive = zip_bytes([kernel, *others])
    with pytest.raises(FileRefusedError, match=r"unsafe_archive: .*overlap"):
        delivered(tmp_path / "a.zip", archive, declared(archive_limits={"ratio": 10**9}))


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"members": 2}, "a.zip has 3 members, above archive_limits.members = 2"),
        ({"expanded_bytes": 2999}, "expands to 3000 bytes or more, above .*expanded_bytes = 2999"),
        ({"ratio": 3, "ratio_from_bytes": 0}, "expands to .* times .* above .*ratio = 3"),
    ],
)
def test_an_archive_over_a_limit_is_refused_by_its_directory(
    tmp_path: Path, limits: dict[str, int], said: str
) -> None:
    archive = zip_bytes([Entry(b"%d.ndjson" % n, b"a" * 1000, DEFLATE) for n in range(3)])
    source = declared(archive_limits=limits)
    (piece,) = pieces(tmp_path / "a.zip", archive, source)
    assert piece.member is None
    with pytest.raises(FileRefusedError, match=f"archive_limit: .*{said}"):
        delivered(tmp_path / "a.zip", archive, source)


def test_one_member_that_expands_too_far_is_refused_among_others_that_do_not(
    tmp_path: Path,
) -> None:
    plain = Entry(b"plain.ndjson", bytes(range(256)) * 400)
    bomb = Entry(b"bomb.ndjson", b"a" * 100_000, DEFLATE)
    source = declared(archive_limits={"ratio": 50, "ratio_from_bytes": 1000})
    with pytest.raises(FileRefusedError, match=r"a\.zip!bomb\.ndjson expands"):
        delivered(tmp_path / "a.zip", zip_bytes([plain, bomb]), source)


def test_a_directory_of_millions_is_refused_before_it_is_read(tmp_path: Path) -> None:
    archive = zip_bytes([Entry(b"%d" % number) for number in range(60_000)])
    with pytest.raises(FileRefusedError, match=r"directory of \d+ bytes.*members = 10"):
        delivered(tmp_path / "a.zip", archive, declared(archive_limits={"members": 10}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zip_bytes([GOOD])[:-10], "directory cannot be read"),
        (zip_bytes([GOOD])[:40], "directory cannot be read"),
        (zip_bytes([GOOD]) + zip_bytes([Entry(b"b.ndjson", TEXT)]), "belong to none"),
        (zip_bytes([GOOD], prefix=zip_bytes([GOOD])), "belong to none"),
    ],
)
def test_an_archive_that_is_cut_or_glued_together_is_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(FileRefusedError, match=said):
        delivered(tmp_path / "a.zip", content, REDDIT)


def test_folders_and_litter_are_no_members(tmp_path: Path) -> None:
    litter = [b"in/", b"in/.DS_Store", b"__MACOSX/in/._a.ndjson", b"in/._a.ndjson", b"Thumbs.db"]
    entries = [*(Entry(name) for name in litter), Entry(b"in/a.ndjson", TEXT)]
    assert delivered(tmp_path / "a.zip", zip_bytes(entries), REDDIT) == {"a.zip!in/a.ndjson": TEXT}


def test_an_archive_without_members_has_no_pieces(tmp_path: Path) -> None:
    assert pieces(tmp_path / "a.zip", zip_bytes([]), REDDIT) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_archives_of_other_programs_are_read(tmp_path: Path, method: int) -> None:
    path = tmp_path / "made.zip"
    content = TEXT * 5000
    with zipfile.ZipFile(path, "w", method) as archive:
        with archive.open("été/a.ndjson", "w", force_zip64=True) as member:
            member.write(content)
        archive.writestr("b.ndjson", TEXT)
    assert delivered(tmp_path / "a.zip", path.read_bytes(), REDDIT) == {
        "a.zip!été/a.ndjson": content,
        "a.zip!b.ndjson": TEXT,
    }
