"""What the families of requests share: masks, dimension ranges, cells under a mask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.cells import Cell, from_extended
from sheets_sync.emulator.errors import invalid
from sheets_sync.emulator.fields import BadMask, paths, updated

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.a1 import Box
    from sheets_sync.emulator.state import Book, Sheet


def mask(given: dict[str, Any]) -> str:
    """The request's ``fields``. Raises Google's 400 where there are none."""
    fields = str(given.get("fields") or "")
    if not fields:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        paths(fields)
    except BadMask:
        raise invalid(f"Invalid field mask: {fields}") from None
    return fields


def block(book: Book, given: dict[str, Any]) -> tuple[Sheet, Box]:
    """The tab and block of a ``GridRange``. Raises Google's 400 where it starts past the grid."""
    sheet, area = book.grid_range(given)
    return sheet, sheet.box(area)


def corner(book: Book, at: dict[str, Any]) -> tuple[Sheet, int, int]:
    """Tab, row and column of a ``GridCoordinate``. Raises Google's 400 where it is outside the grid."""
    sheet = book.sheet(at.get("sheetId", 0))
    row, col = at.get("rowIndex", 0), at.get("columnIndex", 0)
    if row < 0 or col < 0:
        raise invalid("GridCoordinate indexes must be >= 0")
    for index, size, side in ((row, sheet.rows, "row"), (col, sheet.cols, "column")):
        if index >= size:
            raise invalid(f"GridCoordinate.{side}Index[{index}] is after last {side} in grid[{size - 1}]")
    return sheet, row, col


def lines(book: Book, given: dict[str, Any], *, key: str = "range") -> tuple[Sheet, str, int, int]:
    """Tab, dimension, first and end line of a ``DimensionRange``; an open side is the grid's edge."""
    sheet = book.sheet(given.get("sheetId", 0))
    dimension = given.get("dimension", "DIMENSION_UNSPECIFIED")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid(f"{key}.dimension must be specified.")
    start = given.get("startIndex", 0)
    end = given.get("endIndex", sheet.rows if dimension == "ROWS" else sheet.cols)
    if start < 0 or end < 0:
        raise invalid("DimensionRange indexes must be >= 0")
    if end <= start and "endIndex" in given:
        raise invalid(f"{key}.endIndex[{end}] must be greater than {key}.startIndex[{start}].")
    return sheet, dimension, start, end


def changed(cell: Cell, given: dict[str, Any], fields: str, box_format: bool = True) -> Cell:
    """The cell with what the mask names taken from a ``CellData``; what it lacks is cleared."""
    del box_format
    for path in paths(fields):
        name = path[0]
        every = name == "*"
        if every or name == "userEnteredValue":
            cell = replace(cell, value=from_extended(given.get("userEnteredValue")))
            if every or "textFormatRuns" not in fields:
                cell = replace(cell, runs=())
        if every or name == "userEnteredFormat":
            old = {"userEnteredFormat": cell.format or {}}
            rest = "userEnteredFormat" if every else ".".join(path)
            new = updated(old, given, rest).get("userEnteredFormat") or None
            cell = replace(cell, format=both_colors(new, given.get("userEnteredFormat") or {}))
        if every or name == "note":
            cell = replace(cell, note=given.get("note") or "")
        if every or name == "dataValidation":
            cell = replace(cell, validation=given.get("dataValidation"))
        if every or name == "textFormatRuns":
            cell = replace(cell, runs=tuple(given.get("textFormatRuns") or ()))
        if every or name == "chipRuns":
            cell = replace(cell, chips=tuple(given.get("chipRuns") or ()))
    return cell


_COLORS = (("backgroundColor", "backgroundColorStyle"),)
_TEXT_COLORS = (("foregroundColor", "foregroundColorStyle"),)


def both_colors(format_: dict[str, Any] | None, given: dict[str, Any]) -> dict[str, Any] | None:
    """A format whose colours stand in both their forms, as replies show them."""
    if not format_:
        return None
    found = _both(format_, given, _COLORS)
    if "textFormat" in found:
        found["textFormat"] = _both(found["textFormat"], given.get("textFormat") or {}, _TEXT_COLORS)
    if "borders" in found:
        found["borders"] = drawn(found["borders"])
        if not found["borders"]:
            del found["borders"]
    return found or None


_WIDTHS = {"SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DASHED": 1, "DOTTED": 1, "DOUBLE": 3}


def drawn(borders: dict[str, Any]) -> dict[str, Any]:
    """A cell's borders as they are kept: with the width their style has, black where nothing else is said."""
    found: dict[str, Any] = {}
    for side, given in borders.items():
        if given.get("style", "NONE") in {"NONE", "STYLE_UNSPECIFIED"}:
            continue
        style = given.get("colorStyle") or {"rgbColor": given.get("color", {})}
        color = style.get("rgbColor", given.get("color", {}))
        found[side] = {"width": _WIDTHS.get(given["style"], 1), **given, "color": color, "colorStyle": style}
    return found


def _both(format_: dict[str, Any], given: dict[str, Any], pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    found = dict(format_)
    for plain, style in pairs:
        if style in given and "rgbColor" in (given[style] or {}) and style in found:
            found[plain] = given[style]["rgbColor"]
        elif plain in given and plain in found:
            found[style] = {"rgbColor": given[plain]}
        elif plain not in found and style not in given:
            found.pop(style, None)
    return found


def both_criteria(filter_: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A filter whose criteria stand in both their forms, by column and as a list, as replies show them."""
    found = dict(filter_)
    if "filterSpecs" in given:
        specs = [spec for spec in given["filterSpecs"] if "dataSourceColumnReference" not in spec]
        found["criteria"] = {str(spec.get("columnIndex", 0)): spec.get("filterCriteria", {}) for spec in specs}
    elif "criteria" in given:
        for column in given["criteria"]:
            if not column.isdecimal():
                raise invalid(f"Invalid value at 'criteria' (TYPE_INT32), \"{column}\"")
        by_column = sorted(given["criteria"].items(), key=lambda item: int(item[0]))
        found["filterSpecs"] = [{"columnIndex": int(column), "filterCriteria": what} for column, what in by_column]
    return {key: value for key, value in found.items() if value or key not in {"criteria", "filterSpecs"}}


def place_of(
    book: Book, items: Callable[[Sheet], list[dict[str, Any]]], key: str, id: int, what: str
) -> tuple[Sheet, int]:
    """The sheet, and the place among its ``items``, of the one whose ``key`` is ``id``."""
    for sheet in book.sheets:
        for index, item in enumerate(items(sheet)):
            if item[key] == id:
                return sheet, index
    raise invalid(f"No {what} with id: {id}")
