"""What each side of a partnership promises, asks and gains, for the report that both read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.flags import percent
from addin.crm.message import Message, msg
from addin.crm.request_tasks import lead_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.kpi_values import KpiValue
    from addin.crm.settings import Settings

#: Every id chosen by how it went, so that a test can look for it in the catalogue.
IDS: Final = tuple(f"report.ask.{name}" for name in ("goal", "goal_open", "lead", "lead_late"))


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """What each side gives and gains (seed 001: a partnership where only one side gains does not last)."""

    promises: tuple[Message, ...] = ()
    asks: tuple[Message, ...] = ()
    our_benefit: str = ""
    their_benefit: str = ""


def reciprocity(
    row: Mapping[str, object],
    own: pl.DataFrame | None,
    month: Mapping[str, KpiValue | None],
    settings: Settings,
    span: tuple[int, int],
    *,
    office: bool,
) -> Reciprocity:
    """What is promised and asked: seed 000, the SLA is what we promise; seed 001, both sides' benefit; seed 002, 7–8
    days ahead.

    ``row``: the partner's row ({} where it has none); ``own``: its requests; ``month``: the shared KPIs there are and
    their values; ``span``: the month's days; ``office``: a management office, which gets a report of defects.
    """
    promises, asks = [], []
    if "RESP_10M" in month:
        promises.append(msg("report.promise.response", minutes=agreed_minutes(row, settings)))
    target = agreed_same_day(row, settings)
    if "SAMEDAY" in month and target is not None:
        promises.append(msg("report.promise.same_day", target=percent(target)))
    if office:
        promises.append(msg("report.promise.report"))
    goal = month.get("MONTHLY_GOAL")
    if goal is not None and goal.denominator:
        short = (goal.numerator or 0) < goal.denominator
        id = "report.ask.goal_open" if short else "report.ask.goal"
        asks.append(msg(id, goal=whole(goal.denominator), won=whole(goal.numerator or 0)))
    if own is not None and {"received_at", "event_at"} <= set(own.columns):
        days = lead_days(settings)
        late, dated = _late(own, span, days)
        if dated:
            asks.append(msg("report.ask.lead_late" if late else "report.ask.lead", days=days, n=dated, late=late))
    ours, theirs = (str(row.get(side) or "") for side in ("our_benefit", "their_benefit"))
    return Reciprocity(tuple(promises), tuple(asks), ours, theirs)


def agreed_minutes(row: Mapping[str, object], settings: Settings) -> int:
    """Minutes to confirm a request in: what was agreed with the partner, else the team's own."""
    agreed = row.get("sla_minutes")
    return int(agreed) if isinstance(agreed, float) and agreed >= 1 else settings.response_minutes


def agreed_same_day(row: Mapping[str, object], settings: Settings) -> float | None:
    """The share of visits on the day of the request: what was agreed, else the target; None without either."""
    target = row.get("same_day_target") or settings.thresholds["SAMEDAY"].target
    return None if target is None else float(str(target))


def _late(own: pl.DataFrame, span: tuple[int, int], days: int) -> tuple[int, int]:
    """Of the month's requests before an event, how many came less than ``days`` before, and how many there are.

    One written down after its event takes no part, as in LEAD_TIME.
    """
    import polars as pl

    day, event = pl.col("received_at") // DAY, pl.col("event_at") // DAY
    dated = own.filter(day.is_between(*span) & (event >= day))
    return dated.filter(event - day < days).height, dated.height


def whole(number: float) -> int | float:
    """A number for reading: whole where it is, else one decimal.

    >>> whole(4.0), whole(2.25)
    (4, 2.2)
    """
    return int(number) if float(number).is_integer() else round(number, 1)
