"""What is measured on labelled data must not fall below its bar by more than chance allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spark_jobs.nlp.training.evaluate import row
from spark_jobs.nlp.training.figures import FIGURES, Figure
from spark_jobs.nlp.training.figures.moderation import spam_figures


def quick_spam_figures(folder: Path) -> Iterator[Figure]:
    """One of five fifths and one of five videos: `make evaluate` measures them all."""
    return spam_figures(folder, parts_count=1)


QUICK = [quick_spam_figures if each is spam_figures else each for each in FIGURES]


@pytest.mark.parametrize("figures", QUICK, ids=lambda figures: figures.__name__)
def test_every_figure_meets_its_bar(
    figures: Callable[[Path], Iterator[Figure]], shared_data: Path
) -> None:
    measured = list(figures(shared_data))
    assert measured
    assert [row(figure) for figure in measured if not figure.is_met] == []


def test_trained_models_beat_their_baselines(shared_data: Path) -> None:
    trained = [
        figure
        for figures in FIGURES
        # Spam has its baseline on other terms: TF-IDF that is told where a text stands.
        if figures.__name__ not in ("language_figures", "spam_figures")
        for figure in figures(shared_data)
    ]
    assert all(figure.low > figure.baseline for figure in trained)


@pytest.mark.parametrize(
    ("value", "high", "verdict"), [(0.7, 0.8, "met"), (0.6, 0.7, "in reach"), (0.5, 0.6, "missed")]
)
def test_a_row_says_whether_the_bar_is_met(value: float, high: float, verdict: str) -> None:
    figure = Figure("x", 10, value, 0.4, high, "none", 0.1, bar=0.65)
    assert row(figure).endswith(f"| {verdict} |")
    assert figure.is_met == (verdict != "missed")


def test_a_row_names_every_baseline() -> None:
    figure = Figure("x", 10, 0.7, 0.4, 0.8, "one", 0.1, 0.65, others=(("another", 0.2),))
    assert "| 0.100 (one), 0.200 (another) |" in row(figure)
