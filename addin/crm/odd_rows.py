"""The rows of a long packed list that need a look, told by whole columns: no cell is taken out for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import polars as pl

    from addin.crm.grid import CellValue, LongRows


def odd_rows(
    rows: LongRows,
    span: tuple[int, int],
    filled: Sequence[int],
    *,
    words: int | None = None,
    letters: int | None = None,
    titles: Collection[CellValue] = (),
) -> list[int] | None:
    """Rows (1-based, of the first to the last of ``span``) with a blank or a nought in one of the columns ``filled``
    (0-based), with a text or a blank in ``words``, with something that begins with no digit in ``letters``, or with
    one of ``titles`` in the first of ``filled``.

    None where whole columns can't tell: an error or a length of time among them, a title that is no text.

    >>> from addin.crm.packed_rows import PackedRows
    >>> rows = PackedRows()
    >>> rows.append(1, [["업체", 1.0], ["한빛", 2.0], ["", 3.0], ["샛별", "합계"], ["업체", 4.0]])
    True
    >>> odd_rows(rows, (1, 5), [0, 1], words=1, titles={"업체"})
    [1, 3, 4, 5]
    """
    import polars as pl

    first, last = span[0], min(span[1], len(rows))
    asked = {*filled, *(at for at in (words, letters) if at is not None)}
    taken = {at: rows.column(at, first - 1, last) for at in asked}
    known = {at: column for at, column in taken.items() if column is not None}
    if len(known) < len(taken) or not all(isinstance(title, str) for title in titles):
        return None
    count = max(last - first + 1, 0)
    odd = pl.Series([False]).new_from_index(0, count)
    for at in filled:
        odd |= ~_holds(known[at], count)
    if words is not None:
        odd |= ~_any([cells.is_not_null() for kind, cells in known[words].items() if kind is not str], count)
    if letters is not None:
        if dt.timedelta in known[letters]:
            return None
        for kind, cells in known[letters].items():
            odd |= _no_digit(kind, cells)
    texts = known[filled[0]].get(str)
    if texts is not None and titles:
        odd |= texts.is_in(list(titles)).fill_null(False)
    return [int(at) for at in odd.arg_true() + first]


def _holds(column: Mapping[type, pl.Series], count: int) -> pl.Series:
    """Where a cell is something and no nought: what Python takes for true."""
    tests = []
    for kind, cells in column.items():
        if kind is str:
            tests.append((cells != "").fill_null(False))
        elif kind is float:
            tests.append((cells != 0).fill_null(False))
        elif kind is bool:
            tests.append(cells.fill_null(False))
        elif kind is dt.timedelta:
            tests.append((cells != dt.timedelta()).fill_null(False))
        else:
            tests.append(cells.is_not_null())
    return _any(tests, count)


def _no_digit(kind: type, cells: pl.Series) -> pl.Series:
    """Where a cell, put in words, begins with something else than a digit; blanks don't."""
    if kind is float:
        found = (cells < 0) | cells.is_infinite()
    elif kind is str:
        begins = cells.str.slice(0, 1)
        found = begins.is_in([letter for letter in begins.unique().drop_nulls() if letter and not letter.isdigit()])
    else:  # a date or a time begins with one, True does not
        found = cells if kind is bool else cells.is_null() & False
    return found.fill_null(False)


def _any(tests: Sequence[pl.Series], count: int) -> pl.Series:
    import polars as pl

    found = pl.Series([False]).new_from_index(0, count)
    for test in tests:
        found |= test
    return found
