"""Cells of some rows as a polars frame and back, each with the very type it had: mixed columns take a series a type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.grid import CellValue

#: Types calamine gives, by the letter their series end with.
_KINDS: dict[type, str] = {
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

    kinds: dict[type, Any] = {
        str: pl.String, float: pl.Float64, bool: pl.Boolean, dt.datetime: pl.Datetime("us"), dt.date: pl.Date,
        dt.time: pl.Time, dt.timedelta: pl.Duration("us"),
    }  # fmt: skip
    out: list[pl.Series] = []
    for at, cells in enumerate(zip(*rows, strict=True)):
        found = set(map(type, cells))
        if not found <= kinds.keys():
            return None
        for kind, letter in _KINDS.items():
            if kind not in found or (kind is str and len(found) > 1 and not any(type(c) is str and c for c in cells)):
                continue
            own = cells if len(found) == 1 else [c if type(c) is kind else None for c in cells]
            series = pl.Series(f"{at}{letter}", own, dtype=kinds[kind], strict=True)
            if series.null_count() < len(series) and not (kind is str and (series == "").all()):
                out.append(series)
    return pl.DataFrame(out) if out else pl.DataFrame({"0s": [""] * len(rows)}, schema={"0s": pl.String})


def from_tables(tables: Sequence[pl.DataFrame], width: int) -> list[list[CellValue]]:
    """The cells of several frames one under the other, column by column, ``width`` of them.

    >>> from_tables([to_table([["가", 1.0], ["", "나"]])], 3)
    [['가', ''], [1.0, '나'], ['', '']]
    """
    import polars as pl

    if not tables:
        return [[] for _ in range(width)]
    whole = pl.concat(tables, how="diagonal")
    columns: list[list[Any] | None] = [None] * width
    for series in whole.iter_columns():
        at = int(series.name[:-1])
        texts = series.dtype == pl.String
        cells = (series.fill_null("") if texts else series).to_list()
        before = columns[at]
        if before is not None:
            cells = [b if a is None or a == "" else a for a, b in zip(before, cells, strict=True)]
        columns[at] = cells
    blanks = [""] * whole.height
    return [list(blanks) if c is None else ["" if v is None else v for v in c] if None in c else c for c in columns]
