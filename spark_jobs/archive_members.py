"""The bytes of one member of an archive that ``archives`` has judged.

Members are read from where they lie in the archive; nothing is ever extracted to the file system
by name. That a member is as long as the archive's directory says, and has its checksum, is found
out while it is read.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, BinaryIO

from spark_jobs.archives import LOCAL_HEADER, METHODS, Member, overlapping
from spark_jobs.expanding import Expanded, Gauge, buffered
from spark_jobs.refusals import CORRUPT_ARCHIVE, UNSAFE_ARCHIVE, FileRefusedError, UnsettledError
from spark_jobs.sources import ArchiveLimits

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_LOCAL_MAGIC = b"PK\x03\x04"


def member_stream(
    archive: BinaryIO, member: Member, name: str, limits: ArchiveLimits
) -> io.RawIOBase:
    """The expanded bytes of a member of an open archive; FileRefusedError while they are read."""
    what = f"{name}!{member.name}"
    archive.seek(member.start)
    header = archive.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(_LOCAL_MAGIC):
        raise FileRefusedError(CORRUPT_ARCHIVE, f"{what}: no member begins at {member.start}")
    *_, name_bytes, extra_bytes = LOCAL_HEADER.unpack(header)
    if archive.read(name_bytes) != member.raw_name:
        detail = f"{what}: the member itself has another name than in the archive's directory"
        raise FileRefusedError(UNSAFE_ARCHIVE, detail)
    data_start = archive.seek(extra_bytes, io.SEEK_CUR)
    if data_start + member.packed_bytes > member.end:
        raise overlapping(what)
    packed: io.RawIOBase = Slice(archive, data_start, member.packed_bytes, what)
    if member.method != 0:
        gauge = Gauge(what, member.packed_bytes, limits)
        packed = Expanded(buffered(packed), METHODS[member.method], gauge)
    return _Checked(packed, member, what)


class Slice(io.RawIOBase):
    """Some of the bytes of a stream, from a place on."""

    def __init__(self, stream: BinaryIO, start: int, count: int, what: str) -> None:
        super().__init__()
        self._stream = stream
        self._what = what
        self._position = start
        self._left = count

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer``, as far as there are bytes."""
        view = memoryview(buffer)
        try:
            self._stream.seek(self._position)
            data = self._stream.read(min(len(view), self._left))
        except OSError as error:
            raise UnsettledError(f"{self._what} cannot be read: {error.strerror}") from error
        view[: len(data)] = data
        self._position += len(data)
        self._left -= len(data)
        return len(data)


class _Checked(io.RawIOBase):
    """A member's bytes, which must be as many as the directory says, with its checksum."""

    def __init__(self, expanded: io.RawIOBase, member: Member, what: str) -> None:
        super().__init__()
        self._expanded = expanded
        self._member = member
        self._what = what
        self._count = 0
        self._checksum = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        count = self._expanded.readinto(view) or 0
        self._count += count
        self._checksum = zlib.crc32(view[:count], self._checksum)
        declared = self._member.expanded_bytes
        if self._count > declared or (count == 0 and len(view) and self._count < declared):
            more_or_less = "more" if self._count > declared else "only"
            found = f"the directory says {declared} bytes, {more_or_less} {self._count} came out"
            raise FileRefusedError(CORRUPT_ARCHIVE, f"{self._what}: {found}")
        if count == 0 and len(view) and self._checksum != self._member.checksum:
            found = f"checksum {self._checksum:08x}, expected {self._member.checksum:08x}"
            raise FileRefusedError(CORRUPT_ARCHIVE, f"{self._what}: {found}")
        return count
