"""This process and all those it started: what Spark's driver, JVM and workers use together."""

from __future__ import annotations

from collections.abc import Callable

import psutil


def summed(measure: Callable[[psutil.Process], float]) -> float:
    """The sum of a measure; a process that has just ended counts nothing."""
    total = 0.0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            total += measure(process)
        except psutil.Error:
            continue
    return total


def processor_seconds() -> float:
    """Seconds of processor time so far, also of processes that have ended and were waited for."""
    return summed(lambda process: sum(process.cpu_times()[:4]))


def megabytes() -> float:
    """Memory in use now; pages that processes share are counted once."""
    return summed(lambda process: process.memory_full_info().pss) / 2**20
