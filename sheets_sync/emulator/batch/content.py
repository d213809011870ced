"""Requests that put cells: updateCells, repeatCell, appendCells, pasteData, copyPaste, cutPaste."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import shift
from sheets_sync.emulator.a1 import Box
from sheets_sync.emulator.batch.parts import block, changed, corner, mask
from sheets_sync.emulator.calc import shown_values
from sheets_sync.emulator.cells import EMPTY, Cell, CellError, Formula
from sheets_sync.emulator.entered import typed
from sheets_sync.emulator.errors import invalid, not_implemented
from sheets_sync.emulator.protection import check_writable
from sheets_sync.emulator.values import TEXT_LIMIT

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet


def _check_text(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        for cell in row.get("values") or []:
            entered = cell.get("userEnteredValue") or {}
            if "errorValue" in entered:
                raise invalid("errorValue is read-only: userEnteredValue may not hold an error.")
            if len(entered.get("stringValue") or "") > TEXT_LIMIT:
                raise invalid(f"Your input contains more than the maximum of {TEXT_LIMIT} characters in a single cell.")


def update_cells(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateCells``: from ``start`` on, or over all of ``range`` (what rows don't cover is cleared)."""
    fields = mask(given)
    rows = given.get("rows") or []
    _check_text(rows)
    height, width = len(rows), max((len(r.get("values") or []) for r in rows), default=0)
    if "range" in given:
        sheet, box = block(book, given["range"])
        if height > box.end_row - box.row:
            raise _too_far("row", box.row + height - 1, box.end_row - 1)
        if width > box.end_col - box.col:
            raise _too_far("column", box.col + width - 1, box.end_col - 1)
    elif "start" in given:
        sheet, row, col = corner(book, given["start"])
        if row + height > sheet.rows:
            raise _too_far("row", sheet.rows, sheet.rows - 1)
        if col + width > sheet.cols:
            raise _too_far("column", sheet.cols, sheet.cols - 1)
        box = Box(row, row + height, col, col + width)
    else:
        raise invalid("no start")
    check_writable(ctx, sheet, box)
    whole = "range" in given
    for r in range(box.row, box.end_row):
        values = (rows[r - box.row].get("values") or []) if r - box.row < height else []
        stop = box.end_col if whole else box.col + len(values)
        for c in range(box.col, stop):
            one = values[c - box.col] if c - box.col < len(values) else {}
            old = sheet.cell(r, c)
            if one or old is not EMPTY:
                sheet.put(r, c, changed(old, one, fields))
    return {}


def _too_far(noun: str, at: int, last: int) -> Exception:
    return invalid(f"Attempting to write {noun}: {at}, beyond the last requested {noun} of: {last}")


