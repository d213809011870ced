"""A column of words: one spelling each, and unknown words with the nearest known one as a proposal.

Spellings that differ only in case, spaces or width are one word; the most frequent spelling stands
(`Google`/`google`). Anything further apart is only ever proposed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.reading import Reading, wrong
from addin.crm.text import spelling_key
from addin.crm.values import parse_category
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from addin.crm.fault import Fault

#: A word the lists don't know, used this often without looking like a typo, is the team's own: said once, not per cell.
OWN_WORD_CELLS = 5
#: More different words than this is free text, where near spellings mean nothing.
_MOST_WORDS = 200


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate one typing slip away: jamo similarity of at least 85, or one wrong jamo in a short word.

    Numbers must agree: 1단지 is no slip for 2단지.

    >>> nearest("계약완려", ["접수", "계약완료"]), nearest("수쥬", ["수주"]), nearest("2단지", ["1단지"])
    ('계약완료', '수주', None)
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    jamo = unicodedata.normalize("NFD", spelling_key(word))
    digits = [c for c in jamo if c.isdigit()]
    best: tuple[float, str] | None = None
    for candidate in candidates:
        other = unicodedata.normalize("NFD", spelling_key(candidate))
        if other == jamo or [c for c in other if c.isdigit()] != digits or _negated(jamo, other):
            continue
        score = fuzz.ratio(jamo, other)
        slip = min(len(jamo), len(other)) >= 4 and Levenshtein.distance(jamo, other, score_cutoff=1) <= 1
        if (score >= 85 or slip) and (best is None or score > best[0]):
            best = (score, candidate)
    return best[1] if best else None


def _negated(one: str, other: str) -> bool:
    """One word is the other with something before it: Contacted, Not Contacted; 계약, 미계약."""
    return abs(len(one) - len(other)) > 1 and (one.endswith(other) or other.endswith(one))


class Readings(NamedTuple):
    """The different cells of a column read: each one's reading and key, what is doubted, and how often keys stand."""

    readings: dict[Any, Reading[str]]
    keys: dict[Any, str]
    doubts: Mapping[str, str | None]
    totals: Counter[str]


def category_readings(counts: Mapping[Any, int], known: Sequence[str] = ()) -> Readings:
    """Every different cell of a column read, from how often each stands there; in the order they come.

    >>> category_readings({"Google": 2, "google": 1}).readings["google"].value
    'Google'
    """
    readings: dict[Any, Reading[str]] = {}
    keys: dict[Any, str] = {}
    used: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for cell, count in counts.items():
        reading = readings[cell] = parse_category(_raw(cell))
        if reading.value is not None:
            keys[cell] = spelling_key(reading.value)
            used[reading.value] += count
            totals[keys[cell]] += count
    canonical: dict[str, str] = {}
    for cell, key in keys.items():
        text = readings[cell].value or ""
        if used[text] > used[canonical.get(key, "")]:
            canonical[key] = text
    doubts = _doubts(canonical, totals, known)
    for cell, key in keys.items():
        if key in doubts:
            readings[cell] = _doubted(_raw(cell), canonical[key], doubts[key], totals[key])
        elif readings[cell].value != canonical[key]:
            readings[cell] = parse_category(_raw(cell), canonical[key])
    return Readings(readings, keys, doubts, totals)


def read_categories(
    values: Sequence[object], known: Sequence[str] = ()
) -> tuple[list[str | None], list[tuple[int, Fault]]]:
    """Every cell's word in its column's spelling, and the faults with their indexes.

    ``known`` are the words that have a meaning (stages); without it only rare near-doubles of frequent
    words are doubted. A doubted word keeps its text.

    >>> read_categories(["Google", "google", "Google", None])[0]
    ['Google', 'Google', 'Google', None]
    >>> [(i, f.code, f.suggestion) for i, f in read_categories(["수주", "계약완려"], known=["수주", "계약완료"])[1]]
    [(1, 'unknown_value', '계약완료')]
    """
    cells = _hashable(values)
    readings, keys, doubts, totals = category_readings(Counter(cells), known)
    words = {cell: reading.value for cell, reading in readings.items()}
    spelled = list(map(words.__getitem__, cells))
    if all(reading.fault is None for reading in readings.values()):
        return spelled, []
    faults: list[tuple[int, Fault]] = []
    said: set[str] = set()
    for index, cell in enumerate(cells):
        fault = readings[cell].fault
        if fault is None:
            continue
        word = keys.get(cell, "")
        if word in doubts and _own(doubts[word], totals[word]):
            if word in said:
                continue
            said.add(word)
        faults.append((index, fault))
    return spelled, faults


def _hashable(values: Sequence[object]) -> Sequence[object]:
    """The values, told apart where Python would not: 1 and TRUE."""
    if set(map(type, values)) <= {str, type(None)}:
        return values
    return [value if value is None or type(value) is str else (type(value), value) for value in values]


def _raw(cell: object) -> object:
    return cell[1] if type(cell) is tuple else cell


def _own(proposal: str | None, count: int) -> bool:
    return proposal is None and count >= OWN_WORD_CELLS


def _doubted(value: object, text: str, proposal: str | None, count: int) -> Reading[str]:
    """An unknown word: kept, with the nearest known one as a proposal."""
    fix: str | None = None
    if proposal is not None:
        fix = "fault.unknown_value.nearest.fix"
    elif _own(proposal, count):
        fix = "fault.unknown_value.own.fix"
    return wrong("unknown_value", value, "category", proposal, keep=text, fix=fix, count=count)


def _doubts(canonical: Mapping[str, str], totals: Mapping[str, int], known: Sequence[str]) -> dict[str, str | None]:
    """Unknown words (by `spelling_key`) → the known word each may be meant as."""
    if known:
        keys = {header_key(word) for word in known}
        used = [text for text in canonical.values() if header_key(text) in keys]
        return {
            key: nearest(text, used) or nearest(text, known)
            for key, text in canonical.items()
            if header_key(text) not in keys
        }
    if len(canonical) > _MOST_WORDS:
        return {}
    out: dict[str, str | None] = {}
    for key, count in totals.items():
        if count > 2 or len(key) < 3:
            continue
        frequent = [canonical[k] for k, n in totals.items() if n >= 20 and n >= 10 * count]
        if (proposal := nearest(canonical[key], frequent)) is not None:
            out[key] = proposal
    return out
