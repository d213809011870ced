"""A tab that already says what we would write is left alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.actions.same import _plain as plain
from addin.actions.same import same_tab
from addin.books.tab import Link, Tab
from addin.crm.grid import Grid

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

ALIKE: list[tuple[object, CellValue]] = [
    (None, ""), (None, None), ("", ""), (5, 5.0), (0.1 + 0.2, 0.3), (Decimal("1.5"), 1.5), (True, True),
    ("한\r\n빛", "한\n빛"), (Link("한빛", "접수"), "한빛"), (dt.date(2026, 3, 1), dt.datetime(2026, 3, 1)),
    (dt.datetime(2026, 3, 1, 9, 30, 12), dt.datetime(2026, 3, 1, 9, 30)), (0, -0.0),
]  # fmt: skip
OTHER: list[tuple[object, CellValue]] = [
    (None, 0.0), ("1", 1.0), (None, "한빛"), ("한빛", ""), (True, False),
]  # fmt: skip


@pytest.mark.parametrize(("own", "there"), ALIKE, ids=repr)
def test_what_reads_the_same_is_the_same(own: object, there: CellValue) -> None:
    assert same_tab(Tab("t", {(1, 1): "머리", (2, 2): own}), Grid("t", [["머리", ""], ["", there]]))  # type: ignore[dict-item]


@pytest.mark.parametrize(("own", "there"), OTHER, ids=repr)
def test_what_reads_otherwise_is_written(own: object, there: CellValue) -> None:
    tab = Tab("t", {(1, 1): "머리", (2, 2): own, (2, 3): "끝"})  # type: ignore[dict-item]
    assert not same_tab(tab, Grid("t", [["머리", ""], ["", there, "끝"]]))


CELLS = st.sampled_from([cell for pair in ALIKE + OTHER for cell in pair])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=4), st.lists(st.lists(CELLS, max_size=4), max_size=4))
def test_cells_are_compared_one_by_one(wanted: list[list[object]], there: list[list[CellValue]]) -> None:
    tab, grid = Tab.of_values("t", wanted), Grid("t", there)
    rows, columns = tab.last
    inside = all(
        plain(tab.cells.get((row, column))) == plain(grid.value(row, column))
        for row in range(1, rows + 1)
        for column in range(1, columns + 1)
    )
    below = any(grid.value(row, column) is not None for row in range(rows + 1, 6) for column in range(1, columns + 1))
    if inside and not below:
        assert same_tab(tab, grid)
    if not inside:
        assert not same_tab(tab, grid)


def test_rows_we_would_not_write_now_make_it_another_but_not_a_note_below_a_gap() -> None:
    tab = Tab.of_values("t", [["머리"], [1]])
    assert not same_tab(tab, Grid("t", [["머리"], [1.0], [2.0]]))
    assert same_tab(tab, Grid("t", [["머리"], [1.0], [""], ["메모"]]))


def test_columns_let_go_are_blank() -> None:
    grid = Grid("t", [["가", 1.0], ["나", 2.0]])
    grid.forget_left(1)
    assert same_tab(Tab("t", {(1, 2): 1, (2, 2): 2}), grid)
    assert not same_tab(Tab.of_values("t", [["가", 1], ["나", 2]]), grid)
