"""A plan for one workbook, as data: what to write where. Nothing here touches a file.

The same `Edits` is printed by ``--dry-run``, journalled, undone, applied to a file on disk
(`addin.books.file`) and, later, to an open Excel or LibreOffice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.books.tab import Tab
    from addin.crm.grid import CellError


class _Clear(Enum):
    CLEAR = "clear"

    def __repr__(self) -> str:
        return "CLEAR"


#: Written into a cell: empty it. (None in a block leaves the cell alone.)
CLEAR = _Clear.CLEAR

#: What an edit may put in a cell. Text is text, also where it begins with ``=``.
EditValue = str | int | float | Decimal | bool | dt.datetime | dt.date | _Clear | None


class Write(NamedTuple):
    """A block of values; its top-left cell is (row, column), 1-based. None leaves a cell alone.

    ``colors``: a background for each of the block's rows that takes one; rows it doesn't name keep theirs.
    """

    sheet: str
    row: int
    column: int
    values: Sequence[Sequence[EditValue]]
    marker: str = ""  # the column's marker, so undo finds it after people moved it
    colors: Mapping[int, str | None] | None = None  # row → RRGGBB, None takes a fill away


class Fill(NamedTuple):
    """A solid background, ``RRGGBB``; everything else of the cell's format stays. ``color=None`` takes a fill away."""

    sheet: str
    row: int
    column: int
    color: str | None
    rows: int = 1
    columns: int = 1


class Mark(NamedTuple):
    """A hidden defined name that points at one cell and moves with it. ``sheet=""`` removes the name."""

    name: str
    sheet: str
    row: int = 1
    column: int = 1


class Join(NamedTuple):
    """The column just appended belongs to the list on its left: a ListObject or autofilter that ends at
    ``column - 1`` and covers ``row`` (its header row) grows by one column, so sorting moves our cells along."""

    sheet: str
    row: int
    column: int
    header: str


class Unjoin(NamedTuple):
    """The other way round (undo): the list whose last column this is shrinks by it."""

    sheet: str
    row: int
    column: int
    header: str


class Width(NamedTuple):
    """A column's width in characters, set only where the column has no width of its own yet."""

    sheet: str
    column: int
    width: float


class PutTab(NamedTuple):
    """Add a danggol tab, or replace its content. What people wrote outside the tab's own cells stays."""

    tab: Tab


class RemoveSheet(NamedTuple):
    """Take a tab danggol added away again (undo)."""

    sheet: str


class Result(NamedTuple):
    """What a formula's cell (or a cell its array fills) shows, stored beside the formula, which stays as it is.

    None takes the stored result away. Only files store results: an open workbook calculates by itself.
    """

    sheet: str
    row: int
    column: int
    value: str | float | bool | CellError | None


Edit = Write | Fill | Mark | Join | Unjoin | Width | PutTab | RemoveSheet | Result


@dataclass(slots=True)
class Edits:
    """The edits of one run, in order, and why.

    ``calculated`` says that every formula that sees a changed cell has its `Result` among the edits, so the book need
    not be calculated anew when it is opened next.

    >>> edits = Edits()
    >>> edits.write("접수", row=2, column=14, values=[["주의"], [None]])
    >>> edits.fill("접수", row=2, column=14, color="FFC7CE")
    >>> edits.add_sheet("CRM_점검", values=[["a", "b"], [1, 2]], table="crm_faults")
    >>> len(edits), bool(Edits())
    (3, False)
    """

    action: str = "edit"
    items: list[Edit] = field(default_factory=list)
    calculated: bool = False

    def __len__(self) -> int:
        return len(self.items)

    def write(
        self,
        sheet: str,
        row: int,
        column: int,
        values: Sequence[Sequence[EditValue]],
        marker: str = "",
        colors: Mapping[int, str | None] | None = None,
    ) -> None:
        """Write a 1-based block; None leaves the cell alone, `CLEAR` empties it. ``colors``: row → background."""
        self.items.append(Write(sheet, row, column, values, marker, colors))

    def fill(self, sheet: str, row: int, column: int, color: str | None, rows: int = 1, columns: int = 1) -> None:
        """Fill a block of cells with one colour, ``RRGGBB``."""
        self.items.append(Fill(sheet, row, column, color, rows, columns))

    def add_sheet(self, name: str, values: Sequence[Sequence[EditValue]] = (), table: str | None = None) -> None:
        """Add a sheet with values from A1; ``table`` makes them a ListObject of that name, the first row its header."""
        from addin.books.tab import Tab

        self.items.append(PutTab(Tab.of_values(name, values, table)))

    def put_tab(self, tab: Tab) -> None:
        """Add or replace a danggol tab."""
        self.items.append(PutTab(tab))

    def mark(self, name: str, sheet: str, row: int = 1, column: int = 1) -> None:
        """Point a hidden defined name at a cell."""
        self.items.append(Mark(name, sheet, row, column))

    def join(self, sheet: str, row: int, column: int, header: str) -> None:
        """Let the list on the left grow by the column just appended."""
        self.items.append(Join(sheet, row, column, header))

    def result(self, sheet: str, row: int, column: int, value: str | float | bool | CellError | None) -> None:
        """Store what a formula's cell shows."""
        self.items.append(Result(sheet, row, column, value))

    def width(self, sheet: str, column: int, width: float) -> None:
        """Give a column without a width one."""
        self.items.append(Width(sheet, column, width))
