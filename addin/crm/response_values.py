"""How long a customer waits for the first proposal: a median, exact from rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import DAY
from addin.crm.points import Case, Point

if TYPE_CHECKING:
    from addin.crm.tally import Key, Tally
    from addin.crm.windows import Span

_HOUR = 60


def first_proposals(tally: Tally, by: tuple[str, ...], days: Span | None) -> dict[Key, Case]:
    """The median hours from request to proposal, by the day received; hours of the clock, as the source counts them.

    seed 002 blames 24 hours and 3 minutes. Where one of the two has no time of day, or the proposal is dated before
    the request, the request takes no part (``excluded``); one that has no proposal yet is no case.
    """
    import polars as pl

    frame, keys = tally.keyed(by)
    came, went = pl.col("received_at"), pl.col("proposed_at")
    asked = frame.lazy().filter(came.is_not_null(), went < (tally.as_of + 1) * DAY)
    if days is not None:
        asked = asked.filter(pl.col("_received").is_between(*days))
    timed = [pl.col(c).fill_null(True) for c in ("received_at__time", "proposed_at__time") if c in frame.columns]
    known = pl.all_horizontal(went >= came, *timed)
    summed = asked.group_by("_group").agg(
        pl.when(known).then(went - came).median().alias("middle"),
        known.sum().cast(pl.Int64).alias("n"),
        (~known).sum().cast(pl.Int64).alias("excluded"),
    )
    found: dict[Key, Case] = {}
    for group, middle, n, excluded in summed.collect(engine="in-memory").rows():
        if middle is None:
            found[keys[group]] = Case(Point(0, 0, 0, None, None, excluded))
            continue
        doubled = round(2 * middle)  # a median of whole minutes is whole or a half
        found[keys[group]] = Case(Point(doubled, 2 * _HOUR, n, doubled / (2 * _HOUR), 1, excluded))
    return found
