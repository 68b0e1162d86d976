"""What lies in the landing zone: which files belong to which source, and which to none.

Reads names, sizes and bytes of files; never their records, and never writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from spark_jobs.source_files import ADDED_FOLDER, is_declaration
from spark_jobs.sources import Source, Sources, SourcesError


@dataclass(frozen=True)
class LandedFile:
    """One file of one source. ``name`` is relative to the landing folder, with / between parts."""

    source: str
    name: str
    path: Path
    byte_count: int
    modified_at: datetime

    def content_hash(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        with self.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Delivery:
    """The files of a landing folder, and those that no source claims."""

    files: tuple[LandedFile, ...]
    unclaimed: tuple[str, ...]


def survey_landing(landing: Path, sources: Sources) -> Delivery:
    """List every file of the landing folder under the source that claims it.

    Raises SourcesError where the folder is missing, where a folder in it belongs to no source,
    and where two sources claim one file: all of them mistakes to mend before any work.
    """
    if not landing.is_dir():
        raise SourcesError(
            f"landing folder {landing} does not exist; create it, or name another with "
            "LANDING=<folder> or CAUSERIE_LANDING"
        )
    _refuse_unknown_folders(landing, sources)
    claims: dict[Path, str] = {}
    files: list[LandedFile] = []
    for source in sources.sources:
        for path in sorted(landing.glob(source.glob)):
            if not path.is_file() or _is_hidden(path, landing) or _declares(path, landing):
                continue
            if path in claims:
                raise SourcesError(
                    f"{path.relative_to(landing)} is claimed by two sources, {claims[path]} and "
                    f"{source.name}; make their globs disjoint"
                )
            claims[path] = source.name
            files.append(_landed(path, landing, source))
    unclaimed = tuple(
        path.relative_to(landing).as_posix()
        for path in sorted(landing.rglob("*"))
        if path.is_file()
        and path not in claims
        and not _declares(path, landing)
        and not _is_hidden(path, landing)
    )
    return Delivery(tuple(files), unclaimed)


def _landed(path: Path, landing: Path, source: Source) -> LandedFile:
    status = path.stat()
    return LandedFile(
        source=source.name,
        name=path.relative_to(landing).as_posix(),
        path=path,
        byte_count=status.st_size,
        modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
    )


def _declares(path: Path, landing: Path) -> bool:
    return is_declaration(path.relative_to(landing).as_posix())


def _is_hidden(path: Path, landing: Path) -> bool:
    """Dot files are what copy tools and editors leave while they write."""
    return any(part.startswith(".") for part in path.relative_to(landing).parts)


def _refuse_unknown_folders(landing: Path, sources: Sources) -> None:
    known = [(ADDED_FOLDER,), *(_fixed_parts(source.glob) for source in sources.sources)]
    unknown = [
        folder.relative_to(landing).as_posix() for folder in _strangers(landing, landing, known)
    ]
    if unknown:
        declared = ", ".join(sorted({"/".join(parts) for parts in known if parts}))
        raise SourcesError(
            f"landing folder {landing}: no source is declared for {', '.join(unknown)}; "
            f"declare it in the sources file or move it away (declared: {declared})"
        )


def _fixed_parts(glob: str) -> tuple[str, ...]:
    """The folders of a glob before its first wildcard: ('crm', 'orders') of crm/orders/**/*.csv."""
    parts: list[str] = []
    for part in glob.split("/")[:-1]:
        if any(character in part for character in "*?["):
            break
        parts.append(part)
    return tuple(parts)


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
