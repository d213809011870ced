"""The buttons' actions on an open workbook say what they did, and do what the commands do on a file."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.adopt import adopt_book
from addin.actions.last_book import LastBook
from addin.actions.open import adopt_open, check_open, refresh_open, settings_open, undo_open
from addin.actions.refresh import refresh_book
from addin.actions.same import _plain as plain
from addin.books.fake_live import FakeBook
from addin.books.journal import Journal
from addin.books.live import LiveBook
from addin.books.read import read_book
from addin.books.render import render
from addin.books.tab import Tab
from addin.errors import BookRefused
from addin.today import now

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [
    ["업체명", "고객명", "연락처", "접수일", "진행상태", "금액"],
    ["가나상사", "김하나", "010-1111-2222", "2026-09-01", "접수", "100000"],
    ["가나상사", "이두리", "010-1111-3333", "2026-09-02", "완료", "25만원"],
    ["다라부동산", "박세찬", "010-1111-4444", "2026-13-40", "취소", "300000"],
    ["다라부동산", "최네모", "010-1111-5555", "2026-09-09", "완료", "400000"],
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path / "home"))
    target = tmp_path / "접수.xlsx"
    target.write_bytes(render([Tab.of_values("접수", ROWS)]))
    return target


@pytest.fixture
def book(path: Path) -> FakeBook:
    return FakeBook.opened(path)


def shown(grids: Any) -> dict[tuple[str, int, int], object]:
    return {
        (g.name, r, c): plain(value)
        for g in grids
        for r, line in enumerate(g.rows, 1)
        for c, value in enumerate(line, 1)
        if plain(value) is not None
    }


class TestSameAsAFile:
    @pytest.mark.parametrize("action", [adopt_book, lambda book: refresh_book(book, as_of="2026-09-30")])
    def test_every_cell_is_what_the_command_writes(self, path: Path, book: FakeBook, action: Any) -> None:
        file = path.with_name("file.xlsx")
        shutil.copy(path, file)
        action(file)
        action(LiveBook(book))
        snapshot, live = read_book(file), LiveBook(book).snapshot()
        ours, theirs = shown(live.sheets), shown(snapshot.sheets)
        different = {k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k)}
        assert {sheet for sheet, _, _ in different} <= {"CRM_기록"}  # the run's own time
        assert live.names == snapshot.names

    def test_a_second_refresh_writes_nothing(self, book: FakeBook) -> None:
        refresh_book(LiveBook(book), as_of="2026-09-30")
        writes = book.app.writes
        assert refresh_book(LiveBook(book), as_of="2026-09-30").run is None
        assert book.app.writes == writes

    def test_a_dry_run_writes_nothing(self, book: FakeBook) -> None:
        assert refresh_book(LiveBook(book), as_of="2026-09-30", dry_run=True).edits
        assert book.app.writes == 0


class TestButtons:
    def test_adopt_says_how_many_lists(self, book: FakeBook) -> None:
        assert "1개" in adopt_open(book)
        assert [s.name for s in book.sheets][:1] == ["접수"]
        assert "CRM_매핑" in [s.name for s in book.sheets]

    def test_a_book_without_a_list_says_so(self) -> None:
        book = FakeBook()
        book.add("빈 시트")
        assert "찾지 못했습니다" in adopt_open(book)

    def test_refresh_says_the_day_and_counts_then_that_nothing_is_new(self, book: FakeBook) -> None:
        assert "의뢰 4건" in refresh_open(book)
        assert refresh_open(book) == "바뀐 것이 없습니다."

    def test_check_counts_and_shows_the_tab(self, book: FakeBook) -> None:
        said = check_open(book)
        assert "1개" in said
        assert "CRM_점검" in said
        assert book.sheets.active.name == "CRM_점검"

    def test_undo_names_the_run_and_what_stays(self, book: FakeBook) -> None:
        refresh_open(book)
        tab = book.sheets["접수"]
        column = next(c for (r, c), v in tab.cells.items() if r == 1 and c > 6 and v)
        tab.cells[2, column] = "내가 씀"
        run = Journal(LiveBook(book).path).runs()[-1].id
        said = undo_open(book)
        assert run in said
        assert "접수!" in said
        assert tab.cells[2, column] == "내가 씀"

    def test_settings_is_shown_once_there_is_one(self, book: FakeBook) -> None:
        assert "도입" in settings_open(book)
        adopt_open(book)
        assert "CRM_설정" in settings_open(book)
        assert book.sheets.active.name == "CRM_설정"

    def test_a_locked_list_stops_refresh_before_it_writes(self, book: FakeBook) -> None:
        book.sheets["접수"].locked = True
        with pytest.raises(BookRefused) as refused:
            refresh_open(book)
        assert "접수" in str(refused.value)
        assert book.app.writes == 0

    def test_a_note_where_our_tab_would_grow_makes_that_tab_the_persons(self, book: FakeBook) -> None:
        check_open(book)
        tab = book.sheets["CRM_점검"]
        rows = max(r for r, _ in tab.cells)
        tab.cells[rows + 1, 1] = "내 메모"
        book.sheets["접수"].cells[3, 4] = "2026-99-99"
        book.sheets["접수"].cells[5, 6] = "삼백만"
        check_open(book)
        assert tab.cells[rows + 1, 1] == "내 메모"


class TestPressedAgain:
    """What the last press worked out is used again; nobody can tell."""

    @pytest.fixture(autouse=True)
    def fresh(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("addin.actions.last_book.LAST", LastBook())
        monkeypatch.setattr("addin.crm.remeasure.LEAST", 1)
        moment = now()
        monkeypatch.setattr("addin.actions.refresh.now", lambda: moment)

    def test_it_says_and_writes_what_a_first_press_does(self, path: Path, tmp_path: Path) -> None:
        other = tmp_path / "other" / path.name
        other.parent.mkdir()
        shutil.copy(path, other)
        one, two = FakeBook.opened(path), FakeBook.opened(other)
        changes: list[tuple[int, int, Any]] = [
            (2, 5, "완료"), (3, 6, "30만원"), (4, 4, "2026-09-08"), (6, 1, "새 업체"), (6, 4, "2026-11-18"),
            (6, 5, "접수"), (1, 7, "만족도"), (3, 1, "다라부동산"), (2, 6, "많이"), (5, 2, None),
        ]  # fmt: skip
        for change in [None, *changes]:
            for book in (one, two):
                if change is not None:
                    row, column, value = change
                    book.sheets["접수"].cells[row, column] = value
            said = refresh_open(one)
            assert said == refresh_book_anew(two)
            assert shown(LiveBook(one).snapshot().sheets) == shown(LiveBook(two).snapshot().sheets)

    def test_a_workbook_left_alone_is_let_go(self, path: Path) -> None:
        last = LastBook(0.05)
        session = last.session(path)
        assert last.session(path) is session
        deadline = time.monotonic() + 20
        while last._kept is not None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert last.session(path) is not session
        last.forget()


def refresh_book_anew(book: FakeBook) -> str:
    """A first press."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.actions.last_book.LAST", LastBook())
        return refresh_open(book)
