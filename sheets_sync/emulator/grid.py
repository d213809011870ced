"""Rows and columns put in, taken out, moved; a block of cells pushed aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheets_sync.emulator import shift
from sheets_sync.emulator.cells import Cell
from sheets_sync.emulator.errors import invalid
from sheets_sync.emulator.state import Row

if TYPE_CHECKING:
    from sheets_sync.emulator.a1 import Box
    from sheets_sync.emulator.state import Book, Sheet


def insert(book: Book, sheet: Sheet, dimension: str, at: int, count: int, *, inherit: bool) -> None:
    """Put empty rows or columns in before ``at``; ``inherit``: formats of the line before, else of the next."""
    if dimension == "ROWS":
        source = at - 1 if inherit else at
        like = sheet.grid[source].cells if 0 <= source < len(sheet.grid) else {}
        formats = {c: _empty(cell) for c, cell in like.items() if not _empty(cell).blank}
        if at < len(sheet.grid) or formats:
            while len(sheet.grid) < at:
                sheet.grid.append(Row())
            sheet.grid[at:at] = [Row(dict(formats)) for _ in range(count)]
        sheet.rows += count
    else:
        source = at - 1 if inherit else at
        for row in sheet.grid:
            moved = {c + count if c >= at else c: cell for c, cell in row.cells.items()}
            kept = _empty(row.cells[source]) if source in row.cells else None
            if kept and not kept.blank:
                moved |= {at + i: kept for i in range(count)}
            row.cells = moved
        sheet.columns = {c + count if c >= at else c: props for c, props in sheet.columns.items()}
        sheet.cols += count
    book.check_size()
    shift.everything(book, sheet, dimension, at, count)
    book.changes += 1


def _empty(cell: Cell) -> Cell:
    return Cell(format=cell.format, validation=cell.validation)


def delete(book: Book, sheet: Sheet, dimension: str, at: int, end: int) -> None:
    """Take rows or columns out. Raises Google's 400 where none would be left."""
    count = end - at
    if dimension == "ROWS":
        if count >= sheet.rows:
            raise invalid("You can't delete all the rows on the sheet.")
        frozen = sheet.grid_props.get("frozenRowCount", 0)
        if frozen and sheet.rows - count <= frozen - max(0, min(end, frozen) - at):
            raise invalid("You can't delete all the non-frozen rows.")
        del sheet.grid[at:end]
        sheet.rows -= count
    else:
        if count >= sheet.cols:
            raise invalid("You can't delete all the columns on the sheet.")
        for row in sheet.grid:
            row.cells = {c - count if c >= end else c: x for c, x in row.cells.items() if not at <= c < end}
        sheet.columns = {c - count if c >= end else c: p for c, p in sheet.columns.items() if not at <= c < end}
        sheet.cols -= count
    _thaw(sheet, dimension, at, end)
    shift.everything(book, sheet, dimension, at, -count)
    book.changes += 1


def _thaw(sheet: Sheet, dimension: str, at: int, end: int) -> None:
    key = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    frozen = sheet.grid_props.get(key, 0)
    left = frozen - max(0, min(end, frozen) - at)
    if left != frozen:
        sheet.grid_props = {k: v for k, v in sheet.grid_props.items() if k != key} | ({key: left} if left else {})


def move(book: Book, sheet: Sheet, dimension: str, start: int, end: int, to: int) -> None:
    """Move rows or columns before ``to`` (as counted before the move)."""
    if start <= to <= end:
        return
    size = sheet.rows if dimension == "ROWS" else sheet.cols
    lines = list(range(size))
    block = lines[start:end]
    rest = lines[:start] + lines[end:]
    place = to if to < start else to - len(block)
    new = rest[:place] + block + rest[place:]
    where = {old: position for position, old in enumerate(new)}
    if dimension == "ROWS":
        while len(sheet.grid) < max(end, min(to, sheet.rows)):
            sheet.grid.append(Row())
        grid = [Row() for _ in range(len(sheet.grid))]
        for old, row in enumerate(sheet.grid):
            grid[where[old]] = row
        sheet.grid = grid
    else:
        for row in sheet.grid:
            row.cells = {where[c]: cell for c, cell in row.cells.items()}
        sheet.columns = {where[c]: props for c, props in sheet.columns.items()}
    book.changes += 1


def push(book: Book, sheet: Sheet, box: Box, dimension: str, *, delete: bool) -> None:
    """Shift the cells beside a block to make room for it, or to close it (``delete``)."""
    height, width = box.end_row - box.row, box.end_col - box.col
    if dimension == "ROWS":
        far = max(len(sheet.grid), box.end_row)
        column = {c: [sheet.cell(r, c) for r in range(box.row, far)] for c in range(box.col, box.end_col)}
        for c, cells in column.items():
            new = cells[height:] + [Cell()] * height if delete else [Cell()] * height + cells
            for offset, cell in enumerate(new):
                if box.row + offset < sheet.rows or not cell.blank:
                    sheet.put(box.row + offset, c, cell)
        sheet.rows = max(sheet.rows, len(sheet.grid))
    else:
        for r in range(box.row, min(box.end_row, len(sheet.grid))):
            cells_ = sheet.grid[r].cells
            moved: dict[int, Cell] = {}
            for c, cell in cells_.items():
                if c < box.col:
                    moved[c] = cell
                elif not delete:
                    moved[c + width] = cell
                elif c >= box.end_col:
                    moved[c - width] = cell
            sheet.grid[r].cells = moved
            sheet.cols = max(sheet.cols, max(moved, default=0) + 1)
    book.check_size()
    book.changes += 1
