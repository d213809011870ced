# ruff: noqa: D102, N802 - the members of FakeSheetApi, FakeInterior, FakeRangeApi are named and meant as in Excel
"""An Excel that isn't there: as much of xlwings and of Excel's own objects as an open workbook needs, in memory.

It behaves as Excel does where that hurts: text is parsed as if typed unless an apostrophe stands before it, a block
written over rows a filter hides fills the visible ones only, a locked sheet raises. ``app.calls`` lists every call that
would cross to Excel, so tests see that their number does not grow with the rows. ``app.fail_at`` makes the n-th write
fail.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.books.live_host import ERROR_NUMBERS, area, rgb
from addin.books.names import cell_formula
from addin.crm.grid import CellError, cell_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from addin.crm.grid import Rect

_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?(?:e[-+]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})(?:[-/.](\d{1,4}))?")
_CODES = {text: number for number, text in ERROR_NUMBERS.items()}
_EPOCH = dt.datetime(1899, 12, 30)


class FakeError(Exception):
    """What Excel answers through COM when it won't."""


class FakeApp:
    """One Excel with its books."""

    def __init__(self) -> None:
        self.screen_updating = self.enable_events = self.display_alerts = True
        self.calculation = "automatic"
        self.status_bar: str | bool = False
        self.said: list[str] = []
        self.calls: list[str] = []
        self.fail_at = 0
        self.writes = 0
        self.books = self
        self.selection = "A1"

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "status_bar" and value:
            self.said.append(value)
        object.__setattr__(self, name, value)

    def open(self, path: str) -> FakeBook:
        """A workbook of disk, opened."""
        from pathlib import Path

        return FakeBook.opened(Path(path), self)

    def called(self, what: str, *, writes: bool = False) -> None:
        """Note one call to Excel; the n-th write fails where a test asks for it."""
        self.calls.append(what)
        if writes:
            self.writes += 1
            if self.writes == self.fail_at:
                raise FakeError("응용 프로그램 정의 오류입니다.")


class FakeBook:
    """One workbook."""

    def __init__(self, name: str = "통합 문서1", fullname: str = "", app: FakeApp | None = None) -> None:
        self.name, self.fullname = name, fullname or name
        self.app = app or FakeApp()
        self.tabs: list[FakeSheet] = []
        self.shown = 0
        self.defined: dict[str, str] = {}
        self.hidden_names: set[str] = set()
        self.closed = False
        self.api = SimpleNamespace(
            ProtectStructure=False,
            FullName=self.fullname,
            LinkSources=lambda _kind: None,
            Names=SimpleNamespace(Add=self._define),
        )

    @classmethod
    def opened(cls, path: Path, app: FakeApp | None = None) -> FakeBook:
        """A workbook as the file says: values, dates, lists, filters, merged cells, names."""
        from addin.books.read import read_book

        snapshot = read_book(path)
        book = cls(path.name, str(path), app)
        for grid in snapshot.sheets:
            sheet = book.add(grid.name)
            sheet.visible = not grid.hidden
            sheet.merged = list(grid.merged)
            sheet.filtered = grid.filters[0] if grid.filters else None
            sheet.tables = [FakeTable(sheet, f"표{i}", rect) for i, rect in enumerate(grid.tables, 1)]
            for r, line in enumerate(grid.rows, 1):
                for c, value in enumerate(line, 1):
                    if value is None or value == "":
                        continue
                    if isinstance(value, dt.date):
                        sheet.formats[r, c] = "yyyy-mm-dd hh:mm" if grid.has_time(r, c) else "yyyy-mm-dd"
                    sheet.cells[r, c] = _kept(value)
        book.defined = {name: cell_formula(*place) for name, place in snapshot.names.items()}
        return book

    def add(self, name: str) -> FakeSheet:
        """A new empty sheet at the end."""
        sheet = FakeSheet(self, name)
        self.tabs.append(sheet)
        return sheet

    @property
    def sheets(self) -> FakeSheets:
        """The tabs."""
        return FakeSheets(self)

    @property
    def names(self) -> list[Any]:
        """The workbook's names."""
        self.app.called("names")
        return [FakeName(self.defined, name) for name in list(self.defined)]

    def _define(self, Name: str, RefersTo: str, Visible: bool) -> None:  # noqa: N803 - as Excel calls them
        self.app.called("name", writes=True)
        self.defined[Name] = RefersTo.lstrip("=")
        if not Visible:
            self.hidden_names.add(Name)

    def close(self) -> None:
        """Close without saving."""
        self.closed = True


