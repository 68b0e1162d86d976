"""How the tests of adapters read bytes and check what comes out."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pyarrow as pa
import pytest

from spark_jobs.adapters.outcomes import Accepted, Outcome, Passage, one_by_one
from spark_jobs.adapters.registry import adapter_named
from spark_jobs.sources import Source
from spark_jobs.tables.bronze import ENTITIES

ReadAll = Callable[..., list[Outcome]]
CONTACT_POINTS_WITHOUT_COLUMN = {"orders": {"phone"}}
"""Values that capture turns into a key and bronze does not keep."""


@pytest.fixture(scope="session")
def read_all() -> ReadAll:
    """Reads bytes (or lines of text) with an adapter, as one file or from a later line."""

    def read(
        adapter: str,
        content: bytes | str | Sequence[str],
        time_zone: str = "UTC",
        first_line: int = 1,
        file: str = "",
    ) -> list[Outcome]:
        if not isinstance(content, bytes | str):
            content = "\n".join(content) + "\n"
        if isinstance(content, str):
            content = content.encode()
        source = Source.model_validate(
            {
                "name": "tested",
                "adapter": adapter,
                "glob": "*",
                "channel": "medium",
                "time_zone": time_zone,
            }
        )
        passage = Passage(file, first_line)
        return list(one_by_one(adapter_named(adapter).read(io.BytesIO(content), source, passage)))

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
