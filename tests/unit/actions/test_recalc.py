"""``danggol refresh`` stores what CRM_ formulas show: an add-in is for who types them, not for who reads them."""

from __future__ import annotations

import datetime as dt
import re
import sys
import time
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from addin.actions.adopt import adopt_book
from addin.actions.check import check_book
from addin.actions.recalc import Recalculation
from addin.actions.refresh import refresh_book
from addin.actions.show import show_plan, show_refreshed
from addin.books import formulacells
from addin.books.file import open_book
from addin.books.read import read_book
from addin.books.undo import undo
from addin.crm.grid import CellError
from addin.functions import Context, call
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path

STEPS, COUNTS = [["인식"], ["가입"], ["활성화"]], [[1000.0], [100.0], [30.0]]
HEADERS = ["접수일", "업체", "고객", "연락처", "금액"]


def book(folder: Path, formulas: dict[str, Any], *, rows: int = 6) -> Path:
    """A list of requests, and a sheet 계산 with formulas nobody has calculated."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "접수"
    sheet.append(HEADERS)
    for i in range(rows):
        day = dt.datetime(2026, 9, 1 + i % 28, 9 + i % 8)
        sheet.append([day, ["가나", "다라"][i % 2], f"고객{i}", 1012345678 + i, 1000 * (i + 1)])
    own = workbook.create_sheet("계산")
    for i, (step, count) in enumerate(zip(STEPS, COUNTS, strict=True), 1):
        own[f"Y{i}"], own[f"Z{i}"] = step[0], count[0]
    for cell, formula in formulas.items():
        own[cell] = formula
    workbook.calculation.fullCalcOnLoad = False
    workbook.save(folder / "책.xlsx")
    return folder / "책.xlsx"


def shown(path: Path, cell: str) -> Any:
    """What a program that does not calculate reads there; None for nothing, ``#NOCACHE`` where nothing is stored."""
    row, column = coordinate_to_tuple(cell)
    grid = read_book(path).grid("계산")
    assert grid is not None
    value = grid.value(row, column)
    return value.code if isinstance(value, CellError) else value


def _texts(path: Path) -> list[bytes]:
    return re.findall(rb"<f.*?</f>", open_book(path).package().read("xl/worksheets/sheet2.xml"))


def _workbook(path: Path) -> bytes:
    return open_book(path).package().read("xl/workbook.xml")


def _day(value: Any) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def test_a_file_shows_what_the_function_says_and_a_second_refresh_writes_nothing(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z3)", "A2": "=CRM_HHI(접수!B2:B7,접수!E2:E7)"})
    before, texts = path.read_bytes(), _texts(path)
    done = refresh_book(path)
    partners = [["가나"], ["다라"]] * 3
    assert shown(path, "A1") == call("BOTTLENECK", STEPS, COUNTS) == "가입→활성화"
    assert shown(path, "A2") == call("HHI", partners, [[1000.0 * i] for i in range(1, 7)])
    assert _texts(path) == texts
    assert (done.results, done.formulas_left) == (2, [])
    assert refresh_book(path).run is None
    undo(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "spelled",
    [
        "CRM_PHONE(접수!D2)",
        "_xludf.CRM_PHONE(접수!D2)",
        "danggol.xlam!CRM_PHONE(접수!D2)",
        r"'C:\a b\danggol.xlam'!CRM_PHONE(접수!D2)",
        "[1]!CRM_PHONE(접수!D2)",
        "CRM.PHONE(접수!D2)",
        "@CRM_PHONE(접수!$D$2)",
        "CRM_PHONE(첫번호)",
        "CRM_PHONE(INDEX(접수!D:D,2))",
        'IF(Z1>0,CRM_PHONE(접수!D2),"-")',
        "INDEX(CRM_PHONE(접수!D2:D7),1)",
    ],
)
def test_however_the_call_is_spelled_or_wrapped(tmp_path: Path, spelled: str) -> None:
    path = book(tmp_path, {"A1": f"={spelled}"})
    workbook = openpyxl.load_workbook(path)
    workbook.defined_names["첫번호"] = openpyxl.workbook.defined_name.DefinedName("첫번호", attr_text="접수!$D$2")
    workbook.save(path)
    assert refresh_book(path).formulas_left == []
    assert shown(path, "A1") == "010-1234-5678"


