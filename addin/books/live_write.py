"""A plan carried out in an open workbook: one block a column, what stood there before kept for the journal.

Every step first notes how to take it back; if one fails, `Writer.take_back` undoes those before it.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.books.cells import Held, Raw, held, plain_text, same
from addin.books.edits import CLEAR, Edits, Fill, Join, Mark, PutTab, RemoveSheet, Unjoin, Width, Write
from addin.books.entries import Entry, cells_entry, changed_cells, fills_entry, runs_of
from addin.books.graft import BLOCK
from addin.books.live import temp_folder
from addin.books.live_check import block_of, sheets_of, target
from addin.books.live_host import Formula, Host, area_formula
from addin.books.live_present import LivePresent, cells_of, color_of, held_block
from addin.books.names import cell_formula, parse_cell
from addin.books.numfmt import shown
from addin.books.sheetpatch import SheetWork
from addin.books.tab import Tab
from addin.crm.grid import cell_address
from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from addin.crm.grid import Rect

#: Cells mended one by one where a block did not take (rows a filter hides).
MENDED: Final = 5_000
_FORMATS: Final = {"d": "yyyy-mm-dd", "t": "yyyy-mm-dd hh:mm"}


class Writer:
    """One run: `entries` for the journal, how many cells, backgrounds and tabs, and the way back."""

    def __init__(self, host: Host, edits: Edits) -> None:
        self.host, self.edits = host, edits
        self.sheets = sheets_of(host)
        self.names = host.names()
        self.entries: list[Entry] = []
        self.cells = self.fills = self.tabs = 0
        self._back: list[tuple[str, Callable[[], object]]] = []

    def run(self) -> None:
        """Tabs away, tabs put, then each sheet's cells, lists and widths, then names."""
        for edit in self.edits.items:
            if isinstance(edit, RemoveSheet):
                self._remove(edit.sheet)
        self._put_tabs([edit.tab for edit in self.edits.items if isinstance(edit, PutTab)])
        for sheet, work in self._gathered():
            for unjoin in sorted(work.unjoins, key=lambda edit: -edit.column):
                self._unjoin(sheet, unjoin)
            for column in sorted(work.columns):
                self._column(sheet, work, column)
            for join in work.joins:
                self._join(sheet, work, join)
            for width in work.widths:
                self.host.width(sheet, width.column, width.width)
        self._mark([edit for edit in self.edits.items if isinstance(edit, Mark)])
        for entry in self.entries:
            if entry.get("marker") and entry["k"] in ("cells", "fill", "join"):
                place = parse_cell(self.names.get(entry["marker"], ""))
                if place:
                    entry["head"] = [place[1], place[2]]

    def take_back(self) -> list[str]:
        """Undo what was done so far, last first; the places where that failed too."""
        stuck = []
        while self._back:
            where, undo = self._back.pop()
            try:
                undo()
            except Exception:  # said to the person by place; the others must still go back
                stuck.append(where)
        return stuck

    def _gathered(self) -> list[tuple[Any, SheetWork]]:
        works: dict[str, SheetWork] = {}
        for edit in self.edits.items:
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
        return [(self.sheets[name], work) for name, work in works.items()]

    # ---- cells

    def _column(self, sheet: Any, work: SheetWork, column: int) -> None:
        edit = work.columns[column]
        if edit.values:
            self._values(sheet, work, column, edit.values)
        if edit.fills:
            self._fills(sheet, work, column, {row: color_of(_shade(c)) for row, c in edit.fills.items()})

    def _values(self, sheet: Any, work: SheetWork, column: int, values: Mapping[int, Any]) -> None:
        first, last = min(values), max(values)
        there = [line[0] for line in held_block(self.host, sheet, (first, column, last, column))]
        new = {row: value if type(value) is str and value else held(value) for row, value in values.items()}
        if any(value is not None for value in there):
            rows = [row for row in sorted(values) if not same(there[row - first], new[row])]
        else:
            rows = sorted(row for row, value in new.items() if value is not None)
        if not rows:
            return
        old = [there[row - first] for row in rows]
        marked = bool(work.marker(column, rows[0]))
        where = f"{sheet.name}!{cell_address(rows[0], column)}"
        for start, block in blocks(rows, values, there if marked else None, first):
            before = [[_again(there[row - first])] for row in range(start, start + len(block))]
            self._back.append((where, partial(self.host.write, sheet, start, column, before)))
            self.host.write(sheet, start, column, [[value] for value in block])
        self._dates(sheet, column, rows, values)
        self._settle(sheet, column, rows, values)
        for marker, here in _by_marker(work, column, rows):
            before_them = dict(zip(rows, old, strict=True))
            entry = cells_entry(
                sheet.name, marker, column, here, [before_them[r] for r in here], [new[r] for r in here]
            )
            if marker and "old" in entry:
                entry["keys"] = LivePresent(self.host).keys(sheet.name, column, here)
            self.entries.append(entry)
        self.cells += len(rows)

    def _dates(self, sheet: Any, column: int, rows: Sequence[int], values: Mapping[int, Any]) -> None:
        """Dates look like dates where the cells don't show one yet."""
        for kind in ("d", "t"):
            days = [
                r
                for r in rows
                if isinstance(values[r], dt.date) and isinstance(values[r], dt.datetime) == (kind == "t")
            ]
            for first, count in runs_of(days) if days else ():
                rect = (first, column, first + count - 1, column)
                code = self.host.number_format(sheet, rect)
                if code is None or not shown(code).date:
                    self.host.formats(sheet, rect, _FORMATS[kind])

    def _settle(self, sheet: Any, column: int, rows: list[int], values: Mapping[int, Any]) -> None:
        """See that every cell took its value; rows a filter hides may need it one by one."""
        wrong = self._wrong(sheet, column, rows, values)
        for row in wrong[:MENDED]:
            self.host.write(sheet, row, column, [[_written(values[row])]])
        if wrong:
            wrong = self._wrong(sheet, column, wrong, values)
        if wrong:
            raise BookError("live.not_taken", where=f"{sheet.name}!{cell_address(wrong[0], column)}", count=len(wrong))

    def _wrong(self, sheet: Any, column: int, rows: list[int], values: Mapping[int, Any]) -> list[int]:
        first = rows[0]
        now = [line[0] for line in self.host.raw(sheet, (first, column, rows[-1], column))]
        other = [row for row in rows if now[row - first] != values[row] or type(values[row]) is not str]
        return [row for row in other if not _took(now[row - first], values[row])]

    def _fills(self, sheet: Any, work: SheetWork, column: int, asked: dict[int, str | None]) -> None:
        old = self.host.fills(sheet, column, sorted(asked))
        rows = [row for row in sorted(asked) if old[row] != asked[row]]
        if not rows:
            return
        where = f"{sheet.name}!{cell_address(rows[0], column)}"
        self._back.append((where, partial(self._paint, sheet, column, {row: old[row] for row in rows})))
        self._paint(sheet, column, {row: asked[row] for row in rows})
        for marker, here in _by_marker(work, column, rows):
            self.entries.append(fills_entry(sheet.name, marker, column, here, [old[r] for r in here], asked))
        self.fills += len(rows)

    def _paint(self, sheet: Any, column: int, colors: Mapping[int, str | None]) -> None:
        by_color: dict[str | None, list[int]] = {}
        for row, color in colors.items():
            by_color.setdefault(color, []).append(row)
        for color, rows in by_color.items():
            runs = [(first, first + count - 1) for first, count in runs_of(rows)]
            self.host.paint(sheet, column, runs, color)

    # ---- lists

    def _join(self, sheet: Any, work: SheetWork, join: Join) -> None:
        grown = False
        lists = self.host.lists(sheet)
        for listed in lists:
            top, left, bottom, right = listed.rect
            strip = (top, join.column, bottom, join.column)
            if listed.header_row != join.row or right != join.column - 1:
                continue
            if any(_overlap(strip, other.rect) for other in lists if other is not listed):
                continue
            self._back.append((sheet.name, partial(self.host.resize, sheet, listed, listed.rect)))
            self.host.resize(sheet, listed, (top, left, bottom, join.column))
            grown = True
        rect = self.host.filter(sheet)
        wider = False
        if rect and rect[0] == join.row and rect[3] == join.column - 1:
            self._back.append((sheet.name, partial(self.host.widen_filter, sheet, rect)))
            wider = self.host.widen_filter(sheet, (*rect[:3], join.column))
        if grown or wider:
            entry = {"k": "join", "sheet": sheet.name, "marker": work.marker(join.column, join.row)}
            self.entries.append(entry | {"at": [join.row, join.column], "header": join.header, "filter": wider})

    def _unjoin(self, sheet: Any, edit: Unjoin) -> None:
        done = False
        for listed in self.host.lists(sheet):
            top, left, bottom, right = listed.rect
            if listed.header_row == edit.row and left < right == edit.column:
                self._back.append((sheet.name, partial(self.host.resize, sheet, listed, listed.rect)))
                self.host.resize(sheet, listed, (top, left, bottom, right - 1))
                done = True
        rect = self.host.filter(sheet)
        if rect and rect[0] == edit.row and rect[1] < rect[3] == edit.column:
            self._back.append((sheet.name, partial(self.host.widen_filter, sheet, rect)))
            done |= self.host.widen_filter(sheet, (*rect[:3], edit.column - 1))
        if done:
            entry = {"k": "unjoin", "sheet": sheet.name, "at": [edit.row, edit.column], "header": edit.header}
            self.entries.append(entry)

    # ---- tabs

    def _remove(self, name: str) -> None:
        sheet = self.sheets[name.casefold()]
        before = cells_of(self.host, sheet)
        self.entries.append({"k": "gone", "sheet": sheet.name})
        self._note_cells(sheet.name, before, {})
        tab = Tab(sheet.name)
        for (row, column), value in before.items():
            tab.put(row, column, plain_text(value) if isinstance(value, Raw) else value)
        gone = [n for n, text in self.names.items() if (place := parse_cell(text)) and place[0] == sheet.name]
        self._back.append((sheet.name, partial(self._draw, [tab])))
        for key in gone:
            old = self.names.pop(key)
            self.entries.append({"k": "name", "name": key, "old": old, "new": None})
            self._back.append((sheet.name, partial(self.host.set_name, key, old)))
            self.host.drop_name(key)
        self.host.remove_tab(sheet.name)
        del self.sheets[name.casefold()]
        self.tabs += 1

    def _put_tabs(self, tabs: list[Tab]) -> None:
        if tabs:
            self._draw(tabs)

    def _draw(self, tabs: list[Tab]) -> None:
        """All tabs are drawn as one workbook, which is opened once beside the person's."""
        from dataclasses import replace

        from addin.books.render import render

        places = [(tab, target(tab, self.names, self.sheets, self.edits)) for tab in tabs]
        named = [tab if sheet is None else replace(tab, name=sheet.name) for tab, sheet in places]
        shown_from = {chart.sheet for tab in tabs for chart in tab.charts if chart.sheet}
        stubs = [Tab(name) for name in sorted(shown_from - {tab.name for tab in named})]
        with temp_folder() as folder:
            drawn = Path(folder, f"danggol-{id(self):x}.xlsx")
            drawn.write_bytes(render([*named, *stubs]))
            with self.host.opened(drawn) as other:
                for tab, (_, sheet) in zip(named, places, strict=True):
                    if sheet is None:
                        self._add(other, tab)
                    else:
                        self._redraw(other, tab, sheet)
        for tab in named:
            if tab.charts:
                self.host.link_charts(self.sheets[tab.name.casefold()], tab)

    def _add(self, other: Any, tab: Tab) -> None:
        self._back.append((tab.name, partial(self._unmade, tab.name)))
        self.host.add_tab(other, tab.name)
        sheet = self.sheets[tab.name.casefold()] = self.host.book.sheets[tab.name]
        self.host.set_name(BLOCK, area_formula(tab.name, block_of(tab)), sheet)
        self.entries.append({"k": "tab", "sheet": tab.name, "marker": tab.marker})
        self._note_cells(tab.name, {}, cells_of(self.host, sheet))
        self.tabs += 1

    def _unmade(self, name: str) -> None:
        if name.casefold() in sheets_of(self.host):
            self.host.remove_tab(name)

    def _redraw(self, other: Any, tab: Tab, sheet: Any) -> None:
        before = cells_of(self.host, sheet)
        block = block_of(tab)
        was = self.host.block_of(sheet, BLOCK) or block
        both = (1, 1, max(was[2], block[2]), max(was[3], block[3]))
        self._back.append((tab.name, partial(self._rewrite, sheet, both, before)))
        self.host.redraw_tab(other, tab.name, sheet, was, block)
        if was != block:
            self.host.set_name(BLOCK, area_formula(tab.name, block), sheet)
        self._note_cells(tab.name, before, cells_of(self.host, sheet), tab.marker)
        self.tabs += 1

    def _rewrite(self, sheet: Any, rect: Rect, cells: Mapping[tuple[int, int], Held]) -> None:
        top, left, bottom, right = rect
        lines = [[_again(cells.get((r, c))) for c in range(left, right + 1)] for r in range(top, bottom + 1)]
        self.host.write(sheet, top, left, lines)

    def _note_cells(
        self,
        sheet: str,
        before: Mapping[tuple[int, int], Held],
        after: Mapping[tuple[int, int], Held],
        marker: str = "",
    ) -> None:
        self.entries += changed_cells(sheet, marker, before, after)

    # ---- names

    def _mark(self, marks: Iterable[Mark]) -> None:
        """Names point where they should: those that go first, then all others at once."""
        wanted: dict[str, str | None] = {}
        for mark in marks:
            place = cell_formula(self.sheets[mark.sheet.casefold()].name, mark.row, mark.column) if mark.sheet else None
            wanted[mark.name] = place
        changed = {name: place for name, place in wanted.items() if place != self.names.get(name)}
        for name, place in changed.items():
            old = self.names.pop(name, None)
            undo = partial(self.host.drop_name, name) if old is None else partial(self.host.set_name, name, old)
            self._back.append((name, undo))
            self.entries.append({"k": "name", "name": name, "old": old, "new": place})
            if place is None:
                self.host.drop_name(name)
        places = {name: place for name, place in changed.items() if place is not None}
        if places:
            self.host.set_names(places)
            self.names |= places


