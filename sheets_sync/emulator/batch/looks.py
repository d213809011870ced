"""Requests for looks and rules: merges, borders, conditional formats, banding, data validation."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.a1 import Box, to_grid_range
from sheets_sync.emulator.batch.parts import block, drawn, mask, place_of
from sheets_sync.emulator.cells import EMPTY
from sheets_sync.emulator.errors import invalid
from sheets_sync.emulator.fields import updated
from sheets_sync.emulator.protection import check_writable

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Book, Sheet


def merge_cells(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``mergeCells``: the first value of a merged block stays."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    kind = given.get("mergeType", "MERGE_ALL")
    if kind == "MERGE_ROWS":
        boxes = [Box(r, r + 1, box.col, box.end_col) for r in range(box.row, box.end_row)]
    elif kind == "MERGE_COLUMNS":
        boxes = [Box(box.row, box.end_row, c, c + 1) for c in range(box.col, box.end_col)]
    else:
        boxes = [box]
    for one in boxes:
        for old in list(sheet.merges):
            if old.meets(one):
                if not _inside(old, one):
                    raise invalid("You must select all cells in a merged range to merge or unmerge them.")
                sheet.merges.remove(old)
        _keep_first(sheet, one)
        if (one.end_row - one.row) * (one.end_col - one.col) > 1:
            sheet.merges.append(one)
    return {}


def _inside(inner: Box, outer: Box) -> bool:
    return (
        outer.row <= inner.row
        and inner.end_row <= outer.end_row
        and outer.col <= inner.col
        and inner.end_col <= outer.end_col
    )


def _keep_first(sheet: Sheet, box: Box) -> None:
    filled = [(r, c, cell) for r, c, cell in sheet.used(box) if cell.value is not None]
    for r, c, cell in filled:
        sheet.put(r, c, replace(cell, value=None))
    if filled:
        first = filled[0][2]
        sheet.put(box.row, box.col, replace(sheet.cell(box.row, box.col), value=first.value))


def unmerge_cells(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``unmergeCells``."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    for old in list(sheet.merges):
        if old.meets(box):
            if not _inside(old, box):
                raise invalid("You must select all cells in a merged range to merge or unmerge them.")
            sheet.merges.remove(old)
    return {}


def update_borders(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateBorders``: the block's edges, and the lines inside it."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    for r in range(box.row, box.end_row):
        for c in range(box.col, box.end_col):
            sides = {
                "top": "top" if r == box.row else "innerHorizontal",
                "bottom": "bottom" if r == box.end_row - 1 else "innerHorizontal",
                "left": "left" if c == box.col else "innerVertical",
                "right": "right" if c == box.end_col - 1 else "innerVertical",
            }
            wanted = {side: given[key] for side, key in sides.items() if key in given}
            cell = sheet.cell(r, c)
            borders = drawn({**(cell.format or {}).get("borders", {}), **wanted})
            format_ = {k: v for k, v in (cell.format or {}).items() if k != "borders"}
            if borders:
                format_["borders"] = borders
            sheet.put(r, c, replace(cell, format=format_ or None))
    return {}


def set_data_validation(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``setDataValidation``; without a rule it is taken away."""
    sheet, box = block(book, given.get("range", {}))
    check_writable(ctx, sheet, box)
    rule = given.get("rule")
    if rule is not None:
        check_condition(rule.get("condition", {}))
    for r in range(box.row, box.end_row):
        for c in range(box.col, box.end_col):
            cell = sheet.cell(r, c)
            if rule is not None or cell is not EMPTY:
                sheet.put(r, c, replace(cell, validation=copy.deepcopy(rule)))
    return {}


def check_condition(condition: dict[str, Any]) -> None:
    """Raises Google's 400 where a condition lacks what its type needs."""
    kind = condition.get("type", "CONDITION_TYPE_UNSPECIFIED")
    values = condition.get("values") or []
    if kind == "CONDITION_TYPE_UNSPECIFIED":
        raise invalid("Condition type must be specified.")
    least = {"ONE_OF_LIST": 1, "ONE_OF_RANGE": 1, "CUSTOM_FORMULA": 1}.get(kind, 2 if "BETWEEN" in kind else 0)
    if kind.startswith(("NUMBER_", "TEXT_")) and not least and kind not in {"TEXT_IS_EMAIL", "TEXT_IS_URL"}:
        least = 1
    if len(values) < least:
        raise invalid(
            f"ConditionType '{kind}' requires {'at least ' if 'ONE_OF' in kind else ''}{least} value"
            f"{'s' if least > 1 else ''}, but {len(values)} were provided."
        )


