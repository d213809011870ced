"""The plan that takes a run back from a book that went on living: which cells still hold what the run wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from addin.books.cells import Held, Raw, from_json, plain_text, same
from addin.books.edits import CLEAR, Edits, EditValue, Fill, Join, RemoveSheet, Result, Unjoin, Write
from addin.books.entries import Entry, entry_rows, unpacked
from addin.books.names import parse_cell
from addin.books.results import from_json as result_from_json
from addin.books.results import same_result
from addin.books.sheetpatch import last_but
from addin.books.tab import Tab
from addin.crm.grid import cell_address

if TYPE_CHECKING:
    from addin.books.present import Present


@dataclass(frozen=True, slots=True)
class Kept:
    """A cell the undo leaves alone: where it is, what the run wrote there, what stands there now."""

    where: str
    wrote: str
    present: str


def undo_plan(present: Present, entries: list[Entry]) -> tuple[Edits, list[Kept]]:
    """The edits that take the journal's entries back, last first, and the cells a person edited since."""
    planner = _Planner(present, entries)
    planner.run()
    return planner.edits, planner.kept


class _Planner:
    def __init__(self, present: Present, entries: list[Entry]) -> None:
        self.book, self.entries = present, entries
        self.edits, self.kept = Edits("undo"), list[Kept]()
        self.names = present.names()
        self.tabs = {e["sheet"] for e in entries if e["k"] in ("tab", "gone")}
        self.stay: set[str] = set()  # markers of columns something of which stays
        self.going: dict[str, set[int]] = {}  # sheet → columns its list or filter gives up

    def run(self) -> None:
        """Tabs first, then lists, cells, backgrounds, and the names last."""
        for entry in reversed(self.entries):
            match entry["k"]:
                case "tab":
                    self._take_tab(entry)
                case "gone":
                    self._give_tab(entry)
                case "join":
                    self._unjoin(entry)
                case "unjoin":
                    place = self._place(entry, *entry["at"])
                    if place:
                        self.edits.items.append(Join(place[0], place[1], place[2], entry["header"]))
        for entry in reversed(self.entries):
            if entry["k"] == "cells" and entry["sheet"] not in self.tabs:
                self._cells(entry)
            elif entry["k"] == "results":
                self._results(entry)
            elif entry["k"] == "fill":
                self._fills(entry)
        for entry in reversed(self.entries):
            if entry["k"] == "name":
                self._name(entry)

    # ---- where things are now

    def _place(self, entry: Entry, row: int, column: int) -> tuple[str, int, int] | None:
        """A cell of the run, where it is now: moved as its marker moved; None where sheet or marker are gone."""
        marker, head = entry.get("marker"), entry.get("head")
        if marker and head:
            found = parse_cell(self.names.get(marker, ""))
            sheet = self.book.sheet(found[0]) if found else None
            if found is None or sheet is None:
                return None
            return sheet, row + found[1] - head[0], found[2] + column - head[1]
        sheet = self.book.sheet(entry["sheet"])
        return (sheet, row, column) if sheet is not None and self.book.has_cells(sheet) else None

    def _keep(self, where: str, wrote: Held, present: Held, marker: str = "") -> None:
        self.kept.append(Kept(where, plain_text(wrote), plain_text(present)))
        if marker:
            self.stay.add(marker)

    # ---- cells

    def _cells(self, entry: Entry) -> None:
        rows = entry_rows(entry)
        new = [from_json(v) for v in unpacked(entry.get("new"), len(rows))]
        old = [from_json(v) for v in unpacked(entry.get("old"), len(rows))]
        marker = entry.get("marker", "")
        place = self._place(entry, rows[0], entry["column"])
        if place is None:
            for row, value in zip(rows, new, strict=True):
                self._keep(f"{entry['sheet']}!{cell_address(row, entry['column'])}", value, None, marker)
            return
        sheet, first, column = place
        present = self.book.column(sheet, column)
        shift = first - rows[0]
        places = self._rows(entry, sheet, column, [row + shift for row in rows], new, present)
        back: dict[int, EditValue | Raw] = {}
        fixed = {kept.where for kept in self.kept}  # header cells of lists that can't shrink must not be emptied
        for row, at, wrote, before in zip(rows, places, new, old, strict=True):
            here = present.get(abs(at) or row + shift)
            where = f"{sheet}!{cell_address(abs(at) or row + shift, column)}"
            if at > 0 and same(here, wrote) and not (isinstance(before, Raw) and not before.restorable):
                if where not in fixed:
                    back[at] = CLEAR if before is None else before
            elif not same(here, before):
                self._keep(where, wrote, here, marker)
        self._write(sheet, column, back, marker)

    def _rows(
        self,
        entry: Entry,
        sheet: str,
        column: int,
        expected: list[int],
        new: list[Held],
        present: dict[int, Held],
    ) -> list[int]:
        """Where each row of the entry is now; 0 where that can't be told, negative where another value stands."""
        if entry.get("marker") and entry.get("old") is None:
            return _by_value(expected, new, present)
        keys = entry.get("keys")
        if not keys:
            return expected
        here = self.book.keys(sheet, column, expected)
        if here == keys:
            return expected
        where: dict[int, list[int]] = {}
        for row, key in self.book.all_keys(sheet, column).items():
            where.setdefault(key, []).append(row)
        out = []
        for row, key, now in zip(expected, keys, here, strict=True):
            found = where.get(key, [])
            out.append(row if key == now else found[0] if len(found) == 1 else 0)
        return out

    def _write(self, sheet: str, column: int, values: dict[int, EditValue | Raw], marker: str) -> None:
        run: list[list[EditValue]] = []
        start = last = 0
        for row in sorted(values):
            if row != last + 1 and run:
                self.edits.items.append(Write(sheet, start, column, run, marker))
                run = []
            if not run:
                start = row
            run.append([cast("EditValue", values[row])])
            last = row
        if run:
            self.edits.items.append(Write(sheet, start, column, run, marker))

    # ---- results

    def _results(self, entry: Entry) -> None:
        """What formulas showed before; one calculated since, or another cell by now, is left as it is."""
        rows = entry_rows(entry)
        place = self._place(entry, rows[0], entry["column"])
        if place is None:
            return
        sheet, _, column = place
        here = self.book.results(sheet, column, rows)
        for row, new, old in zip(rows, entry["new"], entry["old"], strict=True):
            if row in here and same_result(here[row], result_from_json(new)):
                self.edits.items.append(Result(sheet, row, column, result_from_json(old)))

    # ---- backgrounds

    def _fills(self, entry: Entry) -> None:
        """Backgrounds that are still ours; one a person changed stays as they want it."""
        rows = entry_rows(entry)
        place = self._place(entry, rows[0], entry["column"])
        if place is None:
            return
        sheet, first, column = place
        shift = first - rows[0]
        new = unpacked(entry.get("new"), len(rows))
        old = unpacked(entry.get("old"), len(rows))
        ours = {row + shift: (color, before) for row, color, before in zip(rows, new, old, strict=True)}
        created = bool(entry.get("marker")) and not any(old)
        colors = {self.book.fill(color) for color in new}
        for row, fill in self.book.fills(sheet, column).items():
            if row in ours and fill == self.book.fill(ours[row][0]):
                self.edits.items.append(Fill(sheet, row, column, ours[row][1]))
            elif created and fill in colors and fill is not None and row != first:
                self.edits.items.append(Fill(sheet, row, column, None))

    # ---- lists, tabs, names

    def _unjoin(self, entry: Entry) -> None:
        place = self._place(entry, *entry["at"])
        if place is None:
            return
        sheet, row, column = place
        header = entry["header"]
        listed = self.book.list_ends(sheet, row, column)
        going = self.going.setdefault(sheet, set())
        if listed and not self.book.can_unjoin(sheet, row, column, header, going):
            self._keep(f"{sheet}!{cell_address(row, column)}", header, header, entry.get("marker", ""))
            return
        rect = self.book.filter(sheet)
        if listed or (rect and rect[0] == row and last_but(rect[3], going) == column):
            self.edits.items.append(Unjoin(sheet, row, column, header))
            going.add(column)

    def _take_tab(self, entry: Entry) -> None:
        """Take a tab we added away, unless a person typed into it."""
        marker = entry.get("marker", "")
        found = parse_cell(self.names.get(marker, "")) if marker else None
        sheet = self.book.sheet(found[0] if found else entry["sheet"])
        if sheet is None:
            return
        wrote: dict[tuple[int, int], Held] = {}
        for cells in self.entries:
            if cells["k"] == "cells" and cells["sheet"] == entry["sheet"]:
                rows = entry_rows(cells)
                for row, value in zip(rows, unpacked(cells.get("new"), len(rows)), strict=True):
                    wrote[row, cells["column"]] = from_json(value)
        present = self.book.cells(sheet)
        touched = [k for k in sorted({*wrote, *present}) if not same(wrote.get(k), present.get(k))]
        for row, column in touched:
            where = f"{sheet}!{cell_address(row, column)}"
            self._keep(where, wrote.get((row, column)), present.get((row, column)), marker)
        if not touched:
            self.edits.items.append(RemoveSheet(sheet))

    def _give_tab(self, entry: Entry) -> None:
        """Put a tab back that an undo took away: its values; the next refresh gives it its looks."""
        name = entry["sheet"]
        tab = Tab(name)
        for cells in self.entries:
            if cells["k"] == "cells" and cells["sheet"] == name:
                rows = entry_rows(cells)
                for row, value in zip(rows, unpacked(cells.get("old"), len(rows)), strict=True):
                    held = from_json(value)
                    tab.put(row, cells["column"], plain_text(held) if isinstance(held, Raw) else held)
        if self.book.sheet(name) is not None:
            self._keep(name, None, name)
            return
        self.edits.put_tab(tab)

    def _name(self, entry: Entry) -> None:
        if entry["name"] in self.stay:
            return
        old = parse_cell(entry["old"]) if entry["old"] else None
        if old is None:
            if entry["name"] in self.names:
                self.edits.mark(entry["name"], "")
        elif self.book.sheet(old[0]) or old[0] in self.tabs:
            self.edits.mark(entry["name"], *old)


def _by_value(expected: list[int], new: list[Held], present: dict[int, Held]) -> list[int]:
    """Rows of a column that was empty before the run: cells are told by their value, wherever sorting put them."""
    out = [row if same(present.get(row), value) else 0 for row, value in zip(expected, new, strict=True)]
    taken = set(out)
    free: dict[tuple[type, object], list[int]] = {}
    for row, value in present.items():
        if row not in taken and value is not None:
            free.setdefault((type(value), value), []).append(row)
    for i, value in enumerate(new):
        key = (type(value), value)
        if not out[i] and free.get(key):
            out[i] = free[key].pop(0)
    others = iter(sorted(row for rows in free.values() for row in rows))
    return [row or -next(others, 0) for row in out]
