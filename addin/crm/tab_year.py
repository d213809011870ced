"""Dates without a year on a monthly tab: the tab's name or title may prove the year, and the month with it.

A tab ``2026년 3월`` makes 3월 5일 (and 3/5) the fifth of March 2026; 4월 2일 on the same tab stays unread.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.calendar import iso_text
from addin.crm.date_order import ordinal
from addin.crm.dates import yearless
from addin.crm.lazy import pattern
from addin.crm.reading import repaired
from addin.crm.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from addin.crm.clean import CleanColumn
    from addin.crm.fault import Fault
    from addin.crm.grid import CellValue, Grid
    from addin.crm.mapping import Region

_YEAR_MONTH = pattern(
    r"(?<!\d)((?:19|20)\d\d|\d\d(?= ?년|\.|'))\s*[년.\-/_ ']\s*(1[0-2]|0?[1-9])(?!\d)(?!\s*[.\-/]\s*\d)\s*월?", re.ASCII
)
_COMPACT = pattern(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)", re.ASCII)
_YEAR = pattern(r"(?<![\d,])((?:19|20)\d\d)(?![\d,]|\s*(?:건|명|원|세대|개|만|분|호))|(?<!\d)(\d\d)\s*년", re.ASCII)
_MONTH = pattern(r"(?<![\d.\-/])(1[0-2]|0?[1-9])\s*월(?!\s*[~\-–])", re.ASCII)
_SPAN = pattern(r"월\s*[~\-–]|~|분기|상반기|하반기")
_ABOVE = 4
_DAY = 1440
_EPOCH = dt.date(1970, 1, 1).toordinal() * _DAY
_LONGEST = 60


class Period(NamedTuple):
    """The year a tab is about, and its month (0 = the whole year)."""

    year: int
    month: int


def period_of(text: str) -> Period | None:
    """The one year, or year and month, a name or title tells; None where it tells none or several.

    >>> period_of("2026년 3월 접수"), period_of("26.03"), period_of("2026년 접수대장"), period_of("3월")
    (Period(year=2026, month=3), Period(year=2026, month=3), Period(year=2026, month=0), Period(year=0, month=3))
    >>> period_of("접수대장"), period_of("2025년~2026년")
    (None, None)
    """
    text = plain(text).casefold()
    spans = _SPAN().search(text) is not None
    pairs = {(_whole(m[1]), int(m[2])) for p in (_YEAR_MONTH(), _COMPACT()) for m in p.finditer(text)}
    if len(pairs) == 1 and not spans:
        return Period(*pairs.pop())
    years = {year for year, _ in pairs} | {_whole(m[1] or m[2]) for m in _YEAR().finditer(text)}
    months = {int(m[1]) for m in _MONTH().finditer(text)}
    if len(years) > 1 or (not years and not months):
        return None
    month = months.pop() if len(months) == 1 and not spans else 0
    year = years.pop() if years else 0
    return Period(year, month) if year or month else None


def period_in(grid: Grid, region: Region) -> Period | None:
    """What a list's tab and the lines above it say together; None without a year, or where they disagree."""
    told = [grid.name]
    for row in range(region.header_first - 1, max(0, region.header_first - 1 - _ABOVE), -1):
        line = grid.rows[row - 1] if row <= len(grid.rows) else ()
        told += [v for v in line if isinstance(v, str) and 0 < len(v) <= _LONGEST and not _STAMP().search(v)]
    found = [p for text in told if (p := period_of(text))]
    years, months = {p.year for p in found if p.year}, {p.month for p in found if p.month}
    if len(years) != 1 or len(months) > 1:
        return None
    return Period(years.pop(), months.pop() if months else 0)


#: Lines that tell a day of writing or printing, not what the tab is about.
_STAMP = pattern(r"작성|출력|인쇄|기준|업데이트|갱신|수정|printed|updated|as of", re.IGNORECASE)


def give_years(column: CleanColumn, values: Sequence[CellValue], period: Callable[[int], Period | None]) -> None:
    """Read a column's dates without a year where the cell's tab proves it: values and faults in place, as repairs.

    3/5 counts as March 5 on a tab of March, or where the column proves that months come first; never as May 3 but
    where the column proves that days do.
    """
    assert column.times is not None
    bare = {i: date for i, f in column.faults if f.code == "ambiguous_date" and (date := yearless(values[i]))}
    if not bare:
        return
    numeric = [d for i, d in bare.items() if "월" not in str(values[i])]
    month_first = all(d.written for d in numeric) and any(
        not d.swapped and len(set(d.written or ())) > 1 for d in numeric
    )
    day_first = not month_first and all(d.swapped or len(set(d.written or ())) == 1 for d in numeric)
    day_first = day_first and any(not d.written for d in numeric)
    mended: dict[int, Fault] = {}
    for index, date in bare.items():
        told = period(index)
        if told is None:
            continue
        ordered = "월" in str(values[index]) or month_first or day_first or told.month
        pair = date.swapped or date.written if day_first and date in numeric else date.written
        if pair is None or not ordered or told.month not in (0, pair[0]) or ordinal((told.year, *pair)) is None:
            continue
        whole = (told.year, *pair)
        minutes = (ordinal(whole) or 0) * _DAY - _EPOCH + (date.minute or 0)
        column.values[index], column.times[index] = minutes, date.minute is not None
        text = iso_text(minutes, date.minute is not None)
        fault = repaired(None, "year_from_tab", values[index], "instant", text).fault
        assert fault is not None
        mended[index] = fault
    column.faults = [(i, mended.get(i, fault)) for i, fault in column.faults]


def _whole(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)
