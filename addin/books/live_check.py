"""What is asked of an open workbook before the first cell is written: locks, room, names. Nothing is changed here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from addin.books.cells import MAX_TEXT
from addin.books.edits import Edits, Fill, Join, Mark, PutTab, RemoveSheet, Unjoin, Width, Write
from addin.books.names import BLOCK, parse_cell
from addin.books.workbook import check_sheet_name
from addin.crm.grid import cell_address
from addin.errors import BookRefused

if TYPE_CHECKING:
    from addin.books.live_host import Host
    from addin.books.tab import Tab
    from addin.crm.grid import Rect


def check(host: Host, edits: Edits) -> None:
    """`BookRefused` where the plan can't be carried out without harm."""
    sheets = sheets_of(host)
    locked: dict[str, bool] = {}
    for edit in edits.items:
        if isinstance(edit, Write | Fill | Join | Unjoin | Width):
            sheet = sheets.get(edit.sheet.casefold())
            if sheet is None:
                raise BookRefused("book.no_sheet", where=host.book.name, value=edit.sheet)
            if edit.sheet not in locked:
                locked[edit.sheet] = host.protected(sheet)
            if locked[edit.sheet]:
                raise BookRefused("live.protected", where=edit.sheet)
            if isinstance(edit, Write):
                _check_values(edit)
                _check_merges(host, sheet, edit)
    _check_tabs(host, edits, sheets)


def _check_values(edit: Write) -> None:
    for r, line in enumerate(edit.values, edit.row):
        for c, value in enumerate(line, edit.column):
            if isinstance(value, str):
                if len(value) * 2 > MAX_TEXT and len(value.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
                    where = f"{edit.sheet}!{cell_address(r, c)}"
                    raise BookRefused("book.text_too_long", where=where, value=value[:20] + "…", limit=MAX_TEXT)
            elif isinstance(value, float) and not math.isfinite(value):
                where = f"{edit.sheet}!{cell_address(r, c)}"
                raise BookRefused("book.not_a_number", where=where, value=str(value))


def _check_merges(host: Host, sheet: Any, edit: Write) -> None:
    width = max(map(len, edit.values), default=0)
    if not width:
        return
    rect = (edit.row, edit.column, edit.row + len(edit.values) - 1, edit.column + width - 1)
    for merged in host.merges(sheet, rect):
        for r, line in enumerate(edit.values, edit.row):
            for c, value in enumerate(line, edit.column):
                inside = merged[0] <= r <= merged[2] and merged[1] <= c <= merged[3]
                if value is not None and inside and (r, c) != merged[:2]:
                    raise BookRefused("book.merged", where=f"{edit.sheet}!{cell_address(r, c)}")


def _check_tabs(host: Host, edits: Edits, sheets: dict[str, Any]) -> None:
    names = host.names()
    gone = {edit.sheet.casefold() for edit in edits.items if isinstance(edit, RemoveSheet)}
    for name in gone:
        if name not in sheets:
            raise BookRefused("book.no_sheet", where=host.book.name, value=name)
    left = [s for name, s in sheets.items() if name not in gone]
    if gone and not any(not host.hidden(s) for s in left):
        raise BookRefused("book.last_sheet", where=host.book.name, value=next(iter(gone)))
    added = False
    for edit in edits.items:
        if isinstance(edit, PutTab):
            present = target(edit.tab, names, sheets, edits)
            if present is None:
                added = True
                check_sheet_name(_Tabs(host.book.name, left), edit.tab.name)  # type: ignore[arg-type]
            elif host.protected(present):
                raise BookRefused("live.protected", where=present.name)
            else:
                _check_room(host, present, edit.tab)
    if (added or gone) and host.frozen_structure():
        raise BookRefused("live.structure", where=host.book.name)


def _check_room(host: Host, sheet: Any, tab: Tab) -> None:
    """Nothing a person typed stands where our block would grow."""
    block = block_of(tab)
    before = host.block_of(sheet, BLOCK) or block
    if before[2] >= block[2] and before[3] >= block[3]:
        return
    for r, line in enumerate(host.raw(sheet, block), 1):
        for c, value in enumerate(line, 1):
            if value is not None and not (r <= before[2] and c <= before[3]) and (r, c) not in tab.taken:
                raise BookRefused("graft.in_the_way", where=f"{sheet.name}!{cell_address(r, c)}")


def block_of(tab: Tab) -> Rect:
    """The rectangle a tab draws, from A1."""
    corners = [tab.last, *((rect[2], rect[3]) for rect in (*tab.merges, *tab.people))]
    return 1, 1, max(1, *(r for r, _ in corners)), max(1, *(c for _, c in corners))


def sheets_of(host: Host) -> dict[str, Any]:
    """The workbook's sheets by name, upper and lower case alike."""
    return {sheet.name.casefold(): sheet for sheet in host.book.sheets}


def target(tab: Tab, names: dict[str, str], sheets: dict[str, Any], edits: Edits) -> Any | None:
    """The sheet a tab replaces: where its marker points; None where it is new, or the old one becomes the person's."""
    place = parse_cell(names.get(tab.marker, "")) if tab.marker else None
    present = sheets.get(place[0].casefold()) if place else None
    moved = any(isinstance(e, Mark) and e.name == tab.marker and e.sheet == tab.name for e in edits.items)
    return None if present is not None and present.name != tab.name and moved else present


class _Tabs:
    """The names in use, as `check_sheet_name` asks for them."""

    def __init__(self, where: str, sheets: list[Any]) -> None:
        self.where, self._taken = where, {sheet.name.casefold() for sheet in sheets}

    def sheet(self, name: str) -> object | None:
        """Something where a tab has that name."""
        return name if name.casefold() in self._taken else None
