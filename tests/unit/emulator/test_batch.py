"""batchUpdate's requests: what each does and what its reply says, as ``spreadsheets.get`` shows it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheets_sync.emulator import discovery
from sheets_sync.emulator.batch import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

BOX = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
#: The same as replies show it: a tab's id of 0 is left out.
SHOWN = {key: value for key, value in BOX.items() if key != "sheetId"}


def test_every_request_is_one_of_googles() -> None:
    assert set(REQUESTS) <= set(discovery.document("sheets")["schemas"]["Request"]["properties"])


def test_a_new_tab_is_shown_whole_and_gets_a_name(batch: Callable[..., Any]) -> None:
    given = {
        "tabColorStyle": {"rgbColor": {"red": 1}},
        "gridProperties": {"frozenRowCount": 1, "rowCount": 5},
        "hidden": False,
    }
    first, second = batch({"addSheet": {"properties": given}}, {"addSheet": {}})["replies"]
    shown = first["addSheet"]["properties"]
    assert shown.pop("sheetId") > 0
    assert shown == {
        "title": "Sheet2",
        "index": 1,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 5, "columnCount": 26, "frozenRowCount": 1},
        "tabColor": {"red": 1},
        "tabColorStyle": {"rgbColor": {"red": 1}},
    }
    assert second["addSheet"]["properties"]["title"] == "Sheet3"


def test_a_request_that_answers_nothing_has_an_empty_reply(
    batch: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    note = {"updateCells": {"start": {}, "rows": [{"values": [{"note": "x"}]}], "fields": "note"}}
    trim = {"trimWhitespace": {"range": {}}}
    assert batch(note, trim) == {"spreadsheetId": book.id, "replies": [{}, {"trimWhitespace": {}}]}


def test_named_ranges_leave_a_tabs_zero_out_and_keep_open_sides_open(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    open_ = {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2}
    reply = batch(
        {"addNamedRange": {"namedRange": {"name": "상자", "range": BOX, "namedRangeId": "n1"}}},
        {"addNamedRange": {"namedRange": {"name": "열", "range": open_, "namedRangeId": "n2"}}},
    )
    assert reply["replies"][0]["addNamedRange"]["namedRange"] == {"namedRangeId": "n1", "name": "상자", "range": SHOWN}
    assert whole()["namedRanges"][1]["range"] == {"startColumnIndex": 1, "endColumnIndex": 2}
    again = batch({"addNamedRange": {"namedRange": {"name": "상자", "range": BOX}}})["error"]["message"]
    assert again == (
        "Invalid requests[0].addNamedRange: Cannot add named range with name 상자, "
        "a named range with that name already exists."
    )


def test_a_named_range_moves_with_its_cells_and_goes_with_them(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    batch({"addNamedRange": {"namedRange": {"name": "상자", "range": BOX}}})
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    batch({"insertDimension": {"range": rows}})
    assert whole()["namedRanges"][0]["range"] == {**SHOWN, "startRowIndex": 1, "endRowIndex": 3}
    batch({"deleteDimension": {"range": {**rows, "endIndex": 3}}})
    assert "namedRanges" not in whole()


@pytest.mark.parametrize("warning", [False, True])
def test_a_protected_ranges_owner_is_among_its_editors_when_read_and_not_in_the_reply_yet(
    batch: Callable[..., Any], whole: Callable[..., Any], *, warning: bool
) -> None:
    given = {"range": {"sheetId": 0}, "description": "우리 것", "editors": {"users": ["hq@example.com"]}}
    asked = given | {"warningOnly": warning, "requestingUserCanEdit": False}
    reply = batch({"addProtectedRange": {"protectedRange": asked}})["replies"][0]["addProtectedRange"]["protectedRange"]
    assert reply["protectedRangeId"] > 0
    shown = {"warningOnly": True} if warning else {}
    assert reply == {
        "protectedRangeId": reply["protectedRangeId"],
        "range": {},
        "description": "우리 것",
        "editors": {"users": ["hq@example.com"]},
        "requestingUserCanEdit": True,
        **shown,
    }
    both = {"users": ["hq@example.com", "owner@example.com"]}
    assert whole()["sheets"][0]["protectedRanges"] == [reply | {"editors": both}]


@pytest.mark.parametrize("editors", [None, {"users": [], "groups": []}])
def test_a_protected_range_without_named_editors_answers_with_an_empty_message(
    batch: Callable[..., Any], whole: Callable[..., Any], editors: object
) -> None:
    given = {"range": {"sheetId": 0}, "editors": editors}
    reply = batch({"addProtectedRange": {"protectedRange": given}})["replies"][0]["addProtectedRange"]["protectedRange"]
    assert reply["editors"] == {}
    assert whole()["sheets"][0]["protectedRanges"][0]["editors"] == {"users": ["owner@example.com"]}


def test_a_filter_over_a_whole_tab_is_shown_with_its_sides(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    batch({"setBasicFilter": {"filter": {"range": {"sheetId": 0}}}})
    assert whole()["sheets"][0]["basicFilter"]["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 1000,
        "startColumnIndex": 0,
        "endColumnIndex": 26,
    }
    batch({"clearBasicFilter": {}})
    assert "basicFilter" not in whole()["sheets"][0]


def test_groups_turn_their_control_on_and_leave_it_so(batch: Callable[..., Any], whole: Callable[..., Any]) -> None:
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}
    shown = {"range": {key: value for key, value in columns.items() if key != "sheetId"}, "depth": 1}
    assert batch({"addDimensionGroup": {"range": columns}})["replies"] == [
        {"addDimensionGroup": {"dimensionGroups": [shown]}}
    ]
    fold = {"dimensionGroup": {**shown, "range": columns, "collapsed": True}, "fields": "collapsed"}
    batch({"updateDimensionGroup": fold})
    assert whole()["sheets"][0]["columnGroups"] == [{**shown, "collapsed": True}]
    assert batch({"deleteDimensionGroup": {"range": columns}})["replies"] == [{"deleteDimensionGroup": {}}]
    assert whole()["sheets"][0]["properties"]["gridProperties"]["columnGroupControlAfter"] is True


def cells(whole: Callable[..., Any], what: str) -> list[list[Any]]:
    data = whole(fields=f"sheets.data.rowData.values.{what}")["sheets"][0]["data"][0]
    return [[cell.get(what) for cell in row.get("values", [])] for row in data.get("rowData", [])]


def test_cells_are_set_under_a_mask_and_the_rest_of_a_range_is_cleared(
    batch: Callable[..., Any], whole: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update([["a", "b"], ["c", "d"]])
    row = {"values": [{"userEnteredValue": {"numberValue": 5}, "note": "메모"}]}
    batch({"updateCells": {"range": BOX, "rows": [row], "fields": "userEnteredValue"}})
    assert cells(whole, "userEnteredValue") == [[{"numberValue": 5}]]
    assert cells(whole, "note") == [[None]]


def test_a_repeated_formula_moves_along(batch: Callable[..., Any], tab: gspread.Worksheet) -> None:
    tab.update([[1, 10], [2, 20]])
    column = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 2, "endColumnIndex": 3}
    formula = {"userEnteredValue": {"formulaValue": "=A1+$B$1"}}
    batch({"repeatCell": {"range": column, "cell": formula, "fields": "userEnteredValue"}})
    assert tab.get("C1:C2") == [["11"], ["12"]]


def test_formats_are_set_field_by_field_and_colours_stand_in_both_forms(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    def look(format_: dict[str, Any], fields: str) -> Any:
        box = {**BOX, "endRowIndex": 1, "endColumnIndex": 1}
        cell = {"userEnteredFormat": format_}
        batch({"repeatCell": {"range": box, "cell": cell, "fields": f"userEnteredFormat({fields})"}})
        found = cells(whole, "userEnteredFormat")
        return found[0][0] if found else None

    assert look({"textFormat": {"bold": True, "italic": True}}, "textFormat") == {
        "textFormat": {"bold": True, "italic": True}
    }
    assert look({"textFormat": {"bold": False}}, "textFormat.bold") == {"textFormat": {"bold": False, "italic": True}}
    assert look({"backgroundColor": {"red": 1}}, "backgroundColor")["backgroundColorStyle"] == {"rgbColor": {"red": 1}}
    assert look({}, "textFormat,backgroundColor,backgroundColorStyle") is None


def test_colours_have_eight_bits_a_part_and_black_parts_are_left_out(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    given = {"tabColorStyle": {"rgbColor": {"red": 1, "green": 0, "blue": 0.5}}}
    batch({"updateSheetProperties": {"properties": {"sheetId": 0, **given}, "fields": "tabColorStyle"}})
    shown = {"red": 1, "blue": 0.49803922}
    found = whole(fields="sheets.properties(tabColor,tabColorStyle)")["sheets"][0]["properties"]
    assert found == {"tabColor": shown, "tabColorStyle": {"rgbColor": shown}}


def test_a_colour_style_with_nothing_in_it_takes_the_tabs_colour_away(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    for style in ({"rgbColor": {"red": 1}}, {"rgbColor": None}):
        properties = {"sheetId": 0, "tabColorStyle": style}
        batch({"updateSheetProperties": {"properties": properties, "fields": "tabColorStyle"}})
    assert whole(fields="sheets.properties(tabColor,tabColorStyle)") == {"sheets": [{"properties": {}}]}


def test_a_null_field_is_not_given(batch: Callable[..., Any], whole: Callable[..., Any]) -> None:
    batch({"addSheet": {"properties": {"title": None, "index": None}}})
    assert [s["properties"]["title"] for s in whole()["sheets"]] == ["Sheet1", "Sheet2"]


def test_appended_cells_come_after_the_last_row_with_data_and_the_grid_grows(
    batch: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.resize(3, 2)
    tab.update([["a"], [""], ["", "b"]])
    row = {"values": [{"userEnteredValue": {"stringValue": "=새"}}]}
    batch({"appendCells": {"sheetId": 0, "rows": [row, row], "fields": "userEnteredValue"}})
    assert tab.get("A1:B9") == [["a"], [], ["", "b"], ["=새"], ["=새"]]


def test_a_sort_puts_numbers_before_text_and_blanks_last_either_way(
    batch: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update([["나"], [3], [""], ["가"], [True], [1]])

    def sorted_(order: str) -> list[list[str]]:
        spec = {"dimensionIndex": 0, "sortOrder": order}
        batch({"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [spec]}})
        return tab.get("A1:A6")

    assert sorted_("ASCENDING") == [["1"], ["3"], ["가"], ["나"], ["TRUE"]]
    assert sorted_("DESCENDING") == [["TRUE"], ["나"], ["가"], ["3"], ["1"]]


def test_find_and_replace_counts_what_it_changed(batch: Callable[..., Any], tab: gspread.Worksheet) -> None:
    tab.update([["가나가", "다"], ["가", "=1+1"]], raw=False)
    reply = batch({"findReplace": {"find": "가", "replacement": "라", "allSheets": True}})["replies"][0]["findReplace"]
    assert reply == {"valuesChanged": 2, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 3}
    assert tab.get("A1:A2") == [["라나라"], ["라"]]
    regex = {"find": "(라)나", "replacement": "$1-", "searchByRegex": True, "sheetId": 0}
    batch({"findReplace": regex})
    assert tab.acell("A1").value == "라-라"
    assert batch({"findReplace": {"find": "없음", "sheetId": 0}})["replies"] == [{"findReplace": {}}]


def test_merging_keeps_the_first_value_and_shows_where(
    batch: Callable[..., Any], whole: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update([["", "b"], ["c", "d"]])
    batch({"mergeCells": {"range": BOX, "mergeType": "MERGE_ALL"}})
    assert (tab.get("A1:B2"), whole()["sheets"][0]["merges"]) == ([["b"]], [SHOWN])
    part = {**BOX, "endRowIndex": 1}
    assert "You must select all cells in a merged range" in batch({"unmergeCells": {"range": part}})["error"]["message"]
    batch({"unmergeCells": {"range": BOX}})
    assert "merges" not in whole()["sheets"][0]


def test_dropdowns_rules_and_borders_are_kept(batch: Callable[..., Any], whole: Callable[..., Any]) -> None:
    choice = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "예"}]}, "showCustomUi": True}
    cell = {**BOX, "endRowIndex": 1, "endColumnIndex": 1}
    red = {"backgroundColor": {"red": 1}, "backgroundColorStyle": {"rgbColor": {"red": 1}}}
    rule = {"ranges": [BOX], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": red}}
    batch(
        {"setDataValidation": {"range": cell, "rule": choice}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        {"updateBorders": {"range": cell, "top": {"style": "SOLID"}}},
        {"addBanding": {"bandedRange": {"range": BOX, "rowProperties": {"headerColor": {"red": 1}}}}},
    )
    assert cells(whole, "dataValidation") == [[choice]]
    sheet = whole()["sheets"][0]
    assert sheet["conditionalFormats"] == [{**rule, "ranges": [SHOWN]}]
    assert cells(whole, "userEnteredFormat")[0][0]["borders"]["top"]["style"] == "SOLID"
    gone = batch(
        {"setDataValidation": {"range": cell}},
        {"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}},
        {"deleteBanding": {"bandedRangeId": sheet["bandedRanges"][0]["bandedRangeId"]}},
    )
    assert gone["replies"][1]["deleteConditionalFormatRule"]["rule"]["ranges"] == [SHOWN]
    assert set(whole()["sheets"][0]) == {"properties"}
    empty = {"condition": {"type": "ONE_OF_LIST"}}
    assert "ONE_OF_LIST" in batch({"setDataValidation": {"range": cell, "rule": empty}})["error"]["message"]


def test_rows_and_columns_move_hide_and_are_sized(
    batch: Callable[..., Any], whole: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update([["1", "a"], ["2", "b"], ["3", "c"]])
    rows = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    batch({"moveDimension": {"source": rows, "destinationIndex": 3}})
    batch({"moveDimension": {"source": columns, "destinationIndex": 2}})
    assert tab.get("A1:B3") == [["b", "2"], ["c", "3"], ["a", "1"]]
    hide = {"range": columns, "properties": {"hiddenByUser": True, "pixelSize": 50}, "fields": "hiddenByUser,pixelSize"}
    batch({"updateDimensionProperties": hide})
    seen = whole(fields="sheets.data.columnMetadata")["sheets"][0]["data"][0]["columnMetadata"]
    assert seen[:2] == [{"pixelSize": 50, "hiddenByUser": True}, {"pixelSize": 100}]


def test_blocks_of_cells_are_pushed_aside_and_closed(batch: Callable[..., Any], tab: gspread.Worksheet) -> None:
    tab.update([["a", "b"], ["c", "d"]])
    one = {**BOX, "endRowIndex": 1, "endColumnIndex": 1}
    batch({"insertRange": {"range": one, "shiftDimension": "ROWS"}})
    assert tab.get("A1:B3") == [["", "b"], ["a", "d"], ["c"]]
    batch({"deleteRange": {"range": one, "shiftDimension": "COLUMNS"}})
    assert tab.get("A1:B3") == [["b"], ["a", "d"], ["c"]]


def test_text_is_pasted_split_trimmed_and_made_unique(batch: Callable[..., Any], tab: gspread.Worksheet) -> None:
    paste = {"coordinate": {"sheetId": 0}, "data": "가 ;1\n나;2\n가;1", "delimiter": ";", "type": "PASTE_NORMAL"}
    batch({"pasteData": paste})
    assert batch({"trimWhitespace": {"range": BOX}})["replies"] == [{"trimWhitespace": {"cellsChangedCount": 1}}]
    assert batch({"deleteDuplicates": {"range": {**BOX, "endRowIndex": 3}}})["replies"] == [
        {"deleteDuplicates": {"duplicatesRemovedCount": 1}}
    ]
    assert tab.get("A1:B3") == [["가", "1"], ["나", "2"]]
    tab.update([["x-y"]], "D1")
    source = {**BOX, "endRowIndex": 1, "startColumnIndex": 3, "endColumnIndex": 4}
    batch({"textToColumns": {"source": source, "delimiter": "-", "delimiterType": "CUSTOM"}})
    assert tab.get("D1:E1") == [["x", "y"]]


def test_copying_no_cells_does_nothing(batch: Callable[..., Any], tab: gspread.Worksheet) -> None:
    tab.update([["a"]])
    nothing = {**BOX, "endRowIndex": 0}
    assert batch({"copyPaste": {"source": nothing, "destination": BOX}})["replies"] == [{}]
    assert tab.get("A1:B2") == [["a"]]


def test_metadata_is_found_by_key(
    batch: Callable[..., Any], call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    given = {"metadataKey": "danggol", "metadataValue": "1", "location": {"sheetId": 0}, "visibility": "DOCUMENT"}
    made = batch({"createDeveloperMetadata": {"developerMetadata": given}})["replies"][0]["createDeveloperMetadata"]
    id = made["developerMetadata"]["metadataId"]
    lookup = {"developerMetadataLookup": {"metadataKey": "danggol"}}
    path = f"/v4/spreadsheets/{book.id}/developerMetadata"
    found = call("POST", path + ":search", json={"dataFilters": [lookup]}).json()["matchedDeveloperMetadata"]
    assert [m["developerMetadata"]["metadataId"] for m in found] == [id]
    assert call("GET", f"{path}/{id}").json()["metadataValue"] == "1"
    batch({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    assert call("GET", f"{path}/{id}").status_code == 404


def test_the_spreadsheet_comes_back_when_asked(batch: Callable[..., Any]) -> None:
    reply = batch({"addSheet": {"properties": {"title": "둘"}}}, includeSpreadsheetInResponse=True)
    assert [s["properties"]["title"] for s in reply["updatedSpreadsheet"]["sheets"]] == ["Sheet1", "둘"]


@pytest.mark.parametrize(
    "kind", sorted(set(discovery.document("sheets")["schemas"]["Request"]["properties"]) - set(REQUESTS))
)
def test_what_is_not_implemented_says_so(batch: Callable[..., Any], kind: str) -> None:
    assert batch({kind: {}})["error"]["code"] == 501
