"""Rows of a very long sheet kept as columns are the rows they were."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.grid import CellError, Grid
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

CELLS = st.one_of(
    st.just(""), st.text("가a1 ", max_size=3), st.sampled_from([0.0, 1.0, -2.5]), st.booleans(),
    st.sampled_from([dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, 9, 30), CellError("#N/A")]),
)  # fmt: skip
BLOCKS = st.lists(st.tuples(st.integers(0, 2), st.lists(st.lists(CELLS, max_size=4), max_size=5)), max_size=4)


def packed(blocks: list[tuple[int, list[list[CellValue]]]]) -> tuple[PackedRows, list[list[CellValue]]]:
    """Blocks with so many blank rows above each, kept and as they are."""
    kept, plain = PackedRows(), list[list["CellValue"]]()
    for gap, rows in blocks:
        plain += [[] for _ in range(gap)]
        assert kept.append(len(plain) + 1, rows)
        plain += rows
    return kept, plain


def filled(rows: object) -> list[list[tuple[type, CellValue]]]:
    """What is seen: no blanks at the end of a row or below the last one, each cell with its type."""
    out = []
    for row in rows:  # type: ignore[attr-defined]
        cells = list(row)
        while cells and cells[-1] == "":
            cells.pop()
        out.append([(type(cell), cell) for cell in cells])
    while out and not out[-1]:
        out.pop()
    return out


@settings(max_examples=150, deadline=None)
@given(BLOCKS)
def test_every_cell_is_there_again_with_its_type(blocks: list[tuple[int, list[list[CellValue]]]]) -> None:
    kept, plain = packed(blocks)
    assert filled(kept) == filled(plain)
    assert filled(kept[at] for at in range(len(kept))) == filled(plain)
    assert repr([kept[at] for at in reversed(range(len(kept)))]) == repr(list(reversed(list(kept))))
    assert filled(kept[1:3]) == filled(list(kept)[1:3])
    assert all(len(row) == kept.width for row in kept)
    before = list(kept)
    kept.ahead(range(len(kept))[::2])
    assert repr([kept[at] for at in range(len(kept))]) == repr(before)
    kept.join()
    assert list(kept) == before == [kept[at] for at in range(len(kept))]


@settings(max_examples=100, deadline=None)
@given(BLOCKS, st.integers(0, 4), st.integers(0, 3))
def test_a_column_says_what_its_rows_say(blocks: list[tuple[int, list[list[CellValue]]]], at: int, start: int) -> None:
    kept, _ = packed(blocks)
    cells = [row[at] if at < len(row) else "" for row in list(kept)[start:]]
    found = kept.column(at, start, len(kept))
    if any(isinstance(cell, CellError) for cell in cells):
        assert found is None
        return
    assert found is not None
    merged: list[CellValue] = [""] * len(cells)
    for kind, series in found.items():
        assert len(series) == len(cells)
        for i, cell in enumerate(series):
            if cell is not None and cell != "":
                assert type(cell) is kind
                merged[i] = cell  # type: ignore[call-overload]
    assert merged == cells
    assert all(any(type(c) is kind and c != "" for c in cells) for kind in found)


def test_blocks_laid_together_are_columns_of_one_piece() -> None:
    kept, plain = packed([(1, [["가", 1.0]]), (0, [["", "나"]]), (2, [[CellError("#N/A"), 2.0, True]])])
    kept.join()
    assert filled(kept) == filled(plain)
    found = kept.column(1, 0, len(kept))
    assert found is not None
    assert {kind: (cells.n_chunks(), cells.to_list()) for kind, cells in found.items()} == {
        float: (1, [None, 1.0, None, None, None, 2.0]), str: (1, [None, None, "나", None, None, None]),
    }  # fmt: skip
    assert kept.column(0, 0, len(kept)) is None


def test_other_cells_are_laid_over_columns_wherever_they_begin_and_end() -> None:
    kept, others = PackedRows(), PackedRows()
    assert others.append(2, [["", CellError("#REF!")], [], ["나", ""], [], ["", True]])
    kept.extend(3, 3, {(0, str): pl.Series(["가", None, "다"])}, others)
    assert filled(kept) == filled([[], ["", CellError("#REF!")], ["가"], ["나"], ["다"], ["", True]])
    assert kept.width == 2


def test_columns_let_go_leave_the_others_in_their_place() -> None:
    kept, _ = packed([(0, [["가", 1.0, "나"], ["다", "", CellError("#REF!")]])])
    grid = Grid("접수", kept)
    grid.forget_left(2)
    assert [grid.value(1, c) for c in (1, 2, 3)] == [None, None, "나"]
    assert grid.value(2, 3) == CellError("#REF!")
    assert (grid.width, list(kept)) == (3, [["나"], [CellError("#REF!")]])
    assert kept.column(0, 0, 1)[str].to_list() == ["나"]  # type: ignore[index]


def test_cells_of_a_kind_no_column_has_are_not_kept() -> None:
    kept = PackedRows()
    assert not kept.append(1, [["가", 10**30]])
    assert len(kept) == 0


def test_midnights_are_those_only_a_format_tells_from_dates() -> None:
    moment = dt.datetime(2026, 3, 1)
    rows: list[list[CellValue]] = [[dt.date(2026, 3, 1)], [moment], [moment.replace(hour=9)], ["어제"]]
    rows.append([moment - dt.timedelta(milliseconds=400)])
    kept, _ = packed([(2, rows)])
    assert {at: rows.to_list() for at, rows in kept.midnights().items()} == {1: [3, 4, 7]}


def test_titles_are_kept_apart_from_a_long_list_below() -> None:
    rows: list[list[CellValue]] = [["접수대장", CellError("#REF!")], ["업체", "금액"]]
    rows += [[f"가{n % 3}", float(n)] for n in range(1_200)]
    rows[700][1] = CellError("#N/A")
    kept, plain = packed([(0, rows[:500]), (0, rows[500:])])
    kept.join()
    assert len(kept._blocks) == 2
    assert list(kept) == plain
    assert kept.column(1, 0, 3) is None
    column = kept.column(1, 2, 600)
    assert column is not None
    assert list(column) == [float]
    assert column[float].to_list() == [float(n) for n in range(598)]
    whole = kept.column(0, 0, len(rows))
    assert whole is not None
    assert whole[str].to_list() == [row[0] for row in rows]
