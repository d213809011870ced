"""Requests for tabs and for the spreadsheet itself: add, delete, duplicate, rename, resize, reorder."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import shift
from sheets_sync.emulator.batch.parts import mask
from sheets_sync.emulator.errors import invalid, not_implemented
from sheets_sync.emulator.fields import paths, updated
from sheets_sync.emulator.protection import check_sheet
from sheets_sync.emulator.state import COLUMN_LIMIT, Sheet
from sheets_sync.emulator.view import sheet_properties

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book

_OWN = {"sheetId", "title", "index", "sheetType", "gridProperties"}


def tab_word(locale: str) -> str:
    """What a new tab is called before its number.

    >>> tab_word("en_US"), tab_word("ko_KR")
    ('Sheet', '시트')
    """
    return "시트" if locale.startswith("ko") else "Sheet"


def new_sheet(ctx: Context, book: Book, given: dict[str, Any]) -> Sheet:
    """A tab as these properties ask for; not in the spreadsheet yet."""
    if given.get("sheetType", "GRID") != "GRID":
        raise not_implemented(f"tabs of type {given['sheetType']}")
    title = given.get("title")
    if title is None:
        used = {s.title.casefold() for s in book.sheets}
        count = len(book.sheets) + 1
        while f"{tab_word(book.locale)}{count}".casefold() in used:
            count += 1
        title = f"{tab_word(book.locale)}{count}"
    _check_title(book, title, None)
    id = given.get("sheetId")
    if id is None:
        used_ids = {s.id for s in book.sheets}
        id = ctx.store.number()
        while id in used_ids:
            id = ctx.store.number()
    elif any(s.id == id for s in book.sheets):
        raise invalid(f"Duplicate sheet id: {id}" if id < 0 else f"Sheet with id {id} already exists.")
    grid = given.get("gridProperties", {})
    sheet = Sheet(id, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    _check_grid(sheet.rows, sheet.cols, grid)
    sheet.grid_props = _frozen({k: v for k, v in grid.items() if k not in {"rowCount", "columnCount"}})
    sheet.props = with_styles({k: copy.deepcopy(v) for k, v in given.items() if k not in _OWN and v is not False})
    return sheet


def with_styles(props: dict[str, Any]) -> dict[str, Any]:
    """A colour given in one of its two forms is shown in both; a style with nothing in it is no colour."""
    color, style = props.get("tabColor"), props.get("tabColorStyle")
    if style == {}:
        del props["tabColorStyle"]
    elif style and "rgbColor" in style:
        props["tabColor"] = style["rgbColor"]
    elif color is not None:
        props["tabColorStyle"] = {"rgbColor": color}
    return props


def _frozen(grid: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in grid.items() if v}


def _check_title(book: Book, title: str, own: Sheet | None) -> None:
    if not title:
        raise invalid("The sheet name cannot be empty.")
    if len(title) > 100:
        raise invalid("The sheet name cannot be greater than 100 characters.")
    other = book.titled(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _check_grid(rows: int, cols: int, grid: dict[str, Any]) -> None:
    if rows < 1:
        raise invalid("You can't have a sheet with no rows." if rows == 0 else "Row count must be positive.")
    if cols < 1:
        raise invalid("You can't have a sheet with no columns." if cols == 0 else "Column count must be positive.")
    if cols > COLUMN_LIMIT:
        raise invalid(f"This action would increase the number of columns above the limit of {COLUMN_LIMIT} columns.")
    for key, size, noun in (("frozenRowCount", rows, "rows"), ("frozenColumnCount", cols, "columns")):
        if grid.get(key, 0) >= size > 0 and grid.get(key, 0):
            raise invalid(f"You can't freeze all visible {noun} on the sheet.")


def add_sheet(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addSheet``."""
    wanted = given.get("properties", {})
    sheet = new_sheet(ctx, book, wanted)
    book.sheets.insert(_place(book, wanted.get("index"), len(book.sheets)), sheet)
    book.check_size()
    return {"properties": sheet_properties(book, sheet)}


def _place(book: Book, index: int | None, default: int) -> int:
    if index is None:
        return default
    if not 0 <= index <= len(book.sheets):
        raise invalid(f"Invalid index: {index}. It must be between 0 and {len(book.sheets)}.")
    return index


