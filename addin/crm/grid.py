"""A sheet as the pure core sees it: a rectangle of raw values from A1, and what the values do not tell.

Every reader (a file, an open Excel, LibreOffice, Google, a .csv) hands the core the same thing.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class CellError:
    """What Excel shows instead of a value: ``#N/A``, ``#REF!`` …; ``#NOCACHE`` = a formula never calculated."""

    code: str

    def __str__(self) -> str:
        return self.code


#: What may stand in a cell. Blank is None. Numbers are float (Excel has no other), text is str as typed.
CellValue = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | CellError | None

#: 1-based, inclusive: (first row, first column, last row, last column).
Rect = tuple[int, int, int, int]


class LongRows(Sequence[Sequence[CellValue]]):
    """Rows that are no lists of cells (`addin.crm.packed_rows`). ``width``: of the longest."""

    width: int

    @abstractmethod
    def forget_left(self, columns: int) -> None:
        """Let the first columns go."""

    @abstractmethod
    def ahead(self, places: Sequence[int]) -> None:
        """Make rows (0-based) in one go that will be asked for one by one."""

    @abstractmethod
    def column(self, at: int, start: int, stop: int) -> Mapping[type, pl.Series] | None:
        """A 0-based column's cells of some rows by their type; None where an error stands among them."""


class Times(ABC):
    """`Grid.has_time` that can be asked of many cells at once."""

    @abstractmethod
    def __call__(self, row: int, column: int) -> bool | None:
        """Of one 1-based cell."""

    @abstractmethod
    def many(self, rows: Sequence[int], column: int) -> Sequence[bool | None]:
        """Of some rows' cells."""


def _always(_row: int, _column: int) -> bool | None:
    return None


#: Rows that are looked at one by one.
_FEW = 64


def merged_cells(taken: Mapping[type, pl.Series], count: int) -> list[CellValue]:
    """A column that was taken by its types (`LongRows.column`), as cells; blanks are None."""
    out: list[CellValue] = [None] * count
    for n, cells in enumerate(taken.values()):
        own = [None if value == "" else value for value in cells.to_list()]
        out = [old if new is None else new for new, old in zip(own, out, strict=True)] if n else own
    return out


@dataclass(slots=True)
class Grid:
    """One sheet. ``rows[0][0]`` is A1; rows may differ in length; blanks are None or ''.

    ``has_time(row, column)`` (1-based) says whether a date cell's number format shows a time of
    day: True, False, or None where the reader cannot know (then a midnight value counts as date only).
    ``merged`` are merged rectangles, ``tables`` the rectangles of ListObjects, ``drawn`` the cells
    under charts and pictures, ``filters`` autofilter ranges (all `Rect`).
    ``hidden`` is True for a hidden sheet. ``epoch_1904`` only matters for raw serial numbers.
    """

    name: str
    rows: Sequence[Sequence[CellValue]]
    has_time: Callable[[int, int], bool | None] = _always
    merged: Sequence[Rect] = ()
    tables: Sequence[Rect] = ()
    filters: Sequence[Rect] = ()
    drawn: Sequence[Rect] = ()
    hidden: bool = False
    epoch_1904: bool = False
    formulas: frozenset[int] = field(default_factory=frozenset)  # 1-based columns that hold formulas
    let_go: int = 0  # columns on the left whose cells were let go (`forget_left`)
    columns: Sequence[Objects] = ()  # the rows column by column, where the reader has them so, too

    def value(self, row: int, column: int) -> CellValue:
        """The value at a 1-based cell, None outside the grid and for blanks.

        >>> Grid("접수", [["a", ""], [1.0]]).value(2, 1)
        1.0
        >>> Grid("접수", [["a", ""]]).value(1, 2) is None
        True
        """
        column -= self.let_go
        if row < 1 or column < 1 or row > len(self.rows):
            return None
        line = self.rows[row - 1]
        if column > len(line):
            return None
        value = line[column - 1]
        return None if value == "" else value

    def column(self, column: int, rows: Sequence[int]) -> list[CellValue]:
        """One column's values on these rows; blanks are None."""
        at, lines = column - 1 - self.let_go, self.rows
        if isinstance(lines, LongRows) and len(rows) > _FEW and rows[-1] - rows[0] + 1 == len(rows):  # rows only rise
            taken = lines.column(at, rows[0] - 1, rows[-1])
            if taken is not None:
                return merged_cells(taken, len(rows))
        found = [line[at] if len(line := lines[row - 1]) > at else None for row in rows]
        return [None if value == "" else value for value in found]

    def forget_left(self, columns: int) -> None:
        """Let the cells of the first columns go, once they are typed records: a large sheet's cells weigh 100 MB.

        >>> grid = Grid("접수", [["a", "b", "c"], ["d"]])
        >>> grid.forget_left(2)
        >>> grid.value(1, 3), grid.value(1, 2)
        ('c', None)
        """
        if isinstance(self.rows, LongRows):
            self.rows.forget_left(columns)
            self.let_go += columns
            return
        self.columns = ()
        blank: list[CellValue] = []
        empty = {None, ""}
        if max(map(len, self.rows), default=0) <= columns:
            self.rows = [blank] * len(self.rows)
        else:
            rests = (line[columns:] for line in self.rows)
            self.rows = [blank if empty.issuperset(rest) else rest for rest in rests]
        self.let_go += columns

    @property
    def width(self) -> int:
        """The longest row's length."""
        if self.columns:
            return len(self.columns)
        if isinstance(self.rows, LongRows):
            return self.let_go + self.rows.width
        return self.let_go + max(map(len, self.rows), default=0)


def column_letter(column: int) -> str:
    """1 → 'A', 28 → 'AB'.

    >>> column_letter(16384)
    'XFD'
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_address(row: int, column: int) -> str:
    """1-based row and column → 'F12'; (row, 0) → the row alone, (0, 0) → ''.

    >>> cell_address(12, 6), cell_address(12, 0)
    ('F12', '12')
    """
    return f"{column_letter(column)}{row or ''}"
