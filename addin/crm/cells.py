"""A matched table's raw cells, column by column over all its lists; merged cells and ditto marks say what they mean.

A cell merged down over several rows speaks for each of them (업체명 written once beside its visits); a ditto mark
(〃, 상동) says the value above. Amounts, numbers and marks are never spread: one merged amount is one amount.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import product
from operator import itemgetter
from string import ascii_letters, digits
from typing import TYPE_CHECKING, TypeVar

from addin.crm.grid import LongRows, Times
from addin.crm.shapes import is_blank
from addin.crm.text import tidy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.grid import CellValue, Grid, Objects
    from addin.crm.mapping import Region, TableMatch

T = TypeVar("T")
#: Field types whose merged cell speaks for all its rows.
SPREAD_TYPES = frozenset(("text", "category", "instant", "phone", "email"))
_BLOCK = 512
_MARKS = ("〃", "″", "”", "“", "〞", "〝", '"', "''", "´´", "``", "々")
_WORDS = ("상동", "동상", "상 동", "위와동일", "위와 동일", "위와같음", "위와 같음", "상기동일", "상기와 동일", "ditto")
#: Marks and words that say: as above.
DITTO = frozenset(
    a + b + c for a, b, c in product(("", " ", "  ", "   "), (*_MARKS, *_WORDS, "(상동)"), ("", " ", "  ", "   "))
)


def is_ditto(value: CellValue) -> bool:
    """Whether a cell says: as above.

    >>> is_ditto(" 〃 "), is_ditto("상동"), is_ditto("상동면")
    (True, True, False)
    """
    if not isinstance(value, str) or len(value) >= 20 or value[:1] in _NEVER:
        return isinstance(value, str) and value in DITTO
    return _says_ditto(value)


#: No text that begins with one of these says: as above.
_NEVER = frozenset(ascii_letters + digits) - {mark[0] for mark in DITTO}


@lru_cache(maxsize=8192)
def _says_ditto(text: str) -> bool:
    return tidy(text) in DITTO


def merged_down(grid: Grid, rows: Sequence[int], columns: Collection[int]) -> dict[int, dict[int, int]]:
    """Column → data row → the row above whose merged cell covers it; only blank cells of data rows.

    >>> from addin.crm.grid import Grid
    >>> merged_down(Grid("s", [["a"], [None], ["b"]], merged=[(1, 1, 2, 1)]), [1, 2, 3], {1})
    {1: {2: 1}}
    """
    out: dict[int, dict[int, int]] = {}
    if not rows:
        return out
    first, last = rows[0], rows[-1]
    for top, left, bottom, _right in grid.merged:
        if bottom <= top or left not in columns or top < first or top > last or is_blank(grid.value(top, left)):
            continue
        for row in rows[bisect_right(rows, top) : bisect_right(rows, bottom)]:
            if is_blank(grid.value(row, left)):
                out.setdefault(left, {})[row] = top
    return out


def _cells(taken: Mapping[type, pl.Series], count: int) -> list[CellValue]:
    """A column that was taken, as cells."""
    out: list[CellValue] = [None] * count
    for n, cells in enumerate(taken.values()):
        own = cells.to_list()
        out = [old if new is None else new for new, old in zip(own, out, strict=True)] if n else own
    return out


def _lines(grid: Grid, rows: Sequence[int]) -> Sequence[Sequence[CellValue]]:
    """Some rows of a sheet, which only rise."""
    if isinstance(grid.rows, list) and rows[-1] - rows[0] + 1 == len(rows):
        return grid.rows[rows[0] - 1 : rows[-1]]
    return [grid.rows[row - 1] for row in rows]


def _picked(column: Objects, rows: Sequence[int]) -> Objects:
    """Some rows' cells of a column; rows only rise."""
    if not rows or rows[-1] - rows[0] + 1 == len(rows):
        return column[rows[0] - 1 : rows[-1]] if rows else column[:0]
    return column[[row - 1 for row in rows]]