def delete_sheet(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteSheet``."""
    sheet = book.sheet(given.get("sheetId", 0), noun="sheet")
    check_sheet(ctx, sheet)
    if len(book.sheets) == 1:
        raise invalid("You can't remove all the sheets in a document.")
    if not any(s is not sheet and not s.props.get("hidden") for s in book.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    shift.removed(book, sheet)
    book.sheets.remove(sheet)
    return {}


def duplicate_sheet(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``duplicateSheet``."""
    source = book.sheet(given.get("sourceSheetId", 0), noun="sheet")
    title = given.get("newSheetName")
    if title is None:
        word, count = ("의 사본", 1) if book.locale.startswith("ko") else ("Copy of ", 1)
        title = f"{source.title}{word}" if word.startswith("의") else f"{word}{source.title}"
        base = title
        while book.titled(title):
            count += 1
            title = f"{base} {count}"
    made = new_sheet(ctx, book, {"title": title, **({"sheetId": given["newSheetId"]} if "newSheetId" in given else {})})
    copied = source.copy()
    copied.id, copied.title = made.id, made.title
    copied.props.pop("hidden", None)
    retarget(ctx, copied)
    book.sheets.insert(_place(book, given.get("insertSheetIndex"), 0), copied)
    book.check_size()
    return {"properties": sheet_properties(book, copied)}


def retarget(ctx: Context, sheet: Sheet) -> None:
    """Ranges of a copied tab name the copy, and what has an id gets its own."""

    def own(range_: dict[str, Any]) -> dict[str, Any]:
        rest = {k: v for k, v in range_.items() if k != "sheetId"}
        return {"sheetId": sheet.id, **rest} if sheet.id else rest

    for items, key in (
        (sheet.protected, "protectedRangeId"),
        (sheet.banded, "bandedRangeId"),
        (sheet.filter_views, "filterViewId"),
    ):
        for item in items:
            item[key] = ctx.store.number()
            if "range" in item:
                item["range"] = own(item["range"])
    for rule in sheet.conditional:
        rule["ranges"] = [own(r) for r in rule.get("ranges", [])]
    if sheet.filter and "range" in sheet.filter:
        sheet.filter["range"] = own(sheet.filter["range"])


def update_sheet_properties(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateSheetProperties``."""
    fields = mask(given)
    wanted = given.get("properties", {})
    sheet = book.sheet(wanted.get("sheetId", 0), noun="sheet")
    check_sheet(ctx, sheet)
    old = sheet_properties(book, sheet)
    new = updated(old, wanted, fields)
    named = {path[0] for path in paths(fields)}
    if named & {"title", "*"} and new.get("title") != sheet.title:
        _check_title(book, new.get("title", ""), sheet)
        shift.renamed(book, sheet.title, new["title"])
        sheet.title = new["title"]
    if new.get("hidden") and not any(s is not sheet and not s.props.get("hidden") for s in book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    grid = new.get("gridProperties", {})
    rows, cols = grid.get("rowCount", 0), grid.get("columnCount", 0)
    if named & {"gridProperties", "*"}:
        if "gridProperties" in [".".join(p) for p in paths(fields)]:
            rows, cols = rows or sheet.rows, cols or sheet.cols
        _check_grid(rows, cols, grid)
        _resize(book, sheet, rows, cols)
        sheet.grid_props = _frozen({k: v for k, v in grid.items() if k not in {"rowCount", "columnCount"}})
    props = {k: v for k, v in new.items() if k not in _OWN and v is not False}
    if named & {"tabColor", "*"} and not named & {"tabColorStyle"}:
        props.pop("tabColorStyle", None)
    elif "tabColorStyle" in named:
        props.pop("tabColor", None)
    sheet.props = with_styles(props)
    if named & {"index"} and new.get("index") is not None:
        _move(book, sheet, new["index"])
    return {}


def _resize(book: Book, sheet: Sheet, rows: int, cols: int) -> None:
    from sheets_sync.emulator.grid import delete

    if rows < sheet.rows:
        delete(book, sheet, "ROWS", rows, sheet.rows)
    if cols < sheet.cols:
        delete(book, sheet, "COLUMNS", cols, sheet.cols)
    sheet.resize(rows, cols)
    book.check_size()


def _move(book: Book, sheet: Sheet, index: int) -> None:
    """To before the tab that stands at ``index`` now: moving right, that is one less afterwards."""
    if not 0 <= index <= len(book.sheets):
        raise invalid(f"Invalid index: {index}. It must be between 0 and {len(book.sheets)}.")
    now = book.sheets.index(sheet)
    book.sheets.remove(sheet)
    book.sheets.insert(index - 1 if index > now else index, sheet)


def update_spreadsheet_properties(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateSpreadsheetProperties``: title, locale, time zone, recalculation."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    wanted = given.get("properties", {})
    for path in paths(mask(given)):
        name = path[0]
        if name in {"title", "*"} and "title" in wanted:
            book.title = wanted["title"]
        if name in {"locale", "*"} and "locale" in wanted:
            book.locale = wanted["locale"]
        if name in {"timeZone", "*"} and "timeZone" in wanted:
            try:
                ZoneInfo(wanted["timeZone"])
            except (ZoneInfoNotFoundError, ValueError):
                raise invalid(f"Invalid time zone: {wanted['timeZone']}") from None
            book.zone = wanted["timeZone"]
        if name in {"autoRecalc", "*"} and "autoRecalc" in wanted:
            book.recalculation = wanted["autoRecalc"]
        if name == "iterativeCalculationSettings":
            book.iterative = wanted.get("iterativeCalculationSettings")
        if name in {"defaultFormat", "spreadsheetTheme", "importFunctionsExternalUrlAccessAllowed"}:
            raise not_implemented(f"updateSpreadsheetProperties of {name}")
    return {}


REQUESTS = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
