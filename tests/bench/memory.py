"""The most memory that this process and all those it started use at one time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.processes import megabytes

INTERVAL_SECONDS = 0.2


class Peak:
    """What was measured."""

    def __init__(self) -> None:
        self.megabytes = 0.0

    def look(self) -> None:
        self.megabytes = max(self.megabytes, megabytes())


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Look again and again until the block ends."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(INTERVAL_SECONDS):
            peak.look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()
