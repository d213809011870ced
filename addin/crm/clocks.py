"""A date in one column and its time of day in the next (접수일 | 접수시간): one instant, read from both."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.crm.clock import minute_of_day
from addin.crm.lazy import pattern
from addin.crm.naming import fields_named_by
from addin.crm.reading import opening, wrong
from addin.crm.shapes import BLANK, DATE, shape
from addin.crm.text import plain
from addin.crm.words import header_key, words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from addin.crm.clean import CleanColumn
    from addin.crm.fault import Fault
    from addin.crm.grid import CellValue
    from addin.crm.shapes import Look
    from addin.crm.tables import Table

#: Headers that say no more than "time": they belong to the date column on their left.
_TIMES = frozenset(map(header_key, words("시간 시각 시분 time")))
_DAY = 1440
_SPAN = pattern(r"(.*?\d.*?) ?[~∼〜] ?\d+.*?(시|분|m|\d)")
_SHARE = 0.7
_MORNING = 6 * 60  # times of day begin about here; durations stay below


def find_clocks(
    table: Table, pairs: Mapping[str, str], headers: Sequence[str], looks: Mapping[str, Look], clocks: Collection[str]
) -> dict[str, str]:
    """Field → header of the column with its time of day, for the instants of a reading.

    ``clocks``: headers over times of day (`is_clock`) that serve no field and nobody asked to leave alone. 접수시간
    belongs to 접수일 by its words, a plain 시간 to the date column just left of it.
    """
    instants = {f.id for f in table.fields if f.type == "instant"}
    at = {header: field_id for field_id, header in pairs.items()}
    out: dict[str, str] = {}
    for place, header in enumerate(headers):
        if header not in clocks:
            continue
        named = [f for t, f in fields_named_by(header) if t == table.id and f in instants and f in pairs]
        left = at.get(headers[place - 1]) if place else None
        if not named and left in instants and header_key(header.split(" › ")[-1]) in _TIMES:
            named = [left]
        found = next((f for f in named if f not in out and looks[pairs[f]].share(DATE) + looks[pairs[f]].serials), None)
        if found is not None:
            out[found] = header
    return out


def read_clock(value: CellValue) -> int | None:
    """A time of day as minutes since midnight, None where the cell holds none.

    Of a span it is the beginning.

    >>> read_clock("오후 3:20"), read_clock(dt.time(9, 5)), read_clock(0.5), read_clock("10~12시"), read_clock("오전중")
    (920, 545, 720, 600, None)
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, dt.datetime):
        return value.hour * 60 + value.minute if value.year <= 1904 else None
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds()) // 60
        return minutes if 0 <= minutes < _DAY else None
    if isinstance(value, int | float):
        return round(value * _DAY * 60) // 60 if 0 <= value < 1 else None
    if not isinstance(value, str):
        return None
    text = plain(value).casefold()
    if found := _SPAN().fullmatch(text):  # 10:00~12:00 begins at ten
        start, unit = found.groups()
        text = start + "시" if start.isdigit() and unit == "시" else start
    return minute_of_day(text)


def add_clock(column: CleanColumn, clocks: Sequence[CellValue]) -> list[tuple[int, Fault]]:
    """Add times of day to a column of dates, in place; what is wrong with the times themselves, by index.

    A date that has a time already keeps it. A time beside no date is a fault too: nothing is dropped silently.
    """
    times = column.times
    assert times is not None
    unread = {index for index, _ in column.faults}
    faults: list[tuple[int, Fault]] = []
    for index, value in enumerate(clocks):
        if value is None or value == "":
            continue
        known = opening(value, "instant")
        minute = read_clock(value)
        fault: Fault | None = None
        if known is not None:
            fault = known.fault
        elif minute is None:
            fault = wrong("bad_time", value, "clock").fault
        elif column.values[index] is None:
            fault = None if index in unread else wrong("incomplete_date", value, "instant").fault
        elif not times[index]:
            column.values[index] += minute
            times[index] = True
        if fault is not None:
            faults.append((index, fault))
    return faults


def is_clock(values: Sequence[CellValue]) -> bool:
    """Whether a column holds times of day: nearly all read as such, and not all of them are short spans.

    >>> is_clock([dt.time(9), "오후 2:30", None]), is_clock([dt.timedelta(minutes=30)] * 3)
    (True, False)
    """
    days = sum(type(v) is float and v >= 1 for v in values)
    if days > (1 - _SHARE) * len(values):  # dates and amounts are numbers, too, where Calc hands a range over
        return False
    seen = [v for v in values if shape(v) != BLANK]
    read = [m for v in seen if (m := read_clock(v)) is not None]
    if not seen or len(read) < _SHARE * len(seen):
        return False
    return 2 * sum(m >= _MORNING for m in read) > len(read)
