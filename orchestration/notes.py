"""Small files that a home keeps about itself, written whole or not at all.

A run may be killed, or the disk be full, between any two of its bytes: half a note would be taken
for a whole one, or stop every later run. What notes say is the business of those who write them.
"""

from __future__ import annotations

import os
from pathlib import Path


def write_note(path: Path, text: str, mode: int = 0o644) -> None:
    """Write ``text`` to ``path``, in place of what was there; a reader never finds half of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)  # an earlier one may have another mode
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)
