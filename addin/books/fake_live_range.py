"""A rectangle of cells of `fake_live`: what xlwings gives and takes, and what Excel makes of it."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.books.fake_live_com import EPOCH, FakeError, FakeRangeApi
from addin.crm.grid import CellError, cell_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.books.fake_live_sheet import FakeSheet
    from addin.crm.grid import Rect

_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?(?:e[-+]?\d+)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})(?:[-/.](\d{1,4}))?")


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
        self.sheet.cells[at] = kept(value)

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


def kept(value: Any) -> Any:
    """A value as a cell holds it: numbers are floats, dates and times datetimes."""
    if isinstance(value, bool | str | CellError | dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, dt.time):
        return dt.datetime.combine(EPOCH, value)
    if isinstance(value, dt.timedelta):
        return EPOCH + value
    return float(value) if isinstance(value, int | Decimal) else value


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
