"""An open workbook: the same plan, journal and undo as a file; the person's view stays as it is."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books import CLEAR, Edits
from addin.books.fake_live import FakeApp, FakeBook
from addin.books.fake_live_com import FakeError
from addin.books.fake_live_sheet import FakeTable
from addin.books.journal import Journal
from addin.books.live import LiveBook, journal_path
from addin.books.tab import Link, Tab
from addin.books.undo import EditedSince
from addin.crm.grid import CellError
from addin.errors import BookError, BookRefused

if TYPE_CHECKING:
    from pathlib import Path

VALUES = st.one_of(st.none(), st.just(CLEAR), st.text("=+-'@가1/.", max_size=5), st.integers(-9, 9), st.booleans())
WHEN = dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))


@pytest.fixture
def open_book(tmp_path: Path) -> FakeBook:
    """A team's open workbook: a list of three requests, a note, another tab in front."""
    book = FakeBook("파트너.xlsx", str(tmp_path / "파트너.xlsx"))
    sheet = book.add("접수")
    for r, line in enumerate([["업체", "금액"], ["가나", 10.0], ["다라", 20.0], ["마바", 30.0]], 1):
        for c, value in enumerate(line, 1):
            sheet.cells[r, c] = value
    book.add("메모").cells[1, 1] = "전화"
    book.shown = 1
    return book


def flags(*values: object, marker: str = "_danggol.col.requests.flag.1") -> Edits:
    """A new column C beside the list, marked as ours."""
    edits = Edits("refresh")
    edits.write("접수", 1, 3, [["상태"]], marker=marker)
    edits.write("접수", 2, 3, [[value] for value in values], marker=marker)  # type: ignore[misc]
    edits.mark(marker, "접수", 1, 3)
    return edits


def column(book: FakeBook, number: int = 3, sheet: str = "접수") -> list[object]:
    return [book.sheets[sheet].cells.get((row, number)) for row in range(1, 5)]


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

    @pytest.mark.parametrize("n", range(1, 7))
    def test_a_write_that_fails_midway_is_taken_back(self, open_book: FakeBook, n: int) -> None:
        live = LiveBook(open_book)
        live.apply(flags("정상", "정상", "정상"), when=WHEN)
        sheet = open_book.sheets["접수"]
        before = (dict(sheet.cells), dict(sheet.colors), dict(open_book.defined), [s.name for s in open_book.sheets])
        edits = flags("위반", "주의", "위반")
        edits.fill("접수", 2, 3, "FAD0B8")
        edits.write("메모", 1, 2, [["x"]])
        edits.put_tab(Tab.of_values("CRM_점검", [["a"]]))
        edits.mark("_danggol.tab.check", "CRM_점검")
        open_book.app.writes, open_book.app.fail_at = 0, n
        with pytest.raises(BookError) as found:
            live.apply(edits, when=WHEN)
        now = (dict(sheet.cells), dict(sheet.colors), dict(open_book.defined), [s.name for s in open_book.sheets])
        assert found.value.message.id == "live.taken_back"
        assert now == before
        assert len(Journal(live.path).runs()) == 1
        assert open_book.app.screen_updating

    def test_what_could_not_be_put_back_is_named(self, open_book: FakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
        live = LiveBook(open_book)
        write = live.host.write
        done: list[int] = []

        def dying(*given: object) -> None:
            if done:
                raise FakeError("gone")
            done.append(1)
            write(*given)  # type: ignore[arg-type]
            raise FakeError("going")

        monkeypatch.setattr(live.host, "write", dying)
        with pytest.raises(BookError) as found:
            live.apply(flags("정상"), when=WHEN)
        assert found.value.message.id == "live.stuck"
        assert "접수!C1" in str(found.value)


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
