"""Writing into an open workbook: cells beside the person's, looks, lists; their view stays as it was."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from addin.books import CLEAR, Edits
from addin.books.fake_live import FakeBook
from addin.books.fake_live_sheet import FakeTable
from addin.books.journal import Journal
from addin.books.live import LiveBook
from addin.books.tab import Tab
from tests.unit.books.opened import WHEN, column, flags

if TYPE_CHECKING:
    from pathlib import Path


class TestWriting:
    def test_values_go_beside_the_list_and_the_rest_stays(self, open_book: FakeBook) -> None:
        receipt = LiveBook(open_book).apply(flags("정상", "주의", None), when=WHEN)
        assert column(open_book) == ["상태", "정상", "주의", None]
        assert column(open_book, 2) == ["금액", 10.0, 20.0, 30.0]
        assert (receipt.run, receipt.cells) == ("20261121-203000-1", 3)

    @pytest.mark.parametrize(
        "text", ["=1+1", "+8210", "-주의", "@가", "001", "3-4", "2026-09-01", "TRUE", "'따옴", "1e5"]
    )
    def test_text_stays_text(self, open_book: FakeBook, text: str) -> None:
        LiveBook(open_book).apply(flags(text), when=WHEN)
        assert open_book.sheets["접수"].cells[2, 3] == text
        assert not open_book.sheets["접수"].typed

    def test_clear_empties_and_none_leaves_alone(self, open_book: FakeBook) -> None:
        edits = Edits()
        edits.write("접수", 2, 1, [[CLEAR], [None], ["새"]])
        LiveBook(open_book).apply(edits, when=WHEN)
        assert column(open_book, 1) == ["업체", None, "다라", "새"]

    def test_a_formula_between_two_changes_stays_a_formula(self, open_book: FakeBook) -> None:
        sheet = open_book.sheets["접수"]
        sheet.cells |= {(2, 3): "가", (3, 3): 30.0, (4, 3): "나"}
        sheet.typed[3, 3] = "=SUM(B2:B3)"
        edits = Edits()
        edits.write("접수", 2, 3, [["갑"], [None], ["을"]], marker="m")
        LiveBook(open_book).apply(edits, when=WHEN)
        assert sheet.typed == {(3, 3): "=SUM(B2:B3)"}
        assert column(open_book)[1::2] == ["갑", "을"]

    def test_rows_a_filter_hides_get_their_values_and_the_filter_stays(self, open_book: FakeBook) -> None:
        sheet = open_book.sheets["접수"]
        sheet.filtered, sheet.hidden_rows = (1, 1, 4, 2), {3}
        edits = flags("정상", "주의", "위반")
        edits.join("접수", 1, 3, "상태")
        LiveBook(open_book).apply(edits, when=WHEN)
        assert column(open_book) == ["상태", "정상", "주의", "위반"]
        assert (sheet.filtered, sheet.hidden_rows) == ((1, 1, 4, 2), {3})

    def test_a_list_and_an_idle_filter_grow_with_our_column(self, open_book: FakeBook) -> None:
        sheet = open_book.sheets["접수"]
        sheet.filtered = (1, 1, 4, 2)
        sheet.tables = [FakeTable(sheet, "표1", (1, 1, 4, 2))]
        edits = flags("정상")
        edits.join("접수", 1, 3, "상태")
        LiveBook(open_book).apply(edits, when=WHEN)
        assert sheet.filtered == sheet.tables[0].rect == (1, 1, 4, 3)

    def test_colours_follow_their_rows(self, open_book: FakeBook) -> None:
        edits = Edits()
        edits.write("접수", 2, 3, [["위반"], ["정상"], ["위반"]], colors={2: "FAD0B8", 4: "FAD0B8"})
        LiveBook(open_book).apply(edits, when=WHEN)
        assert open_book.sheets["접수"].colors == {(2, 3): "FAD0B8", (4, 3): "FAD0B8"}

    def test_a_date_looks_like_one(self, open_book: FakeBook) -> None:
        LiveBook(open_book).apply(flags(dt.date(2026, 9, 1), dt.datetime(2026, 9, 1, 9, 30)), when=WHEN)
        sheet = open_book.sheets["접수"]
        assert column(open_book)[1:3] == [dt.datetime(2026, 9, 1), dt.datetime(2026, 9, 1, 9, 30)]
        assert sheet.formats[2, 3] == "yyyy-mm-dd"

    def test_a_width_is_set_where_people_set_none(self, open_book: FakeBook) -> None:
        sheet = open_book.sheets["접수"]
        sheet.widths[2] = 30.0
        edits = Edits()
        edits.width("접수", 2, 12.0)
        edits.width("접수", 3, 12.0)
        edits.write("접수", 1, 3, [["x"]])
        LiveBook(open_book).apply(edits, when=WHEN)
        assert sheet.widths == {2: 30.0, 3: 12.0}

    def test_the_persons_view_is_as_before(self, open_book: FakeBook) -> None:
        app = open_book.app
        app.calculation = "semiautomatic"
        edits = flags("정상")
        edits.put_tab(Tab.of_values("CRM_점검", [["a"]]))
        LiveBook(open_book).apply(edits, when=WHEN)
        assert open_book.sheets.active.name == "메모"
        assert (app.screen_updating, app.enable_events, app.display_alerts) == (True, True, True)
        assert (app.calculation, app.selection, app.status_bar) == ("semiautomatic", "A1", False)
        assert app.said  # something stood in the status bar meanwhile

    @pytest.mark.parametrize("rows", [10, 4000])
    def test_the_number_of_calls_does_not_grow_with_the_rows(self, tmp_path: Path, rows: int) -> None:
        book = FakeBook("가.xlsx", str(tmp_path / "가.xlsx"))
        book.add("접수").cells = {(r, 1): float(r) for r in range(1, rows + 1)}
        live = LiveBook(book)
        live.apply(flags(*["정상"] * rows), when=WHEN)
        assert len(book.app.calls) < 30
        book.app.calls.clear()
        scattered = Edits()
        marker = "_danggol.col.requests.flag.1"
        scattered.write("접수", 2, 3, [["주의" if r % 2 else None] for r in range(rows)], marker=marker)
        live.apply(scattered, when=WHEN)
        assert len(book.app.calls) < 30

    def test_an_empty_plan_and_one_that_changes_nothing_leave_no_run(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        assert live.apply(Edits()).run is None
        same = Edits()
        same.write("접수", 2, 2, [[10]])
        assert live.apply(same, when=WHEN).run is None
        assert Journal(live.path).runs() == []
