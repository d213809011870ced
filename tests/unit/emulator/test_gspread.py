"""Every method of gspread's worksheets, spreadsheets and clients works against the emulator, gspread unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
from gspread.utils import MergeType, ValidationConditionType, ValueInputOption

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = [["업체", "금액"], ["가나", 100], ["다라", 20]]


@pytest.fixture
def filled(tab: gspread.Worksheet) -> gspread.Worksheet:
    tab.update(ROWS, "A1")
    return tab


READS: dict[str, tuple[Callable[[gspread.Worksheet], Any], Any]] = {
    "acell": (lambda w: w.acell("B2").value, "100"),
    "cell": (lambda w: w.cell(3, 1).value, "다라"),
    "col_values": (lambda w: w.col_values(1), ["업체", "가나", "다라"]),
    "row_values": (lambda w: w.row_values(2), ["가나", "100"]),
    "find": (lambda w: w.find("다라").address, "A3"),
    "findall": (lambda w: [c.address for c in w.findall("100")], ["B2"]),
    "get": (lambda w: w.get("A2:B3"), [["가나", "100"], ["다라", "20"]]),
    "get_values": (lambda w: w.get_values("A1:A1"), [["업체"]]),
    "get_all_values": (lambda w: w.get_all_values(), [["업체", "금액"], ["가나", "100"], ["다라", "20"]]),
    "get_all_records": (lambda w: w.get_all_records(), [{"업체": "가나", "금액": 100}, {"업체": "다라", "금액": 20}]),
    "get_all_cells": (lambda w: len(w.get_all_cells()), 26_000),
    "range": (lambda w: [c.value for c in w.range("A1:B2")], ["업체", "금액", "가나", "100"]),
    "batch_get": (lambda w: w.batch_get(["A1:A2", "B3"]), [[["업체"], ["가나"]], [["20"]]]),
    "expand": (lambda w: w.expand(top_left_range_name="A1"), [["업체", "금액"], ["가나", "100"], ["다라", "20"]]),
    "get_note": (lambda w: w.get_note("A1"), ""),
    "get_notes": (lambda w: w.get_notes(), [["", ""], ["", ""], ["", ""]]),
    "list_groups": (lambda w: (w.list_dimension_group_columns(), w.list_dimension_group_rows()), ([], [])),
    "sizes": (lambda w: (w.row_count, w.col_count, w.column_count), (1000, 26, 26)),
    "frozen": (lambda w: (w.frozen_row_count, w.frozen_col_count), (0, 0)),
    "flags": (lambda w: (w.isSheetHidden, w.is_gridlines_hidden, w.tab_color), (False, False, None)),
}


@pytest.mark.parametrize("name", READS)
def test_reading(filled: gspread.Worksheet, name: str) -> None:
    read, expected = READS[name]
    assert read(filled) == expected


def values(w: gspread.Worksheet) -> list[list[str]]:
    return w.get_all_values()


WRITES: dict[str, tuple[Callable[[gspread.Worksheet], Any], list[list[str]]]] = {
    "update_acell": (lambda w: w.update_acell("B2", "=1+1"), [["업체", "금액"], ["가나", "2"], ["다라", "20"]]),
    "update_cell": (lambda w: w.update_cell(2, 2, "5"), [["업체", "금액"], ["가나", "5"], ["다라", "20"]]),
    "update_cells": (
        lambda w: w.update_cells([gspread.Cell(2, 2, "x"), gspread.Cell(3, 1, "y")]),
        [["업체", "금액"], ["가나", "x"], ["y", "20"]],
    ),
    "batch_update": (
        lambda w: w.batch_update([{"range": "A2", "values": [["z"]]}, {"range": "B3", "values": [[1]]}]),
        [["업체", "금액"], ["z", "100"], ["다라", "1"]],
    ),
    "append_row": (lambda w: w.append_row(["마", 3]), [["업체", "금액"], ["가나", "100"], ["다라", "20"], ["마", "3"]]),
    "append_rows": (lambda w: w.append_rows([["마"]]), [["업체", "금액"], ["가나", "100"], ["다라", "20"], ["마", ""]]),
    "insert_row": (lambda w: w.insert_row(["새"], 2), [["업체", "금액"], ["새", ""], ["가나", "100"], ["다라", "20"]]),
    "insert_rows": (
        lambda w: w.insert_rows([["1"], ["2"]], 3, value_input_option=ValueInputOption.user_entered),
        [["업체", "금액"], ["가나", "100"], ["1", ""], ["2", ""], ["다라", "20"]],
    ),
    "insert_cols": (
        lambda w: w.insert_cols([["a", "b"]], 2),
        [["업체", "a", "금액"], ["가나", "b", "100"], ["다라", "", "20"]],
    ),
    "delete_rows": (lambda w: w.delete_rows(2), [["업체", "금액"], ["다라", "20"]]),
    "delete_columns": (lambda w: w.delete_columns(1), [["금액"], ["100"], ["20"]]),
    "sort": (lambda w: w.sort((2, "asc"), range="A2:B3"), [["업체", "금액"], ["다라", "20"], ["가나", "100"]]),
    "clear": (lambda w: w.clear(), [[]]),
    "batch_clear": (lambda w: w.batch_clear(["A1:B1", "B3"]), [["", ""], ["가나", "100"], ["다라", ""]]),
    "resize": (lambda w: w.resize(2, 1), [["업체"], ["가나"]]),
    "copy_range": (
        lambda w: w.copy_range("A1:A2", "C1"),
        [["업체", "금액", "업체"], ["가나", "100", "가나"], ["다라", "20", ""]],
    ),
    "cut_range": (
        lambda w: w.cut_range("A1:A2", "C1"),
        [["", "금액", "업체"], ["", "100", "가나"], ["다라", "20", ""]],
    ),
    "merge_cells": (lambda w: w.merge_cells("A1:B1"), [["업체", ""], ["가나", "100"], ["다라", "20"]]),
}


@pytest.mark.parametrize("name", WRITES)
def test_writing(filled: gspread.Worksheet, name: str) -> None:
    write, expected = WRITES[name]
    write(filled)
    assert values(filled) == expected


def test_a_tab_changes_its_looks_and_properties(filled: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    w = filled
    w.update_title("새 이름")
    w.update_tab_color("#ff0000")
    w.freeze(1, 1)
    w.hide_gridlines()
    w.set_basic_filter("A1:B3")
    w.format("A1:B1", {"textFormat": {"bold": True}})
    w.batch_format([{"range": "A2", "format": {"numberFormat": {"type": "TEXT"}}}])
    w.columns_auto_resize(0, 1)
    w.rows_auto_resize(0, 1)
    w.hide_columns(2, 3)
    w.unhide_columns(2, 3)
    w.hide_rows(5, 6)
    w.unhide_rows(5, 6)
    w.add_dimension_group_columns(0, 2)
    w.add_dimension_group_rows(1, 3)
    w.add_validation("B2:B9", ValidationConditionType.one_of_list, ["예", "아니요"], showCustomUi=True)
    w.add_rows(5)
    w.add_cols(1)
    again = gspread.Spreadsheet(book.client, {"id": book.id}).sheet1
    assert (again.title, again.get_tab_color(), again.frozen_row_count) == ("새 이름", "#FF0000", 1)
    assert (again.row_count, again.col_count) == (1005, 27)
    assert again.is_gridlines_hidden
    assert [g["depth"] for g in again.list_dimension_group_rows()] == [1]
    w.delete_dimension_group_columns(0, 2)
    w.delete_dimension_group_rows(1, 3)
    w.clear_basic_filter()
    w.clear_tab_color()
    w.show_gridlines()
    w.freeze(0, 0)
    assert gspread.Spreadsheet(book.client, {"id": book.id}).sheet1.tab_color is None


def test_notes_merges_named_and_protected_ranges(filled: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    w = filled
    w.insert_note("A1", "처음")
    w.update_note("A1", "나중")
    w.insert_notes({"B2": "둘"})
    assert (w.get_note("A1"), w.get_notes()) == ("나중", [["나중", ""], ["", "둘"], ["", ""]])
    w.update_notes({"B2": "셋"})
    w.clear_note("A1")
    w.clear_notes(["B2"])
    assert {note for row in w.get_notes() for note in row} == {""}
    w.batch_merge([{"range": "A5:B6", "mergeType": MergeType.merge_rows}])
    w.unmerge_cells("A5:B6")
    made = w.define_named_range("A1:B3", "표")["replies"][0]["addNamedRange"]["namedRange"]
    assert [r["name"] for r in book.list_named_ranges()] == ["표"]
    assert [c.value for c in book.named_range("표")][:2] == ["업체", "금액"]
    w.delete_named_range(made["namedRangeId"])
    locked = w.add_protected_range("A1:A3", ["a@example.com"], description="키")
    id = locked["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    assert [r["protectedRangeId"] for r in book.list_protected_ranges(w.id)] == [id]
    w.delete_protected_range(id)
    assert book.list_protected_ranges(w.id) == []


def test_tabs_are_added_copied_hidden_reordered_and_deleted(book: gspread.Spreadsheet, gc: gspread.Client) -> None:
    first = book.sheet1
    second = book.add_worksheet("둘째", 5, 3, index=0)
    assert [w.title for w in book.worksheets()] == ["둘째", "Sheet1"]
    second.duplicate(new_sheet_name="셋째")
    book.duplicate_sheet(first.id, insert_sheet_index=3, new_sheet_name="넷째")
    book.reorder_worksheets([first, second])
    assert [w.title for w in book.worksheets()][:2] == ["Sheet1", "둘째"]
    second.update_index(0)
    assert book.get_worksheet(0).title == "둘째"
    second.hide()
    assert [w.title for w in book.worksheets(exclude_hidden=True)] == ["Sheet1", "셋째", "넷째"]
    second.show()
    other = gc.create("다른 문서")
    copied = first.copy_to(other.id)
    assert (copied["title"], other.worksheet("Copy of Sheet1").id) == ("Copy of Sheet1", copied["sheetId"])
    book.del_worksheet(book.worksheet("셋째"))
    book.del_worksheet_by_id(book.worksheet("넷째").id)
    assert book.get_worksheet_by_id(first.id).title == "Sheet1"
    with pytest.raises(gspread.WorksheetNotFound):
        book.worksheet("없는 탭")


def test_the_spreadsheet_itself(book: gspread.Spreadsheet) -> None:
    book.update_title("새 제목")
    book.update_locale("ko_KR")
    book.update_timezone("Asia/Seoul")
    again = gspread.Spreadsheet(book.client, {"id": book.id})
    assert (again.title, again.locale, again.timezone) == ("새 제목", "ko_KR", "Asia/Seoul")
    assert again.creationTime <= again.get_lastUpdateTime()
    again.update_drive_metadata()
    book.values_update("A1", {"valueInputOption": "RAW"}, {"values": [["가"]]})
    book.values_append("A1", {"valueInputOption": "RAW"}, {"values": [["나"]]})
    book.values_batch_update({"valueInputOption": "RAW", "data": [{"range": "B1", "values": [[1]]}]})
    assert book.values_batch_get(["A1:B2"])["valueRanges"][0]["values"] == [["가", "1"], ["나"]]
    book.values_batch_clear(body={"ranges": ["B1"]})
    book.values_clear("A2")
    assert book.values_get("A1:B9")["values"] == [["가"]]
    assert book.export(gspread.utils.ExportFormat.CSV) == "가".encode()


def test_sharing(gc: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.share("a@example.com", perm_type="user", role="writer")
    book.share("", perm_type="anyone", role="reader")
    book.share("example.org", perm_type="domain", role="reader")
    roles = {(p["type"], p["role"]) for p in book.list_permissions()}
    assert roles == {("user", "owner"), ("user", "writer"), ("anyone", "reader"), ("domain", "reader")}
    assert book.remove_permissions("a@example.com", role="any")
    assert len(gc.list_permissions(book.id)) == 3


def test_the_client_finds_copies_imports_and_deletes(gc: gspread.Client, book: gspread.Spreadsheet) -> None:
    book.sheet1.update([["가"]])
    assert gc.open("시험").id == book.id
    assert gc.open_by_key(book.id).title == "시험"
    assert gc.open_by_url(book.url).id == book.id
    copied = gc.copy(book.id, "사본", copy_permissions=True)
    assert copied.sheet1.acell("A1").value == "가"
    assert [s.title for s in gc.openall()] == ["사본", "시험"]
    gc.import_csv(copied.id, "a,b\n1,2026-09-14")
    imported = gc.open_by_key(copied.id)
    assert (imported.sheet1.title, imported.sheet1.get_all_values()) == ("사본", [["a", "b"], ["1", "2026-09-14"]])
    gc.del_spreadsheet(copied.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open_by_key(copied.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open("사본")


def test_a_folder_lists_what_was_made_in_it(gc: gspread.Client) -> None:
    made = gc.create("안", folder_id="folder")
    gc.create("밖")
    gc.copy(made.id, "사본", folder_id="other")
    assert [f["name"] for f in gc.list_spreadsheet_files(folder_id="folder")] == ["안"]
    assert [f["name"] for f in gc.list_spreadsheet_files("사본", folder_id="other")] == ["사본"]
    assert gc.open("안", folder_id="folder").id == made.id
    with pytest.raises(gspread.SpreadsheetNotFound):
        gc.open("밖", folder_id="folder")
