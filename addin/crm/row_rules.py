"""Rows that contradict themselves or each other: ids twice or missing, dates out of order, refunds above the amount.

Nothing is mended and every value stays; the rows are only named.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.amounts import money_text
from addin.crm.calendar import iso_text
from addin.crm.fault import Fault
from addin.crm.grid import cell_address
from addin.crm.message import msg
from addin.crm.reading import wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import polars as pl

    from addin.crm.kept_facts import KeptFacts

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
    table: str,
    key: str | None,
    frame: pl.DataFrame,
    place: Callable[[int, str], Place],
    kept: KeptFacts | None = None,
) -> Iterator[RowFault]:
    """Every rule on one table's frame (columns as in docs/architecture.md); ``place`` tells a field's cell.

    ``kept``: which rows broke a rule before, by the columns it reads.
    """
    import polars as pl

    have = set(frame.columns)
    broken: dict[str, pl.Expr] = {}  # all rules are asked at once: most frames break none
    if key is not None and key in have:
        null = pl.col(key).is_null()
        broken["id"] = pl.when(null.any() & ~null.all()).then(null).otherwise(~null & pl.col(key).is_duplicated())
    first, later = NOT_BEFORE.get(table, ("", ()))
    broken |= {f"before {field}": _before(first, field) for field in later if {first, field} <= have}
    broken |= {f"below {field}": pl.col(field) < 0 for field in NOT_NEGATIVE.get(table, ()) if field in have}
    if {"refund", "amount"} <= have:
        broken["refund"] = pl.col("refund") > pl.col("amount")
    if not broken:
        return
    if kept is None:
        at = _broken(frame, broken)
    else:
        at = {
            name: kept.once(name, rule.meta.root_names(), (table,), partial(_broken, frame, {name: rule}))[name]
            for name, rule in broken.items()
        }
    if at.pop("id", None):
        yield from _ids(str(key), frame, place)
    for name, indexes in at.items():
        if not indexes:
            continue
        field = name.split()[-1]
        if name == "refund":
            for index, refund, amount in zip(indexes, *frame.select("refund", "amount")[indexes], strict=True):
                limit = money_text(amount)
                yield _doubt(index, "refund", "refund_over_amount", money_text(refund), "refund_within", amount=limit)
        elif name.startswith("below"):
            for index, value in zip(indexes, frame[field][indexes], strict=True):
                yield _doubt(index, field, "negative_amount", money_text(value), "not_negative")
        else:
            columns = (field, f"{field}__time", first, f"{first}__time")
            for index, *values in zip(indexes, *frame.select(columns)[indexes], strict=True):
                start = iso_text(values[2], values[3])
                yield _doubt(index, field, "time_order", iso_text(values[0], values[1]), "not_before", first=start)


def _broken(frame: pl.DataFrame, rules: Mapping[str, pl.Expr]) -> dict[str, list[int]]:
    """The rows that break each of some rules."""
    asked = frame.lazy().select(rule.arg_true().implode().alias(name) for name, rule in rules.items())
    found: dict[str, list[int]] = asked.collect(engine="in-memory").row(0, named=True)
    return found


def _doubt(index: int, field: str, code: str, value: str, expected: str, **params: str) -> RowFault:
    """A value that stays but contradicts another."""
    fault = wrong(code, value, expected, expected=msg(f"expected.{expected}", **params), **params).fault
    assert fault is not None
    return RowFault(index, field, fault)


def _before(first: str, later: str) -> pl.Expr:
    """``later`` before ``first``; by the day where either cell holds only a date."""
    import polars as pl

    timed = pl.col(f"{first}__time") & pl.col(f"{later}__time")
    return (pl.col(later) < pl.col(first)) & (timed | (pl.col(later) // 1440 < pl.col(first) // 1440))


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
