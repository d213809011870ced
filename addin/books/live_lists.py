"""Lists (ListObjects) and autofilters of an open workbook grow around a column of ours, and shrink again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from addin.books.edits import Join, Unjoin
    from addin.books.live_run import Run
    from addin.books.sheetpatch import SheetWork
    from addin.crm.grid import Rect


def join_lists(run: Run, sheet: Any, work: SheetWork, join: Join) -> None:
    """A list and an autofilter that end beside a new column of ours take it in; two lists never touch."""
    grown = False
    lists = run.host.lists(sheet)
    for listed in lists:
        top, left, bottom, right = listed.rect
        strip = (top, join.column, bottom, join.column)
        if listed.header_row != join.row or right != join.column - 1:
            continue
        if any(_overlap(strip, other.rect) for other in lists if other is not listed):
            continue
        run.note(sheet.name, partial(run.host.resize, sheet, listed, listed.rect))
        run.host.resize(sheet, listed, (top, left, bottom, join.column))
        grown = True
    rect = run.host.filter(sheet)
    wider = False
    if rect and rect[0] == join.row and rect[3] == join.column - 1:
        run.note(sheet.name, partial(run.host.widen_filter, sheet, rect))
        wider = run.host.widen_filter(sheet, (*rect[:3], join.column))
    if grown or wider:
        entry = {"k": "join", "sheet": sheet.name, "marker": work.marker(join.column, join.row)}
        run.entries.append(entry | {"at": [join.row, join.column], "header": join.header, "filter": wider})


def leave_lists(run: Run, sheet: Any, edit: Unjoin) -> None:
    """A list and an autofilter that end with a column of ours let it go."""
    done = False
    for listed in run.host.lists(sheet):
        top, left, bottom, right = listed.rect
        if listed.header_row == edit.row and left < right == edit.column:
            run.note(sheet.name, partial(run.host.resize, sheet, listed, listed.rect))
            run.host.resize(sheet, listed, (top, left, bottom, right - 1))
            done = True
    rect = run.host.filter(sheet)
    if rect and rect[0] == edit.row and rect[1] < rect[3] == edit.column:
        run.note(sheet.name, partial(run.host.widen_filter, sheet, rect))
        done |= run.host.widen_filter(sheet, (*rect[:3], edit.column - 1))
    if done:
        entry = {"k": "unjoin", "sheet": sheet.name, "at": [edit.row, edit.column], "header": edit.header}
        run.entries.append(entry)


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
