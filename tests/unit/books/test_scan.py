from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.books.package import Package
from addin.books.scan import NO_CACHE, SheetFacts, scan
from addin.crm.grid import CellError
from tests.unit.books import tiny

if TYPE_CHECKING:
    from addin.crm.grid import Rect

SHEET = "xl/worksheets/sheet1.xml"
RELS = "xl/worksheets/_rels/sheet1.xml.rels"


def facts(sheet: str, more: dict[str, str] | None = None, plain: bool = True) -> SheetFacts:
    return scan(Package(tiny.zipped(tiny.parts(sheet, more=more))), SHEET, plain=plain)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ('<c r="B3" t="e"><v>#N/A</v></c>', CellError("#N/A")),
        ('<c r="B3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ("<c r=\"B3\" t='e'><v>#REF!</v></c>", CellError("#REF!")),
        ('<c r="B3"><f>SUM(A1:A2)</f></c>', NO_CACHE),
        ('<c r="B3"><f>SUM(A1:A2)</f><v></v></c>', NO_CACHE),
        ('<c r="B3"><f>SUM(A1:A2)</f><v/></c>', NO_CACHE),
        ('<c r="B3"><f t="shared" si="0"/></c>', NO_CACHE),
        ('<c r="B3"><f>SUM(A1:A2)</f><v>3</v></c>', None),
        ('<c r="B3"><f t="shared" si="0"/><v>3</v></c>', None),
        ('<c r="B3" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B3" t="str"><f>A1</f><v xml:space="preserve"> a</v></c>', None),
        ('<c r="B3"><v>1</v></c>', None),
        ('<c r="B3"/>', None),
        ('<c r="B3" t="inlineStr"><is><t>t="e" #N/A</t></is></c>', None),
    ],
)
def test_error_cells_and_formulas_never_calculated_are_found(cell: str, error: CellError | None, plain: bool) -> None:
    around = '<row r="2"><c r="A2"><v>1</v></c></row><row r="3">{}<c r="C3"><v>2</v></c></row>'
    assert facts(tiny.rows(around.format(cell)), plain=plain).errors == ({(3, 2): error} if error else {})


@pytest.mark.parametrize("plain", [True, False])
def test_columns_that_hold_formulas_are_known(plain: bool) -> None:
    data = '<c r="A1"><v>1</v></c><c r="B1" s="2"><f>A1</f><v>1</v></c><c r="AA1"><f t="shared" si="0"/></c>'
    assert facts(tiny.row(data), plain=plain).formulas == {2, 27}


def test_merges_and_filters_are_rectangles() -> None:
    after = (
        '<autoFilter ref="A1:C9"/><mergeCells count="2"><mergeCell ref="A1:B2"/><mergeCell ref="D4:D5"/></mergeCells>'
    )
    found = facts(tiny.rows('<row r="1"><c r="A1"/></row>', after))
    assert (found.merged, found.filters) == ([(1, 1, 2, 2), (4, 4, 5, 4)], [(1, 1, 9, 3)])


def related(kind: str, part: str, xml: str) -> dict[str, str]:
    return {RELS: tiny._relationships([("rId1", kind, f"../{part}")]), f"xl/{part}": xml}


def test_a_list_object_is_a_rectangle() -> None:
    more = related("table", "tables/table1.xml", f'<table xmlns="{tiny.MAIN}" id="1" name="t" ref="B3:D9"/>')
    assert facts(tiny.rows(""), more).tables == [(3, 2, 9, 4)]


@pytest.mark.parametrize(
    ("anchor", "rect"),
    [
        (
            "<x:twoCellAnchor><x:from><x:col>1</x:col><x:row>2</x:row></x:from>{}</x:twoCellAnchor>".format(
                "<x:to><x:col>5</x:col><x:row>9</x:row></x:to>"
            ),
            (3, 2, 10, 6),
        ),
        (
            "<x:oneCellAnchor><x:from><x:col>1</x:col><x:row>2</x:row></x:from>{}</x:oneCellAnchor>".format(
                "<x:ext cx='1219200' cy='381000'/>"
            ),
            (3, 2, 5, 4),
        ),
    ],
)
def test_cells_under_charts_and_pictures_are_known(anchor: str, rect: Rect) -> None:
    drawing = f"<x:wsDr xmlns:x='http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing'>{anchor}</x:wsDr>"
    assert facts(tiny.rows(""), related("drawing", "drawings/drawing1.xml", drawing)).drawn == [rect]


def test_cells_under_a_button_are_known_and_notes_do_not_count() -> None:
    place = "<x:Anchor> 1, 15, 2, 10, 3, 31, 4, 4</x:Anchor>"
    one = '<v:shape><x:ClientData ObjectType="{}">' + place + "</x:ClientData></v:shape>"
    vml = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"{one.format('Note')}{one.format('Button')}</xml>"
    )
    assert facts(tiny.rows(""), related("vmlDrawing", "drawings/vmlDrawing1.vml", vml)).drawn == [(3, 2, 5, 4)]
