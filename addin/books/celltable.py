"""Cells of some rows as a polars frame and back, each with the very type it had: mixed columns take a series a type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.crm.packed_rows import by_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from addin.crm.grid import CellValue

#: Types calamine gives, by the letter their series end with.
_LETTERS: dict[type, str] = {
    str: "s",
    float: "f",
    bool: "b",
    dt.datetime: "t",
    dt.date: "d",
    dt.time: "h",
    dt.timedelta: "l",
}


def to_table(rows: Sequence[Sequence[CellValue]]) -> pl.DataFrame | None:
    """Equally long rows as a frame of as many lines: ``0s`` the texts of column 1, ``0f`` its numbers …; '' is blank.

    None where a cell is of a type no workbook holds.

    >>> to_table([["가", 1.0], ["", "나"]]).columns
    ['0s', '1s', '1f']
    """
    import polars as pl

    out: list[pl.Series] = []
    for at, cells in enumerate(zip(*rows, strict=True)):
        own = by_type(cells)
        if own is None:
            return None
        out += [series.alias(f"{at}{_LETTERS[kind]}") for kind, series in own.items()]
    return pl.DataFrame(out) if out else pl.DataFrame({"0s": [""] * len(rows)}, schema={"0s": pl.String})


def stacked(parts: Iterable[tuple[int, pl.DataFrame]], first: int = 1) -> pl.DataFrame:
    """Frames with the row each begins with, in order, as one from row ``first`` on; rows between them are blank.

    >>> stacked([(2, to_table([["가"]])), (4, to_table([[1.0]]))]).rows()
    [('', None), ('가', None), ('', None), (None, 1.0)]
    """
    import polars as pl

    tables: list[pl.DataFrame] = []
    behind = first
    for start, table in parts:
        if start > behind:
            tables.append(pl.DataFrame({"0s": [""] * (start - behind)}))
        tables.append(table)
        behind = start + table.height
    return pl.concat(tables, how="diagonal").rechunk() if tables else pl.DataFrame()


def series_of(whole: pl.DataFrame) -> dict[tuple[int, type], pl.Series]:
    """A frame's columns as (column from 0, type) → its cells, null where another type stands."""
    import polars as pl

    kinds = {letter: kind for kind, letter in _LETTERS.items()}
    found = {(int(name[:-1]), kinds[name[-1]]): whole[name] for name in whole.columns}
    blank = {at for at, own in found.items() if own.dtype == pl.String and own.is_in([""]).all(ignore_nulls=True)}
    blank |= {at for at, own in found.items() if own.null_count() == len(own)}  # its cells' rows are gone
    return {at: own for at, own in found.items() if at not in blank}
