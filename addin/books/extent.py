"""How far a worksheet reaches, told from its cell references before anything is laid out in memory.

A reader lays a sheet out as a full rectangle, so one forgotten value at XFD20000 in a 5 KB file would cost
gigabytes. Ordinary sheets are told by one pass of a byte pattern that stops only at cells outside a growing envelope.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from addin.books.names import MAX_COLUMN, MAX_ROW, column_number
from addin.books.walk import walk
from addin.crm.grid import cell_address

#: Rectangles up to this many cells are laid out whatever stands in them (about 200 MB).
SMALL_AREA = 6_000_000
#: The largest rectangle that is read at all (about 1 GB).
MAX_AREA = 30_000_000
#: All sheets together.
MAX_ALL = 2 * MAX_AREA
#: Above `SMALL_AREA`, at least one cell in this many must hold something.
SPARSE = 50

_ROWS = (
    (999, rb"\d{1,3}"),
    (9_999, rb"\d{1,4}"),
    (99_999, rb"\d{1,5}"),
    (199_999, rb"(?:1\d{5}|\d{1,5})"),
    (399_999, rb"(?:[1-3]\d{5}|\d{1,5})"),
    (599_999, rb"(?:[1-5]\d{5}|\d{1,5})"),
    (MAX_ROW, rb"\d{1,7}"),
)
_COLUMNS = (
    (26, rb"[A-Z]"),
    (52, rb"A?[A-Z]"),
    (104, rb"[ABC]?[A-Z]"),
    (208, rb"[A-G]?[A-Z]"),
    (702, rb"[A-Z]{1,2}"),
    (MAX_COLUMN, rb"[A-Z]{1,3}"),
)
_REF = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')


class Extent(NamedTuple):
    """A sheet's reach from A1. ``plain``: every cell is written ``<c r="A1"``, so byte patterns may be trusted.

    ``rows`` and ``columns`` bound the cells from above, not always tightly. ``stray`` is the far cell to clear where
    the sheet is mostly empty, ``too_large`` says that it is full but more than can be read.
    """

    rows: int
    columns: int
    plain: bool
    stray: str = ""
    too_large: bool = False

    @property
    def area(self) -> int:
        """Cells of the full rectangle."""
        return self.rows * self.columns


def extent(xml: bytes, where: str = "", *, exact: bool = False) -> Extent:
    """The reach of one worksheet's XML; ``exact`` takes the slow way for tight bounds.

    >>> extent(b'<worksheet><sheetData><row r="1"><c r="B1"><v>1</v></c></row></sheetData></worksheet>').plain
    True
    >>> extent(b'<worksheet><sheetData><row r="1"><c r="XFD20000"><v>1</v></c></row></sheetData></worksheet>').stray
    'XFD20000'
    """
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if start < 0 or end < 0:
        empty = b"sheetData" not in xml or (start >= 0 and b"<c" not in xml[start + 10 :])
        return Extent(0, 0, True) if empty else _exact(xml, where, plain=False)
    found = envelope(xml, start + 10, end)
    if found is None:
        return _exact(xml, where, plain=False)
    rows, columns = found
    area = rows * columns
    if not exact and (area <= SMALL_AREA or (area <= MAX_AREA and xml.count(b"<c ") * 8 >= area)):
        return Extent(rows, columns, True)
    return _exact(xml, where, plain=True)


def envelope(xml: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Bounds (rows, columns) of all cells in one pass; None where some cell is not written ``<c r="A1"``."""
    row_step = column_step = 0
    at = start
    while True:
        rows, row_pattern = _ROWS[row_step]
        columns, column_pattern = _COLUMNS[column_step]
        outside = re.compile(rb'<c(?! r="' + column_pattern + row_pattern + rb'")').search(xml, at, end)
        if outside is None:
            return rows, columns
        at = outside.start()
        cell = _REF.match(xml, at)
        if cell is None:
            return None
        column, row = column_number(cell[1].decode()), int(cell[2])
        if not 1 <= row <= MAX_ROW or column > MAX_COLUMN:
            return None
        row_step = max(row_step, next(i for i, (top, _) in enumerate(_ROWS) if row <= top))
        column_step = max(column_step, next(i for i, (top, _) in enumerate(_COLUMNS) if column <= top))


def _exact(xml: bytes, where: str, *, plain: bool) -> Extent:
    """Exact bounds of the cells that hold something, by the XML parser; only for sheets patterns can't tell."""
    filled = 0
    down, across = _Farthest(), _Farthest()
    for cell in walk(xml, where):
        if cell.text is not None or cell.formula:
            filled += 1
            place = (cell.row, cell.column)
            down.see(cell.row, place)
            across.see(cell.column, place)
    rows, columns = down.first, across.first
    area = rows * columns
    if area <= SMALL_AREA or (area <= MAX_AREA and filled * SPARSE >= area):
        return Extent(rows, columns, plain)
    if filled * 4 >= area:
        return Extent(rows, columns, plain, too_large=True)
    stray = down if down.second * columns <= rows * across.second else across
    return Extent(rows, columns, plain, stray=cell_address(*stray.place))


class _Farthest:
    """The farthest row (or column), the one before it, and a cell that stands there."""

    def __init__(self) -> None:
        self.first = self.second = 0
        self.place = (0, 0)

    def see(self, number: int, place: tuple[int, int]) -> None:
        if number > self.first:
            self.second, self.first, self.place = self.first, number, place
        elif self.second < number < self.first:
            self.second = number
