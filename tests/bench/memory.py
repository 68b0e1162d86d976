"""The most memory that this process and all those it started use at one time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

INTERVAL_SECONDS = 0.2


class Peak:
    """What was measured; pages that processes share are counted once."""

    def __init__(self) -> None:
        self.megabytes = 0.0

    def look(self) -> None:
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        self.megabytes = max(self.megabytes, sum(map(_proportional, processes)) / 2**20)


def _proportional(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has just ended
        return 0


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
