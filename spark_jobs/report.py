"""What a job tells its caller: one JSON object in a file, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


def write_report(path: Path, report: Mapping[str, object]) -> None:
    """Write ``report`` to ``path``; a reader never finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(report, sort_keys=True), encoding="utf-8")
    partial.replace(path)
