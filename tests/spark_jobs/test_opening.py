"""Opening files: the plain bytes come out, or a refusal that says why; never anything else."""

from __future__ import annotations

import codecs
import pickle
import random
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from backports import zstd
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from landed import PACKERS, declared, delivered, landed, long_window, pieces, read
from zip_bytes import DEFLATE, Entry, zip_bytes

from spark_jobs.adapters import reddit
from spark_jobs.adapters.outcomes import Outcome, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.encodings import marked_encoding
from spark_jobs.formats import looks_like_text, sniffed
from spark_jobs.opening import FileRefusedError, UnsettledError, opened
from spark_jobs.pieces import Piece, pieces_of
from spark_jobs.sources import Source

REDDIT = declared()
TEXT = b'{"a": 1}\n{"b": 2}\n'
CONTENTS = [b"", TEXT, b"x" * 3_000_000 + b"\n", bytes(range(32, 256)) * 9000]
SUFFIXES = ["", *PACKERS, ".zip", ".7z", ".tar", ".tgz", ".lz4"]
MAGICS = [
    b"",
    b"\x1f\x8b\x08\x00",
    b"BZh91AY&SY",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"\x50\x2a\x4d\x18\x00\x00\x00\x00",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF32_BE,
]


def refused(path: Path, content: bytes, source: Source = REDDIT) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        delivered(path, content, source)
    return caught.value


def test_long_windows_are_as_long_as_those_of_public_dumps() -> None:
    with pytest.raises(zstd.ZstdError, match="memory"):
        zstd.decompress(long_window(TEXT))  # which expands windows of 128 MiB at most


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("content", CONTENTS)
def test_every_compression_gives_the_plain_bytes(
    tmp_path: Path, suffix: str, content: bytes
) -> None:
    name = f"a.ndjson{suffix}"
    assert delivered(tmp_path / name, PACKERS[suffix](content), REDDIT) == {name: content}


@pytest.mark.parametrize("suffix", PACKERS)
def test_streams_one_after_the_other_are_one_file(tmp_path: Path, suffix: str) -> None:
    packed = b"".join(PACKERS[suffix](line) for line in TEXT.splitlines(keepends=True)) * 300
    (found,) = delivered(tmp_path / f"a.ndjson{suffix}", packed, REDDIT).values()
    assert found == TEXT * 300


def test_frames_to_skip_are_skipped(tmp_path: Path) -> None:
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    packed = skipped + zstd.compress(TEXT) + skipped
    assert delivered(tmp_path / "a.ndjson.zst", packed, REDDIT) == {"a.ndjson.zst": TEXT}


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_padding_with_zeros_is_no_content(tmp_path: Path, suffix: str) -> None:
    (found,) = delivered(
        tmp_path / f"a.ndjson{suffix}", PACKERS[suffix](TEXT) + bytes(512), REDDIT
    ).values()
    assert found == TEXT


