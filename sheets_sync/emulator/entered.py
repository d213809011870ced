"""What ``USER_ENTERED`` makes of typed text: numbers, money, percents, dates, times, yes and no, formulas."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sheets_sync.emulator.cells import Entered, Formula
from sheets_sync.emulator.rendering import EPOCH

_NUMBER = re.compile(r"([+-])?(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?")
_TIME = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(?:\s*([aApP])\.?[mM]\.?)?")
_KO_TIME = re.compile(r"(오전|오후)\s*(\d{1,2})(?::(\d{2})(?::(\d{2}))?|시(?:\s*(\d{1,2})분)?)")
_YMD = re.compile(r"(\d{4})([-/]|\.\s?)(\d{1,2})(?:[-/]|\.\s?)(\d{1,2})\.?")
_MDY = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d{2})")
_KO_DATE = re.compile(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일")
_CURRENCY = {"$": '"$"', "₩": "[$₩]", "€": "[$€]", "£": "[$£]", "¥": "[$¥]"}


def raw(given: Any) -> Entered:
    """What ``RAW`` keeps: text stays text, however it looks.

    >>> raw("=1+1"), raw("010"), raw(3), raw(True), raw("")
    ('=1+1', '010', 3.0, True, None)
    """
    if isinstance(given, bool):
        return given
    if isinstance(given, int | float):
        return float(given)
    return None if given in {"", None} else str(given)


def typed(given: Any, locale: str, *, text_format: bool = False) -> tuple[Entered, dict[str, Any] | None]:
    """What typing this enters, and the number format it brings where the cell has none.

    >>> typed("1,234.5", "en_US")
    (1234.5, {'type': 'NUMBER', 'pattern': '#,##0.00'})
    >>> typed("2023-03-15", "ko_KR")
    (45000.0, {'type': 'DATE', 'pattern': 'yyyy-mm-dd'})
    >>> typed("'010", "en_US"), typed("010-1234-5678", "en_US"), typed("=A1", "en_US")
    (('010', None), ('010-1234-5678', None), (Formula(text='=A1'), None))
    """
    if not isinstance(given, str):
        return raw(given), None
    if given == "":
        return None, None
    if given.startswith("'"):
        return given[1:] or None, None
    if given.startswith("=") and len(given) > 1:
        return Formula(given), None
    if text_format:
        return given, None
    text = given.strip()
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE", None
    for read in (_number, _when):
        found = read(text, locale)
        if found is not None:
            return found
    return given, None


def _number(text: str, locale: str) -> tuple[Entered, dict[str, Any] | None] | None:
    body, negative, percent, sign = text, False, False, ""
    if len(body) > 2 and body[0] == "(" and body[-1] == ")":
        body, negative = body[1:-1].strip(), True
    if body.endswith("%"):
        body, percent = body[:-1].rstrip(), True
    if body[:1] == "-" and body[1:2] in _CURRENCY:
        body, negative = body[1:], True
    if body[:1] in _CURRENCY and not percent:
        sign, body = body[0], body[1:].strip()
    match = _NUMBER.fullmatch(body)
    if not match or not (match[2] or (match[3] and len(match[3]) > 1)):
        return None
    value = float(body.replace(",", ""))
    if negative:
        value = -value
    places = match[3] and len(match[3]) > 1
    if sign:
        decimals = ".00" if places or sign not in "₩¥" else ""
        return value, {"type": "CURRENCY", "pattern": f"{_CURRENCY[sign]}#,##0{decimals}"}
    if percent:
        return float(f"{value / 100:.15g}"), {"type": "PERCENT", "pattern": "0.00%" if places else "0%"}
    if match[4]:
        return value, {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if match[2] and "," in match[2]:
        return value, {"type": "NUMBER", "pattern": "#,##0.00" if places else "#,##0"}
    del locale
    return value, None


def _when(text: str, locale: str) -> tuple[Entered, dict[str, Any] | None] | None:
    day = _day(text, locale)
    if day:
        date, pattern, rest = day
        serial = float((date - EPOCH).days)
        if not rest:
            return serial, {"type": "DATE", "pattern": pattern}
        clock = _clock(rest.strip().lstrip("T"))
        if clock is None:
            return None
        return serial + clock[0], {"type": "DATE_TIME", "pattern": f"{pattern} {clock[1]}"}
    clock = _clock(text)
    return None if clock is None else (clock[0], {"type": "TIME", "pattern": clock[1]})


def _day(text: str, locale: str) -> tuple[datetime, str, str] | None:
    match = _YMD.match(text)
    if match:
        mark = match[2].replace(" ", "")
        spaced = " " if match[2].endswith(" ") else ""
        padded = len(match[3]) == 2 and len(match[4]) == 2
        m, d = ("mm", "dd") if padded else ("m", "d")
        joint = mark + spaced
        found = _date(match[1], match[3], match[4])
        return (found, f"yyyy{joint}{m}{joint}{d}", text[match.end() :]) if found else None
    match = _KO_DATE.match(text)
    if match and locale == "ko_KR":
        found = _date(match[1], match[2], match[3])
        return (found, 'yyyy"년" m"월" d"일"', text[match.end() :]) if found else None
    match = _MDY.match(text)
    if match and locale != "ko_KR":
        month, day = (match[1], match[3]) if locale == "en_US" else (match[3], match[1])
        year = (
            match[4]
            if len(match[4]) == 4
            else str(2000 + int(match[4]) if int(match[4]) < 30 else 1900 + int(match[4]))
        )
        found = _date(year, month, day)
        y = "yyyy" if len(match[4]) == 4 else "yy"
        order = f"m{match[2]}d" if locale == "en_US" else f"d{match[2]}m"
        return (found, f"{order}{match[2]}{y}", text[match.end() :]) if found else None
    return None


def _date(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock(text: str) -> tuple[float, str] | None:
    match = _KO_TIME.fullmatch(text)
    if match:
        hour, minute, second = int(match[2]), int(match[3] or match[5] or 0), int(match[4] or 0)
        if hour > 12 or minute > 59 or second > 59:
            return None
        hour = hour % 12 + (12 if match[1] == "오후" else 0)
        span = timedelta(hours=hour, minutes=minute, seconds=second)
        return span / timedelta(days=1), "am/pm h:mm" + (":ss" if match[4] else "")
    match = _TIME.fullmatch(text)
    if not match or int(match[2]) > 59 or int(match[3] or 0) > 59:
        return None
    hour, half = int(match[1]), (match[5] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    span = timedelta(hours=hour, minutes=int(match[2]), seconds=float((match[3] or "0") + (match[4] or "")))
    seconds = ":ss" if match[3] else ""
    pattern = f"h:mm{seconds} am/pm" if half else f"[h]:mm{seconds}" if hour > 23 else f"h:mm{seconds}"
    return span / timedelta(days=1), pattern
