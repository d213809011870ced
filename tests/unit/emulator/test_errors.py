"""Refusals, word for word as Google words them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sheets_sync.emulator.server import Server

BEYOND = "exceeds grid limits. Max rows: 1000, max columns: 26"
AB = {"startColumnIndex": 0, "endColumnIndex": 2}


@pytest.mark.parametrize(
    ("verb", "path", "code", "status", "message"),
    [
        ("GET", "/nothing-here", 404, "NOT_FOUND", "Requested entity was not found."),
        ("GET", "/{id}/values/Nope!A1", 400, "INVALID_ARGUMENT", "Unable to parse range: Nope!A1"),
        ("GET", "/{id}/values/A", 400, "INVALID_ARGUMENT", "Unable to parse range: A"),
        (
            "GET",
            "/{id}/values/A1001:B1002",
            400,
            "INVALID_ARGUMENT",
            f"Range (Sheet1!A1001:B1002) {BEYOND}",
        ),
        (
            "GET",
            "/{id}/values/AA1",
            400,
            "INVALID_ARGUMENT",
            "Range (Sheet1!AA1) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        ("PUT", "/{id}/values/A1", 400, "INVALID_ARGUMENT", "'valueInputOption' is required but not specified"),
        (
            "GET",
            "/{id}/values/A1?valueRenderOption=NICE",
            400,
            "INVALID_ARGUMENT",
            "Invalid value at 'value_render_option' "
            '(type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), "NICE"',
        ),
        (
            "GET",
            "/{id}?includeGridDat=true",
            400,
            "INVALID_ARGUMENT",
            'Invalid JSON payload received. Unknown name "includeGridDat": Cannot bind query parameter. '
            "Field 'includeGridDat' could not be found in request message.",
        ),
    ],
)
def test_sheets(
    call: Callable[..., Any], book: gspread.Spreadsheet, verb: str, path: str, code: int, status: str, message: str
) -> None:
    body = {"values": [["x"]]} if verb == "PUT" else None
    answer = call(verb, "/v4/spreadsheets" + path.format(id=book.id), json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["status"], error["message"]) == (code, code, status, message)
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"addSheet": {"properties": {"title": "Sheet1"}}},
            'A sheet with the name "Sheet1" already exists. Please enter another name.',
        ),
        ({"deleteSheet": {"sheetId": 7}}, "No sheet with id: 7"),
        ({"deleteSheet": {"sheetId": 0}}, "You can't remove all the sheets in a document."),
        (
            {"updateSheetProperties": {"properties": {"hidden": True}, "fields": "hidden"}},
            "You can't hide all the sheets in a document.",
        ),
        (
            {"updateSheetProperties": {"properties": {"title": ""}, "fields": "title"}},
            "The sheet name cannot be empty.",
        ),
        (
            {"updateSheetProperties": {"properties": {"title": "x"}}},
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        ({"repeatCell": {"range": {"sheetId": 7}, "cell": {}, "fields": "note"}}, "No grid with id: 7"),
        (
            {
                "repeatCell": {
                    "range": {"startRowIndex": 1000, "startColumnIndex": 0, "endColumnIndex": 2},
                    "cell": {},
                    "fields": "note",
                }
            },
            "Range (Sheet1!A1001:B) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            {"updateCells": {"start": {"rowIndex": 1000}, "rows": [{}], "fields": "note"}},
            "GridCoordinate.rowIndex[1000] is after last row in grid[999]",
        ),
        ({"pasteData": {"coordinate": {"rowIndex": -1}, "data": "x"}}, "GridCoordinate indexes must be >= 0"),
        (
            {"insertDimension": {"range": {"dimension": "ROWS", "startIndex": -1, "endIndex": 1}}},
            "DimensionRange indexes must be >= 0",
        ),
        (
            {"addNamedRange": {"namedRange": {"name": "x", "range": {"startColumnIndex": 2, "endColumnIndex": 1}}}},
            "endColumnIndex[1] cannot be before startColumnIndex[2]",
        ),
        (
            {
                "updateCells": {
                    "start": {"rowIndex": 0, "columnIndex": 25},
                    "rows": [{"values": [{}, {}]}],
                    "fields": "note",
                }
            },
            "Attempting to write column: 26, beyond the last requested column of: 25",
        ),
        (
            {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 1000, "endIndex": 1001}}},
            "Cannot delete a row that doesn't exist. Tried to delete row index 1000 but there are only 1000 rows.",
        ),
        (
            {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 0, "endIndex": 1000}}},
            "You can't delete all the rows on the sheet.",
        ),
        (
            {"insertDimension": {"range": {"dimension": "COLUMNS", "startIndex": 26, "endIndex": 27}}},
            "range.startIndex must be less than the grid size if inheritFromBefore is false.",
        ),
        (
            {"appendDimension": {"dimension": "ROWS", "length": 1_000_000}},
            "This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
        ),
    ],
)
def test_a_refused_request_is_named_and_nothing_of_its_batch_is_done(
    batch: Callable[..., Any], book: gspread.Spreadsheet, request_: dict[str, Any], message: str
) -> None:
    before = book.fetch_sheet_metadata()
    error = batch({"updateSpreadsheetProperties": {"properties": {"title": "x"}, "fields": "title"}}, request_)["error"]
    assert error["message"] == f"Invalid requests[1].{next(iter(request_))}: {message}"
    assert error["status"] == "INVALID_ARGUMENT"
    assert book.fetch_sheet_metadata() == before


def test_an_unknown_field_is_named_with_its_place(batch: Callable[..., Any]) -> None:
    place = "requests[0].add_sheet.properties"
    sentence = f"Invalid JSON payload received. Unknown name \"titel\" at '{place}': Cannot find field."
    assert batch({"addSheet": {"properties": {"titel": "x"}}})["error"] == {
        "code": 400,
        "message": sentence,
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.BadRequest",
                "fieldViolations": [{"field": place, "description": sentence}],
            }
        ],
    }


def test_a_wrong_type_and_a_wrong_word_are_named(batch: Callable[..., Any]) -> None:
    wrong = {"properties": {"sheetId": "abc", "sheetType": "BOX"}}
    assert batch({"addSheet": wrong})["error"]["message"].split("\n") == [
        "Invalid value at 'requests[0].add_sheet.properties.sheet_id' (TYPE_INT32), \"abc\"",
        "Invalid value at 'requests[0].add_sheet.properties.sheet_type' "
        '(type.googleapis.com/google.apps.sheets.v4.SheetType), "BOX"',
    ]


@pytest.mark.parametrize(
    ("request_", "place", "field", "second"),
    [
        ({"addSheet": {}, "deleteSheet": {"sheetId": 1}}, "", "kind", "deleteSheet"),
        ({"updateCells": {"start": {}, "range": {}, "fields": "note"}}, ".update_cells", "area", "range"),
        (
            {"repeatCell": {"cell": {"userEnteredValue": {"numberValue": 1, "boolValue": True}}, "fields": "*"}},
            ".repeat_cell.cell.user_entered_value",
            "value",
            "boolValue",
        ),
    ],
)
def test_of_a_choice_only_one_may_be_given(
    batch: Callable[..., Any], request_: dict[str, Any], place: str, field: str, second: str
) -> None:
    assert batch(request_)["error"]["message"] == (
        f"Invalid value at 'requests[0]{place}' (oneof), oneof field '{field}' is already set. Cannot set '{second}'"
    )


@pytest.mark.parametrize(
    ("lookup", "message"),
    [
        (
            {"locationType": "SPREADSHEET", "metadataLocation": {"sheetId": 0}},
            "Cannot limit by location type of SPREADSHEET for the location sheetId",
        ),
        ({"locationMatchingStrategy": "EXACT_LOCATION"}, "A locationMatchingStrategy was specified, but no "),
        (
            {"locationMatchingStrategy": "EXACT_LOCATION", "locationType": "SHEET", "metadataLocation": {"sheetId": 0}},
            "The locationMatchingStrategy was specified as EXACT_LOCATION, but a locationType was also specified",
        ),
        ({"metadataLocation": {"sheetId": 7}}, "No grid with id: 7"),
    ],
)
def test_a_lookup_that_contradicts_itself_is_refused(
    call: Callable[..., Any], book: gspread.Spreadsheet, lookup: dict[str, Any], message: str
) -> None:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    answer = call("POST", f"/v4/spreadsheets/{book.id}/developerMetadata:search", json=body)
    assert answer.json()["error"]["message"].startswith(message)


def test_a_list_in_a_cell_is_refused(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW"
    message = call("PUT", path, json={"values": [["a"], [["b"]]]}).json()["error"]["message"]
    assert message == 'Invalid values[1][0]: list_value {\n  values {\n    string_value: "b"\n  }\n}\n'


def test_values_that_are_no_list_are_refused(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW"
    sentence = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    error = call("PUT", path, json={"values": "X", "majorDimension": None}).json()["error"]
    assert error["message"] == sentence
    assert error["details"][0]["fieldViolations"] == [{"field": "data.values", "description": sentence}]


def test_an_empty_batch_and_one_of_what_is_not_implemented(batch: Callable[..., Any]) -> None:
    assert batch()["error"]["message"] == "Must specify at least one request."
    assert batch({"addChart": {}})["error"] == {
        "code": 501,
        "message": "The emulator does not implement batchUpdate's addChart.",
        "status": "UNIMPLEMENTED",
    }


def test_an_unknown_mask_names_its_path(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    error = call("GET", f"/v4/spreadsheets/{book.id}?fields=sheets.propertys").json()["error"]
    assert error["message"] == "Request contains an invalid argument."
    assert error["details"][0]["fieldViolations"][0]["description"] == (
        "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.propertys'."
    )


def test_drive(call: Callable[..., Any]) -> None:
    assert call("GET", "/drive/v3/files/nope").json() == {
        "error": {
            "code": 404,
            "message": "File not found: nope.",
            "errors": [
                {
                    "message": "File not found: nope.",
                    "domain": "global",
                    "reason": "notFound",
                    "location": "fileId",
                    "locationType": "parameter",
                }
            ],
        }
    }
    one = call("GET", "/drive/v3/files/nope").json()["error"]["errors"][0]
    assert list(one) == ["message", "domain", "reason", "location", "locationType"]
    assert call("GET", "/drive/v3/files?q=nonsense").json()["error"]["errors"][0]["location"] == "q"
    assert call("GET", "/drive/v3/files?fields=files(nme)").json()["error"]["message"] == (
        "Invalid field selection files/nme"
    )
    assert call("POST", "/drive/v3/channels/stop", json={}).status_code in {404, 501}


@pytest.mark.parametrize("path", ["/v4/spreadsheets/x", "/drive/v3/files"])
def test_without_a_token_a_read_is_403_and_a_write_401(server: Server, path: str) -> None:
    read = requests.get(server.url + path, timeout=10).json()["error"]
    assert (read["code"], read["status"]) == (403, "PERMISSION_DENIED")
    assert read["message"].startswith("Method doesn't allow unregistered callers")
    path = path.replace("x", "x:batchUpdate")
    write = requests.post(server.url + path, json={}, timeout=10).json()["error"]
    assert (write["code"], write["status"]) == (401, "UNAUTHENTICATED")
    assert write["message"].startswith("Request is missing required authentication credential.")
    if "drive" in path:
        assert read["errors"][0]["reason"] == "forbidden"
        assert write["errors"][0]["message"] == "Login Required."


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("alt=json&callback=&$.xgafv=2", 200),
        ("alt=JSON", 200),
        ("alt=media", 501),
        ("callback=f", 501),
        ("$.xgafv=1", 501),
        ("$.xgafv=3", 400),
        ("$.xgafv=3&$.xgafv=2", 200),
    ],
)
def test_another_form_of_the_answer_is_never_ignored(
    call: Callable[..., Any], book: gspread.Spreadsheet, query: str, code: int
) -> None:
    assert call("GET", f"/v4/spreadsheets/{book.id}?{query}").status_code == code


def test_an_answer_without_spaces_where_asked_but_never_a_refusal(
    call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/"
    assert call("GET", path + "A1?prettyPrint=false&prettyPrint=true").content == (
        b'{"range":"Sheet1!A1","majorDimension":"ROWS"}'
    )
    assert call("GET", path + "A1").content == b'{\n  "range": "Sheet1!A1",\n  "majorDimension": "ROWS"\n}\n'
    assert call("GET", path + "A?prettyPrint=false").content.startswith(b'{\n  "error"')


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("majorDimension=2", True),
        ("majorDimension=%2B02", True),
        ("majorDimension=ROWS&majorDimension=COLUMNS", True),
        ("majorDimension=COLUMNS&majorDimension=0", False),
    ],
)
def test_a_word_may_be_its_number_and_the_last_of_two_counts(
    call: Callable[..., Any], tab: gspread.Worksheet, query: str, *, columns: bool
) -> None:
    tab.update([["a", "b"]])
    values = call("GET", f"/v4/spreadsheets/{tab.spreadsheet_id}/values/A1:B1?{query}").json()["values"]
    assert values == ([["a"], ["b"]] if columns else [["a", "b"]])


@pytest.mark.parametrize("number", ["3", "-1", "2.0", "%202", ""])
def test_a_number_no_word_has_is_refused(call: Callable[..., Any], book: gspread.Spreadsheet, number: str) -> None:
    answer = call("GET", f"/v4/spreadsheets/{book.id}/values/A1?majorDimension={number}")
    assert answer.json()["error"]["message"].startswith("Invalid value at 'major_dimension'")


def test_what_a_body_spells_differently_is_the_same_request(
    batch: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    batch({"insert_dimension": {"range": {"dimension": 1, "startIndex": "0", "end_index": 3.0}}})
    batch({"updateSheetProperties": {"properties": {"hidden": "no", "index": "0"}, "fields": "hidden,index"}})
    assert book.fetch_sheet_metadata()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1003


def test_a_path_google_does_not_serve_is_its_404_page(call: Callable[..., Any]) -> None:
    answer = call("GET", "/v4/nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=UTF-8")


def test_a_payload_too_large(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    answer = call("POST", f"/v4/spreadsheets/{book.id}/values/A1:append", data=b" " * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413


def test_a_cell_holds_fifty_thousand_characters(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW"
    assert call("PUT", path, json={"values": [["x" * 50_000]]}).status_code == 200
    assert call("PUT", path, json={"values": [["x" * 50_001]]}).json()["error"]["message"] == (
        "Your input contains more than the maximum of 50000 characters in a single cell."
    )
