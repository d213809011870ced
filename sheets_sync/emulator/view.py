"""``spreadsheets.get``: a spreadsheet as JSON, with what the real service puts in and leaves out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.a1 import Area, Box, to_grid_range
from sheets_sync.emulator.calc import Shown, shown_values
from sheets_sync.emulator.cells import Cell, extended
from sheets_sync.emulator.rendering import shown

if TYPE_CHECKING:
    from sheets_sync.emulator.state import Book, Sheet


def _rgb(red: float = 0, green: float = 0, blue: float = 0) -> dict[str, float]:
    return {k: v for k, v in (("red", red), ("green", green), ("blue", blue)) if v}


@cache
def default_format() -> dict[str, Any]:
    """The format of a cell nobody formatted."""
    return {
        "backgroundColor": _rgb(1, 1, 1),
        "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
        "verticalAlignment": "BOTTOM",
        "wrapStrategy": "OVERFLOW_CELL",
        "textFormat": {
            "foregroundColor": {},
            "fontFamily": "arial,sans,sans-serif",
            "fontSize": 10,
            "bold": False,
            "italic": False,
            "strikethrough": False,
            "underline": False,
            "foregroundColorStyle": {"rgbColor": {}},
        },
        "backgroundColorStyle": {"rgbColor": _rgb(1, 1, 1)},
    }


@cache
def _theme() -> dict[str, Any]:
    colors = {
        "TEXT": _rgb(),
        "BACKGROUND": _rgb(1, 1, 1),
        "ACCENT1": _rgb(0.25882354, 0.52156866, 0.95686275),
        "ACCENT2": _rgb(0.91764706, 0.2627451, 0.20784314),
        "ACCENT3": _rgb(0.9843137, 0.7372549, 0.015686275),
        "ACCENT4": _rgb(0.20392157, 0.65882355, 0.3254902),
        "ACCENT5": _rgb(1, 0.42745098, 0.003921569),
        "ACCENT6": _rgb(0.27450982, 0.7411765, 0.7764706),
        "LINK": _rgb(0.06666667, 0.33333334, 0.8),
    }
    return {
        "primaryFontFamily": "Arial",
        "themeColors": [{"colorType": kind, "color": {"rgbColor": color}} for kind, color in colors.items()],
    }


def spreadsheet(
    book: Book, *, ranges: list[str] | None = None, data: bool = False, metadata: bool = True
) -> dict[str, Any]:
    """The ``Spreadsheet``: all tabs, or those of the ranges; with their cells where ``data``."""
    wanted: dict[int, list[Area]] = {}
    for text in ranges or []:
        sheet, area = book.find(text)
        sheet.box(area)
        wanted.setdefault(sheet.id, []).append(area)
    sheets = [s for s in book.sheets if not ranges or s.id in wanted]
    reply: dict[str, Any] = {
        "spreadsheetId": book.id,
        "properties": properties(book),
        "sheets": [
            sheet_json(book, s, wanted.get(s.id) or [Area()] if data else None, metadata=metadata) for s in sheets
        ],
    }
    if book.named:
        reply["namedRanges"] = [named_range(id, *item) for id, item in book.named.items()]
    reply["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    own = [m for m in book.metadata if m.get("location", {}).get("spreadsheet")]
    if own:
        reply["developerMetadata"] = own
    return reply


def properties(book: Book) -> dict[str, Any]:
    """The ``SpreadsheetProperties``."""
    found = {
        "title": book.title,
        "locale": book.locale,
        "autoRecalc": book.recalculation,
        "timeZone": book.zone,
        "defaultFormat": default_format(),
        "spreadsheetTheme": _theme(),
    }
    if book.iterative:
        found["iterativeCalculationSettings"] = book.iterative
    return found


def named_range(id: str, name: str, sheet_id: int, area: Area) -> dict[str, Any]:
    """The ``NamedRange``."""
    return {"namedRangeId": id, "name": name, "range": to_grid_range(sheet_id, area)}


def sheet_properties(book: Book, sheet: Sheet) -> dict[str, Any]:
    """The ``SheetProperties``."""
    return {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet) if sheet in book.sheets else 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": sheet.rows, "columnCount": sheet.cols, **sheet.grid_props},
        **sheet.props,
    }


def sheet_json(book: Book, sheet: Sheet, areas: list[Area] | None, *, metadata: bool = True) -> dict[str, Any]:
    """The ``Sheet``; with the cells of these areas unless `None`."""
    found: dict[str, Any] = {"properties": sheet_properties(book, sheet)}
    if areas is not None:
        known = shown_values(book, sheet)
        found["data"] = [grid_data(book, sheet, known, area, metadata=metadata) for area in areas]
    if sheet.merges:
        found["merges"] = [_with_id(sheet, box) for box in sheet.merges]
    kept = {
        "conditionalFormats": sheet.conditional,
        "filterViews": sheet.filter_views,
        "protectedRanges": sheet.protected,
        "basicFilter": sheet.filter,
        "bandedRanges": sheet.banded,
        "rowGroups": sheet.row_groups,
        "columnGroups": sheet.column_groups,
        "developerMetadata": [m for m in book.metadata if m["location"].get("sheetId", -1) == sheet.id],
    }
    return found | {key: items for key, items in kept.items() if items}


def _with_id(sheet: Sheet, box: Box) -> dict[str, Any]:
    return to_grid_range(sheet.id, box.area())


def grid_data(book: Book, sheet: Sheet, known: Shown, area: Area, *, metadata: bool = True) -> dict[str, Any]:
    """The ``GridData`` of an area: rows up to the last that holds anything, sizes of every row and column."""
    box = area.fixed(sheet.rows, sheet.cols)
    found: dict[str, Any] = {}
    if box.row:
        found["startRow"] = box.row
    if box.col:
        found["startColumn"] = box.col
    rows: list[dict[str, Any]] = []
    for r in range(box.row, min(box.end_row, known.height)):
        cells: list[dict[str, Any]] = []
        for c in range(box.col, min(box.end_col, max(known.width, 1))):
            one = cell_json(sheet.cell(r, c), known, r, c, book.locale)
            if one:
                cells.extend({} for _ in range(c - box.col - len(cells)))
                cells.append(one)
        rows.append({"values": cells} if cells else {})
    while rows and not rows[-1]:
        rows.pop()
    if rows:
        found["rowData"] = rows
    if metadata:
        found["rowMetadata"] = [
            {"pixelSize": 21, **(sheet.grid[r].props if r < len(sheet.grid) else {})}
            for r in range(box.row, box.end_row)
        ]
        found["columnMetadata"] = [{"pixelSize": 100, **sheet.columns.get(c, {})} for c in range(box.col, box.end_col)]
    return found


def cell_json(cell: Cell, known: Shown, row: int, col: int, locale: str) -> dict[str, Any]:
    """The ``CellData``."""
    found: dict[str, Any] = {}
    entered = extended(cell.value)
    if entered:
        found["userEnteredValue"] = entered
    value = known.at(row, col)
    effective = extended(value)
    format_ = known.format(row, col)
    if effective:
        found["effectiveValue"] = effective
        found["formattedValue"] = shown(value, format_, locale)
    if cell.format:
        found["userEnteredFormat"] = cell.format
    if effective or cell.format:
        found["effectiveFormat"] = _effective(format_, value)
    if cell.runs:
        found["textFormatRuns"] = list(cell.runs)
    if cell.chips:
        found["chipRuns"] = list(cell.chips)
    if cell.note:
        found["note"] = cell.note
    if cell.validation:
        found["dataValidation"] = cell.validation
    return found


def _effective(format_: dict[str, Any] | None, value: object) -> dict[str, Any]:
    found = {**default_format(), **(format_ or {})}
    font = {"fontFamily": _theme()["primaryFontFamily"]}  # one name, where the default has a list of them
    found["textFormat"] = default_format()["textFormat"] | font | (format_ or {}).get("textFormat", {})
    if value is not None and "horizontalAlignment" not in found:
        if isinstance(value, bool):
            found["horizontalAlignment"] = "CENTER"
        elif isinstance(value, float | int):
            found["horizontalAlignment"] = "RIGHT"
        else:
            found["horizontalAlignment"] = "LEFT"
    found.setdefault("hyperlinkDisplayType", "PLAIN_TEXT")
    return found
