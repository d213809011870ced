"""The name in a list that a text most likely means: spelling first, then slips; branches and numbers must agree."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.dedupe import name_parts
from addin.crm.text import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How a name was found, surest first. Ids ``match.reason.<name>``.
REASONS = ("same", "form", "descriptor", "alike", "none")
#: The least likeness of two spellings, in per cent of their letters: below it they are two names.
LEAST = 75.0
_SAME, _FORM, _DESCRIPTOR, _ALIKE = 100.0, 98.0, 95.0, 0.9


class Match(NamedTuple):
    """The name found (None where none is like it), how sure in per cent, and by which of `REASONS`."""

    name: str | None
    score: float
    reason: str


class Names:
    """A list of names to look in, read once for many texts; of names alike the first stands.

    >>> names = Names(["㈜한빛 인테리어", "샛별부동산 강남점", "샛별부동산 서초점"])
    >>> names.best("한빛인테리어")
    Match(name='㈜한빛 인테리어', score=98.0, reason='form')
    >>> names.best("샛별부동산 서초점").reason, names.best("샛별 부동산 잠실점").name is None
    ('same', True)
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._exact: dict[str, str] = {}
        self._core: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        self._letters: dict[tuple[str, ...], dict[str, str]] = defaultdict(dict)
        for name in names:
            core, plain, marks = name_parts(name)
            self._exact.setdefault(tidy(name), name)
            self._core.setdefault(core, name)
            self._plain.setdefault(plain, name)
            self._letters[marks].setdefault(_letters(plain), name)
        self._known: dict[str, Match] = {}

    def best(self, text: str) -> Match:
        """The name that is most like a text."""
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def _find(self, text: str) -> Match:
        exact = tidy(text)
        if exact in self._exact:
            return Match(self._exact[exact], _SAME, "same")
        core, plain, marks = name_parts(text)
        if core in self._core:
            return Match(self._core[core], _FORM, "form")
        if plain in self._plain:
            return Match(self._plain[plain], _DESCRIPTOR, "descriptor")
        there = self._letters.get(marks)
        if there:
            from rapidfuzz import fuzz, process

            found = process.extractOne(_letters(plain), there.keys(), scorer=fuzz.ratio, score_cutoff=LEAST)
            if found is not None:
                return Match(there[found[0]], round(found[1] * _ALIKE, 1), "alike")
        return Match(None, 0.0, "none")


def _letters(text: str) -> str:
    """A Korean syllable is two or three letters: a slip is one of them."""
    return unicodedata.normalize("NFD", text)
