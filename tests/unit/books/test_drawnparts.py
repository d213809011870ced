"""A tab drawn to be grafted is what a workbook of its own would hold, but for texts in their cells and formats."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books.render import render, render_parts
from addin.books.tab import Bars, Chart, Choices, Link, Paint, Series, Tab

SHEET = "xl/worksheets/sheet1.xml"
#: What only a workbook of its own needs, and what tells of it.
ALONE = {
    "[Content_Types].xml",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/theme/theme1.xml",
}
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.sampled_from(["=1+1", " 앞", "뒤 ", "<b>&'\"", "여러\n줄", "_x000D_", "글" * 17_000]),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)),
    st.just(Link("보기", "접수", "B2")),
)
PLACES = st.tuples(st.integers(1, 40), st.integers(1, 30))
CELLS = st.dictionaries(PLACES, VALUES, max_size=30)
STYLES = st.dictionaries(PLACES, st.sampled_from(["header", "cell", "percent", "plain"]), max_size=9)
MERGES = st.sampled_from([[], [(2, 2, 2, 4)], [(2, 2, 5, 3), (9, 1, 9, 30)]])


def number(at: int) -> int:
    """A format's number in a book that has some already; its plain one is used again."""
    return at + 7 if at % 5 else 0


def alone(tab: Tab, *, date_1904: bool = False) -> dict[str, bytes]:
    """The parts of a workbook of the tab's own, its shared texts put where they are shown, its formats renumbered."""
    with zipfile.ZipFile(BytesIO(render([tab], date_1904=date_1904))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    texts = re.findall(rb"<si>(.*?)</si>", parts.get("xl/sharedStrings.xml", b""), re.DOTALL)

    def placed(found: re.Match[bytes]) -> bytes:
        to = number(int(found[2]))
        opening = found[1] + (b' s="%d"' % to if to else b"")
        if found[3]:
            return opening + b' t="inlineStr"><is>' + texts[int(found[4])] + b"</is></c>"
        return opening

    cell = re.compile(rb'(<c r="[A-Z]+\d+") s="(\d+)"( t="s"><v>(\d+)</v></c>)?')
    return parts | {SHEET: cell.sub(placed, parts[SHEET])}


def drawn(tab: Tab, *, date_1904: bool = False) -> dict[str, bytes]:
    return render_parts(tab, lambda _: {at: number(at) for at in range(200)}, date_1904=date_1904)


@given(CELLS, STYLES, MERGES, st.booleans())
def test_whatever_it_holds(
    cells: dict[tuple[int, int], Any], styles: dict[Any, str], merges: list[Any], date_1904: bool
) -> None:
    notes = dict.fromkeys(list(cells)[:2], "메모")
    tab = Tab("CRM_보기", cells=cells, styles=styles, notes=notes, merges=merges, heights={3: 31.5})
    expected = alone(tab, date_1904=date_1904)
    found = drawn(tab, date_1904=date_1904)
    assert {name: data for name, data in found.items() if name not in ALONE} == {
        name: data for name, data in expected.items() if name not in ALONE
    }


def furnished() -> Tab:
    tab = Tab.of_values("CRM_KPI", [["파트너", "수주율"], ["가", 0.4], ["나", 0.2]], "kpi_list")
    tab.notes[1, 2] = "수주 ÷ 접수"
    tab.widths = {1: 20, 4: 0}
    tab.bars.append(Bars((2, 2, 3, 2), "4472C4"))
    tab.paints.append(Paint((2, 1, 3, 1), "가", "cell.breach"))
    tab.choices.append(Choices((2, 3, 3, 3), ("예", "아니요")))
    series = Series("수주율", (2, 2, 3, 2), "4472C4")
    tab.charts.append(Chart("수주율", 5, 1, (2, 1, 3, 1), (series,)))
    return tab


def test_with_a_list_notes_bars_choices_and_a_chart() -> None:
    expected, found = alone(furnished()), drawn(furnished())
    assert expected.keys() - ALONE == found.keys() - ALONE
    assert {name for name in found.keys() - ALONE if found[name] != expected[name]} == set()
    assert "xl/charts/chart1.xml" in found
    assert b"<c:v>\xea\xb0\x80</c:v>" in found["xl/charts/chart1.xml"]  # what a chart shows of cells


def test_its_formats_are_asked_for_once_before_cells_are_written() -> None:
    asked: list[bytes] = []

    def placed(styles: bytes) -> dict[int, int]:
        asked.append(styles)
        return dict.fromkeys(range(200), 41)

    sheet = render_parts(furnished(), placed)[SHEET]
    with zipfile.ZipFile(BytesIO(render([furnished()]))) as package:
        assert asked == [package.read("xl/styles.xml")]
    assert set(re.findall(rb'<c r="[^"]*" s="(\d+)"', sheet)) == {b"41"}


@pytest.mark.parametrize("text", ["<r><t>굵게</t></r>", "</t><x>"])
def test_a_text_that_looks_like_xml_stays_a_text(text: str) -> None:
    sheet = drawn(Tab("보기", {(1, 1): text}))[SHEET]
    assert b"&lt;" in sheet
    assert b"<r>" not in sheet
