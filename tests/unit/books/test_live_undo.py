"""A run in an open workbook is taken back cell by cell; what people edited since stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books import CLEAR, Edits
from addin.books.journal import Journal
from addin.books.live import LiveBook
from addin.books.tab import Tab
from addin.books.undo import EditedSince
from addin.errors import BookError
from tests.unit.books.opened import WHEN, column, flags

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook

VALUES = st.one_of(st.none(), st.just(CLEAR), st.text("=+-'@가1/.", max_size=5), st.integers(-9, 9), st.booleans())


class TestUndo:
    def test_a_run_is_taken_back_and_that_again(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        before = dict(open_book.sheets["접수"].cells)
        edits = flags("정상", "주의", "위반")
        edits.fill("접수", 4, 3, "FAD0B8")
        edits.put_tab(Tab.of_values("CRM_점검", [["a"]]))
        live.apply(edits, when=WHEN)
        live.undo(when=WHEN)
        assert open_book.sheets["접수"].cells == before
        assert open_book.sheets["접수"].colors == {}
        assert open_book.defined == {}
        assert [s.name for s in open_book.sheets] == ["접수", "메모"]
        runs = Journal(live.path).runs()
        assert [(r.action, bool(r.undone_by)) for r in runs] == [("refresh", True), ("undo", False)]
        live.undo(runs[1].id, when=WHEN)
        assert column(open_book) == ["상태", "정상", "주의", "위반"]

    def test_a_cell_edited_since_stays_and_is_named(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        live.apply(flags("정상", "주의", "위반"), when=WHEN)
        open_book.sheets["접수"].cells[3, 3] = "내가 고침"
        with pytest.raises(EditedSince) as kept:
            live.undo(when=WHEN)
        assert [k.where for k in kept.value.edited] == ["접수!C3"]
        assert column(open_book) == [None, None, "내가 고침", None]

    def test_a_column_people_moved_is_found_by_its_name(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        live.apply(flags("정상", "주의", "위반"), when=WHEN)
        sheet = open_book.sheets["접수"]
        for row in range(1, 5):
            sheet.cells[row, 7] = sheet.cells.pop((row, 3))
        open_book.defined["_danggol.col.requests.flag.1"] = "'접수'!$G$1"
        live.undo(when=WHEN)
        assert column(open_book, 7) == [None] * 4

    def test_rows_sorted_since_are_known_by_what_stands_in_them(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        live.apply(flags("정상", "주의", "위반"), when=WHEN)
        second = Edits("refresh")
        second.write("접수", 2, 3, [["위반"]], marker="_danggol.col.requests.flag.1")
        live.apply(second, when=WHEN)
        sheet = open_book.sheets["접수"]
        for c in (1, 2, 3):
            sheet.cells[2, c], sheet.cells[4, c] = sheet.cells[4, c], sheet.cells[2, c]
        live.undo(when=WHEN)
        assert column(open_book) == ["상태", "위반", "주의", "정상"]

    def test_nothing_to_undo_is_said(self, open_book: FakeBook) -> None:
        with pytest.raises(BookError) as found:
            LiveBook(open_book).undo()
        assert found.value.message.id == "undo.nothing"

    @given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=3))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_was_written_can_be_taken_back(self, open_book: FakeBook, runs: list[list[object]]) -> None:
        live = LiveBook(open_book)
        sheet = open_book.sheets["접수"]
        before = dict(sheet.cells)
        for values in runs:
            edits = Edits()
            edits.write("접수", 2, 3, [[value] for value in values], colors={2: "FAD0B8"})  # type: ignore[misc]
            live.apply(edits, when=WHEN)
        for run in reversed([r for r in Journal(live.path).runs() if not r.undoes and not r.undone_by]):
            live.undo(run.id, when=WHEN)
        assert sheet.cells == before
        assert sheet.colors == {}
