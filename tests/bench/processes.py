"""This process and all those it started: what Spark's driver, JVM and workers use together."""

from __future__ import annotations

from collections.abc import Iterator

import psutil

_SECONDS: dict[psutil.Process, float] = {}
"""Processor time of each process when it was last looked at: Spark ends idle workers."""


def processor_seconds() -> float:
    """Seconds of processor time so far, also of processes that have ended since the last look."""
    for process in _processes():
        try:
            times = process.cpu_times()
        except psutil.Error:  # it has just ended
            continue
        _SECONDS[process] = times.user + times.system
    return sum(_SECONDS.values())


def megabytes() -> float:
    """Memory in use now; pages that processes share are counted once."""
    total = 0.0
    for process in _processes():
        try:
            total += process.memory_full_info().pss / 2**20
        except psutil.Error:  # it has just ended
            continue
    return total


def _processes() -> Iterator[psutil.Process]:
    yield psutil.Process()
    yield from psutil.Process().children(recursive=True)
