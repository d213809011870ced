"""A list read again: what has not changed is taken as it was read, and never anything else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.column_memo import ColumnMemo
from addin.crm.grid import CellError, Grid
from addin.crm.headers import propose
from addin.crm.packed_rows import PackedRows
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


DATES: tuple[CellValue, ...] = (None, "2026-10-05", dt.datetime(2026, 10, 2), dt.datetime(2026, 10, 2, 9, 30), "어제")
KEPT = tuple(cell for cell in CELLS if type(cell) is not int)  # a whole number comes from a script, never from a file
LONG: list[list[CellValue]] = [
    ["R-1", "한빛", dt.datetime(2026, 10, 1, 9), "수주", 300.0, None, "메모"],
    ["R-2", "샛별", dt.datetime(2026, 10, 2), "상담", 500.0, None, None],
    ["R-3", "두리", dt.datetime(2026, 10, 3), "접수", 700.0, 100.0, "또"],
]


def read_long(
    rows: list[list[CellValue]], memo: ColumnMemo | None, timed: frozenset[int] = frozenset(), above: str = ""
) -> tuple[Any, ...]:
    """A list kept as a very long one is, a column carried along; ``timed``: rows whose dates show a time of day."""
    headers: list[CellValue] = ["접수번호", *HEADERS, "비고란"]
    packed = PackedRows()
    assert packed.append(1, [[above, *[""] * 6], headers, *[["" if c is None else c for c in row] for row in rows]])
    grid = Grid("접수", packed, has_time=lambda row, _column: row - 3 in timed)
    match = propose([Grid("접수", [[above], headers, *LONG])]).tables[0]
    records, faults = build_records(match, {"접수": grid}, memo=memo, extra=["비고란"])
    return records.frame.rows(), records.frame.schema, faults


def test_of_a_very_long_list_only_the_changed_columns_are_looked_at_and_only_rules_that_read_them_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from addin.crm import records, row_rules

    memo = ColumnMemo()
    read_long(LONG, memo)
    asked: list[str] = []
    whole, broken = records.whole_kept, row_rules._broken
    monkeypatch.setattr(records, "whole_kept", lambda name, *rest: (asked.append(name), whole(name, *rest))[1])
    monkeypatch.setattr(row_rules, "_broken", lambda frame, rules: (asked.extend(rules), broken(frame, rules))[1])
    changed = [[*LONG[0][:4], 50.0, None, "메모"], *LONG[1:]]
    assert read_long(changed, memo) == read_long(changed, None)
    assert asked[:3] == ["amount", "below amount", "refund"]


def test_a_date_whose_format_shows_a_time_now_is_read_again() -> None:
    memo = ColumnMemo()
    read_long(LONG, memo)
    assert read_long(LONG, memo, frozenset([1])) == read_long(LONG, None, frozenset([1])) != read_long(LONG, None)


def test_a_line_of_units_above_a_very_long_list_changes_what_its_amounts_mean() -> None:
    memo = ColumnMemo()
    read_long(LONG, memo)
    assert (
        read_long(LONG, memo, above="(단위: 천원)")
        == read_long(LONG, None, above="(단위: 천원)")
        != read_long(LONG, None)
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2),
            st.one_of(st.tuples(st.sampled_from([0, 1, 3, 4, 5, 6]), st.sampled_from(KEPT)),
                      st.tuples(st.just(2), st.sampled_from(DATES))),
            st.frozensets(st.integers(0, 2)),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_however_a_very_long_list_is_changed_it_reads_as_if_read_anew(
    changes: list[tuple[int, tuple[int, CellValue], frozenset[int]]],
) -> None:
    memo = ColumnMemo()
    rows = [list(row) for row in LONG]
    for row, (column, value), timed in changes:
        rows[row][column] = value
        assert read_long(rows, memo, timed) == read_long(rows, None, timed)
