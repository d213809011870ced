"""An open workbook: what is read of it, and where its journal is."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from addin.books.fake_live import FakeApp, FakeBook
from addin.books.fake_live_sheet import FakeTable
from addin.books.live import LiveBook, journal_path
from addin.crm.grid import CellError
from tests.unit.books.opened import WHEN, column, flags

if TYPE_CHECKING:
    from pathlib import Path


class TestReading:
    def test_values_errors_money_and_times_come_as_the_core_knows_them(self) -> None:
        from decimal import Decimal

        book = FakeBook()
        sheet = book.add("접수")
        given = ["글", 1.0, True, CellError("#N/A"), dt.datetime(2026, 9, 1, 9), dt.datetime(1899, 12, 30, 10)]
        sheet.cells = {(1, c): value for c, value in enumerate([*given, Decimal(5000)], 1)}
        line = LiveBook(book).snapshot().sheets[0].rows[0]
        assert list(line) == [*given[:5], dt.time(10), 5000.0]
        assert type(line[6]) is float

    def test_error_numbers_of_com_are_errors_too(self) -> None:
        book = FakeBook()
        book.add("접수").cells[1, 1] = -2146826281
        assert LiveBook(book).snapshot().sheets[0].rows[0][0] == CellError("#DIV/0!")

    def test_whether_a_date_shows_a_time_is_told_by_its_number_format(self) -> None:
        book = FakeBook()
        sheet = book.add("접수")
        for row, code in enumerate(["yyyy-mm-dd", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"], 1):
            sheet.cells[row, 1] = dt.datetime(2026, 9, row)
            sheet.formats[row, 1] = code
        has_time = LiveBook(book).snapshot().sheets[0].has_time
        assert [has_time(row, 1) for row in (1, 2, 3)] == [False, False, True]

    def test_dates_of_one_format_are_asked_about_once(self) -> None:
        book = FakeBook()
        sheet = book.add("접수")
        for row in range(1, 101):
            sheet.cells[row, 1] = dt.datetime(2026, 9, 1) if row > 1 else "접수일"
            sheet.formats[row, 1] = "yyyy-mm-dd hh:mm" if row > 1 else "General"
        has_time = LiveBook(book).snapshot().sheets[0].has_time
        before = len(book.app.calls)
        assert all(has_time(row, 1) for row in range(2, 101))
        assert len(book.app.calls) <= before + 1

    def test_lists_filters_merged_cells_hidden_tabs_and_names_are_seen(self) -> None:
        book = FakeBook()
        sheet = book.add("접수")
        sheet.cells = {(r, c): "x" for r in range(1, 10) for c in range(1, 6)}
        sheet.merged = [(1, 1, 1, 5), (4, 2, 6, 2)]
        sheet.filtered = (2, 1, 9, 5)
        sheet.tables = [FakeTable(sheet, "표1", (2, 1, 9, 5))]
        sheet.visible = False
        book.defined = {"_danggol.tab.kpi": "'접수'!$A$1", "둘": "'접수'!$A$1:$B$2"}
        snapshot = LiveBook(book).snapshot()
        grid = snapshot.sheets[0]
        assert sorted(grid.merged) == [(1, 1, 1, 5), (4, 2, 6, 2)]
        assert (grid.filters, grid.tables, grid.hidden) == ([(2, 1, 9, 5)], [(2, 1, 9, 5)], True)
        assert snapshot.names == {"_danggol.tab.kpi": ("접수", 1, 1)}

    def test_the_same_cells_have_the_same_digest(self, open_book: FakeBook) -> None:
        live = LiveBook(open_book)
        before = live.snapshot().sha256
        assert live.snapshot().sha256 == before
        open_book.sheets["접수"].cells[2, 2] = 11.0
        assert live.snapshot().sha256 != before

    @pytest.mark.parametrize("rows", [10, 5000])
    def test_reading_takes_a_few_calls_however_many_rows(self, rows: int) -> None:
        book = FakeBook()
        book.add("접수").cells = {(r, c): float(r) for r in range(1, rows + 1) for c in range(1, 13)}
        LiveBook(book).snapshot()
        assert len(book.app.calls) <= 6


class TestJournal:
    def test_a_saved_book_has_its_journal_beside_it(self, open_book: FakeBook, tmp_path: Path) -> None:
        LiveBook(open_book).apply(flags("정상"), when=WHEN)
        assert [p.name for p in (tmp_path / ".danggol").glob("*.jsonl")] == ["파트너.xlsx.20261121-203000-1.jsonl"]

    @pytest.mark.parametrize("fullname", ["통합 문서1", "https://d.docs.live.net/1/파트너.xlsx"])
    def test_one_never_saved_or_on_the_net_has_it_with_the_user(
        self, fullname: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DANGGOL_HOME", str(tmp_path))
        book = FakeBook(fullname.rpartition("/")[2], fullname, FakeApp())
        book.add("접수").cells[1, 1] = "업체"
        live = LiveBook(book)
        live.apply(flags("정상"), when=WHEN)
        assert live.path.is_relative_to(tmp_path)
        live.undo(when=WHEN)
        assert column(book) == [None] * 4

    def test_two_books_of_one_name_have_two_journals(self) -> None:
        assert journal_path("a.xlsx", "https://x/1/a.xlsx") != journal_path("a.xlsx", "https://x/2/a.xlsx")
