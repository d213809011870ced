"""Whether a tab in the book already says what we would write: then it is left alone."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from addin.books.tab import Tab
    from addin.crm.grid import Grid


def same_tab(tab: Tab, grid: Grid | None, drawn: int | None = None) -> bool:
    """Every cell of the tab stands in the sheet as it is, and nothing else stands inside the tab's block.

    What people wrote outside the block is theirs and makes no difference. ``drawn``: the last row we wrote on the
    sheet; where that is not known, rows that follow our block without a gap are taken for ours.

    >>> from addin.books.tab import Tab
    >>> from addin.crm.grid import Grid
    >>> tab = Tab.of_values("t", [["가", 1], [None, 0.5]])
    >>> same_tab(tab, Grid("t", [["가", 1.0, "메모"], ["", 0.5]])), same_tab(tab, Grid("t", [["가", 2.0], ["", 0.5]]))
    (True, False)
    """
    if grid is None:
        return False
    rows, columns = tab.last
    cells, span, let_go = tab.cells, range(1, columns + 1), grid.let_go
    for row in range(1, rows + 1):
        here = grid.rows[row - 1][: max(columns - let_go, 0)] if row <= len(grid.rows) else ()
        there = [*[None] * let_go, *here, *[None] * (columns - let_go - len(here))]
        for column, value in zip(span, there, strict=False):
            own = cells.get((row, column))
            if (own is None and value == "") or (own == value and type(own) in (type(value), int)):  # most of them
                continue
            if _plain(own) != _plain(value):
                return False
    # Rows we wrote once and would not write now: below the block, within its columns.
    return not any(
        grid.value(row, column) is not None
        for row in range(rows + 1, len(grid.rows) + 1)
        for column in range(1, columns + 1)
        if (_follows(grid, row) if drawn is None else row <= drawn)
    )


def _follows(grid: Grid, row: int) -> bool:
    """A row without a gap above it continues what stands there."""
    return any(value not in (None, "") for value in grid.rows[row - 2]) if row >= 2 else False


def _plain(value: object) -> object:
    from addin.books.tab import Link

    if isinstance(value, Link):
        value = value.text
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return round(number, 9 - math.floor(math.log10(abs(number)))) if number else 0.0
    if isinstance(value, dt.datetime):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    return str(value).replace("\r\n", "\n")