def test_formulas_that_look_at_ours_are_stored_too_and_others_are_not_touched(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {"B1": "=CRM_LIFT(Y1:Y3,Z1:Z3,Y2)", "A1": "=B1*2", "A2": "=SUM(A1,B1)", "A3": "=CRM_PHONE(D9)", "A4": "=Z1*2"},
    )
    refresh_book(path)
    lift = call("LIFT", STEPS, COUNTS, "가입")
    assert [shown(path, cell) for cell in ("B1", "A1", "A2")] == [lift, lift * 2, lift * 3]
    assert shown(path, "A3") in (None, "")  # an empty cell gives an empty answer
    assert shown(path, "A4") == "#NOCACHE"  # nobody calculated it, and it calls nothing of ours


def test_an_array_formula_fills_its_own_range_and_no_other_cell(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": ArrayFormula("A1:C5", "=CRM_FUNNEL(Y1:Y3,Z1:Z3)"), "E1": "=CRM_FUNNEL(Y1:Y3,Z1:Z3)"})
    refresh_book(path)
    table = call("FUNNEL", STEPS, COUNTS)
    assert [[shown(path, f"{c}{r}") for c in "ABC"] for r in range(1, 4)] == [
        [value if value != "" else None for value in row[:3]] for row in table[:3]
    ]
    assert shown(path, "B5") == "#N/A"  # the formula gives four rows, its range has five
    assert (shown(path, "E1"), shown(path, "F1"), shown(path, "E2")) == (table[0][0], None, None)


def test_a_function_that_does_not_exist_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_HHHI(Y1:Y3,Z1:Z3)", "A2": "=IF(Z1>0,CRM_PHONNE(1),0)", "A3": "=CRM_LIFT(1)"})
    done = refresh_book(path)
    assert done.to_json()["formulas"]["unknown"] == [
        {"cell": "계산!A1", "function": "CRM_HHHI", "near": "CRM_HHI"},
        {"cell": "계산!A2", "function": "CRM_PHONNE", "near": "CRM_PHONE"},
    ]
    assert "계산!A1 CRM_HHHI → CRM_HHI, 계산!A2 CRM_PHONNE → CRM_PHONE" in show_refreshed(done)
    tab = read_book(path).grid("CRM_점검")
    assert tab is not None
    line = next(row for row in tab.rows if "CRM_HHHI" in row)
    assert "CRM_HHI" in line
    assert "계산!A1" in line
    assert refresh_book(path).run is None
    assert [(f.row, f.column) for f in check_book(path) if f.fault.code == "unknown_function"] == [(1, 1), (2, 1)]


def test_a_function_of_another_addin_that_shows_a_value_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "책.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("접수")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, ["2026-09-01", "가나", "고객", "010-1234-5678", 1000])
        own = workbook.add_worksheet("계산")
        own.write_formula("A1", "=CRM_THEIRS(1)", None, 7)
        own.write_formula("A2", "=CRM_NOPE(1)", None, "#NAME?")
    assert [f["cell"] for f in refresh_book(path).unknown_functions] == ["계산!A2"]


def test_a_circle_an_unknown_function_and_what_is_not_there_stay_and_are_named(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        {
            "A1": "=CRM_PHONE(A1)",
            "A2": "=CRM_PHONE(B2)",
            "B2": "=A2&1",
            "A3": "=CRM_NOPE(1)",
            "A4": "=CRM_PHONE([2]다른책!A1)",
            "A5": "=CRM_PHONE(INDIRECT(Y1))",
            "A6": "=CRM_PHONE(NIX(1))&1",
            "A7": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z3)",
        },
    )
    done = refresh_book(path)
    assert done.formulas_left == ["계산!A1", "계산!A2", "계산!A4", "계산!A5", "계산!A6"]
    assert shown(path, "A7") == "가입→활성화"
    assert b'fullCalcOnLoad="1"' not in _workbook(path)  # Excel without the add-in would put #NAME? over it
    assert "계산!A5" in show_refreshed(done)
    assert refresh_book(path).run is None


