"""What an open workbook's program is asked for, in blocks, through plain xlwings.

A host is made from an xlwings book and keeps nothing else. Every call is one block, whatever the number of rows; only
backgrounds and merged cells cost a few calls for each stretch of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.books.live_areas import area
from addin.books.live_values import plain, rgb, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from addin.books.tab import Tab
    from addin.crm.grid import Rect

#: Asked at most so often for the backgrounds or the merged cells of one place.
BUDGET: Final = 400
#: Questions about number formats for one column; beyond, whether a date has a time is not known.
FORMATS: Final = 32


@dataclass(frozen=True, slots=True)
class Listed:
    """A ListObject: its name, its whole rectangle, its header row (0 where it shows none)."""

    name: str
    rect: Rect
    header_row: int


class Host:
    """An open workbook through plain xlwings: what Excel on a Mac gives us."""

    #: Whether a block of plain values always goes in whole; Excel passes over rows that a filter hides.
    takes_all = False

    def __init__(self, book: Any) -> None:
        self.book, self.app = book, book.app

    # ---- reading

    def used(self, sheet: Any) -> tuple[int, int]:
        """The last used row and column."""
        last = sheet.used_range.last_cell
        return int(last.row), int(last.column)

    def values(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """Values as xlwings converts them: dates as datetimes, errors as their text."""
        found = self.block(sheet, rect).options(ndim=2, err_to_str=True).value
        return found or []

    def raw(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """Values without the look of dates: numbers, texts, truth values, `CellError`; None where empty."""
        return [[plain(value) for value in line] for line in self.values(sheet, rect)]

    def formulas(self, sheet: Any, rect: Rect) -> list[list[Any]]:
        """What was typed: formulas begin with ``=``."""
        found = self.block(sheet, rect).formula
        return [list(line) for line in found] if isinstance(found, list | tuple) else [[found]]

    def any_formulas(self, sheet: Any, rect: Rect) -> bool:
        """Whether a formula may stand in these cells; True where the host tells no faster than by `formulas`."""
        return True

    def number_format(self, sheet: Any, rect: Rect) -> str | None:
        """The number format all of these cells have; None where they differ."""
        found = self.block(sheet, rect).number_format
        return found if isinstance(found, str) else None

    def number_formats(self, sheet: Any, column: int, rows: Sequence[int]) -> list[tuple[int, int, str | None]]:
        """(first row, last row, number format) for rows of one column, told by halves; at most `FORMATS` questions."""
        waiting = [(0, len(rows) - 1)] if rows else []
        out: list[tuple[int, int, str | None]] = []
        for _ in range(FORMATS):
            if not waiting:
                break
            first, last = waiting.pop()
            code = self.number_format(sheet, (rows[first], column, rows[last], column))
            if code is None and first < last:
                middle = (first + last) // 2
                waiting += [(middle + 1, last), (first, middle)]
            else:
                out.append((rows[first], rows[last], code))
        return out

    def merges(self, sheet: Any, rect: Rect) -> list[Rect]:
        """The merged rectangles inside one, told by halves; at most `BUDGET` questions."""
        found: list[Rect] = []
        waiting, asked = [rect], 0
        while waiting and asked < BUDGET:
            here = waiting.pop()
            if any(here[0] >= r[0] and here[1] >= r[1] and here[2] <= r[2] and here[3] <= r[3] for r in found):
                continue
            asked += 1
            if self.is_merged(sheet, here) is False:
                continue
            top, left, bottom, right = here
            if (top, left) == (bottom, right):
                found.append(self.merged_area(sheet, top, left))
            elif bottom - top >= right - left:
                middle = (top + bottom) // 2
                waiting += [(middle + 1, left, bottom, right), (top, left, middle, right)]
            else:
                middle = (left + right) // 2
                waiting += [(top, middle + 1, bottom, right), (top, left, bottom, middle)]
        return found

    def is_merged(self, sheet: Any, rect: Rect) -> bool | None:
        """False where no cell of the rectangle is merged."""
        found: bool | None = self.block(sheet, rect).merge_cells
        return found

    def merged_area(self, sheet: Any, row: int, column: int) -> Rect:
        """The merged rectangle a cell is in."""
        return area(self.block(sheet, (row, column, row, column)).merge_area.address)

    def lists(self, sheet: Any) -> list[Listed]:
        """The sheet's ListObjects."""
        out = []
        for table in sheet.tables:
            head = table.header_row_range
            out.append(Listed(table.name, area(table.range.address), int(head.row) if head is not None else 0))
        return out

    def resize(self, sheet: Any, listed: Listed, rect: Rect) -> None:
        """Give a ListObject another rectangle."""
        next(table for table in sheet.tables if table.name == listed.name).resize(self.block(sheet, rect))

    def filter(self, sheet: Any) -> Rect | None:
        """The sheet's own autofilter; xlwings alone doesn't tell."""
        return None

    def widen_filter(self, sheet: Any, rect: Rect) -> bool:
        """Give the sheet's autofilter another rectangle; False where that would lose what a person filters by."""
        return False

    def drawn(self, sheet: Any) -> list[Rect]:
        """The cells under charts and pictures; xlwings alone tells points, not cells."""
        return []

    def hidden(self, sheet: Any) -> bool:
        """Whether people don't see the sheet."""
        return sheet.visible not in (True, -1)

    def protected(self, sheet: Any) -> bool:
        """Whether the sheet's cells are locked; xlwings alone doesn't tell, the first write then says no."""
        return False

    def frozen_structure(self) -> bool:
        """Whether tabs may not be added or removed."""
        return False

    def names(self) -> dict[str, str]:
        """Defined names of the workbook and what they refer to, ``'접수'!$N$4``."""
        return {name.name: str(name.refers_to).lstrip("=") for name in self.book.names}

    def fills(self, sheet: Any, column: int, rows: Sequence[int]) -> dict[int, str | None]:
        """Row → background RRGGBB of one column; stretches of one colour cost one question, at most `BUDGET`."""
        out: dict[int, str | None] = dict.fromkeys(rows)
        waiting = [list(rows)] if rows else []
        asked = 0
        while waiting and asked < BUDGET:
            here = waiting.pop()
            asked += 1
            mixed, color = self.color(sheet, (here[0], column, here[-1], column))
            if mixed:
                middle = len(here) // 2
                waiting += [part for part in (here[middle:], here[:middle]) if part]
            else:
                out.update(dict.fromkeys(here, color))
        return out

    def color(self, sheet: Any, rect: Rect) -> tuple[bool, str | None]:
        """Whether the backgrounds differ, and else which one it is."""
        if (rect[0], rect[1]) != (rect[2], rect[3]):
            return True, None
        found = self.block(sheet, rect).color
        return False, None if found is None else "{:02X}{:02X}{:02X}".format(*found)

    # ---- writing

    def write(self, sheet: Any, row: int, column: int, values: Sequence[Sequence[Any]]) -> None:
        """A block; None empties a cell. Text stays text (an apostrophe keeps what Excel would take for something else),
        a `Formula` is calculated."""
        rect = (row, column, row + len(values) - 1, column + len(values[0]) - 1)
        self.block(sheet, rect).value = [[typed(value) for value in line] for line in values]

    def formats(self, sheet: Any, rect: Rect, code: str) -> None:
        """One number format for a block."""
        self.block(sheet, rect).number_format = code

    def paint(self, sheet: Any, column: int, runs: Sequence[tuple[int, int]], color: str | None) -> None:
        """One background for stretches (first row, last row) of a column."""
        shade = None if color is None else rgb(color)
        for first, last in runs:
            self.block(sheet, (first, column, last, column)).color = shade

    def width(self, sheet: Any, column: int, width: float) -> None:
        """A column's width, where it still has the one every column has (that of the sheet's last)."""
        here, last = (self.block(sheet, (1, c, 1, c)) for c in (column, self.last_column))
        if here.column_width == last.column_width:
            here.column_width = width

    last_column = 16_384

    def set_name(self, name: str, formula: str, sheet: Any = None) -> None:
        """Define a name or point it elsewhere; hidden where the host can, local to a tab where one is given."""
        home = self.book if sheet is None else sheet
        found = next((n for n in home.names if n.name.rpartition("!")[2] == name), None)
        if found is None:
            home.names.add(name, f"={formula}")
        else:
            found.refers_to = f"={formula}"

    def set_names(self, places: Mapping[str, str]) -> None:
        """Define many names of the workbook, or point them elsewhere."""
        for name, formula in places.items():
            self.set_name(name, formula)

    def drop_name(self, name: str) -> None:
        """Take a name of the workbook away."""
        for found in [n for n in self.book.names if n.name == name]:
            found.delete()

    def block_of(self, sheet: Any, name: str) -> Rect | None:
        """The rectangle a name local to the tab points at."""
        for found in sheet.names:
            if found.name.rpartition("!")[2] == name:
                return area(str(found.refers_to).rpartition("!")[2])
        return None

    @contextmanager
    def opened(self, drawn: Path) -> Iterator[Any]:
        """A workbook of drawn tabs, open beside the person's for as long as they are brought over."""
        other = self.app.books.open(str(drawn))
        try:
            yield other
        finally:
            other.close()
            self.own_links(drawn)

    def add_tab(self, other: Any, name: str, before: str = "") -> None:
        """Bring a sheet of a drawn workbook in, with everything on it: in front of the tab called ``before`` (but
        never first of all), else as the last one."""
        other.sheets[name].copy(after=self.book.sheets[max(self.place_of(before), 1) - 1])

    def place_of(self, name: str) -> int:
        """Where a tab stands, from 0; how many there are where it is not in the book."""
        names = [sheet.name.casefold() for sheet in self.book.sheets] if name else []
        return names.index(name.casefold()) if name.casefold() in names else len(self.book.sheets)

    def redraw_tab(self, other: Any, name: str, sheet: Any, clear: Rect, block: Rect) -> None:
        """The content of a drawn sheet in place of our block; formulas that point here stand.

        ``clear`` is what was ours before, ``block`` what is drawn; cells beside them are not touched.
        """
        self.forget_drawings(sheet)
        self.block(sheet, clear).clear()
        self.block(other.sheets[name], block).copy(self.block(sheet, (block[0], block[1], block[0], block[1])))

    def forget_drawings(self, sheet: Any) -> None:
        """Take our charts off a tab of ours before it is drawn anew."""
        for chart in list(sheet.charts):
            chart.delete()

    def link_charts(self, sheet: Any, tab: Tab) -> None:
        """Let a tab's charts show the cells they are of, once all tabs are there."""

    def own_links(self, drawn: Path) -> None:
        """Let charts brought in from a drawn workbook point at this one."""

    def remove_tab(self, name: str) -> None:
        """Delete a tab."""
        self.book.sheets[name].delete()

    # ---- the person's view

    @contextmanager
    def quiet(self, text: str) -> Iterator[None]:
        """The screen stands still, nothing recalculates or asks; all as before afterwards, the shown tab too."""
        app, shown = self.app, self.book.sheets.active
        settings = ("screen_updating", "enable_events", "display_alerts", "calculation")
        before = {key: getattr(app, key) for key in settings}
        try:
            self.status(text)
            for key, value in zip(settings, (False, False, False, "manual"), strict=True):
                if before[key] != value:
                    setattr(app, key, value)
            yield
        finally:
            if self.book.sheets.active.name != shown.name:
                shown.activate()
            for key in reversed(settings):
                if getattr(app, key) != before[key]:
                    setattr(app, key, before[key])
            self.status(None)

    def status(self, text: str | None) -> None:
        """Say something in the status bar; None gives it back to the program."""
        self.app.status_bar = text or False

    def block(self, sheet: Any, rect: Rect) -> Any:
        """The xlwings range of a rectangle."""
        return sheet.range((rect[0], rect[1]), (rect[2], rect[3]))


def host_of(book: Any) -> Host:
    """The host of an xlwings book: LibreOffice, Excel with its own objects (Windows), or plain xlwings."""
    api = book.api
    if hasattr(api, "createInstance"):
        from addin.books.live_calc import CalcHost

        calc: Host = CalcHost(book)
        return calc
    if hasattr(api, "ProtectStructure"):
        from addin.books.live_excel import ExcelHost

        return ExcelHost(book)
    return Host(book)
