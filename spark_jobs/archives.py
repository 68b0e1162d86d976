"""Zip archives: which members they have, and whether they are safe to read.

The directory at an archive's end is judged as a whole before any member is read. What it says of
a member is checked again where its bytes are read, in ``archive_members``.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from spark_jobs.expanding import Gauge
from spark_jobs.refusals import (
    ARCHIVE_LIMIT,
    CORRUPT_ARCHIVE,
    ENCRYPTED_ARCHIVE,
    UNSAFE_ARCHIVE,
    UNSUPPORTED_ARCHIVE,
    FileRefusedError,
    UnsettledError,
)
from spark_jobs.sources import ArchiveLimits

METHODS = {0: "stored", 8: "deflate", 12: "bzip2", 93: "zstd", 95: "xz"}
"""Ways in which a member may be packed, by their number in the format."""

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_DIRECTORY_BYTES_A_MEMBER = 512
_COMMENT_SEARCH_BYTES = 1 << 17
_LINK_FIELDS = {0x000D: 12, 0x756E: 14}
"""Extra fields of Unix archivers, and the bytes of them after which a link's target stands."""

_DRIVE = re.compile(r"[A-Za-z]:")
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive; its header starts at ``start`` and its bytes end before ``end``."""

    name: str
    raw_name: bytes
    start: int
    end: int
    method: int
    packed_bytes: int
    expanded_bytes: int
    checksum: int


def members_of(path: Path, name: str, limits: ArchiveLimits) -> dict[str, Member]:
    """The members of an archive by name, without folders and the litter of file managers.

    Raises FileRefusedError where the directory cannot be read, breaks a limit, or names anything
    that an honest archive of dumps does not have.
    """
    most = limits.members * _DIRECTORY_BYTES_A_MEMBER
    try:
        with _DirectoryReader(path, name, limits, most) as stream, zipfile.ZipFile(stream) as found:
            entries, directory_start = found.infolist(), found.start_dir
            byte_count = stream.seek(0, io.SEEK_END)
    except (FileNotFoundError, PermissionError) as error:
        raise UnsettledError(f"{name} cannot be read: {error.strerror}") from error
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        OSError,
        ValueError,
        OverflowError,
        struct.error,
    ) as error:
        detail = f"{name}: the archive's directory cannot be read: {error}"
        raise FileRefusedError(CORRUPT_ARCHIVE, detail) from error
    if len(entries) > limits.members:
        detail = f"{name} has {len(entries)} members, above archive_limits.members"
        raise FileRefusedError(ARCHIVE_LIMIT, f"{detail} = {limits.members}")
    for entry in entries:
        _judge(entry, name)
    _refuse_repeated([entry.filename for entry in entries], name)
    files = sorted(entries, key=lambda entry: entry.header_offset)
    starts = [*(entry.header_offset for entry in files), directory_start]
    members = [_member(entry, end, name) for entry, end in zip(files, starts[1:], strict=True)]
    if members and members[0].start != 0:
        detail = f"{name}: {members[0].start} bytes before the first member belong to none"
        raise FileRefusedError(UNSAFE_ARCHIVE, detail)
    Gauge(name, byte_count, limits).check(sum(member.expanded_bytes for member in members))
    for member in members:
        Gauge(f"{name}!{member.name}", member.packed_bytes, limits).check(member.expanded_bytes)
    return {member.name: member for member in members if not _is_litter(member.name)}


class _DirectoryReader(io.FileIO):
    """A file of which no more is read at once than a directory within the limits has."""

    def __init__(self, path: Path, name: str, limits: ArchiveLimits, most: int) -> None:
        super().__init__(path)
        self._name = name
        self._limits = limits
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > max(self._most, _COMMENT_SEARCH_BYTES):
            raise FileRefusedError(
                ARCHIVE_LIMIT,
                f"{self._name} has a directory of {size} bytes, more than {self._most}, enough for "
                f"archive_limits.members = {self._limits.members}",
            )
        return super().read(size) or b""


def _judge(entry: zipfile.ZipInfo, archive: str) -> None:
    """Raise FileRefusedError for what an honest archive of dumps does not have."""
    name = entry.orig_filename
    fault = None
    if not name or any(ord(character) < 0x20 or ord(character) == 0x7F for character in name):
        fault = "a name that is empty or has control characters"
    elif name.startswith("/") or _DRIVE.match(name):
        fault = "an absolute path"
    elif "\\" in name:
        fault = "a path with backslashes"
    elif ".." in PurePosixPath(name).parts:
        fault = "a path that leaves the archive"
    elif _is_special(entry):
        fault = "a link or a device"
    if fault:
        raise FileRefusedError(UNSAFE_ARCHIVE, f"{archive}: member {name!a} is {fault}")
    if entry.flag_bits & _ENCRYPTED:
        detail = f"{archive}: member {name!a} is encrypted; deliver it without a password"
        raise FileRefusedError(ENCRYPTED_ARCHIVE, detail)
    if entry.compress_type not in METHODS:
        detail = f"{archive}: member {name!a} is packed by method {entry.compress_type}"
        known = ", ".join(f"{number} ({method})" for number, method in METHODS.items())
        raise FileRefusedError(UNSUPPORTED_ARCHIVE, f"{detail}, of which only {known} are read")


def _is_special(entry: zipfile.ZipInfo) -> bool:
    """Whether the attributes say that a member is neither a file nor a folder."""
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return True
    extra = entry.extra
    while len(extra) >= 4:
        field, size = struct.unpack_from("<HH", extra)
        if field in _LINK_FIELDS and size > _LINK_FIELDS[field]:
            return True
        extra = extra[4 + size :]
    return False


def _refuse_repeated(names: list[str], archive: str) -> None:
    normalised = Counter(PurePosixPath(name).as_posix() for name in names)
    repeated = [name for name, count in normalised.items() if count > 1]
    if repeated:
        detail = f"{archive}: {len(repeated)} names stand for several members, {repeated[0]!a}"
        raise FileRefusedError(UNSAFE_ARCHIVE, f"{detail} for {normalised[repeated[0]]}")


def _member(entry: zipfile.ZipInfo, end: int, archive: str) -> Member:
    name = entry.orig_filename
    raw_name = name.encode("utf-8" if entry.flag_bits & _UTF8_NAME else "cp437")
    start = entry.header_offset
    if start < 0 or start + LOCAL_HEADER.size + len(raw_name) + entry.compress_size > end:
        raise overlapping(f"{archive}!{name!a}")
    return Member(
        name=name,
        raw_name=raw_name,
        start=start,
        end=end,
        method=entry.compress_type,
        packed_bytes=entry.compress_size,
        expanded_bytes=entry.file_size,
        checksum=entry.CRC,
    )


def overlapping(what: str) -> FileRefusedError:
    """The refusal of a member that claims bytes of something else."""
    detail = f"{what}: its bytes overlap those of another member or of the directory"
    return FileRefusedError(UNSAFE_ARCHIVE, detail)


def _is_litter(name: str) -> bool:
    path = PurePosixPath(name)
    is_resource_fork = path.parts[0] == "__MACOSX" or path.name.startswith("._")
    return name.endswith("/") or is_resource_fork or path.name in _LITTER
