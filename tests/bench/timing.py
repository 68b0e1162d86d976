"""How a measurement is taken: contender and baseline in turn, medians, and their ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """Two ways of doing the same, in rows a second; the ratio is contender over baseline."""

    name: str
    baseline: str
    rows: int
    contender_seconds: float
    baseline_seconds: float

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
        )


HEADERS = ("measured", "baseline", "rows", "rows/s", "baseline rows/s", "ratio")


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
    for repeat in range(repeats + 1):
        for kept, run in zip(seconds, (contender, baseline), strict=True):
            began = time.perf_counter()
            run(repeat)
            if repeat:
                kept.append(time.perf_counter() - began)
    medians = [statistics.median(kept) for kept in seconds]
    return Comparison(name, baseline_name, rows, *medians)


def median_seconds(run: Callable[[], object], repeats: int) -> float:
    """How long ``run`` takes, the middle of so many times."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)
