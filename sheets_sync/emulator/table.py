"""Where ``append`` puts its rows: the last table that touches the range asked for.

A table is what Ctrl+A selects: filled cells and everything that touches them, sideways or at a corner, as one block.
A formula's empty text counts as filled; a true blank does not. (Sheets API guide, "Appending values": the range is
searched for a table, and rows go under its last row, starting in its first column.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_sync.emulator.a1 import Box

if TYPE_CHECKING:
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
    while True:
        before = (top, bottom, left, right)
        while top > 0 and _any(shown, range(top - 1, top), range(left - 1, right + 2)):
            top -= 1
        while _any(shown, range(bottom + 1, bottom + 2), range(left - 1, right + 2)):
            bottom += 1
        while left > 0 and _any(shown, range(top - 1, bottom + 2), range(left - 1, left)):
            left -= 1
        while _any(shown, range(top - 1, bottom + 2), range(right + 1, right + 2)):
            right += 1
        if before == (top, bottom, left, right):
            return Box(top, bottom + 1, left, right + 1)


def _any(shown: Shown, rows: range, cols: range) -> bool:
    return any(shown.filled(r, c) for r in rows if r >= 0 for c in cols if c >= 0)
