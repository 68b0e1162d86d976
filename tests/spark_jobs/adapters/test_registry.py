from __future__ import annotations

import pytest

from spark_jobs.adapters.registry import NAMES, adapter_named
from spark_jobs.tables.bronze import ENTITIES


@pytest.mark.parametrize("name", NAMES)
def test_every_declared_adapter_is_one(name: str) -> None:
    adapter = adapter_named(name)
    assert isinstance(adapter.SPLITTABLE, bool)
    assert set(adapter.TABLES) <= {table.name for table in ENTITIES}
    assert callable(adapter.read)


@pytest.mark.parametrize("name", ["outcomes", "registry", "no_such", "../x", "os"])
def test_nothing_else_is_an_adapter(name: str) -> None:
    with pytest.raises(KeyError, match="x_api_v2"):
        adapter_named(name)
