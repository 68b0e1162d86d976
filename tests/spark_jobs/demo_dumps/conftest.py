"""One demo of the default size, written once for all tests that read it."""

from __future__ import annotations

import pytest
from demo_sample import Demo

from spark_jobs.demo_dumps.generate import generate


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    summary = generate(folder / "landing", folder / "truth", posts=15_000, seed=7)
    return Demo(folder / "landing", folder / "truth", summary)
