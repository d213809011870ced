"""Two linked factories: partners are made in one, customers in the other, and one of them limits the whole.

seed 004: a multi-sided model has one factory per side, linked. Here the partner factory (the seven stages of seed 001)
makes active partners, each sends so many requests, and the customer factory turns requests into orders:
output = active partners × requests a partner × conversion. Both constraints are lifted to their reference and the
larger gain names the factory that limits the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import DAY, last_closed_week, week_bounds, week_of_day
from addin.crm.constraint import MIN_SAMPLE
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from addin.crm.constraint import Diagnosis, Label, Transition

#: Closed weeks looked back on, as every growing window; numbers are told for four weeks.
WEEKS: Final = 13
PER: Final = 4
SIDES: Final = ("partner", "customer")
WHY_IDS: Final = tuple(f"factories.why.{name}" for name in ("customer", "partner", "open", "unsure"))


class Flow(NamedTuple):
    """What links the two: partners that sent requests in the last ``weeks`` closed weeks, and how many requests."""

    active: int
    requests: int
    weeks: int

    @property
    def each(self) -> float:
        """Requests of one active partner in four weeks."""
        return self.requests / self.active / self.weeks * PER if self.active and self.weeks else 0.0


class Lever(NamedTuple):
    """A factory's constraint lifted to its reference: the rate now and then, and what that brings in four weeks.

    ``partners``: how many active partners more (partner side), or as good as (customer side).
    """

    move: Transition
    reference: float
    gain: float
    partners: float


class Factories(NamedTuple):
    """Both factories and their link. ``output`` items of ``end`` in four weeks; ``one_more``: what one partner brings.

    ``limit``: the side that limits the whole, None where it can't be said; ``why`` in one sentence, ``notes`` beside.
    """

    partner: Diagnosis
    customer: Diagnosis
    flow: Flow
    end: Label
    conversion: float
    output: float
    one_more: float
    partner_lever: Lever | None
    customer_lever: Lever | None
    limit: str | None
    why: Message
    notes: tuple[Message, ...] = ()


def flow(requests: pl.DataFrame, as_of: int, partners: Iterable[str]) -> Flow:
    """The active partners (of these on the list) and their requests over the last closed weeks, thirteen at most."""
    import polars as pl

    if not {"partner_key", "received_at"} <= set(requests.columns):
        return Flow(0, 0, 0)
    last = last_closed_week(as_of)
    first = requests["received_at"].min()
    if not isinstance(first, int):
        return Flow(0, 0, 0)
    weeks = min(max(last - week_of_day(first // DAY) + 1, 0), WEEKS)
    if not weeks:
        return Flow(0, 0, 0)
    start, end = week_bounds(last - weeks + 1)[0] * DAY, (week_bounds(last)[1] + 1) * DAY
    received, partner = pl.col("received_at"), pl.col("partner_key")
    within = (received >= start) & (received < end) & partner.is_in(list(partners))
    active, count = requests.select(partner.filter(within).n_unique(), within.sum().alias("count")).row(0)
    return Flow(int(active) if count else 0, int(count), weeks)


def factories(partner: Diagnosis, customer: Diagnosis, link: Flow, outcome: int = -1) -> Factories:
    """Both factories together. ``outcome``: the place of the step that counts as the whole's output (the order).

    >>> from addin.crm.constraint import Step, diagnose
    >>> partners = diagnose([Step("발굴", 100), Step("미팅", 80), Step("운영", 40)])
    >>> customers = diagnose([Step("접수", 600), Step("견적", 480), Step("수주", 120)])
    >>> found = factories(partners, customers, Flow(40, 520, 13))
    >>> found.limit, round(found.output), round(found.one_more, 1), round(found.customer_lever.gain)
    ('customer', 32, 0.8, 70)
    """
    size = len(customer.steps)
    place = outcome % size if size else 0
    held = customer.constraint.index
    if held is not None and held >= place:
        place = size - 1
    counts = [step.count or 0 for step in customer.steps]
    conversion = counts[place] / counts[0] if counts and counts[0] else 0.0
    output = link.active * link.each * conversion
    one_more = link.each * conversion
    ours = _lever(partner, output, one_more)
    theirs = _lever(customer, output, one_more)
    end = customer.steps[place].label if customer.steps else ""
    limit, why = _limit(ours, theirs, end)
    sides = (("partner", ours), ("customer", theirs))
    notes = tuple(
        msg("factories.why.unsure", side=msg(f"factories.side.{side}"))
        for side, lever in sides
        if limit is not None and lever is not None and (lever.move.entered or 0) < MIN_SAMPLE
    )
    return Factories(partner, customer, link, end, conversion, output, one_more, ours, theirs, limit, why, notes)


def _lever(side: Diagnosis, output: float, one_more: float) -> Lever | None:
    """The constraint lifted to the team's target, else to the next weakest step (seed 004: the next machine)."""
    index = side.constraint.index
    if index is None:
        return None
    move = side.transitions[index]
    if not move.rate or one_more <= 0:
        return None
    reference = move.reference
    if reference >= 1:
        others = [m.rate for m in side.transitions if m.candidate and m is not move and m.rate is not None]
        reference = min((rate for rate in others if rate > move.rate), default=1.0)
    gain = output * max(reference / move.rate - 1, 0.0)
    return Lever(move, reference, gain, gain / one_more)


def _limit(partner: Lever | None, customer: Lever | None, end: Label) -> tuple[str | None, Message]:
    if partner is None or customer is None:
        return None, msg("factories.why.open")
    side, lever = ("partner", partner) if partner.gain > customer.gain else ("customer", customer)
    return side, msg(
        f"factories.why.{side}",
        step=lever.move.label,
        rate=100 * (lever.move.rate or 0.0),
        reference=100 * lever.reference,
        gain=lever.gain,
        partners=lever.partners,
        end=end,
    )
