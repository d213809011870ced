"""A very long list's columns read as they are kept say what reading them cell by cell says, or nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.clean import ColumnContext, clean_column
from addin.crm.packed_rows import PackedRows
from addin.crm.tables import REQUESTS
from addin.crm.whole import Unread
from addin.crm.whole_kept import whole_instants, whole_kept

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

MOMENTS = st.datetimes(dt.datetime(1989, 12, 1), dt.datetime(2101, 2, 1))
DATES = st.dates(dt.date(1989, 12, 1), dt.date(2101, 2, 1))


def kept(cells: list[CellValue]) -> Any:
    """The column as `addin.crm.packed_rows` keeps it."""
    rows = PackedRows()
    assert rows.append(1, [[cell, "끝"] for cell in cells])
    return rows.column(0, 0, len(cells))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.just(""), MOMENTS, DATES, st.just(dt.datetime(2026, 3, 1, 23, 59, 59, 700_000))), min_size=1)
)
def test_native_dates_mean_what_they_mean_cell_by_cell(cells: list[CellValue]) -> None:
    def has_time(at: int) -> bool:
        return at % 2 == 0

    read = whole_instants("received_at", kept(cells), len(cells), lambda some: [has_time(at) for at in some])
    field = REQUESTS.field("received_at")
    assert field is not None
    clean = clean_column(field, [None if c == "" else c for c in cells], ColumnContext(has_time=has_time))
    if read is None:
        assert clean.faults  # a date nobody means
        return
    assert not clean.faults
    assert [one.to_list() for one in read] == [clean.values, clean.times]


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        ("text", ["가", "", "나 다"], ["가", None, "나 다"]),
        ("text", ["", ""], [None, None]),
        ("text", ["가", "상동"], None),
        ("text", ["가", 1.0], None),
        ("phone", ["010-1234-5678", ""], ["010-1234-5678", None]),
        ("phone", ["01012345678"], None),
        ("id", ["R1", "R2"], ["R1", "R2"]),
        ("money", [1200.0, ""], [120_000, None]),
        ("money", [1200.5], None),
        ("money", ["1,200원"], None),
        ("category", ["완료", "", "완료"], ["완료", None, "완료"]),
        ("flag", [True], None),
    ],
)
def test_plain_columns_are_taken_and_others_left(
    kind: str, cells: list[CellValue], values: list[object] | None
) -> None:
    found = whole_kept("x", Unread(kind, (), ("완료",)), kept(cells), len(cells))
    assert (None if found is None else found[0].to_list()) == values


def test_texts_among_dates_are_read_cell_by_cell() -> None:
    assert whole_instants("x", kept([dt.date(2026, 3, 1), "어제"]), 2, lambda some: [None] * len(some)) is None
