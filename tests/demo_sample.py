"""A generated demo as tests read it: where its files are, and its truth as rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.demo_dumps.generate import Summary
from spark_jobs.sources import Sources, read_sources


@dataclass(frozen=True)
class Demo:
    landing: Path
    truth: Path
    summary: Summary

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.truth / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    @cached_property
    def told(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(
            (self.truth / "summary.json").read_text(encoding="utf-8")
        )
        return content

    @cached_property
    def sources(self) -> Sources:
        return read_sources(self.landing / "sources.yaml")

    def outcomes(self, source_name: str) -> Iterator[tuple[str, Outcome]]:
        """What the source's adapter makes of each of its files, in the order of names."""
        source = self.sources.named(source_name)
        adapter = adapter_named(source.adapter)
        for path in sorted(self.landing.glob(source.glob)):
            with path.open("rb") as stream:
                for outcome in one_by_one(adapter.read(stream, source, Passage())):
                    yield str(path.relative_to(self.landing)), outcome

    def accepted(self, source_name: str, table: str) -> list[dict[str, Any]]:
        """Canonical values of all accepted records of one table, duplicates included."""
        return [
            outcome.values
            for _, outcome in self.outcomes(source_name)
            if isinstance(outcome, Accepted) and outcome.table == table
        ]
