"""Dates and times as Korean offices write them, read strictly: one certain reading, or a fault.

An instant is whole minutes since 1970-01-01 00:00 in local (Asia/Seoul) time, with a bit that says
whether the cell held a time of day. What the calendar doesn't know is not guessed: ``내일``, ``3/5``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from addin.crm.calendar import iso_text
from addin.crm.clock import after_date, minute_of_day
from addin.crm.date_order import NO_ORDER, SHORT, DateOrder, orders, ordinal, short_year
from addin.crm.lazy import pattern
from addin.crm.reading import Reading, opening, repaired, wrong
from addin.crm.text import plain

#: Dates outside these years are typing errors or numbers in disguise.
FIRST_YEAR, LAST_YEAR = 1990, 2100
EPOCH = dt.date(1970, 1, 1).toordinal()
#: The minutes of these years: from the first on, up to the second, which is none of them.
MIN_MINUTES, MAX_MINUTES = ((dt.date(year, 1, 1).toordinal() - EPOCH) * 1440 for year in (FIRST_YEAR, LAST_YEAR + 1))
_SERIAL_1900 = dt.date(1899, 12, 30).toordinal()
_SERIAL_1904 = dt.date(1904, 1, 1).toordinal()
_SEOUL = dt.timezone(dt.timedelta(hours=9))
_WEEKDAYS = "월화수목금토일"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_YMD = pattern(r"(\d{4}) ?[-./,년 ] ?(\d{1,2}) ?[-./,월 ] ?(\d{1,2})(?!\d)(?: ?일(?!요))?(.*)", re.ASCII)
_ISO = pattern(r"(\d{4}-\d\d-\d\d)(?:[ T]([01]\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?)?", re.ASCII)
_COMPACT = pattern(r"(\d{4})(\d\d)(\d\d)(?:[ t-]?(\d\d)(\d\d)(?:\d\d)?(z|[+-]\d\d:?\d\d)?|(\D.*))?", re.ASCII)
_SIX = pattern(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_NAMED = pattern(
    r"(?:(\d{1,2})[ -])?([a-z]{3})[a-z]*\.?[ -](?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})(?!\d)(.*)", re.ASCII
)
_NO_YEAR = pattern(r"(\d{1,2}) ?([-./월]) ?(\d{1,2})(?!\d)(?: ?일(?!요))?(.*)", re.ASCII)
_MONTH_ONLY = pattern(r"(?:\d{4}|\d\d년) ?[-./년]? ?(?:\d{1,2} ?월?)?\.?", re.ASCII)


class Instant(NamedTuple):
    """Minutes since 1970-01-01 00:00 in Asia/Seoul, and whether the cell held a time of day."""

    minutes: int
    has_time: bool


def first_serial(epoch_1904: bool) -> int:
    """The ordinal of the day a workbook's serial numbers count from."""
    return _SERIAL_1904 if epoch_1904 else _SERIAL_1900


def native_minutes(value: dt.datetime) -> int:
    """Minutes of a native datetime, local; half a second before a minute counts as that minute (float noise).

    >>> native_minutes(dt.datetime(1970, 1, 2, 0, 1, 59))
    1441
    """
    if value.tzinfo is not None:
        value = value.astimezone(_SEOUL)
    minutes = (value.toordinal() - EPOCH) * 1440 + value.hour * 60 + value.minute
    return minutes + 1 if value.second == 59 and value.microsecond >= 500_000 else minutes


def iso_instant(text: str, days: dict[str, int | None]) -> Reading[Instant] | None:
    """`parse_instant` of the plainest written form, fast; None = ask `parse_instant`. ``days`` is its memory.

    >>> iso_instant("1990-01-02 00:01", {}).value, iso_instant("24.3.5", {})
    (Instant(minutes=10520641, has_time=True), None)
    """
    match = _ISO().fullmatch(text)
    if match is None:
        return None
    date = match[1]
    if date not in days:
        try:
            day = dt.date.fromisoformat(date)
        except ValueError:
            days[date] = None
        else:
            days[date] = (day.toordinal() - EPOCH) * 1440 if FIRST_YEAR <= day.year <= LAST_YEAR else None
    start = days[date]
    if start is None:
        return None
    if match[2]:
        return Reading(Instant(start + int(match[2]) * 60 + int(match[3]), True), None)
    return Reading(Instant(start, False), None)


