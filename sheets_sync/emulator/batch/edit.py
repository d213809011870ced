"""Requests that edit what is there: sort, find and replace, trim, remove duplicates, split text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import functions as fn
from sheets_sync.emulator import shift
from sheets_sync.emulator.a1 import Box, to_grid_range
from sheets_sync.emulator.batch.content import enter
from sheets_sync.emulator.batch.parts import block, both_criteria
from sheets_sync.emulator.calc import shown_values
from sheets_sync.emulator.cells import EMPTY, Cell, CellError, Formula
from sheets_sync.emulator.errors import invalid, not_implemented
from sheets_sync.emulator.protection import check_writable
from sheets_sync.emulator.rendering import shown

if TYPE_CHECKING:
    from sheets_sync.emulator.calc import Shown
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet


def sort_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``sortRange``: numbers, text, FALSE and TRUE, errors, blanks last either way; formulas move with their row."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    sort_box(book, sheet, box, given.get("sortSpecs") or [])
    return {}


def sort_box(book: Book, sheet: Sheet, box: Box, specs: list[dict[str, Any]]) -> None:
    """Sort the block's rows by these ``SortSpec``s."""
    known = shown_values(book, sheet)
    rows = list(range(box.row, min(box.end_row, len(sheet.grid))))
    for spec in reversed(specs):
        if "foregroundColor" in spec or "backgroundColor" in spec or "backgroundColorStyle" in spec:
            raise not_implemented("sorting by colour")
        col = spec.get("dimensionIndex", 0)
        if not box.col <= col < box.end_col:
            raise invalid(f"sortSpecs.dimensionIndex[{col}] must be inside the range.")
        _sort_by(rows, known, col, down=spec.get("sortOrder") == "DESCENDING")
    old = {r: dict(sheet.grid[r].cells) for r in rows}
    for to, source in zip(range(box.row, box.row + len(rows)), rows, strict=True):
        for c in range(box.col, box.end_col):
            cell = old[source].get(c, EMPTY)
            if isinstance(cell.value, Formula) and to != source:
                cell = replace(cell, value=Formula(shift.copied(cell.value.text, to - source, 0)))
            sheet.put(to, c, cell)


def _sort_by(rows: list[int], known: Shown, col: int, *, down: bool) -> None:
    filled = [r for r in rows if known.filled(r, col)]
    blank = [r for r in rows if not known.filled(r, col)]

    def key(row: int) -> tuple[int, Any]:
        value = known.at(row, col)
        return (3, value.type) if isinstance(value, CellError) else fn.order(value)

    filled.sort(key=key, reverse=down)
    if down:  # a stable sort the other way round keeps equal rows in their order
        filled = _stable(filled, rows, key)
    rows[:] = filled + blank


def _stable(ordered: list[int], before: list[int], key: Any) -> list[int]:
    place = {row: at for at, row in enumerate(before)}
    groups: list[list[int]] = []
    for row in ordered:
        if groups and key(groups[-1][0]) == key(row):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [row for group in groups for row in sorted(group, key=place.__getitem__)]