class FakeSheets:
    """``book.sheets``."""

    def __init__(self, book: FakeBook) -> None:
        self._book = book

    def __iter__(self) -> Iterator[FakeSheet]:
        return iter(list(self._book.tabs))

    def __len__(self) -> int:
        return len(self._book.tabs)

    def __getitem__(self, key: int | str) -> FakeSheet:
        if isinstance(key, int):
            return self._book.tabs[key]
        return next(tab for tab in self._book.tabs if tab.name.casefold() == key.casefold())

    @property
    def active(self) -> FakeSheet:
        """The tab that is shown."""
        return self._book.tabs[self._book.shown]


class FakeSheet:
    """One worksheet: cells, looks, lists, a filter."""

    def __init__(self, book: FakeBook, name: str) -> None:
        self.book, self.name = book, name
        self.cells: dict[tuple[int, int], Any] = {}
        self.typed: dict[tuple[int, int], str] = {}  # formulas
        self.colors: dict[tuple[int, int], str] = {}
        self.formats: dict[tuple[int, int], str] = {}
        self.widths: dict[int, float] = {}
        self.merged: list[Rect] = []
        self.filtered: Rect | None = None
        self.hidden_rows: set[int] = set()
        self.tables: list[FakeTable] = []
        self.charts: list[Any] = []
        self.local: dict[str, str] = {}
        self.visible = True
        self.locked = False
        self.api = FakeSheetApi(self)

    @property
    def names(self) -> list[FakeName]:
        """Names local to this tab."""
        self.book.app.called("names")
        return [FakeName(self.local, name) for name in list(self.local)]

    @property
    def used_range(self) -> Any:
        """From A1 to the last cell that holds something."""
        self.book.app.called("used_range")
        row = max((r for r, _ in self.cells), default=1)
        column = max((c for _, c in self.cells), default=1)
        return SimpleNamespace(last_cell=SimpleNamespace(row=row, column=column))

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> FakeRange:
        """A rectangle."""
        return FakeRange(self, (*first, *last))

    def activate(self) -> None:
        """Show this tab."""
        self.book.shown = self.book.tabs.index(self)

    def copy(self, after: FakeSheet) -> None:
        """Copy to another book, behind a tab; Excel shows the copy."""
        self.book.app.called("copy sheet", writes=True)
        home = after.book
        other = FakeSheet(home, self.name)
        for name in ("cells", "typed", "colors", "formats", "widths"):
            getattr(other, name).update(getattr(self, name))
        home.tabs.insert(home.tabs.index(after) + 1, other)
        other.activate()

    def delete(self) -> None:
        """Take the tab away; Excel shows another."""
        self.book.app.called("delete sheet", writes=True)
        self.book.tabs.remove(self)
        self.book.shown = min(self.book.shown, len(self.book.tabs) - 1)


class FakeSheetApi:
    """``sheet.api``: what Excel's Worksheet says."""

    def __init__(self, sheet: FakeSheet) -> None:
        self._sheet = sheet
        self.Shapes: list[Any] = []
        self.Columns = SimpleNamespace(Count=16_384)
        self.Names = SimpleNamespace(Add=self._define)

    @property
    def ProtectContents(self) -> bool:
        return self._sheet.locked

    @property
    def FilterMode(self) -> bool:
        return bool(self._sheet.hidden_rows)

    @property
    def AutoFilterMode(self) -> bool:
        return self._sheet.filtered is not None

    @AutoFilterMode.setter
    def AutoFilterMode(self, on: bool) -> None:
        assert not on
        self._sheet.filtered = None
        self._sheet.hidden_rows.clear()

    @property
    def AutoFilter(self) -> Any:
        rect = self._sheet.filtered
        assert rect is not None
        address = f"{cell_address(rect[0], rect[1])}:{cell_address(rect[2], rect[3])}"
        return SimpleNamespace(Range=SimpleNamespace(Address=address))

    def Range(self, text: str) -> Any:
        assert len(text) < 256, "Excel takes no longer address"
        return SimpleNamespace(Interior=FakeInterior(self._sheet, [area(part) for part in text.split(",")]))

    def _define(self, Name: str, RefersTo: str, Visible: bool) -> None:  # noqa: N803 - as Excel calls them
        self._sheet.book.app.called("local name", writes=True)
        self._sheet.local[Name] = RefersTo.lstrip("=")


