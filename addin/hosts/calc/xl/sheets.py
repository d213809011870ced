"""Sheets and Sheet: the tabs of a Calc document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.books.names import column_number
from addin.hosts.calc.xl.cells import Range
from addin.hosts.calc.xl.guarded import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.hosts.calc.xl.documents import Book

_A1 = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d+)?(?::\$?([A-Za-z]{1,3})?\$?(\d+)?)?")
EVERYTHING = 1023  # com.sun.star.sheet.CellFlags, all of them
CONTENTS = 1 | 2 | 4 | 16  # numbers, dates, text, formulas
FORMATS = 32 | 64  # hard attributes, styles


class Sheets(Guarded, base_classes.Sheets):
    """The sheets of a book, in the order of their tabs."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.office = book.office
        self._sheets = book.document.Sheets

    @property
    def api(self) -> Any:
        return self._sheets

    @property
    def active(self) -> Sheet:
        return Sheet(self.book, self.book.document.CurrentController.ActiveSheet)

    def __call__(self, name_or_index: str | int) -> Sheet:
        if isinstance(name_or_index, str):
            for name in self._sheets.ElementNames:
                if name.lower() == name_or_index.lower():
                    return Sheet(self.book, self._sheets.getByName(name))
            raise KeyError(name_or_index)
        if not 1 <= name_or_index <= self._sheets.Count:
            raise IndexError(name_or_index)
        return Sheet(self.book, self._sheets.getByIndex(name_or_index - 1))

    def __len__(self) -> int:
        return int(self._sheets.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self.book, self._sheets.getByIndex(i)) for i in range(self._sheets.Count)])

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """A new sheet, before the active one where no place is given; it becomes the active one."""
        if name is None:
            taken, number = set(self._sheets.ElementNames), 1
            while f"Sheet{number}" in taken:
                number += 1
            name = f"Sheet{number}"
        self._sheets.insertNewByName(name, place(before, after) if before or after else self.active.index - 1)
        sheet = Sheet(self.book, self._sheets.getByName(name))
        sheet.activate()
        return sheet


def place(before: Sheet | None, after: Sheet | None) -> int:
    """The 0-based tab position that is before or after a sheet."""
    if before is not None:
        return before.index - 1
    assert after is not None
    return after.index


