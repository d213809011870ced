"""An open LibreOffice Calc document: what its own objects (UNO, behind xlwings' ``api``) tell and take in blocks."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from addin.books.cells import serial
from addin.books.live_areas import area_formula
from addin.books.live_host import Host, Listed
from addin.books.live_values import Formula, rgb
from addin.books.names import cell_formula
from addin.crm.grid import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from addin.books.tab import Tab
    from addin.crm.grid import Rect

#: com.sun.star.sheet.CellFlags: everything but drawings (128), which stand on a page of their own.
_ALL: Final = 1 | 2 | 4 | 8 | 16 | 32 | 64 | 256 | 512
#: Charts and pictures looked at on one sheet.
DRAWINGS: Final = 60
#: Error numbers of Calc as Excel calls them; others are #VALUE! to a person.
_ERRORS: Final = {
    502: "#VALUE!",
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}


class CalcHost(Host):
    """A document of LibreOffice Calc."""

    last_column = 1024
    takes_all = True

    def _cells(self, sheet: Any, rect: Rect) -> Any:
        top, left, bottom, right = rect
        return sheet.api.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    # ---- reading

    def used(self, sheet: Any) -> tuple[int, int]:
        """See `Host`."""
        cursor = sheet.api.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        return end.EndRow + 1, end.EndColumn + 1

    def values(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """See `Host`. An error is the number Excel has for it, a date a datetime: nothing is left to convert."""
        found = self.block(sheet, rect).raw_value
        return found if isinstance(found, list) else [[found]]

    def raw(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """See `Host`. Formulas with an error have no value in Calc's block: they are asked for one by one."""
        cells = self._cells(sheet, rect)
        lines = [[None if value == "" else value for value in line] for line in cells.getDataArray()]
        wrong = cells.queryFormulaCells(4)  # com.sun.star.sheet.FormulaResult.ERROR
        for found in wrong.RangeAddresses:
            for row in range(found.StartRow, found.EndRow + 1):
                for column in range(found.StartColumn, found.EndColumn + 1):
                    number = sheet.api.getCellByPosition(column, row).getError()
                    lines[row + 1 - rect[0]][column + 1 - rect[1]] = CellError(_ERRORS.get(number, "#VALUE!"))
        return lines

    def any_formulas(self, sheet: Any, rect: Rect) -> bool:
        """See `Host`."""
        return bool(self._cells(sheet, rect).queryContentCells(16).Count)  # com.sun.star.sheet.CellFlags.FORMULA

    def formulas(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """See `Host`. Calc marks text that begins with ``=`` by an apostrophe."""
        return [list(line) for line in self._cells(sheet, rect).getFormulaArray()]

    def number_format(self, sheet: Any, rect: Rect) -> str | None:
        """See `Host`. Of cells whose formats differ Calc would tell the one it begins with."""
        cells = self._cells(sheet, rect)
        if rect[:2] != rect[2:] and cells.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE":
            return None
        key = cells.NumberFormat
        return None if key is None else str(self.book.api.NumberFormats.getByKey(key).FormatString)

    def number_formats(self, sheet: Any, column: int, rows: Sequence[int]) -> list[tuple[int, int, str | None]]:
        """See `Host`: Calc tells the stretches of one format."""
        if not rows:
            return []
        known = self.book.api.NumberFormats
        out: list[tuple[int, int, str | None]] = []
        formats = self._cells(sheet, (rows[0], column, rows[-1], column)).UniqueCellFormatRanges
        for i in range(formats.Count):
            same = formats.getByIndex(i)
            code = known.getByKey(same.NumberFormat).FormatString
            out += [(area.StartRow + 1, area.EndRow + 1, code) for area in same.RangeAddresses]
        return sorted(out, key=lambda found: found[0])

    def is_merged(self, sheet: Any, rect: Rect) -> bool | None:
        """See `Host`."""
        return bool(self._cells(sheet, rect).getIsMerged())

    def merged_area(self, sheet: Any, row: int, column: int) -> Rect:
        """See `Host`."""
        cursor = sheet.api.createCursorByRange(self._cells(sheet, (row, column, row, column)))
        cursor.collapseToMergedArea()
        return _rect(cursor.RangeAddress)

    def lists(self, sheet: Any) -> list[Listed]:
        """See `Host`: database ranges with a header."""
        index = sheet.api.RangeAddress.Sheet
        ranges = self.book.api.DatabaseRanges
        out = []
        for name in ranges.ElementNames:
            found = ranges.getByName(name)
            area = found.DataArea
            if area.Sheet == index and not name.startswith("__Anonymous"):
                out.append(Listed(name, _rect(area), area.StartRow + 1 if found.ContainsHeader else 0))
        return out

    def resize(self, sheet: Any, listed: Listed, rect: Rect) -> None:
        """See `Host`."""
        self._resized(self.book.api.DatabaseRanges.getByName(listed.name), rect)

    def filter(self, sheet: Any) -> Rect | None:
        """See `Host`."""
        found = self._filter(sheet)
        return _rect(found.DataArea) if found is not None else None

    def _filter(self, sheet: Any) -> Any:
        """The database range behind a sheet's own autofilter."""
        unnamed = self.book.api.getPropertyValue("UnnamedDatabaseRanges")
        index = sheet.api.RangeAddress.Sheet
        if unnamed.hasByTable(index):
            found = unnamed.getByTable(index)
            if found.AutoFilter:
                return found
        return None

    def widen_filter(self, sheet: Any, rect: Rect) -> bool:
        """See `Host`; Calc keeps what a person filters by."""
        self._resized(self._filter(sheet), rect)
        return True

    def _resized(self, found: Any, rect: Rect) -> None:
        area = found.DataArea
        area.StartRow, area.StartColumn, area.EndRow, area.EndColumn = (n - 1 for n in rect)
        shown = found.AutoFilter
        found.setDataArea(area)
        if shown:
            found.AutoFilter = True  # the arrow of the new column

    def drawn(self, sheet: Any) -> list[Rect]:
        """See `Host`: charts and pictures, where they begin and where they end."""
        page = sheet.api.DrawPage
        out = []
        for i in range(min(page.Count, DRAWINGS)):
            shape = page.getByIndex(i)
            start, size = shape.Position, shape.Size
            right, bottom = start.X + size.Width, start.Y + size.Height
            edges = (
                _reached(sheet.api, start.Y, down=True),
                _reached(sheet.api, start.X, down=False),
                _reached(sheet.api, bottom, down=True),
                _reached(sheet.api, right, down=False),
            )
            out.append(edges)
        return out

    def hidden(self, sheet: Any) -> bool:
        """See `Host`."""
        return not sheet.api.IsVisible

    def protected(self, sheet: Any) -> bool:
        """See `Host`."""
        return bool(sheet.api.isProtected())

    def frozen_structure(self) -> bool:
        """See `Host`."""
        return bool(self.book.api.isProtected())

    def names(self) -> dict[str, str]:
        """See `Host`."""
        found = self.book.api.NamedRanges
        out = {}
        for name in found.ElementNames:
            area = _referred(found.getByName(name))
            if area is not None:
                rect = _rect(area)
                sheet = self.book.api.Sheets.getByIndex(area.Sheet).Name
                one = rect[:2] == rect[2:]
                out[name] = cell_formula(sheet, rect[0], rect[1]) if one else area_formula(sheet, rect)
        return out

    def fills(self, sheet: Any, column: int, rows: Sequence[int]) -> dict[int, str | None]:
        """See `Host`: Calc tells the stretches of one format."""
        out: dict[int, str | None] = dict.fromkeys(rows)
        if not rows:
            return out
        formats = self._cells(sheet, (min(rows), column, max(rows), column)).UniqueCellFormatRanges
        for i in range(formats.Count):
            same = formats.getByIndex(i)
            number = same.CellBackColor
            if number is not None and number != -1:
                color = f"{number & 0xFFFFFF:06X}"
                for area in same.RangeAddresses:
                    out.update({row: color for row in range(area.StartRow + 1, area.EndRow + 2) if row in out})
        return out

    # ---- writing

    def write(self, sheet: Any, row: int, column: int, values: Sequence[Sequence[Any]]) -> None:
        """See `Host`. A block of values is never parsed by Calc; formulas go in one by one."""
        bottom, right = row + len(values) - 1, column + len(values[0]) - 1
        block = tuple(tuple(map(_datum, line)) for line in values)
        self._cells(sheet, (row, column, bottom, right)).setDataArray(block)
        if not any(Formula in set(map(type, line)) for line in values):
            return
        for r, line in enumerate(values, row):
            for c, value in enumerate(line, column):
                if isinstance(value, Formula):
                    sheet.api.getCellByPosition(c - 1, r - 1).setFormula(value.text)

    def paint(self, sheet: Any, column: int, runs: Sequence[tuple[int, int]], color: str | None) -> None:
        """See `Host`: all stretches at once."""
        at = self._cells(sheet, (1, column, 1, column)).RangeAddress
        address = type(at)  # the struct com.sun.star.table.CellRangeAddress
        areas = [address(at.Sheet, at.StartColumn, first - 1, at.EndColumn, last - 1) for first, last in runs]
        together = self.book.api.createInstance("com.sun.star.sheet.SheetCellRanges")
        together.addRangeAddresses(tuple(areas), False)
        red, green, blue = rgb(color) if color is not None else (0, 0, 0)
        together.CellBackColor = -1 if color is None else red << 16 | green << 8 | blue

    def set_name(self, name: str, formula: str, sheet: Any = None) -> None:
        """See `Host`. Calc hides no names."""
        home = self.book.api.NamedRanges if sheet is None else sheet.api.NamedRanges
        self._named(home, {name: formula}, self.book.sheets[0] if sheet is None else sheet)

    def set_names(self, places: Mapping[str, str]) -> None:
        """See `Host`. Calc looks through all formulas once, not after each name."""
        self._named(self.book.api.NamedRanges, places, self.book.sheets[0])

    def _named(self, home: Any, places: Mapping[str, str], sheet: Any) -> None:
        home.addActionLock()
        try:
            self._name(home, places, sheet)
        finally:
            home.removeActionLock()

    def _name(self, home: Any, places: Mapping[str, str], sheet: Any) -> None:
        there = {name.upper() for name in home.ElementNames}  # as Calc compares them
        origin = sheet.api.getCellByPosition(0, 0).CellAddress
        for name, formula in places.items():
            tab, _, cell = formula.rpartition("!")
            content = f"${tab}.{cell}"
            if name.upper() in there:
                home.getByName(name).setContent(content)
                continue
            plain = name.replace(".", "_")
            while plain.upper() in there:
                plain += "_"
            home.addNewByName(plain, content, origin, 0)
            home.getByName(plain).Name = name  # a new name may have no dot, a changed one may
            there.add(name.upper())

    def drop_name(self, name: str) -> None:
        """See `Host`."""
        if self.book.api.NamedRanges.hasByName(name):
            self.book.api.NamedRanges.removeByName(name)

    def block_of(self, sheet: Any, name: str) -> Rect | None:
        """See `Host`."""
        home = sheet.api.NamedRanges
        area = _referred(home.getByName(name)) if home.hasByName(name) else None
        return _rect(area) if area is not None else None

    # ---- tabs

    def add_tab(self, other: Any, name: str, before: str = "") -> None:
        """See `Host`. Put at the end, then moved: a chart brought in before the shown tab ends LibreOffice 7.4."""
        sheets, place = self.book.api.Sheets, max(self.place_of(before), 1)
        last = sheets.importSheet(other.api, name, sheets.Count)
        if place < last:
            sheets.moveByName(name, place)

    def redraw_tab(self, other: Any, name: str, sheet: Any, clear: Rect, block: Rect) -> None:
        """See `Host`. The drawn sheet comes in under a name of its own, its cells are copied over, and it goes.

        Calc copies no charts with cells: those that are there stay and show the new cells.
        """
        sheets = self.book.api.Sheets
        drawn = sheets.getByIndex(sheets.importSheet(other.api, name, sheets.Count))
        try:
            self._cells(sheet, clear).clearContents(_ALL)
            top, left, bottom, right = block
            source = drawn.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1).RangeAddress
            to = self._cells(sheet, (top, left, top, left)).getCellByPosition(0, 0).CellAddress
            sheet.api.copyRange(to, source)
        finally:
            sheets.removeByName(drawn.Name)

    def link_charts(self, sheet: Any, tab: Tab) -> None:
        """See `Host`. A chart of another tab comes in with numbers of its own; one that stayed may have grown."""
        charts = sheet.api.Charts
        source = self.book.api.createInstance("com.sun.star.chart2.data.DataProvider")

        def cells(rect: Rect, name: str, role: str) -> Any:
            tab_name, _, corners = area_formula(name, rect).rpartition("!")
            found = source.createDataSequenceByRangeRepresentation(f"${tab_name}.{corners}")
            found.Role = role
            return found

        for i, chart in enumerate(tab.charts[: charts.Count]):
            drawn = charts.getByIndex(i).EmbeddedObject
            home = chart.sheet or sheet.name
            if drawn.hasInternalDataProvider():
                drawn.attachDataProvider(source)
            plane = drawn.FirstDiagram.CoordinateSystems[0]
            kept = [part for kind in plane.ChartTypes for series in kind.DataSeries for part in series.DataSequences]
            series = sorted(chart.series, key=lambda each: each.kind != "column")  # as Calc groups them
            for part, each in zip(kept, series, strict=False):
                part.setValues(cells(each.values, home, "values-y"))
            named = plane.getAxisByDimension(0, 0).getScaleData().Categories
            if named is not None:
                named.setValues(cells(chart.categories, home, "categories"))

    def remove_tab(self, name: str) -> None:
        """See `Host`."""
        self.book.api.Sheets.removeByName(name)

    # ---- the person's view

    @contextmanager
    def quiet(self, text: str) -> Iterator[None]:
        """See `Host`. Rows keep their heights: Calc would fit each to every text written, a millisecond a row."""
        document = self.book.api
        automatic = document.isAutomaticCalculationEnabled()
        fitting = document.IsAdjustHeightEnabled
        document.lockControllers()
        document.addActionLock()

        def loud() -> None:
            document.IsAdjustHeightEnabled = fitting
            document.enableAutomaticCalculation(automatic)
            document.removeActionLock()
            document.unlockControllers()
            self.status(None)

        try:
            self.status(text)
            document.enableAutomaticCalculation(False)
            document.IsAdjustHeightEnabled = False
            yield
        except BaseException:
            with suppress(Exception):  # where Calc is gone, what ended it is to be said, not this
                loud()
            raise
        loud()


def _rect(area: Any) -> Rect:
    return area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1


def _referred(name: Any) -> Any:
    """The area a name refers to; None where that is no place in this document."""
    cells = name.getReferredCells()
    return None if cells is None else cells.RangeAddress


def _reached(sheet: Any, far: int, *, down: bool) -> int:
    """The row (or column) so far from the edge, in hundredths of a millimetre, told by halves."""
    low, high = 0, 4095 if down else 1023
    while low < high:
        middle = (low + high) // 2
        size = sheet.getCellRangeByPosition(0, 0, *((0, middle) if down else (middle, 0))).Size
        if (size.Height if down else size.Width) > far:
            high = middle
        else:
            low = middle + 1
    return low + 1


def _datum(value: Any) -> str | float:
    """A value as Calc's block takes it."""
    if value is None or isinstance(value, Formula | CellError):
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return float(serial(value))
    return float(value)