class Rows:
    """The data rows of all regions as one sequence: index → sheet, row, column, cell."""

    def __init__(self, match: TableMatch, grids: Mapping[str, Grid]) -> None:
        self.match = match
        self.regions = match.regions
        self.grids = [grids[region.sheet] for region in self.regions]
        self.starts: list[int] = []
        self.count = 0
        for region in self.regions:
            self.starts.append(self.count)
            self.count += len(region.rows)

    def columns(self, field_id: str) -> list[int | None]:
        """The field's 1-based column in each region."""
        return [self.match.column_in(region, field_id) for region in self.regions]

    def clocks(self, field_id: str) -> list[int | None]:
        """The 1-based column of the field's time of day in each region, where that stands apart."""
        return [self.match.clock_in(region, field_id) for region in self.regions]

    def headed(self, header: str) -> list[int | None]:
        """The 1-based column with this header in each region."""
        return [next((h.column for h in region.headers if h.text == header), None) for region in self.regions]

    def read(self, wanted: Sequence[Sequence[int | None]]) -> list[list[CellValue]]:
        """Columns' values over all regions, each wanted by its 1-based column per region; None where there is none.

        Row by row in small blocks: a column at a time would walk through all rows' memory once per column.
        """
        taken = [self.taken(columns) for columns in wanted]
        if all(one is not None for one in taken):
            return [_cells(one, self.count) for one in taken if one is not None]
        out: list[list[CellValue]] = [[] for _ in wanted]
        for n, (region, grid) in enumerate(zip(self.regions, self.grids, strict=True)):
            here = [(cells, columns[n]) for cells, columns in zip(out, wanted, strict=True)]
            present = [(cells, column - 1) for cells, column in here if column is not None]
            if grid.columns:
                for cells, at in present:
                    cells.extend(_picked(grid.columns[at], region.rows).tolist())
                present = []
            width = max((at for _, at in present), default=-1) + 1
            take = itemgetter(*(at for _, at in present), 0, 0)
            for start in range(0, len(region.rows) if present else 0, _BLOCK):
                lines = _lines(grid, region.rows[start : start + _BLOCK])
                if min(map(len, lines)) < max(width, 1):
                    lines = [[*line, *[None] * (max(width, 1) - len(line))] for line in lines]
                if 2 * len(present) < len(lines[0]):
                    for (cells, _), part in zip(present, zip(*map(take, lines), strict=True), strict=False):
                        cells.extend(part)
                    continue
                parts = list(zip(*lines, strict=False))  # most columns are wanted: all of them at once
                for cells, at in present:
                    cells.extend(parts[at])
            for cells, column in here:
                if column is None:
                    cells.extend([None] * len(region.rows))
        return out

    @property
    def long(self) -> bool:
        """Whether it is one very long list (`LongRows`), whose columns are `taken`."""
        return len(self.grids) == 1 and isinstance(self.grids[0].rows, LongRows)

    def kept(self, columns: Sequence[int | None]) -> Objects:
        """A column's cells as an array to be kept: of one list whose reader has its columns, a look at that column."""
        import numpy as np

        grid, column = (self.grids[0], columns[0]) if len(self.grids) == 1 else (None, None)
        if grid is not None and column is not None and grid.columns:
            return _picked(grid.columns[column - 1], self.regions[0].rows)
        return np.fromiter(self.read([columns])[0], dtype=object, count=self.count)

    def taken(self, columns: Sequence[int | None]) -> Mapping[type, pl.Series] | None:
        """A column of one very long list as it is kept (`LongRows.column`); None where it isn't, or has errors."""
        column = columns[0] if len(columns) == 1 else None
        grid = self.grids[0] if self.grids else None
        if column is None or grid is None or grid.merged or not isinstance(grid.rows, LongRows) or not self.count:
            return None
        rows = self.regions[0].rows
        first, last = rows[0] - 1, rows[-1]
        found = grid.rows.column(column - 1 - grid.let_go, first, last)
        if found is None or last - first == len(rows):
            return found
        return {kind: cells.gather([row - 1 - first for row in rows]) for kind, cells in found.items()}

    def spread(self, cells: list[CellValue], columns: Sequence[int | None]) -> None:
        """Give every row under a cell merged downwards that cell's value, in place."""
        for start, region, grid, column in zip(self.starts, self.regions, self.grids, columns, strict=True):
            if column is None or not grid.merged:
                continue
            for row, top in merged_down(grid, region.rows, (column,)).get(column, {}).items():
                cells[start + bisect_left(region.rows, row)] = grid.value(top, column)

    def spell_out(self, cells: list[CellValue]) -> dict[int, str]:
        """Put the value above in the place of every ditto mark, in place; index → the mark that stood there.

        A mark in a list's first row, or under a blank cell, has nothing to repeat and stays.
        """
        if DITTO.isdisjoint(cells):
            return {}
        first = set(self.starts)
        out: dict[int, str] = {}
        for index, value in enumerate(cells):
            if not isinstance(value, str) or value not in DITTO or index in first:
                continue
            above = cells[index - 1]
            if not is_blank(above) and not is_ditto(above):
                out[index] = value
                cells[index] = above
        return out

    def place(self, index: int, columns: Sequence[int | None]) -> tuple[str, int, int]:
        """Sheet, 1-based row and column (0 = none) of one row's cell."""
        n = bisect_right(self.starts, index) - 1
        region = self.regions[n]
        return region.sheet, region.rows[index - self.starts[n]], columns[n] or 0

    @property
    def epoch_1904(self) -> bool:
        """Whether raw serial numbers count from 1904."""
        return any(grid.epoch_1904 for grid in self.grids)

    def has_time(self, index: int, columns: Sequence[int | None]) -> bool | None:
        """Whether a date cell's number format shows a time of day."""
        n = bisect_right(self.starts, index) - 1
        column = columns[n]
        return None if column is None else self.grids[n].has_time(self.regions[n].rows[index - self.starts[n]], column)

    def have_time(self, indexes: Sequence[int], columns: Sequence[int | None]) -> list[bool | None]:
        """The same of many rows."""
        grid, column = (self.grids[0], columns[0]) if len(self.grids) == 1 else (None, None)
        if grid is not None and column is not None and isinstance(grid.has_time, Times):
            rows = self.regions[0].rows
            return list(grid.has_time.many([rows[index] for index in indexes], column))
        return [self.has_time(index, columns) for index in indexes]

    def each(self, told: Callable[[Grid, Region], T]) -> Callable[[int], T]:
        """Something told by each list's sheet, looked up by a row's index."""
        by_list: dict[int, T] = {}

        def look(index: int) -> T:
            n = bisect_right(self.starts, index) - 1
            if n not in by_list:
                by_list[n] = told(self.grids[n], self.regions[n])
            return by_list[n]

        return look

    def parts(self, columns: Sequence[int | None]) -> Iterable[tuple[int, int, Region, Grid, int]]:
        """First and last+1 index, region, sheet and column of every list that has the column."""
        for start, region, grid, column in zip(self.starts, self.regions, self.grids, columns, strict=True):
            if column is not None:
                yield start, start + len(region.rows), region, grid, column
