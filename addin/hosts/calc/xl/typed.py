"""What a spreadsheet makes of text that is put into a cell as if it were typed.

Excel turns ``"001"`` into 1 and ``"2026-01-05"`` into a date when a macro writes it, unless the cell's format is
``@`` or the text begins with an apostrophe. The engine does the same, so a macro that loses a phone's zero in
Excel loses it here too, and a test sees it.
"""

from __future__ import annotations

import datetime as dt
import re

#: What text becomes: a value, and the number format Excel gives a General cell with it ("" = none).
Typed = tuple[float | bool | str, str]

_NUMBER = re.compile(r"([-+]?)([₩$]?)(\d+|\d{1,3}(?:,\d{3})+)?(\.\d*)?([eE][-+]?\d+)?(\s?%)?")
_DATE = re.compile(r"(\d{4})(?:[-/]|년 ?)(\d{1,2})(?:[-/]|월 ?)(\d{1,2})일?(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?")
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
EPOCH = dt.datetime(1899, 12, 30)
DATE_FORMAT, TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def typed(text: str) -> Typed | None:
    """The value and format the text becomes, or None where it stays text. Formulas (``=…``) are not its business.

    >>> typed("001"), typed("1,234"), typed("12%"), typed("2026-01-05"), typed("010-1234")
    ((1.0, ''), (1234.0, '#,##0'), (0.12, '0%'), (46027.0, 'yyyy-mm-dd'), None)
    """
    text = text.strip()
    if not text or not (text[0].isdigit() or text[0] in "+-.₩$#tTfF"):
        return None
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE", ""
    if text.upper() in ERRORS:
        return text.upper(), ""
    return _number(text) or _moment(text)


def _number(text: str) -> Typed | None:
    found = _NUMBER.fullmatch(text)
    if not found or not (found[3] or (found[4] or ".") != "."):
        return None
    sign, currency, whole, part, power, percent = found.groups()
    try:
        value = float(f"{sign}{(whole or '0').replace(',', '')}{part or ''}{power or ''}")
    except OverflowError:
        return None
    if value in (float("inf"), float("-inf")):
        return None
    if percent:
        return value / 100, "0.00%" if part else "0%"
    format = "#,##0" if currency or "," in (whole or "") else ""
    return value, (currency + format + (".00" if part and format else "")) or ("0.00E+00" if power else "")


def _moment(text: str) -> Typed | None:
    try:
        if found := _DATE.fullmatch(text):
            moment = dt.datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
            days = (moment - EPOCH) / dt.timedelta(days=1)
            return (days, TIME_FORMAT if found[4] else DATE_FORMAT) if moment.year >= 1900 else None
        if found := _TIME.fullmatch(text):
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            if minutes < 60 and seconds < 60:
                return (hours * 3600 + minutes * 60 + seconds) / 86400, "h:mm:ss" if found[3] else "h:mm"
    except ValueError:
        pass  # no such day: it stays text
    return None
