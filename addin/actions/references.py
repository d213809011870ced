"""What the references of a formula mean in its book: cells, whole columns, lists' columns, defined names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from addin.books.names import MAX_COLUMN, MAX_ROW, column_number
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from addin.books.formulacells import FormulaCell, Formulas, TableArea
    from addin.crm.grid import Rect

_AREA = pattern(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?")
_COLUMNS = pattern(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = pattern(r"\$?(\d{1,7}):\$?(\d{1,7})")
_SHEET = pattern(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(.+)", re.DOTALL)
_TABLE = pattern(r"([^\[\]!'\s]+)\[(.*)\]", re.DOTALL)
_PARTS = {"#all": "all", "#data": "data", "#headers": "headers", "#totals": "totals", "#this row": "row"}


class Area(NamedTuple):
    """Cells of one sheet. ``single``: written as one cell, so it means that cell's value, not a range of one."""

    sheet: str
    rect: Rect
    single: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A defined name that is no reference: its formula."""

    formula: str


class References:
    """Resolves reference texts of one book; ``sheets`` are its worksheets' names."""

    def __init__(self, formulas: Formulas, sheets: Iterable[str]) -> None:
        self.formulas = formulas
        self.sheets: Mapping[str, str] = {name.casefold(): name for name in sheets}

    def resolve(self, text: str, at: FormulaCell, depth: int = 0) -> Area | Words | None:
        """A reference as it stands in the formula of ``at``; None where it leads out of the book or nowhere."""
        home, rest = at.sheet, text
        if found := _SHEET().fullmatch(text):
            name = found[1].replace("''", "'") if found[1] else found[2]
            sheet = self.sheets.get(name.casefold())
            if sheet is None:
                return None
            home, rest = sheet, found[3]
        rect = area(rest)
        if rect is not None:
            return Area(home, rect, ":" not in rest)
        named = self.formulas.names.get((rest.casefold(), home.casefold()))
        if named is None:
            named = self.formulas.names.get((rest.casefold(), None))
        if named is not None and depth < 8:
            inner = self.resolve(named.strip().removeprefix("="), at, depth + 1)
            return inner if inner is not None else Words(named.strip().removeprefix("="))
        return self._of_table(rest, at)

    def _of_table(self, text: str, at: FormulaCell) -> Area | None:
        """``표1[금액]``, ``표1[[#All],[a]:[b]]``, ``표1[[#This Row],[a]]``, ``표1``."""
        found = _TABLE().fullmatch(text)
        table = self.formulas.tables.get((found[1] if found else text).casefold())
        if table is None:
            return None
        inner = found[2].strip() if found else ""
        part, columns = "data", list[str]()
        for piece in re.findall(r"\[((?:'.|[^\[\]'])*)\]", inner) if inner.startswith("[") else [inner]:
            if piece.strip().casefold() in _PARTS:
                part = _PARTS[piece.strip().casefold()]
            elif piece.startswith("@"):
                part, columns = "row", [*columns, piece[1:].strip("[]")] if piece[1:] else columns
            elif piece:
                columns.append(piece)
        return _part(table, part, [re.sub(r"'(.)", r"\1", name) for name in columns], at)


def area(text: str) -> Rect | None:
    """``A1``, ``$A$1:B2``, ``A:B``, ``1:2`` as a rectangle.

    >>> area("$B$2:A1"), area("A:B")[2], area("2:3")[3], area("매출")
    ((1, 1, 2, 2), 1048576, 16384, None)
    """
    if found := _AREA().fullmatch(text):
        row, column = int(found[2]), column_number(found[1])
        row2, column2 = (int(found[4]), column_number(found[3])) if found[3] else (row, column)
    elif found := _COLUMNS().fullmatch(text):
        row, row2, column, column2 = 1, MAX_ROW, column_number(found[1]), column_number(found[2])
    elif found := _ROWS().fullmatch(text):
        row, row2, column, column2 = int(found[1]), int(found[2]), 1, MAX_COLUMN
    else:
        return None
    rect = (min(row, row2), min(column, column2), max(row, row2), max(column, column2))
    inside = rect[0] >= 1 and rect[2] <= MAX_ROW and rect[3] <= MAX_COLUMN
    return rect if inside else None


def _part(table: TableArea, part: str, columns: list[str], at: FormulaCell) -> Area | None:
    top, left, bottom, right = table.rect
    first, last = top + table.header_rows, bottom - table.total_rows
    rows = {
        "all": (top, bottom),
        "data": (first, last),
        "headers": (top, first - 1),
        "totals": (last + 1, bottom),
        "row": (at.row, at.row),
    }[part]
    names = [header.casefold() for header in table.headers]
    places = [names.index(name.casefold()) for name in columns if name.casefold() in names]
    if len(places) < len(columns) or rows[0] > rows[1]:
        return None
    if part == "row" and not (at.sheet == table.sheet and first <= at.row <= last):
        return None
    if places:
        left, right = left + min(places), left + max(places)
    return Area(table.sheet, (rows[0], left, rows[1], right), part == "row" and left == right)
