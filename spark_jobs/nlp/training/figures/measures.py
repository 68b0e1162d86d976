"""What every measurement shares: a figure with its 95 % interval, and how it is scored.

Intervals are bootstrap percentiles over the texts, seeded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

RESAMPLES = 1_000
Truth = npt.NDArray[np.int64]
Measure = Callable[[Truth, Truth], float]
Sets = Sequence[Collection[object]]
"""Of each text, the things that are told of it or found in it, each once."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number, its 95 % interval, and what it is held against."""

    name: str
    texts_count: int
    value: float
    low: float
    high: float
    baseline_name: str
    baseline: float
    bar: float
    remark: str = ""
    others: tuple[tuple[str, float], ...] = ()
    """Further baselines read in the same run, by name."""

    @property
    def is_met(self) -> bool:
        """Whether the bar lies in or below the interval: misses by chance are no misses."""
        return self.high >= self.bar


def macro_f1(truth: Truth, found: Truth) -> float:
    """Mean over labels of the F1 of each."""
    return float(f1_score(truth, found, average="macro"))


def accuracy(truth: Truth, found: Truth) -> float:
    """Share of right answers."""
    return float(np.mean(truth == found))


def f1(truth: Truth, found: Truth) -> float:
    """F1 of label 1 against label 0, of all cells of rows with several; 0 with nothing right."""
    right = int(np.sum((truth == 1) & (found == 1)))
    return 2 * right / max(1, int(np.sum(truth == 1)) + int(np.sum(found == 1)))


def detected(
    name: str,
    truth: Truth,
    found: Truth,
    baseline: tuple[str, Truth],
    bar: float,
    remark: str = "",
    others: Sequence[tuple[str, Truth]] = (),
) -> Figure:
    """F1 of finding label 1, against the baselines'; each is its name and labels."""
    low, high = interval(f1, truth, found)
    value, alone = f1(truth, found), f1(truth, baseline[1])
    beside = tuple((other, f1(truth, labels)) for other, labels in others)
    return Figure(name, len(truth), value, low, high, baseline[0], alone, bar, remark, beside)


def shares(
    name: str,
    right: npt.NDArray[np.bool_],
    baseline: tuple[str, npt.NDArray[np.float64] | npt.NDArray[np.bool_]],
    bar: float,
    remark: str = "",
) -> Figure:
    """A share of right answers, against the baseline's; ``baseline`` is its name and answers."""
    truth = np.ones(len(right), dtype=np.int64)
    low, high = interval(accuracy, truth, right.astype(np.int64))
    value, alone = float(right.mean()), float(baseline[1].mean())
    return Figure(name, len(right), value, low, high, baseline[0], alone, bar, remark)


def scored(
    name: str, truth: Truth, found: Truth, baseline: tuple[str, Truth], bar: float
) -> Figure:
    """Macro-F1 of labels, against the baseline's; ``baseline`` is its name and labels."""
    low, high = interval(macro_f1, truth, found)
    value, alone = macro_f1(truth, found), macro_f1(truth, baseline[1])
    return Figure(name, len(truth), value, low, high, baseline[0], alone, bar)


def interval(measure: Measure, truth: Truth, found: Truth) -> tuple[float, float]:
    """The 95 % interval of a measure of found labels against the truth."""
    random = np.random.default_rng(0)
    values: Sequence[float] = [
        measure(truth[drawn], found[drawn])
        for drawn in (random.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES))
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def named(
    name: str,
    told: Sets,
    found: Sets,
    baseline: tuple[str, Sets],
    bar: float | None = None,
    remark: str = "",
) -> Figure:
    """Micro-F1 of things found in texts; ``baseline`` is its name and what it finds.

    Without a bar, the baseline is the bar, and the remark begins with how surely it is beaten.
    """
    counts, alone = tallies(told, found), tallies(told, baseline[1])
    random = np.random.default_rng(0)
    draws = [random.integers(0, len(counts), len(counts)) for _ in range(RESAMPLES)]
    values = [f1_of(counts[drawn]) for drawn in draws]
    low, high = np.percentile(values, [2.5, 97.5])
    if bar is None:
        better = np.mean(
            [value > f1_of(alone[drawn]) for value, drawn in zip(values, draws, strict=True)]
        )
        bar, remark = f1_of(alone), f"above {baseline[0]} in {better:.1%} of resamples; {remark}"
    return Figure(
        name,
        len(counts),
        f1_of(counts),
        float(low),
        float(high),
        baseline[0],
        f1_of(alone),
        bar,
        remark,
    )


def tallies(told: Sets, found: Sets) -> Truth:
    """Things right, found and told of each text, one row each."""
    return np.array(
        [
            (len(set(one) & set(other)), len(other), len(one))
            for one, other in zip(told, found, strict=True)
        ]
    )


def f1_of(counts: Truth) -> float:
    """F1 of all texts' tallies together; 0 with nothing right."""
    right, found, told = counts.sum(axis=0)
    return float(2 * right / max(found + told, 1))
