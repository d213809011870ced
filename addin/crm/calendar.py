"""Korean time as whole numbers: minutes, days, ISO weeks, months, quarters, business minutes, D-n.

An instant is minutes since 1970-01-01 00:00 on a clock in Seoul; no zone arithmetic ever happens
(Korea has one zone and no summer time). A day is ``minutes // 1440``, an ISO week ``(minutes - 5760) // 10080``:
week 0 begins on Monday 1970-01-05. Working on integers keeps every engine's weeks the same.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

DAY = 1440
WEEK = 7 * DAY
_EPOCH = dt.date(1970, 1, 1).toordinal()
_MONDAY = 4  # 1970-01-05 is day 4
_DATE_TEXT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?)?")
_WEEK_TEXT = re.compile(r"(\d{4})-?W(\d{1,2})")
#: A whole number, or a column of them.
Whole = TypeVar("Whole", int, "pl.Expr", "pl.Series")


# -- days and instants -------------------------------------------------------------------------------------------------


def day_of(date: dt.date) -> int:
    """A date (or datetime) → its day number.

    >>> day_of(dt.date(1970, 1, 5))
    4
    """
    return date.toordinal() - _EPOCH


def date_of(day: int) -> dt.date:
    """A day number → the date. `OverflowError`/`ValueError` outside years 1–9999.

    >>> date_of(20778)
    datetime.date(2026, 11, 21)
    """
    return dt.date.fromordinal(day + _EPOCH)


def minutes_of(moment: dt.date | dt.datetime) -> int:
    """A date (its midnight) or a naive datetime (seconds dropped) → minutes.

    >>> minutes_of(dt.datetime(1970, 1, 2, 9, 30, 59))
    2010
    """
    minutes = day_of(moment) * DAY
    if isinstance(moment, dt.datetime):
        minutes += moment.hour * 60 + moment.minute
    return minutes


def iso_text(minutes: int, has_time: bool = True) -> str:
    """Minutes → ISO text without a zone; the date alone where the cell held no time.

    >>> iso_text(2010), iso_text(2010, has_time=False)
    ('1970-01-02T09:30', '1970-01-02')
    """
    day, minute = divmod(minutes, DAY)
    date = date_of(day).isoformat()
    return f"{date}T{minute // 60:02d}:{minute % 60:02d}" if has_time else date


def minutes_of_text(text: str) -> int | None:
    """ISO text (``2026-09-01``, ``2026-09-01T09:00``) → minutes; None where it is no such date.

    >>> minutes_of_text("1970-01-02T09:30"), minutes_of_text("2026-02-30")
    (2010, None)
    """
    found = _DATE_TEXT.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in found.groups())
    try:
        return minutes_of(dt.datetime(year, month, day, hour, minute))
    except ValueError:
        return None


# -- weeks, months, quarters -------------------------------------------------------------------------------------------


def week_of(minutes: Whole) -> Whole:
    """Minutes → ISO week index."""
    return (minutes - _MONDAY * DAY) // WEEK


def week_of_day(day: Whole) -> Whole:
    """A day → its ISO week index.

    >>> week_of_day(4), week_of_day(3)
    (0, -1)
    """
    return (day - _MONDAY) // 7


def week_label(week: int) -> str:
    """A week index → ``2026-W47``; the year is the ISO year, which has 52 or 53 weeks.

    >>> week_label(week_of_day(day_of(dt.date(2026, 11, 21)))), week_label(week_of_day(day_of(dt.date(2027, 1, 3))))
    ('2026-W47', '2026-W53')
    """
    year, number, _ = date_of(week * 7 + _MONDAY).isocalendar()
    return f"{year}-W{number:02d}"


def week_of_label(label: str) -> int | None:
    """``2026-W47`` → week index; None for text that names no ISO week (2025 has no W53).

    >>> week_label(week_of_label("2026-W53")), week_of_label("2025-W53")
    ('2026-W53', None)
    """
    found = _WEEK_TEXT.fullmatch(label.strip())
    if not found:
        return None
    try:
        return week_of_day(day_of(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1)))
    except ValueError:
        return None


def week_bounds(week: int) -> tuple[int, int]:
    """A week index → its Monday and Sunday as days, both inclusive.

    >>> week_bounds(0)
    (4, 10)
    """
    first = week * 7 + _MONDAY
    return first, first + 6


def last_closed_week(as_of: int) -> int:
    """The last week that is over at the end of day ``as_of``: on a Sunday, that Sunday's week.

    >>> last_closed_week(10), last_closed_week(9)
    (0, -1)
    """
    return week_of_day(as_of + 1) - 1


def month_of_day(day: int) -> int:
    """A day → its month index, months since January of year 0; a quarter index is a third of it."""
    date = date_of(day)
    return date.year * 12 + date.month - 1


def month_label(month: int) -> str:
    """A month index → ``2026-11``.

    >>> month_label(month_of_day(day_of(dt.date(2026, 11, 21))))
    '2026-11'
    """
    return f"{month // 12}-{month % 12 + 1:02d}"


def month_bounds(month: int) -> tuple[int, int]:
    """A month index → its first and last day, both inclusive.

    >>> [date_of(d).isoformat() for d in month_bounds(2024 * 12 + 1)]
    ['2024-02-01', '2024-02-29']
    """
    first = day_of(dt.date(month // 12, month % 12 + 1, 1))
    following = month + 1
    return first, day_of(dt.date(following // 12, following % 12 + 1, 1)) - 1


def quarter_of_day(day: int) -> int:
    """A day → its quarter index."""
    return month_of_day(day) // 3


def quarter_label(quarter: int) -> str:
    """A quarter index → ``2026-Q4``.

    >>> quarter_label(quarter_of_day(day_of(dt.date(2026, 11, 21))))
    '2026-Q4'
    """
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def quarter_bounds(quarter: int) -> tuple[int, int]:
    """A quarter index → its first and last day, both inclusive.

    >>> [date_of(d).isoformat() for d in quarter_bounds(2026 * 4 + 3)]
    ['2026-10-01', '2026-12-31']
    """
    return month_bounds(quarter * 3)[0], month_bounds(quarter * 3 + 2)[1]


# -- holidays ----------------------------------------------------------------------------------------------------------


@cache
def _known_years() -> dict[int, list[str]]:
    """The days of each year that is known, as MMDD."""
    from addin.crm.public_holidays import YEARS

    known: dict[int, list[str]] = {}
    for word in YEARS.split():
        if word > "1231":
            days = known[int(word)] = []
        else:
            days.append(word)
    return known


@lru_cache(maxsize=256)
def _public_holidays(year: int) -> tuple[int, ...]:
    """Korea's public holidays of one year as days, in order: substitutes and election days with them.

    Source: `addin.crm.public_holidays`, which knows 1948-2100; other years have none.
    """
    days = _known_years().get(year, [])
    return tuple(day_of(dt.date(year, int(day[:2]), int(day[2:]))) for day in days)


@dataclass(frozen=True, slots=True)
class Holidays:
    """Korea's public holidays, worked out a year at a time when asked, with a team's own changes.

    ``add`` are days the team is closed besides (its founding day), ``drop`` public holidays it works.

    >>> seollal = Holidays().between(day_of(dt.date(2026, 2, 1)), day_of(dt.date(2026, 2, 28)))
    >>> [date_of(day).isoformat() for day in seollal]
    ['2026-02-16', '2026-02-17', '2026-02-18']
    """

    add: frozenset[int] = frozenset()
    drop: frozenset[int] = frozenset()
    public: bool = True

    @classmethod
    def of(cls, add: Iterable[dt.date] = (), drop: Iterable[dt.date] = (), public: bool = True) -> Holidays:
        """The same from dates."""
        return cls(frozenset(map(day_of, add)), frozenset(map(day_of, drop)), public)

    def year(self, year: int) -> tuple[int, ...]:
        """One year's holidays as days, in order."""
        return _year_of_holidays(self, year)

    def between(self, first: int, last: int) -> list[int]:
        """The holidays from day ``first`` to ``last``, both inclusive, in order."""
        days: list[int] = []
        for year in range(date_of(first).year, date_of(last).year + 1):
            found = self.year(year)
            days += found[bisect_left(found, first) : bisect_right(found, last)]
        return days

    def __contains__(self, day: int) -> bool:
        return day in self.year(date_of(day).year)


