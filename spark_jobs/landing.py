"""What lies in the landing zone: which files belong to which source, and which to none.

Reads names, sizes and bytes of files; never their records, and never writes. Which names a glob
claims is in ``claims``, which names say that a file is still being written in ``unfinished``.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from spark_jobs.claims import claims_file, fixed_parts
from spark_jobs.refusals import UnsettledError
from spark_jobs.source_files import ADDED_FOLDER, is_declaration
from spark_jobs.sources import Source, Sources, SourcesError
from spark_jobs.unfinished import Unfinished, final_names, is_temporary, locks_in

RECENT_SECONDS = 2.0
"""What was modified in so many seconds may still be growing, and is looked at again."""
SETTLE_SECONDS = 1.0
"""After how long."""


@dataclass(frozen=True)
class LandedFile:
    """One file of one source. ``name`` is relative to the landing folder, with / between parts."""

    source: str
    name: str
    path: Path
    byte_count: int
    modified_at: datetime

    def content_hash(self) -> str:
        """SHA-256 of the bytes, in hexadecimal.

        Raises UnsettledError where the file is gone, or is not what it was when it was found.
        """
        try:
            with self.path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                status = os.fstat(stream.fileno())
        except OSError as error:
            raise UnsettledError(f"cannot be read: {error.strerror}") from error
        if why := self.change(status):
            raise UnsettledError(why)
        return digest

    def change(self, status: os.stat_result) -> str | None:
        """How the file differs from what it was when it was found; None where it does not."""
        if status.st_size != self.byte_count:
            return f"its size changes: {self.byte_count} bytes, then {status.st_size}"
        if modified_at(status) != self.modified_at:
            return f"it is written to: at {self.modified_at}, then at {modified_at(status)}"
        return None


@dataclass(frozen=True)
class Delivery:
    """The files of a landing folder, those that no source claims, and those not finished yet."""

    files: tuple[LandedFile, ...]
    unclaimed: tuple[str, ...]
    unfinished: tuple[Unfinished, ...] = ()


def survey_landing(landing: Path, sources: Sources) -> Delivery:
    """List every file of the landing folder under the source that claims it, at one look.

    What names or locks show to be still being written is ``unfinished``; other dot files are no
    delivery. Raises SourcesError where the folder is missing, where a folder in it belongs to no
    source, and where two sources claim one file: all of them mistakes to mend before any work.
    """
    if not landing.is_dir():
        raise SourcesError(
            f"landing folder {landing} does not exist; create it, or name another with "
            "LANDING=<folder> or CAUSERIE_LANDING"
        )
    _refuse_unknown_folders(landing, sources)
    files: dict[str, list[LandedFile]] = {source.name: [] for source in sources.sources}
    unclaimed: list[str] = []
    unfinished: list[Unfinished] = []
    for folder, names in _folders(landing, ()):
        locks = locks_in(names)
        for own in sorted(names - {*locks.values()}):
            name = "/".join((*folder, own))
            if own.startswith("."):
                hidden = ["/".join((*folder, final)) for final in final_names(own)]
                if any(claims_file(source, each) for source in sources.sources for each in hidden):
                    unfinished.append(Unfinished(name, "a dot file, as copy tools write"))
            elif is_temporary(own):
                unfinished.append(Unfinished(name, "the name of a file that is still written"))
            elif own in locks:
                unfinished.append(Unfinished(name, f"{locks[own]} lies beside it"))
            elif is_declaration(name):
                continue
            elif (source := _claimant(name, sources)) is None or not _is_text(name):
                unclaimed.append(printable_name(name))
            elif (landed := _landed(landing / name, name, source)) is not None:
                files[source.name].append(landed)
            elif os.path.lexists(landing / name):
                unclaimed.append(name)  # a link to nowhere, a pipe, a socket
    return Delivery(
        tuple(file for each in files.values() for file in sorted(each, key=_path)),
        tuple(sorted(unclaimed)),
        tuple(sorted(unfinished, key=lambda each: each.name)),
    )


def settled(delivery: Delivery) -> Delivery:
    """The delivery without what still changes: recent files are looked at again, a moment later.

    Nothing is waited for where no file is recent.
    """
    now = datetime.now(UTC)
    recent = [
        file
        for file in delivery.files
        if abs((now - file.modified_at).total_seconds()) < RECENT_SECONDS
    ]
    if not recent:
        return delivery
    time.sleep(SETTLE_SECONDS)
    changing = {file: why for file in recent if (why := _change(file))}
    return replace(
        delivery,
        files=tuple(file for file in delivery.files if file not in changing),
        unfinished=(
            *delivery.unfinished,
            *(Unfinished(file.name, why) for file, why in changing.items()),
        ),
    )


def modified_at(status: os.stat_result) -> datetime:
    """When a file was last written to."""
    return datetime.fromtimestamp(status.st_mtime, UTC)


def printable_name(name: str) -> str:
    """A file's name as text that any store can keep: bytes that are no UTF-8 become escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _change(file: LandedFile) -> str | None:
    try:
        return file.change(file.path.stat())
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _claimant(name: str, sources: Sources) -> Source | None:
    claimants = [source for source in sources.sources if claims_file(source, name)]
    if len(claimants) > 1:
        raise SourcesError(
            f"{name} is claimed by two sources, {claimants[0].name} and {claimants[1].name}; "
            "make their globs disjoint, or move an archive to a folder of one of them"
        )
    return claimants[0] if claimants else None


def _landed(path: Path, name: str, source: Source) -> LandedFile | None:
    """The file; None where there is none, which may be since its folder was listed."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return LandedFile(source.name, name, path, status.st_size, modified_at(status))


def _folders(folder: Path, parts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Every folder below one, but for hidden ones, with the names of its files."""
    names: set[str] = set()
    folders: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                names.add(entry.name)
            elif not entry.name.startswith(".") and not _leads_back(entry):
                folders.append(entry.name)
    yield parts, names
    for name in sorted(folders):
        yield from _folders(folder / name, (*parts, name))


def _leads_back(entry: os.DirEntry[str]) -> bool:
    """Whether a folder is a link to one that it lies in."""
    path = Path(entry.path)
    return entry.is_symlink() and path.parent.resolve().is_relative_to(path.resolve())


def _is_text(name: str) -> bool:
    return printable_name(name) == name


def _path(file: LandedFile) -> Path:
    return file.path


def _refuse_unknown_folders(landing: Path, sources: Sources) -> None:
    known = [(ADDED_FOLDER,), *(fixed_parts(source.glob) for source in sources.sources)]
    unknown = [
        folder.relative_to(landing).as_posix() for folder in _strangers(landing, landing, known)
    ]
    if unknown:
        declared = ", ".join(sorted({"/".join(parts) for parts in known if parts}))
        raise SourcesError(
            f"landing folder {landing}: no source is declared for {', '.join(unknown)}; "
            f"declare it in the sources file or move it away (declared: {declared})"
        )


def _strangers(folder: Path, landing: Path, known: list[tuple[str, ...]]) -> Iterator[Path]:
    """Folders that lead to no source and lie in none."""
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith("."):
            continue
        parts = child.relative_to(landing).parts
        if any(parts[: len(source)] == source for source in known):
            continue
        if any(source[: len(parts)] == parts for source in known):
            yield from _strangers(child, landing, known)
        else:
            yield child
