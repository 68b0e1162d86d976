"""Training of the names field: spaCy's own findings and the words, on tweets with gold names.

L-BFGS from zero over sentences in the order of the file: the same data give the same model, bit
for bit. The penalties were chosen by cross-validation over thirds of the training sentences.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pycrfsuite
from spacy.language import Language
from spacy.tokens import Doc

from spark_jobs.nlp.components import PACKAGES, UNUSED
from spark_jobs.nlp.recogniser import features
from spark_jobs.nlp.training import data

PENALTIES = {"c1": 0.05, "c2": 0.5}
ITERATIONS = 150


def train(folder: Path, target: Path) -> None:
    """Train the English field on the training sentences and write it to ``target``."""
    sentences = data.names(folder, "train")
    trainer = pycrfsuite.Trainer(
        algorithm="lbfgs",
        verbose=False,
        params={
            **PENALTIES,
            "max_iterations": ITERATIONS,
            "feature.possible_transitions": True,
        },
    )
    for document, (_, tags) in zip(
        recognised([words for words, _ in sentences]), sentences, strict=True
    ):
        trainer.append(features(document), tags)
    trainer.train(str(target))


def recognised(sentences: list[list[str]]) -> list[Doc]:
    """Tokenised English sentences with the entities that spaCy's model finds."""
    nlp: Language = import_module(PACKAGES["en"][0]).load(exclude=UNUSED)
    return list(nlp.pipe(Doc(nlp.vocab, words=words) for words in sentences))
