"""Months, weeks, days as column headers: what makes a list a cross-tab."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from addin.crm.shapes import BLANK, ERROR, NUMBER, shape
from addin.crm.text import tidy
from addin.crm.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from addin.crm.grid import CellValue
    from addin.crm.heads import Head
    from addin.crm.sheet import Sheet

_EN_MONTHS = {name: i for i, name in enumerate(words("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_PERIOD: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], int]], ...] = (
    (re.compile(r"((?:19|20)?\d\d)\s*[년./-]\s*(1[0-2]|0?[1-9])\s*월?"), lambda m: int(m[1]) % 100 * 12 + int(m[2])),
    (re.compile(r"(\d{1,2})\s*(월|주차?|일|분기|회차|시)"), lambda m: int(m[1])),
    (re.compile(r"(?:제\s*)?(\d{1,2})\s*주차"), lambda m: int(m[1])),
    (re.compile(r"(?:(?:19|20)\d\d[- ]?)?w(\d{1,2})"), lambda m: int(m[1])),
    (re.compile(r"q([1-4])|([1-4])q"), lambda m: int(m[1] or m[2])),
    (re.compile(r"((?:19|20)\d\d)\s*년?도?"), lambda m: int(m[1])),
    (re.compile(r"(\d{1,2})\s*/\s*\d{1,2}\s*[-~]\s*\d{1,2}\s*/\s*\d{1,2}"), lambda m: int(m[1])),
    (re.compile(r"\d{1,2}\s*[/.]\s*(\d{1,2})"), lambda m: int(m[1])),
    (re.compile(r"(" + "|".join(_EN_MONTHS) + r")[a-z]*\.?(?:[ '-]*(?:19|20)?\d\d)?"), lambda m: _EN_MONTHS[m[1]]),
    (re.compile(r"([월화수목금토일])(?:요일)?"), lambda m: "월화수목금토일".index(m[1]) + 1),
)  # fmt: skip


def period(value: CellValue) -> tuple[int, int] | None:
    """(kind, running number) of a period named in a header: 3월, 2026-03, W12, 2분기, 2026, a date; else None.

    >>> period("3월"), period("2026.03"), period("접수일"), period(2026.0)
    ((1, 3), (0, 315), None, (5, 2026))
    """
    if isinstance(value, dt.datetime | dt.date):
        return 20, value.year * 12 + value.month if value.day == 1 else value.toordinal()
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        if value != value or value != int(value):
            return None
        return (5, int(value)) if 1990 <= value <= 2100 else (21, int(value)) if 1 <= value <= 53 else None
    if not isinstance(value, str) or len(value) > 20:
        return None
    text = tidy(value).casefold()
    for kind, (pattern, number) in enumerate(_PERIOD):
        found = pattern.fullmatch(text)
        if found:
            return kind, number(found)
    return None


def run_of_periods(values: Sequence[CellValue]) -> int:
    """The longest run of neighbours that are periods of one kind, each one after the one before (12월 → 1월 too).

    >>> run_of_periods(["파트너", "11월", "12월", "1월", "합계"])
    3
    """
    best = length = 0
    before: tuple[int, int] | None = None
    for value in values:
        now = period(value)
        follows = now and before and now[0] == before[0] and (now[1] - before[1] in (1, 7) or now[1] == 1 < before[1])
        length = (length + 1 if follows else 1) if now else 0
        best = max(best, length)
        before = now
    return best


def is_cross_tab(sheet: Sheet, head: Head, rows: Sequence[int]) -> bool:
    """Whether three or more neighbouring columns are periods and hold numbers (or nothing)."""
    columns = [c for c in range(head.left, head.right + 1) if c not in sheet.ignore]
    raw = [head.raw.get(c) for c in columns]
    groups = [head.groups.get(c) for c in columns]
    names = [g for i, g in enumerate(groups) if g and (i == 0 or g != groups[i - 1])]
    if run_of_periods(raw) < 3 and run_of_periods(names) < 3:
        return False
    under = [c for c, v, g in zip(columns, raw, groups, strict=True) if period(v) or period(g)]
    shapes = [shape(sheet.value(r, c)) for r in rows for c in under]
    return sum(s in (NUMBER, BLANK, ERROR) for s in shapes) >= 0.8 * len(shapes)
