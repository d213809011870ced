"""Ranges come as rows, as a cell, as a million rows; side by side they are lists of one length."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.grid import CellError
from addin.functions import Problem
from addin.functions.ranges import line, rows_of, used
from addin.functions.vectors import cents, count, number, share, side_by_side, text, yes


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, []),
        ("", []),
        (5.0, [[5.0]]),
        ([], []),
        ([[None, ""], [" ", math.nan]], []),
        ((("a", 1.0), ("", None)), [["a", 1.0]]),
        (["a", None, "b"], [["a"], [None], ["b"]]),
        ([["a", None], ["b"]], [["a"], ["b"]]),
        ([[None], ["a"]], [[None], ["a"]]),
        ([["a"], [], ["b", "c"]], [["a", None], [None, None], ["b", "c"]]),
        ([["a"], ["b"], [math.nan]], [["a"], ["b"]]),
        ([[1.0], [math.inf], [2.0]], [[1.0], [math.inf], [2.0]]),
    ],
)
def test_a_range_is_rows_without_the_blanks_at_its_end(value: Any, rows: Any) -> None:
    assert rows_of(value) == rows


@given(st.lists(st.sampled_from(["a", 1.0, None, ""]), max_size=40), st.integers(0, 9000))
def test_passing_over_blank_blocks_loses_no_cell(cells: list[Any], blanks: int) -> None:
    rows = [[cell] for cell in cells] + [[None]] * blanks
    filled = [i for i, cell in enumerate(cells) if cell not in (None, "")]
    assert used(rows) == (filled[-1] + 1 if filled else 0)


def test_merged_cells_leave_blank_columns_beside_a_line() -> None:
    assert line(rows_of([["가", None], [None, None], ["나", None]]), "steps") == ["가", None, "나"]
    assert line(rows_of([["가", "나"]]), "steps") == ["가", "나"]
    with pytest.raises(Problem):
        line(rows_of([["가", 1.0], ["나", 2.0]]), "steps")


def beside(steps: Any, counts: Any) -> tuple[list[Any], list[Any]]:
    found = side_by_side({"steps": rows_of(steps), "counts": rows_of(counts)}, ("counts",))
    return found["steps"], found["counts"]


@pytest.mark.parametrize(
    ("steps", "counts"),
    [
        ([["가"], ["나"]], [[10.0], [5.0]]),
        ([["단계"], ["가"], ["나"]], [["건수"], [10.0], [5.0]]),
        ([["가", "나"]], [[10.0, 5.0]]),
        ([["가"], [None], ["나"]], [[10.0], [None], [5.0]]),
        ([["가"], ["나"], *([[None]] * 70_000)], [[10.0], [5.0]]),
    ],
    ids=["plain", "a header", "a row", "merged cells", "a whole column"],
)
def test_steps_and_counts_stand_side_by_side(steps: Any, counts: Any) -> None:
    assert beside(steps, counts) == (["가", "나"], [10.0, 5.0])


def test_a_blank_at_the_end_of_a_range_is_a_cell() -> None:
    assert beside([["가"], ["나"]], [[10.0], [None]]) == (["가", "나"], [10.0, None])
    assert beside([["가"], [None]], [[10.0], [5.0]]) == (["가", None], [10.0, 5.0])


def test_ranges_of_different_length_are_refused_with_both_lengths() -> None:
    with pytest.raises(Problem) as problem:
        beside([["가"], ["나"], ["다"]], [[10.0], [5.0]])
    assert "단계 이름 3, 건수 2" in str(problem.value)


@pytest.mark.parametrize("value", ["abc", True, CellError("#DIV/0!"), "2026-11-20"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Problem):
        number(value, "counts")


@pytest.mark.parametrize("value", [-1.0, 2.5, 1e16, "-3"])
def test_what_is_no_count_is_refused(value: Any) -> None:
    with pytest.raises(Problem):
        count(value, "counts")


def test_text_numbers_are_numbers() -> None:
    assert [number(t, "n") for t in ("1,200", "３０", " 5건 ", "90%")] == [1200.0, 30.0, 5.0, 0.9]
    assert [cents(t, "n") for t in ("1,200원", 0.1 + 0.2, None)] == [120000, 30, None]
    assert [share(v, "n") for v in (0.3, 30.0, "30%", None, 0.0)] == [0.3, 0.3, 0.3, None, None]
    assert text("  한　빛 ") == "한 빛"


@pytest.mark.parametrize(
    ("value", "said"), [(True, True), ("예", True), (1.0, True), ("부가세 포함", True), ("별도", False)]
)
def test_yes_and_no_as_offices_write_them(value: Any, said: bool) -> None:
    assert yes(value) is said


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(Problem):
        yes("글쎄")
