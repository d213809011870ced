from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books.edits import Edits
from addin.books.file import open_book
from addin.books.formulacells import read_formulas, stored
from addin.books.package import Package
from addin.books.results import from_json, same_result, to_json, with_result
from addin.books.strings import Strings
from addin.books.undo import undo
from addin.crm.grid import CellError
from addin.errors import BookRefused
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path

NO_STRINGS = Strings(Package(tiny.zipped(tiny.parts(tiny.row("")))))
VALUES = ["a<b", " a ", "", 0.5, 12.0, True, CellError("#N/A"), None]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="B2" s="3"><f>CRM_HHI(A1)</f></c>',
        b'<c r="B2" s="3" t="str"><f>CRM_HHI(A1)</f><v>x</v></c>',
        b'<c r="B2" s="3" t="e" vm="1"><f t="shared" si="0"/><v>#NAME?</v></c>',
        b'<c r="B2" t="b" s="3" cm="1"><f t="array" ref="B2:C3">CRM_FUNNEL(A1:A3,B1:B3)</f><v>1</v></c>',
    ],
)
def test_only_the_result_changes_never_the_formula_or_the_format(cell: bytes, value: object) -> None:
    new = with_result(cell, value)  # type: ignore[arg-type]
    formula = re.search(rb"<f.*(?:</f>|/>)", cell)
    assert formula is not None
    assert formula[0].split(b"<v")[0] in new
    assert b's="3"' in new
    assert (b'cm="1"' in new) == (b'cm="1"' in cell)
    assert b"vm=" not in new


@given(st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none())
def test_what_is_stored_is_read_again(value: object) -> None:
    cell = with_result(b'<c r="B2" s="3"><f>CRM_HHI(A1)</f></c>', value)  # type: ignore[arg-type]
    assert same_result(stored(cell, NO_STRINGS), value)  # type: ignore[arg-type]
    assert with_result(cell, value) == cell  # type: ignore[arg-type]


@pytest.mark.parametrize("value", VALUES)
def test_a_result_goes_through_the_journal(value: object) -> None:
    assert same_result(from_json(to_json(value)), value)  # type: ignore[arg-type]


CALL = '<c r="A1"><v>1</v></c><c r="B1" t="e"><f>CRM_PHONE(A1)</f><v>#NAME?</v></c><c r="C1"><f>A1*2</f><v>2</v></c>'


def test_results_are_stored_and_taken_back(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row(CALL))
    before = path.read_bytes()
    edits = Edits()
    edits.result("S1", 1, 2, "010-1111-2222")
    edits.calculated = True
    open_book(path).apply(edits)
    package = open_book(path).package()
    xml = package.read("xl/worksheets/sheet1.xml")
    assert b'<c r="B1" t="str"><f>CRM_PHONE(A1)</f><v>010-1111-2222</v></c>' in xml
    assert b"fullCalcOnLoad" not in package.read("xl/workbook.xml")  # Excel without the add-in would show #NAME?
    assert open_book(path).apply(edits).run is None
    undo(path)
    assert path.read_bytes() == before


def test_a_plan_that_leaves_a_formula_stale_asks_excel_to_calculate(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row(CALL))
    edits = Edits()
    edits.result("S1", 1, 2, "x")
    open_book(path).apply(edits)
    assert b"fullCalcOnLoad" in open_book(path).package().read("xl/workbook.xml")


def test_after_a_later_edit_results_go_back_cell_by_cell(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row(CALL))
    first, second = Edits(), Edits()
    first.result("S1", 1, 2, "x")
    run = open_book(path).apply(first).run
    second.write("S1", 5, 1, [["메모"]])
    open_book(path).apply(second)
    undo(path, run)
    xml = open_book(path).package().read("xl/worksheets/sheet1.xml")
    assert b'<c r="B1" t="e"><f>CRM_PHONE(A1)</f><v>#NAME?</v></c>' in xml
    assert "메모".encode() in xml


def test_a_result_never_goes_into_a_cell_without_a_formula(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row(CALL))
    before = path.read_bytes()
    edits = Edits()
    edits.result("S1", 1, 1, 5.0)
    with pytest.raises(BookRefused):
        open_book(path).apply(edits)
    assert path.read_bytes() == before


def test_cells_an_array_formula_fills_take_results_also_where_none_stood(tmp_path: Path) -> None:
    array = '<c r="A1"><f t="array" ref="A1:B2">CRM_FUNNEL(D1:D3,E1:E3)</f></c>'
    path = tiny.write(tmp_path, tiny.row(array))
    edits = Edits()
    for row in (1, 2):
        for column in (1, 2):
            edits.result("S1", row, column, f"{row}{column}")
    open_book(path).apply(edits)
    package = open_book(path).package()
    formulas = read_formulas(package, ())
    assert formulas is not None
    found = formulas.cells
    assert found[0].stored == "11"
    assert found[0].members == {(1, 2): "12", (2, 1): "21", (2, 2): "22"}


def test_a_shared_formula_is_read_where_it_stands(tmp_path: Path) -> None:
    shared = (
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B2" si="0">CRM_PHONE(A1)</f><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    path = tiny.write(tmp_path, tiny.rows(shared))
    formulas = read_formulas(open_book(path).package(), ())
    assert formulas is not None
    cells = formulas.cells
    first, second = (("CRM_PHONE(A1)", (0, 0), 1.0), ("CRM_PHONE(A1)", (1, 0), 2.0))
    assert [(c.text, c.shift, c.stored) for c in cells] == [first, second]
