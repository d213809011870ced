"""Unit economics of a funnel: what one more at each step cost, and what one who stands there is worth (seed 003).

Cost per step = acquisition spend ÷ how many reached it. Value = the share that goes on from there to an order, step by
step, × the average net revenue of an order × margin. Past the order the value is that revenue itself. What cannot be
told is None, and said; nothing is 0 for lack of a column.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.bindings import won_stages
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from addin.crm.constraint import Label
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings


class StepUnit(NamedTuple):
    """One step: how many ``reached`` it, the ``rate`` into the next, ``cost`` and ``value`` of one in whole units.

    ``odd``: more went on than stood there; the rate counts as 100 % here.
    """

    label: Label
    reached: int | None
    rate: float | None
    cost: float | None
    value: float | None
    odd: bool = False

    @property
    def margin(self) -> float | None:
        """Value − cost."""
        return None if self.cost is None or self.value is None else self.value - self.cost


class UnitEconomics(NamedTuple):
    """The steps; ``spend``, ``net`` (× margin) and ``orders`` behind them; ``missing``: what is not known, and why."""

    steps: tuple[StepUnit, ...]
    spend: float | None
    net: float | None
    orders: int
    missing: tuple[Message, ...] = ()


#: Ids of `UnitEconomics.missing`.
MISSING_IDS = ("economics.missing.spend", "economics.missing.won", "economics.missing.amount", "economics.missing.span")


def unit_economics(
    steps: Sequence[tuple[Label, int | None]],
    outcome: int | None,
    *,
    spend: int | None,
    net: int | None,
    orders: int,
    margin: Decimal,
) -> UnitEconomics:
    """The economics of each step.

    ``steps``: label and how many reached it · ``outcome``: the step that is the order, None where the funnel has none
    · ``spend`` and ``net``: hundredths, None where nothing says · ``orders``: won requests behind ``net``.

    >>> from decimal import Decimal
    >>> found = unit_economics([("접수", 10), ("수주", 4)], 1, spend=20_000, net=400_000, orders=4, margin=Decimal(1))
    >>> [(s.cost, s.value, s.margin) for s in found.steps]
    [(20.0, 400.0, 380.0), (50.0, 1000.0, 950.0)]
    """
    average = float(net * margin) / orders / 100 if net is not None and orders else None
    rates, odd = _rates([count for _, count in steps])
    found = []
    for i, (label, count) in enumerate(steps):
        cost = spend / count / 100 if spend is not None and count else None
        onward = _product(rates[i:outcome]) if outcome is not None and i < outcome else 1.0
        value = None if average is None or outcome is None or onward is None else average * onward
        found.append(StepUnit(label, count, rates[i] if i < len(rates) else None, cost, value, odd[i]))
    missing = [
        *([msg("economics.missing.spend")] if spend is None else []),
        *([msg("economics.missing.won")] if outcome is None else []),
        *([msg("economics.missing.amount")] if net is None else []),
    ]
    shown = None if net is None else float(net * margin) / 100
    return UnitEconomics(tuple(found), None if spend is None else spend / 100, shown, orders, tuple(missing))


def order_step(steps: Sequence[StepSpec], settings: Settings) -> int | None:
    """Which step of a funnel is the order: the bound one, the one told by ``won_at``, or by won stages only.

    >>> from addin.crm.funnel_steps import StepSpec
    >>> from addin.crm.settings import Settings
    >>> order_step([StepSpec("접수", "received_at"), StepSpec("계약", "stage", ("수주", "완료"))], Settings())
    1
    """
    for i, step in enumerate(steps):
        staged = step.column == "stage" and step.values
        if step.won or step.column == "won_at" or (staged and set(won_stages(step.values, settings)) == {*step.values}):
            return i
    return None


def late_spend(spend: tuple[int, int] | None, requests: tuple[int, int] | None) -> Message | None:
    """A word where the spend's days begin a month or more after the requests', or end as much before them.

    >>> late_spend((100, 400), (0, 400)).id, late_spend((0, 395), (0, 400))
    ('economics.missing.span', None)
    """
    from addin.crm.calendar import date_of

    if spend is None or requests is None:
        return None
    if spend[0] - requests[0] < _MONTH and requests[1] - spend[1] < _MONTH:
        return None
    first, last = (date_of(day).isoformat() for day in spend)
    return msg("economics.missing.span", first=first, last=last)


_MONTH = 31


def _rates(counts: Sequence[int | None]) -> tuple[list[float | None], list[bool]]:
    """The rate into the next step, at most 1, and whether it was more."""
    rates: list[float | None] = []
    odd = [False] * len(counts)
    for i, (here, after) in enumerate(pairwise(counts)):
        odd[i] = here is not None and after is not None and after > here
        rates.append(min(after / here, 1.0) if here and after is not None else None)
    return rates, odd


def _product(rates: Sequence[float | None]) -> float | None:
    total = 1.0
    for rate in rates:
        if rate is None:
            return None
        total *= rate
    return total
