"""Another option for who hasn't decided: items of the price list that are near what was asked for.

seed 002: where there is no decision, another proposal within 24 hours.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from addin.crm.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.price_list import Item, PriceList

SHOWN: Final = 3  # our assumption: more is no help in deciding
_WORD: Final = re.compile(r"[\s/·,+()\[\]_-]+")
_KIN: Final = 0.5  # of the letters of two names, in pairs


def alternatives(prices: PriceList, asked: Sequence[str], most: int = SHOWN) -> tuple[Item, ...]:
    """The items nearest to ``asked`` (names as people wrote them) that are none of them, the nearest first.

    Near: a word in common, or half the pairs of letters. Items without a price are no offer.

    >>> from addin.crm.price_list import Item, PriceList
    >>> names = {"1": "수전 교체", "2": "수전 청소", "3": "도배"}
    >>> shop = PriceList(tuple(Item(code, name, price=9_00) for code, name in names.items()))
    >>> [item.name for item in alternatives(shop, ["수전 교체"])]
    ['수전 청소']
    """
    taken = {spelling_key(text) for text in asked}
    kin = [
        (-likeness, at, item)
        for at, item in enumerate(prices.items)
        if item.price and not {spelling_key(item.name), spelling_key(item.code)} & taken
        and (likeness := max((_alike(text, item.name) for text in asked), default=0.0)) >= _KIN
    ]  # fmt: skip
    out: dict[str, Item] = {}
    for _, _, item in sorted(kin, key=lambda one: one[:2]):
        out.setdefault(spelling_key(item.name + item.spec), item)
    return tuple(out.values())[:most]


def _alike(a: str, b: str) -> float:
    if _words(a) & _words(b):
        return 1.0
    one, two = _pairs(a), _pairs(b)
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


def _words(text: str) -> set[str]:
    return {word for word in map(spelling_key, _WORD.split(text)) if len(word) > 1}


def _pairs(text: str) -> set[str]:
    key = spelling_key(text)
    return {key[n : n + 2] for n in range(len(key) - 1)}
