"""A plan (`Edits`) carried out on a package, and what it changed, as the journal keeps it. Nothing is on disk yet.

Order: tabs taken away, tabs put, then each sheet's cells, widths and lists, then names. A formula of the person that
may see a changed cell is calculated anew when the book is opened next (``fullCalcOnLoad``), unless the plan brings the
results of all of them (`Edits.calculated`): Excel without our functions would show ``#NAME?`` after calculating.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.books.cells import Held, Raw
from addin.books.edits import Edits, Fill, Join, Mark, PutTab, RemoveSheet, Result, Unjoin, Width, Write
from addin.books.entries import Entry, cells_entry, changed_cells, fills_entry, results_entries
from addin.books.formulas import any_formula, prune_chain
from addin.books.names import Names, cell_formula, marked_columns, parse_cell, quoted
from addin.books.rowkeys import row_keys
from addin.books.sheethead import range_text
from addin.books.sheetpatch import SheetChange, SheetPatcher, SheetWork
from addin.books.sheetxml import SheetXml, all_cells
from addin.books.strings import Strings
from addin.books.styles import Styles
from addin.books.workbook import calculate_on_load, calculates_on_load, date_1904, remove_sheet
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from addin.books.lastdrawn import LastDrawn
    from addin.books.package import Package, SheetRef

FILTER_NAME = "_xlnm._FilterDatabase"


@dataclass(slots=True)
class Patched:
    """What a plan changed: the journal's entries, and how many cells, backgrounds and tabs."""

    entries: list[Entry] = field(default_factory=list)
    cells: int = 0
    fills: int = 0
    tabs: int = 0


def patch(package: Package, edits: Edits, last: LastDrawn | None = None) -> Patched:
    """Carry the plan out on the package's parts. ``last``: its tabs as they were drawn last, in a process that stays.

    Raises `BookRefused` for what can't be done without harm; the package must then be thrown away.
    """
    return _Patcher(package, last).run(edits)


