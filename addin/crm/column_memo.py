"""A list read again after one cell was changed: columns that still hold the same are not read again.

What a column's cells mean depends on the cells, the words that are known, and what stands above the list (its headers,
a line of units, the year of the tab); if all of these are as before, so are the values and their faults. Of a very long
list the cells are compared as they are kept (`addin.crm.packed_rows`), a date's format by what it was asked and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.grid import LongRows

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from addin.crm.fault import Fault
    from addin.crm.grid import Grid, Objects
    from addin.crm.mapping import TableMatch

    #: A column's cells: an array, or of a very long list by their type.
    Cells = Objects | Mapping[type, pl.Series]
    #: Whether the formats of some rows, by their index, show a time of day.
    HaveTime = Callable[[Sequence[int]], Sequence[bool | None]]

_ABOVE = 4  # rows above a header that units and years are looked for in, and one more


class Column(NamedTuple):
    """A column once read: its series (one or two) and its faults, by row; ``mark`` stands for this reading."""

    series: list[pl.Series]
    faults: list[tuple[int, str, Fault]]
    mark: object = None


class AskedFormats:
    """Asks formats, and notes what they ``told`` by the row's index: told the same again, they are the same."""

    def __init__(self, have_time: HaveTime) -> None:
        self._have_time = have_time
        self.told: dict[int, bool | None] = {}

    def many(self, indexes: Sequence[int]) -> Sequence[bool | None]:
        """Of some rows, by their index."""
        found = self._have_time(indexes)
        self.told.update(zip(indexes, found, strict=True))
        return found

    def one(self, index: int) -> bool | None:
        """Of one row."""
        return self.many([index])[0]


@dataclass(slots=True)
class _Kept:
    cells: Cells
    words: tuple[str, ...]
    read: Column
    told: Mapping[int, bool | None] | None
    _types: list[type] | None = None

    def holds(self, cells: Cells) -> bool:
        """Whether these are the cells that were read: the same rows of one array, or equal ones of equal types."""
        if isinstance(cells, Mapping) or isinstance(self.cells, Mapping):
            return isinstance(cells, Mapping) and isinstance(self.cells, Mapping) and _equal(cells, self.cells)
        if cells.base is not None and cells.base is self.cells.base:
            return True
        return self.cells.tolist() == cells.tolist() and self.types() == list(map(type, cells))

    def types(self) -> list[type]:
        """The cells' types; asked for once the list is read again."""
        if self._types is None:
            self._types = list(map(type, self.cells))
        return self._types


def _equal(cells: Mapping[type, pl.Series], others: Mapping[type, pl.Series]) -> bool:
    return cells.keys() == others.keys() and all(
        own.equals(others[kind], check_dtypes=True, null_equal=True) for kind, own in cells.items()
    )


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
        self.results: list[Any] = []  # of `addin.crm.kept_facts`

    def fits(self, match: TableMatch, grids: Mapping[str, Grid]) -> bool:
        """Whether it was kept for this very list: places, headers and what stands above them."""
        return bool(self._around == _around(match, grids))

    def begin(self, match: TableMatch, grids: Mapping[str, Grid]) -> None:
        """Use it for this list; what was kept for another is forgotten."""
        around = _around(match, grids)
        if self._around != around:
            self._around, self._columns = around, {}

    def find(self, field: str, cells: Cells, words: Sequence[str], have_time: HaveTime | None = None) -> Column | None:
        """What the column was read as, None where anything about it has changed."""
        kept = self._columns.get(field)
        if kept is None or kept.words != tuple(words) or not kept.holds(cells):
            return None
        if kept.told and (have_time is None or list(have_time(list(kept.told))) != list(kept.told.values())):
            return None
        return kept.read

    def keep(
        self,
        field: str,
        cells: Cells,
        words: Sequence[str],
        read: Column,
        told: Mapping[int, bool | None] | None = None,
    ) -> None:
        """Remember how a column was read; ``cells`` as they stood in the sheet, ``told`` what their formats said.

        An array, for whatever looks for garbage walks through every cell of a list.
        """
        self._columns[field] = _Kept(cells, tuple(words), read, told)


def _around(match: TableMatch, grids: Mapping[str, Grid]) -> Any:
    lists = []
    for region in match.regions:
        grid = grids[region.sheet]
        above = [tuple(row) for row in grid.rows[max(region.header_first - _ABOVE, 0) : region.header_last]]
        types = [tuple(map(type, row)) for row in above]
        formats = None if isinstance(grid.rows, LongRows) else grid.has_time
        lists.append((region, above, types, formats, list(grid.merged), grid.epoch_1904))
    return match.table, match.clocks, match.placed, {f: c.header for f, c in match.columns.items()}, lists
