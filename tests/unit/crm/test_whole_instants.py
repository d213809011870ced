"""Columns of dates taken at once say what reading them cell by cell says, or nothing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.clean import CleanColumn, ColumnContext, clean_column
from addin.crm.packed_rows import PackedRows
from addin.crm.tables import REQUESTS
from addin.crm.whole_instants import kept_instants, whole_instants

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

MOMENTS = st.datetimes(dt.datetime(1989, 12, 1), dt.datetime(2101, 2, 1))
DATES = st.dates(dt.date(1989, 12, 1), dt.date(2101, 2, 1))
NOISE = [dt.datetime(2026, 3, 1, 23, 59, 59, 700_000), dt.datetime(2026, 3, 1, 23, 59, 59, 999_000)]
BLANKS = st.sampled_from([None, ""])
NATIVE = st.one_of(BLANKS, MOMENTS, DATES, st.sampled_from(NOISE))
FIRST, END = 32_874.0, 73_416.0  # 1990-01-01 and 2101-01-01 as Excel counts days
SERIALS = st.one_of(
    BLANKS,
    st.floats(FIRST, END),
    st.integers(int(FIRST) - 1, int(END)).map(float),
    st.integers(int(FIRST) * 86_400, int(END) * 86_400).map(lambda seconds: seconds / 86_400),
    st.integers(int(FIRST) * 1440, int(END) * 1440).map(lambda minutes: minutes / 1440),
    st.integers(int(FIRST) * 172_800, int(END) * 172_800).map(lambda halves: halves / 172_800),
)
ODD = st.sampled_from([
    "2026-03-02", 20_241_105.0, 241_105.0, 2024.0, -1.0, float("nan"), 45_356, True, dt.time(9), dt.timedelta(1),
    dt.datetime(1850, 1, 1), dt.datetime(2026, 3, 2, tzinfo=dt.UTC),
])  # fmt: skip


def read(cells: list[CellValue], shows: bool | None = None, *, epoch_1904: bool = False) -> CleanColumn:
    field = REQUESTS.field("received_at")
    assert field is not None
    values = [None if cell == "" else cell for cell in cells]
    return clean_column(field, values, ColumnContext(has_time=lambda _: shows, epoch_1904=epoch_1904))


@given(
    st.one_of(st.lists(NATIVE), st.lists(SERIALS), st.lists(st.one_of(NATIVE, SERIALS, ODD), max_size=3)),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
def test_dates_taken_as_a_column_are_those_read_one_by_one(
    cells: list[CellValue],
    shows: bool | None,
    epoch_1904: bool,
) -> None:
    column = read(cells, shows, epoch_1904=epoch_1904)
    taken = whole_instants("received_at", cells, lambda rows: [shows] * len(rows), epoch_1904=epoch_1904)
    if taken is not None:
        assert [series.to_list() for series in taken] == [column.values, column.times]
        assert [series.name for series in taken] == ["received_at", "received_at__time"]
        assert not column.faults


@given(
    st.one_of(
        st.lists(st.one_of(BLANKS, st.floats(FIRST, END - 1))),
        st.lists(st.one_of(BLANKS, st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 30)))),
    )
)
def test_whole_columns_of_plain_dates_are_always_taken_at_once(cells: list[CellValue]) -> None:
    assert whole_instants("received_at", cells, lambda rows: [None] * len(rows)) is not None


def test_a_range_calc_hands_over_has_its_dates_as_numbers_and_is_taken_at_once() -> None:
    cells: list[CellValue] = [46_000.375, 46_000.0, "", None, 46_000 + 1439.999 / 1440]
    taken = whole_instants("won_at", cells, lambda rows: [True] * len(rows))
    assert taken is not None
    assert taken[0].to_list() == read(cells).values
    assert taken[1].to_list() == [True, True, None, None, True]


@pytest.mark.parametrize("number", [20_241_105.0, 241_105.0, 2024.0, 0.5, -3.0, 1e300, float("inf"), float("nan")])
def test_a_number_that_may_be_a_date_as_people_type_it_is_looked_at(number: float) -> None:
    assert whole_instants("won_at", [46_000.0, number], lambda _: []) is None


def test_texts_among_kept_dates_are_read_cell_by_cell() -> None:
    assert kept_instants("x", kept([dt.date(2026, 3, 1), "어제"]), 2, lambda some: [None] * len(some)) is None


def kept(cells: list[CellValue]) -> Any:
    """The column as `addin.crm.packed_rows` keeps it."""
    rows = PackedRows()
    assert rows.append(1, [[cell, "끝"] for cell in cells])
    return rows.column(0, 0, len(cells))


@given(st.lists(st.one_of(st.just(""), MOMENTS, DATES, st.just(NOISE[0])), min_size=1))
def test_kept_dates_mean_what_they_mean_cell_by_cell(cells: list[CellValue]) -> None:
    def has_time(at: int) -> bool:
        return at % 2 == 0

    taken = kept_instants("received_at", kept(cells), len(cells), lambda some: [has_time(at) for at in some])
    field = REQUESTS.field("received_at")
    assert field is not None
    clean = clean_column(field, [None if c == "" else c for c in cells], ColumnContext(has_time=has_time))
    if taken is None:
        assert clean.faults  # a date nobody means
        return
    assert not clean.faults
    assert [one.to_list() for one in taken] == [clean.values, clean.times]
