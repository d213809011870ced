"""Amounts in thousands: 금액(천원), or ``단위: 천원`` above a list, say how much a bare number is worth.

A cell that names its own unit (120만원, 1,200,000원) is as written.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from addin.crm.amounts import MONEY_SCALE, parse_amount
from addin.crm.text import plain, tidy

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    from addin.crm.grid import CellValue, Grid
    from addin.crm.mapping import Region

UNITS: dict[str, int] = {
    "원": 1, "천원": 1000, "만원": 10_000, "십만원": 100_000, "백만원": 1_000_000, "천만원": 10_000_000,
    "억원": 100_000_000, "억": 100_000_000, "천": 1000, "백만": 1_000_000, "만": 10_000, "krw": 1, "won": 1,
}  # fmt: skip
_WORD = "|".join(sorted(UNITS, key=len, reverse=True))
_IN_BRACKETS = re.compile(rf"[(\[{{<][^)\]}}>]*?(?<![가-힣a-z])({_WORD})(?![가-힣a-z])[^(\[{{<]*?[)\]}}>]")
_ALONE = re.compile(rf"[(\[]?({_WORD})[)\]]?")
_STATED = re.compile(rf"단\s*위\s*[:：]?\s*({_WORD})(?![가-힣a-z])")
_AFTER_LINE = re.compile(rf"[_/·,]\s*({_WORD})$")
_BARE = re.compile(r"[-+△▲(]?\s*\d[\d,]*(?:\.\d+)?\s*\)?", re.ASCII)
_ABOVE = 3


def unit_in(grid: Grid, region: Region, column: int) -> tuple[int, str]:
    """What one in a money column of a list is worth in won, and the word that says so ("" where nothing does).

    The header's own word counts first, then a line of units under it, then ``단위: …`` above the list.

    >>> from addin.crm.grid import Grid
    >>> from addin.crm.mapping import Header, Region
    >>> region = Region("s", 2, 2, 1, 1, (Header(1, "금액"),), (3,))
    >>> unit_in(Grid("s", [["(단위 : 천원)"], ["금액"], [1500.0]]), region, 1)
    (1000, '천원')
    """
    header = next((h.text for h in region.headers if h.column == column), "")
    text = tidy(header).casefold()
    for pattern in (_IN_BRACKETS, _STATED, _AFTER_LINE):
        if found := pattern.search(text):
            return UNITS[found[1]], found[1]
    lowest = grid.value(region.header_last, column)
    if isinstance(lowest, str) and (found := _ALONE.fullmatch(tidy(lowest).casefold())):
        return UNITS[found[1]], found[1]
    for row in range(region.header_first - 1, max(0, region.header_first - 1 - _ABOVE), -1):
        line = grid.rows[row - 1] if row <= len(grid.rows) else ()
        for value in line:
            if isinstance(value, str) and len(value) < 80 and (found := _STATED.search(tidy(value).casefold())):
                return UNITS[found[1]], found[1]
    return 1, ""


def scale(cells: MutableSequence[CellValue], start: int, stop: int, factor: int) -> None:
    """Multiply the bare numbers of a stretch of cells, in place; what names its own unit stays.

    >>> cells = [1.1, "1,500", "120만원", None]
    >>> scale(cells, 0, 4, 1000)
    >>> cells
    [1100.0, 1500000.0, '120만원', None]
    """
    if factor == 1:
        return
    for i in range(start, stop):
        value = cells[i]
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float) and abs(value) < 1e14:
            cells[i] = float(Decimal(f"{value:.15g}") * factor)
        elif isinstance(value, str) and _BARE.fullmatch(plain(value)):
            amount = parse_amount(value).value
            if amount is not None:
                cells[i] = float(Decimal(amount) * factor / MONEY_SCALE)
