"""A partner at the keyboard: what people do in a browser, between our requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheets_sync.emulator.errors import ApiError

if TYPE_CHECKING:
    import gspread

    from sheets_sync.emulator.partner import Partner
    from sheets_sync.emulator.server import Server


@pytest.fixture
def partner(server: Server, book: gspread.Spreadsheet, tab: gspread.Worksheet) -> Partner:
    tab.update([["키", "업체"], ["2", "나"], ["1", "가"]])
    return server.partner(book.id, "p@example.com")


def test_typing_and_pasting_are_understood_as_in_a_browser(partner: Partner) -> None:
    partner.type("C2", "2026-09-14")
    partner.type("C3", True)
    partner.paste("A4", [["3", "다"], ["4", "라"]])
    assert partner.rows()[1:] == [["2", "나", "2026-09-14"], ["1", "가", "TRUE"], ["3", "다", ""], ["4", "라", ""]]
    assert (partner.cell("C2"), partner.cell("C3"), partner.cell("A4")) == (46279.0, True, 3.0)


def test_sorting_moving_inserting_and_deleting(partner: Partner) -> None:
    partner.sort("키")
    assert [row[0] for row in partner.rows()] == ["키", "1", "2"]
    partner.sort(1, descending=True)
    assert [row[0] for row in partner.rows()] == ["키", "2", "1"]
    partner.move_rows(3, 2)
    partner.move_columns(2, 1)
    assert partner.rows() == [["업체", "키"], ["가", "1"], ["나", "2"]]
    partner.insert_rows(2)
    partner.insert_columns(1)
    assert partner.rows() == [["", "업체", "키"], ["", "", ""], ["", "가", "1"], ["", "나", "2"]]
    partner.delete_rows(2)
    partner.delete_columns(1)
    partner.duplicate_row(2, 4)
    assert partner.rows() == [["업체", "키"], ["가", "1"], ["나", "2"], ["가", "1"]]


def test_undo_takes_ones_own_last_edit_back_and_nobody_elses(partner: Partner, tab: gspread.Worksheet) -> None:
    before = partner.rows()
    partner.sort(1)
    partner.undo()
    assert partner.rows() == before
    partner.type("B2", "바꿈")
    tab.update([["본사"]], "D1")
    partner.undo()
    assert partner.rows() == [["키", "업체", "", "본사"], ["2", "나", "", ""], ["1", "가", "", ""]]


def test_emptying_renaming_and_binning(server: Server, partner: Partner, book: gspread.Spreadsheet) -> None:
    version = server.store.files[book.id].version
    partner.rename_tab("다른 이름")
    partner.clear()
    assert (book.worksheets()[0].title, partner.rows()) == ("다른 이름", [])
    partner.trash()
    assert server.store.files[book.id].trashed
    assert server.store.files[book.id].version == version + 3
    partner.trash(False)
    book.add_worksheet("둘", 1, 1)
    server.partner(book.id, tab="다른 이름").delete_tab()
    assert [w.title for w in book.worksheets()] == ["둘"]


def test_a_checkbox_is_ticked_by_its_name_and_protected_cells_refuse(partner: Partner, tab: gspread.Worksheet) -> None:
    tab.define_named_range("E1", "danggol_refresh")
    tab.add_protected_range("A:A")
    partner.check("danggol_refresh")
    assert tab.acell("E1").value == "TRUE"
    for act in (lambda: partner.type("A2", "x"), lambda: partner.delete_rows(2), lambda: partner.clear("A1:B2")):
        with pytest.raises(ApiError, match="protected"):
            act()
