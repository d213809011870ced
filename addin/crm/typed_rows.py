"""Rows that come typed, from .parquet of other programs: columns named by field ids → a frame as `Records` have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.amounts import MONEY_SCALE
from addin.crm.calendar import DAY
from addin.crm.clean import clean_column
from addin.crm.tables import TABLES
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from addin.crm.tables import Field

_TEXTS = ("text", "id", "phone", "email", "brn", "category")


def table_told_by(columns: Iterable[str]) -> str | None:
    """The table most of whose field ids stand among the columns; None where not even two do.

    >>> table_told_by(["partner", "received_at", "won_at", "region_code"]), table_told_by(["a", "partner"])
    ('requests', None)
    """
    there = set(columns)
    counts = {table.id: sum(field.weight for field in table if field.id in there) for table in TABLES}
    fields = {table.id: sum(field.id in there for field in table) for table in TABLES}
    best = max(counts, key=lambda id: (counts[id], fields[id]))
    return best if fields[best] >= 2 else None


def as_records(frame: pl.DataFrame, table: str) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """Fields typed as `addin.crm.records` types them; other columns as text, dates and times read as Seoul's.

    Beside it each field's values that can't be read, and are blank.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"received_at": ["2026-11-20 09:30", "곧"], "amount": [1200.5, None], "채널": [3, 4]})
    >>> found, unread = as_records(rows, "requests")
    >>> found.row(0, named=True), unread
    ({'received_at': 29919450, 'received_at__time': True, 'amount': 120050, '채널': '3'}, {'received_at': ['곧']})
    """
    import polars as pl

    fields = {field.id: field for field in table_of(table) or ()}
    columns: list[pl.Series] = []
    unread: dict[str, list[str]] = {}
    for series in frame:
        field = fields.get(series.name)
        if field is None:
            columns.append(series.cast(pl.String, strict=False).alias(series.name))
        else:
            columns += _typed(field, series, unread)
    return pl.DataFrame(columns), unread


def _typed(field: Field, series: pl.Series, unread: dict[str, list[str]]) -> list[pl.Series]:
    import polars as pl

    name, kind = field.id, series.dtype
    if field.type == "instant" and isinstance(kind, pl.Datetime):
        local = series.dt.convert_time_zone("Asia/Seoul").dt.replace_time_zone(None) if kind.time_zone else series
        return [(local.dt.epoch("s") // 60).alias(name), local.is_not_null().alias(f"{name}__time")]
    if field.type == "instant" and kind == pl.Date:
        return [series.cast(pl.Int64) * DAY, pl.Series(f"{name}__time", [False] * len(series))]
    if field.type in ("money", "refund") and kind.is_numeric():
        cents = (series.cast(pl.Float64).fill_nan(None) * MONEY_SCALE).round().cast(pl.Int64).alias(name)
        return [cents, *([(cents > 0).alias(f"{name}__yes")] if field.type == "refund" else [])]
    if field.type == "number" and kind.is_numeric():
        return [series.cast(pl.Float64).fill_nan(None)]
    if (field.type == "flag" and kind == pl.Boolean) or (field.type in _TEXTS and kind == pl.String):
        return [series]
    return _cleaned(field, series, unread)


def _cleaned(field: Field, series: pl.Series, unread: dict[str, list[str]]) -> list[pl.Series]:
    """Any other column is read as a sheet's cells are."""
    import polars as pl

    read = clean_column(field, series.to_list())
    if wrong := [fault.value for _, fault in read.faults if not fault.repair]:
        unread[field.id] = wrong
    types: dict[str, Any] = {"instant": pl.Int64, "money": pl.Int64, "refund": pl.Int64, "number": pl.Float64,
                             "flag": pl.Boolean}  # fmt: skip
    found = [pl.Series(field.id, read.values, dtype=types.get(field.type, pl.String))]
    if read.times is not None:
        found.append(pl.Series(f"{field.id}__time", read.times, dtype=pl.Boolean))
    if read.yes is not None:
        found.append(pl.Series(f"{field.id}__yes", read.yes, dtype=pl.Boolean))
    return found
