"""A book refreshed week after week: closed weeks stay, edits stand as corrections, people answer the ladder."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from addin.actions.history import undo_run
from addin.actions.refresh import refresh_book
from addin.actions.tasks import tasks_of
from addin.books import Edits, open_book
from addin.books.edits import CLEAR
from addin.books.read import read_book

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.grid import Grid

MONDAY = dt.date(2026, 8, 31)  # 2026-W36
HEADERS = ("접수번호", "접수일시", "파트너", "담당자", "고객명", "확인일시", "방문일시", "견적일", "수주일")
WON = HEADERS.index("수주일") + 1


def sunday(weeks: int) -> str:
    """The Sunday that ends so many weeks."""
    return (MONDAY + dt.timedelta(weeks * 7 - 1)).isoformat()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Thirteen weeks of ten requests each by two people; one of them confirms late in the tenth to twelfth week."""
    path = tmp_path / "접수.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as workbook:
        sheet = workbook.add_worksheet("접수")
        sheet.write_row(0, 0, HEADERS)
        row = 0
        for week in range(13):
            for i in range(20):
                row += 1
                who = ("정민재", "이서연")[i % 2]
                came = dt.datetime.combine(MONDAY + dt.timedelta(week * 7 + i % 5), dt.time(10))
                minutes = 40 if who == "정민재" and week in (9, 10, 11) and i % 4 == 0 else 4
                sheet.write_row(row, 0, [f"R{row:03}"])
                sheet.write_datetime(row, 1, came)
                sheet.write_row(row, 2, ["한빛", who, f"고객{row}"])
                sheet.write_datetime(row, 5, came + dt.timedelta(minutes=minutes))
                sheet.write_datetime(row, 6, came + dt.timedelta(hours=3))
                sheet.write_datetime(row, 7, came + dt.timedelta(days=1))
                if i % 3 == 0:
                    sheet.write_datetime(row, 8, came + dt.timedelta(days=2))
    return path


def tab(path: Path, name: str) -> Grid:
    grid = read_book(path).grid(name)
    assert grid is not None
    return grid


def weeks_of(path: Path) -> dict[str, list[object]]:
    """The weeks of the funnel tab: label → the cells beside it."""
    rows = [list(row) for row in tab(path, "CRM_퍼널").rows]
    head = next(i for i, row in enumerate(rows) if row[:2] == ["주", "접수"])
    closed = [row for row in rows[head + 1 :] if str(row[0]).startswith("2026-W") and row[6] != ""]
    return {str(row[0]): list[object](row[1:7]) for row in closed}


def corrections(path: Path) -> list[list[object]]:
    """The correction lines: week, step, the number closed, the number now, the day it was seen."""
    rows = [list(row) for row in tab(path, "CRM_퍼널").rows]
    heads = [i for i, row in enumerate(rows) if row[:3] == ["주", "단계", "확정한 수"]]
    return [[*row[:4], row[5]] for row in rows[heads[0] + 1 :] if row[0]] if heads else []


def edit(path: Path, sheet: str, row: int, column: int, value: object) -> None:
    edits = Edits()
    edits.write(sheet, row, column, [[value]])  # type: ignore[list-item]
    open_book(path).apply(edits)


def test_a_closed_week_is_never_rewritten_and_an_edit_stands_beside_it(book: Path) -> None:
    refresh_book(book, as_of=sunday(11))
    first = weeks_of(book)["2026-W36"]
    assert first[:5] == [20, 20, 20, 20, 7]
    edit(book, "접수", 2, WON, CLEAR)  # the first request's order is taken out
    refresh_book(book, as_of=sunday(12))
    assert weeks_of(book)["2026-W36"][:5] == first[:5]
    assert corrections(book) == [["2026-W36", "수주", 7, 6, sunday(12)]]
    assert refresh_book(book, as_of=sunday(12)).run is None
    edit(book, "접수", 5, WON, CLEAR)
    refresh_book(book, as_of=sunday(13))
    assert corrections(book) == [["2026-W36", "수주", 7, 5, sunday(13)]]


def test_a_week_closes_once_it_is_over(book: Path) -> None:
    refresh_book(book, as_of=sunday(5))
    edit(book, "접수", 6 * 20 + 2, WON, CLEAR)  # of a week still to come
    refresh_book(book, as_of=sunday(8))
    assert corrections(book) == []


