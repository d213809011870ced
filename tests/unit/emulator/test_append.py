"""append finds the last table that touches the range; the cases of Google's guide and of recorded sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import gspread

#: Google's guide: one table in A1:C2, another in B4:D6.
GUIDE = [["x", "y", "z"], ["x", "y", "z"], [], [None, "x", "y"], [None, None, "y", "z"], [None, "x", "y", "z"]]


def append(book: gspread.Spreadsheet, range_: str, rows: list[list[Any]], **more: Any) -> Any:
    return book.values_append(range_, {"valueInputOption": "RAW", **more}, {"values": rows})


@pytest.mark.parametrize(
    ("range_", "at"),
    [
        ("Sheet1", "B7"),
        ("B4", "B7"),
        ("C5:D5", "B7"),
        ("B2:D4", "B7"),
        ("A3:G10", "B7"),
        ("A1", "A3"),
        ("E4", "E4"),
        ("A4", "A4"),
    ],
)
def test_the_guides_examples(book: gspread.Spreadsheet, tab: gspread.Worksheet, range_: str, at: str) -> None:
    tab.update(GUIDE, "A1")
    assert append(book, range_, [["new"]])["updates"]["updatedRange"] == f"Sheet1!{at}"


def test_nothing_there_starts_at_the_range_and_names_no_table(book: gspread.Spreadsheet) -> None:
    assert append(book, "Sheet1", [["a", "", "c"]]) == {
        "spreadsheetId": book.id,
        "updates": {
            "spreadsheetId": book.id,
            "updatedRange": "Sheet1!A1:C1",
            "updatedRows": 1,
            "updatedColumns": 3,
            "updatedCells": 3,
        },
    }


def test_a_row_with_a_gap_makes_the_next_one_drift(book: gspread.Spreadsheet) -> None:
    append(book, "Sheet1", [["a", "", "c"]])
    reply = append(book, "Sheet1", [["a", "", "c"]])
    assert (reply["tableRange"], reply["updates"]["updatedRange"]) == ("Sheet1!C1", "Sheet1!C2:E2")


def test_a_table_named_by_its_corner_does_not_drift(book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    tab.update([["키", "업체"], ["1", ""]])
    reply = append(book, "A1", [["2", "가"]])
    assert (reply["tableRange"], reply["updates"]["updatedRange"]) == ("Sheet1!A1:B2", "Sheet1!A3:B3")


def test_overwriting_writes_over_what_stands_below_a_gap_and_inserting_does_not(
    book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.update([["a"], [], ["옛"]])
    append(book, "A1", [["1"], ["2"]])
    assert tab.get("A1:A4") == [["a"], ["1"], ["2"]]
    tab.clear()
    tab.update([["a"], [], ["옛"]])
    append(book, "A1", [["1"], ["2"]], insertDataOption="INSERT_ROWS")
    assert tab.get("A1:A5") == [["a"], ["1"], ["2"], [], ["옛"]]


def test_a_full_grid_grows_by_what_is_appended(book: gspread.Spreadsheet) -> None:
    small = book.add_worksheet("작은", 2, 1)
    small.update([["a"], ["b"]])
    append(book, "작은!A1", [["c"], ["d"]])
    assert book.fetch_sheet_metadata()["sheets"][1]["properties"]["gridProperties"]["rowCount"] == 4


def test_a_formulas_empty_text_counts_as_filled_and_a_blank_does_not(
    book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.update([["키", '={"표시";ARRAYFORMULA(IF(A2:A9="","",A2:A9))}'], ["1"]], raw=False)
    assert append(book, "A1", [["2"]])["updates"]["updatedRange"] == "Sheet1!A10"
    tab.clear()
    tab.update([["키", '={"표시";ARRAYFORMULA(IF(A2:A9="",,A2:A9))}'], ["1"]], raw=False)
    assert append(book, "A1", [["2"]])["updates"]["updatedRange"] == "Sheet1!A3"


def test_cells_that_touch_at_a_corner_are_one_table(book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    tab.update([["", "업체"], ["1", ""]])
    reply = append(book, "A1", [["2"]])
    assert (reply["tableRange"], reply["updates"]["updatedRange"]) == ("Sheet1!A1:B2", "Sheet1!A3")