def parse_instant(
    value: object, *, order: DateOrder = NO_ORDER, epoch_1904: bool = False, has_time: bool | None = None
) -> Reading[Instant]:
    """A cell as an `Instant`: native dates, serial numbers, and the written forms of a Korean office.

    ``order`` is what `date_order` proved for the column; ``has_time`` is what the number format shows
    (None: a midnight value counts as a date alone).

    >>> parse_instant("2024년 3월 5일 오후 3:20").value == parse_instant("24.3.5 15:20").value
    True
    >>> parse_instant("2024-13-40").fault.code, parse_instant("03/05/2024").fault.code, parse_instant("내일").fault.code
    ('bad_date', 'ambiguous_date', 'bad_date')
    >>> parse_instant("03/05/2024", order=DateOrder("dmy")) == parse_instant("2024-05-03")
    True
    """
    known = opening(value, "instant")
    if known is not None:
        return known
    if isinstance(value, bool):
        return wrong("bad_date", value, "instant")
    if isinstance(value, dt.datetime):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            return wrong("date_out_of_range", value, "instant")
        minutes = native_minutes(value)
        return Reading(Instant(minutes, bool(has_time) or minutes % 1440 != 0), None)
    if isinstance(value, dt.date):
        return _dated(value, (value.year, value.month, value.day), 0, bool(has_time))
    if isinstance(value, (dt.time, dt.timedelta)):
        return wrong("incomplete_date", value, "instant")
    if isinstance(value, (int, float)):
        return _from_number(value, value, epoch_1904, has_time)
    if not isinstance(value, str):
        return wrong("bad_date", value, "instant")
    return _from_text(value, order, epoch_1904)


def _from_number(value: object, number: float, epoch_1904: bool, has_time: bool | None) -> Reading[Instant]:
    if abs(number) >= 1e15:
        return wrong("bad_date", value, "instant")
    digits = str(int(number)) if float(number).is_integer() and number > 0 else ""
    if len(digits) in (8, 12, 14) and (compact := _COMPACT().fullmatch(digits)):
        return _compact(value, compact)
    if len(digits) == 6 and (six := _SIX().fullmatch(digits)):
        return _six(value, six)
    if digits and len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return wrong("incomplete_date", value, "instant")
    seconds = round(number * 86_400)
    day = seconds // 86_400 + first_serial(epoch_1904)
    if not 1 <= day <= dt.date.max.toordinal() or not FIRST_YEAR <= dt.date.fromordinal(day).year <= LAST_YEAR:
        return wrong("date_out_of_range" if len(digits) == 5 or number == 0 else "bad_date", value, "instant")
    minutes = (day - EPOCH) * 1440 + seconds % 86_400 // 60
    return Reading(Instant(minutes, bool(has_time) or minutes % 1440 != 0), None)


def _from_text(value: str, order: DateOrder, epoch_1904: bool) -> Reading[Instant]:
    text = plain(value).casefold().lstrip("'")
    if match := _YMD().fullmatch(text):
        return _timed(value, (int(match[1]), int(match[2]), int(match[3])), match[4])
    if match := _COMPACT().fullmatch(text):
        return _compact(value, match)
    if match := SHORT.fullmatch(text):
        return _short(value, match, order)
    if (match := _NAMED().fullmatch(text)) and match[2] in _MONTHS and (match[1] or match[3]):
        return _timed(value, (int(match[4]), _MONTHS.index(match[2]) + 1, int(match[1] or match[3])), match[5])
    if match := _SIX().fullmatch(text):
        return _six(value, match)
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        read = _from_number(value, float(text), epoch_1904, None)
        if read.value is None:
            return read
        return repaired(read.value, "date_from_number", value, "instant", iso_text(*read.value))
    if _NO_YEAR().fullmatch(text):
        return _no_year(value)
    if _MONTH_ONLY().fullmatch(text) or minute_of_day(text) is not None:
        return wrong("incomplete_date", value, "instant")
    return wrong("bad_date", value, "instant", _inside(text))


def _inside(text: str) -> str | None:
    """The one whole date inside other words, as a proposal."""
    match = re.search(r"(?<!\d)\d{4} ?[-./년] ?\d{1,2} ?[-./월] ?\d{1,2}(?!\d)", text, re.ASCII)
    read = _from_text(match[0], NO_ORDER, False) if match else None
    return iso_text(*read.value) if read and read.value else None


