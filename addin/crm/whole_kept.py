"""Columns of very long lists, read as they are kept (`addin.crm.packed_rows`): no cell becomes an object of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.crm.clean import MAX_MINUTES, MIN_MINUTES
from addin.crm.whole import PLAIN, whole_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import polars as pl

    from addin.crm.whole import Unread


def whole_kept(name: str, column: Unread, cells: Mapping[type, pl.Series], count: int) -> list[pl.Series] | None:
    """The column's values as `addin.crm.whole.whole_column` gives them, of cells by their type; None where it has to be
    read cell by cell.
    """
    import polars as pl

    kind = float if column.kind == "money" else str
    if not cells.keys() <= {kind} or not (column.kind in PLAIN or column.kind in ("money", "category")):
        return None
    empty = pl.Series(name, [None] * count, dtype=pl.Float64 if kind is float else pl.String)
    found = whole_columns({name: column._replace(cells=cells.get(kind, empty))}).get(name)
    return None if found is None else [found]


def whole_instants(
    name: str, cells: Mapping[type, pl.Series], count: int, have_time: Callable[[list[int]], Sequence[bool | None]]
) -> list[pl.Series] | None:
    """Dates and times as `addin.crm.clean` reads native ones: minutes, and whether they have a time of day.
    ``have_time``: whether the formats of some rows, by their index, show one.

    None where there are texts among them, or dates nobody means.
    """
    import polars as pl

    if not cells.keys() <= {dt.datetime, dt.date}:
        return None
    minutes = pl.Series(name, [None] * count, dtype=pl.Int64)
    if (moments := cells.get(dt.datetime)) is not None:  # half a second early: the noise of a float
        minutes = (moments.dt.replace_time_zone(None).dt.epoch("us") + 500_000) // 60_000_000
    if (days := cells.get(dt.date)) is not None:
        whole = days.cast(pl.Int64) * 1440
        minutes = pl.select(pl.coalesce(minutes, whole)).to_series()
    minutes = minutes.alias(name)
    low, high = minutes.min(), minutes.max()
    if low is not None and not MIN_MINUTES <= low <= high < MAX_MINUTES:  # type: ignore[operator]
        return None
    times = (minutes % 1440 != 0).alias(f"{name}__time")
    midnights = (~times).arg_true()
    if len(midnights):
        shown = pl.Series(have_time(midnights.to_list()), dtype=pl.Boolean).fill_null(False)
        times = times.scatter(midnights, shown)
    return [minutes, times]
