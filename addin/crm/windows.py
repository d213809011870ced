"""Spans of days: closed ISO weeks, periods that share out a span, and windows that grow until the sample is enough."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm import calendar as cal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Span = tuple[int, int]  #: first and last day, both inclusive
#: Dimensions that are spans of time: how a day finds its period, the period's label and its days.
PERIODS: dict[str, tuple[Callable[[int], int], Callable[[int], str], Callable[[int], Span]]] = {
    "week": (cal.week_of_day, cal.week_label, cal.week_bounds),
    "month": (cal.month_of_day, cal.month_label, cal.month_bounds),
    "quarter": (cal.quarter_of_day, cal.quarter_label, cal.quarter_bounds),
}


@lru_cache(maxsize=1024)
def closed_weeks(as_of: int, weeks: int) -> Span:
    """The last ``weeks`` ISO weeks that are over at the end of day ``as_of``.

    >>> closed_weeks(17, 1), closed_weeks(16, 1), closed_weeks(16, 2)
    ((11, 17), (4, 10), (-3, 10))
    """
    last = cal.last_closed_week(as_of)
    return cal.week_bounds(last - weeks + 1)[0], cal.week_bounds(last)[1]


def closed_month(as_of: int) -> Span:
    """The last month that is over at the end of day ``as_of``."""
    return cal.month_bounds(cal.month_of_day(as_of + 1) - 1)


def closed_quarter(as_of: int) -> Span:
    """The last quarter that is over at the end of day ``as_of``."""
    return cal.quarter_bounds(cal.quarter_of_day(as_of + 1) - 1)


def periods(by: str, span: Span) -> list[tuple[str, Span]]:
    """The weeks, months or quarters that share out a span: label and days, cut at the span's ends.

    >>> periods("week", (4, 12))
    [('1970-W02', (4, 10)), ('1970-W03', (11, 12))]
    """
    of_day, label, bounds = PERIODS[by]
    found = []
    for number in range(of_day(span[0]), of_day(span[1]) + 1):
        first, last = bounds(number)
        found.append((label(number), (max(first, span[0]), min(last, span[1]))))
    return found


def whole_weeks(span: Span) -> range:
    """The ISO weeks that lie wholly within a span.

    >>> list(whole_weeks((3, 18)))
    [0, 1]
    """
    return range(cal.week_of_day(span[0] + 6), cal.week_of_day(span[1] + 1))


def grown(counts: Sequence[int], enough: int) -> int:
    """How many weeks a growing window takes: newest first, until the counts add up to ``enough``, else all.

    >>> grown([4, 3, 5], 6), grown([4], 6), grown([9, 1], 6)
    (2, 1, 1)
    """
    total = 0
    for weeks, count in enumerate(counts, 1):
        total += count
        if total >= enough:
            return weeks
    return len(counts)


def goal_month(span: Span) -> Span:
    """The last whole month within a span; where there is none, the part of its last month it covers.

    >>> goal_month((0, 60)), goal_month((3, 20))
    ((31, 58), (3, 20))
    """
    return _last_whole(span, closed_month(span[1]), cal.month_bounds(cal.month_of_day(span[1])))


def goal_quarter(span: Span) -> Span:
    """The same for quarters.

    >>> goal_quarter((0, 100)), goal_quarter((0, 40))
    ((0, 89), (0, 40))
    """
    return _last_whole(span, closed_quarter(span[1]), cal.quarter_bounds(cal.quarter_of_day(span[1])))


def _last_whole(span: Span, closed: Span, under_way: Span) -> Span:
    return closed if closed[0] >= span[0] else (max(span[0], under_way[0]), span[1])
