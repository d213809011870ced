"""A partner at the keyboard: edits of a spreadsheet that no request of ours makes, as people make them in a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import grid, shift
from sheets_sync.emulator.a1 import Area, Box, parse_cells
from sheets_sync.emulator.batch.content import enter
from sheets_sync.emulator.batch.edit import sort_box
from sheets_sync.emulator.calc import shown_values
from sheets_sync.emulator.cells import EMPTY, Cell
from sheets_sync.emulator.protection import check_writable
from sheets_sync.emulator.rendering import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sheets_sync.emulator.server import Server
    from sheets_sync.emulator.state import Book, Sheet


class Partner:
    """Edits by one person in one tab (the first unless named). Rows and columns are counted from 1, as people see them.

    Protected cells refuse, as in the browser: `ApiError`.
    """

    def __init__(self, server: Server, ref: str, email: str, tab: str) -> None:
        self._server = server
        self._ref = ref
        self._email = email
        self._tab = tab
        self._undo: list[tuple[int, Book, int, dict[tuple[int, int], Cell]]] = []

    def _book(self) -> Book:
        return self._server.store.books[self._ref]

    def _sheet(self) -> Sheet:
        book = self._book()
        if not self._tab:
            return book.sheets[0]
        found = book.titled(self._tab)
        if found is None:
            raise LookupError(self._tab)
        return found

    def _edit(self, act: Callable[[Book, Sheet], None], box: Box | None = None) -> None:
        with self._server.lock:
            book, sheet = self._book(), self._sheet()
            file = self._server.store.files[self._ref]
            if box:
                check_writable(self._server.store.context(self._email, file), sheet, box)
            before = book.copy()
            act(book, sheet)
            book.changes += 1
            self._undo.append((book.changes, before, sheet.id, _changed(before, book, sheet.id)))
            self._server.store.touch(file, self._email)

    def type(self, cell: str, text: str | float | bool) -> None:
        """Type into a cell: ``type("C5", "9/14")``. A checkbox takes `True` and `False`."""
        area = _cell(cell)

        def act(book: Book, sheet: Sheet) -> None:
            _grow(sheet, area.end_row, area.end_col)
            if isinstance(text, str):
                enter(book, sheet, area.row, area.col, text)
            else:
                value = text if isinstance(text, bool) else float(text)
                sheet.put(area.row, area.col, replace(sheet.cell(area.row, area.col), value=value))

        self._edit(act, area)

    def paste(self, cell: str, rows: Sequence[Sequence[str]]) -> None:
        """Paste rows of texts from this cell on; the grid grows."""
        area = _cell(cell)
        width = max(map(len, rows), default=0)

        def act(book: Book, sheet: Sheet) -> None:
            _grow(sheet, area.row + len(rows), area.col + width)
            for r, line in enumerate(rows, area.row):
                for c, text in enumerate(line, area.col):
                    enter(book, sheet, r, c, text)

        self._edit(act, Box(area.row, area.row + max(len(rows), 1), area.col, area.col + max(width, 1)))

    def clear(self, cells: str = "") -> None:
        """Delete what is in these cells; in the whole tab without a range."""
        area = parse_cells(cells) if cells else Area()
        assert area is not None
        box = self._sheet().box(area)

        def act(book: Book, sheet: Sheet) -> None:
            for r, c, cell in list(sheet.used(box)):
                sheet.put(r, c, replace(cell, value=None))

        self._edit(act, box)

    def sort(self, column: int | str, *, descending: bool = False, header_rows: int = 1, last: int = 0) -> None:
        """Sort the rows under the header by a column: its number from 1, or its header's text."""

        def act(book: Book, sheet: Sheet) -> None:
            col = self._column(column) - 1
            box = Box(header_rows, last or sheet.rows, 0, sheet.cols)
            order = "DESCENDING" if descending else "ASCENDING"
            sort_box(book, sheet, box, [{"dimensionIndex": col, "sortOrder": order}])

        self._edit(act)

    def _column(self, column: int | str) -> int:
        if isinstance(column, int):
            return column
        header = self.row(1)
        return header.index(column) + 1

    def insert_rows(self, at: int, count: int = 1) -> None:
        """Empty rows before this one."""
        self._edit(lambda book, sheet: grid.insert(book, sheet, "ROWS", at - 1, count, inherit=at > 1))

    def insert_columns(self, at: int, count: int = 1) -> None:
        """Empty columns before this one."""
        self._edit(lambda book, sheet: grid.insert(book, sheet, "COLUMNS", at - 1, count, inherit=at > 1))

    def delete_rows(self, at: int, count: int = 1) -> None:
        """Take rows away, the others move up."""
        sheet = self._sheet()
        box = Box(at - 1, at - 1 + count, 0, sheet.cols)
        self._edit(lambda book, sheet: grid.delete(book, sheet, "ROWS", at - 1, at - 1 + count), box)

    def delete_columns(self, at: int, count: int = 1) -> None:
        """Take columns away."""
        sheet = self._sheet()
        box = Box(0, sheet.rows, at - 1, at - 1 + count)
        self._edit(lambda book, sheet: grid.delete(book, sheet, "COLUMNS", at - 1, at - 1 + count), box)

    def move_rows(self, at: int, before: int, count: int = 1) -> None:
        """Drag rows to before another."""
        self._edit(lambda book, sheet: grid.move(book, sheet, "ROWS", at - 1, at - 1 + count, before - 1))

    def move_columns(self, at: int, before: int, count: int = 1) -> None:
        """Drag columns to before another."""
        self._edit(lambda book, sheet: grid.move(book, sheet, "COLUMNS", at - 1, at - 1 + count, before - 1))

    def duplicate_row(self, at: int, to: int) -> None:
        """Copy a whole row over another, hidden cells too."""

        def act(book: Book, sheet: Sheet) -> None:
            _grow(sheet, to, sheet.cols)
            cells: dict[int, Cell] = dict(sheet.row(at - 1).cells)
            for c in range(sheet.cols):
                sheet.put(to - 1, c, cells.get(c, EMPTY))

        self._edit(act, Box(to - 1, to, 0, self._sheet().cols))

    def rename_tab(self, title: str) -> None:
        """Give the tab another name."""

        def act(book: Book, sheet: Sheet) -> None:
            shift.renamed(book, sheet.title, title)
            sheet.title = title

        self._edit(act)
        self._tab = self._tab and title

    def delete_tab(self) -> None:
        """Take the tab away."""

        def act(book: Book, sheet: Sheet) -> None:
            shift.removed(book, sheet)
            book.sheets.remove(sheet)

        self._edit(act)

    def check(self, name: str, on: bool = True) -> None:
        """Tick a checkbox by its named range."""
        book = self._book()
        sheet_id, area = next((s, a) for n, s, a in book.named.values() if n == name)
        sheet = book.sheet(sheet_id)
        box = area.fixed(sheet.rows, sheet.cols)
        other = Partner(self._server, self._ref, self._email, sheet.title)
        other.type(f"{_letters(box.col)}{box.row + 1}", on)

    def trash(self, gone: bool = True) -> None:
        """Move the file to the bin, or back."""
        with self._server.lock:
            file = self._server.store.files[self._ref]
            file.trashed = gone
            self._server.store.touch(file, self._email)

    def undo(self) -> None:
        """Take one's own last edit back: all of it where nothing else happened since, else the cells it changed."""
        with self._server.lock:
            changes, before, sheet_id, cells = self._undo.pop()
            book = self._book()
            if book.changes == changes:
                book.restore(before)
                book.changes = changes
            else:
                for (row, col), cell in cells.items():
                    book.sheet(sheet_id).put(row, col, cell)
            book.changes += 1
            self._server.store.touch(self._server.store.files[self._ref], self._email)

    def rows(self) -> list[list[str]]:
        """What the tab shows, row by row, empty ends left out."""
        with self._server.lock:
            book, sheet = self._book(), self._sheet()
            known = shown_values(book, sheet)
            found = [
                [shown(known.at(r, c), known.format(r, c), book.locale) for c in range(known.width)]
                for r in range(known.height)
            ]
        while found and not any(found[-1]):
            found.pop()
        return found

    def row(self, at: int) -> list[str]:
        """What one row shows."""
        rows = self.rows()
        return rows[at - 1] if at <= len(rows) else []

    def cell(self, cell: str) -> Any:
        """What one cell holds, as kept: text, number, yes or no, `Formula`."""
        area = _cell(cell)
        return self._sheet().cell(area.row, area.col).value


def _changed(before: Book, after: Book, sheet_id: int) -> dict[tuple[int, int], Cell]:
    """The cells of a tab that are not what they were, as they were."""
    old = next((s for s in before.sheets if s.id == sheet_id), None)
    new = next((s for s in after.sheets if s.id == sheet_id), None)
    if old is None or new is None:
        return {}
    places = {(r, c) for s in (old, new) for r, c, _ in s.used(s.full)}
    return {place: old.cell(*place) for place in places if old.cell(*place) != new.cell(*place)}


def _cell(text: str) -> Box:
    area = parse_cells(text)
    assert area is not None
    assert area.single
    return area.fixed(10**9, 10**9)


def _letters(col: int) -> str:
    from sheets_sync.emulator.a1 import letters

    return letters(col)


def _grow(sheet: Sheet, rows: int, cols: int) -> None:
    if rows > sheet.rows or cols > sheet.cols:
        sheet.resize(max(rows, sheet.rows), max(cols, sheet.cols))
