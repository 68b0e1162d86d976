"""Print every figure of the annotations: ``python -m spark_jobs.nlp.training.evaluate``."""

from __future__ import annotations

import argparse
from pathlib import Path

from spark_jobs.nlp.training.figures import FIGURES, Figure

_HEADER = (
    "| annotation | texts | figure | 95 % interval | baseline | bar | |\n"
    "|---|---|---|---|---|---|---|"
)


def row(figure: Figure) -> str:
    """A figure as a row of a Markdown table."""
    verdict = "met" if figure.value >= figure.bar else ("in reach" if figure.is_met else "missed")
    cells = (
        figure.name,
        f"{figure.texts_count:,}",
        f"{figure.value:.3f}",
        f"{figure.low:.3f} to {figure.high:.3f}",
        f"{figure.baseline:.3f} ({figure.baseline_name})",
        f"{figure.bar:.3f}",
        f"{verdict}; {figure.remark}" if figure.remark else verdict,
    )
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Measure and print; see ``--help``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument("--page", type=Path, help="Markdown file to write the table to as well")
    arguments = parser.parse_args()
    table = [_HEADER]
    print(_HEADER)  # noqa: T201 - a command
    for figures in FIGURES:
        for figure in figures(arguments.data):
            table.append(row(figure))
            print(table[-1], flush=True)  # noqa: T201 - a command
    if arguments.page:
        arguments.page.write_text("\n".join(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
