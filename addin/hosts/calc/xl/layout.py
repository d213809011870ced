"""Rows and columns of a range: sizes, hiding, inserting, deleting, merging, copying."""

from __future__ import annotations

from typing import Any, Self

from addin.hosts.calc.bridge_uno import struct
from addin.hosts.calc.xl.box import Box

POINTS = 2540 / 72  # 1/100 mm in a point
PIXEL = 2540 / 96


class Layout(Box):
    """A range's place among rows and columns."""

    @property
    def column_width(self) -> float | None:
        """In characters of the normal font, as Excel counts them; None where the columns differ."""
        found = {self.cells.Columns.getByIndex(i).Width for i in range(min(self.shape[1], 256))}
        if len(found) != 1:
            return None
        pixels = round(found.pop() / PIXEL)
        return float(round((pixels - 5) / 7 if pixels >= 12 else pixels / 12, 2))

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._writable()
        pixels = round(value * 7 + 5 if value >= 1 else value * 12)
        self.cells.Columns.Width = round(pixels * PIXEL)

    @property
    def row_height(self) -> float | None:
        """In points; None where the rows differ."""
        found = {self.cells.Rows.getByIndex(i).Height for i in range(min(self.shape[0], 4096))}
        return round(found.pop() / POINTS * 4) / 4 if len(found) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._writable()
        self.cells.Rows.Height = round(value * POINTS)

    @property
    def width(self) -> float:
        return float(self.cells.Size.Width / POINTS) if self else 0.0

    @property
    def height(self) -> float:
        return float(self.cells.Size.Height / POINTS) if self else 0.0

    @property
    def left(self) -> float:
        return float(self.cells.Position.X / POINTS) if self else 0.0

    @property
    def top(self) -> float:
        return float(self.cells.Position.Y / POINTS) if self else 0.0

    @property
    def row_hidden(self) -> bool | None:
        found = {self.cells.Rows.getByIndex(i).IsVisible for i in range(self.shape[0])}
        return not found.pop() if len(found) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.cells.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool | None:
        found = {self.cells.Columns.getByIndex(i).IsVisible for i in range(self.shape[1])}
        return not found.pop() if len(found) == 1 else None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.cells.Columns.IsVisible = not value

    def autofit(self, axis: str | None = None) -> None:
        if self and axis in (None, "columns", "c"):
            self.cells.Columns.OptimalWidth = True
        if self and axis in (None, "rows", "r"):
            self.cells.Rows.OptimalHeight = True

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Insert cells here; whole rows or columns where the range is some."""
        self._writable()
        self.sheet.sheet.insertCells(self.cells.RangeAddress, self._mode("DOWN" if shift == "down" else "RIGHT"))

    def delete(self, shift: str | None = None) -> None:
        self._writable()
        up = shift == "up" or (shift is None and self.shape[0] <= self.shape[1])
        self.sheet.sheet.removeRange(
            self.cells.RangeAddress, self._mode("UP" if up else "LEFT", "com.sun.star.sheet.CellDeleteMode")
        )

    def _mode(self, way: str, kind: str = "com.sun.star.sheet.CellInsertMode") -> Any:
        import uno

        if self.shape[1] == self.sheet.sheet.Columns.Count:
            way = "ROWS"
        elif self.shape[0] == self.sheet.sheet.Rows.Count:
            way = "COLUMNS"
        return uno.Enum(kind, way)

    def copy(self, destination: Any = None) -> None:
        """Copy values, formulas and formats to a place in the same book."""
        if destination is None:
            raise NotImplementedError("a copy needs a destination: this office has no clipboard")
        self._copy_to(destination.impl)

    def _copy_to(self, target: Layout) -> None:
        target._writable()
        self.sheet.sheet.copyRange(target._place(), self.cells.RangeAddress)

    def _place(self) -> Any:
        at = (self.sheet.index - 1, self.column - 1, self.row - 1)
        return struct("com.sun.star.table.CellAddress", Sheet=at[0], Column=at[1], Row=at[2])

    def copy_from(
        self, source_range: Any, copy_type: str = "all", skip_blanks: bool = False, transpose: bool = False
    ) -> None:
        source = source_range.impl
        if transpose or skip_blanks or copy_type not in ("all", "values"):
            raise NotImplementedError(f"copy_from(copy_type={copy_type!r})")
        if copy_type == "all":
            source._copy_to(self)
        else:
            type(self)(self.sheet, self.row, self.column, *source.shape).raw_value = source.raw_value

    def move(self, destination: Any) -> None:
        self._writable()
        destination.impl._writable()
        self.sheet.sheet.moveRange(destination.impl._place(), self.cells.RangeAddress)

    @property
    def merge_area(self) -> Self:
        cursor = self.sheet.sheet.createCursorByRange(self.first)
        cursor.collapseToMergedArea()
        return self.of(self.book, cursor)

    @property
    def merge_cells(self) -> bool:
        return bool(self.cells.IsMerged) or len(self.merge_area) > 1

    def merge(self, across: bool = False) -> None:
        self._writable()
        if across:
            for i in range(self.shape[0]):
                self.cells.getCellRangeByPosition(0, i, self.shape[1] - 1, i).merge(True)
        else:
            self.cells.merge(True)

    def unmerge(self) -> None:
        self._writable()
        self.cells.merge(False)