class _Patcher:
    def __init__(self, package: Package, last: LastDrawn | None = None) -> None:
        self.package, self.last = package, last
        self.styles = Styles(package)
        self.strings = Strings(package)
        self.epoch_1904 = date_1904(package)
        self.out = Patched()
        self.lost: list[tuple[int, int, int]] = []  # formulas gone: sheet id, row, column
        self.formulas_back = False
        self.bare: set[str] = set()  # parts without any formula before, and none was put there
        self.values_changed = False
        self.moved: dict[str, str] = {}  # marker → the sheet this plan points it at

    def run(self, edits: Edits) -> Patched:
        _refuse_signed(self.package)
        self.moved = {edit.name: edit.sheet for edit in edits.items if isinstance(edit, Mark)}
        for removal in edits.items:
            if isinstance(removal, RemoveSheet):
                self._remove(removal)
        for edit in edits.items:
            if isinstance(edit, PutTab):
                self._put_tab(edit)
        filters: dict[str, str] = {}
        wrote = self.out.tabs > 0
        for sheet, work in self._gathered(edits):
            change = SheetPatcher(self.package, self.styles, self.strings, sheet, work, self.epoch_1904).run()
            self._note(sheet, work, change)
            if not (change.before.formulas or self.formulas_back):
                self.bare.add(sheet.part)
            wrote |= change.wrote
            if change.filter is not None:
                filters[sheet.name] = range_text(change.filter)
        if wrote:
            self.styles.save()
        self._names([e for e in edits.items if isinstance(e, Mark)], filters)
        prune_chain(self.package, self.lost, everything=self.formulas_back)
        stale = self.values_changed and not edits.calculated
        if stale and not calculates_on_load(self.package) and any_formula(self.package, self.bare):
            calculate_on_load(self.package)
        return self.out

    # ---- tabs

    def _remove(self, edit: RemoveSheet) -> None:
        sheet = self._sheet(edit.sheet)
        before = self._cells_of_tab(self._xml(sheet))
        names = [n for n in Names(self.package).all() if (p := parse_cell(n.formula)) and p[0] == sheet.name]
        self.out.entries.append({"k": "gone", "sheet": sheet.name})
        self._note_cells(sheet.name, before, {})
        for name in names:
            if name.local is None and name.hidden:
                self.out.entries.append({"k": "name", "name": name.name, "old": name.formula, "new": None})
        remove_sheet(self.package, sheet.name)
        prune_chain(self.package, [(sheet.sheet_id, row, column) for row, column in before])
        self.out.tabs += 1
        self.values_changed = True

    def _put_tab(self, edit: PutTab) -> None:
        from addin.books.graft import graft_tab

        tab = edit.tab
        marked = Names(self.package).get(tab.marker) if tab.marker else None
        place = parse_cell(marked.formula) if marked else None
        present = self.package.sheet(place[0]) if place else None
        if present is not None and present.name != tab.name and self.moved.get(tab.marker) == tab.name:
            present = None  # the plan leaves the old tab to the person and starts a new one
        if present is None:
            graft_tab(self.package, self.styles, tab, None, self.last)
            added = self._sheet(tab.name)
            self.out.entries.append({"k": "tab", "sheet": added.name, "marker": tab.marker})
            self._note_cells(added.name, {}, self._cells_of_tab(self._xml(added)))
        else:
            old = self._xml(present)
            parts = self.package.changed
            graft_tab(self.package, self.styles, tab, present.name, self.last)
            self.styles.save()
            new = self._xml(present)
            before, after = self._cells_of_tab(old, new), self._cells_of_tab(new, old)
            self.values_changed |= bool(self._note_cells(present.name, before, after, marker=tab.marker))
            if not any(parts.get(name) != data for name, data in self.package.changed.items()):
                return
        self.out.tabs += 1

    def _xml(self, sheet: SheetRef) -> SheetXml | None:
        """A tab's rows; None for a chart sheet, which has none."""
        return self.package.sheet_xml(sheet.part, sheet.name) if sheet.kind == "worksheet" else None

    def _cells_of_tab(self, xml: SheetXml | None, but: SheetXml | None = None) -> dict[tuple[int, int], Held]:
        """What its cells hold; ``but``: in rows that do not stand there just so."""
        if xml is None:
            return {}
        return {(row, column): value for row, column, value in all_cells(xml, self.strings.get, but)}

    def _note_cells(
        self,
        sheet: str,
        before: Mapping[tuple[int, int], Held],
        after: Mapping[tuple[int, int], Held],
        marker: str = "",
    ) -> int:
        """Journal a tab's cells, those that are different now; how many columns."""
        found = list(changed_cells(sheet, marker, before, after))
        self.out.entries += found
        return len(found)

    # ---- cells

    def _gathered(self, edits: Edits) -> Iterator[tuple[SheetRef, SheetWork]]:
        works: dict[str, SheetWork] = {}
        for edit in edits.items:
            if isinstance(edit, Mark | PutTab | RemoveSheet):
                continue
            work = works.setdefault(edit.sheet.casefold(), SheetWork())
            match edit:
                case Write():
                    work.write(edit)
                case Fill():
                    work.fill(edit)
                case Width():
                    work.widths.append(edit)
                case Join():
                    work.joins.append(edit)
                case Unjoin():
                    work.unjoins.append(edit)
                case Result():
                    work.results[edit.row, edit.column] = edit.value
        for name, work in works.items():
            yield self._sheet(name), work

    def _sheet(self, name: str) -> SheetRef:
        sheet = self.package.sheet(name)
        if sheet is None:
            raise BookRefused("book.no_sheet", where=self.package.where, value=name)
        return sheet

    def _note(self, sheet: SheetRef, work: SheetWork, change: SheetChange) -> None:
        """Journal one sheet's change."""
        entries = self.out.entries
        for edit in change.unjoined:
            entries.append({"k": "unjoin", "sheet": sheet.name, "at": [edit.row, edit.column], "header": edit.header})
        for column, cells in sorted(change.new.items()):
            old = change.spliced.old.get(column, {})
            for marker, rows in _by_marker(work, column, cells):
                before: list[Held] = list(map(old.get, rows)) if old else [None] * len(rows)
                after = list(cells.values() if len(rows) == len(cells) else map(cells.__getitem__, rows))
                entry = cells_entry(sheet.name, marker, column, rows, before, after)
                if marker and "old" in entry:  # rows may be sorted before an undo: know them by what stands in them
                    leave_out = marked_columns(Names(self.package), sheet.name) | {column}
                    entry["keys"] = row_keys(change.before, rows, leave_out, self.strings.get)
                entries.append(entry)
            self.out.cells += len(cells)
        for column, fills in sorted(change.fills.items()):
            asked = work.columns[column].fills
            for marker, rows in _by_marker(work, column, fills):
                entries.append(fills_entry(sheet.name, marker, column, rows, list(map(fills.__getitem__, rows)), asked))
            self.out.fills += len(fills)
        for join, grew in change.joined:
            marker = work.marker(join.column, join.row)
            entry = {"k": "join", "sheet": sheet.name, "marker": marker, "at": [join.row, join.column]}
            entries.append(entry | {"header": join.header, "filter": grew})
        self.lost += [(sheet.sheet_id, row, column) for row, column in change.spliced.formulas]
        for cells in change.new.values():
            if Raw in set(map(type, cells.values())):
                self.formulas_back |= any(isinstance(v, Raw) and v.formula is not None for v in cells.values())
        entries += results_entries(sheet.name, change.results, work.results)
        self.out.cells += len(change.results)
        self.values_changed |= bool(change.new) or bool(change.results)

    # ---- names

    def _names(self, marks: list[Mark], filters: dict[str, str]) -> None:
        names = Names(self.package)
        sheets = self.package.sheets
        for mark in marks:
            present = names.get(mark.name)
            old = present.formula if present else None
            if not mark.sheet:
                new = None
                names.remove(mark.name)
            else:
                new = cell_formula(self._sheet(mark.sheet).name, mark.row, mark.column)
                names.set(mark.name, new)
            if old != new:
                self.out.entries.append({"k": "name", "name": mark.name, "old": old, "new": new})
        for index, sheet in enumerate(sheets):
            if sheet.name in filters:
                left, _, right = filters[sheet.name].partition(":")
                absolute = ":".join(_absolute(corner) for corner in (left, right) if corner)
                names.set(FILTER_NAME, f"{quoted(sheet.name)}!{absolute}", True, index)
        for entry in self.out.entries:
            if entry.get("marker") and entry["k"] in ("cells", "fill", "join"):
                found = names.get(entry["marker"])
                place = parse_cell(found.formula) if found else None
                if place:
                    entry["head"] = [place[1], place[2]]
        names.save()


def _refuse_signed(package: Package) -> None:
    """A digital signature covers every part: any edit would break it."""
    signed = any(name.lower().startswith("_xmlsignatures/") for name in package.names())
    if signed or any(rel.type.endswith("/digital-signature/origin") for rel in package.rels("")):
        raise BookRefused("book.signed", where=package.where)


def _absolute(corner: str) -> str:
    letters = corner.rstrip("0123456789")
    return f"${letters}${corner[len(letters) :]}"


def _by_marker(work: SheetWork, column: int, rows: Iterable[int]) -> list[tuple[str, list[int]]]:
    out: dict[str, list[int]] = {}
    owners = {owner[2] for owner in work.owners.get(column, ()) if owner[2]}
    if len(owners) <= 1:
        return [(next(iter(owners), ""), sorted(rows))]
    for row in sorted(rows):
        out.setdefault(work.marker(column, row), []).append(row)
    return list(out.items())