def repeat_cell(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``repeatCell``; a formula's references move along."""
    fields = mask(given)
    sheet, box = block(book, given.get("range", {}))
    one = given.get("cell", {})
    _check_text([{"values": [one]}])
    check_writable(ctx, sheet, box)
    formula = (one.get("userEnteredValue") or {}).get("formulaValue")
    for r in range(box.row, box.end_row):
        for c in range(box.col, box.end_col):
            given_cell = one
            if formula:
                moved = shift.copied(formula, r - box.row, c - box.col)
                given_cell = {**one, "userEnteredValue": {"formulaValue": moved}}
            sheet.put(r, c, changed(sheet.cell(r, c), given_cell, fields))
    return {}


def append_cells(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``appendCells``: after the last row with data, growing the grid."""
    fields = mask(given)
    sheet = book.sheet(given.get("sheetId", 0))
    rows = given.get("rows") or []
    _check_text(rows)
    width = max((len(r.get("values") or []) for r in rows), default=0)
    if width > sheet.cols:
        raise _too_far("column", sheet.cols, sheet.cols - 1)
    known = shown_values(book, sheet)
    last = known.last_row(sheet.full)
    row = 0 if last is None else last[0] + 1
    if row + len(rows) > sheet.rows:
        sheet.resize(rows=row + len(rows))
        book.check_size()
    check_writable(ctx, sheet, Box(row, row + max(len(rows), 1), 0, max(width, 1)))
    for r, line in enumerate(rows, row):
        for c, one in enumerate(line.get("values") or []):
            sheet.put(r, c, changed(sheet.cell(r, c), one, fields))
    return {}


def paste_data(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``pasteData``: text by a delimiter, as if typed; the grid grows."""
    if given.get("html"):
        raise not_implemented("pasteData of HTML")
    sheet, row, col = corner(book, given.get("coordinate", {}))
    text = given.get("data", "")
    delimiter = given.get("delimiter") or ","
    rows = (
        list(csv.reader(io.StringIO(text), delimiter=delimiter))
        if len(delimiter) == 1
        else [line.split(delimiter) for line in text.splitlines()]
    )
    height, width = len(rows), max(map(len, rows), default=0)
    sheet.resize(max(sheet.rows, row + height), max(sheet.cols, col + width))
    book.check_size()
    check_writable(ctx, sheet, Box(row, row + max(height, 1), col, col + max(width, 1)))
    kind = given.get("type", "PASTE_NORMAL")
    if kind not in {"PASTE_NORMAL", "PASTE_VALUES", "PASTE_NO_BORDERS"}:
        raise not_implemented(f"pasteData of type {kind}")
    for r, line in enumerate(rows, row):
        for c, entry in enumerate(line, col):
            enter(book, sheet, r, c, entry)
    return {}


def enter(book: Book, sheet: Sheet, row: int, col: int, text: str) -> None:
    """Type a text into a cell, as a person does."""
    old = sheet.cell(row, col)
    number = (old.format or {}).get("numberFormat", {})
    value, brought = typed(text, book.locale, text_format=number.get("type") == "TEXT")
    format_ = {**(old.format or {}), "numberFormat": brought} if brought and not number else old.format
    sheet.put(row, col, replace(old, value=value, format=format_, runs=(), chips=()))


_PARTS = {
    "PASTE_NORMAL": ("value", "format", "validation", "note", "runs", "chips"),
    "PASTE_VALUES": ("value", "runs", "chips"),
    "PASTE_FORMAT": ("format", "validation"),
    "PASTE_NO_BORDERS": ("value", "format", "validation", "note", "runs", "chips"),
    "PASTE_FORMULA": ("value",),
    "PASTE_DATA_VALIDATION": ("validation",),
    "PASTE_CONDITIONAL_FORMATTING": (),
}


def copy_paste(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``copyPaste``: repeated over a larger destination; references of formulas move along."""
    source_sheet, source = block(book, given.get("source", {}))
    sheet, target = block(book, given.get("destination", {}))
    kind = given.get("pasteType", "PASTE_NORMAL")
    if kind == "PASTE_CONDITIONAL_FORMATTING":
        raise not_implemented("copyPaste of conditional formats")
    turned = given.get("pasteOrientation") == "TRANSPOSE"
    height, width = source.end_row - source.row, source.end_col - source.col
    if height <= 0 or width <= 0:
        return {}
    if turned:
        height, width = width, height
    rows = max(height, (target.end_row - target.row) // height * height)
    cols = max(width, (target.end_col - target.col) // width * width)
    box = Box(target.row, min(target.row + rows, sheet.rows), target.col, min(target.col + cols, sheet.cols))
    check_writable(ctx, sheet, box)
    known = shown_values(book, source_sheet)
    kept = {
        (r, c): source_sheet.cell(r, c)
        for r in range(source.row, source.end_row)
        for c in range(source.col, source.end_col)
    }
    shown = {
        place: known.at(*place)
        for place, cell in kept.items()
        if kind == "PASTE_VALUES" and isinstance(cell.value, Formula)
    }
    for r in range(box.row, box.end_row):
        for c in range(box.col, box.end_col):
            down, right = (r - box.row) % height, (c - box.col) % width
            place = (source.row + (right if turned else down), source.col + (down if turned else right))
            cell = kept[place]
            if place in shown:
                value = shown[place]
                cell = replace(cell, value=value.text if isinstance(value, CellError) else value)
            elif isinstance(cell.value, Formula):
                cell = replace(cell, value=Formula(shift.copied(cell.value.text, r - place[0], c - place[1])))
            sheet.put(r, c, _pasted(sheet.cell(r, c), cell, kind))
    return {}


def _pasted(old: Cell, new: Cell, kind: str) -> Cell:
    parts: dict[str, Any] = {name: getattr(new, name) for name in _PARTS[kind]}
    if kind == "PASTE_NO_BORDERS" and parts["format"]:
        parts["format"] = {k: v for k, v in parts["format"].items() if k != "borders"} or None
    return replace(old, **parts)


def cut_paste(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``cutPaste``: the cells move; formulas keep what they refer to."""
    source_sheet, source = block(book, given.get("source", {}))
    sheet, row, col = corner(book, given.get("destination", {}))
    kind = given.get("pasteType", "PASTE_NORMAL")
    height, width = source.end_row - source.row, source.end_col - source.col
    box = sheet.box(Box(row, row + height, col, col + width).area())
    check_writable(ctx, source_sheet, source)
    check_writable(ctx, sheet, box)
    kept = {
        (r, c): source_sheet.cell(r, c)
        for r in range(source.row, source.end_row)
        for c in range(source.col, source.end_col)
    }
    for (r, c), cell in kept.items():
        source_sheet.put(r, c, _pasted(cell, EMPTY, kind))
    for (r, c), cell in kept.items():
        to = (row + r - source.row, col + c - source.col)
        if to[0] < box.end_row and to[1] < box.end_col:
            sheet.put(*to, _pasted(sheet.cell(*to), cell, kind))
    return {}


REQUESTS = {
    "updateCells": update_cells,
    "repeatCell": repeat_cell,
    "appendCells": append_cells,
    "pasteData": paste_data,
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
}
