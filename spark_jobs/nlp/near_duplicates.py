"""Bands of a text by which near copies of it are found: MinHash over word triples.

Copies that differ in links, handles, hashtags, numbers, case or accents have the same bands; of
two texts with Jaccard likeness s over their word triples, each band agrees with probability s^4
(Broder 1997, "On the resemblance and containment of documents"; bands as in Leskovec, Rajaraman
and Ullman, "Mining of Massive Datasets", 3.4). Who copied whom is found where posts are known.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

import numpy as np
import numpy.typing as npt

from spark_jobs.nlp.links import LINK

VERSION = "1"
LEAST_WORDS = 8
"""Shorter texts are alike by chance: thanks, greetings, one-line answers."""
BANDS = 16
ROWS = 4
"""Hashes that must agree for a band to agree."""
LONGEST = 5_000
"""Characters that are compared."""
_PRIME = (1 << 31) - 1
_REMOVED = re.compile(LINK + r"|<\w{1,10}>|[@#]\w++")
_WORD = re.compile(r"[^\W\d_]++")


def words_of(text: str) -> list[str]:
    """The words of a masked text that its near copies share, in their order."""
    plain = unicodedata.normalize("NFKD", _REMOVED.sub(" ", text[:LONGEST]).casefold())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def bands(text: str) -> list[str] | None:
    """``BANDS`` names of 8 hexadecimal digits and a number; null for a text that is too short."""
    words = words_of(text)
    if len(words) < LEAST_WORDS:
        return None
    triples = {" ".join(words[index : index + 3]) for index in range(len(words) - 2)}
    hashes = np.array([zlib.crc32(triple.encode()) for triple in triples], dtype=np.uint64)
    lowest = ((np.outer(_FACTORS, hashes % _PRIME) + _SHIFTS[:, None]) % _PRIME).min(axis=1)
    return [
        f"{number}-{zlib.crc32(row.tobytes()):08x}"
        for number, row in enumerate(lowest.reshape(BANDS, ROWS))
    ]


def _numbers(seed: int) -> npt.NDArray[np.uint64]:
    random = np.random.Generator(np.random.PCG64(seed))
    return random.integers(1, _PRIME, BANDS * ROWS, dtype=np.uint64)


# Products of two numbers under 2^31 fit into 64 bits.
_FACTORS, _SHIFTS = _numbers(1), _numbers(2)
