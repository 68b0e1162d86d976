"""How the tests of adapters read bytes and check what comes out."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.sources import SHIPPED_SOURCES, Source, read_sources
from spark_jobs.tables.bronze import ENTITIES

SHIPPED = {source.name: source for source in read_sources(SHIPPED_SOURCES).sources}


def source_of(
    name: str, time_zone: str = "UTC", mapping: dict[str, Any] | None = None, glob: str = "*"
) -> Source:
    """A source of that adapter, or like the one of that name that ships."""
    shipped = SHIPPED.get(name)
    if shipped is not None and shipped.adapter == "mapping":
        return shipped.model_copy(update={"channel": "medium", "time_zone": time_zone})
    return Source.model_validate(
        {
            "name": "tested",
            "adapter": name,
            "glob": glob,
            "channel": "medium",
            "time_zone": time_zone,
            "mapping": mapping,
        }
    )


ReadAll = Callable[..., list[Outcome]]
CONTACT_POINTS_WITHOUT_COLUMN = {"orders": {"phone"}, "surveys": {"phone"}}
"""Values that capture turns into a key and bronze does not keep."""


@pytest.fixture(scope="session")
def read_all() -> ReadAll:
    """Reads bytes (or lines of text) as one file or from a later line.

    By an adapter, by a mapping, or as the source of that name that ships reads them.
    """

    def read(
        name: str,
        content: bytes | str | Sequence[str],
        time_zone: str = "UTC",
        first_line: int = 1,
        file: str = "",
        mapping: dict[str, Any] | None = None,
        glob: str = "*",
    ) -> list[Outcome]:
        if not isinstance(content, bytes | str):
            content = "\n".join(content) + "\n"
        if isinstance(content, str):
            content = content.encode()
        source = source_of(name, time_zone, mapping, glob)
        passage = Passage(file, first_line)
        adapter = adapter_named(source.adapter)
        return list(one_by_one(adapter.read(io.BytesIO(content), source, passage)))

    return read


@pytest.fixture(scope="session")
def assert_conform() -> Callable[[list[Outcome]], None]:
    """Checks that accepted values have declared names and types and every required column."""

    def check(outcomes: list[Outcome]) -> None:
        for table in ENTITIES:
            rows = [
                outcome.values
                for outcome in outcomes
                if isinstance(outcome, Accepted) and outcome.table == table.name
            ]
            types = {column.name: column.type for column in table.columns}
            also = CONTACT_POINTS_WITHOUT_COLUMN.get(table.name, set())
            for row in rows:
                assert set(row) - also <= set(table.hashed)
                assert all(
                    row.get(column.name) is not None
                    for column in table.columns
                    if column.required and column.name in table.hashed
                )
            for name in table.hashed:
                pa.array([row.get(name) for row in rows], type=types[name])

    return check
