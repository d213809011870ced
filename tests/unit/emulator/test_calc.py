"""Formulas of partners' sheets: what they show, where they spill, what happens when cells move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread


@pytest.fixture
def shows(tab: gspread.Worksheet) -> Callable[..., Any]:
    """``shows("=A1+1", [[1]])``: what the formula in F1 shows over these rows."""

    def shown(formula: str, rows: list[list[Any]] | None = None) -> Any:
        tab.update(rows or [["", ""]], "A1")
        tab.update([[formula]], "F1", raw=False)
        found = tab.get("F1:H9", value_render_option="UNFORMATTED_VALUE")
        block = [list(row) for row in found]
        return block[0][0] if len(block) == 1 and len(block[0]) == 1 else block

    return shown


ROWS = [["k1", 3, "가"], ["k2", 5, "나"], ["", "", ""], ["K3", 8, "다"]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=1+2*3^2", 19),
        ("=-2^2", 4),
        ("=10%", 0.1),
        ('="a"&1&TRUE', "a1TRUE"),
        ('="a"="A"', True),
        ("=B1<B2", True),
        ("=SUM(B1:B4)", 16),
        ("=SUM(B:B)/COUNT(B:B)", pytest.approx(16 / 3)),
        ("=AVERAGE(B1:B2)", 4),
        ("=MAX(B1:B9)-MIN(B1:B9)", 5),
        ('=COUNTIF(A1:A4,"k*")', 3),
        ('=SUMIF(B1:B4,">4")', 13),
        ("=COUNTA(A1:A9)", 3),
        ('=IF(A3="","빈칸","찬칸")', "빈칸"),
        ('=IFERROR(1/0,"없음")', "없음"),
        ('=VLOOKUP("k2",A1:C4,3,FALSE)', "나"),
        ('=VLOOKUP("k3",A:C,3,0)', "다"),
        ('=INDEX(C1:C4,MATCH("K2",A1:A4,0))', "나"),
        ('=XLOOKUP("k9",A1:A4,B1:B4,"없음")', "없음"),
        ("=ROUND(2.345,2)", 2.35),
        ('=LEN(TRIM(" a  b "))', 3),
        ("=AND(B1=3,OR(FALSE,B2=5),NOT(B4=1))", True),
        ('=TEXT(1234.5,"#,##0.0")', "1,234.5"),
        ("=DATE(2026,9,14)-DATE(2026,9,1)", 13),
        ('=JOIN("-",A1:A2)', "k1-k2"),
        ("=1/0", "#DIV/0!"),
        ('=VLOOKUP("zz",A1:C4,2,FALSE)', "#N/A"),
        ("=NoSuchRange", "#NAME?"),
        ("=Nowhere!A1", "#REF!"),
        ("=F1", "#REF!"),
        ("=1+", "#ERROR!"),
        ("=GOOGLEFINANCE(1)", "#ERROR!"),
        ('="a"+1', "#VALUE!"),
        ("=SUM(A1:B2,1/0)", "#DIV/0!"),
    ],
)
def test_what_a_formula_shows(shows: Callable[..., Any], formula: str, value: Any) -> None:
    assert shows(formula, ROWS) == value


def test_an_array_spills_and_its_blanks_stay_blank(shows: Callable[..., Any]) -> None:
    assert shows("=ARRAYFORMULA(B1:B2*2)", ROWS) == [[6], [10]]
    assert shows('={"a","b";1,2}') == [["a", "b"], [1, 2]]
    assert shows('=ARRAYFORMULA(IF(A1:A4="",,B1:B4))', ROWS) == [[3], [5], [], [8]]


def test_the_lookup_of_a_partners_sheet_follows_its_keys(book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    hq = book.add_worksheet("_hq", 10, 3)
    hq.update([["danggol/1"], ["k1", "주의", "전화 주세요"], ["k2", "", "확인"]])
    lookup = '={"표시";ARRAYFORMULA(IF(A2:A="",,IFERROR(VLOOKUP(A2:A,_hq!A:C,2,FALSE),)))}'
    tab.update([["키", "업체", lookup], ["k2", "나"], ["k1", "가"], ["k9", "다"]], raw=False)
    assert tab.get_all_values() == [["키", "업체", "표시"], ["k2", "나", ""], ["k1", "가", "주의"], ["k9", "다", ""]]
    tab.sort((1, "asc"), range="A2:B4")
    assert tab.get("A2:C3") == [["k1", "가", "주의"], ["k2", "나"]]
    hq.update([["k2", "위반"]], "A3")
    assert tab.acell("C3").value == "위반"


def test_formulas_read_what_others_spilled(tab: gspread.Worksheet) -> None:
    tab.update(
        [["=SUM(C1:C3)", "=C2", "=ARRAYFORMULA(E1:E3*2)", "", 1], ["", "=C:C", "", "", 2], ["", "", "", "", 3]],
        raw=False,
    )
    assert tab.get("A1:C3") == [["12", "4", "2"], ["", "4", "4"], ["", "", "6"]]


def test_what_stands_in_the_way_of_an_array_keeps_it_from_spilling(tab: gspread.Worksheet) -> None:
    tab.update([["=ARRAYFORMULA(A5:A6)"], ["막음"]], "B1", raw=False)
    assert tab.get("B1:B2") == [["#REF!"], ["막음"]]
    tab.update([[""]], "B2")
    tab.update([["x"], ["y"]], "A5")
    assert tab.get("B1:B2") == [["x"], ["y"]]


def test_references_follow_inserted_and_deleted_rows_and_renamed_tabs(
    book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    other = book.add_worksheet("둘", 5, 5)
    tab.update([["=SUM(B2:B4)+$B$3", "=B2", "='둘'!A1"]], "C10", raw=False)
    tab.insert_rows([[""]], 3)
    other.update_title("셋")

    def formulas() -> list[Any]:
        return tab.get("C11:E11", value_render_option="FORMULA")[0]

    assert formulas() == ["=SUM(B2:B5)+$B$4", "=B2", "='셋'!A1"]
    tab.delete_rows(2)
    assert tab.get("C10:E10", value_render_option="FORMULA")[0] == ["=SUM(B2:B4)+$B$3", "=#REF!", "='셋'!A1"]
    book.del_worksheet(other)
    assert tab.get("E10", value_render_option="FORMULA") == [["=#REF!"]]


def test_a_formula_that_gives_a_date_shows_one(tab: gspread.Worksheet) -> None:
    tab.update([["=DATE(2026,9,14)"]], raw=False)
    assert tab.acell("A1").value == "9/14/2026"
