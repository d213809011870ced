"""From sums to values: one `Point` a group, in whole numbers, so that a limit is met exactly or not at all."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from addin.crm.catalogue_types import Sign
    from addin.crm.message import Message
    from addin.crm.roster import Roster
    from addin.crm.tally import Key, Sums

_CENTS = 100  # money is kept in hundredths

#: Shares of two measures.
SHARES = {
    "RESP_10M": ("resp_hit", "resp_n"),
    "SAMEDAY": ("visit_hit", "visit_n"),
    "CLAIM_RATE": ("claims", "won"),
    "REFUND_RATE": ("refunds", "won"),
    "REWORK_RATE": ("reworks", "won"),
    "REVISIT_RATE": ("returned", "aged"),
    "RET_RATE": ("ret_hit", "ret_n"),
    "REF_RATE": ("ref_hit", "ret_hit"),
    "CROSS_SELL": ("crossed", "new"),
    "LEAD_TIME": ("lead_hit", "lead_n"),
    "D7_ALERT": ("alert_hit", "alert_n"),
    "FOLLOWUP_24H": ("follow_hit", "follow_n"),
}
#: Where warn and breach are limits of one item: the share that kept the warning's too.
TIGHT = {
    "LEAD_TIME": ("lead_tight", "lead_n"),
    "D7_ALERT": ("alert_hit", "alert_due"),
    "FOLLOWUP_24H": ("follow_soon", "follow_due"),
}
#: Cases that could not take part.
EXCLUDED = {"RESP_10M": "resp_skip", "FOLLOWUP_24H": "follow_skip"}
#: The measures a KPI is made of, and those that are its n.
MEASURES: dict[str, tuple[str, ...]] = {
    kpi: tuple(dict.fromkeys([*pair, *TIGHT.get(kpi, ()), *([EXCLUDED[kpi]] if kpi in EXCLUDED else [])]))
    for kpi, pair in SHARES.items()
} | {
    "CAC": ("spend", "new"),
    "LTV": ("ltv_net", "ltv_n"),
    "LTV_CAC": ("ltv_net", "ltv_n", "spend", "new"),
    "THROUGHPUT": ("kept",),
}
COUNTS: dict[str, tuple[str, ...]] = {
    **{kpi: (count,) for kpi, (_, count) in SHARES.items()},
    "CAC": ("new",),
    "LTV": ("ltv_n",),
    "LTV_CAC": ("ltv_n", "new"),
}


class Point(NamedTuple):
    """A value as an exact fraction ``above``/``below`` (None where ``below`` is 0), and how it is shown.

    ``numerator`` and ``denominator`` are in whole units of money, persons, orders. ``tight``: of how many items how
    many kept the warning's limit, where warn and breach are limits of one item.
    """

    above: int
    below: int
    n: int
    numerator: float | None
    denominator: float | None
    excluded: int = 0
    tight: tuple[int, int] = (0, 0)

    @property
    def value(self) -> float | None:
        """The value; whole numbers stay whole."""
        if self.below <= 0:
            return None
        return self.above if self.below == 1 else self.above / self.below


class Case(NamedTuple):
    """A group's point with what else it is judged by, and the names that go with it.

    ``past``: its own value before, or its peers'. ``signs`` seen; None where a chart has too few weeks to tell.
    ``step``: the funnel's step it is about.
    """

    point: Point
    past: Point | None = None
    signs: frozenset[Sign] | None = frozenset()
    detail: tuple[str, ...] = ()
    step: str | Message | None = None


def whole(cents: int, parts: int = _CENTS) -> float:
    """An amount of ``parts`` to the unit (hundredths) in whole units, an int where it is one.

    >>> whole(351_057_800), whole(150)
    (3510578, 1.5)
    """
    units, rest = divmod(cents, parts)
    return cents / parts if rest else units


def share(above: int, below: int, excluded: int = 0) -> Point:
    """``above`` of ``below`` cases.

    >>> share(18, 25).value, share(0, 0).value
    (0.72, None)
    """
    return Point(above, below, below, above, below, excluded)


def ratio(kpi: str, sums: Sums, margin: Decimal) -> Point:
    """The shares, CAC, LTV and their ratio from one group's sums; a measure that is not there is 0.

    >>> from decimal import Decimal
    >>> ratio("CAC", {"spend": 30_000, "new": 3}, Decimal(1)).value
    100.0
    """
    if kpi in SHARES:
        above, below = SHARES[kpi]
        tight = tuple(sums.get(measure, 0) for measure in TIGHT.get(kpi, ()))
        found = share(sums.get(above, 0), sums.get(below, 0), sums.get(EXCLUDED.get(kpi, ""), 0))
        return found._replace(tight=(tight[0], tight[1])) if tight else found
    spend, new = sums.get("spend", 0), sums.get("new", 0)
    if kpi == "CAC":
        return Point(spend, new * _CENTS, new, whole(spend), new)
    part, parts = margin.as_integer_ratio()
    earned, old = sums.get("ltv_net", 0) * part, sums.get("ltv_n", 0)
    ltv = Point(earned, old * _CENTS * parts, old, whole(earned, _CENTS * parts), old)
    if kpi == "LTV":
        return ltv
    cac = Point(spend, new * _CENTS, new, whole(spend), new)
    known = ltv.below * cac.above if new else 0
    return Point(ltv.above * cac.below, known, min(old, new), ltv.value, cac.value)


def conversion(sums: Sums, start: int) -> Point:
    """Of the rows that reached step ``start``, those that reached the next."""
    return share(sums.get(f"step_{start + 1}", 0), sums.get(f"step_{start}", 0))


def dependency(sums: Mapping[Key, Sums]) -> dict[Key, Point]:
    """Each partner's share of its group's net revenue. Keys end with the partner; n = its orders.

    >>> sums = {("가",): {"net": 3_000, "won": 2}, (None,): {"net": 7_000, "won": 1}}
    >>> {key: (p.value, p.denominator) for key, p in dependency(sums).items()}
    {('가',): (0.3, 100), (None,): (0.7, 100)}
    """
    totals: dict[Key, int] = {}
    for key, found in sums.items():
        totals[key[:-1]] = totals.get(key[:-1], 0) + found.get("net", 0)
    points = {}
    for key, found in sums.items():
        net, total = found.get("net", 0), totals[key[:-1]]
        points[key] = Point(net, total, found.get("won", 0), whole(net), whole(total))
    return points


def herfindahl(sums: Mapping[Key, Sums]) -> dict[Key, Point]:
    """Σ share² over the named partners of each group; n = partners with revenue. Keys end with the partner.

    The numerator is Σ revenue² ÷ revenue: the revenue of the partner behind an average unit of money.

    >>> sums = {("가",): {"net": 5_000}, ("나",): {"net": 5_000}, (None,): {"net": 900}}
    >>> herfindahl(sums)[()].value
    0.5
    """
    earned: dict[Key, list[int]] = {}
    for key, found in sums.items():
        nets = earned.get(key[:-1])
        if nets is None:
            nets = earned[key[:-1]] = []
        if key[-1] is not None:
            nets.append(found.get("net", 0))
    return {key: concentration(nets) for key, nets in earned.items()}


def concentration(nets: Sequence[int]) -> Point:
    """`herfindahl` of one group, from what each named partner earned, in hundredths.

    >>> concentration([5_000, 5_000]).value
    0.5
    """
    total, squares = sum(nets), sum([net * net for net in nets])
    shown = squares / total / _CENTS if total > 0 else None
    return Point(squares, max(total, 0) ** 2, sum([net > 0 for net in nets]), shown, whole(total))


def volatility(weekly: Sequence[int]) -> Point:
    """Coefficient of variation of weekly orders: population standard deviation ÷ mean; none below two weeks.

    >>> volatility([2, 4, 4, 4, 5, 5, 7, 9]).value
    0.4
    """
    orders = sum(weekly)
    if len(weekly) < 2 or orders <= 0:
        return Point(0, 0, orders, None, None)
    mean = orders / len(weekly)
    deviation = sqrt(sum((count - mean) ** 2 for count in weekly) / len(weekly))
    above, below = (deviation / mean).as_integer_ratio()
    return Point(above, below, orders, deviation, mean)


def goals(sums: Mapping[Key, Sums], roster: Roster, by: tuple[str, ...]) -> dict[Key, Point]:
    """Orders of a month ÷ goal, of the partners that have a goal; n = the goal. ``sums`` are by partner."""
    won: dict[str, int] = {}
    for (text,), found in sums.items():
        partner = roster.find(text)
        if partner is not None:
            won[partner.name] = won.get(partner.name, 0) + found.get("won", 0)
    above: dict[Key, int] = {}
    below: dict[Key, float] = {}
    for partner in roster:
        if partner.goal and partner.goal > 0 and not partner.ended:
            key = tuple(partner.name if d == "partner" else partner.place(d) for d in by)
            above[key] = above.get(key, 0) + won.get(partner.name, 0)
            below[key] = below.get(key, 0) + partner.goal
    points = {}
    for key, goal in below.items():
        top, bottom = goal.as_integer_ratio()
        points[key] = Point(above[key] * bottom, top, max(int(goal), 1), above[key], whole(top, bottom))
    return points


def stock(number: int, n: int = 1) -> Point:
    """A state as a number: days, candidates."""
    return Point(number, 1, n, number, 1)
