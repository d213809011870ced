"""A list read again: what has not changed is taken as it was read, and never anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.column_memo import ColumnMemo
from addin.crm.grid import CellError, Grid
from addin.crm.headers import propose
from addin.crm.records import build_records

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

HEADERS: list[CellValue] = ["업체명", "접수일시", "진행상태", "금액", "환불"]
PLAIN: list[list[CellValue]] = [
    ["한빛", "2026-10-01 09:00", "수주", 300.0, None],
    ["샛별", "2026-10-02 10:00", "상담", 500.0, None],
    ["두리", "2026-10-03 11:00", "접수", 700.0, None],
]
CELLS: tuple[CellValue, ...] = (
    None, "", "한빛", "〃", "2026-10-05", "3/5", "협의", "1,200원", 1.0, 1, True, False, 45_000.0, CellError("#N/A"),
)  # fmt: skip


def read(rows: list[list[CellValue]], memo: ColumnMemo | None, above: str = "", name: str = "접수") -> tuple[Any, ...]:
    """The list's rows and faults, as read with what a memo kept."""
    grid = Grid(name, [[above], HEADERS, *rows])
    match = propose([Grid(name, [[above], HEADERS, *PLAIN])]).tables[0]
    records, faults = build_records(match, {name: grid}, memo=memo)
    return records.frame.rows(), records.frame.schema, faults


def test_only_the_changed_column_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memo = ColumnMemo()
    read(PLAIN, memo)
    taken: list[str] = []

    from addin.crm import records

    whole = records.whole_columns
    monkeypatch.setattr(records, "whole_columns", lambda columns: (taken.extend(columns), whole(columns))[1])
    read([[*PLAIN[0][:3], 999.0, None], *PLAIN[1:]], memo)
    assert taken == ["amount"]


@pytest.mark.parametrize("other", [True, 1, "300"])
def test_an_equal_value_of_another_kind_is_another_value(other: CellValue) -> None:
    memo = ColumnMemo()
    rows = [[*PLAIN[0][:3], 1.0, None], *PLAIN[1:]]
    read(rows, memo)
    changed = [[*PLAIN[0][:3], other, None], *PLAIN[1:]]
    assert read(changed, memo) == read(changed, None)


def test_a_line_of_units_or_a_year_above_the_list_changes_what_the_cells_mean() -> None:
    memo = ColumnMemo()
    read(PLAIN, memo)
    assert read(PLAIN, memo, "(단위: 천원)") == read(PLAIN, None, "(단위: 천원)")
    undated = [["한빛", "3/15", "수주", 300.0, None], *PLAIN[1:]]
    read(undated, memo, "2025년 3월")
    assert read(undated, memo, "2026년 3월") == read(undated, None, "2026년 3월") != read(undated, None, "2025년 3월")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.sampled_from(CELLS)), max_size=6))
def test_however_cells_are_changed_one_after_another_the_list_reads_as_if_read_anew(
    changes: list[tuple[int, int, CellValue]],
) -> None:
    memo = ColumnMemo()
    rows = [list(row) for row in PLAIN]
    for row, column, value in changes:
        rows[row][column] = value
        assert read(rows, memo) == read(rows, None)
