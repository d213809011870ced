# ruff: noqa: D102, N802 - the members are named and meant as in Excel
"""Excel's own objects (``api`` of xlwings) over the sheets of `fake_live`: locks, filters, looks, hidden names."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from addin.books.live_areas import area
from addin.books.live_values import ERROR_NUMBERS, rgb
from addin.crm.grid import CellError, cell_address

if TYPE_CHECKING:
    from addin.books.fake_live_range import FakeRange
    from addin.books.fake_live_sheet import FakeSheet
    from addin.crm.grid import Rect

_CODES = {text: number for number, text in ERROR_NUMBERS.items()}
#: The day 0 of Excel's numbers.
EPOCH = dt.datetime(1899, 12, 30)


class FakeError(Exception):
    """What Excel answers through COM when it won't."""


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


def _value2(value: Any) -> Any:
    if isinstance(value, CellError):
        return _CODES.get(value.code, _CODES["#N/A"])
    return (value - EPOCH) / dt.timedelta(days=1) if isinstance(value, dt.datetime) else value
