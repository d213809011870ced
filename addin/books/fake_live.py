"""An Excel that isn't there: as much of xlwings and of Excel's own objects as an open workbook needs, in memory.

It behaves as Excel does where that hurts: text is parsed as if typed unless an apostrophe stands before it, a block
written over rows a filter hides fills the visible ones only, a locked sheet raises. ``app.calls`` lists every call that
would cross to Excel, so tests see that their number does not grow with the rows. ``app.fail_at`` makes the n-th write
fail.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.books.fake_live_com import FakeError
from addin.books.fake_live_range import kept
from addin.books.fake_live_sheet import FakeName, FakeSheet, FakeTable
from addin.books.names import cell_formula

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
                    sheet.cells[r, c] = kept(value)
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