def blocks(
    rows: Sequence[int], values: Mapping[int, Any], there: Sequence[Held] | None, first: int
) -> list[tuple[int, list[Any]]]:
    """Cells down one column as blocks to write: (first row, values).

    In a column of ours (``there`` = what stands in it from row ``first`` on) plain cells between two changes are
    written again as they are, so that it is one block; a formula between is never touched.

    >>> blocks([2, 4], {2: "a", 4: "b"}, None, 2)
    [(2, ['a']), (4, ['b'])]
    >>> blocks([2, 4], {2: "a", 4: "b"}, ["x", "y", "z"], 2)
    [(2, ['a', 'y', 'b'])]
    """
    out: list[tuple[int, list[Any]]] = []
    for row in rows:
        if out:
            start, block = out[-1]
            gap = range(start + len(block), row)
            if not gap or (there is not None and not any(isinstance(there[r - first], Raw) for r in gap)):
                block += [None if there is None else there[r - first] for r in gap]
                block.append(_written(values[row]))
                continue
        out.append((row, [_written(values[row])]))
    return out


def _written(value: Any) -> Any:
    """What goes into the cell: None empties it."""
    if value is CLEAR or value == "":
        return None
    return _again(value) if isinstance(value, Raw) else value


def _again(value: Held) -> Any:
    """What stood in a cell, to be written once more."""
    if not isinstance(value, Raw):
        return value
    return Formula(f"={value.formula}") if value.formula is not None else Formula(plain_text(value))


def _date_kind(value: Any) -> str:
    return "" if not isinstance(value, dt.date) else "t" if isinstance(value, dt.datetime) else "d"


def _took(now: Any, value: Any) -> bool:
    """Whether a cell holds what was written; some programs keep a truth value as a number."""
    if isinstance(value, Raw):
        return True
    want = held(value)
    if isinstance(want, bool):
        return bool(now == want)
    if isinstance(want, int | float) and isinstance(now, int | float):
        return math.isclose(now, want, rel_tol=1e-12, abs_tol=1e-8)
    return same(now, want)


def _by_marker(work: SheetWork, column: int, rows: Sequence[int]) -> list[tuple[str, list[int]]]:
    """The rows of one column by the marker they belong to."""
    owners = {owner[2] for owner in work.owners.get(column, ()) if owner[2]}
    if len(owners) <= 1:
        return [(next(iter(owners), ""), list(rows))] if rows else []
    out: dict[str, list[int]] = {}
    for row in rows:
        out.setdefault(work.marker(column, row), []).append(row)
    return list(out.items())


def _shade(color: Any) -> str | None:
    return color if isinstance(color, str) else None


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
