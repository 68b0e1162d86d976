"""Letters without accents and capitals, one for one, so that offsets stay."""

from __future__ import annotations

import unicodedata


class _Folding(dict[int, str]):
    """Each character to its lower-case base letter."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        base = unicodedata.normalize("NFD", character)[:1].lower()
        self[code] = base if len(base) == 1 else character
        return self[code]


_FOLDING = _Folding({ord("’"): "'", ord("ʼ"): "'"})


def fold(text: str) -> str:
    """``text`` without accents and capitals, as many characters as before."""
    return text.translate(_FOLDING)
