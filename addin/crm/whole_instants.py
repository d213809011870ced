"""Columns of dates that need no reading cell by cell: native ones, serial numbers as Calc hands them to a function, and
those of a very long list, as it is kept (`addin.crm.packed_rows`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.crm.dates import EPOCH, MAX_MINUTES, MIN_MINUTES, first_serial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.grid import CellValue

    #: Whether the formats of some rows, by their index, show a time of day.
    HaveTime = Callable[[list[int]], Sequence[bool | None]]

#: Half a second early, so that the noise of a float a hair before a minute falls into that minute.
_ORIGIN = dt.datetime(1970, 1, 1) - dt.timedelta(milliseconds=500)
_NATIVE = frozenset((dt.datetime, dt.date, type(None)))
_SERIAL = frozenset((float, type(None)))
_DAY, _DAY_SECONDS = 1440, 86_400


def minutes_of(values: Iterable[object]) -> list[int | None]:
    """Minutes of native dates and datetimes, None of all else. `TypeError` where one has a time zone.

    >>> minutes_of([dt.date(1970, 1, 2), dt.datetime(1970, 1, 1, 0, 0, 59, 999_000), "곧"])
    [1440, 1, None]
    """
    moment, date = dt.datetime, dt.date
    return [
        (since := value - _ORIGIN).days * 1440 + since.seconds // 60
        if type(value) is moment
        else (value.toordinal() - EPOCH) * 1440
        if type(value) is date
        else None
        for value in values
    ]


def whole_instants(
    name: str, values: Sequence[CellValue], have_time: HaveTime, *, epoch_1904: bool = False
) -> list[pl.Series] | None:
    """A column of dates and blanks as its frame's two columns; None where any cell has to be looked at.

    All are native dates, or all are serial numbers: of the years a date may be of, no such number is one that people
    write a date as (``20241105``, ``241105``, ``2024``).

    >>> [s.to_list() for s in whole_instants("won_at", [dt.datetime(1990, 1, 2, 0, 1), None], lambda rows: []) or ()]
    [[10520641, None], [True, None]]
    >>> [s.to_list() for s in whole_instants("won_at", [32875.0 + 1 / 1440, ""], lambda rows: []) or ()]
    [[10520641, None], [True, None]]
    """
    import polars as pl

    kinds = set(map(type, values))
    if str in kinds:
        if any(type(value) is str and value for value in values):
            return None
        values = [None if value == "" else value for value in values]
        kinds = {*kinds, type(None)} - {str}
    if kinds <= _NATIVE:
        try:
            minutes = pl.Series(name, minutes_of(values), dtype=pl.Int64)
        except TypeError:  # a time zone
            return None
    elif kinds <= _SERIAL:
        numbers = pl.Series(name, values, dtype=pl.Float64)
        first = (EPOCH - first_serial(epoch_1904)) * _DAY
        low, high = (MIN_MINUTES + first) / _DAY, (MAX_MINUTES + first) / _DAY
        if not ((numbers >= low) & (numbers < high)).all():
            return None
        filled = (numbers.fill_null(0) if numbers.null_count() else numbers).to_numpy()
        minutes = pl.Series(name, (filled * _DAY_SECONDS + 0.5).astype("int64") // 60 - first)
        minutes = _blank_where(numbers, minutes)
    else:
        return None
    return _told(minutes, have_time)


def kept_instants(
    name: str, cells: Mapping[type, pl.Series], count: int, have_time: HaveTime
) -> list[pl.Series] | None:
    """The same of cells by their type, as a very long list keeps them; None where texts or numbers are among them."""
    import polars as pl

    if not cells.keys() <= {dt.datetime, dt.date}:
        return None
    minutes = pl.Series(name, [None] * count, dtype=pl.Int64)
    if (moments := cells.get(dt.datetime)) is not None:  # half a second early, as above
        minutes = (moments.dt.replace_time_zone(None).dt.epoch("us") + 500_000) // 60_000_000
    if (days := cells.get(dt.date)) is not None:
        minutes = pl.select(pl.coalesce(minutes, days.cast(pl.Int64) * _DAY)).to_series()
    return _told(minutes.alias(name), have_time)


def _told(minutes: pl.Series, have_time: HaveTime) -> list[pl.Series] | None:
    """Minutes, and whether they have a time of day; None where one is of a year nobody means."""
    import polars as pl

    low, high = minutes.min(), minutes.max()
    if low is not None and not MIN_MINUTES <= low <= high < MAX_MINUTES:  # type: ignore[operator]
        return None
    timed = (minutes.fill_null(1) if minutes.null_count() else minutes).to_numpy() % _DAY != 0
    midnights = (~timed).nonzero()[0].tolist()
    if midnights:
        timed[midnights] = list(map(bool, have_time(midnights)))
    return [minutes, _blank_where(minutes, pl.Series(f"{minutes.name}__time", timed))]


def _blank_where(blanks: pl.Series, column: pl.Series) -> pl.Series:
    """A column without what stands where another one is blank."""
    return column.set(blanks.is_null(), None) if blanks.null_count() else column
