"""A partner's weeks in a row, with the limits within which they swing by themselves (XmR).

A point outside the limits, or a run, means something changed; anything else is the weather (`addin.crm.stats.xmr`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import week_label
from addin.crm.catalogue import KPIS
from addin.crm.message import Message, msg
from addin.crm.points import SHARES
from addin.crm.stats import Xmr, xmr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.settings import Settings
    from addin.crm.tally import Tally

#: The number of requests a week; no KPI of the catalogue, its name is ``report.requests``.
REQUESTS: Final = "REQUESTS"
#: What is drawn over weeks: how much comes, and how we keep the SLA (seed 000).
TRENDS: Final = (REQUESTS, "RESP_10M", "SAMEDAY")


@dataclass(frozen=True, slots=True)
class Trend:
    """One line of weeks, oldest first.

    ``values``  None in a week with no case (no point, not 0).
    ``cases``   the n of each week.
    ``chart``   limits and signals over the weeks that have a value (``known``: their places); None below 6.
    """

    id: str
    weeks: tuple[int, ...]
    values: tuple[float | None, ...]
    cases: tuple[int, ...]
    chart: Xmr | None
    target: float | None = None

    @property
    def share(self) -> bool:
        """Whether the values are shares (0 to 1), else counts."""
        return self.id != REQUESTS

    @property
    def name(self) -> Message:
        """What is drawn."""
        return KPIS[self.id].name if self.share else msg("report.requests")

    @property
    def known(self) -> tuple[int, ...]:
        """The places of the weeks with a value."""
        return tuple(i for i, value in enumerate(self.values) if value is not None)

    @property
    def signals(self) -> dict[int, tuple[int, ...]]:
        """Place among ``weeks`` → the XmR rules that speak there."""
        found: dict[int, tuple[int, ...]] = {}
        for signal in self.chart.signals if self.chart else ():
            place = self.known[signal.index]
            found[place] = (*found.get(place, ()), signal.rule)
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        """``2026-W45`` and so on."""
        return tuple(week_label(week) for week in self.weeks)


def trend(id: str, weeks: Sequence[int], hits: Sequence[int], cases: Sequence[int], target: float | None) -> Trend:
    """The line of one measure: ``hits`` of ``cases`` a week, or for `REQUESTS` the cases themselves.

    >>> line = trend("RESP_10M", range(8), [4, 0, 3, 4, 4, 3, 4, 4], [4, 0, 4, 4, 4, 4, 4, 4], 0.9)
    >>> line.values[:3], line.chart is None, round(line.chart.mean, 3)
    ((1.0, None, 0.75), False, 0.929)
    """
    values: list[float | None] = [
        float(n) if id == REQUESTS else hit / n if n else None for hit, n in zip(hits, cases, strict=True)
    ]
    known = [value for value in values if value is not None]
    return Trend(id, tuple(weeks), tuple(values), tuple(cases), xmr(known), target)


def trends(tally: Tally, settings: Settings, partner: str, weeks: range) -> tuple[Trend, ...]:
    """The lines of a partner over ``weeks``, from its first week with a request on; those without any case are left
    out."""
    measures = ("intakes", *(measure for id in TRENDS if id in SHARES for measure in SHARES[id]))
    none = [0] * len(weeks)
    found = tally.weekly(measures, weeks, ("partner",)).get((partner,), {})
    intakes = found.get("intakes", none)
    start = next((i for i, n in enumerate(intakes) if n), len(weeks))
    lines = []
    for id in TRENDS:
        hits, cases = (found.get(m, none)[start:] for m in SHARES.get(id, ("intakes", "intakes")))
        if any(cases):
            limit = settings.thresholds[id].target if id in SHARES else None
            lines.append(trend(id, weeks[start:], hits, cases, None if limit is None else float(limit)))
    return tuple(lines)