@pytest.mark.parametrize("suffix", PACKERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_stream_that_is_cut_anywhere_is_refused(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, data: st.DataObject
) -> None:
    packed = PACKERS[suffix](TEXT * 50)
    kept = packed[: data.draw(st.integers(0, len(packed) - 1))]
    path = tmp_path_factory.mktemp("cut") / f"a.ndjson{suffix}"
    # So little that it cannot be told from a text somebody unpacked gives these bytes.
    if kept and sniffed(kept) is None and looks_like_text(kept):
        assert delivered(path, kept, REDDIT) == {path.name: kept}
    else:
        assert refused(path, kept).reason == "corrupt_archive"


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_damaged_stream_is_refused_with_its_place(tmp_path: Path, suffix: str) -> None:
    packed = bytearray(PACKERS[suffix](random.Random(7).randbytes(1_000_000)))
    packed[len(packed) // 2] ^= 0xFF
    refusal = refused(tmp_path / f"a.ndjson{suffix}", bytes(packed))
    assert refusal.reason == "corrupt_archive"
    assert f"a.ndjson{suffix}" in refusal.detail
    assert "expanded bytes" in refusal.detail


@pytest.mark.parametrize("suffix", PACKERS)
def test_what_follows_a_stream_is_not_ignored(tmp_path: Path, suffix: str) -> None:
    packed = PACKERS[suffix](TEXT) + b"and more\n"
    assert refused(tmp_path / f"a.ndjson{suffix}", packed).reason == "corrupt_archive"


@pytest.mark.parametrize("named", ["a.ndjson", "a.ndjson.zst"])
def test_content_decides_what_a_file_is_packed_in(tmp_path: Path, named: str) -> None:
    assert delivered(tmp_path / named, PACKERS[".gz"](TEXT), REDDIT) == {named: TEXT}


def test_a_file_that_somebody_unpacked_without_renaming_it_is_read(tmp_path: Path) -> None:
    assert delivered(tmp_path / "a.ndjson.gz", TEXT, REDDIT) == {"a.ndjson.gz": TEXT}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.ndjson.gz", b"\x00\x01\x02garbage", "begins with the bytes 00 01 02"),
        ("a.ndjson.gz", b"", "is empty"),
        ("a.zip", TEXT, "zip data by its name, but begins with"),
    ],
)
def test_a_name_that_does_not_fit_the_content_is_told(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    refusal = refused(tmp_path / name, content)
    assert refusal.reason == "corrupt_archive"
    assert said in refusal.detail


def tar_bytes() -> bytes:
    return b"a.ndjson".ljust(257, b"\0") + b"ustar" + bytes(512)


@pytest.mark.parametrize(
    ("name", "content", "reason", "said"),
    [
        ("a.7z", b"7z\xbc\xaf\x27\x1c\x00\x04", "unsupported_archive", "7z data"),
        ("a.rar", b"Rar!\x1a\x07\x01\x00", "unsupported_archive", "rar data"),
        ("a.ndjson.lz4", b"\x04\x22\x4d\x18abc", "unsupported_archive", "lz4 data"),
        ("a.tar", tar_bytes(), "unsupported_archive", "tar data"),
        ("a.tgz", PACKERS[".gz"](tar_bytes()), "unsupported_archive", "tar data"),
        ("a.ndjson.gz", PACKERS[".gz"](tar_bytes()), "nested_archive", "tar data inside gzip"),
        ("a.ndjson.gz", PACKERS[".gz"](PACKERS[".gz"](TEXT)), "nested_archive", "gzip data inside"),
        (
            "a.zip",
            zip_bytes([Entry(b"in.ndjson", zip_bytes([Entry(b"a.ndjson", TEXT)]))]),
            "nested_archive",
            "a.zip!in.ndjson: zip data inside an archive",
        ),
        (
            "a.zip",
            zip_bytes([Entry(b"in.ndjson.gz", PACKERS[".gz"](PACKERS[".gz"](TEXT)))]),
            "nested_archive",
            "gzip data inside gzip data",
        ),
    ],
)
def test_what_is_not_read_is_refused_by_name(
    tmp_path: Path, name: str, content: bytes, reason: str, said: str
) -> None:
    refusal = refused(tmp_path / name, content)
    assert refusal.reason == reason
    assert said in refusal.detail


@pytest.mark.parametrize(
    ("limits", "reads", "said"),
    [
        ({"expanded_bytes": 999_999}, False, "archive_limits.expanded_bytes = 999999"),
        ({"expanded_bytes": 1_000_000}, True, ""),
        ({"ratio": 50, "ratio_from_bytes": 1000}, False, "archive_limits.ratio = 50"),
        ({"ratio": 50, "ratio_from_bytes": 1_000_000}, True, ""),
        ({"ratio": 100_000, "ratio_from_bytes": 0}, True, ""),
    ],
)
@pytest.mark.parametrize("suffix", [*PACKERS, ".zip"])
def test_expansion_over_a_limit_is_refused_with_both_values(
    tmp_path: Path, suffix: str, limits: dict[str, int], reads: bool, said: str
) -> None:
    content = b"a" * 1_000_000
    packed = (
        zip_bytes([Entry(b"a.ndjson", content, DEFLATE)])
        if suffix == ".zip"
        else PACKERS[suffix](content)
    )
    source = declared(archive_limits=limits)
    path = tmp_path / ("a.zip" if suffix == ".zip" else f"a.ndjson{suffix}")
    if reads:
        assert list(delivered(path, packed, source).values()) == [content]
        return
    refusal = refused(path, packed, source)
    assert refusal.reason == "archive_limit"
    assert said in refusal.detail
    assert "expands to" in refusal.detail


def test_a_bomb_is_stopped_before_it_is_expanded(tmp_path: Path) -> None:
    """Ten megabytes at most are taken of a stream that would give a gigabyte."""
    packer = zstd.ZstdCompressor()
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    source = declared(archive_limits={"ratio_from_bytes": 1 << 20, "ratio": 20})
    (piece,) = pieces(tmp_path / "a.ndjson.zst", packed, source)
    taken: list[int] = []
    with pytest.raises(FileRefusedError, match="ratio = 20"), opened(piece, source) as stream:
        taken.extend(iter(lambda: len(stream.read(65536)), 0))
    assert sum(taken) < 10 << 20


@pytest.mark.parametrize("kind", [*PACKERS, ".zip", "utf-16"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    content = (b"x" * 199 + b"\n") * 200_000  # 40 MB
    if kind == "utf-16":
        name, packed = "a.ndjson", content.decode().encode(kind)
    elif kind == ".zip":
        name, packed = "a.zip", zip_bytes([Entry(b"a.ndjson", content, DEFLATE)])
    else:
        name, packed = f"a.ndjson{kind}", PACKERS[kind](content)
    (piece,) = pieces(tmp_path / name, packed, REDDIT)
    tracemalloc.start()
    try:
        with opened(piece, REDDIT) as stream:
            assert sum(len(line) for line in iter(stream.readline, b"")) == len(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000  # of which xz takes eight for its dictionary


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
@pytest.mark.parametrize("stated", ["utf-8", "windows-1252"])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(max_examples=25, deadline=None)
def test_a_byte_order_mark_tells_the_encoding(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, mark: bytes, stated: str, text: str
) -> None:
    path = tmp_path_factory.mktemp("marked") / "a.ndjson"
    content = mark + text.encode(encoding)
    (found,) = delivered(path, content, declared(encoding=stated)).values()
    assert found.removeprefix(codecs.BOM_UTF8) == text.encode().removeprefix(codecs.BOM_UTF8)


@pytest.mark.parametrize(
    "encoding", ["windows-1252", "iso-8859-1", "utf-16-le", "utf-16-be", "shift_jis", "gb18030"]
)
@settings(max_examples=40, deadline=None)
@given(text=st.text("aé€日\n\r😀\x7f", max_size=60), suffix=st.sampled_from(["", ".gz"]))
def test_a_declared_encoding_gives_the_text(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, text: str, suffix: str
) -> None:
    content = text.encode(encoding, "ignore")
    expected = content.decode(encoding)
    path = tmp_path_factory.mktemp("declared") / f"a.ndjson{suffix}"
    packed = PACKERS[suffix](content) if suffix else content
    (found,) = delivered(path, packed, declared(encoding=encoding)).values()
    assert found.decode() == expected


ENCODINGS = ["ascii", "windows-1252", "utf-16-le", "utf-32-be", "shift_jis", "cp932", "iso2022_jp"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=60))
def test_what_has_no_character_makes_none_up_and_ends_no_line(
    tmp_path_factory: pytest.TempPathFactory, encoding: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.ndjson"
    source = declared(encoding=encoding)
    assume(marked_encoding(content) is None and sniffed(content) is None)
    (found,) = delivered(path, content, source).values()
    replaced = content.decode(encoding, "replace")
    try:
        strict: str | None = content.decode(encoding)
    except UnicodeDecodeError:
        strict = None
    assert found.count(b"\n") == replaced.count("\n")
    if strict is None:
        with pytest.raises(UnicodeDecodeError):
            found.decode()
    else:
        assert found.decode() == strict


@pytest.mark.parametrize(
    ("encoding", "content", "expected"),
    [
        ("windows-1252", b"caf\xe9 \x81\n", b"caf\xc3\xa9 \x81\xff\n"),
        ("ascii", b"\xc3\xa9\n", b"\xc3\xff\xa9\xff\n"),  # never the character that it is in UTF-8
        ("utf-16-le", b"a\0\x0a\xd8\n\0", b"a\xff\\x0a\xd8\xff\n"),  # half a pair, no line end
    ],
)
def test_bytes_without_a_character_are_kept_as_no_utf8(
    tmp_path: Path, encoding: str, content: bytes, expected: bytes
) -> None:
    source = declared(encoding=encoding)
    assert delivered(tmp_path / "a.ndjson", content, source) == {"a.ndjson": expected}


def test_a_character_over_two_chunks_is_whole(tmp_path: Path) -> None:
    text = "x" + "é😀" * 100_000
    source = declared(encoding="utf-16-le")
    (found,) = delivered(tmp_path / "a.ndjson", text.encode("utf-16-le"), source).values()
    assert found.decode() == text


def test_utf16_without_a_mark_is_not_guessed(tmp_path: Path) -> None:
    source = declared(encoding="utf-16")
    refusal = refused(tmp_path / "a.ndjson", "{}".encode("utf-16-be"), source)
    assert refusal.reason == "unknown_byte_order"
    assert "utf-16-le" in refusal.detail


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("size", [1, 3_000_000])  # one is read at once, the other might be cut
def test_other_unicode_that_nothing_tells_is_refused(
    tmp_path: Path, encoding: str, size: int
) -> None:
    refusal = refused(tmp_path / "a.ndjson", ("{}\n" * size).encode(encoding))
    assert refusal.reason == "unmarked_encoding"
    assert f"`encoding: {encoding}`" in refusal.detail


def outcomes(source: Source, path: Path, content: bytes) -> list[Outcome]:
    adapter = adapter_named(source.adapter)
    return [
        outcome
        for piece in pieces(path, content, source)
        for outcome in _read_piece(adapter, piece, source)
    ]


def _read_piece(adapter: Any, piece: Any, source: Source) -> list[Outcome]:
    with opened(piece, source) as stream:
        return list(one_by_one(adapter.read(stream, source, Passage(piece.file, piece.first_line))))


@pytest.mark.parametrize("adapter", ["reddit", "youtube"])
def test_windows_1252_that_is_not_declared_is_set_aside_with_a_hint(
    tmp_path: Path, adapter: str
) -> None:
    header = b"" if adapter == "reddit" else b"COMMENT_ID,AUTHOR,DATE,CONTENT\n"
    found = outcomes(declared(adapter), tmp_path / "a", header + b"1,a,2024-05-01T10:00:00,caf\xe9")
    assert [(each.reason, "`encoding:`" in each.detail) for each in found] == [("not_utf8", True)]


@pytest.mark.parametrize("adapter", ["reddit", "youtube"])
def test_lines_that_end_with_cr_alone_are_one_line_set_aside(tmp_path: Path, adapter: str) -> None:
    header = b"" if adapter == "reddit" else b"COMMENT_ID,AUTHOR,DATE,CONTENT\r"
    found = outcomes(declared(adapter), tmp_path / "a", header + b'{"id": 1}\r{"id": 2}\r')
    reasons = {"reddit": "not_json", "youtube": "unusable_header"}
    assert [(each.reason, each.position) for each in found] == [(reasons[adapter], 1)]


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path / "a.ndjson", TEXT, REDDIT)
    piece.path.unlink()
    with pytest.raises(UnsettledError, match=r"a\.ndjson cannot be read: No such file"):
        read(piece, REDDIT)


def test_a_file_that_grows_gives_the_bytes_that_were_planned(tmp_path: Path) -> None:
    (piece,) = pieces(tmp_path / "a.ndjson", TEXT, REDDIT)
    piece.path.write_bytes(TEXT * 2)
    assert read(piece, REDDIT) == TEXT


@pytest.mark.parametrize("name", ["a.ndjson", "a.zip"])
@pytest.mark.parametrize("when", ["before", "while"])
def test_a_file_that_changes_otherwise_is_named(tmp_path: Path, name: str, when: str) -> None:
    content = zip_bytes([Entry(b"a.ndjson", TEXT)]) if name == "a.zip" else TEXT
    changed = content + b"\n" if name == "a.zip" else content[:-1]
    (piece,) = pieces(tmp_path / name, content, REDDIT)
    if when == "before":
        piece.path.write_bytes(changed)

    def read_while_it_is_written() -> None:
        with opened(piece, REDDIT) as stream:
            stream.read()
            piece.path.write_bytes(changed)

    with pytest.raises(UnsettledError, match=rf"has changed: .* planned {len(content)} bytes"):
        read_while_it_is_written()


def test_a_member_that_the_source_does_not_claim_is_left_and_named(tmp_path: Path) -> None:
    archive = zip_bytes([Entry(b"README.txt", b"hello"), Entry(b"in/a.ndjson", TEXT)])
    readme, posts = pieces(tmp_path / "a.zip", archive, REDDIT)
    with pytest.raises(FileRefusedError, match=r"unclaimed_member: a.zip!README.txt: .*\*.ndjson"):
        read(readme, REDDIT)
    assert read(posts, REDDIT) == TEXT


@pytest.mark.parametrize("suffix", [*PACKERS, ""])
def test_members_may_be_compressed_once(tmp_path: Path, suffix: str) -> None:
    content = PACKERS[suffix](TEXT) if suffix else TEXT
    archive = zip_bytes([Entry(f"a.ndjson{suffix}".encode(), content, DEFLATE)])
    found = delivered(tmp_path / "a.zip", archive, REDDIT)
    assert found == {f"a.zip!a.ndjson{suffix}": TEXT}


def test_binary_formats_are_not_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reddit, "is_binary", lambda _: True, raising=False)
    content = codecs.BOM_UTF16_LE + bytes(range(256)) * 10
    for name, packed in (
        ("a.ndjson", content),
        ("a.ndjson.gz", PACKERS[".gz"](content)),
        ("a.zip", zip_bytes([Entry(b"a.ndjson", content)])),
    ):
        (piece,) = pieces(tmp_path / name, packed, declared(encoding="windows-1252"))
        with opened(piece, REDDIT) as stream:
            stream.seek(-10, 2)
            assert stream.read() == content[-10:]
            stream.seek(0)
            assert stream.read() == content


def read_or_refused(piece: Piece, source: Source) -> bytes | None:
    try:
        return read(piece, source)
    except FileRefusedError:
        return None


@settings(max_examples=400, deadline=None)
@given(
    suffix=st.sampled_from(SUFFIXES),
    magic=st.sampled_from(MAGICS),
    content=st.binary(max_size=300),
    encoding=st.sampled_from(["utf-8", "windows-1252", "utf-16-le"]),
)
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    suffix: str,
    magic: bytes,
    content: bytes,
    encoding: str,
) -> None:
    path = tmp_path_factory.mktemp("any") / f"a.ndjson{suffix}"
    source = declared(encoding=encoding)
    for piece in pieces_of(landed(path, magic + content), source, "batch"):
        read_or_refused(piece, source)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_damage_to_an_archive_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    archive = bytearray(
        zip_bytes([Entry(b"a.ndjson", TEXT), Entry(b"in/b.ndjson", TEXT * 9, DEFLATE)])
    )
    for _ in range(data.draw(st.integers(1, 4))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.zip"
    for piece in pieces_of(landed(path, bytes(archive)), REDDIT, "batch"):
        # What is read is right, whatever its name became.
        assert read_or_refused(piece, REDDIT) in (TEXT, TEXT * 9, None)


def test_a_refusal_can_be_pickled() -> None:
    refusal = FileRefusedError("corrupt_archive", "a.gz is cut")
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - made here
    assert type(again) is FileRefusedError
    assert (again.reason, again.detail) == ("corrupt_archive", "a.gz is cut")
    assert str(again) == "corrupt_archive: a.gz is cut"


def as_plain(found: list[Outcome]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(each, name) for name in each.__slots__) for each in found]


def test_real_reddit_comments_are_the_same_however_they_are_packed(
    tmp_path: Path, shared_data: Path
) -> None:
    comments = (shared_data / "reddit" / "comments.ndjson").read_bytes()
    submissions = (shared_data / "reddit" / "submissions.ndjson").read_bytes()
    plain = as_plain(outcomes(REDDIT, tmp_path / "a.ndjson", comments))
    assert len(plain) == 4432
    for suffix, pack in PACKERS.items():
        packed = outcomes(REDDIT, tmp_path / f"a.ndjson{suffix}", pack(comments))
        assert as_plain(packed) == plain
    both = [
        Entry(b"c.ndjson", comments, DEFLATE),
        Entry(b"in/s.ndjson.zst", long_window(submissions)),
    ]
    packed = outcomes(REDDIT, tmp_path / "a.zip", zip_bytes(both))
    rest = as_plain(outcomes(REDDIT, tmp_path / "s.ndjson", submissions))
    assert as_plain(packed) == plain + rest


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1252"])
def test_real_care_tweets_are_the_same_in_another_encoding(
    tmp_path: Path, shared_data: Path, encoding: str
) -> None:
    text = (shared_data / "twitter_care" / "twcs.csv").read_bytes().decode()
    source = declared("customer_care", "*.csv", encoding="utf-8" if "16" in encoding else encoding)
    if encoding == "windows-1252":  # the lines that it can hold
        fits = [
            line
            for line in text.split("\n")
            if line.encode(encoding, "ignore").decode(encoding) == line
        ]
        assert len(fits) > 4000
        text = "\n".join(fits)
    expected = outcomes(declared("customer_care", "*.csv"), tmp_path / "a.csv", text.encode())
    found = outcomes(source, tmp_path / "b.csv", text.encode(encoding))
    assert len(found) > 4000
    assert as_plain(found) == as_plain(expected)
