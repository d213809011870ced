"""Response times and dates: the team's open minutes and Korean holidays, deadlines, D-n."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm.business_time import BusinessCalendar, Holidays
from addin.crm.calendar import DAY, d_day_label, date_of, day_of, week_label, week_of_day
from addin.functions.registry import Blank, Example, Problem, function, named
from addin.functions.vectors import moment, number, told, yes

if TYPE_CHECKING:
    from addin.crm.dates import Instant
    from addin.crm.settings import Settings
    from addin.functions.registry import Answer, Cell, Context

_FURTHEST = 36_525  # days: a hundred years


def calendar_of(settings: Settings) -> BusinessCalendar:
    """The team's hours and days off."""
    return _calendar(
        settings.open_minute, settings.close_minute, settings.weekdays, settings.holidays_add, settings.holidays_drop
    )


@lru_cache(maxsize=8)
def _calendar(
    opens: int, closes: int, weekdays: tuple[int, ...], add: tuple[int, ...], drop: tuple[int, ...]
) -> BusinessCalendar:
    return BusinessCalendar(opens, closes, weekdays, Holidays(frozenset(add), frozenset(drop)))


def _needed(value: Cell, name: str) -> Instant:
    found = moment(value, name)
    if found is None:
        raise Blank("fn.error.no_date", value=str(value), name=named(name))
    return found


@function("calendar", example=Example(("2026-11-20 17:55", "2026-11-23 09:05"), 10))
def business_minutes(start: Cell, end: Cell, *, context: Context) -> Answer:
    """Open minutes between two moments; a date alone is its midnight."""
    first, last = _needed(start, "start"), _needed(end, "end")
    return calendar_of(context.chosen()).business_minutes(first.minutes, last.minutes)


@function("calendar", example=Example(("2026-11-20 17:55", "2026-11-23 09:03"), True))
def within_sla(received: Cell, confirmed: Cell, minutes: Cell = None, *, context: Context) -> Answer:
    """Whether an answer came in time; empty while there is none yet."""
    settings = context.chosen()
    first, last = _needed(received, "received"), _needed(confirmed, "confirmed")
    if not first.has_time or not last.has_time:
        raise Problem("fn.error.no_time", value=told(last if first.has_time else first))
    if last.minutes < first.minutes:
        raise Problem("fn.error.before", value=told(last), first=told(first))
    allowed = number(minutes, "minutes")
    took = last.minutes - first.minutes
    if settings.clock == "business":
        took = calendar_of(settings).business_minutes(first.minutes, last.minutes)
    return took <= (settings.response_minutes if allowed is None else allowed)


@function("calendar", volatile=True, example=Example(("2026-11-28", "2026-11-21"), "D-7"))
def dday(date: Cell, today: Cell = None, *, context: Context) -> Answer:
    """Days left, as people write them."""
    now = moment(today, "today")
    day = now.minutes // DAY if now else day_of(context.day())
    return d_day_label(_needed(date, "date").minutes // DAY, day)


@function("calendar", example=Example(("2026-11-20", 1, True), dt.date(2026, 11, 23)))
def due(date: Cell, days: Cell, business: Cell = None, *, context: Context) -> Answer:
    """The day so many days later; business days skip weekends and holidays."""
    count = number(days, "days") or 0.0
    if not float(count).is_integer() or abs(count) > _FURTHEST:
        raise Problem("fn.error.days", value=f"{count:g}")
    start = _needed(date, "date").minutes // DAY
    return date_of(calendar_of(context.chosen()).due(start, int(count), yes(business)))


@function("calendar", example=Example(("2026-11-21",), "2026-W47"))
def iso_week(date: Cell) -> Answer:
    """The ISO week of a date."""
    return week_label(week_of_day(_needed(date, "date").minutes // DAY))