@lru_cache(maxsize=1024)
def _year_of_holidays(holidays: Holidays, year: int) -> tuple[int, ...]:
    days = {day for day in holidays.add if date_of(day).year == year}
    if holidays.public:
        days.update(_public_holidays(year))
    return tuple(sorted(days - holidays.drop))


# -- business time -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When the team is open: the same hours on each of its weekdays (0 = Monday), closed on holidays.

    ``open_minute``/``close_minute`` count from midnight; 0 and 1440 mean round the clock.
    `ValueError` where no minute of a week would be open.

    >>> office = BusinessCalendar(9 * 60, 18 * 60)
    >>> friday, monday = dt.datetime(2026, 11, 20, 17, 55), dt.datetime(2026, 11, 23, 9, 5)
    >>> office.business_minutes(minutes_of(friday), minutes_of(monday))
    10
    """

    open_minute: int = 9 * 60
    close_minute: int = 18 * 60
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: Holidays = field(default_factory=Holidays)

    def __post_init__(self) -> None:
        if not 0 <= self.open_minute < self.close_minute <= DAY:
            raise ValueError(f"hours {self.open_minute}–{self.close_minute} are not within a day")
        if not self.weekdays or not set(self.weekdays) <= set(range(7)):
            raise ValueError(f"weekdays {self.weekdays} are not some of 0–6")

    @property
    def minutes_a_day(self) -> int:
        """Open minutes of an open day."""
        return self.close_minute - self.open_minute

    def is_open(self, day: int) -> bool:
        """Whether the team works on a day."""
        return (day - _MONDAY) % 7 in self.weekdays and day not in self.holidays

    def open_days(self, first: int, last: int) -> int:
        """How many days from ``first`` to ``last``, both inclusive, are open (0 where last < first)."""
        if last < first:
            return 0
        weeks, rest = divmod(last - first + 1, 7)
        begin = (first - _MONDAY) % 7
        count = weeks * len(set(self.weekdays)) + sum((begin + i) % 7 in self.weekdays for i in range(rest))
        return count - sum((day - _MONDAY) % 7 in self.weekdays for day in self.holidays.between(first, last))

    def business_minutes(self, start: int, end: int) -> int:
        """Open minutes from instant ``start`` to ``end``; negative where ``end`` comes first."""
        if end < start:
            return -self.business_minutes(end, start)
        first, last = start // DAY, end // DAY
        return (
            self.open_days(first, last - 1) * self.minutes_a_day
            + (self._within(end % DAY) if self.is_open(last) else 0)
            - (self._within(start % DAY) if self.is_open(first) else 0)
        )

    def _within(self, minute: int) -> int:
        return min(max(minute - self.open_minute, 0), self.minutes_a_day)

    def table(self, first: int, last: int) -> pl.DataFrame:
        """One row a day, first to last: ``day`` Int64, ``is_open`` Boolean, ``minutes_before`` Int64.

        ``minutes_before`` are the open minutes from day ``first`` to that day's midnight. Any engine
        that joins both instants' days has the business minutes between them:
        ``minutes_before + is_open·clip(minute of day − open_minute, 0, minutes_a_day)``, end less start.
        """
        import polars as pl

        days = pl.DataFrame({"day": pl.int_range(first, last + 1, eager=True)})
        closed = pl.Series(self.holidays.between(first, last), dtype=pl.Int64)
        weekday = (pl.col("day") - _MONDAY) % 7
        opened = weekday.is_in(list(self.weekdays)) & ~pl.col("day").is_in(closed.implode())
        return days.with_columns(is_open=opened).with_columns(
            minutes_before=(pl.col("is_open").cast(pl.Int64).cum_sum() - pl.col("is_open")) * self.minutes_a_day
        )

    def between(self, starts: pl.Series, ends: pl.Series) -> pl.Series:
        """`business_minutes` of two Int64 columns of instants; null where either is null."""
        import polars as pl

        known = pl.concat([starts.drop_nulls(), ends.drop_nulls()])
        if known.is_empty():
            return pl.Series(starts.name, [None] * len(starts), dtype=pl.Int64)
        first, last = int(known.min()) // DAY, int(known.max()) // DAY  # type: ignore[arg-type]
        days = self.table(first, last)

        def position(instants: pl.Series) -> pl.Series:
            at = instants // DAY - first
            within = (instants % DAY - self.open_minute).clip(0, self.minutes_a_day)
            return days["minutes_before"].gather(at) + within * days["is_open"].gather(at).cast(pl.Int64)

        return (position(ends) - position(starts)).alias(starts.name)

    def due(self, day: int, days: int, business: bool = False) -> int:
        """The day ``days`` later (earlier where negative); ``business`` counts open days only.

        With ``business`` and 0 days: the day itself if open, else the next open day.

        >>> date_of(BusinessCalendar().due(day_of(dt.date(2026, 11, 20)), 1, business=True)).isoformat()
        '2026-11-23'
        """
        if not business:
            return day + days
        step = -1 if days < 0 else 1
        left = abs(days)
        if left == 0 and not self.is_open(day):
            left = 1
        while left:
            day += step
            left -= self.is_open(day)
        return day


# -- D-n ---------------------------------------------------------------------------------------------------------------


def d_day(day: int, today: int) -> int:
    """Days left until ``day``: 7 is D-7, 0 the day itself, negative when past (seed 000: notice on 잔금일 D-7)."""
    return day - today


def d_day_label(day: int, today: int) -> str:
    """``D-7``, ``D-Day``, ``D+3``.

    >>> d_day_label(17, 10), d_day_label(10, 10), d_day_label(7, 10)
    ('D-7', 'D-Day', 'D+3')
    """
    left = d_day(day, today)
    return "D-Day" if left == 0 else f"D{-left:+d}"
