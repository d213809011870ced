"""A sheet's rows are found without taking them apart, in whatever way another program wrote them."""

from __future__ import annotations

import pytest

from addin.books.cells import read
from addin.books.package import Package
from addin.books.sheetxml import SheetXml, all_cells, cells_in, cells_of, normalised, plain
from addin.errors import BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import MAIN, row, rows

PREFIXED = (
    f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c>'
    '<!-- no --><x:c r="D1"><x:v>2</x:v></x:c>'
    "</x:row><x:row><x:c/></x:row></x:sheetData></x:worksheet>"
)


def test_rows_are_found_by_their_number() -> None:
    sheet = SheetXml(rows('<row r="2" ht="3"/><row ht="3" r="7"><c r="A7"/></row>').encode())
    assert list(sheet.rows) == [2, 7]
    assert sheet.row(7) == b'<row ht="3" r="7"><c r="A7"/></row>'
    assert sheet.row(3) is None


def test_head_rows_and_tail_together_are_the_sheet() -> None:
    for xml in (
        row('<c r="A1"/>'),
        rows("", after="<x/>"),
        rows("").replace("<sheetData></sheetData>", "<sheetData/>"),
    ):
        sheet = SheetXml(xml.encode())
        assert sheet.composed(sheet.head, None, sheet.tail) == xml.encode()


def test_prefixes_missing_addresses_and_comments_are_put_into_excels_way() -> None:
    assert not plain(PREFIXED.encode())
    sheet = SheetXml(normalised(PREFIXED.encode()))
    assert list(sheet.rows) == [1, 2]
    assert list(all_cells(sheet, str)) == [(1, 1, 1), (1, 4, 2)]


@pytest.mark.parametrize("name", ["utf-16", "euc-kr"])
def test_other_encodings_are_read_too(name: str) -> None:
    text = row('<c r="A1" t="inlineStr"><is><t>가나</t></is></c>')
    data = f'<?xml version="1.0" encoding="{name}"?>{text}'.encode(name)
    assert list(all_cells(SheetXml(data), str)) == [(1, 1, "가나")]


@pytest.mark.parametrize(
    "xml", [rows('<row r="2"/><row r="2"/>'), rows('<row r="2"/><row r="1"/>'), f'<chartsheet xmlns="{MAIN}"/>']
)
def test_a_sheet_out_of_order_is_refused(xml: str) -> None:
    with raises(BookRefused, "book.sheet_odd"):
        SheetXml(xml.encode(), "S1")


def test_a_row_with_something_unknown_in_it_is_refused() -> None:
    with raises(BookRefused, "book.sheet_odd"):
        cells_of(b'<row r="1"><c r="A1"/><what/></row>')


@pytest.mark.parametrize("name", ["prefixed", "no_addresses", "comments_and_cdata", "lying_dimension", "strict"])
def test_sheets_of_other_programs_hold_what_they_hold_in_excels_way(name: str) -> None:
    package = Package(BUILDERS[name]())
    data = package.read(package.sheets[0].part)
    found = list(all_cells(SheetXml(data), lambda index: f"text {index}"))
    assert found
    assert found == list(all_cells(SheetXml(normalised(data)), lambda index: f"text {index}"))


def test_of_each_row_the_column_of_its_last_cell_is_told_where_that_is_certain() -> None:
    lines = (
        '<row r="1" ht="3"><c r="A1"><v>1</v></c><c r="AB1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"/></row>'
        '<row r="3"/>'
        '<row r="4"><c><v>1</v></c></row>\n'
    )
    sheet = SheetXml(rows(lines).encode())
    assert list(sheet.last_columns) == [28, 0, 0, 0]
    assert [sheet.data[start:end] for start, end in zip(sheet.starts[:2], sheet.opened, strict=False)] == [
        b'<row r="1" ht="3">',
        b'<row r="2">',
    ]


def test_formulas_and_formats_of_rows_are_seen_wherever_they_stand() -> None:
    assert SheetXml(row('<c r="A1"><f>1</f></c>').encode()).formulas
    assert SheetXml(rows("", after="<extLst><xm:f>A1</xm:f></extLst>").encode()).formulas
    assert not SheetXml(row('<c r="A1"/>').encode()).formulas
    assert SheetXml(rows('<row r="1" s="5" customFormat="1"/>').encode()).row_formats


def test_plain_cells_read_many_at_a_time_are_what_each_one_holds() -> None:
    cells = (
        '<c r="A1"/><c r="B1" s="2"/><c r="C1"><v>1.50</v></c><c r="D1" s="1" t="n"><v>-2E3</v></c>',
        '<c r="A2" t="s"><v>7</v></c>'
        '<c r="AA2" s="3" t="inlineStr"><is><t xml:space="preserve"> a &amp; _x005F_x0041_</t></is></c>',
        '<c r="A3"><v>1</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c>',
        '<c r="A3"><v>1</v></c><c r="D3"><f>A1</f><v>2</v></c>',
        '<c r="A4" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c r="B4" t="inlineStr"><is><t/></is></c>',
    )
    sheet = SheetXml(rows("".join(f'<row r="{i}">{line}</row>' for i, line in enumerate(cells, 1))).encode())
    one_by_one = [
        (number, column, value)
        for number, line in enumerate(cells, 1)
        for column, cell in cells_in(line.encode())
        if (value := read(cell, str)) is not None
    ]
    assert list(all_cells(sheet, str)) == one_by_one
    assert [value for row, _, value in one_by_one if row < 3] == [1.5, -2000, "7", " a & _x0041_"]
