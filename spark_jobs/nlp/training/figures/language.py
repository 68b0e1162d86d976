"""How good the language of a text is; the thresholds were chosen on the same sets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from spark_jobs.nlp.language import UNKNOWN, Identifier
from spark_jobs.nlp.training import data
from spark_jobs.nlp.training.figures.measures import Figure, shares


def language_figures(folder: Path) -> Iterator[Figure]:
    """Language of sentences, word pairs and tweets, against py3langid or lingua alone."""
    identifier = Identifier()
    remark = "thresholds were chosen on this set"
    for language in ("en", "fr"):
        sentences = data.lines(folder / "language_id" / "sentences" / f"{language}.txt")
        pairs = data.lines(folder / "language_id" / "word-pairs" / f"{language}.txt")
        tweets = data.sentiment(folder, language, "train")[0]
        for name, texts, bar in (("sentences", sentences, 0.995), ("tweets", tweets, 0.993)):
            right = np.array([identifier.identify(text).language == language for text in texts])
            alone = np.array([identifier.alone("py3langid", text) == language for text in texts])
            yield shares(f"language, {name}, {language}", right, ("py3langid", alone), bar, remark)
        answers = [identifier.identify(text).language for text in pairs]
        answered = np.array([answer != UNKNOWN for answer in answers])
        right = np.array([answer == language for answer in answers if answer != UNKNOWN])
        alone = np.array([identifier.alone("lingua", text) == language for text in pairs])
        always = np.ones(len(pairs))
        name = f"language, word pairs, {language}"
        yield shares(f"{name}: answered", answered, ("lingua", always), 0.80, remark)
        yield shares(f"{name}: right of those", right, ("lingua", alone), 0.97, remark)
