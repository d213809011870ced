"""The values formulas look at: the sheets as read, and over them what has been calculated or is about to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from addin.actions.references import Area
    from addin.books.edits import Edits
    from addin.crm.grid import CellValue, Grid, Rect

Place = tuple[str, int, int]
_KNOWN = 32


class Values:
    """Cells by sheet, 1-based; blanks are None. Sheets go by their casefolded name."""

    def __init__(self, sheets: Iterable[Grid]) -> None:
        self._rows: dict[str, Sequence[Sequence[CellValue]]] = {g.name.casefold(): g.rows for g in sheets}
        self._ends = {name: (len(rows), max(map(len, rows), default=0)) for name, rows in self._rows.items()}
        self._over: dict[str, dict[int, dict[int, CellValue]]] = {}
        self._blocks: dict[str, dict[Rect, list[list[CellValue]]]] = {}  # ranges many formulas look at

    def keep(self, sheets: set[str]) -> None:
        """Let go of the sheets nobody looks at."""
        self._rows = {name: rows for name, rows in self._rows.items() if name in sheets}

    def set(self, sheet: str, row: int, column: int, value: CellValue) -> None:
        """Lay a value over a cell."""
        key = sheet.casefold()
        self._over.setdefault(key, {}).setdefault(row, {})[column] = value
        height, width = self._ends.get(key, (0, 0))
        self._ends[key] = max(height, row), max(width, column)
        known = self._blocks.get(key)
        for rect in list(known or ()):
            if rect[0] <= row <= rect[2] and rect[1] <= column <= rect[3]:
                del self._blocks[key][rect]

    def get(self, sheet: str, row: int, column: int) -> CellValue:
        """One cell."""
        key = sheet.casefold()
        over = self._over.get(key, {}).get(row)
        if over is not None and column in over:
            return over[column]
        rows = self._rows.get(key, ())
        line = rows[row - 1] if row <= len(rows) else ()
        value = line[column - 1] if column <= len(line) else None
        return None if value == "" else value

    def size(self, sheet: str) -> tuple[int, int]:
        """The last row and column anything stands in."""
        return self._ends.get(sheet.casefold(), (0, 0))

    def block(self, area: Area) -> list[list[CellValue]]:
        """A range as rows, no further than anything stands; not to be changed."""
        key = area.sheet.casefold()
        known = self._blocks.setdefault(key, {})
        if (found := known.get(area.rect)) is not None:
            return found
        height, width = self.size(area.sheet)
        top, left, bottom, right = area.rect
        bottom, right = min(bottom, height), min(right, max(width, left))
        rows, over = self._rows.get(key, ()), self._over.get(key, {})
        out: list[list[CellValue]] = []
        for row in range(top, bottom + 1):
            line = list(rows[row - 1][left - 1 : right]) if row <= len(rows) else []
            line += [None] * (right - left + 1 - len(line))
            for column, value in over.get(row, {}).items():
                if left <= column <= right:
                    line[column - left] = value
            out.append([None if value == "" else value for value in line])
        if len(known) >= _KNOWN:
            known.clear()
        known[area.rect] = out
        return out

    def write(self, edits: Edits) -> list[tuple[str, int, int] | str]:
        """Lay a plan's values over the cells; gives the cells that change, a sheet's name where a tab is drawn anew."""
        from addin.books.edits import CLEAR, PutTab, Write

        touched: list[tuple[str, int, int] | str] = []
        for edit in edits.items:
            if isinstance(edit, Write):
                for i, line in enumerate(edit.values):
                    for j, value in enumerate(line):
                        if value is not None:
                            new = None if value is CLEAR else _plain(value)
                            self.set(edit.sheet, edit.row + i, edit.column + j, new)
                            touched.append((edit.sheet, edit.row + i, edit.column + j))
            elif isinstance(edit, PutTab):
                key = edit.tab.name.casefold()
                self._rows[key] = ()
                self._over[key] = {}
                self._blocks.pop(key, None)
                self._ends.pop(key, None)
                for (row, column), cell in edit.tab.cells.items():
                    self.set(edit.tab.name, row, column, _plain(cell))
                touched.append(edit.tab.name)
        return touched


def _plain(value: Any) -> Any:
    """A plan's value as a cell's: links are their text, exact numbers floats."""
    from decimal import Decimal

    from addin.books.tab import Link

    if isinstance(value, Link):
        return value.text
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return float(value)
    return value or None if isinstance(value, str) else value
