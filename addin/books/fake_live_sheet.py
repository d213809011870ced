"""A worksheet of `fake_live`: cells, looks, lists, a filter, names of its own."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.books.fake_live_com import FakeSheetApi
from addin.books.fake_live_range import FakeRange

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook
    from addin.crm.grid import Rect


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
