"""Korean time as whole numbers: minutes, days, ISO weeks, months, quarters, D-n.

An instant is minutes since 1970-01-01 00:00 on a clock in Seoul; no zone arithmetic ever happens
(Korea has one zone and no summer time). A day is ``minutes // 1440``, an ISO week ``(minutes - 5760) // 10080``:
week 0 begins on Monday 1970-01-05. Working on integers keeps every engine's weeks the same.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
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


def weekday_of_day(day: Whole) -> Whole:
    """A day → its weekday, 0 = Monday.

    >>> weekday_of_day(day_of(dt.date(2026, 11, 22)))
    6
    """
    return (day - _MONDAY) % 7


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
