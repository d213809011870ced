"""Replies as Sheets writes them: a message's own order, no empty lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import discovery, wire

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread


def test_what_a_client_wrote_comes_back_in_the_messages_order_not_the_clients(
    batch: Callable[..., Any], whole: Callable[..., Any]
) -> None:
    look = {
        "textFormat": {"bold": True, "foregroundColor": {"blue": 1, "red": 1}},
        "horizontalAlignment": "CENTER",
        "backgroundColor": {"green": 1},
    }
    cell = {"repeatCell": {"range": {"endRowIndex": 1}, "cell": {"userEnteredFormat": look}, "fields": "*"}}
    guard = {"addProtectedRange": {"protectedRange": {"description": "가", "range": {"endRowIndex": 1}}}}
    reply = batch(cell, guard)["replies"][1]["addProtectedRange"]["protectedRange"]
    assert list(reply) == ["protectedRangeId", "range", "description", "requestingUserCanEdit", "editors"]
    data = whole(fields="sheets.data.rowData.values.userEnteredFormat")["sheets"][0]["data"][0]
    found = data["rowData"][0]["values"][0]["userEnteredFormat"]
    assert list(found) == ["backgroundColor", "horizontalAlignment", "textFormat", "backgroundColorStyle"]
    assert list(found["textFormat"]) == ["foregroundColor", "bold", "foregroundColorStyle"]
    assert list(found["textFormat"]["foregroundColor"]) == ["red", "blue"]


def test_an_empty_list_is_left_out_but_an_empty_row_of_values_is_not() -> None:
    by_id = {method.id: method for method in discovery.methods("sheets")}
    whole = {"spreadsheetId": "x", "sheets": [{"merges": [], "properties": {}}], "namedRanges": []}
    assert wire.written(by_id["sheets.spreadsheets.get"], whole) == {
        "spreadsheetId": "x",
        "sheets": [{"properties": {}}],
    }
    values = {"range": "A1:A2", "majorDimension": "ROWS", "values": [[], ["가"]]}
    assert wire.written(by_id["sheets.spreadsheets.values.get"], values) == values


def test_every_ordered_field_is_one_of_googles() -> None:
    schemas = discovery.document("sheets")["schemas"]
    for name, fields in wire.ORDER.items():
        assert set(fields) <= set(schemas[name]["properties"])


def test_an_answer_is_the_recorded_one_to_the_byte(call: Callable[..., Any], tab: gspread.Worksheet) -> None:
    # gspread's WorksheetTest.test_get_all_records_with_keys_blank, 29 December 2023
    tab.resize(4, 4)
    path = f"/v4/spreadsheets/{tab.spreadsheet_id}/values/%27Sheet1%27"
    values = [[""] * 4, list("cdef"), list("ghij"), ["k", "l", "m", ""]]
    written = call("PUT", path + "%21A1%3AD4?valueInputOption=RAW", json={"values": values})
    read = call("GET", path)
    assert read.text == (
        '{\n  "range": "Sheet1!A1:D4",\n  "majorDimension": "ROWS",\n  "values": [\n    [],\n'
        '    [\n      "c",\n      "d",\n      "e",\n      "f"\n    ],\n'
        '    [\n      "g",\n      "h",\n      "i",\n      "j"\n    ],\n'
        '    [\n      "k",\n      "l",\n      "m"\n    ]\n  ]\n}\n'
    )
    for answer, length in ((written, "169"), (read, "241")):
        kept = {name: answer.headers[name] for name in ("Content-Type", "Content-Length", "Server")}
        assert kept == {"Content-Type": "application/json; charset=UTF-8", "Content-Length": length, "Server": "ESF"}
