"""Tabs of ours in an open workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.books import Edits
from addin.books.live import LiveBook
from addin.books.tab import Link, Tab
from addin.errors import BookRefused
from tests.unit.books.opened import WHEN

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook


class TestTabs:
    def test_a_tab_of_ours_is_added_last_and_known_by_a_hidden_name(self, open_book: FakeBook) -> None:
        tab = Tab.of_values("CRM_점검", [["셀", "고칠 점"], ["A1", "날짜"]])
        tab.marker = "_danggol.tab.check"
        tab.put(3, 1, Link("가기", "접수", "A1"))
        edits = Edits("check")
        edits.put_tab(tab)
        edits.mark(tab.marker, tab.name)
        LiveBook(open_book).apply(edits, when=WHEN)
        assert [s.name for s in open_book.sheets] == ["접수", "메모", "CRM_점검"]
        assert open_book.sheets["CRM_점검"].cells[2, 2] == "날짜"
        assert open_book.sheets["CRM_점검"].cells[3, 1] == "가기"
        assert open_book.hidden_names >= {"_danggol.tab.check"}
        assert open_book.sheets["CRM_점검"].local["_danggol.block"] == "'CRM_점검'!$A$1:$B$3"

    @pytest.mark.parametrize(("before", "order"), [("메모", [0, 2, 1]), ("접수", [0, 2, 1]), ("없음", [0, 1, 2])])
    def test_a_new_tab_stands_where_it_says_and_the_open_one_stays(
        self, open_book: FakeBook, before: str, order: list[int]
    ) -> None:
        shown = open_book.sheets[open_book.shown].name
        tab = Tab.of_values("CRM_점검", [["셀"]])
        tab.before = before
        edits = Edits("check")
        edits.put_tab(tab)
        LiveBook(open_book).apply(edits, when=WHEN)
        assert [s.name for s in open_book.sheets] == [["접수", "메모", "CRM_점검"][i] for i in order]
        assert open_book.sheets[open_book.shown].name == shown

    def put(self, book: FakeBook, *lines: list[object]) -> None:
        tab = Tab.of_values("CRM_점검", lines)
        tab.marker = "_danggol.tab.check"
        edits = Edits("check")
        edits.put_tab(tab)
        if tab.marker not in book.defined:
            edits.mark(tab.marker, tab.name)
        LiveBook(book).apply(edits, when=WHEN)

    def test_a_tab_drawn_anew_is_the_same_sheet_and_keeps_notes_beside_it(self, open_book: FakeBook) -> None:
        self.put(open_book, ["셀"], ["A1"], ["A2"])
        sheet = open_book.sheets["CRM_점검"]
        sheet.cells[1, 5] = "내 메모"
        self.put(open_book, ["셀"], ["B7"])
        assert open_book.sheets["CRM_점검"] is sheet
        assert sheet.cells == {(1, 1): "셀", (2, 1): "B7", (1, 5): "내 메모"}

    def test_a_note_in_the_way_is_refused_before_anything_is_written(self, open_book: FakeBook) -> None:
        self.put(open_book, ["셀"])
        sheet = open_book.sheets["CRM_점검"]
        sheet.cells[2, 1] = "내 메모"
        with pytest.raises(BookRefused) as refused:
            self.put(open_book, ["셀"], ["A1"])
        assert (refused.value.message.id, refused.value.where) == ("graft.in_the_way", "CRM_점검!A2")
        assert sheet.cells[2, 1] == "내 메모"
