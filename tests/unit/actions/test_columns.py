"""Appended columns stand beside their list, never over anything, and are found again by their marker."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions import workspace
from addin.actions.columns import new_ids, place_column
from addin.actions.ours import Ours, OwnColumn
from addin.actions.refresh import refresh_book
from addin.books import Edits, open_book
from addin.books.read import read_book
from addin.crm.grid import Grid
from addin.crm.mapping import Header, Region
from tests.unit.actions.teambook import adopted_book

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [["업체명", "접수일", "", "", ""], ["한빛", "2026-10-01", "", "", ""], ["두리", "2026-10-02", "", "", ""]]


def region(sheet: str = "접수", first: int = 1, last: int = 2, rows: tuple[int, ...] = (2, 3)) -> Region:
    return Region(sheet, 1, 1, first, last, (Header(first, "업체명"), Header(last, "접수일")), rows)


def place(
    grid: Grid, ours: Ours | None = None, kind: str = "flag", taken: set[tuple[str, int]] | None = None
) -> int | None:
    found = place_column(grid, region(), "requests", kind, ours or Ours(), set() if taken is None else taken, set())
    return found.column if found else None


def test_a_new_column_stands_right_of_the_list() -> None:
    assert place(Grid("접수", ROWS)) == 3


def test_two_new_columns_stand_side_by_side() -> None:
    taken: set[tuple[str, int]] = set()
    assert [place(Grid("접수", ROWS), kind=k, taken=taken) for k in ("flag", "reason")] == [3, 4]


def test_a_note_beside_the_list_leaves_no_room() -> None:
    rows = [list(r) for r in ROWS]
    rows[2][2] = "사장님 메모"
    assert place(Grid("접수", rows)) is None


def test_a_note_far_below_the_list_is_in_nobody_s_way() -> None:
    assert place(Grid("접수", [*ROWS, [], ["", "", "메모"]])) == 3


def test_a_blank_column_stays_between_ours_and_the_next_list() -> None:
    rows = [[*row[:2], "", "", other] for row, other in zip(ROWS, ("파트너명", "한빛", "두리"), strict=True)]
    taken: set[tuple[str, int]] = set()
    assert place(Grid("접수", rows), taken=taken) == 3
    assert place(Grid("접수", rows), kind="reason", taken=taken) is None
    assert place(Grid("접수", [[*row[:3], row[4]] for row in rows])) is None


def test_a_merged_cell_beside_the_list_leaves_no_room() -> None:
    assert place(Grid("접수", ROWS, merged=[(1, 3, 2, 3)])) is None


def test_a_chart_is_stepped_around_not_covered() -> None:
    assert place(Grid("접수", ROWS, drawn=[(1, 3, 9, 4)])) == 5


def test_a_column_we_have_is_found_where_people_moved_it() -> None:
    ours = Ours(columns=[OwnColumn("_danggol.col.requests.flag.1", "requests", "flag", "접수", 1, 4)])
    assert place(Grid("접수", ROWS), ours) == 4


def test_a_column_behind_another_list_is_not_ours() -> None:
    own = OwnColumn("_danggol.col.requests.flag.1", "requests", "flag", "접수", 1, 9)
    left, right = region(), Region("접수", 1, 1, 6, 8, (Header(6, "업체명"),), (2,))
    ours = Ours(columns=[own], regions=(left, right))
    assert ours.of("requests", "flag", left) is None
    assert ours.of("requests", "flag", right) is own


def test_ids_are_unique_for_good() -> None:
    """The id of a row deleted long ago is never given again: the day it was given is part of it."""
    old = ["R261001-0900", "R261121-0007", "딴 번호"]
    assert new_ids("R", dt.date(2026, 11, 21), 2, old) == ["R261121-0008", "R261121-0009"]
    assert new_ids("P", dt.date(2026, 11, 22), 1, []) == ["P261122-0001"]


def test_a_column_of_the_list_above_is_not_ours_to_take() -> None:
    """Our columns are left out of adopting all the way down: the list above would lose its own."""
    above = [["업체", "담당", "금액"], ["한빛", "김", 1.0], ["", "", ""]]
    below = Region("접수", 4, 4, 1, 2, (Header(1, "업체명"), Header(2, "접수일")), (5, 6))
    found = place_column(Grid("접수", [*above, *ROWS]), below, "requests", "flag", Ours(), set(), set())
    assert found is not None
    assert found.column == 4


@pytest.mark.parametrize("large", [8, 5_000])
def test_a_column_people_add_right_of_ours_leaves_ours_as_they_are(
    large: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "LARGE", large)
    rows: list[list[Any]] = [[f"R{n}", "한빛", dt.datetime(2026, 11, 2 + n), "접수", 50_000.0] for n in range(12)]
    book = adopted_book(tmp_path, {"접수": [["접수번호", "업체명", "접수일시", "상태", "금액"], *rows]})
    refresh_book(book)
    before = read_book(book).grid("접수")
    assert before is not None
    edits = Edits()
    edits.write("접수", 1, before.width + 1, [["만족도"], [4.0]])
    open_book(book).apply(edits)
    refresh_book(book)
    after = read_book(book).grid("접수")
    assert after is not None
    assert [list(row[: before.width]) for row in after.rows] == [list(row) for row in before.rows]
