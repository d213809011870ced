"""A grid made easy to scan for lists: filled cells of a row, merges by row, danggol's own columns left out."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from addin.crm.grid import CellValue, Grid, LongRows, Rect, column_letter
from addin.crm.shapes import WHITE, is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.rowkinds import Cells


class Sheet:
    """One grid and the columns to look past (1-based)."""

    def __init__(self, grid: Grid, ignore: frozenset[int] = frozenset()) -> None:
        self.grid = grid
        self.rows = grid.rows
        self.ignore = ignore
        self.width = grid.width
        self._merges: dict[int, list[Rect]] = {}
        for rect in grid.merged:
            if rect[2] - rect[0] <= 8:  # a header's merge is low; a tall one is some form's side label
                for row in range(rect[0], rect[2] + 1):
                    self._merges.setdefault(row, []).append(rect)
        self.lists: dict[int, list[Rect]] = {}
        for rect in grid.tables:
            self.lists.setdefault(rect[0], []).append(rect)
        self.filters: dict[int, list[Rect]] = {}
        for rect in grid.filters:
            self.filters.setdefault(rect[0], []).append(rect)

    def cells(self, row: int, left: int, right: int) -> Cells:
        """The filled cells of a row between two columns."""
        line = self.rows[row - 1][left - 1 : right]
        out: Cells = [(c, v) for c, v in enumerate(line, left) if v is not None and v != ""]
        if self.ignore:
            out = [cell for cell in out if cell[0] not in self.ignore]
        if [c for c, v in out if type(v) is str and v[0] in WHITE]:
            out = [cell for cell in out if not is_blank(cell[1])]
        return out

    def columns(self, rows: Sequence[int], left: int, right: int) -> dict[int, Sequence[CellValue]]:
        """The cells of some rows, column by column, as they stand; beyond a row's end they are None.

        >>> Sheet(Grid("s", [["a", "b"], [1.0]])).columns([1, 2], 1, 2)
        {1: ('a', 1.0), 2: ('b', None)}
        """
        if isinstance(self.rows, LongRows):
            self.rows.ahead([row - 1 for row in rows])
        lines = [self.rows[row - 1][left - 1 : right] for row in rows]
        columns = dict(enumerate(zip_longest(*lines), left))
        return {column: columns.get(column, (None,) * len(rows)) for column in range(left, right + 1)}

    def value(self, row: int, column: int) -> CellValue:
        """One cell; None for a blank one or beyond the sheet."""
        value = self.grid.value(row, column)
        return None if value is None or is_blank(value) else value

    def filled(self, row: int, column: int) -> bool:
        """Whether a cell holds something to see."""
        return self.value(row, column) is not None

    def holds_anything(self, top: int, left: int, bottom: int, right: int) -> bool:
        """Whether any cell of the rectangle is filled (danggol's own columns don't count)."""
        while left <= right and left in self.ignore:
            left += 1
        while right >= left and right in self.ignore:
            right -= 1
        if left > right:
            return False
        lines = ((row, line[left - 1 : right]) for row, line in enumerate(self.rows[top - 1 : bottom], top))
        full = (row for row, part in lines if any(part) or 0 in part)  # a nought and a FALSE are something, too
        return any(not self.ignore or self.cells(row, left, right) for row in full)

    def merges(self, row: int, left: int, right: int) -> list[Rect]:
        """The merged rectangles that touch a row between two columns."""
        return [m for m in self._merges.get(row, ()) if m[3] >= left and m[1] <= right]

    def any_merges(self) -> bool:
        """Whether the reader told us of merges at all."""
        return bool(self._merges)

    @staticmethod
    def letter(column: int) -> str:
        """A column's letter."""
        return column_letter(column)
