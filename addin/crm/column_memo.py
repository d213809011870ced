"""A list read again after one cell was changed: columns that still hold the same are not read again.

What a column's cells mean depends on the cells, the words that are known, and what stands above the list (its headers,
a line of units, the year of the tab); if all of these are as before, so are the values and their faults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.fault import Fault
    from addin.crm.grid import Grid, Objects
    from addin.crm.mapping import TableMatch

_ABOVE = 4  # rows above a header that units and years are looked for in, and one more


class Column(NamedTuple):
    """A column once read: its series (one or two) and its faults, by row; ``mark`` stands for this reading."""

    series: list[pl.Series]
    faults: list[tuple[int, str, Fault]]
    mark: object = None


@dataclass(slots=True)
class _Kept:
    cells: Objects
    words: tuple[str, ...]
    read: Column
    _types: list[type] | None = None

    def holds(self, cells: Objects) -> bool:
        """Whether these are the cells that were read: the same rows of one array, or equal ones of equal types."""
        if cells.base is not None and cells.base is self.cells.base:
            return True
        return self.cells.tolist() == cells.tolist() and self.types() == list(map(type, cells))

    def types(self) -> list[type]:
        """The cells' types; asked for once the list is read again."""
        if self._types is None:
            self._types = list(map(type, self.cells))
        return self._types


class ColumnMemo:
    """The columns of one list as they were last read.

    >>> import numpy as np
    >>> memo, marks, ones = ColumnMemo(), np.array([True], dtype=object), np.array([1], dtype=object)
    >>> memo.keep("claim", marks, (), Column([], []))
    >>> memo.find("claim", marks, ()), memo.find("claim", ones, ())
    (Column(series=[], faults=[], mark=None), None)
    """

    def __init__(self) -> None:
        self._around: Any = None
        self._columns: dict[str, _Kept] = {}

    def fits(self, match: TableMatch, grids: Mapping[str, Grid]) -> bool:
        """Whether it was kept for this very list: places, headers and what stands above them."""
        return bool(self._around == _around(match, grids))

    def begin(self, match: TableMatch, grids: Mapping[str, Grid]) -> None:
        """Use it for this list; what was kept for another is forgotten."""
        around = _around(match, grids)
        if self._around != around:
            self._around, self._columns = around, {}

    def find(self, field: str, cells: Objects, words: Sequence[str]) -> Column | None:
        """What the column was read as, None where anything about it has changed."""
        kept = self._columns.get(field)
        return kept.read if kept is not None and kept.words == tuple(words) and kept.holds(cells) else None

    def keep(self, field: str, cells: Objects, words: Sequence[str], read: Column) -> None:
        """Remember how a column was read; ``cells`` as they stood in the sheet.

        An array, for whatever looks for garbage walks through every cell of a list.
        """
        self._columns[field] = _Kept(cells, tuple(words), read)


def _around(match: TableMatch, grids: Mapping[str, Grid]) -> Any:
    lists = []
    for region in match.regions:
        grid = grids[region.sheet]
        above = [tuple(row) for row in grid.rows[max(region.header_first - _ABOVE, 0) : region.header_last]]
        types = [tuple(map(type, row)) for row in above]
        lists.append((region, above, types, grid.has_time, list(grid.merged), grid.epoch_1904))
    return match.table, match.clocks, match.placed, {f: c.header for f, c in match.columns.items()}, lists
