"""Which files of a folder somebody is still writing, as far as names tell.

Copy tools write under another name, or lay a lock beside the file. Whether a file changes while
it is looked at is the business of ``landing``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

TEMPORARY_SUFFIXES = (
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".writing",
    ".tmp",
    ".temp",
)
LOCK_SUFFIXES = (".lock", ".lck", ".writing", ".aria2", ".part", ".partial", ".filepart")
"""What is put behind a file's name to say that it is being written, where both lie there."""

_RSYNC_SUFFIX = re.compile(r"\.[A-Za-z0-9]{6}$")
_OFFICE_LOCK = "~$"


@dataclass(frozen=True)
class Unfinished:
    """A file that is left for the next run, and what shows that it is not finished."""

    name: str
    why: str


def locks_in(names: Collection[str]) -> dict[str, str]:
    """The locks among the names of one folder, by the file that each of them locks."""
    locks: dict[str, str] = {}
    for lock in names:
        for locked in _locked_by(lock, names):
            locks[locked] = lock
    return locks


def is_temporary(name: str) -> bool:
    """Whether a name is one that copy tools and editors give while they write."""
    return name.lower().endswith(TEMPORARY_SUFFIXES) or name.startswith(_OFFICE_LOCK)


def final_names(hidden: str) -> tuple[str, ...]:
    """Names that a dot file may get: ``a.csv`` of ``.a.csv``, also with a suffix behind."""
    name = hidden.removeprefix(".")
    shorter = [name[: -len(each)] for each in TEMPORARY_SUFFIXES if name.lower().endswith(each)]
    return (name, *shorter, _RSYNC_SUFFIX.sub("", name))


def _locked_by(lock: str, names: Collection[str]) -> list[str]:
    if lock.startswith(".~lock.") and lock.endswith("#"):  # LibreOffice
        candidates = [lock.removeprefix(".~lock.").removesuffix("#")]
    elif lock.startswith(_OFFICE_LOCK):  # Office, which may put the two characters over the name's
        candidates = [name for name in names if lock[2:] in (name, name[2:])]
    else:
        candidates = [lock[: -len(each)] for each in LOCK_SUFFIXES if lock.lower().endswith(each)]
    return [name for name in candidates if name in names and name != lock]
