"""Open workbooks: one body of tests over an Excel in memory and a real LibreOffice."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.refresh import refresh_book
from addin.actions.same import _plain as plain
from addin.books import Edits
from addin.books.fake_live import FakeBook
from addin.books.live import LiveBook
from addin.books.read import read_book
from addin.books.render import render
from addin.books.tab import Tab
from addin.books.undo import EditedSince, undo
from addin.errors import BookRefused
from addin.hosts.buttons import press
from addin.hosts.calc.engine import calc_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEN = dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))
MARKER = "_danggol.col.requests.flag.1"
ROWS: list[list[object]] = [
    ["업체명", "고객명", "연락처", "접수일", "진행상태", "금액"],
    ["가나상사", "김하나", "010-1111-2222", dt.datetime(2026, 9, 1, 9, 30), "접수", 100000],
    ["가나상사", "이두리", "010-1111-3333", dt.date(2026, 9, 2), "완료", "25만원"],
    ["다라부동산", "박세찬", "010-1111-4444", "2026-13-40", "취소", 300000],
    ["다라부동산", "최네모", "010-1111-5555", dt.date(2026, 9, 9), "완료", 400000],
]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path / "home"))
    tab = Tab.of_values("접수", ROWS)
    tab.filter = (1, 1, 5, 6)
    tab.styles[2, 4] = "instant"
    target = tmp_path / "접수.xlsx"
    target.write_bytes(render([tab, Tab.of_values("메모", [["전화"]])]))
    return target


@pytest.fixture(params=["memory", "calc"])
def live(request: pytest.FixtureRequest, path: Path) -> Iterator[LiveBook]:
    if request.param == "memory":
        yield LiveBook(FakeBook.opened(path))
        return
    book = request.getfixturevalue("calc").books.open(str(path))
    yield LiveBook(book)
    book.close()


@pytest.fixture
def in_calc(calc: Any, path: Path) -> Iterator[LiveBook]:
    book = calc.books.open(str(path))
    yield LiveBook(book)
    for left in list(calc.books):
        left.close()


def cells(grids: Any, *leave_out: str) -> dict[tuple[str, int, int], object]:
    return {
        (g.name, r, c): plain(value)
        for g in grids
        for r, line in enumerate(g.rows, 1)
        for c, value in enumerate(line, 1)
        if plain(value) is not None and g.name not in leave_out
    }


def flags(*values: object) -> Edits:
    edits = Edits("refresh")
    edits.write("접수", 1, 7, [["상태"], *([value] for value in values)], marker=MARKER)  # type: ignore[list-item]
    edits.mark(MARKER, "접수", 1, 7)
    edits.join("접수", 1, 7, "상태")
    return edits


def test_dates_numbers_and_texts_are_read_as_from_the_file(live: LiveBook, path: Path) -> None:
    ours, theirs = live.snapshot(), read_book(path)
    assert cells(ours.sheets) == cells(theirs.sheets)
    assert [ours.sheets[0].has_time(row, 4) for row in (2, 3, 5)] == [True, False, False]
    assert ours.sheets[0].filters == [(1, 1, 5, 6)]


def test_a_refresh_of_an_open_book_writes_what_that_of_the_file_does(live: LiveBook, path: Path) -> None:
    file = path.with_name("file.xlsx")
    shutil.copy(path, file)
    refresh_book(file, as_of="2026-09-30")
    refresh_book(live, as_of="2026-09-30")
    ours, theirs = live.snapshot(), read_book(file)
    assert cells(ours.sheets, "CRM_기록") == cells(theirs.sheets, "CRM_기록")
    assert ours.names == theirs.names
    assert refresh_book(live, as_of="2026-09-30").run is None


def test_a_run_is_taken_back_whole(live: LiveBook) -> None:
    before = live.snapshot()
    refresh_book(live, as_of="2026-09-30")
    live.undo()
    after = live.snapshot()
    assert cells(after.sheets) == cells(before.sheets)
    assert (after.tabs, after.names) == (before.tabs, before.names)
    assert after.sheets[0].filters == before.sheets[0].filters


def test_text_stays_text_and_colours_are_seen(live: LiveBook) -> None:
    edits = flags("=1+1", "001", "2026-09-01", "-주의")
    edits.fill("접수", 2, 7, "FAD0B8", rows=2)
    live.apply(edits, when=WHEN)
    grid = live.snapshot().sheets[0]
    assert [grid.value(row, 7) for row in range(2, 6)] == ["=1+1", "001", "2026-09-01", "-주의"]
    sheet = live.book.sheets[0]
    assert live.host.fills(sheet, 7, range(1, 6)) == {1: None, 2: "FAD0B8", 3: "FAD0B8", 4: None, 5: None}
    assert grid.filters == [(1, 1, 5, 7)]


def test_a_cell_edited_since_stays_and_is_named(live: LiveBook) -> None:
    live.apply(flags("정상", "주의", "위반", "정상"), when=WHEN)
    live.host.write(live.book.sheets[0], 3, 7, [["내가 고침"]])
    with pytest.raises(EditedSince) as kept:
        live.undo(when=WHEN)
    assert [k.where for k in kept.value.edited] == ["접수!G3"]
    assert live.snapshot().sheets[0].value(3, 7) == "내가 고침"
    assert live.snapshot().sheets[0].value(2, 7) is None


def test_our_tab_drawn_anew_keeps_notes_and_what_points_at_it(live: LiveBook) -> None:
    def put(*lines: list[object]) -> None:
        tab = Tab.of_values("CRM_점검", lines)
        tab.marker = "_danggol.tab.check"
        edits = Edits("check")
        edits.put_tab(tab)
        edits.mark(tab.marker, tab.name)
        live.apply(edits, when=WHEN)

    put(["셀", "수"], ["A1", 5], ["A2", 7])
    sheet = live.book.sheets["CRM_점검"]
    live.host.write(sheet, 1, 6, [["내 메모"]])
    put(["셀", "수"], ["B7", 9])
    grid = live.snapshot().grid("CRM_점검")
    assert grid is not None
    assert [[v for v in line if v not in (None, "")] for line in grid.rows] == [["셀", "수", "내 메모"], ["B7", 9.0]]
    live.host.write(sheet, 3, 1, [["길을 막음"]])
    with pytest.raises(BookRefused) as refused:
        put(["셀", "수"], ["B7", 9], ["B8", 1])
    assert refused.value.where == "CRM_점검!A3"


def test_a_book_saved_by_calc_and_closed_is_undone_as_a_file(in_calc: LiveBook, path: Path) -> None:
    before = cells(read_book(path).sheets)
    refresh_book(in_calc, as_of="2026-09-30")
    in_calc.book.save()
    in_calc.book.close()
    assert len(cells(read_book(path).sheets)) > len(before)
    undo(path)
    assert cells(read_book(path).sheets) == before


def test_a_formula_on_another_tab_still_sees_the_tab_drawn_anew(in_calc: LiveBook) -> None:
    def put(number: int) -> None:
        tab = Tab.of_values("CRM_점검", [[number]])
        tab.marker = "_danggol.tab.check"
        edits = Edits("check")
        edits.put_tab(tab)
        edits.mark(tab.marker, tab.name)
        in_calc.apply(edits, when=WHEN)

    put(5)
    memo = in_calc.book.sheets["메모"]
    memo["B1"].formula = "='CRM_점검'!A1*2"
    put(9)
    in_calc.book.app.calculate()
    assert memo["B1"].value == 18
    assert memo["B1"].formula.replace("'", "") == "=CRM_점검!A1*2"


def test_a_sheet_calc_protects_is_refused_before_anything_is_written(in_calc: LiveBook) -> None:
    in_calc.book.sheets["접수"].api.protect("비밀")
    edits = Edits()
    edits.write("메모", 2, 1, [["먼저"]])
    edits.items += flags("정상").items
    with pytest.raises(BookRefused) as refused:
        in_calc.apply(edits, when=WHEN)
    assert refused.value.message.id == "live.protected"
    assert in_calc.snapshot().grid("메모").value(2, 1) is None  # type: ignore[union-attr]


def test_rows_hidden_by_calcs_filter_get_their_values_and_stay_hidden(in_calc: LiveBook) -> None:
    rows = in_calc.book.sheets["접수"].api.Rows
    rows.getByIndex(2).IsVisible = False
    in_calc.apply(flags("정상", "주의", "위반", "정상"), when=WHEN)
    assert in_calc.snapshot().sheets[0].value(3, 7) == "주의"
    assert [rows.getByIndex(i).IsVisible for i in range(5)] == [True, True, False, True, True]


def test_a_chart_of_another_tabs_cells_follows_them(in_calc: LiveBook) -> None:
    from addin.books.tab import Chart, Series

    funnel = Tab.of_values("CRM_퍼널", [["주", "건"], ["1주", 3], ["2주", 5]])
    page = Tab.of_values("CRM_대시보드", [["주별"]])
    series = Series("건", (2, 2, 3, 2), "0072B2", "column", shown=(3, 5))
    page.charts = [Chart("주별", 3, 1, (2, 1, 3, 1), (series,), sheet="CRM_퍼널", labels=("1주", "2주"))]
    edits = Edits("refresh")
    edits.put_tab(page)
    edits.put_tab(funnel)
    in_calc.apply(edits, when=WHEN)
    in_calc.host.write(in_calc.book.sheets["CRM_퍼널"], 2, 2, [[30.0]])
    chart = in_calc.book.sheets["CRM_대시보드"].api.Charts.getByIndex(0).EmbeddedObject
    drawn = chart.FirstDiagram.CoordinateSystems[0].ChartTypes[0].DataSeries[0].DataSequences[0].Values
    assert list(drawn.Data) == [30.0, 5.0]


def test_charts_and_bars_come_along_natively(in_calc: LiveBook) -> None:
    from addin.books.tab import Bars, Chart, Series

    tab = Tab.of_values("CRM_퍼널", [["주", "건"], ["1주", 3], ["2주", 5]])
    tab.marker = "_danggol.tab.funnel"
    tab.bars = [Bars((2, 2, 3, 2), "A9D3EE")]
    tab.charts = [Chart("주별", 5, 1, (2, 1, 3, 1), (Series("건", (2, 2, 3, 2), "0072B2"),))]
    for values in ([3, 5], [4, 6]):
        tab.cells[2, 2], tab.cells[3, 2] = values
        edits = Edits("refresh")
        edits.put_tab(tab)
        edits.mark(tab.marker, tab.name)
        in_calc.apply(edits, when=WHEN)
    sheet = in_calc.book.sheets["CRM_퍼널"]
    assert sheet.api.Charts.Count == 1
    assert len(in_calc.snapshot().grid("CRM_퍼널").drawn) == 1  # type: ignore[union-attr]


def test_while_the_last_tab_is_shown_tabs_with_charts_come_before_it_and_libreoffice_lives(
    soffice: str, path: Path
) -> None:
    from addin.books.tab import Chart, Series

    del soffice
    with calc_app(timeout=120, call_timeout=120) as app:  # one of its own: it used to end
        live = LiveBook(app.books.open(str(path)))
        document = live.book.api
        document.CurrentController.setActiveSheet(document.Sheets.getByName("메모"))
        edits = Edits("refresh")
        for name in ("CRM_퍼널", "CRM_KPI"):
            tab = Tab.of_values(name, [["주", "건"], ["1주", 3], ["2주", 5]])
            tab.charts = [Chart("주별", 5, 1, (2, 1, 3, 1), (Series("건", (2, 2, 3, 2), "0072B2"),))]
            tab.before = "메모"
            edits.put_tab(tab)
        live.apply(edits, when=WHEN)
        assert [sheet.name for sheet in live.book.sheets] == ["접수", "CRM_퍼널", "CRM_KPI", "메모"]
        assert live.book.sheets.active.name == "메모"


def test_an_office_that_dies_while_a_button_writes_is_one_sentence_and_no_trace(
    soffice: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del soffice
    said: list[str] = []
    screen = SimpleNamespace(status=said.append, alert=said.append)
    with calc_app(timeout=120, call_timeout=120) as app:
        book = app.books.open(str(path))

        def dying(_run: object) -> None:
            os.kill(app.pid, signal.SIGKILL)
            for _ in range(100):
                book.sheets[0].range("A1").value = 1

        monkeypatch.setattr("addin.books.live_write.carry_out", dying)
        assert not press("refresh", book, screen=screen)
    assert len(said) == 1
    assert "LibreOffice가 꺼졌습니다" in said[0]
