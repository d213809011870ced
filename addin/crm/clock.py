"""What stands behind a date: a weekday, a time of day as Koreans write it, both or neither."""

from __future__ import annotations

import re
from functools import lru_cache

from addin.crm.lazy import pattern

_TAIL = pattern(
    r"[.,]? ?(?:[(\[] ?([월화수목금토일])(?:요일)? ?[)\]]|([월화수목금토일])요일|([월화수목금토일])(?= |$)"
    r"|[(\[]?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[)\]]?)?[.,]? ?(.*)"
)
_TIME = pattern(
    r"t?(오전|오후|새벽|아침|저녁|am|pm|a\.m\.|p\.m\.)? ?(\d{1,2})"
    r"(?: ?: ?(\d\d)(?: ?: ?(\d\d)(?:\.\d+)?)?|시 ?(?:(\d{1,2})분?|(반))?(?: ?(\d{1,2})초)?)"
    r" ?(am|pm|a\.m\.|p\.m\.)? ?(?:(z|utc|gmt)|kst|([+-])(\d\d):?(\d\d))?",
    re.ASCII,
)


@lru_cache(maxsize=4096)
def after_date(text: str) -> tuple[str, int | None] | None:
    """Weekday and minute of day after a date; None where something else stands there."""
    if not text:
        return "", None
    match = _TAIL().fullmatch(text.strip())
    if match is None:
        return None
    weekday = match[1] or match[2] or match[3] or ""
    if not match[4]:
        return weekday, None
    minutes = minute_of_day(match[4])
    return None if minutes is None else (weekday, minutes)


def minute_of_day(text: str) -> int | None:
    """``오후 3:20``, ``오전 12:10``, ``3시 20분``, ``15:20:30Z`` as minutes in Seoul; None where it is no time."""
    match = _TIME().fullmatch(text)
    if match is None:
        return None
    half, hour = match[1] or match[8] or "", int(match[2])
    minute = int(match[3] or match[5] or 0) + (30 if match[6] else 0)
    second = int(match[4] or match[7] or 0)
    if minute > 59 or second > 59 or (match[1] and match[8]):
        return None
    if half in ("오전", "새벽", "아침", "am", "a.m."):
        if hour > 12:
            return None
        hour %= 12
    elif half:
        hour = hour if hour > 12 else hour % 12 + 12
    if hour > 24 or (hour == 24 and minute):
        return None
    minutes = hour * 60 + minute
    if match[9]:
        minutes += 540
    elif match[10]:
        offset = int(match[11]) * 60 + int(match[12])
        minutes += 540 - (offset if match[10] == "+" else -offset)
    return minutes
