"""Train every model of the package from the data folder: ``python -m spark_jobs.nlp.training``.

Only training parts are read; validation parts stay unseen, for ``evaluate``. Sums of products
differ in their last bits with the number of threads that share them, so training uses one: the
same data then give the same files on a machine of any size.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator
from pathlib import Path

from threadpoolctl import threadpool_limits

from spark_jobs.nlp.features import FeatureReader, load_encoder
from spark_jobs.nlp.training import models, recognising

NAMES = "names_en"


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
    parser.add_argument(
        "names", nargs="*", help=f"of {', '.join([*models.TRAINERS, NAMES])}; all if none"
    )
    arguments = parser.parse_args()
    known = {*models.TRAINERS, NAMES}
    if unknown := sorted(set(arguments.names) - known):
        parser.error(f"no such models: {', '.join(unknown)}")
    with threadpool_limits(limits=1):
        for target in train(arguments.data, arguments.output, arguments.names or known):
            size = target.stat().st_size / 1e6
            print(f"{target.name}: {size:.1f} MB")  # noqa: T201 - a command


def train(data: Path, output: Path, names: Collection[str]) -> Iterator[Path]:
    """Train models of ``models.TRAINERS`` and ``NAMES`` one after the other; the file of each."""
    if NAMES in names:
        target = output / f"{NAMES}.crfsuite"
        recognising.train(data, target)
        yield target
    encoder = load_encoder()
    readers = {language: FeatureReader(language, encoder) for language in ("en", "fr")}
    for name in (name for name in models.TRAINERS if name in names):
        target = output / f"{name}.npz"
        models.save(models.TRAINERS[name](data, readers), target)
        yield target


if __name__ == "__main__":
    main()
