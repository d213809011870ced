"""A row is known by its first values, wherever it stands."""

from __future__ import annotations

from addin.books.rowkeys import row_key, row_keys
from addin.books.sheetxml import SheetXml
from tests.unit.books.tiny import rows


def line(number: int, first: str = "R1", flag: str = "주의", total: int = 3) -> str:
    text = f'<c r="B{number}" t="inlineStr"><is><t>{first}</t></is></c>'
    return (
        f'<row r="{number}"><c r="A{number}"><f>NOW()</f><v>{total}</v></c>{text}'
        f'<c r="C{number}" t="inlineStr"><is><t>{flag}</t></is></c></row>'
    )


def key(xml: str) -> int:
    return row_key(xml.encode(), {3}, str)


def test_a_row_keeps_its_key_when_it_moves_and_its_formulas_and_our_columns_change() -> None:
    assert key(line(2)) == key(line(9, flag="위반", total=4))
    assert key(line(2)) != key(line(2, first="R2"))


def test_rows_that_are_not_there_and_blank_ones_have_none() -> None:
    sheet = SheetXml(rows(line(2) + '<row r="3"><c r="C3"><v>1</v></c></row>').encode())
    assert row_keys(sheet, [2, 3, 4], {3}, str) == [key(line(2)), 0, 0]
