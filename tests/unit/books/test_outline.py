"""A long sheet's rows by numpy: what it tells is what the sheet's own reader finds row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books import outline as outlines
from addin.books import sheetxml
from addin.books.outline import outline
from addin.books.sheetxml import SheetXml
from addin.errors import BookRefused
from tests.unit.books.tiny import rows

CELLS = (
    '<c r="{}{}" s="1"/>',
    '<c r="{}{}"><v>1</v></c>',
    '<c r="{}{}" t="inlineStr"><is><r><t>row r="9</t></r></is></c>',
    '<c r="{}{}"><f>A1</f><v>2</v></c>',
    '<c t="n"><v>1</v></c>',
)
ROWS = ('<row r="{}" spans="1:2">{}</row>', '<row r="{}">{}</row>', '<row r="{}">{}<extLst/></row>', '<row r="{}"/>')
LETTERS = ("A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD")


def told(xml: str) -> tuple[list[int], list[int], list[int], bool] | None:
    data = xml.encode()
    found = outline(data, data.find(b"<sheetData>") + 11, data.find(b"</sheetData>"))
    return None if found is None else (list(found.rows), list(found.starts), list(found.last_columns), found.formulas)


@st.composite
def sheets(draw: st.DrawFn) -> str:
    numbers = sorted(draw(st.sets(st.sampled_from((1, 9, 10, 99, 1000, 99_999, 1_048_576)), max_size=5)))
    lines = []
    for number in numbers:
        cells = draw(st.lists(st.tuples(st.sampled_from(CELLS), st.sampled_from(LETTERS)), max_size=3))
        lines.append(draw(st.sampled_from(ROWS)).format(number, "".join(c.format(a, number) for c, a in cells)))
    return rows("".join(lines))


@given(sheets(), st.sampled_from((7, 64, 1 << 20)))
def test_the_outline_is_what_a_look_at_each_row_finds(xml: str, piece: int) -> None:
    sheet = SheetXml(xml.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outlines, "_PIECE", piece)
        assert told(xml) == (list(sheet.rows), list(sheet.starts)[:-1], list(sheet.last_columns), "<f" in xml)


@pytest.mark.parametrize(
    "row", ["<row>", '<row  r="1">', '<row r="x">', '<row r="">', '<row r="12345678">', "<row r='1'>"]
)
def test_rows_written_in_another_way_are_not_told(row: str) -> None:
    assert told(rows(f'<row r="1"><c r="A1"/></row>{row}</row>')) is None


@given(sheets())
def test_a_long_sheet_is_found_as_a_short_one_is(xml: str) -> None:
    short = SheetXml(xml.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheetxml, "LONG", 0)
        long = SheetXml(xml.encode())
    for name in ("rows", "starts", "last_columns", "opened", "formulas", "own_rows", "empty", "start", "end"):
        assert getattr(long, name) == getattr(short, name), name


def test_a_comment_in_a_long_sheet_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetxml, "LONG", 0)
    for xml in (rows('<row r="1"><!-- x --></row>'), rows("").replace("<sheetData>", "<!-- x --><sheetData>")):
        assert b"<!" not in SheetXml(xml.encode()).data  # put into Excel's own way first
    with pytest.raises(BookRefused):
        SheetXml(b"<html/>")