def test_a_data_problem_is_a_sentence_in_the_cell(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_PHONE(1/0)", "A2": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z2)"})
    refresh_book(path)
    assert shown(path, "A1") == call("PHONE", CellError("#DIV/0!"))
    assert shown(path, "A2") == call("BOTTLENECK", STEPS, COUNTS[:2])


def test_dates_reach_the_function_as_dates_and_a_date_cell_shows_one(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_DUE(접수!A2,3)", "A2": "=CRM_DATE_OF(접수!A3)"})
    workbook = openpyxl.load_workbook(path)
    for cell in ("A1", "A2"):
        workbook["계산"][cell].number_format = "yyyy-mm-dd"
    workbook.save(path)
    refresh_book(path)
    due = call("DUE", dt.datetime(2026, 9, 1, 9), 3.0)
    assert _day(shown(path, "A1")) == _day(due)
    assert _day(shown(path, "A2")) == dt.date(2026, 9, 2)
    assert refresh_book(path).run is None


def test_a_column_calculated_by_ours_is_data_of_the_list_at_once(tmp_path: Path) -> None:
    path = book(tmp_path, {}, rows=0)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["접수"]
    for i in range(2, 12):
        sheet.append([dt.datetime(2026, 9, i), f'=CRM_PARTNER_NAME("(주)가나 ")&"{i % 2}"', f"고객{i}", None, i])
    workbook.save(path)
    first = refresh_book(path, dry_run=True)
    assert "NOCACHE" not in show_plan(first.edits)
    refresh_book(path)
    assert refresh_book(path).run is None
    names = [row[1] for row in read_book(path).grid("접수").rows[1:11]]  # type: ignore[union-attr]
    assert set(names) == {call("PARTNER_NAME", "(주)가나 ") + "0", call("PARTNER_NAME", "(주)가나 ") + "1"}


def test_what_looks_at_cells_the_refresh_itself_writes_sees_them(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": '=CRM_PHONE("1012345678")&COUNTIF(접수!F1:F99,"CRM*")', "A2": "=COUNTA(접수!F1:F99)"})
    refresh_book(path)
    ours = sum(len(row) > 5 and row[5] not in (None, "") for row in read_book(path).grid("접수").rows)  # type: ignore[union-attr]
    assert ours > 1
    assert shown(path, "A2") == ours
    assert refresh_book(path).run is None


def test_lists_by_name_and_copied_formulas(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_HHI(표1[업체],표1[금액])", "A2": "=CRM_HHI(접수!B:B,접수!E:E)"})
    workbook = openpyxl.load_workbook(path)
    workbook["접수"].add_table(Table(displayName="표1", ref="A1:E7"))
    workbook.save(path)
    refresh_book(path)
    assert shown(path, "A1") == shown(path, "A2") == call("HHI", [["가나"], ["다라"]] * 3, [[i] for i in range(1, 7)])


def test_another_formula_that_cannot_be_calculated_here_is_left_to_excel(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_LIFT(Y1:Y3,Z1:Z3,Y2)", "A2": "=NIX(A1)"})
    refresh_book(path)
    assert shown(path, "A2") == "#NOCACHE"
    assert b'fullCalcOnLoad="1"' in _workbook(path)


def test_adopt_stores_them_too_and_leaves_excel_nothing_to_calculate(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z3)"})
    adopt_book(path)
    assert shown(path, "A1") == "가입→활성화"
    assert b'fullCalcOnLoad="1"' not in _workbook(path)


def test_a_range_excel_sized_by_itself_is_filled_as_far_as_it_reaches(tmp_path: Path) -> None:
    path = tmp_path / "책.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("계산")
        sheet.write_column(0, 24, [step[0] for step in STEPS])
        sheet.write_column(0, 25, [count[0] for count in COUNTS])
        sheet.write_dynamic_array_formula("A1:C6", "=CRM_FUNNEL(Y1:Y3,Z1:Z3)")
    refresh_book(path)
    assert [shown(path, f"A{row}") for row in range(1, 7)] == [
        *(row[0] for row in call("FUNNEL", STEPS, COUNTS)),
        None,
        None,
    ]
    assert refresh_book(path).run is None


def test_the_dry_run_lists_the_cells_and_writes_nothing(tmp_path: Path) -> None:
    path = book(tmp_path, {"A1": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z3)"})
    before = path.read_bytes()
    assert "계산!A1" in show_plan(refresh_book(path, dry_run=True).edits)
    assert path.read_bytes() == before


def test_without_the_engine_it_says_so_and_the_rest_is_refreshed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "formualizer", None)
    path = book(tmp_path, {"A1": "=CRM_BOTTLENECK(Y1:Y3,Z1:Z3)"})
    done = refresh_book(path)
    assert done.formulas_off
    assert done.run
    assert "pip install formualizer" in show_refreshed(done)


def test_a_book_without_such_formulas_never_loads_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "formualizer", None)
    path = book(tmp_path, {"A1": "=Z1*2", "A2": '="CRM_HHI("'})
    assert not refresh_book(path).formulas_off


def test_a_long_list_is_still_there_when_the_plan_is_calculated(tmp_path: Path) -> None:
    path = book(
        tmp_path, {"A1": '=CRM_PHONE("1012345678")&COUNTA(접수!A:F)', "A2": "=CRM_HHI(접수!B:B,접수!E:E)"}, rows=5500
    )
    refresh_book(path)
    assert shown(path, "A1").startswith("010-1234-5678")
    assert int(shown(path, "A1")[13:]) > 5501 * 5
    assert refresh_book(path).run is None


def test_copied_formulas_stored_once_are_each_calculated_where_they_stand(tmp_path: Path) -> None:
    master = '<c r="B1"><f t="shared" ref="B1:B2" si="0">CRM_PHONE(A1)</f></c>'
    shared = f'<row r="1"><c r="A1"><v>1012345678</v></c>{master}</row>'
    shared += '<row r="2"><c r="A2"><v>212345678</v></c><c r="B2"><f t="shared" si="0"/><v>1</v></c></row>'
    found = Recalculation(read_book(tiny.write(tmp_path, tiny.rows(shared))), Context())
    values = [value for results in found.results.values() for value in results.values()]
    assert values == [call("PHONE", 1012345678.0), call("PHONE", 212345678.0)]


def test_a_calculated_date_is_a_date_for_every_command_at_once(tmp_path: Path) -> None:
    cells = '<c r="A1" s="1"><f>CRM_DATE_OF("2026-09-02")</f></c><c r="B1"><f>CRM_DATE_OF("2026-09-02")</f></c>'
    snapshot = read_book(tiny.write(tmp_path, tiny.row(cells), styles=tiny.STYLES))
    Recalculation(snapshot, Context())
    first, second = snapshot.sheets[0].value(1, 1), snapshot.sheets[0].value(1, 2)
    assert _day(first) == dt.date(2026, 9, 2)
    assert second == 46267.0  # the cell's format shows a number, so a number is what reading the file gives


def test_in_a_book_of_many_formulas_only_ours_are_calculated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulacells, "MANY", 2)
    path = book(
        tmp_path, {"A1": "=CRM_LIFT(Y1:Y3,Z1:Z3,Y2)", "A2": "=A1*2", "A3": "=Z1*2", "A4": "=crm.phone(접수!D2)"}
    )
    refresh_book(path)
    assert shown(path, "A1") == call("LIFT", STEPS, COUNTS, "가입")
    assert [shown(path, cell) for cell in ("A2", "A4")] == ["#NOCACHE", "010-1234-5678"]
    assert b'fullCalcOnLoad="1"' in _workbook(path)


def test_a_thousand_formulas_are_a_matter_of_seconds(tmp_path: Path) -> None:
    formulas = {f"A{i}": f'=IF(접수!D{i + 1}="","",CRM_PHONE(접수!D{i + 1}))' for i in range(1, 1001)}
    path = book(tmp_path, formulas, rows=1000)
    started = time.perf_counter()
    done = refresh_book(path)
    assert (done.results, done.formulas_left) == (1000, [])
    assert time.perf_counter() - started < 30
