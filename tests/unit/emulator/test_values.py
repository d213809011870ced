"""values.*: what is read and written, and what replies say and leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread


def written(book: gspread.Spreadsheet, range_: str, rows: list[list[Any]], option: str = "RAW", **more: Any) -> Any:
    return book.values_update(range_, {"valueInputOption": option, **more}, {"values": rows})


def test_an_update_says_where_it_wrote_and_how_much(book: gspread.Spreadsheet) -> None:
    assert written(book, "A1", [[1, 2], [3]]) == {
        "spreadsheetId": book.id,
        "updatedRange": "Sheet1!A1:B2",
        "updatedRows": 2,
        "updatedColumns": 2,
        "updatedCells": 3,
    }


def test_null_leaves_a_cell_alone_and_an_empty_text_clears_it(book: gspread.Spreadsheet) -> None:
    written(book, "A1", [["a", "b", "c"]])
    assert written(book, "A1", [[None, "", "d"]])["updatedCells"] == 2
    assert book.values_get("A1:C1")["values"] == [["a", "", "d"]]


def test_only_rows_and_columns_with_a_value_are_counted(book: gspread.Spreadsheet) -> None:
    corners = [["a", None, None], [None, None, None], [None, None, "b"]]
    sizes = {"updatedRows": 2, "updatedColumns": 2, "updatedCells": 2}
    assert written(book, "A1:C3", corners) == {"spreadsheetId": book.id, "updatedRange": "Sheet1!A1:C3", **sizes}
    body = {"valueInputOption": "RAW", "data": [{"range": "A1:C3", "values": corners}]}
    totals = book.values_batch_update(body)
    assert (totals["totalUpdatedRows"], totals["totalUpdatedColumns"], totals["totalUpdatedCells"]) == (2, 2, 2)


def test_trailing_empties_are_trimmed_and_no_values_at_all_are_left_out(book: gspread.Spreadsheet) -> None:
    written(book, "B2", [["x", ""], [""], ["y"]])
    assert book.values_get("A1:D9") == {
        "range": "Sheet1!A1:D9",
        "majorDimension": "ROWS",
        "values": [[], ["", "x"], [], ["", "y"]],
    }
    assert "values" not in book.values_get("D1:E9")


def test_columns_are_read_and_written_the_other_way_round(book: gspread.Spreadsheet) -> None:
    body = {"majorDimension": "COLUMNS", "values": [[1, 2], [3]]}
    book.values_update("A1", {"valueInputOption": "RAW"}, body)
    assert book.values_get("A1:B2")["values"] == [["1", "3"], ["2"]]
    assert book.values_get("A1:B2", {"majorDimension": "COLUMNS"})["values"] == [["1", "2"], ["3"]]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("A:C", "Sheet1!A1:C1000"),
        ("A2:C", "Sheet1!A2:C1000"),
        ("2:3", "Sheet1!A2:Z3"),
        ("C3:A1", "Sheet1!A1:C3"),
        ("sheet1!a1", "Sheet1!A1"),
        ("'Sheet1'!A1:AB2000", "Sheet1!A1:Z1000"),
        ("A01", "Sheet1!A1"),
        ("!B2", "Sheet1!B2"),
        ("''!B2", "Sheet1!B2"),
        ("R2C3", "Sheet1!C2"),
        ("Sheet1!R[1]C[1]", "Sheet1!B2"),
        ("R1C1:R2000C50", "Sheet1!A1:Z1000"),
        ("R3C3:R1C1", "Sheet1!A1:C3"),
        ("R[1]C[1]:R1C1", "Sheet1!A1:B2"),
        ("R1C1:R2", "Sheet1!A1:Z2"),
        ("C[1]", "Sheet1!B1:B1000"),
        ("rc", "Sheet1!A1"),
        ("R1:R2", "Sheet1!R1:R2"),
    ],
)
def test_a_range_is_shown_whole_and_cut_at_the_grid(book: gspread.Spreadsheet, asked: str, shown: str) -> None:
    assert book.values_get(asked)["range"] == shown


@pytest.mark.parametrize(
    "asked",
    [
        "A",
        "2",
        "A0",
        "A1:A0",
        "Sheet1!",
        "'Sheet1'!",
        "!",
        "''",
        "!Sheet1",
        " A1",
        "A1 ",
        "Sheet1! A1",
        "A1: B2",
        "R0C1",
        "R-1C1",
        "R2C2:R1C1",
        "R[1]C[1]:R[0]C[0]",
        "R1C1:B2",
        "A1:R2C2",
        "R1C1:R2C2:R3C3",
        "A1:B2:C3",
    ],
)
def test_what_is_no_range_is_refused_as_it_was_sent(
    call: Callable[..., Any], book: gspread.Spreadsheet, asked: str
) -> None:
    answer = call("GET", f"/v4/spreadsheets/{book.id}/values:batchGet", params={"ranges": asked}).json()
    assert answer["error"]["message"] == f"Unable to parse range: {asked}"


def test_what_reads_as_a_range_is_one_before_it_is_a_tab(book: gspread.Spreadsheet) -> None:
    for title in ("B2", "RC", "AB", "느낌!표"):
        book.add_worksheet(title, 3, 3)
    ranges = ("B2", "'B2'", "B2!A1", "RC", "'RC'", "AB", "느낌!표", "느낌!표!A1")
    assert [book.values_get(r)["range"] for r in ranges] == [
        "Sheet1!B2",
        "'B2'!A1:C3",
        "'B2'!A1",
        "Sheet1!A1",
        "'RC'!A1:C3",
        "AB!A1:C3",
        "'느낌!표'!A1:C3",
        "'느낌!표'!A1",
    ]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("ZZ:ZZ", "ZZ"),
        ("AA:AB", "AA:AB"),
        ("1001:1001", "1001"),
        ("1001:1002", "1001:1002"),
        ("C[26]", "AA"),
        ("R[1000]C[0]", "A1001"),
        ("RC1", "RC1"),
        ("AA1:AB5", "AA1:AB5"),
    ],
)
def test_a_range_past_the_grid_is_named_by_the_sides_it_has(
    call: Callable[..., Any], book: gspread.Spreadsheet, asked: str, named: str
) -> None:
    error = call("GET", f"/v4/spreadsheets/{book.id}/values/{asked}").json()["error"]
    assert error["message"] == f"Range (Sheet1!{named}) exceeds grid limits. Max rows: 1000, max columns: 26"


@pytest.mark.parametrize(
    ("title", "shown"), [("의뢰", "'의뢰'!A1"), ("_hq", "_hq!A1"), ("A1", "'A1'!A1"), ("it's", "'it''s'!A1")]
)
def test_a_tabs_name_is_quoted_where_it_must_be(book: gspread.Spreadsheet, title: str, shown: str) -> None:
    book.add_worksheet(title, 5, 5)
    quoted = title.replace("'", "''")
    assert book.values_get(f"'{quoted}'!A1")["range"] == shown


def test_raw_text_stays_text_and_typed_text_is_understood(book: gspread.Spreadsheet) -> None:
    typed = [["=1+1", "010", "1,234", "TRUE", "2026-09-14", "'5"]]
    written(book, "A1", typed)
    written(book, "A2", typed, "USER_ENTERED")
    unformatted = book.values_get("A1:F2", {"valueRenderOption": "UNFORMATTED_VALUE"})["values"]
    assert unformatted == [typed[0], [2, 10, 1234, True, 46279, "5"]]
    assert book.values_get("A2:F2")["values"] == [["2", "10", "1,234", "TRUE", "2026-09-14", "5"]]
    assert book.values_get("A1:B2", {"valueRenderOption": "FORMULA"})["values"] == [["=1+1", "010"], ["=1+1", 10]]


def test_dates_are_serial_numbers_unless_asked_as_text(book: gspread.Spreadsheet) -> None:
    written(book, "A1", [["9/14/2026 15:30"]], "USER_ENTERED")
    ask = {"valueRenderOption": "UNFORMATTED_VALUE"}
    assert book.values_get("A1", ask)["values"][0][0] == pytest.approx(46279.645833, abs=1e-6)
    assert book.values_get("A1", ask | {"dateTimeRenderOption": "FORMATTED_STRING"})["values"] == [["9/14/2026 15:30"]]


def test_text_in_a_text_cell_stays_as_typed(book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    tab.format("A1", {"numberFormat": {"type": "TEXT"}})
    written(book, "A1", [["010"]], "USER_ENTERED")
    assert tab.acell("A1").value == "010"


def test_more_values_than_the_range_holds_are_refused(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    def refused(range_: str, rows: list[list[int]]) -> str:
        path = f"/v4/spreadsheets/{book.id}/values/{range_}?valueInputOption=RAW"
        return str(call("PUT", path, json={"values": rows}).json()["error"]["message"])

    assert refused("A1:B2", [[1, 2, 3]]) == (
        "Requested writing within range [Sheet1!A1:B2], but tried writing to column [C]"
    )
    assert refused("A1:B2", [[1], [2], [3]]) == (
        "Requested writing within range [Sheet1!A1:B2], but tried writing to row [3]"
    )


def test_a_write_that_starts_inside_the_grid_makes_it_grow(book: gspread.Spreadsheet) -> None:
    tab = book.add_worksheet("작은", 1, 1)
    written(book, "작은!A1", [[1, 2], [3, 4]])
    grid = book.fetch_sheet_metadata()["sheets"][1]["properties"]["gridProperties"]
    assert (tab.row_count, grid) == (1, {"rowCount": 2, "columnCount": 2})


def test_the_written_values_come_back_when_asked(book: gspread.Spreadsheet) -> None:
    reply = written(book, "A1", [["=1+1"]], "USER_ENTERED", includeValuesInResponse=True)
    assert reply["updatedData"] == {"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [["2"]]}


def test_a_batch_counts_rows_columns_cells_and_tabs(book: gspread.Spreadsheet) -> None:
    book.add_worksheet("둘", 5, 5)
    data = [
        {"range": "A1:B1", "values": [[1, 2]]},
        {"range": "B1", "values": [[3], [4]]},
        {"range": "둘!A1", "values": [[5]]},
    ]
    reply = book.values_batch_update({"valueInputOption": "RAW", "data": data})
    totals = {key: value for key, value in reply.items() if key.startswith("total")}
    assert totals == {
        "totalUpdatedRows": 3,
        "totalUpdatedColumns": 3,
        "totalUpdatedCells": 5,
        "totalUpdatedSheets": 2,
    }
    assert [r["updatedRange"] for r in reply["responses"]] == ["Sheet1!A1:B1", "Sheet1!B1:B2", "'둘'!A1"]


def test_a_batch_is_written_whole_or_not_at_all(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    data = [{"range": "A1", "values": [["x"]]}, {"range": "없는탭!A1", "values": [["y"]]}]
    body = {"valueInputOption": "RAW", "data": data}
    answer = call("POST", f"/v4/spreadsheets/{book.id}/values:batchUpdate", json=body)
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        400,
        "Invalid data[1]: Unable to parse range: 없는탭!A1",
    )
    assert "values" not in book.values_get("A1")


def test_clearing_keeps_formats_and_says_what_it_cleared(book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    tab.format("A1", {"textFormat": {"bold": True}})
    written(book, "A1", [["x"]])
    assert book.values_clear("A1:B2") == {"spreadsheetId": book.id, "clearedRange": "Sheet1!A1:B2"}
    data = book.fetch_sheet_metadata({"fields": "sheets.data.rowData.values.userEnteredFormat"})
    assert data["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]["textFormat"] == {"bold": True}


def test_data_filters_name_ranges_too(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    base = f"/v4/spreadsheets/{book.id}/values:batch"
    by_range = {"a1Range": "A1:B1"}
    body = {"valueInputOption": "RAW", "data": [{"dataFilter": by_range, "values": [[1, 2]]}]}
    reply = call("POST", base + "UpdateByDataFilter", json=body).json()
    assert reply["responses"][0]["dataFilter"] == by_range
    grid = {"gridRange": {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1}}
    found = call("POST", base + "GetByDataFilter", json={"dataFilters": [grid]}).json()
    assert found["valueRanges"][0]["valueRange"]["values"] == [["1", "2"]]
    assert found["valueRanges"][0]["dataFilters"] == [{"gridRange": {"startRowIndex": 0, "endRowIndex": 1}}]
    call("POST", base + "ClearByDataFilter", json={"dataFilters": [by_range]})
    assert "values" not in book.values_get("A1:B1")


@pytest.mark.parametrize(
    ("filter_", "message"),
    [
        ({}, "dataFilter.filter must be specified."),
        ({"a1Range": "x"}, "Unable to parse range: x"),
        ({"gridRange": {"sheetId": 7}}, "No grid with id: 7"),
        ({"gridRange": {"startRowIndex": -1, "endRowIndex": -5}}, "GridRange indexes must be >= 0"),
        ({"gridRange": {"startRowIndex": 3, "endRowIndex": 1}}, "endRowIndex[1] cannot be before startRowIndex[3]"),
        (
            {"gridRange": {"startRowIndex": 5, "endRowIndex": 5, "startColumnIndex": 26}},
            "Range ((empty) Sheet1!AA6:5) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ],
)
def test_a_data_filter_that_names_nothing_is_refused_with_its_place(
    call: Callable[..., Any], book: gspread.Spreadsheet, filter_: dict[str, Any], message: str
) -> None:
    path = f"/v4/spreadsheets/{book.id}"
    body = {"dataFilters": [{"a1Range": "A1"}, filter_]}
    error = call("POST", path + "/values:batchGetByDataFilter", json=body).json()["error"]
    assert error["message"] == f"Invalid dataFilter[1]: {message}"
    whole = call("POST", path + ":getByDataFilter", json=body).json()["error"]
    assert whole["message"] == message.replace("No grid", "No sheet")


def test_no_data_filter_is_refused_for_values_and_everything_for_the_spreadsheet(
    call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    path = f"/v4/spreadsheets/{book.id}"
    error = call("POST", path + "/values:batchGetByDataFilter", json={}).json()["error"]
    assert error["message"] == "Must specify at least one dataFilter."
    assert len(call("POST", path + ":getByDataFilter", json={}).json()["sheets"]) == 1


def test_a_grid_range_without_a_cell_reads_as_nowhere_and_is_never_written(
    call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    empty = {"gridRange": {"startRowIndex": 2, "endRowIndex": 2}}
    base = f"/v4/spreadsheets/{book.id}/values:batch"
    read = call("POST", base + "GetByDataFilter", json={"dataFilters": [empty]}).json()
    assert read["valueRanges"][0]["valueRange"] == {"range": "#REF!", "majorDimension": "ROWS"}
    assert call("POST", base + "ClearByDataFilter", json={"dataFilters": [empty]}).status_code == 501
