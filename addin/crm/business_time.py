"""When a team is open: Korea's public holidays with its own changes, its hours, business minutes and deadlines."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, date_of, day_of, weekday_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


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


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When the team is open: the same hours on each of its weekdays (0 = Monday), closed on holidays.

    ``open_minute``/``close_minute`` count from midnight; 0 and 1440 mean round the clock.
    `ValueError` where no minute of a week would be open.

    >>> from addin.crm.calendar import minutes_of
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
        return weekday_of_day(day) in self.weekdays and day not in self.holidays

    def open_days(self, first: int, last: int) -> int:
        """How many days from ``first`` to ``last``, both inclusive, are open (0 where last < first)."""
        if last < first:
            return 0
        weeks, rest = divmod(last - first + 1, 7)
        begin = weekday_of_day(first)
        count = weeks * len(set(self.weekdays)) + sum((begin + i) % 7 in self.weekdays for i in range(rest))
        return count - sum(weekday_of_day(day) in self.weekdays for day in self.holidays.between(first, last))

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
        weekday = weekday_of_day(pl.col("day"))
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
