"""How a file is divided into the pieces that workers read apart.

The members of an archive are pieces; big plain files of formats that allow it are cut, see
``cuts``. Looks at bytes and at the directories of archives, never at records, and expands nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import AwareDatetime, BaseModel

from spark_jobs.adapters.registry import has_header, is_binary, is_splittable
from spark_jobs.archives import members_of
from spark_jobs.cuts import Cut, line_cuts, record_cuts
from spark_jobs.encodings import marked_encoding, unmarked_encoding
from spark_jobs.formats import HEAD_BYTES, ZIP, sniffed
from spark_jobs.landing import LandedFile
from spark_jobs.refusals import FileRefusedError, UnsettledError
from spark_jobs.sources import UTF_8, Source

PIECE_BYTES = 16 * 1024 * 1024
"""Size at which a file is cut: small enough to balance two cores, large enough to read at once."""


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
    elif file.byte_count > PIECE_BYTES and _is_plain_utf8(head, source):
        if is_splittable(source):
            cuts = line_cuts(file.path, file.byte_count, PIECE_BYTES)
        elif has_header(source):
            cuts = record_cuts(file.path, file.byte_count, PIECE_BYTES)
        else:
            cuts = iter([Cut(0, file.byte_count, 1)])
        yield from _cut(cuts, file)
    else:
        yield {}


def _cut(cuts: Iterator[Cut], file: LandedFile) -> Iterator[dict[str, object]]:
    for cut in cuts:
        if (cut.start, cut.end) == (0, file.byte_count):
            yield {}
        else:
            yield {**cut._asdict(), "is_cut": True}


def _is_plain_utf8(head: bytes, source: Source) -> bool:
    """Whether a file is text in UTF-8, in which every LF byte ends a line."""
    encoding, _ = marked_encoding(head) or (unmarked_encoding(head) or source.encoding, 0)
    return sniffed(head) is None and not is_binary(source) and encoding == UTF_8
