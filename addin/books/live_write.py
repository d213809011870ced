"""A plan carried out in an open workbook: tabs, each sheet's cells and lists, then names.

Every step first notes how to take it back; if one fails, `Run.take_back` undoes those before it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from addin.books.edits import Fill, Join, Mark, PutTab, RemoveSheet, Unjoin, Width, Write
from addin.books.live_cells import write_column
from addin.books.live_lists import join_lists, leave_lists
from addin.books.live_tabs import put_tabs, remove_tab
from addin.books.names import cell_formula, parse_cell
from addin.books.sheetpatch import SheetWork

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.books.live_run import Run


def carry_out(run: Run) -> None:
    """Tabs away, tabs put, then each sheet's cells, lists and widths, then names."""
    plan = run.edits.items
    for edit in plan:
        if isinstance(edit, RemoveSheet):
            remove_tab(run, edit.sheet)
    put_tabs(run, [edit.tab for edit in plan if isinstance(edit, PutTab)])
    for sheet, work in _gathered(run):
        for unjoin in sorted(work.unjoins, key=lambda edit: -edit.column):
            leave_lists(run, sheet, unjoin)
        for column in sorted(work.columns):
            write_column(run, sheet, work, column)
        for join in work.joins:
            join_lists(run, sheet, work, join)
        for width in work.widths:
            run.host.width(sheet, width.column, width.width)
    _mark(run, [edit for edit in plan if isinstance(edit, Mark)])
    for entry in run.entries:
        if entry.get("marker") and entry["k"] in ("cells", "fill", "join"):
            place = parse_cell(run.names.get(entry["marker"], ""))
            if place:
                entry["head"] = [place[1], place[2]]


def _gathered(run: Run) -> list[tuple[Any, SheetWork]]:
    works: dict[str, SheetWork] = {}
    for edit in run.edits.items:
        match edit:
            case Write():
                works.setdefault(edit.sheet.casefold(), SheetWork()).write(edit)
            case Fill():
                works.setdefault(edit.sheet.casefold(), SheetWork()).fill(edit)
            case Width():
                works.setdefault(edit.sheet.casefold(), SheetWork()).widths.append(edit)
            case Join():
                works.setdefault(edit.sheet.casefold(), SheetWork()).joins.append(edit)
            case Unjoin():
                works.setdefault(edit.sheet.casefold(), SheetWork()).unjoins.append(edit)
    return [(run.sheets[name], work) for name, work in works.items()]


def _mark(run: Run, marks: Iterable[Mark]) -> None:
    """Names point where they should: those that go first, then all others at once."""
    wanted: dict[str, str | None] = {}
    for mark in marks:
        place = cell_formula(run.sheets[mark.sheet.casefold()].name, mark.row, mark.column) if mark.sheet else None
        wanted[mark.name] = place
    changed = {name: place for name, place in wanted.items() if place != run.names.get(name)}
    for name, place in changed.items():
        old = run.names.pop(name, None)
        undo = partial(run.host.drop_name, name) if old is None else partial(run.host.set_name, name, old)
        run.note(name, undo)
        run.entries.append({"k": "name", "name": name, "old": old, "new": place})
        if place is None:
            run.host.drop_name(name)
    places = {name: place for name, place in changed.items() if place is not None}
    if places:
        run.host.set_names(places)
        run.names |= places
