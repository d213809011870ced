"""Requests for rows and columns: insert, delete, append, move, size, hide, group; blocks pushed aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import grid
from sheets_sync.emulator.a1 import Box
from sheets_sync.emulator.batch.parts import block, lines, mask
from sheets_sync.emulator.errors import invalid
from sheets_sync.emulator.fields import updated
from sheets_sync.emulator.protection import check_writable
from sheets_sync.emulator.widths import fitted

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet


def _strip(sheet: Sheet, dimension: str, start: int, end: int) -> Box:
    return Box(start, end, 0, sheet.cols) if dimension == "ROWS" else Box(0, sheet.rows, start, end)


def insert_dimension(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``insertDimension``."""
    sheet, dimension, start, end = lines(book, given.get("range", {}))
    size = sheet.rows if dimension == "ROWS" else sheet.cols
    inherit = bool(given.get("inheritFromBefore"))
    if start > size:
        raise invalid(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not inherit:
        raise invalid("range.startIndex must be less than the grid size if inheritFromBefore is false.")
    if start == 0 and inherit:
        raise invalid("inheritFromBefore cannot be true if range.startIndex is 0.")
    check_writable(ctx, sheet, _strip(sheet, dimension, max(start - 1, 0), start + 1) if start < size else sheet.full)
    grid.insert(book, sheet, dimension, start, end - start, inherit=inherit)
    return {}


def delete_dimension(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteDimension``."""
    sheet, dimension, start, end = lines(book, given.get("range", {}))
    size, noun = (sheet.rows, "row") if dimension == "ROWS" else (sheet.cols, "column")
    if start >= size or end > size:
        at = max(start, size)
        raise invalid(
            f"Cannot delete a {noun} that doesn't exist. Tried to delete {noun} index {at} "
            f"but there are only {size} {noun}s."
        )
    check_writable(ctx, sheet, _strip(sheet, dimension, start, end))
    grid.delete(book, sheet, dimension, start, end)
    return {}


def append_dimension(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``appendDimension``."""
    sheet = book.sheet(given.get("sheetId", 0))
    length = given.get("length", 0)
    if length < 1:
        raise invalid("length must be positive.")
    if given.get("dimension") == "ROWS":
        sheet.resize(rows=sheet.rows + length)
    elif given.get("dimension") == "COLUMNS":
        sheet.resize(cols=sheet.cols + length)
    else:
        raise invalid("dimension must be specified.")
    book.check_size()
    return {}


def move_dimension(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``moveDimension``."""
    sheet, dimension, start, end = lines(book, given.get("source", {}), key="source")
    size = sheet.rows if dimension == "ROWS" else sheet.cols
    to = given.get("destinationIndex", 0)
    if end > size or not 0 <= to <= size:
        raise invalid(f"destinationIndex[{to}] is out of bounds of the grid ({size}).")
    check_writable(ctx, sheet, _strip(sheet, dimension, start, end))
    grid.move(book, sheet, dimension, start, end, to)
    return {}


def update_dimension_properties(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateDimensionProperties``: sizes, hidden rows and columns."""
    fields = mask(given)
    sheet, dimension, start, end = lines(book, given.get("range", {}))
    wanted = given.get("properties", {})
    if dimension == "ROWS":
        for r in range(start, min(end, sheet.rows)):
            row = sheet.row(r)
            row.props = updated(row.props, wanted, fields)
    else:
        for c in range(start, min(end, sheet.cols)):
            sheet.columns[c] = updated(sheet.columns.get(c, {}), wanted, fields)
    return {}


def auto_resize(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``autoResizeDimensions``: columns as wide as their longest text, rows one line high (estimated)."""
    from sheets_sync.emulator.calc import shown_values
    from sheets_sync.emulator.rendering import shown

    sheet, dimension, start, end = lines(book, given.get("dimensions", {}), key="dimensions")
    known = shown_values(book, sheet)
    if dimension == "ROWS":
        for r in range(start, min(end, len(sheet.grid))):
            sheet.grid[r].props = {k: v for k, v in sheet.grid[r].props.items() if k != "pixelSize"}
        return {}
    for c in range(start, min(end, sheet.cols)):
        looks = [known.format(r, c) for r in range(known.height)]
        texts = [shown(known.at(r, c), look, book.locale) for r, look in enumerate(looks)]
        points = [(look or {}).get("textFormat", {}).get("fontSize", 10) for look in looks]
        width = max(map(fitted, texts, points), default=0)
        if width:
            sheet.columns[c] = {**sheet.columns.get(c, {}), "pixelSize": max(21, width)}
    return {}


def _groups(sheet: Sheet, dimension: str) -> list[dict[str, Any]]:
    return sheet.row_groups if dimension == "ROWS" else sheet.column_groups


def _dimension_range(sheet: Sheet, dimension: str, start: int, end: int) -> dict[str, Any]:
    found = {"sheetId": sheet.id or None, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {key: value for key, value in found.items() if value is not None}


def add_group(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addDimensionGroup``: deeper by one where it lies in another."""
    sheet, dimension, start, end = lines(book, given.get("range", {}))
    groups = _groups(sheet, dimension)
    depth = 1 + sum(g["range"]["startIndex"] <= start and end <= g["range"]["endIndex"] for g in groups)
    control = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    sheet.grid_props = {**sheet.grid_props, control: True}
    groups.append({"range": _dimension_range(sheet, dimension, start, end), "depth": depth})
    groups.sort(key=lambda g: (g["depth"], g["range"]["startIndex"]))
    return {"dimensionGroups": groups}


def delete_group(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteDimensionGroup``: the deepest group over exactly this range."""
    sheet, dimension, start, end = lines(book, given.get("range", {}))
    groups = _groups(sheet, dimension)
    held = [g for g in groups if (g["range"]["startIndex"], g["range"]["endIndex"]) == (start, end)]
    if not held:
        raise invalid("Cannot delete dimension group: no group spans the range.")
    groups.remove(held[-1])
    return {"dimensionGroups": groups} if groups else {}


def update_group(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateDimensionGroup``: fold and unfold."""
    fields = mask(given)
    wanted = given.get("dimensionGroup", {})
    sheet, dimension, start, end = lines(book, wanted.get("range", {}), key="dimensionGroup.range")
    groups = _groups(sheet, dimension)
    for index, group in enumerate(groups):
        same = (group["range"]["startIndex"], group["range"]["endIndex"], group["depth"])
        if same == (start, end, wanted.get("depth", 1)):
            groups[index] = updated(group, wanted, fields)
            return {}
    raise invalid("Cannot update dimension group: no group with this range and depth.")


def insert_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``insertRange``."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    grid.push(book, sheet, box, _shift(given), delete=False)
    return {}


def delete_range(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteRange``."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    grid.push(book, sheet, box, _shift(given), delete=True)
    return {}


def _shift(given: dict[str, Any]) -> str:
    dimension = str(given.get("shiftDimension", ""))
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid("shiftDimension must be specified.")
    return dimension


REQUESTS = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize,
    "addDimensionGroup": add_group,
    "deleteDimensionGroup": delete_group,
    "updateDimensionGroup": update_group,
    "insertRange": insert_range,
    "deleteRange": delete_range,
}