class FakeInterior:
    """``range.Interior``: a background, None where it differs."""

    def __init__(self, sheet: FakeSheet, areas: list[Rect]) -> None:
        self._sheet, self._areas = sheet, areas

    def _cells(self) -> list[tuple[int, int]]:
        return [(r, c) for a in self._areas for r in range(a[0], a[2] + 1) for c in range(a[1], a[3] + 1)]

    @property
    def ColorIndex(self) -> int | None:
        self._sheet.book.app.called("read color")
        found = {self._sheet.colors.get(cell) for cell in self._cells()}
        if len(found) > 1:
            return None
        return -4142 if found == {None} else 3

    @ColorIndex.setter
    def ColorIndex(self, _index: int) -> None:
        self._sheet.book.app.called("write color", writes=True)
        for cell in self._cells():
            self._sheet.colors.pop(cell, None)

    @property
    def Color(self) -> float:
        red, green, blue = rgb(self._sheet.colors[self._cells()[0]])
        return float(red | green << 8 | blue << 16)

    @Color.setter
    def Color(self, number: int) -> None:
        self._sheet.book.app.called("write color", writes=True)
        color = f"{number & 255:02X}{number >> 8 & 255:02X}{number >> 16 & 255:02X}"
        self._sheet.colors.update(dict.fromkeys(self._cells(), color))


class FakeName:
    """One defined name."""

    def __init__(self, home: dict[str, str], name: str) -> None:
        self._home, self.name = home, name

    @property
    def refers_to(self) -> str:
        """``='접수'!$N$4``."""
        return f"={self._home[self.name]}"

    def delete(self) -> None:
        """Take it away."""
        del self._home[self.name]


class FakeTable:
    """One ListObject."""

    def __init__(self, sheet: FakeSheet, name: str, rect: Rect) -> None:
        self._sheet, self.name, self.rect = sheet, name, rect

    @property
    def range(self) -> FakeRange:
        """Header and rows."""
        return FakeRange(self._sheet, self.rect)

    @property
    def header_row_range(self) -> Any:
        """Its header."""
        return SimpleNamespace(row=self.rect[0])

    def resize(self, to: FakeRange) -> None:
        """Give it another rectangle."""
        self._sheet.book.app.called("resize", writes=True)
        self.rect = to.rect


