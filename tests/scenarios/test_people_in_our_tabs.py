"""What people type into danggol's own tabs and columns is theirs: kept, answered to, and never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.adopt import adopt_book
from addin.actions.history import undo_run
from addin.actions.refresh import refresh_book
from addin.books import Edits, open_book
from addin.books.read import Snapshot, read_book
from addin.i18n import say
from tests.messy.build import write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = write("monthly_tabs", tmp_path)
    refresh_book(path)
    return path


def put(path: Path, sheet: str, row: int, column: int, value: str) -> None:
    edits = Edits()
    edits.write(sheet, row, column, [[value]])
    open_book(path).apply(edits)


def find(snapshot: Snapshot, sheet: str, text: str) -> tuple[int, int]:
    grid = snapshot.grid(sheet)
    assert grid is not None
    return next((r, c) for r, row in enumerate(grid.rows, 1) for c, value in enumerate(row, 1) if value == text)


def answer_cell(path: Path, sheet: str, names: str, text: str, answers: str) -> tuple[int, int]:
    """The cell in the column headed ``answers`` on the row whose column headed ``names`` holds ``text``."""
    snapshot = read_book(path)
    grid = snapshot.grid(sheet)
    assert grid is not None
    _, among = find(snapshot, sheet, say(names))
    _, column = find(snapshot, sheet, say(answers))
    row = next(r for r in range(1, len(grid.rows) + 1) if grid.value(r, among) == text)
    return row, column


def spoil(path: Path) -> None:
    """Make the check tab grow: many different wrong amounts and dates."""
    edits = Edits()
    grid = read_book(path).sheets[0]
    head = next(i for i, row in enumerate(grid.rows, 1) if "접수일시" in row)
    dates, amounts = (list(grid.rows[head - 1]).index(h) + 1 for h in ("접수일시", "금액"))
    phones = list(grid.rows[head - 1]).index("연락처") + 1
    edits.write(grid.name, head + 1, dates, [["모름"]])
    edits.write(grid.name, head + 2, amounts, [["협의"]])
    edits.write(grid.name, head + 1, phones, [["전화없음"]])
    open_book(path).apply(edits)


def test_a_note_beside_a_tab_of_ours_stays_where_it_is(book: Path) -> None:
    put(book, "CRM_점검", 2, 30, "김대리에게 확인")
    spoil(book)
    refresh_book(book)
    grid = read_book(book).grid("CRM_점검")
    assert grid is not None
    assert grid.value(2, 30) == "김대리에게 확인"


def test_a_note_where_a_tab_of_ours_grows_keeps_its_tab_and_ours_is_drawn_anew(book: Path) -> None:
    grid = read_book(book).grid("CRM_점검")
    assert grid is not None
    put(book, "CRM_점검", len(grid.rows) + 1, 2, "내 메모")
    spoil(book)
    written = refresh_book(book)
    after = read_book(book)
    assert find(after, "CRM_점검", "내 메모") == (len(grid.rows) + 1, 2)
    assert "CRM_점검 (2)" in after.tabs
    assert "CRM_점검 (2)" in written.tabs
    assert refresh_book(book).run is None


def test_a_corrected_column_is_read_as_the_person_says_and_stays_corrected(book: Path) -> None:
    row, answer = answer_cell(book, "CRM_매핑", "view.mapping.h.header", "연락처", "view.mapping.h.answer")
    put(book, "CRM_매핑", row, answer, "비고")
    refresh_book(book)
    mapping = adopt_book(book).mapping
    requests = mapping.table("requests")
    assert requests is not None
    assert requests.columns["note"].header == "연락처"
    grid = read_book(book).grid("CRM_매핑")
    assert grid is not None
    assert "비고" in [grid.value(r, answer) for r in range(1, len(grid.rows) + 1)]


def test_next_month_s_file_with_the_same_headers_asks_nothing(book: Path, tmp_path: Path) -> None:
    row, answer = answer_cell(book, "CRM_매핑", "view.mapping.h.header", "연락처", "view.mapping.h.answer")
    put(book, "CRM_매핑", row, answer, "비고")
    refresh_book(book)
    (tmp_path / "next").mkdir()
    fresh = write("monthly_tabs", tmp_path / "next")
    requests = adopt_book(fresh, dry_run=True).mapping.table("requests")
    assert requests is not None
    assert requests.columns["note"].header == "연락처"
    assert requests.columns["note"].source == "remembered"
    assert adopt_book(fresh).run is not None
    assert adopt_book(fresh).run is None
    again = adopt_book(fresh).mapping.table("requests")
    assert again is not None
    assert {f: c.header for f, c in again.columns.items()} == {f: c.header for f, c in requests.columns.items()}


def test_what_map_said_holds_in_the_next_run_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("plain", tmp_path)
    adopt_book(path, maps=["note=연락처"])
    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path / "another user"))
    requests = adopt_book(path).mapping.table("requests")
    assert requests is not None
    assert requests.columns["note"].header == "연락처"


def test_a_threshold_a_person_set_is_used_and_kept(book: Path) -> None:
    keys = ("view.settings.h.id", "service.response_minutes", "view.settings.h.value")
    row, value = answer_cell(book, "CRM_설정", *keys)
    put(book, "CRM_설정", row, value, "3")
    refresh_book(book)
    grid = read_book(book).grid("CRM_설정")
    assert grid is not None
    assert str(grid.value(row, value)) == "3"


def test_undo_lists_the_flag_a_person_overwrote_and_takes_the_rest_back(tmp_path: Path) -> None:
    path = write("plain", tmp_path)
    refresh_book(path)
    row, column = find(read_book(path), read_book(path).sheets[0].name, "CRM 신호")
    put(path, read_book(path).sheets[0].name, row + 1, column, "내가 확인함")
    done = undo_run(path, next(iter(sorted(p.name.split(".")[-2] for p in (tmp_path / ".danggol").glob("*.jsonl")))))
    after = read_book(path)
    assert [place.partition("!")[2][-1:] for place in done.edited] == ["2"]
    assert after.sheets[0].value(row + 1, column) == "내가 확인함"
    assert after.sheets[0].value(row + 2, column) is None
    assert not [name for name in after.tabs if name.startswith("CRM_")]


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize(("tab", "name"), [("CRM_대시보드", "10월 보고"), ("CRM_KPI", "CRM_KPI (2)")])
def test_a_copy_of_a_tab_of_ours_is_no_list_of_the_team_s(book: Path, tab: str, name: str) -> None:
    before = refresh_book(book)
    opened = openpyxl.load_workbook(book)
    opened.copy_worksheet(opened[tab]).title = name
    opened.save(book)
    after = refresh_book(book)
    assert (after.partners, after.faults, after.requests) == (before.partners, before.faults, before.requests)
    [skipped] = [s for s in adopt_book(book).mapping.skipped if s.sheet == name]
    assert skipped.reason.id == "map.skipped.ours"
    assert refresh_book(book).run is None


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_copy_stays_no_list_when_our_own_tab_is_deleted(book: Path) -> None:
    before = refresh_book(book)
    opened = openpyxl.load_workbook(book)
    opened["CRM_KPI"].title = "지난달 KPI"  # openpyxl moves no name along: our marker is lost
    opened.save(book)
    after = refresh_book(book)
    assert "CRM_KPI" in after.tabs
    assert (after.partners, after.faults) == (before.partners, before.faults)
    assert refresh_book(book).run is None


def test_a_note_right_below_a_tab_of_ours_is_no_reason_to_write_it_again(book: Path) -> None:
    for tab in ("CRM_KPI", "CRM_설정", "CRM_매핑"):
        grid = read_book(book).grid(tab)
        assert grid is not None
        put(book, tab, len(grid.rows) + 1, 1, "내 메모")
    assert refresh_book(book).run is None


def test_a_name_a_person_adds_below_the_aliases_becomes_a_line_of_the_tab(tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    opened = openpyxl.Workbook()
    rows = [["접수번호", "업체명", "접수일"], ["1", "한빛 전기", "2026-10-01"], ["2", "한빛전기", "2026-10-02"]]
    for row in [*rows, ["3", "두리", "2026-10-03"], ["4", "두리상사 본점", "2026-10-04"]]:
        opened.active.append(row)
    opened.save(book)
    refresh_book(book)
    grid = read_book(book).grid("CRM_별칭")
    assert grid is not None
    below = len(grid.rows) + 1
    put(book, "CRM_별칭", below, 1, "두리상사 본점")
    put(book, "CRM_별칭", below, find(read_book(book), "CRM_별칭", say("view.aliases.h.answer"))[1], "두리")
    refresh_book(book)
    after = read_book(book)
    assert "CRM_별칭 (2)" not in after.tabs
    assert find(after, "CRM_별칭", "두리상사 본점")
    assert find(after, "CRM_별칭", say("view.aliases.answered"))
    assert refresh_book(book).run is None
