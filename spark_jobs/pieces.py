"""How a file is divided into the pieces that workers read apart.

Big files of formats that allow it are cut at line ends. Looks at bytes, never at records.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from spark_jobs.adapters.registry import is_splittable
from spark_jobs.landing import LandedFile
from spark_jobs.sources import Source

PIECE_BYTES = 16 * 1024 * 1024
"""Size at which a file is cut: small enough to balance two cores, large enough to read at once."""


class Piece(BaseModel, frozen=True):
    """A run of whole lines of one file: bytes ``start`` to ``end``, from line ``first_line`` on.

    ``is_cut`` where it is not the whole file. ``number`` orders the pieces of a plan by file and
    position; ``source_number`` and ``file_number`` are where the plan lists source and file.
    """

    number: int = 0
    source_number: int = 0
    file_number: int = 0
    source: str
    batch_id: str
    file: str
    path: Path
    start: int
    end: int
    first_line: int
    is_cut: bool = False


def pieces_of(file: LandedFile, source: Source, batch_id: str) -> Iterator[Piece]:
    """The pieces of one file, in order."""
    cuts = list(_cuts(file, source))
    for start, end, first_line in cuts:
        yield Piece(
            source=source.name,
            batch_id=batch_id,
            file=file.name,
            path=file.path,
            start=start,
            end=end,
            first_line=first_line,
            is_cut=len(cuts) > 1,
        )


def _cuts(file: LandedFile, source: Source) -> Iterator[tuple[int, int, int]]:
    """Byte ranges of whole lines, each with the number of its first line."""
    if not is_splittable(source) or file.byte_count <= PIECE_BYTES:
        yield 0, file.byte_count, 1
        return
    with file.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as view:
        start, line = 0, 1
        while start < file.byte_count:
            newline = view.find(b"\n", min(start + PIECE_BYTES, file.byte_count))
            end = file.byte_count if newline < 0 else newline + 1
            yield start, end, line
            line += view[start:end].count(b"\n")
            start = end
