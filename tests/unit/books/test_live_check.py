"""What would do harm in an open workbook is refused before the first cell is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from addin.books import Edits
from addin.books.live import LiveBook
from addin.books.tab import Tab
from addin.errors import BookRefused
from tests.unit.books.opened import WHEN, flags

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook


class TestRefusing:
    def refused(self, book: FakeBook, edits: Edits) -> str:
        before = json.dumps([sorted(map(str, s.cells.items())) for s in book.sheets])
        with pytest.raises(BookRefused) as found:
            LiveBook(book).apply(edits, when=WHEN)
        assert json.dumps([sorted(map(str, s.cells.items())) for s in book.sheets]) == before
        assert book.app.writes == 0
        return found.value.message.id

    def test_a_locked_sheet_is_named_and_nothing_at_all_is_written(self, open_book: FakeBook) -> None:
        open_book.sheets["접수"].locked = True
        edits = Edits()
        edits.write("메모", 2, 1, [["먼저"]])
        edits.items += flags("정상").items
        assert self.refused(open_book, edits) == "live.protected"

    def test_a_locked_structure_takes_no_new_tab(self, open_book: FakeBook) -> None:
        open_book.api.ProtectStructure = True
        edits = flags("정상")
        edits.put_tab(Tab.of_values("CRM_점검", [["a"]]))
        assert self.refused(open_book, edits) == "live.structure"

    @pytest.mark.parametrize(
        ("edits", "id"),
        [
            (lambda e: e.write("없음", 1, 1, [["a"]]), "book.no_sheet"),
            (lambda e: e.write("접수", 9, 1, [["a"], ["b"]]), "book.merged"),
            (lambda e: e.write("접수", 1, 1, [["a" * 40_000]]), "book.text_too_long"),
            (lambda e: e.write("접수", 1, 1, [[float("nan")]]), "book.not_a_number"),
            (lambda e: e.put_tab(Tab.of_values("메모", [["a"]])), "book.sheet_name_used"),
            (lambda e: e.put_tab(Tab.of_values("a/b", [["a"]])), "book.sheet_name_bad"),
        ],
    )
    def test_what_would_do_harm_is_refused_first(self, open_book: FakeBook, edits: object, id: str) -> None:
        open_book.sheets["접수"].merged = [(9, 1, 10, 1)]
        plan = flags("정상")
        edits(plan)  # type: ignore[operator]
        assert self.refused(open_book, plan) == id
