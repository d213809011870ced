"""What hosts hand over, as one shape: a list of rows without the blank rows and columns at its end.

A range comes as rows of cells, a range of one cell as that cell, and a whole column (``A:A``) as a million rows that
are mostly nothing. A flat list is one column.
"""

from __future__ import annotations

from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

from addin.functions.registry import Problem, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from addin.crm.grid import CellValue
    from addin.functions.registry import Rows

#: So many rows only a whole column has; it goes with a range of any length.
WHOLE_COLUMN = 65_536
_CHUNK = 4096


class Block(list[list["CellValue"]]):
    """A range's rows without the blank ones at its end; ``given`` is how many cells its longer side had before.

    ``column``: the cells of a single column without a blank.
    """

    __slots__ = ("column", "given")

    def __init__(
        self, rows: Iterable[list[CellValue]] = (), given: int = 0, column: list[CellValue] | None = None
    ) -> None:
        super().__init__(rows)
        self.given = given
        self.column = column


def is_rows(value: object) -> bool:
    """Whether a host handed over a range rather than one cell."""
    return isinstance(value, list | tuple)


def cell(value: Any) -> CellValue:
    """One cell's value: blank text, NaN and NaT are None.

    >>> cell(" "), cell(float("nan")), cell("가"), cell(0)
    (None, None, '가', 0)
    """
    if isinstance(value, str):
        return None if not value or value.isspace() else value
    return value if value == value else None  # NaN and NaT equal nothing


def rows_of(value: Any) -> Block:
    """A range as rows of equal length; blank rows at the end and blank columns on the right are left out.

    >>> rows_of([["a", 1.0], [None, ""], [None, None]]), rows_of(["a", "b", None]), rows_of(5.0), rows_of(None)
    ([['a', 1.0]], [['a'], ['b']], [[5.0]], [])
    """
    if not is_rows(value):
        return Block() if cell(value) is None else Block([[value]], 1)
    if not value:
        return Block()
    if not is_rows(value[0]):
        value = [[one] for one in value]
    rows = value if _ends_filled(value) else value[: used(value)]
    if rows and max(map(len, rows)) == 1 and _stands(column := list(chain.from_iterable(rows)), len(rows)):
        return Block([[one] for one in column], len(value), column)
    clean = [[cell(one) for one in row] for row in rows]
    width = max(map(len, clean), default=0)
    if min(map(len, clean), default=0) < width:
        clean = [row + [None] * (width - len(row)) for row in clean]
    if clean and clean[0][-1:] == [None]:
        filled = width
        while filled and all(row[filled - 1] is None for row in clean):
            filled -= 1
        if filled < width:
            clean = [row[:filled] for row in clean]
    return Block(clean, max(len(value), len(value[0])))


def _ends_filled(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a number or a word that is no white space stands first in the last row."""
    last = rows[-1][0] if rows[-1] else None
    return last == last if type(last) is float else type(last) is str and not (not last or last.isspace())


def _stands(column: list[Any], rows: int) -> bool:
    """Whether a column is all numbers or all words, none of them blank: most are, and need no look at each cell."""
    if len(column) != rows:
        return False
    kinds = set(map(type, column))
    return all(map(str.strip, column)) if kinds == {str} else kinds == {float} and isfinite(sum(column))


def list_of(value: Any) -> Rows:
    """A whole list as it stands, blank rows at its end left out; cells are read as a sheet's cells are.

    >>> list_of((("업체명", "금액"), ("한빛", ""), (None, None)))
    [('업체명', '금액'), ('한빛', '')]
    """
    if not is_rows(value) or not value or not is_rows(value[0]):
        return rows_of(value)
    return list(value[: used(value)])


def used(rows: Sequence[Sequence[Any]]) -> int:
    """How many rows there are up to the last that isn't blank; a million blank ones are passed over in blocks.

    >>> used(((1.0,), (None,), (2.0,), (None,), ("",)))
    3
    """
    end = len(rows)
    if end >= _CHUNK:
        blank = type(rows[0])((None,) * len(rows[0]))  # type: ignore[call-arg]
        block = type(rows)([blank] * _CHUNK)  # type: ignore[call-arg]
        while end >= _CHUNK and rows[end - _CHUNK : end] == block:
            end -= _CHUNK
    while end and all(map(_blank, rows[end - 1])):
        end -= 1
    return end


def _blank(value: Any) -> bool:
    return cell(value) is None


def line(rows: Block, name: str) -> list[CellValue]:
    """A range of one row or one column as a list. `Problem` where it is a rectangle."""
    if rows.column is not None:
        return list(rows.column)
    if len(rows) == 1:
        return list(rows[0])
    if rows and len(rows[0]) > 1:
        filled = [c for c in range(len(rows[0])) if any(row[c] is not None for row in rows)]
        if len(filled) != 1:  # merged cells leave blank columns beside them
            raise Problem("fn.error.one_line", value=f"{len(rows)}×{len(rows[0])}", name=named(name))
        return [row[filled[0]] for row in rows]
    return [row[0] for row in rows]
