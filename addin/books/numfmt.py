"""Number formats: which show a date, which a time of day; and serial numbers as the dates they stand for.

Built-in ids after ECMA-376 part 1, 18.8.30 (with the ko-kr list).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

_BUILT_IN_TIMES = frozenset({18, 19, 20, 21, 22, 32, 33, 45, 46, 47})
_BUILT_IN_DATES = frozenset({*range(14, 18), *range(27, 32), 34, 35, 36, *range(50, 59)})
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]')


class Shown(NamedTuple):
    """What a number format makes of a number: a date (or time) at all, with a time of day, an elapsed duration."""

    date: bool = False
    time: bool = False
    duration: bool = False


def shown(code: str) -> Shown:
    """What a format code shows.

    >>> shown("yyyy-mm-dd hh:mm").time, shown('yyyy"시"').time, shown("#,##0").date, shown("[h]:mm").duration
    (True, False, False, True)
    """
    first = code.split(";", 1)[0]
    if _DURATION.search(first):
        return Shown(date=True, time=True, duration=True)
    letters = _LITERAL.sub("", first).lower()
    if letters == "general":
        return Shown()
    time = "h" in letters or "s" in letters
    return Shown(date=time or any(letter in letters for letter in "ymd"), time=time)


def cell_formats(styles: _Element | None) -> list[Shown]:
    """For each cell style (``cellXfs`` in order) what its number format shows; [] where there are no styles."""
    if styles is None:
        return []
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in styles.iterfind("{*}numFmts/{*}numFmt")}
    out = []
    for xf in styles.iterfind("{*}cellXfs/{*}xf"):
        number = xf.get("numFmtId", "0")
        if number in codes:
            out.append(shown(codes[number]))
        elif int(number) == 46:
            out.append(Shown(date=True, time=True, duration=True))
        else:
            time = int(number) in _BUILT_IN_TIMES
            out.append(Shown(date=time or int(number) in _BUILT_IN_DATES, time=time))
    return out


def from_serial(
    serial: float, look: Shown, epoch_1904: bool = False
) -> dt.datetime | dt.date | dt.time | dt.timedelta | float:
    """A serial number as what its format shows: below 1 a time, midnight a date; the number itself outside 1900–9999.

    >>> from_serial(45000.5, Shown(date=True)), from_serial(0.5, Shown(date=True))
    (datetime.datetime(2023, 3, 15, 12, 0), datetime.time(12, 0))
    >>> from_serial(45000.0, Shown(date=True), epoch_1904=True)
    datetime.date(2027, 3, 16)
    """
    if look.duration:
        return dt.timedelta(milliseconds=round(serial * 86_400_000)) if abs(serial) < 1e8 else serial
    if serial < 0:
        return serial
    if epoch_1904:
        start = dt.datetime(1904, 1, 1)
    else:  # 1900 was no leap year; the spreadsheet thinks it was
        start = dt.datetime(1899, 12, 31) if serial < 60 else dt.datetime(1899, 12, 30)
    try:
        moment = start + dt.timedelta(milliseconds=round(serial * 86_400_000))
    except OverflowError:
        return serial
    if serial < 1:
        return moment.time()
    return moment if moment.time() != dt.time() else moment.date()
