"""Paths as Spark and DuckDB want them: each takes some signs in a path for a pattern.

A home may lie in a folder with any name. dbt's sources, which Python has no part in, escape theirs
in ``dbt_project/models/staging/_sources.yml``.
"""

from __future__ import annotations

import re
from pathlib import Path

_SIGNS_OF_SPARK = re.compile(r"[\\\[\]{}*?]")
_SIGNS_OF_DUCKDB = re.compile(r"[\[*?]")


def for_spark(path: Path) -> str:
    """A path that Spark reads as it is written."""
    return _SIGNS_OF_SPARK.sub(r"\\\g<0>", str(path))


def for_duckdb(folder: Path, pattern: str) -> str:
    """A literal of DuckDB's SQL for the files in a folder that fit a pattern."""
    escaped = _SIGNS_OF_DUCKDB.sub(r"[\g<0>]", str(folder))
    return quoted(f"{escaped}/{pattern}")


def quoted(text: object) -> str:
    """A literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
