"""Tabs put into an open workbook, drawn anew or taken away."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.books.cells import Held, Raw, plain_text
from addin.books.entries import changed_cells
from addin.books.live_areas import area_formula
from addin.books.live_cells import again
from addin.books.live_check import block_of, sheets_of, target
from addin.books.live_present import cells_of
from addin.books.names import BLOCK, parse_cell
from addin.books.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.books.live_run import Run
    from addin.crm.grid import Rect


def remove_tab(run: Run, name: str) -> None:
    """Take a tab away, and the names that point at it; its cells are kept for the journal."""
    sheet = run.sheets[name.casefold()]
    before = cells_of(run.host, sheet)
    run.entries.append({"k": "gone", "sheet": sheet.name})
    run.entries += changed_cells(sheet.name, "", before, {})
    tab = Tab(sheet.name)
    for (row, column), value in before.items():
        tab.put(row, column, plain_text(value) if isinstance(value, Raw) else value)
    gone = [n for n, text in run.names.items() if (place := parse_cell(text)) and place[0] == sheet.name]
    run.note(sheet.name, partial(put_tabs, run, [tab]))
    for key in gone:
        old = run.names.pop(key)
        run.entries.append({"k": "name", "name": key, "old": old, "new": None})
        run.note(sheet.name, partial(run.host.set_name, key, old))
        run.host.drop_name(key)
    run.host.remove_tab(sheet.name)
    del run.sheets[name.casefold()]
    run.tabs += 1


def put_tabs(run: Run, tabs: list[Tab]) -> None:
    """Tabs of ours, new or drawn anew: all are drawn as one workbook, which is opened once beside the person's."""
    if not tabs:
        return
    from addin.books.render import render

    places = [(tab, target(tab, run.names, run.sheets, run.edits)) for tab in tabs]
    named = [tab if sheet is None else replace(tab, name=sheet.name) for tab, sheet in places]
    shown_from = {chart.sheet for tab in tabs for chart in tab.charts if chart.sheet}
    stubs = [Tab(name) for name in sorted(shown_from - {tab.name for tab in named})]
    with tempfile.TemporaryDirectory(prefix="danggol-", ignore_cleanup_errors=True) as folder:
        drawn = Path(folder, f"danggol-{id(run):x}.xlsx")
        drawn.write_bytes(render([*named, *stubs]))
        with run.host.opened(drawn) as other:
            for tab, (_, sheet) in zip(named, places, strict=True):
                if sheet is None:
                    _add(run, other, tab)
                else:
                    _redraw(run, other, tab, sheet)
    for tab in named:
        if tab.charts:
            run.host.link_charts(run.sheets[tab.name.casefold()], tab)


def _add(run: Run, other: Any, tab: Tab) -> None:
    run.note(tab.name, partial(_unmade, run, tab.name))
    run.host.add_tab(other, tab.name, tab.before)
    sheet = run.sheets[tab.name.casefold()] = run.host.book.sheets[tab.name]
    run.host.set_name(BLOCK, area_formula(tab.name, block_of(tab)), sheet)
    run.entries.append({"k": "tab", "sheet": tab.name, "marker": tab.marker})
    run.entries += changed_cells(tab.name, "", {}, cells_of(run.host, sheet))
    run.tabs += 1


def _unmade(run: Run, name: str) -> None:
    if name.casefold() in sheets_of(run.host):
        run.host.remove_tab(name)


def _redraw(run: Run, other: Any, tab: Tab, sheet: Any) -> None:
    before = cells_of(run.host, sheet)
    block = block_of(tab)
    was = run.host.block_of(sheet, BLOCK) or block
    both = (1, 1, max(was[2], block[2]), max(was[3], block[3]))
    run.note(tab.name, partial(_rewrite, run, sheet, both, before))
    run.host.redraw_tab(other, tab.name, sheet, was, block)
    if was != block:
        run.host.set_name(BLOCK, area_formula(tab.name, block), sheet)
    run.entries += changed_cells(tab.name, tab.marker, before, cells_of(run.host, sheet))
    run.tabs += 1


def _rewrite(run: Run, sheet: Any, rect: Rect, cells: Mapping[tuple[int, int], Held]) -> None:
    top, left, bottom, right = rect
    lines = [[again(cells.get((r, c))) for c in range(left, right + 1)] for r in range(top, bottom + 1)]
    run.host.write(sheet, top, left, lines)
