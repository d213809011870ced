"""Cells of some rows as a polars frame and back, each with the very type it had: mixed columns take a series a type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

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


#: Rows at the top in which most columns hold something.
_FIRST: Final = 64
_TYPES = {letter: kind for kind, letter in _LETTERS.items()}


class Stretch(NamedTuple):
    """Rows that stand one under the other: the first (1-based), how many, and their cells as a frame; None where these
    are known.
    """

    first: int
    height: int
    table: pl.DataFrame | None


def name_of(at: int, kind: type) -> str:
    """What the series of a column (from 0) and a type is called: ``3s`` the texts of the fourth."""
    return f"{at}{_LETTERS[kind]}"


def key_of(name: str) -> tuple[int, type]:
    """Column (from 0) and type of a series."""
    return int(name[:-1]), _TYPES[name[-1]]


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
        out += [series.alias(name_of(at, kind)) for kind, series in own.items()]
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
    return filled({key_of(name): whole[name] for name in whole.columns})


def filled(columns: dict[tuple[int, type], pl.Series]) -> dict[tuple[int, type], pl.Series]:
    """Those of a sheet's columns in which anything stands."""
    return {key: own for key, own in columns.items() if any_in(key[1], own.head(_FIRST)) or any_in(key[1], own)}


def any_in(kind: type, cells: pl.Series) -> bool:
    """Whether anything stands in cells of a type: an empty text is nothing."""
    return bool((cells != "").any()) if kind is str else cells.null_count() < len(cells)
