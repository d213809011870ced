"""Rows that contradict themselves or each other: ids twice or missing, dates out of order, refunds above the amount.

Nothing is mended and every value stays; the rows are only named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from addin.crm.amounts import money_text
from addin.crm.dates import instant_text
from addin.crm.fault import Fault
from addin.crm.grid import cell_address
from addin.crm.message import msg
from addin.crm.reading import wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

#: A table's first instant, and those that can't come before it.
NOT_BEFORE: dict[str, tuple[str, tuple[str, ...]]] = {
    "requests": ("received_at", ("confirmed_at", "proposed_at", "visited_at", "won_at", "completed_at")),
    "customers": ("joined_at", ("left_at",)),
    "activities": ("acted_at", ("next_at",)),
    "quotes": ("issued_at", ("valid_until",)),
    "defects": ("found_at", ("fixed_at",)),
    "experiments": ("started_at", ("ended_at",)),
}
#: Money that is hardly ever meant to be below zero. (A line of a quote may be a discount.)
NOT_NEGATIVE: dict[str, tuple[str, ...]] = {
    "requests": ("amount", "cost"),
    "spend": ("amount",),
    "price_list": ("unit_price",),
    "quotes": ("total",),
}
_NAMED = 3

#: (index of the row, sheet name, 1-based row, 1-based column of a field) → where a fault stands.
Place = tuple[str, int, int]


class RowFault(NamedTuple):
    """A fault of one row: the row's index in the frame, the field it is shown at, the fault."""

    at: int
    field: str
    fault: Fault


def row_faults(
    table: str, key: str | None, frame: pl.DataFrame, place: Callable[[int, str], Place]
) -> Iterator[RowFault]:
    """Every rule on one table's frame (columns as in docs/architecture.md); ``place`` tells a field's cell."""
    if key is not None and key in frame.columns:
        yield from _ids(key, frame, place)
    if table in NOT_BEFORE:
        first, later = NOT_BEFORE[table]
        for field in later:
            yield from _order(first, field, frame)
    for field in NOT_NEGATIVE.get(table, ()):
        if field in frame.columns:
            rows = frame.select(field).with_row_index("i").filter(frame[field] < 0)
            for index, value in rows.iter_rows():
                yield _doubt(index, field, "negative_amount", money_text(value), "not_negative")
    if {"refund", "amount"} <= set(frame.columns):
        rows = frame.select("refund", "amount").with_row_index("i").filter(frame["refund"] > frame["amount"])
        for index, refund, amount in rows.iter_rows():
            limit = money_text(amount)
            yield _doubt(index, "refund", "refund_over_amount", money_text(refund), "refund_within", amount=limit)


def _doubt(index: int, field: str, code: str, value: str, expected: str, **params: str) -> RowFault:
    """A value that stays but contradicts another."""
    fault = wrong(code, value, expected, expected=msg(f"expected.{expected}", **params), **params).fault
    assert fault is not None
    return RowFault(index, field, fault)


def _order(first: str, later: str, frame: pl.DataFrame) -> Iterator[RowFault]:
    """``later`` before ``first``; by the day where either cell holds only a date."""
    if not {first, later} <= set(frame.columns):
        return
    timed = frame[f"{first}__time"] & frame[f"{later}__time"]
    before = (frame[later] < frame[first]) & (timed | (frame[later] // 1440 < frame[first] // 1440))
    columns = (later, f"{later}__time", first, f"{first}__time")
    for index, *values in frame.select(columns).with_row_index("i").filter(before).iter_rows():
        start = instant_text(values[2], values[3])
        yield _doubt(index, later, "time_order", instant_text(values[0], values[1]), "not_before", first=start)


def _ids(key: str, frame: pl.DataFrame, place: Callable[[int, str], Place]) -> Iterator[RowFault]:
    """Ids that stand in several rows (each row names the others), and rows without one."""
    import polars as pl

    ids = frame.select(pl.col(key), pl.col("_sheet")).with_row_index("i")
    blank = ids.filter(pl.col(key).is_null())
    if 0 < blank.height < ids.height:
        for index in blank["i"]:
            yield RowFault(index, key, Fault("blank_id", "", msg("expected.id"), msg("fault.blank_id.fix")))
    doubles = ids.filter(pl.col(key).is_not_null() & pl.col(key).is_duplicated())
    if doubles.height == 0:
        return
    if _restarts(doubles, ids, key):
        index, text, _sheet = doubles.row(0)
        yield _doubt(index, key, "number_restarts", text, "unique_id")
        return
    for text, indexes in doubles.group_by(key, maintain_order=True).agg("i").iter_rows():
        named = [_cell_text(place(i, key)) for i in indexes[: _NAMED + 1]]
        for n, index in enumerate(indexes):
            others = [cell for j, cell in enumerate(named) if j != n][:_NAMED]
            yield _doubt(index, key, "duplicate_id", text, "unique_id", cells=_list(others, len(indexes) - 1))


def _restarts(doubles: pl.DataFrame, ids: pl.DataFrame, key: str) -> bool:
    """Whether the ids are running numbers that begin again on every sheet: said once, not per row."""
    return (
        2 * doubles.height > ids.height
        and doubles.n_unique("_sheet") > 1
        and bool(doubles[key].str.contains(r"^\d{1,5}$").all())
        and not doubles.select(key, "_sheet").is_duplicated().any()
    )


def _cell_text(place: Place) -> str:
    sheet, row, column = place
    return f"{sheet}!{cell_address(row, column)}"


def _list(cells: Sequence[str], count: int) -> str:
    return ", ".join(cells) + (f" … (+{count - len(cells)})" if count > len(cells) else "")