def find_replace(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``findReplace`` in a range, a tab or everywhere; what it changed is counted in the reply."""
    needle = given.get("find", "")
    if not needle:
        raise invalid("find must be specified.")
    if "range" in given:
        places = [block(book, given["range"])]
    elif "sheetId" in given:
        found = book.sheet(given["sheetId"])
        places = [(found, found.full)]
    elif given.get("allSheets"):
        places = [(sheet, sheet.full) for sheet in book.sheets]
    else:
        raise invalid("A scope must be specified: range, sheetId or allSheets.")
    pattern = re.compile(
        needle if given.get("searchByRegex") else re.escape(needle), 0 if given.get("matchCase") else re.IGNORECASE
    )
    new = given.get("replacement", "")
    new = re.sub(r"\$(\d)", r"\\\1", new) if given.get("searchByRegex") else new.replace("\\", "\\\\")
    counts = {"valuesChanged": 0, "formulasChanged": 0, "occurrencesChanged": 0}
    rows: set[tuple[int, int]] = set()
    sheets: set[int] = set()
    for sheet, box in places:
        known = shown_values(book, sheet)
        for r, c, cell in list(sheet.used(box)):
            if cell.value is None:
                continue
            is_formula = isinstance(cell.value, Formula)
            if is_formula and not given.get("includeFormulas"):
                continue
            text = (
                cell.value.text if isinstance(cell.value, Formula) else shown(known.at(r, c), cell.format, book.locale)
            )
            if given.get("matchEntireCell") and not pattern.fullmatch(text):
                continue
            changed, times = pattern.subn(new, text)
            if not times:
                continue
            check_writable(ctx, sheet, Box(r, r + 1, c, c + 1))
            enter(book, sheet, r, c, changed)
            counts["formulasChanged" if is_formula else "valuesChanged"] += 1
            counts["occurrencesChanged"] += times
            rows.add((sheet.id, r))
            sheets.add(sheet.id)
    counts |= {"rowsChanged": len(rows), "sheetsChanged": len(sheets)}
    return {key: value for key, value in counts.items() if value}


def trim_whitespace(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``trimWhitespace``."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    count = 0
    for r, c, cell in list(sheet.used(box)):
        if isinstance(cell.value, str):
            trimmed = re.sub(r"\s+", " ", cell.value).strip()
            if trimmed != cell.value:
                sheet.put(r, c, replace(cell, value=trimmed or None))
                count += 1
    return {"cellsChangedCount": count} if count else {}


def delete_duplicates(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteDuplicates``: the first row of equal ones stays, the rest move up; letters' case doesn't count."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    known = shown_values(book, sheet)
    columns = [
        c
        for spec in given.get("comparisonColumns") or []
        for c in range(spec.get("startIndex", box.col), spec.get("endIndex", box.end_col))
    ] or list(range(box.col, box.end_col))
    seen: set[tuple[str, ...]] = set()
    kept: list[dict[int, Cell]] = []
    last = min(box.end_row, len(sheet.grid))
    for r in range(box.row, last):
        text = tuple(shown(known.at(r, c), sheet.cell(r, c).format, book.locale).casefold() for c in columns)
        if text not in seen:
            seen.add(text)
            kept.append({c: sheet.cell(r, c) for c in range(box.col, box.end_col)})
    removed = last - box.row - len(kept)
    for r in range(box.row, last):
        line = kept[r - box.row] if r - box.row < len(kept) else {}
        for c in range(box.col, box.end_col):
            sheet.put(r, c, line.get(c, EMPTY))
    return {"duplicatesRemovedCount": removed} if removed > 0 else {}


_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def text_to_columns(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``textToColumns``: one column split over those right of it."""
    sheet, box = block(book, given.get("source", {}))
    if box.end_col - box.col != 1:
        raise invalid("source must be exactly one column.")
    kind = given.get("delimiterType", "DELIMITER_TYPE_UNSPECIFIED")
    delimiter = given.get("delimiter") if kind == "CUSTOM" else _DELIMITERS.get(kind)
    if not delimiter:
        raise not_implemented(f"textToColumns with {kind}")
    for r, _, cell in list(sheet.used(box)):
        if isinstance(cell.value, str):
            parts = [part.strip() for part in cell.value.split(delimiter)]
            if box.col + len(parts) > sheet.cols:
                sheet.resize(cols=box.col + len(parts))
                book.check_size()
            check_writable(ctx, sheet, Box(r, r + 1, box.col, box.col + len(parts)))
            for offset, part in enumerate(parts):
                enter(book, sheet, r, box.col + offset, part)
    return {}


def set_basic_filter(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``setBasicFilter``; its sort is carried out once. What it hides is kept but hides nothing here."""
    filter_ = given.get("filter", {})
    sheet, box = block(book, filter_.get("range", {}))
    sheet.filter = both_criteria({**filter_, "range": to_grid_range(sheet.id, box.area())}, filter_)
    if filter_.get("sortSpecs"):
        sort_box(book, sheet, Box(box.row + 1, box.end_row, box.col, box.end_col), filter_["sortSpecs"])
    return {}


def clear_basic_filter(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``clearBasicFilter``."""
    book.sheet(given.get("sheetId", 0)).filter = None
    return {}


REQUESTS = {
    "sortRange": sort_range,
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "deleteDuplicates": delete_duplicates,
    "textToColumns": text_to_columns,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
}
