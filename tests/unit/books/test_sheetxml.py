"""A sheet's rows are found without taking them apart, in whatever way another program wrote them."""

from __future__ import annotations

import pytest

from addin.books.package import Package
from addin.books.sheetxml import SheetXml, all_cells, cells_of, normalised, plain
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
