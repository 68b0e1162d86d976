"""What a stage was made of, in one string: equal strings mean that there is nothing to do.

A stage writes its fingerprint after all else; one that died half way has none and runs again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from orchestration.notes import write_note


def fingerprint_of(parts: Iterable[str], files: Iterable[Path]) -> str:
    """Hash of texts and of the contents of files, in order; 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b" % (len(encoded), encoded))
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def source_files(folder: Path, *patterns: str) -> list[Path]:
    """The files of a code folder that decide what it makes, in order."""
    return sorted(path for pattern in patterns for path in folder.rglob(pattern))


def read_mark(path: Path) -> str | None:
    """The fingerprint that a finished stage left; None where it never finished."""
    if not path.exists():
        return None
    mark: str = json.loads(path.read_text(encoding="utf-8"))["fingerprint"]
    return mark


def write_mark(path: Path, fingerprint: str) -> None:
    """Leave the fingerprint of a stage that has just finished."""
    write_note(path, json.dumps({"fingerprint": fingerprint}))
