"""The spreadsheets in memory: tabs of rows of cells, their sizes and everything that hangs on ranges."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sheets_sync.emulator.a1 import Area, Box, cells_text, edges_text, of_grid_range, parse_cells, quoted, split
from sheets_sync.emulator.cells import EMPTY, Cell
from sheets_sync.emulator.errors import invalid
from sheets_sync.emulator.r1c1 import parse_r1c1

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Cells a spreadsheet may have, over all its tabs.
CELL_LIMIT: Final = 10_000_000
COLUMN_LIMIT: Final = 18_278


@dataclass(slots=True)
class Row:
    """One row: its cells by column, and what is set on the row itself (``pixelSize``, ``hiddenByUser``…)."""

    cells: dict[int, Cell] = field(default_factory=dict)
    props: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> Row:
        """The row with cells of its own."""
        return Row(dict(self.cells), dict(self.props))


@dataclass(slots=True)
class Sheet:
    """One tab. ``grid`` holds rows as far as they were used; ``props`` is the rest of ``SheetProperties``."""

    id: int
    title: str
    rows: int = 1000
    cols: int = 26
    props: dict[str, Any] = field(default_factory=dict)
    grid_props: dict[str, Any] = field(default_factory=dict)
    grid: list[Row] = field(default_factory=list)
    columns: dict[int, dict[str, Any]] = field(default_factory=dict)
    merges: list[Box] = field(default_factory=list)
    conditional: list[dict[str, Any]] = field(default_factory=list)
    protected: list[dict[str, Any]] = field(default_factory=list)
    banded: list[dict[str, Any]] = field(default_factory=list)
    filter: dict[str, Any] | None = None
    filter_views: list[dict[str, Any]] = field(default_factory=list)
    row_groups: list[dict[str, Any]] = field(default_factory=list)
    column_groups: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, row: int, col: int) -> Cell:
        """The cell here; an empty one where nothing was ever put."""
        return self.grid[row].cells.get(col, EMPTY) if row < len(self.grid) else EMPTY

    def put(self, row: int, col: int, cell: Cell) -> None:
        """Keep this cell here."""
        if cell.blank:
            if row < len(self.grid):
                self.grid[row].cells.pop(col, None)
            return
        self.row(row).cells[col] = cell

    def row(self, index: int) -> Row:
        """The row, made if it was never used."""
        while len(self.grid) <= index:
            self.grid.append(Row())
        return self.grid[index]

    def resize(self, rows: int | None = None, cols: int | None = None) -> None:
        """Make the grid this size; what falls outside is gone."""
        if rows is not None:
            self.rows = rows
            del self.grid[rows:]
        if cols is not None:
            if cols < self.cols:
                for row in self.grid:
                    row.cells = {c: cell for c, cell in row.cells.items() if c < cols}
                self.columns = {c: props for c, props in self.columns.items() if c < cols}
            self.cols = cols

    @property
    def full(self) -> Box:
        """The whole grid."""
        return Box(0, self.rows, 0, self.cols)

    def used(self, box: Box) -> Iterator[tuple[int, int, Cell]]:
        """The kept cells in this block, row by row."""
        for r in range(box.row, min(box.end_row, len(self.grid))):
            cells = self.grid[r].cells
            for c in sorted(c for c in cells if box.col <= c < box.end_col):
                yield r, c, cells[c]

    def box(self, area: Area) -> Box:
        """The area within the grid. Raises Google's 400 where it starts past the grid's edge."""
        if (area.row or 0) >= self.rows or (area.col or 0) >= self.cols:
            raise self.beyond(area)
        return area.fixed(self.rows, self.cols)

    def beyond(self, area: Area) -> Exception:
        """The refusal of a range outside the grid."""
        shown = f"{'(empty) ' if area.empty else ''}{quoted(self.title)}!{edges_text(area)}"
        return invalid(f"Range ({shown}) exceeds grid limits. Max rows: {self.rows}, max columns: {self.cols}")

    def shown(self, box: Box | Area) -> str:
        """The range as replies write it: ``Sheet1!A1:B2``."""
        return f"{quoted(self.title)}!{cells_text(box.area() if isinstance(box, Box) else box)}"

    def copy(self) -> Sheet:
        """A tab of its own with the same content."""
        return Sheet(
            self.id,
            self.title,
            self.rows,
            self.cols,
            copy.deepcopy(self.props),
            dict(self.grid_props),
            [row.copy() for row in self.grid],
            {c: dict(props) for c, props in self.columns.items()},
            list(self.merges),
            copy.deepcopy(self.conditional),
            copy.deepcopy(self.protected),
            copy.deepcopy(self.banded),
            copy.deepcopy(self.filter),
            copy.deepcopy(self.filter_views),
            copy.deepcopy(self.row_groups),
            copy.deepcopy(self.column_groups),
        )


@dataclass(slots=True, eq=False, weakref_slot=True)
class Book:
    """One spreadsheet. ``named``: named ranges by their id, each ``(name, sheet id, area)``."""

    id: str
    title: str
    locale: str = "en_US"
    zone: str = "Etc/GMT"
    recalculation: str = "ON_CHANGE"
    sheets: list[Sheet] = field(default_factory=list)
    named: dict[str, tuple[str, int, Area]] = field(default_factory=dict)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    iterative: dict[str, Any] | None = None
    changes: int = 0

    def copy(self) -> Book:
        """A spreadsheet of its own with the same content."""
        return Book(
            self.id,
            self.title,
            self.locale,
            self.zone,
            self.recalculation,
            [sheet.copy() for sheet in self.sheets],
            dict(self.named),
            copy.deepcopy(self.metadata),
            copy.deepcopy(self.iterative),
            self.changes,
        )

    def restore(self, before: Book) -> None:
        """Become ``before`` again: a request failed halfway."""
        for name in Book.__dataclass_fields__:
            setattr(self, name, getattr(before, name))

    def sheet(self, id: int, *, noun: str = "grid") -> Sheet:
        """The tab with this id. Raises Google's 400; ``noun`` is its word for it."""
        for sheet in self.sheets:
            if sheet.id == id:
                return sheet
        raise invalid(f"No {noun} with id: {id}")

    def titled(self, title: str) -> Sheet | None:
        """The tab with this name, however its letters are written."""
        return next((s for s in self.sheets if s.title.casefold() == title.casefold()), None)

    @property
    def size(self) -> int:
        """Cells over all tabs, empty ones too: what the limit counts."""
        return sum(s.rows * s.cols for s in self.sheets)

    def check_size(self) -> None:
        """Raises Google's 400 when there are more cells than a spreadsheet may have."""
        if self.size > CELL_LIMIT:
            raise invalid(
                f"This action would increase the number of cells in the workbook above the limit of {CELL_LIMIT} cells."
            )

    def find(self, text: str) -> tuple[Sheet, Area]:
        """The tab and area of a range as typed: ``Tab!A1:B2``, ``A1``, ``Tab``, a named range."""
        title, cells = split(text)
        area = parse_cells(cells) or parse_r1c1(cells)
        if area and not title:  # before a tab of that name; ``!A1`` is the first tab's too
            return self.sheets[0], area
        sheet = self.titled(title) if title else None
        if sheet and not text.endswith("!") and (area or not cells):
            return sheet, area or Area()
        named = self._named(cells)
        if named and (sheet or title is None):  # ``Tab!name`` is the named range, whatever tab stands before it
            return named
        whole = self.titled(text)
        if whole is None:
            raise unreadable(text)
        return whole, Area()

    def _named(self, text: str) -> tuple[Sheet, Area] | None:
        for name, sheet_id, area in self.named.values():
            if name.casefold() == text.casefold():
                return self.sheet(sheet_id), area
        return None

    def grid_range(self, range_: dict[str, Any], *, noun: str = "grid") -> tuple[Sheet, Area]:
        """The tab and area of a ``GridRange`` in a request. Raises Google's 400 where it is none."""
        sheet, area = self.sheet(range_.get("sheetId", 0), noun=noun), of_grid_range(range_)
        if min(area.row or 0, area.end_row or 0, area.col or 0, area.end_col or 0) < 0:
            raise invalid("GridRange indexes must be >= 0")
        for first, last, side in ((area.row, area.end_row, "Row"), (area.col, area.end_col, "Column")):
            if first is not None and last is not None and last < first:
                raise invalid(f"end{side}Index[{last}] cannot be before start{side}Index[{first}]")
        return sheet, area


def unreadable(text: str) -> Exception:
    """The refusal of a range that is none."""
    return invalid(f"Unable to parse range: {text}")
