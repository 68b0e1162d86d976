from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spark_jobs.nlp import stacked
from spark_jobs.nlp.features import FeatureReader, load_encoder, readable
from spark_jobs.nlp.training.models import TRAINERS, save
from spark_jobs.nlp.training.stacking import Examples, fit

LARGEST = 5_000_000
GOOD = ["the box works well", "great service today", "lovely shop", "happy with it", "so good"]
BAD = ["the box is broken", "awful service today", "dirty shop", "angry with it", "so bad"]
MEMBERS = ("hashed", "lexicon", "encoded")


@pytest.fixture(scope="module")
def reader() -> FeatureReader:
    return FeatureReader("en", load_encoder())


def examples(reader: FeatureReader) -> Examples:
    return Examples(reader.read(GOOD + BAD), np.array([1] * len(GOOD) + [0] * len(BAD)))


def test_the_same_data_give_the_same_file_and_it_learns_them(
    reader: FeatureReader, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        save(fit(examples(reader), ("bad", "good"), MEMBERS), tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()

    model = fit(examples(reader), ("bad", "good"), MEMBERS)
    probabilities = model.probabilities(reader.read(GOOD + BAD))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert list(probabilities.argmax(axis=1)) == [1] * len(GOOD) + [0] * len(BAD)


@pytest.mark.parametrize("name", TRAINERS)
def test_shipped_models_are_small_and_have_a_card(name: str, reader: FeatureReader) -> None:
    folder = Path(stacked.__file__).parent / "models"
    assert (folder / f"{name}.npz").stat().st_size <= LARGEST
    assert "## Known failures" in (folder / f"{name}.md").read_text()
    if "members" not in stacked.read_arrays(name):
        pytest.skip("not a stacked model; it has tests of its own")
    model = stacked.load(name)
    texts = ["I am so happy today!", "", "😀" * 2_000, "a" * 20_000]
    probabilities = model.probabilities(reader.read(texts))
    assert probabilities.shape == (len(texts), len(model.labels))
    assert np.isfinite(probabilities).all()
    assert model.probabilities(reader.read([])).shape == (0, len(model.labels))


def test_a_model_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.npz"):
        stacked.load("nowhere")


def test_people_and_links_lose_their_names() -> None:
    assert readable("<handle> @zoe https://t.co/a?b=1 fish &amp; chips") == (
        "@user @user http fish & chips"
    )
