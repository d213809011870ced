"""A rectangle of cells on a sheet: where it is, what stands next to it, whether it may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from xlwings import base_classes

from addin.crm.grid import column_letter
from addin.errors import BookRefused
from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from addin.hosts.calc.xl.documents import Book
    from addin.hosts.calc.xl.sheets import Sheet

DIRECTIONS: dict[str | int, str | int] = {-4121: "down", -4162: "up", -4161: "right", -4159: "left"}


class Box(Guarded, base_classes.Range):
    """A rectangle of cells, 1-based: (sheet, row, column, rows, columns). No rows or no columns: an empty one."""

    sheet: Any = None
    row: Any = None
    column: Any = None
    shape: Any = None
    coords: Any = None
    max_cells_per_read = None
    max_cells_per_write = None
    options: Any = None

    def __init__(self, sheet: Sheet, row: int, column: int, rows: int, columns: int) -> None:
        self.sheet = sheet
        self.office = sheet.office
        self.book: Book = sheet.book
        self.row, self.column = row, column
        self.shape = (rows, columns)
        self.coords = (sheet.sheet, row, column, rows, columns)
        self._cells: Any = None

    @classmethod
    def of(cls, book: Book, cells: Any) -> Self:
        """The range of a UNO cell range."""
        from addin.hosts.calc.xl.sheets import Sheet

        at = cells.RangeAddress
        sheet = Sheet(book, book.document.Sheets.getByIndex(at.Sheet))
        return cls(
            sheet, at.StartRow + 1, at.StartColumn + 1, at.EndRow - at.StartRow + 1, at.EndColumn - at.StartColumn + 1
        )

    @property
    def cells(self) -> Any:
        """The UNO cell range; None for an empty one."""
        if self._cells is None and self:
            rows, columns = self.shape
            left, top = self.column - 1, self.row - 1
            self._cells = self.sheet.sheet.getCellRangeByPosition(left, top, left + columns - 1, top + rows - 1)
        return self._cells

    @property
    def api(self) -> Any:
        return self.cells

    @property
    def first(self) -> Any:
        """Its first cell."""
        return self.cells.getCellByPosition(0, 0)

    def __len__(self) -> int:
        return int(self.shape[0] * self.shape[1])

    def __call__(self, row: int, column: int | None = None) -> Self:
        """One cell by its 1-based place in the range (it may lie outside), or by its number, row by row."""
        if column is None:
            row, column = (row - 1) // self.shape[1] + 1, (row - 1) % self.shape[1] + 1
        return type(self)(self.sheet, self.row + row - 1, self.column + column - 1, 1, 1)

    def _writable(self) -> None:
        """Raise BookRefused before a protected cell is written, as Excel does; Calc lets some calls through."""
        if self.sheet.sheet.isProtected():
            cells = self.cells
            if cells.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE" or cells.CellProtection.IsLocked:
                raise BookRefused("calc.protected", where=self.sheet.name)

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool = True, col_absolute: bool = True, external: bool = False) -> str:
        """``$A$1:$C$3``; whole columns ``$A:$C``; external with ``[book]sheet!``."""
        sheet, r, c = self.sheet.sheet, "$" * row_absolute, "$" * col_absolute
        bottom, right = self.row + self.shape[0] - 1, self.column + self.shape[1] - 1
        start, end = (f"{c}{column_letter(self.column)}", f"{c}{column_letter(right)}")
        whole_columns = self.shape[0] > 1 and self.shape[0] == sheet.Rows.Count
        whole_rows = self.shape[1] > 1 and self.shape[1] == sheet.Columns.Count
        if whole_rows:
            text = f"{r}{self.row}:{r}{bottom}"
        elif whole_columns:
            text = f"{start}:{end}"
        elif len(self) == 1:
            text = f"{start}{r}{self.row}"
        else:
            text = f"{start}{r}{self.row}:{end}{r}{bottom}"
        if not external:
            return text
        where = f"[{self.book.name}]{self.sheet.name}"
        return (
            f"'{where}'!{text}"
            if not where.translate({91: None, 93: None, 46: None}).isidentifier()
            else f"{where}!{text}"
        )

    def end(self, direction: str | int) -> Self:
        """The cell Ctrl+arrow goes to from the range's first cell."""
        way = DIRECTIONS.get(direction, direction)
        down, forward = way in ("down", "up"), way in ("down", "right")
        used = self.sheet.used_range
        last = (used.row + used.shape[0] if down else used.column + used.shape[1]) - 1
        here = self.row if down else self.column
        size = max(last, here)
        line = self.sheet.sheet
        if down:
            filled = [
                row[0] != ""
                for row in line.getCellRangeByPosition(self.column - 1, 0, self.column - 1, size - 1).getDataArray()
            ]
        else:
            filled = [
                v != "" for v in line.getCellRangeByPosition(0, self.row - 1, size - 1, self.row - 1).getDataArray()[0]
            ]
        edge = (line.Rows.Count if down else line.Columns.Count) if forward else 1
        at = _jump(filled, here, 1 if forward else -1, edge)
        return type(self)(self.sheet, at, self.column, 1, 1) if down else type(self)(self.sheet, self.row, at, 1, 1)

    @property
    def current_region(self) -> Self:
        cursor = self.sheet.sheet.createCursorByRange(self.cells)
        cursor.collapseToCurrentRegion()
        return self.of(self.book, cursor)

    @property
    def rows(self) -> Self:
        return self

    @property
    def columns(self) -> Self:
        return self

    def select(self) -> None:
        self.book.document.CurrentController.select(self.cells)


def _jump(filled: list[bool], here: int, step: int, edge: int) -> int:
    """Where Ctrl+arrow lands on a line; ``filled[i]`` says whether place i + 1 holds something.

    >>> _jump([True, True, True, False, True], 1, 1, 99), _jump([True, False, True], 1, 1, 99), _jump([True], 1, 1, 99)
    (3, 3, 99)
    """

    def full(place: int) -> bool:
        return 1 <= place <= len(filled) and filled[place - 1]

    at = here + step
    if full(here) and full(at):
        while full(at + step):
            at += step
        return at
    while 1 <= at <= len(filled):
        if full(at):
            return at
        at += step
    return edge
