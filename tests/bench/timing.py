"""How a measurement is taken: contender and baseline in turn, medians, and their ratio.

On a machine that others use, the ratio of processor time says more than that of time.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.processes import processor_seconds


@dataclass(frozen=True)
class Comparison:
    """Two ways of doing the same, in rows a second; the ratio is contender over baseline."""

    name: str
    baseline: str
    rows: int
    contender_seconds: float
    baseline_seconds: float
    processor_ratio: float | None = None

    @property
    def ratio(self) -> float:
        return self.baseline_seconds / self.contender_seconds

    def row(self) -> tuple[object, ...]:
        return (
            self.name,
            self.baseline,
            self.rows,
            round(self.rows / self.contender_seconds),
            round(self.rows / self.baseline_seconds),
            self.ratio,
            self.processor_ratio,
        )


HEADERS = ("measured", "baseline", "rows", "rows/s", "baseline rows/s", "ratio", "of processor")


def compare(
    name: str,
    contender: Callable[[int], None],
    baseline_name: str,
    baseline: Callable[[int], None],
    rows: int,
    repeats: int,
) -> Comparison:
    """Run both in turn, each with the number of the repeat; one warm-up round is not counted."""
    seconds: tuple[list[float], list[float]] = ([], [])
    processor: tuple[list[float], list[float]] = ([], [])
    for repeat in range(repeats + 1):
        for side, run in enumerate((contender, baseline)):
            began, used = time.perf_counter(), processor_seconds()
            run(repeat)
            if repeat:
                seconds[side].append(time.perf_counter() - began)
                processor[side].append(processor_seconds() - used)
    ours, theirs = (statistics.median(each) for each in processor)
    medians = [statistics.median(each) for each in seconds]
    return Comparison(name, baseline_name, rows, *medians, theirs / ours)


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """How long ``run`` takes, the middle of so many times."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
