"""Which files a capture has to read: those whose bytes the ledger does not know.

Planning looks at names, sizes and hashes only, so that a run with nothing new never starts
Spark.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel

from spark_jobs.lake import Lake
from spark_jobs.landing import Delivery, LandedFile
from spark_jobs.pieces import Piece, pieces_of
from spark_jobs.refusals import UnsettledError
from spark_jobs.sources import Sources
from spark_jobs.unfinished import Unfinished


class PlannedFile(BaseModel, frozen=True):
    """A file version that the ledger will get a row for.

    ``duplicate_of_file`` names an earlier file with the same bytes; such a file is not read.
    """

    source: str
    batch_id: str
    file: str
    path: Path
    content_hash: str
    byte_count: int
    modified_at: AwareDatetime
    adapter: str
    duplicate_of_file: str | None


class Plan(BaseModel, frozen=True):
    """All that one capture does, and the files that changed while it was planned."""

    files: tuple[PlannedFile, ...]
    pieces: tuple[Piece, ...]
    again: frozenset[str] = frozenset()
    """Files among them that were read before: what they gave then is replaced."""
    unfinished: tuple[Unfinished, ...] = ()

    @property
    def batches(self) -> dict[str, str]:
        """Batch of each source that has new files."""
        return {file.source: file.batch_id for file in self.files}


def is_known(delivery: Delivery, lake: Lake) -> bool:
    """Whether the ledger has every file of a delivery, by name, size and time; no file is read."""
    columns = ["source", "file", "byte_count", "modified_at"]
    known = {tuple(row.values()) for row in lake.read_bronze("ledger", columns).to_pylist()}
    return all(
        (file.source, file.name, file.byte_count, file.modified_at) in known
        for file in delivery.files
    )


def files_read_before(
    delivery: Delivery, lake: Lake, source: str, since: datetime | None, until: datetime | None
) -> frozenset[str]:
    """The files of a source that are still there and hold records of a period.

    Args:
        delivery: the landing folder's files.
        lake: whose ledger says what each file held.
        source: name of the source.
        since: first instant of the period; without it, it has no beginning.
        until: first instant after the period; without it, it has no end.
    """
    landed = {file.name for file in delivery.files if file.source == source}
    rows = lake.read_bronze("ledger", ["file", "first_at", "last_at"], source=source).to_pylist()
    has_period = since is not None or until is not None
    return frozenset(
        row["file"]
        for row in rows
        if row["file"] in landed
        and not (has_period and row["first_at"] is None)
        and not (since is not None and row["last_at"] < since)
        and not (until is not None and row["first_at"] >= until)
    )


def plan_capture(
    delivery: Delivery,
    sources: Sources,
    lake: Lake,
    only: frozenset[str] | None = None,
    again: frozenset[str] = frozenset(),
) -> Plan:
    """Compare a delivery with the ledger.

    Args:
        delivery: the landing folder's files.
        sources: their declarations.
        lake: whose ledger says what was read before.
        only: names of the sources to look at; all where None.
        again: names of files to read although they were read before.
    """
    columns = ["source", "file", "content_hash", "byte_count", "modified_at", "duplicate_of_file"]
    known = [
        row for row in lake.read_bronze("ledger", columns).to_pylist() if row["file"] not in again
    ]
    unchanged = {
        (row["source"], row["file"], row["byte_count"], row["modified_at"]) for row in known
    }
    seen = {
        (row["source"], row["content_hash"]): str(row["file"])
        for row in reversed(known)
        if row["duplicate_of_file"] is None  # a copy was never read
    }
    taken = {(row["source"], row["file"], row["content_hash"]) for row in known}

    unfinished: list[Unfinished] = []
    fresh: dict[str, list[tuple[LandedFile, str, str | None]]] = defaultdict(list)
    for file in delivery.files:
        if only is not None and file.source not in only:
            continue
        if (file.source, file.name, file.byte_count, file.modified_at) in unchanged:
            continue
        try:
            content_hash = file.content_hash()
        except UnsettledError as found:
            unfinished.append(Unfinished(file.name, str(found)))
            continue
        if (file.source, file.name, content_hash) in taken:
            continue  # written again with the same bytes
        first = seen.setdefault((file.source, content_hash), file.name)
        fresh[file.source].append((file, content_hash, None if first == file.name else first))

    files: list[PlannedFile] = []
    pieces: list[Piece] = []
    for source_number, (name, landed) in enumerate(fresh.items()):
        reread = again.intersection(file.name for file, _, _ in landed)
        batch_id = _batch_id(landed, datetime.now(UTC).isoformat() if reread else "")
        for file, content_hash, duplicate_of_file in sorted(landed, key=_name):
            if duplicate_of_file is None:
                for piece in pieces_of(file, sources.named(name), batch_id):
                    numbers = {
                        "number": len(pieces),
                        "source_number": source_number,
                        "file_number": len(files),
                    }
                    pieces.append(piece.model_copy(update=numbers))
            files.append(
                PlannedFile(
                    source=name,
                    batch_id=batch_id,
                    file=file.name,
                    path=file.path,
                    content_hash=content_hash,
                    byte_count=file.byte_count,
                    modified_at=file.modified_at,
                    adapter=sources.named(name).adapter,
                    duplicate_of_file=duplicate_of_file,
                )
            )
    return Plan(
        files=tuple(files),
        pieces=tuple(pieces),
        again=again.intersection(file.file for file in files),
        unfinished=tuple(unfinished),
    )


def _name(landed: tuple[LandedFile, str, str | None]) -> str:
    return landed[0].name


def _batch_id(landed: list[tuple[LandedFile, str, str | None]], salt: str) -> str:
    """Name of a batch by what is in it, so that the same delivery always makes the same batch.

    A batch that reads files again is another one each time, which the salt says.
    """
    digest = hashlib.sha256(salt.encode())
    for file, content_hash, _ in sorted(landed, key=_name):
        digest.update(f"{file.name}\0{content_hash}\n".encode())
    return digest.hexdigest()[:16]
