"""How a file is divided into the pieces that workers read apart.

The members of an archive are pieces; big plain files of formats that allow it are cut at line
ends. Looks at bytes and at the directories of archives, never at records, and expands nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import AwareDatetime, BaseModel

from spark_jobs.adapters.registry import is_binary, is_splittable
from spark_jobs.archives import members_of
from spark_jobs.encodings import marked_encoding
from spark_jobs.formats import HEAD_BYTES, ZIP, sniffed
from spark_jobs.landing import LandedFile
from spark_jobs.refusals import FileRefusedError, UnsettledError
from spark_jobs.sources import UTF_8, Source

PIECE_BYTES = 16 * 1024 * 1024
"""Size at which a file is cut: small enough to balance two cores, large enough to read at once."""

_SCAN_BYTES = 1024 * 1024


class Piece(BaseModel, frozen=True):
    """A run of bytes of one file, ``start`` to ``end``, that is read at once.

    Either whole lines, from line ``first_line`` on, and ``is_cut`` where they are not the whole
    file; or one ``member`` of an archive, which ``file`` then names after ``!``.
    ``byte_count`` and ``modified_at`` are those of the landed file when it was planned.
    ``number`` orders the pieces of a plan by file and position; ``source_number`` and
    ``file_number`` are where the plan lists source and file.
    """

    number: int = 0
    source_number: int = 0
    file_number: int = 0
    source: str
    batch_id: str
    file: str
    path: Path
    byte_count: int
    modified_at: AwareDatetime
    start: int
    end: int
    first_line: int = 1
    is_cut: bool = False
    member: str | None = None

    @property
    def archive(self) -> str:
        """Name of the landed file, which is an archive where there is a member."""
        return self.file if self.member is None else self.file.removesuffix(f"!{self.member}")

    @property
    def name(self) -> str:
        """The name without its folders, of the member where there is one."""
        return (self.member or self.file).rsplit("/", 1)[-1]


def pieces_of(file: LandedFile, source: Source, batch_id: str) -> Iterator[Piece]:
    """The pieces of one file, in order. What cannot be divided, also for its faults, is one."""
    whole = Piece(
        source=source.name,
        batch_id=batch_id,
        file=file.name,
        path=file.path,
        byte_count=file.byte_count,
        modified_at=file.modified_at,
        start=0,
        end=file.byte_count,
    )
    try:
        parts = list(_parts(file, source))
    except (FileRefusedError, UnsettledError, OSError):
        parts = [{}]  # whoever opens it finds the same fault, and says so
    for part in parts:
        yield whole.model_copy(update=part)


def _parts(file: LandedFile, source: Source) -> Iterator[dict[str, object]]:
    """In what each piece of a file differs from the whole of it."""
    with file.path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if sniffed(head) == ZIP:
        members = members_of(file.path, file.name, source.archive_limits)
        for name, member in members.items():
            full_name = f"{file.name}!{name}"
            yield {"file": full_name, "member": name, "start": member.start, "end": member.end}
    elif file.byte_count > PIECE_BYTES and _can_be_cut(head, source):
        for start, end, first_line in _cuts(file):
            yield {"start": start, "end": end, "first_line": first_line, "is_cut": True}
    else:
        yield {}


def _can_be_cut(head: bytes, source: Source) -> bool:
    """Whether a file is lines of UTF-8, in which every LF byte ends one."""
    encoding, _ = marked_encoding(head) or (source.encoding, 0)
    is_plain = sniffed(head) is None and not is_binary(source)
    return is_plain and encoding == UTF_8 and is_splittable(source)


def _cuts(file: LandedFile) -> Iterator[tuple[int, int, int]]:
    """Byte ranges of whole lines, each with the number of its first line."""
    start, first_line = 0, 1
    position, line = 0, 1
    with file.path.open("rb") as stream:
        while chunk := stream.read(_SCAN_BYTES):
            at = 0
            while (newline := chunk.find(b"\n", max(at, start + PIECE_BYTES - position))) >= 0:
                line += chunk.count(b"\n", at, newline + 1)
                at = newline + 1
                if position + at < file.byte_count:
                    yield start, position + at, first_line
                    start, first_line = position + at, line
                else:
                    break
            line += chunk.count(b"\n", at)
            position += len(chunk)
    yield start, file.byte_count, first_line
