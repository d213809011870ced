"""Cells parsed with no more shared texts than they point at say what they say with all of them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books.blocks import Mold, framed
from addin.books.fewtexts import few_texts
from addin.books.package import Package
from tests.unit.books import tiny

ITEMS = [
    "<si><t>업체</t></si>", "<si><r><t>㈜</t></r><r><rPr><sz val='9'/></rPr><t>한빛</t></r></si>", "<si/>",
    '<si><t xml:space="preserve"> 빛 </t><phoneticPr fontId="1"/></si>', "<si ><t>a&lt;b</t></si>", "<si><t/></si>",
]  # fmt: skip
CELLS = st.one_of(
    st.integers(0, 5).map(lambda at: f'<c r="{{at}}" t="s"><v>{at}</v></c>'),
    st.sampled_from(
        [
            "",
            '<c r="{at}" s="1" t="s"><v>3</v></c>',
            '<c r="{at}"><v>5</v></c>',
            '<c r="{at}" t="str"><f>A1</f><v>1</v></c>',
            '<c r="{at}" t="inlineStr"><is><t>빛</t></is></c>',
        ]
    ),
)
LONG = "<si><t>남</t></si>" * 900


def sheet(cells: list[str]) -> bytes:
    inside = "".join(cell.format(at=f"{chr(65 + i)}1") for i, cell in enumerate(cells))
    return framed(f'<row r="1">{inside}</row>'.encode())


@given(st.lists(CELLS, min_size=1, max_size=6), st.lists(CELLS, max_size=3))
@settings(max_examples=60, deadline=None)
def test_cells_say_the_same(some: list[str], more: list[str]) -> None:
    items, sheets = "".join(ITEMS) + LONG, [sheet(some), sheet(more)]
    package = Package(tiny.zipped(tiny.parts(tiny.rows(""), strings=items, styles=tiny.STYLES)))
    found = few_texts(sheets, items.encode())
    assert found is not None
    assert len(found[1]) < 1000
    whole = Mold(package).open(sheets)
    few = Mold(package, texts=found[1]).open(found[0])
    for at in range(2):
        assert repr(few.get_sheet_by_index(at).to_python()) == repr(whole.get_sheet_by_index(at).to_python())


ONE = '<c r="{at}" t="s"><v>0</v></c>'


@pytest.mark.parametrize(
    ("cells", "items"),
    [
        ([ONE], "<si><t>짧다</t></si>"),  # not worth it
        (["<c r='{at}' t='s'><v>0</v></c>"], LONG),  # written another way
        (['<c r="{at}" t="s"><f>A1</f><v>0</v></c>'], LONG),
        (['<c r="{at}" t="s"><v>900</v></c>'], LONG),  # no such text
        ([ONE, '<c r="{at}" t="inlineStr"><is><t>x t="s" x</t></is></c>'], LONG),
        ([ONE], LONG + "<!-- <si> -->"),
        ([ONE], "<size/>" + LONG),
        ([ONE], LONG.replace("<si>", "<x:si>").replace("</si>", "</x:si>")),
    ],
)
def test_where_a_search_can_not_tell_all_of_them_are_parsed(cells: list[str], items: str) -> None:
    assert few_texts([sheet(cells)], items.encode()) is None


def test_what_points_at_none_needs_none() -> None:
    found = few_texts([sheet(['<c r="{at}"><v>5</v></c>'])], LONG.encode())
    assert found is not None
    assert io.BytesIO(found[1]).read().endswith(b"></sst>")
