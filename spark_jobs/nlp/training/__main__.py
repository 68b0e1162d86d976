"""Train every model of the package from the data folder: ``python -m spark_jobs.nlp.training``.

Only training parts are read; validation parts stay unseen, for ``evaluate``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.training import models
from spark_jobs.nlp.training.stacking import save


def main() -> None:
    """Train and write the models; see ``--help``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled data")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(__file__).resolve().parent.parent / "models",
        help="folder for the models",
    )
    parser.add_argument("names", nargs="*", help=f"of {', '.join(models.TRAINERS)}; all if none")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(models.TRAINERS)):
        parser.error(f"no such models: {', '.join(unknown)}")
    encoder = load_encoder()
    readers = {language: FeatureReader(language, encoder) for language in ("en", "fr")}
    for name in arguments.names or models.TRAINERS:
        target = arguments.output / f"{name}.npz"
        save(models.TRAINERS[name](arguments.data, readers), target)
        print(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
