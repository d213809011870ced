"""The team's price list: what an item costs for whom, and which version of the list that was.

Tier prices: a column of the list that names the tier (``A등급 단가``), else the tier's discount from the settings.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.crm.amounts import MONEY_SCALE, parse_amount
from addin.crm.text import spelling_key
from addin.crm.vat import taxed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Headers of a price list's cost column, and of a partner's tier, which are no fields of their own.
COST_HEADERS: Final = ("원가", "매입가", "매입단가", "원가단가", "cost", "unit_cost")
TIER_HEADERS: Final = ("등급", "파트너등급", "가격등급", "단가등급", "티어", "tier", "grade", "price_tier")
_PRICE_WORDS = re.compile(r"등급|단가|가격|판매가|공급가|가$|price|tier|grade|[()\[\]_\s:-]", re.IGNORECASE)
_APART = re.compile(r"\s*[+,;\n·]\s*|\s+및\s+")
_TIMES = re.compile(r"(.+?)\s*[x×*]\s*(\d+(?:\.\d+)?)\s*(?:개|식|회|칸|짝|평|EA)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list; prices in hundredths. ``row`` is where it stands (``sheet!5``)."""

    code: str
    name: str
    spec: str = ""
    unit: str = ""
    price: int | None = None
    taxed: bool = True
    cost: int | None = None
    tiers: Mapping[str, int] = field(default_factory=dict)
    where: str = ""


class Wanted(NamedTuple):
    """A service as a person wrote it, and how many."""

    text: str
    quantity: Decimal


class NotFound(Exception):
    """No item, or several at different prices: ``candidates`` are what a person chooses from."""

    def __init__(self, text: str, candidates: Sequence[str], *, several: bool) -> None:
        super().__init__(text)
        self.text, self.candidates, self.several = text, tuple(candidates), several


@dataclass(frozen=True, slots=True)
class PriceList:
    """The whole list."""

    items: tuple[Item, ...] = ()

    @property
    def version(self) -> str:
        """A short hash of everything the list says; the order of its rows makes no difference.

        >>> PriceList((Item("A", "a", price=100),)).version == PriceList((Item("A", "a", price=200),)).version
        False
        """
        rows = sorted(
            [i.code, i.name, i.spec, i.unit, str(i.price), str(i.taxed), str(i.cost), str(sorted(i.tiers.items()))]
            for i in self.items
        )
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:10]

    def find(self, text: str, spec: str = "") -> Item:
        """The item of this code or name. Raises `NotFound`.

        >>> prices = PriceList((Item("A01", "수전 교체", price=9_200_000),))
        >>> prices.find("수전교체").code, prices.find("a01").name
        ('A01', '수전 교체')
        """
        wanted = spelling_key(text)
        found = [i for i in self.items if i.code and spelling_key(i.code) == wanted]
        found = found or [i for i in self.items if wanted in (spelling_key(i.name), spelling_key(i.name + i.spec))]
        if spec and len(found) > 1:
            found = [i for i in found if spelling_key(i.spec) == spelling_key(spec)] or found
        if not found:
            names = [i.name for i in self.items]
            raise NotFound(text, difflib.get_close_matches(text, names, n=3, cutoff=0.3), several=False)
        if len({(i.price, i.spec, i.unit) for i in found}) > 1:
            raise NotFound(text, [f"{i.name} {i.spec} ({i.code})".replace(" ()", "") for i in found], several=True)
        return found[0]

    def wanted(self, text: str) -> list[Wanted]:
        """A request's service as items: ``도배 x 3 + 장판``; a text that is an item's own name is one item.

        >>> [(w.text, str(w.quantity)) for w in PriceList().wanted("도배 x 3 + 장판")]
        [('도배', '3'), ('장판', '1')]
        """
        names = {spelling_key(n) for i in self.items for n in (i.code, i.name) if n}
        if spelling_key(text) in names:
            return [Wanted(text.strip(), Decimal(1))]
        out = []
        for part in (p for p in _APART.split(text) if p.strip()):
            times = _TIMES.fullmatch(part.strip())
            whole = times is None or spelling_key(part) in names
            out.append(
                Wanted(part.strip(), Decimal(1)) if whole or times is None else Wanted(times[1], Decimal(times[2]))
            )
        return out

    def price_for(self, item: Item, tier: str, discounts: Mapping[str, Decimal]) -> int | None:
        """What one costs a partner of a tier: the list's own tier price, else the tier's discount, else the price.

        >>> PriceList().price_for(Item("A", "a", price=1_050_00), "b", {"B": Decimal("0.1")})
        94500
        """
        if item.price is None or not tier:
            return item.price
        key = spelling_key(tier)
        if key in item.tiers:
            return item.tiers[key]
        share = {spelling_key(name): off for name, off in discounts.items()}.get(key)
        if share is None:
            return item.price
        won = (item.price * (1 - share) / MONEY_SCALE).quantize(Decimal(1), ROUND_DOWN)
        return int(won) * MONEY_SCALE


def price_list(rows: Iterable[Mapping[str, Any]], extra: Sequence[str] = ()) -> PriceList:
    """The list out of its records; ``extra`` headers hold costs and tier prices as text.

    >>> rows = [{"code": "A", "name": "도배", "unit_price": 1000, "A등급 단가": "9원", "원가": "5"}]
    >>> item = price_list(rows, ("A등급 단가", "원가")).items[0]
    >>> item.tiers, item.cost
    ({'a': 900}, 500)
    """
    cost = next((h for h in extra if spelling_key(h) in COST_HEADERS), None)
    tiers = {h: spelling_key(_PRICE_WORDS.sub("", h)) for h in extra if h != cost and _PRICE_WORDS.search(h)}
    return PriceList(tuple(_item(row, cost, {h: t for h, t in tiers.items() if t}) for row in rows))


def _item(row: Mapping[str, Any], cost: str | None, tiers: Mapping[str, str]) -> Item:
    prices = {tier: parse_amount(row[header]).value for header, tier in tiers.items() if row.get(header)}
    return Item(
        code=row.get("code") or "",
        name=row.get("name") or row.get("code") or "",
        spec=row.get("spec") or "",
        unit=row.get("unit") or "",
        price=row.get("unit_price"),
        taxed=taxed(row.get("tax")),
        cost=parse_amount(row[cost]).value if cost and row.get(cost) else None,
        tiers={tier: price for tier, price in prices.items() if price is not None},
        where=f"{row.get('_sheet', '')}!{row.get('_row', '')}",
    )


def tier_discounts(words: Sequence[str]) -> dict[str, Decimal]:
    """``("A=10%",)`` → {"A": 0.1}.

    >>> tier_discounts(("A=10%", "B=5%"))
    {'A': Decimal('0.1'), 'B': Decimal('0.05')}
    """
    from addin.crm.setting_values import share

    pairs = [word.partition("=") for word in words]
    return {name.strip(): found for name, _, text in pairs if (found := share(text)) is not None}
