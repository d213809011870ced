"""A danggol tab as data: values, looks, bars, charts, choices. Every host draws it; nothing here writes.

Cells are 1-based (row, column). Styles are names of `addin.books.look.STYLES`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.grid import Rect

TabValue = str | int | float | Decimal | bool | dt.datetime | dt.date | None


class Link(NamedTuple):
    """Text that leads to a cell of this workbook."""

    text: str
    sheet: str
    cell: str = "A1"


class Bars(NamedTuple):
    """Bars in cells over a rectangle; ``low``/``high`` fix the scale (None = from the data)."""

    rect: Rect
    color: str
    low: float | None = 0
    high: float | None = None


class Paint(NamedTuple):
    """Cells of the rectangle whose text equals ``text`` take the style."""

    rect: Rect
    text: str
    style: str


class Choices(NamedTuple):
    """A dropdown over a rectangle: a few short options, or those in the cells of ``source`` on the same tab."""

    rect: Rect
    options: tuple[str, ...] = ()
    strict: bool = False
    source: Rect | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or column set of a chart: a name, its values and its colour; ``second`` = right-hand axis.

    ``shown`` is what the cells hold, for values on another tab: viewers that don't calculate draw from it.
    """

    name: str
    values: Rect
    color: str
    kind: str = "line"  # line | column
    second: bool = False
    shown: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A native chart anchored at a cell; sizes in pixels; rectangles are on ``sheet`` ("" = the tab itself).

    ``percent``: the right-hand axis (or the only one, where no series is ``second``) is a share from 0 to 1.
    ``labels``: what the category cells hold, where they are on another tab.
    """

    title: str
    row: int
    column: int
    categories: Rect
    series: tuple[Series, ...]
    width: int = 720
    height: int = 288
    sheet: str = ""
    percent: bool = False
    labels: tuple[str, ...] = ()


@dataclass(slots=True)
class Tab:
    """A whole tab.

    ``people``: rectangles whose values belong to people (answers, thresholds, done marks): the planner
    carries them over, and they look like input cells. ``marker``: the name that says the tab is ours.
    A column of width 0 is hidden. In print a tab is one page wide, unless it has a scale of its own;
    ``repeat`` are the rows on top of every page.
    """

    name: str
    cells: dict[tuple[int, int], TabValue | Link] = field(default_factory=dict)
    styles: dict[tuple[int, int], str] = field(default_factory=dict)
    notes: dict[tuple[int, int], str] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[Rect] = field(default_factory=list)
    bars: list[Bars] = field(default_factory=list)
    paints: list[Paint] = field(default_factory=list)
    choices: list[Choices] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    people: list[Rect] = field(default_factory=list)
    table: str | None = None  # ListObject name over the whole block from A1
    freeze: tuple[int, int] | None = None  # first unfrozen (row, column)
    filter: Rect | None = None
    gridlines: bool = True
    landscape: bool = True
    tab_color: str | None = None
    zoom: int = 100
    repeat: tuple[int, int] | None = None  # first and last row printed on every page
    pages_tall: int = 0  # 0 = as many as it takes
    repeat_columns: int = 0  # so many, from A on, printed at the left of every page
    print_scale: int = 0  # percent, over as many pages as it takes; 0 = one page wide
    breaks: tuple[int, ...] = ()  # with a scale: a page ends right of these columns
    row_breaks: tuple[int, ...] = ()  # a page ends below these rows
    taken: set[tuple[int, int]] = field(default_factory=set)  # people's cells below, which it tells itself now
    before: str = ""  # a tab made anew stands in front of the sheet of this name; "" = behind the last
    marker: str = ""

    @classmethod
    def of_values(cls, name: str, values: Sequence[Sequence[object]], table: str | None = None) -> Tab:
        """A plain tab: values from A1, optionally a ListObject whose header is the first row.

        >>> Tab.of_values("t", [["a"], [1]], "x").cells[(2, 1)]
        1
        """
        tab = cls(name, table=table)
        for r, line in enumerate(values, 1):
            for c, value in enumerate(line, 1):
                if value is not None:
                    tab.cells[r, c] = value  # type: ignore[assignment]
        return tab

    def put(self, row: int, column: int, value: TabValue | Link, style: str = "") -> None:
        """One cell and its style."""
        if value is not None:
            self.cells[row, column] = value
        if style:
            self.styles[row, column] = style

    def line(self, row: int, column: int, values: Sequence[TabValue | Link], style: str | Sequence[str] = "") -> None:
        """A row of cells; one style for all, or one each."""
        for i, value in enumerate(values):
            self.put(row, column + i, value, style if isinstance(style, str) else style[i])

    @property
    def last(self) -> tuple[int, int]:
        """The last used row and column (0, 0 when empty)."""
        used = self.cells.keys() | self.styles.keys()
        return max(used, default=(0, 0))[0], max((c for _, c in used), default=0)
