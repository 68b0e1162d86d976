"""The folder that holds all a run writes, and the promise that one run at a time writes it."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from orchestration.notes import write_note
from orchestration.settings import Settings

if TYPE_CHECKING:
    from spark_jobs.lake import Lake


class HomeError(RuntimeError):
    """The home cannot be used as asked; the message says what to do instead."""


@dataclass(frozen=True)
class Home:
    """One home and one landing folder: one data set."""

    root: Path
    landing: Path

    @classmethod
    def of(cls, settings: Settings) -> Home:
        """The home that settings name. Nothing is created or read."""
        root = settings.home.resolve()
        return cls(root, (settings.landing or root / "landing").resolve())

    def known_landing(self) -> Path | None:
        """The landing folder that the home was first used with; None where it never was."""
        if not self._landing_note.exists():
            return None
        return Path(json.loads(self._landing_note.read_text(encoding="utf-8"))["landing"])

    @property
    def _landing_note(self) -> Path:
        return self.root / "landing.json"

    @property
    def lake(self) -> Lake:
        """Bronze, silver and candidates."""
        from spark_jobs.lake import Lake  # pandas and Arrow come with it

        return Lake(self.root)

    @property
    def truth(self) -> Path:
        """What the demo's generator knows and the pipeline must find out; never read by it."""
        return self.root / "truth"

    @property
    def warehouse(self) -> Path:
        """Folder of the database that dbt builds."""
        return self.root / "warehouse"

    @property
    def published(self) -> Path:
        """The warehouse that readers open."""
        return self.root / "published" / "warehouse.duckdb"

    @property
    def neo4j(self) -> Path:
        """Folder of the local graph server."""
        return self.root / "neo4j"

    @property
    def dagster(self) -> Path:
        """Dagster's own store of runs and events."""
        return self.root / "dagster"

    @property
    def dbt(self) -> Path:
        """What dbt compiles and logs."""
        return self.root / "dbt"

    @property
    def expectations(self) -> Path:
        """What gates expected and found, as pages for a browser."""
        return self.root / "expectations"

    @property
    def temporary(self) -> Path:
        """Scratch of the running jobs."""
        return self.root / "temporary"

    def prepare(self) -> None:
        """Create the home, and refuse one that belongs to another landing folder.

        Raises HomeError: two data sets in one home would be published as one. Also where its path
        has a sign at which Spark parts folders, or DuckDB a database from its options, or that
        Dagster takes for a pattern or for the beginning of another sign.
        """
        if unusable := sorted(set(str(self.root)) & set(",?%*[")):
            raise HomeError(
                f"{self.root} cannot be a home, as its path has {' and '.join(unusable)}; "
                "choose another with CAUSERIE_HOME=<folder>"
            )
        self.root.mkdir(parents=True, exist_ok=True)
        owner = self.known_landing()
        if owner is None:
            write_note(self._landing_note, json.dumps({"landing": str(self.landing)}))
        elif owner != self.landing:
            raise HomeError(
                f"{self.root} holds what was captured from {owner}; for {self.landing} choose "
                "another home with CAUSERIE_HOME=<folder>, or remove this one"
            )

    def secret(self, configured: str | None) -> str:
        """The key of contact hashes: the configured one, else one made once for this home.

        Raises HomeError where the home's records were hashed with another key, since the same
        person would then have two hashes.
        """
        made, used = self.root / "secret", self.root / "secret.fingerprint"
        key = configured or (made.read_text(encoding="utf-8") if made.exists() else None)
        if key is None:
            key = secrets.token_hex(32)
            write_note(made, key, 0o600)
        fingerprint = hashlib.sha256(key.encode()).hexdigest()[:16]
        if not used.exists():
            write_note(used, fingerprint)
        if used.read_text(encoding="utf-8") != fingerprint:
            raise HomeError(
                f"the records in {self.root} were hashed with another CAUSERIE_SECRET; "
                "set it back, or start a new home"
            )
        return key

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the home for one run.

        The lock is the operating system's and ends with the process, however that ends.
        Raises HomeError naming the run that holds it.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        holder = self.root / "run.json"
        try:
            with FileLock(self.root / "run.lock", timeout=0):
                run = {
                    "process": os.getpid(),
                    "command": " ".join(sys.argv)[:200],
                    "since": datetime.now(UTC).isoformat(timespec="seconds"),
                }
                write_note(holder, json.dumps(run))
                yield
                holder.unlink()
        except Timeout:
            raise HomeError(f"another run holds {self.root}: {_described(holder)}") from None


def _described(holder: Path) -> str:
    try:
        run = json.loads(holder.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return "it has just started"  # the lock is taken before its holder is written down
    return f"process {run['process']} ({run['command']}), since {run['since']}"
