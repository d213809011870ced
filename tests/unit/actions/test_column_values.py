"""Texts beside people's rows: only what differs is written, whatever way the rows are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.actions.column_values import put_values
from addin.actions.columns import Placed
from addin.books.edits import CLEAR, Edits, Write
from addin.crm.grid import CellError, Grid
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.grid import CellValue

COLORS = {"위반": "FF0000", "주의": "FFFF00"}
THERE = Placed("m", "접수", 1, 3, new=False)
NEW = Placed("m", "접수", 1, 3, new=True)


def put(column: list[CellValue], texts: Sequence[str] | pl.Series, placed: Placed = THERE, **how: bool) -> Edits:
    """Texts beside a sheet's rows from row 2 on, whose column C is ``column`` below its header."""
    rows = [["업체명", 1.0, cell] for cell in ["h", *column]]
    edits, kept = Edits(), PackedRows()
    if how.get("packed"):
        assert kept.append(1, [*rows, ["끝", 1.0, ""]])
    grid = Grid("접수", kept if how.get("packed") else rows)
    if how.get("let_go"):
        grid.forget_left(2)
    put_values(edits, grid, placed, range(2, len(column) + 2), texts, COLORS if how.get("colors") else None)
    return edits


def test_only_what_differs_is_written_and_the_gap_left_alone() -> None:
    [write] = put(["정상", "주의", "정상"], ["주의", "주의", ""]).items
    assert isinstance(write, Write)
    assert [list(v) for v in write.values] == [["주의"], [None], [CLEAR]]


def test_a_cell_that_turns_fine_loses_our_colour() -> None:
    [write] = put(["위반"], ["정상"], colors=True).items
    assert isinstance(write, Write)
    assert write.colors == {2: None}


CELLS = st.lists(
    st.tuples(st.sampled_from(["", "정상", "주의", "위반", 0.0, 5.0]), st.sampled_from(["", *COLORS])), min_size=1
)


@settings(max_examples=100, deadline=None)
@given(CELLS, st.booleans(), st.booleans())
def test_rows_kept_as_columns_are_written_as_any_others(
    cells: list[tuple[CellValue, str]], colors: bool, let_go: bool
) -> None:
    column, texts = [there for there, _ in cells], [text for _, text in cells]
    expected = put(column, texts, colors=colors).items
    for packed in (True, False):
        assert (
            put(column, pl.Series(texts, dtype=pl.String), colors=colors, packed=packed, let_go=let_go).items
            == expected
        )


@pytest.mark.parametrize("texts", [["주의", "", "정상"], ["", "", ""]])
def test_a_new_column_takes_every_text(texts: list[str]) -> None:
    expected = put(["", "", ""], texts, NEW, colors=True).items
    assert put(["", "", ""], pl.Series(texts, dtype=pl.String), NEW, colors=True, packed=True).items == expected


def test_an_error_beside_a_row_is_another_text() -> None:
    kept = PackedRows()
    assert kept.append(1, [["업체명", 1.0, "h"], ["한빛", 1.0, CellError("#N/A")], ["두리", 1.0, "정상"]])
    edits = Edits()
    put_values(edits, Grid("접수", kept), THERE, range(2, 4), pl.Series(["정상", "정상"]))
    [write] = edits.items
    assert isinstance(write, Write)
    assert (write.row, [list(v) for v in write.values]) == (2, [["정상"]])
