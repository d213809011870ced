"""What other libraries than gspread send, and what they are known to get: pygsheets, gspread-formatting, Node's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

A1 = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
A1_C5 = {"startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 3}
HIDDEN = {"hiddenValues": ["111"]}


def test_a_list_of_requests_within_the_list_is_its_requests(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    # pygsheets' adjust_column_width
    columns = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 0, "endIndex": 1}
    wide = {"updateDimensionProperties": {"range": columns, "properties": {"pixelSize": 120}, "fields": "pixelSize"}}
    assert batch([wide])["replies"] == [{}]
    seen = whole(fields="sheets.data.columnMetadata")["sheets"][0]["data"][0]["columnMetadata"]
    assert seen[:2] == [{"pixelSize": 120}, {"pixelSize": 100}]
    refused = batch([{"addShet": {}}])["error"]["details"][0]["fieldViolations"][0]["field"]
    assert refused == "requests[0]"


@pytest.mark.parametrize(
    "given",
    [{"filterSpecs": [{"columnIndex": 0, "filterCriteria": HIDDEN}]}, {"criteria": {"0": HIDDEN}}],
    ids=["as a list", "by column"],
)
def test_a_filters_criteria_come_back_in_both_their_forms(
    batch: Callable[..., Any], whole: Callable[..., Any], given: dict[str, Any]
) -> None:
    both = {"criteria": {"0": HIDDEN}, "filterSpecs": [{"columnIndex": 0, "filterCriteria": HIDDEN}]}
    batch({"setBasicFilter": {"filter": {"range": {"sheetId": 0, **A1_C5}, "sortSpecs": [], **given}}})
    assert whole(fields="sheets.basicFilter") == {"sheets": [{"basicFilter": {"range": A1_C5, **both}}]}
    view = {"range": {"sheetId": 0, **A1_C5}, **given}
    made = batch({"addFilterView": {"filter": view}})["replies"][0]["addFilterView"]["filter"]
    assert {key: made[key] for key in both} == both
    batch({"updateFilterView": {"filter": {"filterViewId": made["filterViewId"], "title": "새"}, "fields": "title"}})
    [kept] = whole(fields="sheets.filterViews")["sheets"][0]["filterViews"]
    assert (kept["title"], kept["criteria"], kept["filterSpecs"]) == ("새", both["criteria"], both["filterSpecs"])
    empty = {"filterViewId": made["filterViewId"]}
    batch({"updateFilterView": {"filter": empty | {"filterSpecs": []}, "fields": "filterSpecs"}})
    [bare] = whole(fields="sheets.filterViews")["sheets"][0]["filterViews"]
    assert "criteria" not in bare
    assert "filterSpecs" not in bare


def test_a_filter_of_no_column_is_refused(batch: Callable[..., Any]) -> None:
    wrong = {"range": {"sheetId": 0, **A1_C5}, "criteria": {"A": HIDDEN}}
    assert batch({"setBasicFilter": {"filter": wrong}})["error"]["code"] == 400


def test_borders_in_a_format_have_a_width_and_a_colour(batch: Callable[..., Any], whole: Callable[..., Any]) -> None:
    # gspread-formatting: «Sheets API bug: user entered format will now contain default color and colorStyle.rgbColor»
    def seen(borders: dict[str, Any]) -> Any:
        cell = {"userEnteredFormat": {"borders": borders}}
        batch({"repeatCell": {"range": A1, "cell": cell, "fields": "userEnteredFormat.borders"}})
        data = whole(fields="sheets.data.rowData.values.userEnteredFormat")["sheets"][0]["data"][0]
        return data.get("rowData", [{"values": [{}]}])[0]["values"][0].get("userEnteredFormat", {}).get("borders")

    black = {"style": "SOLID", "width": 1, "color": {}, "colorStyle": {"rgbColor": {}}}
    assert seen({"bottom": {"style": "SOLID"}}) == {"bottom": black}
    assert list(seen({"bottom": {"style": "SOLID"}})["bottom"]) == ["style", "width", "color", "colorStyle"]
    red = {"style": "SOLID_THICK", "width": 3, "color": {"red": 1}, "colorStyle": {"rgbColor": {"red": 1}}}
    assert seen({"top": {"style": "SOLID_THICK", "color": {"red": 1}}, "left": {"style": "NONE"}}) == {"top": red}
    assert seen({"top": {"style": "NONE"}}) is None


def test_metadata_that_was_updated_is_still_found_and_deleted(
    batch: Callable[..., Any], call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    # pygsheets' DeveloperMetadata.update: every field, and a place without its type
    path = f"/v4/spreadsheets/{book.id}/developerMetadata"
    given = {"metadataKey": "k", "metadataValue": "v", "location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    made = batch({"createDeveloperMetadata": {"developerMetadata": given}})["replies"][0]["createDeveloperMetadata"]
    lookup = {"metadataId": made["developerMetadata"]["metadataId"], "metadataLocation": {"spreadsheet": True}}
    filters = [{"developerMetadataLookup": lookup}]
    new = {"dataFilters": filters, "developerMetadata": {**given, "metadataValue": "w"}, "fields": "*"}
    changed = batch({"updateDeveloperMetadata": new})["replies"][0]["updateDeveloperMetadata"]["developerMetadata"][0]
    assert changed == {
        **made["developerMetadata"],
        "metadataValue": "w",
        "location": {"locationType": "SPREADSHEET", "spreadsheet": True},
    }
    found = call("POST", path + ":search", json={"dataFilters": filters}).json()["matchedDeveloperMetadata"]
    assert [m["developerMetadata"] for m in found] == [changed]
    batch({"deleteDeveloperMetadata": {"dataFilter": filters[0]}})
    assert call("POST", path + ":search", json={"dataFilters": filters}).json() == {}


@pytest.mark.parametrize("order", ["recency", "folder,modifiedTime desc,name", "viewedByMeTime desc", "quotaBytesUsed"])
def test_files_are_listed_in_any_order_drive_knows(call: Callable[..., Any], order: str) -> None:
    assert call("GET", "/drive/v3/files", params={"orderBy": order}).status_code == 200


def test_a_path_may_end_in_a_slash(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    # google-spreadsheet for Node asks for /v4/spreadsheets/ID/ and leaves «!» as it is
    assert call("GET", f"/v4/spreadsheets/{book.id}/").json()["spreadsheetId"] == book.id
    assert call("GET", f"/v4/spreadsheets/{book.id}/values/%27Sheet1%27!A1:Z1").json()["range"] == "Sheet1!A1:Z1"
