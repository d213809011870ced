"""Misspelt header words, by the letters (jamo) of Korean syllables."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from addin.crm.lexicon import WEAK, fields_by_word

CUT = 85.0
_SHORTEST_KO, _SHORTEST_EN = 3, 6


@cache
def _spellings() -> dict[str, str]:
    """Jamo of every word long enough to be misspelt → the word. General words (날짜) are left out."""
    words = (w for w, named in fields_by_word().items() if max(s for _, _, s in named) > WEAK and _long(w))
    return {unicodedata.normalize("NFD", w): w for w in words}


@lru_cache(maxsize=2048)
def misspelt(key: str) -> tuple[tuple[str, float], ...]:
    """Words a header key may be a typing slip of: (word, likeness in %), best first.

    Likeness is `rapidfuzz.fuzz.ratio` on jamo, at least 85. A word with something added (서비스비) is another
    word and no slip, and digits must agree.

    >>> misspelt("접숙일시")[0][0], misspelt("서비스비"), misspelt("비고2")
    ('접수일시', (), ())
    """
    if not _long(key):
        return ()
    from rapidfuzz import fuzz, process

    jamo = unicodedata.normalize("NFD", key)
    spellings = _spellings()
    found = process.extract(jamo, list(spellings), scorer=fuzz.ratio, score_cutoff=CUT, limit=8)
    words = ((spellings[near], float(ratio)) for near, ratio, _ in found)
    return tuple((w, r) for w, r in words if not _extended(key, w) and _digits(key) == _digits(w))


def _long(key: str) -> bool:
    return len(key) >= (_SHORTEST_EN if key.isascii() else _SHORTEST_KO)


def _extended(key: str, word: str) -> bool:
    return key.startswith(word) or word.startswith(key) or key.endswith(word) or word.endswith(key)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