class Sheet(Guarded, base_classes.Sheet):
    """One sheet."""

    book: Any = None

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.office = book.office
        self.sheet = sheet

    @property
    def api(self) -> Any:
        return self.sheet

    @property
    def name(self) -> str:
        return str(self.sheet.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.Name = value

    @property
    def index(self) -> int:
        return int(self.sheet.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Any:
        from addin.hosts.calc.xl.names import Names

        return Names(self.book, self)

    @property
    def tables(self) -> Any:
        from addin.hosts.calc.xl.tables import Tables

        return Tables(self)

    @property
    def charts(self) -> Any:
        from addin.hosts.calc.xl.charts import Charts

        return Charts(self)

    @property
    def notes(self) -> list[Any]:
        from addin.hosts.calc.xl.looks import Note

        found = self.sheet.Annotations
        places = [found.getByIndex(i).Position for i in range(found.Count)]
        return [Note(Range(self, p.Row + 1, p.Column + 1, 1, 1)) for p in places]

    @property
    def freeze_panes(self) -> Any:
        from addin.hosts.calc.xl.looks import FreezePanes

        return FreezePanes(self)

    @property
    def page_setup(self) -> Any:
        from addin.hosts.calc.xl.looks import PageSetup

        return PageSetup(self)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """A range by address, name, 1-based (row, column) tuples, numbers or corner ranges."""
        if isinstance(arg1, tuple) and len(arg1) == 4:
            return Range(self, *arg1)
        if isinstance(arg1, int) and isinstance(arg2, int):
            return Range(self, arg1, arg2, 1, 1)
        first = self._corner(arg1)
        if arg2 is None:
            return first
        last = self._corner(arg2)
        top, left = min(first.row, last.row), min(first.column, last.column)
        bottom = max(first.row + first.shape[0], last.row + last.shape[0])
        right = max(first.column + first.shape[1], last.column + last.shape[1])
        return Range(self, top, left, bottom - top, right - left)

    def _corner(self, given: Any) -> Range:
        if isinstance(given, Range):
            return given
        if isinstance(given, tuple):
            if 0 in given:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return Range(self, given[0], given[1], 1, 1)
        return self._address(str(given)) or self._named(str(given))

    def _address(self, text: str) -> Range | None:
        found = _A1.fullmatch(text)
        if not found or not any(found.groups()):
            return None
        left, top, right, bottom = found.groups()
        alone = ":" not in text
        if alone and not (left and top):
            return None
        right, bottom = (left, top) if alone else (right, bottom)
        if bool(left) != bool(right) or bool(top) != bool(bottom):
            return None
        rows = (int(top), int(bottom)) if top else (1, self.sheet.Rows.Count)
        columns = (column_number(left), column_number(right)) if left else (1, self.sheet.Columns.Count)
        if max(rows) > self.sheet.Rows.Count or max(columns) > self.sheet.Columns.Count or min(rows) < 1:
            return None
        return Range(self, min(rows), min(columns), abs(rows[1] - rows[0]) + 1, abs(columns[1] - columns[0]) + 1)

    def _named(self, name: str) -> Any:
        if "!" in name:
            sheet, _, address = name.rpartition("!")
            return Sheets(self.book)(sheet.strip("'").replace("''", "'"))._corner(address)
        for table in self.tables:
            if table.name.lower() == name.lower():
                return table.data_body_range or table.range
        for names in (self.names, self.book.names):
            if names.contains(name):
                return names(name).refers_to_range
        raise KeyError(name)

    @property
    def cells(self) -> Range:
        return Range(self, 1, 1, self.sheet.Rows.Count, self.sheet.Columns.Count)

    @property
    def used_range(self) -> Range:
        cursor = self.sheet.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return Range.of(self.book, cursor)

    def activate(self) -> None:
        self.book.front(self.sheet)

    select = activate

    def clear(self) -> None:
        self.sheet.clearContents(EVERYTHING)

    def clear_contents(self) -> None:
        self.sheet.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        self.sheet.clearContents(FORMATS)

    def autofit(self, axis: str | None = None) -> None:
        used = self.used_range
        used.autofit(axis)

    def delete(self) -> None:
        self.book.document.Sheets.removeByName(self.sheet.Name)

    def copy(self, before: Sheet | None, after: Sheet | None) -> None:
        """Copy before or after a sheet of this book or another; named ``name (2)`` where the name is taken."""
        beside = before or after
        target = beside.book if beside else self.book
        sheets, name, number = target.document.Sheets, self.name, 1
        at = place(before, after) if beside else sheets.Count
        while sheets.hasByName(name):
            number += 1
            name = f"{self.name[:27]} ({number})"
        if target.document == self.book.document:
            sheets.copyByName(self.name, name, at)
        else:
            sheets.importSheet(self.book.document, self.name, at)
            sheets.getByIndex(at).Name = name

    def move(self, before: Sheet | None, after: Sheet | None) -> None:
        self.book.document.Sheets.moveByName(self.name, place(before, after))

    @property
    def visible(self) -> bool:
        return bool(self.sheet.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.sheet.IsVisible = bool(value)

    def shown(self) -> _Shown:
        """The book's view with this sheet active; the sheet a person looked at is active again afterwards."""
        return _Shown(self.book, self.sheet)


class _Shown:
    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    def __enter__(self) -> Any:
        view = self.book.document.CurrentController
        self.before = view.ActiveSheet
        self.book.front(self.sheet)
        return view

    def __exit__(self, *_: object) -> None:
        self.book.front(self.before)
