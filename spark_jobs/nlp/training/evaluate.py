"""Print every figure of the annotations and write them as a page of the documentation.

``python -m spark_jobs.nlp.training.evaluate``. The page has no date and no name of a machine, so
that it changes only where a figure does.
"""

from __future__ import annotations

import argparse
from itertools import chain
from pathlib import Path

from spark_jobs.nlp.training.figures import DEMO_FIGURES, FIGURES, Figure

_PAGE = Path("docs/figures-of-annotation.md")
_INTRODUCTION = """# How good the annotations are

Written by `make evaluate`, on public labelled data that stands beside the project, on sentences of
our own and on a generated demo whose truth is known. Each baseline was read in the same run.
Intervals are 95 %, bootstrap over the texts. *Met* is a figure at or above its bar, *in reach* one
whose bar lies within its interval; below that the tests fail. What each model is made of, by label,
and where it is known to fail is in its card, in `spark_jobs/nlp/models/`.

"""
_HEADER = (
    "| annotation | texts | figure | 95 % interval | baseline | bar | |\n"
    "|---|---|---|---|---|---|---|"
)


def row(figure: Figure) -> str:
    """A figure as a row of a Markdown table."""
    verdict = "met" if figure.value >= figure.bar else ("in reach" if figure.is_met else "missed")
    baselines = ((figure.baseline_name, figure.baseline), *figure.others)
    cells = (
        figure.name,
        f"{figure.texts_count:,}",
        f"{figure.value:.3f}",
        f"{figure.low:.3f} to {figure.high:.3f}",
        ", ".join(f"{value:.3f} ({name})" for name, value in baselines),
        f"{figure.bar:.3f}",
        f"{verdict}; {figure.remark}" if figure.remark else verdict,
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure and print; see ``--help``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument("--page", type=Path, default=_PAGE, help="Markdown file for the table")
    arguments = parser.parse_args()
    table = [_HEADER]
    print(_HEADER)  # noqa: T201 - a command
    measured = (figures(arguments.data) for figures in FIGURES)
    on_demo = (figures() for figures in DEMO_FIGURES)
    for figure in chain.from_iterable(chain(measured, on_demo)):
        table.append(row(figure))
        print(table[-1], flush=True)  # noqa: T201 - a command
    page = _INTRODUCTION + "\n".join(table) + "\n"
    arguments.page.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