def _rule(book: Book, given: dict[str, Any]) -> tuple[Sheet, dict[str, Any]]:
    ranges = given.get("ranges") or []
    if not ranges:
        raise invalid("No ranges specified.")
    sheet = book.sheet(ranges[0].get("sheetId", 0))
    if any(r.get("sheetId", 0) != sheet.id for r in ranges):
        raise invalid("All ranges must be on the same sheet.")
    if "booleanRule" not in given and "gradientRule" not in given:
        raise invalid("No rule set.")
    if "booleanRule" in given:
        check_condition(given["booleanRule"].get("condition", {}))
    shown = [to_grid_range(sheet.id, book.grid_range(r)[1]) for r in ranges]
    return sheet, {**copy.deepcopy(given), "ranges": shown}


def add_rule(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addConditionalFormatRule``."""
    sheet, rule = _rule(book, given.get("rule", {}))
    index = given.get("index", 0)
    if not 0 <= index <= len(sheet.conditional):
        raise invalid(f"Invalid index: {index}. There are {len(sheet.conditional)} rules.")
    sheet.conditional.insert(index, rule)
    return {}


def _at(sheet: Sheet, index: int) -> int:
    if not 0 <= index < len(sheet.conditional):
        raise invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return index


def update_rule(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateConditionalFormatRule``: another rule in its place, or another place."""
    index = given.get("index", 0)
    if "rule" in given:
        sheet, rule = _rule(book, given["rule"])
        old = sheet.conditional[_at(sheet, index)]
        sheet.conditional[index] = rule
        return {"newRule": rule, "newIndex": index, "oldRule": old, "oldIndex": index}
    sheet = book.sheet(given.get("sheetId", 0), noun="sheet")
    moved = sheet.conditional.pop(_at(sheet, index))
    sheet.conditional.insert(given.get("newIndex", 0), moved)
    return {"newRule": moved, "newIndex": given.get("newIndex", 0), "oldRule": moved, "oldIndex": index}


def delete_rule(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteConditionalFormatRule``."""
    sheet = book.sheet(given.get("sheetId", 0), noun="sheet")
    return {"rule": sheet.conditional.pop(_at(sheet, given.get("index", 0)))}


def add_banding(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``addBanding``."""
    wanted = copy.deepcopy(given.get("bandedRange", {}))
    sheet, area = book.grid_range(wanted.get("range", {}))
    box = sheet.box(area)
    for old in sheet.banded:
        held = book.grid_range(old["range"])[1].fixed(sheet.rows, sheet.cols)
        if held.meets(box):
            raise invalid(
                "You cannot add alternating background colors to a range "
                "that already has alternating background colors."
            )
    wanted.setdefault("bandedRangeId", ctx.store.number())
    wanted["range"] = to_grid_range(sheet.id, area)
    sheet.banded.append(wanted)
    return {"bandedRange": wanted}


def _banding(book: Book, id: int) -> tuple[Sheet, int]:
    return place_of(book, lambda sheet: sheet.banded, "bandedRangeId", id, "banded range")


def update_banding(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``updateBanding``."""
    fields = mask(given)
    wanted = given.get("bandedRange", {})
    sheet, index = _banding(book, wanted.get("bandedRangeId", 0))
    sheet.banded[index] = updated(sheet.banded[index], wanted, fields)
    return {}


def delete_banding(ctx: Context, book: Book, given: dict[str, Any]) -> dict[str, Any]:
    """``deleteBanding``."""
    sheet, index = _banding(book, given.get("bandedRangeId", 0))
    del sheet.banded[index]
    return {}


REQUESTS = {
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "updateBorders": update_borders,
    "setDataValidation": set_data_validation,
    "addConditionalFormatRule": add_rule,
    "updateConditionalFormatRule": update_rule,
    "deleteConditionalFormatRule": delete_rule,
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": delete_banding,
}