def test_undo_takes_a_closed_week_and_its_corrections_back(book: Path) -> None:
    refresh_book(book, as_of=sunday(11))
    edit(book, "접수", 2, WON, CLEAR)
    before = book.read_bytes()
    refresh_book(book, as_of=sunday(12))
    undo_run(book)
    assert book.read_bytes() == before
    refresh_book(book, as_of=sunday(13))
    assert corrections(book) == [["2026-W36", "수주", 7, 6, sunday(13)]]


def test_a_note_that_makes_the_tab_a_person_s_own_loses_no_closed_week(book: Path) -> None:
    refresh_book(book, as_of=sunday(11))
    edit(book, "CRM_퍼널", len(tab(book, "CRM_퍼널").rows) + 1, 2, "내 메모")
    edit(book, "접수", 2, WON, CLEAR)
    refresh_book(book, as_of=sunday(12))
    assert "CRM_퍼널 (2)" in read_book(book).tabs
    rows = [list(row) for row in tab(book, "CRM_퍼널 (2)").rows]
    assert any(row[:4] == ["2026-W36", "수주", 7, 6] for row in rows)


def ladder(path: Path) -> dict[str, list[object]]:
    """The ladder tab's lines: who → the cells beside the name."""
    found: dict[str, list[object]] = {}
    for row in tab(path, "CRM_조치").rows[5:]:
        if row[0]:
            found.setdefault(str(row[0]), list(row[1:12]))
    return found


def waiting(path: Path) -> int:
    """How many lines of the dashboard say that a suspension waits for a person."""
    cells = [str(v) for row in tab(path, "CRM_대시보드").rows for v in row if v is not None]
    return sum("승인을 기다리는" in text for text in cells)


def test_somebody_climbs_week_after_week_and_is_suspended_only_by_a_person(book: Path) -> None:
    rungs = []
    for weeks in (9, 10, 11, 12):
        refresh_book(book, as_of=sunday(weeks))
        there = "CRM_조치" in read_book(book).tabs
        rungs.append(ladder(book)["정민재"][1] if there else None)
    assert rungs == [None, "교육", "현장동행", "일시 중단 승인 대기"]
    assert waiting(book) == 1
    (task,) = [task for task in tasks_of(book, as_of=sunday(12)).open() if task.kind == "ladder_suspension"]
    assert (task.sheet, task.column) == ("CRM_조치", 10)
    edit(book, "CRM_조치", task.row, task.column, "예")
    edit(book, "CRM_조치", task.row, task.column + 1, "김팀장")
    refresh_book(book, as_of=sunday(12))
    assert ladder(book)["정민재"][1] == "일시 중단"
    assert waiting(book) == 0
    assert ladder(book)["정민재"][8:10] == ["예", "김팀장"]
    assert not [task for task in tasks_of(book, as_of=sunday(12)).open() if task.kind == "ladder_suspension"]
    assert refresh_book(book, as_of=sunday(12)).run is None
    refresh_book(book, as_of=sunday(13))
    assert ladder(book)["정민재"][1] == "일시 중단"
    edit(book, "CRM_조치", task.row, task.column, "아니오")
    refresh_book(book, as_of=sunday(13))
    assert ladder(book)["정민재"][1] == "현장동행"


def test_the_ladder_read_in_one_go_is_the_ladder_of_week_after_week(book: Path, tmp_path: Path) -> None:
    other = tmp_path / "한번에" / book.name
    other.parent.mkdir()
    other.write_bytes(book.read_bytes())
    for weeks in (10, 11, 13):
        refresh_book(book, as_of=sunday(weeks))
    refresh_book(other, as_of=sunday(13))
    assert ladder(book) == ladder(other)


def test_where_nothing_is_measured_there_is_no_ladder_tab(tmp_path: Path) -> None:
    path = tmp_path / "문의.csv"
    path.write_text("접수일,업체,금액\n2026-09-01,한빛,1000\n2026-09-08,샛별,2000\n", "utf-8")
    into = tmp_path / "문의.xlsx"
    refresh_book(path, into=into)
    assert "CRM_조치" not in read_book(into).tabs
