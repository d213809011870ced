"""A1 notation and grid ranges: what a range means, and how the service writes it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_CELL = re.compile(r"\$?([A-Za-z]{1,3})?\$?(0*[1-9][0-9]{0,7})?")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*(?:[Cc][0-9]*)?|[Cc]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]")


@dataclass(frozen=True, slots=True)
class Area:
    """A block of cells, 0-based, ends exclusive; ``None`` is open: to the grid's edge."""

    row: int | None = None
    end_row: int | None = None
    col: int | None = None
    end_col: int | None = None

    def fixed(self, rows: int, cols: int) -> Box:
        """The block within a grid of this size."""
        return Box(
            self.row or 0,
            rows if self.end_row is None else min(self.end_row, rows),
            self.col or 0,
            cols if self.end_col is None else min(self.end_col, cols),
        )

    @property
    def empty(self) -> bool:
        """No row or no column: given ends where it starts."""
        return (self.row is not None and self.end_row == self.row) or (
            self.col is not None and self.end_col == self.col
        )

    @property
    def single(self) -> bool:
        """One cell: in a write only where it starts, not a bound."""
        return (
            self.row is not None
            and self.col is not None
            and self.end_row == self.row + 1
            and self.end_col == self.col + 1
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A block of cells with all four sides, 0-based, ends exclusive."""

    row: int
    end_row: int
    col: int
    end_col: int

    def meets(self, other: Box) -> bool:
        """Whether they share a cell."""
        return (
            self.row < other.end_row
            and other.row < self.end_row
            and self.col < other.end_col
            and other.col < self.end_col
        )

    def holds(self, row: int, col: int) -> bool:
        """Whether the cell is inside."""
        return self.row <= row < self.end_row and self.col <= col < self.end_col

    def area(self) -> Area:
        """The same block as an `Area`."""
        return Area(self.row, self.end_row, self.col, self.end_col)


def letters(col: int) -> str:
    """The letters of a 0-based column.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    text = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> int:
    """The 0-based column of these letters.

    >>> number("A"), number("zz")
    (0, 701)
    """
    col = 0
    for letter in text.upper():
        col = col * 26 + ord(letter) - 64
    return col - 1


def quoted(title: str) -> str:
    """The title as the service writes it before ``!``.

    >>> [quoted(t) for t in ("Sheet1", "_hq", "의뢰", "a b", "it's", "A1", "2026")]
    ['Sheet1', '_hq', "'의뢰'", "'a b'", "'it''s'", "'A1'", "'2026'"]
    """
    if _PLAIN.fullmatch(title) and not _LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def parse_cells(text: str) -> Area | None:
    """The area of ``A1:B2``, ``A:C``, ``2:5``, ``A2:C``, ``B3``; `None` if it is none of these.

    >>> parse_cells("B2:A1")
    Area(row=0, end_row=2, col=0, end_col=2)
    >>> parse_cells("A2:C"), parse_cells("2:5")
    (Area(row=1, end_row=None, col=0, end_col=3), Area(row=1, end_row=5, col=None, end_col=None))
    >>> parse_cells("A") is None
    True
    """
    first, colon, last = text.partition(":")
    a, b = _CELL.fullmatch(first), _CELL.fullmatch(last if colon else first)
    if not a or not b or not first or (colon and not last):
        return None
    cols = [None if m[1] is None else number(m[1]) for m in (a, b)]
    rows = [None if m[2] is None else int(m[2]) - 1 for m in (a, b)]
    if not colon and (cols[0] is None or rows[0] is None):
        return None
    row, end_row = _sides(rows)
    col, end_col = _sides(cols)
    if (row is None and end_row is None) and (col is None and end_col is None):
        return None
    if (cols[0] is None) != (cols[1] is None) and (rows[0] is None) != (rows[1] is None):
        # A1:5 is open to the right and A2:C open downwards; A:5 means neither
        if cols[0] is not None and rows[0] is None:
            row = 0
        elif rows[0] is not None and cols[0] is None:
            return None
    return Area(row, end_row, col, end_col)


def _sides(pair: list[int | None]) -> tuple[int | None, int | None]:
    first, last = pair
    if first is None and last is None:
        return None, None
    if first is None:
        return 0, (last or 0) + 1
    if last is None:
        return first, None
    return min(first, last), max(first, last) + 1


def split(text: str) -> tuple[str | None, str]:
    """Title and cells of a range; the title `None` where there is no ``!``.

    >>> split("'it''s'!A1"), split("Sheet1!A:B"), split("A1")
    (("it's", 'A1'), ('Sheet1', 'A:B'), (None, 'A1'))
    """
    if text.startswith("'"):
        match = re.fullmatch(r"'((?:[^']|'')*)'(?:!(.*))?", text, re.DOTALL)
        if match:
            return match[1].replace("''", "'"), match[2] or ""
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark else (None, text)


def cells_text(area: Area) -> str:
    """The area in A1 notation without its sheet.

    >>> cells_text(Area(0, 1, 0, 1)), cells_text(Area(1, None, 0, 3)), cells_text(Area(0, 2, 26, None))
    ('A1', 'A2:C', 'AA1:2')
    """
    first, last = _edges(area)
    return first if area.single or not last else f"{first}:{last}"


def edges_text(area: Area) -> str:
    """The area as the refusal of a range past the grid names it: only the sides that were given.

    >>> edges_text(Area(1000, None, 1, 3)), edges_text(Area(1000)), edges_text(Area(None, None, 26, 27))
    ('B1001:C', '1001:', 'AA')
    """
    first, last = _edges(area)
    return first if first == last else f"{first}:{last}"


def _edges(area: Area) -> tuple[str, str]:
    first = ("" if area.col is None else letters(area.col)) + ("" if area.row is None else str(area.row + 1))
    last = ("" if area.end_col is None else letters(area.end_col - 1)) + (
        "" if area.end_row is None else str(area.end_row)
    )
    return first, last


def of_grid_range(range_: dict[str, Any]) -> Area:
    """The area of a ``GridRange``."""
    return Area(
        range_.get("startRowIndex"),
        range_.get("endRowIndex"),
        range_.get("startColumnIndex"),
        range_.get("endColumnIndex"),
    )


def to_grid_range(sheet_id: int, area: Area) -> dict[str, Any]:
    """The ``GridRange`` as replies show it: an open side left out, and the sheet's id where it is 0."""
    found = {
        "sheetId": sheet_id or None,
        "startRowIndex": area.row,
        "endRowIndex": area.end_row,
        "startColumnIndex": area.col,
        "endColumnIndex": area.end_col,
    }
    return {key: value for key, value in found.items() if value is not None}
