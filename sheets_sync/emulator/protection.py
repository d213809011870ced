"""Protected ranges: who may write where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.a1 import Box, of_grid_range
from sheets_sync.emulator.errors import invalid

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.state import Sheet

_REFUSED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def may_edit(ctx: Context, protected: dict[str, Any]) -> bool:
    """Whether this user may write where this protection holds."""
    if ctx.owns or protected.get("warningOnly"):
        return True
    return ctx.user in protected.get("editors", {}).get("users", [])


def check_writable(ctx: Context, sheet: Sheet, box: Box) -> None:
    """Raises Google's 400 where a protected range the user may not edit meets the block."""
    for protected in sheet.protected:
        if may_edit(ctx, protected):
            continue
        held = of_grid_range(protected.get("range", {})).fixed(sheet.rows, sheet.cols)
        free = [of_grid_range(r).fixed(sheet.rows, sheet.cols) for r in protected.get("unprotectedRanges", [])]
        if held.meets(box) and not any(_inside(box, f) for f in free):
            raise invalid(_REFUSED)


def check_sheet(ctx: Context, sheet: Sheet) -> None:
    """Raises Google's 400 where a whole tab is protected from this user: it can't be deleted, renamed or resized."""
    for protected in sheet.protected:
        range_ = protected.get("range", {})
        if not may_edit(ctx, protected) and not (set(range_) - {"sheetId"}):
            raise invalid(_REFUSED)


def _inside(box: Box, outer: Box) -> bool:
    return (
        outer.row <= box.row and box.end_row <= outer.end_row and outer.col <= box.col and box.end_col <= outer.end_col
    )
