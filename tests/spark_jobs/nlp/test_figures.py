"""What is measured on labelled data must not fall below its bar by more than chance allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from spark_jobs.nlp.training.evaluate import row
from spark_jobs.nlp.training.figures import DEMO_FIGURES, FIGURES, Figure
from spark_jobs.nlp.training.figures.catalogue import catalogue_figures
from spark_jobs.nlp.training.figures.feelings import emotion_figures
from spark_jobs.nlp.training.figures.language import language_figures
from spark_jobs.nlp.training.figures.moderation import spam_figures

MEASURED_IN_PART = (emotion_figures, spam_figures)
"""Those that train a model for each part of the data: `make evaluate` measures all parts."""
# Of languages, lingua and py3langid are each right where they are asked; spam is measured against
# TF-IDF that is told where a text stands, which silver is not; a name's letters alone miss nothing.
NOT_ABOVE_THEIR_BASELINE = (language_figures, spam_figures, catalogue_figures)


@cache
def measured(figures: Callable[..., Iterator[Figure]], folder: Path) -> tuple[Figure, ...]:
    options = {"is_quick": True} if figures in MEASURED_IN_PART else {}
    return tuple(figures(folder, **options))


@pytest.mark.parametrize("figures", FIGURES, ids=lambda figures: figures.__name__)
def test_every_figure_meets_its_bar(
    figures: Callable[..., Iterator[Figure]], shared_data: Path
) -> None:
    found = measured(figures, shared_data)
    assert found
    assert [row(figure) for figure in found if not figure.is_met] == []


@pytest.mark.parametrize(
    "figures",
    [each for each in FIGURES if each not in NOT_ABOVE_THEIR_BASELINE],
    ids=lambda figures: figures.__name__,
)
def test_trained_models_beat_their_baselines(
    figures: Callable[..., Iterator[Figure]], shared_data: Path
) -> None:
    found = measured(figures, shared_data)
    assert [row(figure) for figure in found if figure.low <= figure.baseline] == []


@pytest.mark.parametrize("figures", DEMO_FIGURES, ids=lambda figures: figures.__name__)
def test_every_figure_on_a_demo_meets_its_bar(
    figures: Callable[[], Iterator[Figure]],
) -> None:
    found = list(figures())
    assert found
    assert [row(figure) for figure in found if not figure.is_met] == []
    if figures not in NOT_ABOVE_THEIR_BASELINE:
        assert [row(figure) for figure in found if figure.low <= figure.baseline] == []


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
