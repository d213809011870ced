"""Names: defined names of a book, or of one sheet.

Calc has no hidden names: one hidden in an .xlsx is plain after Calc saved it; its name and cell stay. Calc's
interface refuses a new name with a dot (``_danggol.tab.kpi``) but takes it as a new name of an existing one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings
from xlwings import base_classes

from addin.hosts.calc.bridge_uno import struct
from addin.hosts.calc.xl.cells import Range
from addin.hosts.calc.xl.formulas import to_calc, to_excel
from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from addin.hosts.calc.xl.documents import Book
    from addin.hosts.calc.xl.sheets import Sheet


class Names(Guarded, base_classes.Names):
    """The names of a book (those of its sheets among them), or of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self.book, self.sheet = book, sheet
        self.office = book.office

    @property
    def api(self) -> Any:
        return self.sheet.sheet.NamedRanges if self.sheet else self.book.document.NamedRanges

    def snapshot(self) -> list[tuple[str, Name]]:
        """Every name and what it is: ``name``, or ``sheet!name`` for a sheet's own."""
        found = []
        if self.sheet is None:
            found += [Name(self.book, None, name) for name in self.api.ElementNames]
        sheets = [self.sheet] if self.sheet else list(self.book.sheets)
        for sheet in sheets:
            found += [Name(self.book, sheet, name) for name in sheet.sheet.NamedRanges.ElementNames]
        return sorted(((name.name, name) for name in found), key=lambda pair: pair[0].lower())

    def __call__(self, name_or_index: str | int) -> Name:
        found = self.snapshot()
        if isinstance(name_or_index, int):
            return found[name_or_index - 1][1]
        wanted = name_or_index.lower()
        for full, name in found:
            if wanted in (full.lower(), full.rpartition("!")[2].lower() if self.sheet else ""):
                return name
        raise KeyError(name_or_index)

    def contains(self, name_or_index: str | int) -> bool:
        try:
            self(name_or_index)
        except (KeyError, IndexError):
            return False
        return True

    def __len__(self) -> int:
        return len(self.snapshot())

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name, or point an existing one elsewhere. ``refers_to`` as in Excel: ``=Sheet1!$A$1``."""
        sheet = self.sheet
        if "!" in name:
            at, _, name = name.rpartition("!")
            sheet = self.book.sheets(at.strip("'").replace("''", "'"))
        known = sheet.sheet.NamedRanges if sheet else self.book.document.NamedRanges
        content = to_calc(refers_to).removeprefix("=")
        for same in known.ElementNames:
            if same.lower() == name.lower():
                known.getByName(same).Content = content
                return Name(self.book, sheet, same)
        temporary, number = name.replace(".", "_"), 0
        while known.hasByName(temporary):
            number += 1
            temporary = f"{name.replace('.', '_')}_{number}"
        known.addNewByName(temporary, content, struct("com.sun.star.table.CellAddress"), 0)
        if temporary != name:
            known.getByName(temporary).Name = name
        return Name(self.book, sheet, name)


class Name(Guarded, base_classes.Name):
    """One defined name."""

    def __init__(self, book: Book, sheet: Sheet | None, name: str) -> None:
        self.book, self.sheet = book, sheet
        self.office = book.office
        self._name = name

    @property
    def api(self) -> Any:
        owner = self.sheet.sheet if self.sheet else self.book.document
        return owner.NamedRanges.getByName(self._name)

    def delete(self) -> None:
        owner = self.sheet.sheet if self.sheet else self.book.document
        owner.NamedRanges.removeByName(self._name)

    @property
    def name(self) -> str:
        if self.sheet is None:
            return self._name
        sheet = self.sheet.name
        return f"{sheet}!{self._name}" if sheet.isidentifier() else "'" + sheet.replace("'", "''") + f"'!{self._name}"

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._name = value

    @property
    def refers_to(self) -> str:
        return "=" + to_excel(self.api.Content)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.Content = to_calc(value).removeprefix("=")

    def referred(self) -> Range | None:
        """The cells it names; None where it names none (a constant, a deleted place)."""
        cells = self.api.getReferredCells()
        return None if cells is None else Range.of(self.book, cells)

    @property
    def refers_to_range(self) -> Range:
        found = self.referred()
        if found is None:
            raise xlwings.XlwingsError(f"{self._name}: {self.refers_to}")
        return found
