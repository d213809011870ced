from __future__ import annotations

import pytest
from lxml import etree

from addin.books.walk import rich_text, walk
from addin.errors import BookError
from tests.unit.books import tiny


def found(xml: str) -> list[tuple[int, int, str, str | None]]:
    return [(c.row, c.column, c.type, c.text) for c in walk(xml.encode())]


def test_cells_and_rows_without_references_follow_each_other() -> None:
    xml = tiny.rows(
        '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c/><c r="D5"><v>3</v></c></row><row><c/></row>'
    )
    assert found(xml) == [(1, 1, "n", "1"), (1, 2, "n", "2"), (5, 1, "n", None), (5, 4, "n", "3"), (6, 1, "n", None)]


def test_prefixes_comments_and_cdata_are_read_through() -> None:
    xml = (
        f'<x:worksheet xmlns:x="{tiny.MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>'
        '<![CDATA[<a&b>]]></x:t></x:is></x:c><!-- c --><x:c r="B1"><x:v>1<!-- c -->2</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>"
    )
    assert found(xml) == [(1, 1, "inlineStr", "<a&b>"), (1, 2, "n", "12")]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<t>값</t>", "값"),
        ("<t> 값 </t>", "값"),
        ('<t xml:space="preserve"> 값 </t>', " 값 "),
        ("<r><t>한</t></r><r><rPr/><t>빛</t></r>", "한빛"),
        ("<t>漢字</t><rPh sb='0' eb='1'><t>한자</t></rPh><phoneticPr fontId='1'/>", "漢字"),
        ("<t>a_x000D_b</t>", "a\rb"),
        ("<t>_x005F_x000D_</t>", "_x000D_"),
        ("", ""),
    ],
)
def test_rich_text_is_its_runs_without_reading_aids(xml: str, text: str) -> None:
    assert rich_text(etree.fromstring(f'<si xmlns="{tiny.MAIN}">{xml}</si>')) == text


def test_broken_xml_is_an_error_that_says_where() -> None:
    with pytest.raises(BookError) as caught:
        list(walk(b"<worksheet><sheetData><row><c><v>1</c></row></sheetData></worksheet>", "책.xlsx sheet1.xml"))
    assert caught.value.where == "책.xlsx sheet1.xml"
