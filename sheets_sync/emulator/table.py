"""Where ``append`` puts its rows: the last table that touches the range asked for.

A table is what Ctrl+A selects: filled cells and everything that touches them, sideways or at a corner, as one block.
A formula's empty text counts as filled; a true blank does not. (Sheets API guide, "Appending values": the range is
searched for a table, and rows go under its last row, starting in its first column.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_sync.emulator.a1 import Box

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.calc import Shown


def last_table(shown: Shown, box: Box) -> Box | None:
    """The last table that has a cell in the box; `None` where there is none."""
    bottom = shown.last_row(box)
    if bottom is not None:
        row, col = bottom
        return region(shown, row, col)
    found: Box | None = None
    for row in range(max(box.row - 1, 0), min(box.end_row + 1, shown.height + 1)):
        for col in range(max(box.col - 1, 0), min(box.end_col + 1, shown.width + 1)):
            if shown.filled(row, col):
                table = region(shown, row, col)
                if table.meets(box) and (found is None or table.end_row > found.end_row):
                    found = table
    return found


def region(shown: Shown, row: int, col: int) -> Box:
    """The table around a filled cell."""
    top, bottom, left, right = row, row, col, col

    def any_in(rows: range, cols: range) -> bool:
        return any(shown.filled(r, c) for r in rows if r >= 0 for c in cols if c >= 0)

    while True:
        before = (top, bottom, left, right)
        top = _walk(top, -1, lambda r: any_in(range(r, r + 1), range(left - 1, right + 2)))
        bottom = _walk(bottom, 1, lambda r: any_in(range(r, r + 1), range(left - 1, right + 2)))
        left = _walk(left, -1, lambda c: any_in(range(top - 1, bottom + 2), range(c, c + 1)))
        right = _walk(right, 1, lambda c: any_in(range(top - 1, bottom + 2), range(c, c + 1)))
        if before == (top, bottom, left, right):
            return Box(top, bottom + 1, left, right + 1)


def _walk(at: int, step: int, filled: Callable[[int], bool]) -> int:
    while at + step >= 0 and filled(at + step):
        at += step
    return at