def _short(value: str, match: re.Match[str], order: DateOrder) -> Reading[Instant]:
    """Three short parts: the order of year, month and day must be certain."""
    a, b, c, tail = match[1], match[3], match[5], match[6]
    if match[2] == "년" or match[4] == "월":
        if len(c) == 4:
            return wrong("bad_date", value, "instant")
        return _timed(value, (short_year(a), int(b), int(c)), tail)
    valid = dict(orders(a, b, c))
    proven = order.long if len(c) == 4 else order.short
    if proven in valid:
        return _timed(value, valid[proven], tail)
    korean = (
        "ymd" in valid
        and proven != "unsure"
        and (int(a) >= 20 or (int(a) > 12 and (match[2] != "/" or "dmy" not in valid or int(c) < 20)))
    )
    readings = [valid["ymd"]] if korean else sorted(set(valid.values()), reverse=True)
    if not readings:
        return wrong("bad_date", value, "instant")
    if len(readings) == 1:
        return _timed(value, readings[0], tail)
    first, second = ("{:04d}-{:02d}-{:02d}".format(*r) for r in readings[:2])
    return wrong("ambiguous_date", value, "instant", first=first, second=second)


def _six(value: object, match: re.Match[str]) -> Reading[Instant]:
    """``240305`` is 2024-03-05, shown as a repair; ``202403`` has no day."""
    read = _dated(value, (short_year(match[1]), int(match[2]), int(match[3])), 0, False)
    if read.value is None:
        month = FIRST_YEAR <= int(match[1] + match[2]) <= LAST_YEAR and 1 <= int(match[3]) <= 12
        return wrong("incomplete_date", value, "instant") if month else read
    return repaired(read.value, "date_from_number", value, "instant", iso_text(*read.value))


def _compact(value: object, match: re.Match[str]) -> Reading[Instant]:
    ymd = (int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return _timed(value, ymd, match[7] or "")
    return _timed(value, ymd, f"{match[4]}:{match[5]}{match[6] or ''}")


class Yearless(NamedTuple):
    """A date without its year: (month, day) as written, the other way round where that is possible too, the time.

    ``written`` is None where only the other way round is a date (13/5).
    """

    written: tuple[int, int] | None
    swapped: tuple[int, int] | None
    minute: int | None

    @property
    def readings(self) -> list[tuple[int, int]]:
        """Every (month, day) it may be."""
        return [pair for pair in (self.written, self.swapped) if pair is not None]


def yearless(value: object) -> Yearless | None:
    """``3/5``, ``3월 5일 오후 2시`` as what they say; None for anything else.

    >>> yearless("3/5").readings, yearless("3월 5일").readings, yearless("2026-03-05")
    ([(3, 5), (5, 3)], [(3, 5)], None)
    """
    match = _NO_YEAR().fullmatch(plain(value).casefold().lstrip("'")) if isinstance(value, str) else None
    after = after_date(match[4]) if match else None
    if match is None or after is None:
        return None
    a, b = int(match[1]), int(match[3])
    written = (a, b) if ordinal((2024, a, b)) is not None else None
    swapped = (b, a) if match[2] != "월" and a != b and ordinal((2024, b, a)) is not None else None
    return Yearless(written, swapped, after[1]) if written or swapped else None


def _no_year(value: str) -> Reading[Instant]:
    """``3/5``, ``3월 5일``: the year is missing; both readings are said."""
    found = yearless(value)
    if found is None:
        return wrong("bad_date", value, "instant")
    readings = sorted(f"{m:02d}-{d:02d}" for m, d in found.readings)
    fix = "fault.ambiguous_date.no_year.fix"
    return wrong("ambiguous_date", value, "instant", fix=fix, readings=", ".join(readings))


def _timed(value: object, ymd: tuple[int, int, int], tail: str) -> Reading[Instant]:
    """A date and what follows it: a weekday, a time, both or neither."""
    read = after_date(tail)
    if read is None:
        return wrong("bad_date", value, "instant", _inside(plain(str(value))))
    weekday, minutes = read
    dated = _dated(value, ymd, minutes or 0, minutes is not None)
    if dated.value is not None and weekday and weekday != _WEEKDAYS[dt.date(*ymd).weekday()]:
        return repaired(dated.value, "weekday_mismatch", value, "instant", iso_text(*dated.value))
    return dated


def _dated(value: object, ymd: tuple[int, int, int], minutes: int, has_time: bool) -> Reading[Instant]:
    day = ordinal(ymd)
    if day is None:
        return wrong("bad_date", value, "instant")
    if not FIRST_YEAR <= ymd[0] <= LAST_YEAR:
        return wrong("date_out_of_range", value, "instant")
    return Reading(Instant((day - EPOCH) * 1440 + minutes, has_time), None)