class FakeRange:
    """A rectangle of cells."""

    def __init__(self, sheet: FakeSheet, rect: Rect) -> None:
        self.sheet, self.rect = sheet, rect
        self.api = FakeRangeApi(self)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        top, left, bottom, right = self.rect
        return ((r, c) for r in range(top, bottom + 1) for c in range(left, right + 1))

    def options(self, **_given: Any) -> FakeRange:
        """Always two dimensions, errors as text."""
        return self

    def lines(self) -> list[list[Any]]:
        """What the cells hold."""
        top, left, bottom, right = self.rect
        cells = self.sheet.cells
        return [[cells.get((r, c)) for c in range(left, right + 1)] for r in range(top, bottom + 1)]

    @property
    def value(self) -> list[list[Any]]:
        """As xlwings gives it."""
        self.sheet.book.app.called("read")
        return [[v.code if isinstance(v, CellError) else v for v in line] for line in self.lines()]

    @value.setter
    def value(self, lines: list[list[Any]]) -> None:
        """As xlwings takes it, and Excel after it."""
        app = self.sheet.book.app
        app.called("write", writes=True)
        if self.sheet.locked:
            raise FakeError("변경하려는 셀 또는 차트가 보호된 시트에 있습니다.")
        top, left = self.rect[:2]
        several = len(lines) > 1
        for r, line in enumerate(lines, top):
            if several and r in self.sheet.hidden_rows:
                continue
            for c, value in enumerate(line, left):
                self._put(r, c, value)

    def _put(self, row: int, column: int, value: Any) -> None:
        at = row, column
        self.sheet.typed.pop(at, None)
        self.sheet.cells.pop(at, None)
        if value is None or value == "":
            return
        if isinstance(value, str):
            if value.startswith("'"):
                value = value[1:]
            elif value.startswith(("=", "+", "-", "@")):
                self.sheet.typed[at] = value
                value = 0.0
            else:
                value = _parsed(value)
        if isinstance(value, dt.date):
            self.sheet.formats.setdefault(at, "yyyy-mm-dd")
        self.sheet.cells[at] = _kept(value)

    @property
    def formula(self) -> Any:
        """What was typed, as xlwings gives it: a text for one cell, tuples for more."""
        self.sheet.book.app.called("read formulas")
        top, left, bottom, right = self.rect
        sheet = self.sheet
        found = [
            tuple(sheet.typed.get((r, c), _shown(sheet.cells.get((r, c)))) for c in range(left, right + 1))
            for r in range(top, bottom + 1)
        ]
        return found[0][0] if (top, left) == (bottom, right) else tuple(found)

    @property
    def number_format(self) -> str | None:
        """None where the cells differ."""
        self.sheet.book.app.called("read format")
        found = {self.sheet.formats.get(cell, "General") for cell in self}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, code: str) -> None:
        self.sheet.book.app.called("write format", writes=True)
        self.sheet.formats.update(dict.fromkeys(self, code))

    @property
    def merge_cells(self) -> bool | None:
        """True, False, or None where only some are."""
        self.sheet.book.app.called("read merges")
        top, left, bottom, right = self.rect
        for m in self.sheet.merged:
            if m[0] <= bottom and top <= m[2] and m[1] <= right and left <= m[3]:
                inside = m[0] <= top and bottom <= m[2] and m[1] <= left and right <= m[3]
                return True if inside else None
        return False

    @property
    def merge_area(self) -> Any:
        """The merged cells around the first cell."""
        row, column = self.rect[:2]
        found = (m for m in self.sheet.merged if m[0] <= row <= m[2] and m[1] <= column <= m[3])
        rect = next(found, (row, column, row, column))
        return SimpleNamespace(address=f"${cell_address(*rect[:2])}:${cell_address(*rect[2:])}")

    @property
    def address(self) -> str:
        """``A1:C9``."""
        return f"{cell_address(*self.rect[:2])}:{cell_address(*self.rect[2:])}"

    @property
    def column_width(self) -> float:
        """Of the first column."""
        return self.sheet.widths.get(self.rect[1], 8.43)

    @column_width.setter
    def column_width(self, width: float) -> None:
        self.sheet.book.app.called("width", writes=True)
        self.sheet.widths[self.rect[1]] = width

    def clear(self) -> None:
        """Values and looks go."""
        self.sheet.book.app.called("clear", writes=True)
        for cell in self:
            for home in (self.sheet.cells, self.sheet.typed, self.sheet.colors, self.sheet.formats):
                home.pop(cell, None)

    def copy(self, to: FakeRange) -> None:
        """Values and looks go to another place."""
        to.sheet.book.app.called("copy", writes=True)
        down, over = to.rect[0] - self.rect[0], to.rect[1] - self.rect[1]
        for name in ("cells", "typed", "colors", "formats"):
            here, there = getattr(self.sheet, name), getattr(to.sheet, name)
            there.update({(r + down, c + over): here[r, c] for r, c in self if (r, c) in here})


class FakeRangeApi:
    """``range.api``: what Excel's Range says."""

    def __init__(self, cells: FakeRange) -> None:
        self._range = cells

    @property
    def Value2(self) -> Any:
        self._range.sheet.book.app.called("read")
        found = tuple(tuple(map(_value2, line)) for line in self._range.lines())
        return found[0][0] if len(found) == len(found[0]) == 1 else found

    @property
    def Interior(self) -> FakeInterior:
        return FakeInterior(self._range.sheet, [self._range.rect])

    def AutoFilter(self) -> None:
        self._range.sheet.filtered = self._range.rect


def _kept(value: Any) -> Any:
    if isinstance(value, bool | str | CellError | dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return dt.datetime.combine(_EPOCH, value)
    if isinstance(value, dt.timedelta):
        return _EPOCH + value
    return float(value) if isinstance(value, int | Decimal) else value


def _value2(value: Any) -> Any:
    if isinstance(value, CellError):
        return _CODES.get(value.code, _CODES["#N/A"])
    return (value - _EPOCH) / dt.timedelta(days=1) if isinstance(value, dt.datetime) else value


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _parsed(text: str) -> Any:
    """Text as Excel takes it when it is typed: numbers, days and truth values stop being text."""
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return float(plain.rstrip("%").replace(",", "")) / (100 if plain.endswith("%") else 1)
    if plain.casefold() in ("true", "false"):
        return plain.casefold() == "true"
    day = _DAY.fullmatch(plain)
    return dt.datetime(2026, 1, 1) if day else text
