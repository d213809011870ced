"""Rows reduced once to daily facts: day × dimensions × measures, whole numbers that add up.

The definitions are written in `addin.crm.engines.words`, the same on pandas, polars, DuckDB and Spark; the facts are
a small polars frame. Facts of any split of the rows merge by adding (flows and what is derived from them; customers'
cohorts only where no customer stands in two parts).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from addin.crm.bindings import Prepared, flag
from addin.crm.business_time import BusinessCalendar, Holidays
from addin.crm.calendar import DAY, week_bounds, week_of_day
from addin.crm.cohort_facts import cohort_facts
from addin.crm.daily import ROWS, reduced
from addin.crm.engines import answers, asked, is_scan, words, worked_out
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings


@dataclass(frozen=True, slots=True)
class Facts:
    """``frame``: ``day`` (Int64, null = undated), the dimensions (String, null = none), one Int64 column a measure.

    Measures: ``intakes resp_n resp_hit resp_skip visit_n visit_hit lead_n lead_hit lead_tight`` fall on the day
    received; ``won claims refunds reworks net`` on the order day (net in hundredths); customers' own as
    `addin.crm.cohort_facts` says, notices and follow-ups as `addin.crm.promise_facts`; ``spend`` on its own; ``step_0
    step_1 …`` (rows that reached a funnel's steps) on the day received.
    """

    frame: pl.DataFrame
    dimensions: tuple[str, ...]

    @property
    def measures(self) -> list[str]:
        """The measure columns there are."""
        return [c for c in self.frame.columns if c not in ("day", ROWS, *self.dimensions)]


#: Columns of requests that tell the facts of the day received.
INTAKE = tuple(
    column + part
    for column in ("received_at", "confirmed_at", "visited_at", "event_at", "stage", "service")
    for part in ("", "__time")
)


def merge(parts: Iterable[Facts], dimensions: Sequence[str] = ()) -> Facts:
    """Several parts of the facts, one under the other: they add up whenever they are summed.

    ``dimensions`` the parts lack are null there.

    >>> import polars as pl
    >>> one = Facts(pl.DataFrame({"day": [1], "partner": ["한빛"], "won": [2]}), ("partner",))
    >>> merge([one, one]).frame["won"].sum()
    4
    """
    import polars as pl

    parts = list(parts)
    every = tuple(dict.fromkeys([*dimensions, *(d for part in parts for d in part.dimensions)]))
    empty = pl.DataFrame(schema={"day": pl.Int64, **dict.fromkeys(every, pl.String)})
    return Facts(pl.concat([empty, *(part.frame for part in parts)], how="diagonal"), every)


def request_facts(prepared: Prepared, settings: Settings, dimensions: Sequence[str]) -> list[Facts]:
    """The daily facts of requests by some of their text columns: intakes, orders, customers' cohorts; they add up."""
    parts = [_intake_part(prepared, settings, dimensions), _order_facts(prepared, dimensions)]
    return _answered([*parts, *_customer_parts(prepared, settings, dimensions)], prepared, dimensions)


def intake_facts(prepared: Prepared, settings: Settings, dimensions: Sequence[str]) -> list[Facts]:
    """Those of them that fall on the day received; they read `INTAKE` and the dimensions."""
    return _answered([_intake_part(prepared, settings, dimensions)], prepared, dimensions)


def order_facts(prepared: Prepared, dimensions: Sequence[str]) -> list[Facts]:
    """Those of orders."""
    return _answered([_order_facts(prepared, dimensions)], prepared, dimensions)


def customer_facts(prepared: Prepared, settings: Settings, dimensions: Sequence[str]) -> list[Facts]:
    """Those of customers: their cohorts."""
    return _answered(_customer_parts(prepared, settings, dimensions), prepared, dimensions)


def _answered(parts: Iterable[pl.LazyFrame | None], prepared: Prepared, dimensions: Sequence[str]) -> list[Facts]:
    found = answers((part for part in parts if part is not None), scan=prepared.scan, few=prepared.few)
    return [Facts(part, tuple(dimensions)) for part in found]


def _customer_parts(prepared: Prepared, settings: Settings, dimensions: Sequence[str]) -> list[pl.LazyFrame]:
    cohorts = cohort_facts(prepared, settings, dimensions)
    return [reduced(frame, dimensions, list(own), prepared) for frame, own in cohorts]


def step_columns(steps: Sequence[StepSpec]) -> set[str]:
    """The columns of requests that tell how far they got."""
    fields = {"stage", "won_at", "received_at", *(c for step in steps for c in (step.column, step.at) if c)}
    return {field + part for field in fields for part in ("", "__time", "__yes")}


def step_facts(
    prepared: Prepared,
    steps: Sequence[StepSpec],
    settings: Settings,
    by: Sequence[str],
    depths: pl.Series | None = None,
) -> Facts:
    """How many rows reached each step of the funnel, as `addin.crm.funnel` counts them, per day received.

    The reach of a row is worked out on polars, whatever the engine of the rest (`Prepared.on_polars`); ``depths``,
    where it was worked out before.
    """
    import polars as pl

    from addin.crm.reach import reached

    frame = prepared.native()
    if depths is None:
        depths = reached(frame, steps, settings, (prepared.as_of + 1) * DAY)["_depth"]
    day = pl.col("received_at") // DAY if "received_at" in frame.columns else pl.lit(None, dtype=pl.Int64)
    passed = {f"step_{i}": pl.lit(depths) > i for i in range(len(steps))}
    counted = reduced(frame.lazy().with_columns(day=day, **passed), by, list(passed), prepared)
    return Facts(worked_out(counted, few=prepared.few), tuple(by))


def spend_facts(spend: Any, dimensions: Sequence[str]) -> Facts:
    """The daily facts of spend by some of its text columns; an undated line is undated spend."""
    frame = asked(spend)
    x = words(frame)
    frame = frame.with_columns(day=x.col("spent_at") // DAY, spend=x.col("amount").fill_null(0))
    return Facts(answers([reduced(frame, dimensions, ["spend"])], scan=is_scan(spend))[0], tuple(dimensions))


# -- measures ----------------------------------------------------------------------------------------------------------


def _intake_part(prepared: Prepared, settings: Settings, dimensions: Sequence[str]) -> pl.LazyFrame | None:
    """Per day received: intakes, the 10-minute confirm, the same-day visit, the lead time."""
    if not prepared.has("received_at"):
        return None
    frame = prepared.frame
    x = words(frame)
    columns: dict[str, Any] = {"intakes": flag(~x.col("_received").is_null())}
    if prepared.has("confirmed_at"):
        frame, more = response(prepared, frame, settings)
        columns |= more
    if prepared.has("visited_at"):
        frame, more = same_day(prepared, frame, settings)
        columns |= more
    if prepared.has("event_at"):
        columns |= lead_time(frame, settings)
    counted = frame.with_columns(day=x.col("_received"), **columns)
    return reduced(counted, dimensions, list(columns), prepared)


def response(prepared: Prepared, frame: Any, settings: Settings) -> tuple[Any, dict[str, Any]]:
    """The frame with ``_unconfirmed`` (Boolean) and ``_took`` (minutes until confirmed or ``as_of``), and per row 0/1:

    ``resp_n`` it counts, ``resp_hit`` it was confirmed in time, ``resp_skip`` it can't take part: no time of day, or
    confirmed before it came. Not yet confirmed and not yet late counts neither way (seed 000: 접수 10분 확인).
    """
    x = words(frame)
    col, end = x.col, (prepared.as_of + 1) * DAY
    unconfirmed = (col("confirmed_at").is_null() | (col("confirmed_at") >= end)).fill_null(True)
    frame = frame.with_columns(_unconfirmed=unconfirmed)
    frame = frame.with_columns(_until=x.when(col("_unconfirmed")).then(x.lit(end)).otherwise(col("confirmed_at")))
    prepared.contents.ask(ends=("received_at", "confirmed_at"))
    came, confirmed = prepared.contents.ends("received_at"), prepared.contents.ends("confirmed_at")
    frame = with_minutes(frame, "received_at", "_until", settings, (end, *(came or ()), *(confirmed or ())[:1]))
    timed = ~col("received_at").is_null() & (col("_until") >= col("received_at"))
    if prepared.has("received_at__time"):
        timed = timed & col("received_at__time").fill_null(True)
    if prepared.has("confirmed_at__time"):
        timed = timed & (col("_unconfirmed") | col("confirmed_at__time").fill_null(True))
    frame = frame.with_columns(_timed=timed, _in_time=col("_took") <= settings.response_minutes)
    return frame, {
        "resp_n": flag(col("_timed") & ~(col("_in_time") & col("_unconfirmed"))),
        "resp_hit": flag(col("_timed") & col("_in_time") & ~col("_unconfirmed")),
        "resp_skip": flag(~col("received_at").is_null() & ~col("_timed")),
    }


def same_day(prepared: Prepared, frame: Any, settings: Settings) -> tuple[Any, dict[str, Any]]:
    """The frame with helping columns, and per row 0/1:

    ``visit_n`` it needed a visit and the day is over (or it was visited), ``visit_hit`` that same day. Stages and
    services of settings that need no visit take no part unless visited, nor do intakes after the cut-off hour (seed
    000: 당일 방문 90 %).
    """
    col = words(frame).col
    frame = frame.with_columns(_visit=col("visited_at") // DAY)
    frame = frame.with_columns(_visited=~col("_visit").is_null() & (col("_visit") <= prepared.as_of))
    known = ~col("_received").is_null() & (~col("_visited") | (col("_visit") >= col("_received")))
    if settings.same_day_cutoff is not None:
        late = col("received_at") % DAY > settings.same_day_cutoff
        known = known & ~(
            late & col("received_at__time").fill_null(False) if prepared.has("received_at__time") else late
        )
    for column in ("stage", "service"):
        if unneeded := _no_visit(prepared.contents.texts(column), settings):
            known = known & ~(col(column).is_in(unneeded) & ~col("_visited")).fill_null(False)
    frame = frame.with_columns(_to_visit=known)
    return frame, {
        "visit_n": flag(col("_to_visit") & (col("_visited") | (col("_received") < prepared.as_of))),
        "visit_hit": flag(col("_to_visit") & col("_visited") & (col("_visit") == col("_received"))),
    }


def lead_time(frame: Any, settings: Settings) -> dict[str, Any]:
    """Per row 0/1: ``lead_n`` it has an event to come, ``lead_hit`` it came 7 days ahead, ``lead_tight`` 8 days.

    seed 002: requests come 7–8 days before the event. One written down after its event takes no part.
    """
    x = words(frame)
    threshold = settings.thresholds["LEAD_TIME"]
    ahead = x.col("event_at") // DAY - x.col("_received")
    least = [int(limit or 0) for limit in (threshold.breach, threshold.warn)]
    return {
        "lead_n": flag(ahead >= 0),
        "lead_hit": flag(ahead >= max(least[0], 0)),
        "lead_tight": flag(ahead >= max(least[1], 0)),
    }


def _no_visit(texts: Iterable[str], settings: Settings) -> list[str]:
    unneeded = {header_key(word) for word in settings.no_visit_words}
    return [t for t in texts if header_key(t) in unneeded]


def _order_facts(prepared: Prepared, dimensions: Sequence[str]) -> pl.LazyFrame:
    """Per order day, won requests only: orders, claims, refunds, rework, net revenue."""
    x = words(prepared.frame)
    won = x.col("_won")
    columns: dict[str, Any] = {"won": won, "net": x.col("_net")}
    if prepared.has("claim"):
        columns["claims"] = flag(x.col("claim"))
    if prepared.has("rework"):
        columns["reworks"] = flag(x.col("rework"))
    refunded = [
        *([x.col("refund").fill_null(0) > 0] if prepared.has("refund") else []),
        *([x.col("refund__yes").fill_null(False)] if prepared.has("refund__yes") else []),
    ]
    if refunded:
        columns["refunds"] = flag(reduce(or_, refunded))
    ordered = prepared.frame.filter(won == 1)
    counted = ordered.with_columns(day=x.col("_order"), **columns)
    return reduced(counted, dimensions, list(columns), prepared)


def with_minutes(frame: Any, start: str, end: str, settings: Settings, among: Sequence[int]) -> Any:
    """The frame with ``_took``, minutes from one instant column to another: the team's open minutes, or clock minutes
    where settings say so.

    The open minutes before a day are looked up on polars, and worked out from weeks and days off elsewhere.
    ``among``: minutes that none of the instants lies beyond.
    """
    x = words(frame)
    col = x.col
    if settings.clock == "clock":
        return frame.with_columns(_took=col(end) - col(start))
    calendar, first, last = business_calendar(settings), min(among) // DAY, max(among) // DAY
    if x.__name__ != "polars":
        at = [_worked_out(col(instant), calendar, first, last, x) for instant in (end, start)]
        return frame.with_columns(_took=at[0] - at[1])
    days = x.lit(_coded(calendar, first, last))
    frame = frame.with_columns(_from=days.gather(col(start) // DAY - first), _to=days.gather(col(end) // DAY - first))
    at = [
        col(day) // 2 + col(day) % 2 * _within(col(instant), calendar)
        for day, instant in (("_to", end), ("_from", start))
    ]
    return frame.with_columns(_took=at[0] - at[1])


@lru_cache(maxsize=16)
def _coded(calendar: BusinessCalendar, first: int, last: int) -> pl.Series:
    """Each day's open minutes before it, doubled, plus 1 if it is open."""
    import polars as pl

    days = calendar.table(first, last)
    return days["minutes_before"] * 2 + days["is_open"].cast(pl.Int64)


def _worked_out(instant: Any, calendar: BusinessCalendar, first: int, last: int, x: Any) -> Any:
    """Open minutes to an instant, from a day before ``first``: a long list of days is slow to look up elsewhere."""
    day, monday = instant // DAY, week_bounds(week_of_day(first))[0]
    since = day - monday
    opened = [int(weekday in calendar.weekdays) for weekday in range(7)]
    before = (since // 7) * sum(opened) + _told(since % 7, [sum(opened[:i]) for i in range(7)], x)
    off = [d for d in calendar.holidays.between(monday, last) if opened[(d - monday) % 7]]
    here = _told(since % 7, opened, x)
    for closed in off:
        before = before - flag(day > closed)
    if off:
        here = here * flag(~day.is_in(off))
    return before * calendar.minutes_a_day + here * _within(instant, calendar)


def _told(weekday: Any, numbers: list[int], x: Any) -> Any:
    return weekday.replace_strict(list(range(7)), numbers, default=None, return_dtype=x.Int64)


def _within(instant: Any, calendar: BusinessCalendar) -> Any:
    return (instant % DAY - calendar.open_minute).clip(0, calendar.minutes_a_day)


def business_calendar(settings: Settings) -> BusinessCalendar:
    """The team's hours and days off as a calendar."""
    holidays = Holidays(frozenset(settings.holidays_add), frozenset(settings.holidays_drop))
    return BusinessCalendar(settings.open_minute, settings.close_minute, settings.weekdays, holidays)
