"""From a piece of a delivered file to the stream of UTF-8 bytes that its adapter reads.

What a file is packed in and written in is told by its bytes, and by its name only where they do
not tell. One compression is taken off, or an archive and one compression of its members; more,
such as an archive in an archive, is refused. Which formats there are, how they expand and how
texts become UTF-8 is in ``formats``, ``expanding``, ``archives`` and ``encodings``.

A line ends with LF or CR LF, in any encoding. A file whose lines end with CR alone, as those of
old Macs, is one line, which its adapter sets aside.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from spark_jobs.adapters.registry import is_binary
from spark_jobs.archive_members import Slice, member_stream
from spark_jobs.archives import Member, members_of
from spark_jobs.claims import claims_member
from spark_jobs.encodings import in_utf8
from spark_jobs.expanding import CHUNK_BYTES, Expanded, Gauge, buffered
from spark_jobs.formats import (
    COMPRESSIONS,
    HEAD_BYTES,
    TAR,
    ZIP,
    looks_like_text,
    promised,
    sniffed,
)
from spark_jobs.landing import modified_at
from spark_jobs.pieces import Piece
from spark_jobs.refusals import (
    CORRUPT_ARCHIVE,
    NESTED_ARCHIVE,
    UNCLAIMED_MEMBER,
    UNSUPPORTED_ARCHIVE,
    FileRefusedError,
    MemberLeftError,
    UnsettledError,
)
from spark_jobs.sources import ArchiveLimits, Source

__all__ = ["FileRefusedError", "MemberLeftError", "UnsettledError", "opened"]

_SPOOLED_BYTES = 16 * 1024 * 1024
_READ_FORMATS = frozenset(COMPRESSIONS.values())


@contextmanager
def opened(piece: Piece, source: Source) -> Iterator[BinaryIO]:
    """The bytes of a piece, as UTF-8 text unless the source's format is binary.

    Raises FileRefusedError here or while they are read: where the file is damaged, breaks a
    limit, or is packed in a way that is not read; UnsettledError, also at the end, where it is
    gone or not what was planned.
    """
    if piece.member is not None and not claims_member(source, piece.member):
        raise MemberLeftError(
            UNCLAIMED_MEMBER,
            f"{piece.file}: the name does not match {source.glob}, which the source declares",
        )
    with _landed(piece) as file:
        _check_unchanged(file, piece)
        content = _content(file, piece, source)
        if is_binary(source):
            with _seekable(file, content, piece) as seekable:
                yield seekable
        elif piece.is_cut:
            yield content
        else:
            yield in_utf8(content, source.encoding, piece.file)
        _check_unchanged(file, piece)


def _landed(piece: Piece) -> io.FileIO:
    try:
        return io.FileIO(piece.path)
    except OSError as error:
        raise UnsettledError(f"{piece.file} cannot be read: {error.strerror}") from error


def _check_unchanged(file: io.FileIO, piece: Piece) -> None:
    """Raise UnsettledError where a file is not what was planned, unless it has only grown.

    Of what has grown the bytes planned are read, and all of it by the next run.
    """
    status = os.fstat(file.fileno())
    found = (status.st_size, modified_at(status))
    planned = (piece.byte_count, piece.modified_at)
    has_grown = piece.member is None and status.st_size > piece.byte_count
    if found != planned and not has_grown:
        raise UnsettledError(
            f"{piece.file} has changed: found {_version(*found)}, planned {_version(*planned)}"
        )


def _version(byte_count: int, moment: datetime) -> str:
    return f"{byte_count} bytes of {moment.isoformat()}"


def _content(file: io.FileIO, piece: Piece, source: Source) -> io.BufferedReader:
    """The bytes of a piece without what they are packed in."""
    limits, archive = source.archive_limits, piece.archive
    packed_bytes = piece.byte_count
    raw: io.RawIOBase = Slice(file, piece.start, piece.end - piece.start, piece.file)
    if piece.member is not None:
        member = _directory(piece.path, archive, piece.byte_count, piece.modified_at, limits)[
            piece.member
        ]
        raw, packed_bytes = member_stream(file, member, archive, limits), member.packed_bytes
    content = buffered(raw)
    if piece.is_cut:
        return content
    found = _sniffed(content)
    if found == ZIP and piece.member is None:
        members_of(piece.path, piece.file, limits)  # planning could not use it: say why
    if found is None:
        _check_name(piece, content.peek(HEAD_BYTES)[:HEAD_BYTES])
        return content
    if found not in _READ_FORMATS or promised(piece.name) == TAR:
        raise _not_read(piece, promised(piece.name) if found in _READ_FORMATS else found)
    expanded = buffered(Expanded(content, found, Gauge(piece.file, packed_bytes, limits)))
    if inside := _sniffed(expanded):
        detail = f"{piece.file}: {inside} data inside {found} data"
        raise FileRefusedError(NESTED_ARCHIVE, f"{detail}; deliver it packed once")
    return expanded


@lru_cache(maxsize=8)
def _directory(
    path: Path,
    name: str,
    _byte_count: int,
    _modified_at: datetime,
    limits: ArchiveLimits,
) -> dict[str, Member]:
    """The members of one version of an archive, judged once by each process that reads any."""
    return members_of(path, name, limits)


def _sniffed(stream: io.BufferedReader) -> str | None:
    return sniffed(stream.peek(HEAD_BYTES)[:HEAD_BYTES])


def _not_read(piece: Piece, found: str | None) -> FileRefusedError:
    if piece.member is not None:
        detail = f"{piece.file}: {found} data inside an archive; deliver it packed once"
        return FileRefusedError(NESTED_ARCHIVE, detail)
    return FileRefusedError(
        UNSUPPORTED_ARCHIVE,
        f"{piece.file}: {found} data; what is read is plain, {', '.join(COMPRESSIONS)} and .zip: "
        "unpack it, or pack it so",
    )


def _check_name(piece: Piece, head: bytes) -> None:
    """Refuse what is named as packed and is not, unless it is a text that somebody unpacked."""
    name = promised(piece.name)
    if name is None or (name in _READ_FORMATS and head and looks_like_text(head)):
        return
    found = f"begins with the bytes {head[:8].hex(' ')}" if head else "is empty"
    detail = f"{piece.file} is {name} data by its name, but {found}"
    raise FileRefusedError(CORRUPT_ARCHIVE, f"{detail}; deliver it again, or name it otherwise")


@contextmanager
def _seekable(file: io.FileIO, content: io.BufferedReader, piece: Piece) -> Iterator[BinaryIO]:
    """The bytes with random access, which binary formats need; without a name on any disk."""
    if piece.member is None and sniffed(os.pread(file.fileno(), HEAD_BYTES, 0)) is None:
        file.seek(0)
        yield io.BufferedReader(file, CHUNK_BYTES)
        return
    with tempfile.SpooledTemporaryFile(max_size=_SPOOLED_BYTES) as spooled:
        shutil.copyfileobj(content, spooled, CHUNK_BYTES)
        spooled.seek(0)
        yield cast(BinaryIO, spooled)
