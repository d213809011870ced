"""Tabs become a workbook: text stays text, the same tab gives the same bytes, everything native."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from addin.books.render import render
from addin.books.tab import Bars, Chart, Choices, Link, Paint, Series, Tab
from addin.errors import BookRefused


def values(data: bytes, sheet: str = "t") -> list[list[object]]:
    """What a reader finds on a sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def part(data: bytes, name: str) -> str:
    """One part of the package as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def names(data: bytes) -> list[str]:
    """The package's parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.namelist()


def sheet_xml(tab: Tab) -> str:
    """The sheet part of one rendered tab."""
    return part(render([tab]), "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+82 10-1234-5678", "-5", "@SUM(A1)", "＝1+1", "{=A1}", "0012", "http://a.b", "mailto:a@b.c", "_x0041_",
     " 앞뒤 빈칸 ", "두\n줄", "파트너‘작은따옴표’", "'따옴표", "가" * 32_767],
)  # fmt: skip
def test_text_stays_the_text_it_is(text: str) -> None:
    data = render([Tab.of_values("t", [[text]])])
    assert values(data) == [[text]]
    assert "<f>" not in part(data, "xl/worksheets/sheet1.xml")
    assert "<hyperlink " not in part(data, "xl/worksheets/sheet1.xml")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_any_text_at_all_gives_a_well_formed_workbook_and_comes_back(texts: list[str]) -> None:
    data = render([Tab.of_values("t", [[text] for text in texts])])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            etree.fromstring(file.read(name))
    for row, text in enumerate(texts):
        if text and not re.search(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]|_x", text):
            assert values(data)[row][0] == text


def test_half_a_surrogate_pair_becomes_the_replacement_mark() -> None:
    assert values(render([Tab.of_values("t", [["\ud800가"]])])) == [["?가"]]


def test_values_keep_their_kind() -> None:
    tab = Tab.of_values("t", [[1, 2.5, Decimal("0.1"), True, dt.date(2026, 11, 20), dt.datetime(2026, 11, 20, 9, 5)]])
    assert values(render([tab])) == [[1, 2.5, 0.1, True, dt.date(2026, 11, 20), dt.datetime(2026, 11, 20, 9, 5)]]


def test_a_book_that_counts_from_1904_gets_dates_that_read_the_same() -> None:
    data = render([Tab.of_values("t", [[dt.date(2026, 11, 20)]])], date_1904=True)
    assert values(data) == [[dt.date(2026, 11, 20)]]
    assert 'date1904="1"' in part(data, "xl/workbook.xml")


def rich_tab() -> Tab:
    """One of everything."""
    tab = Tab("t", gridlines=False, freeze=(3, 2), filter=(2, 1, 6, 3), tab_color="0072B2", repeat=(2, 2), pages_tall=1)
    tab.put(1, 1, "제목", "title")
    tab.merges.append((1, 1, 1, 3))
    tab.line(2, 1, ("주", "접수", "비율"), "header")
    for row in range(3, 7):
        tab.line(row, 1, (f"2026-W{row:02d}", row * 3, row / 10), ("cell", "number", "percent.breach"))
    tab.put(7, 1, Link("점검", "CRM_점검 '2'", "B3"), "link")
    tab.notes[2, 2] = "이 단계까지 온 수\n둘째 줄"
    tab.bars.append(Bars((3, 2, 6, 2), "A9D3EE", 0, 30))
    tab.paints.append(Paint((8, 1, 9, 1), '● "위반"', "cell.breach"))
    tab.choices.append(Choices((8, 1, 9, 1), ("가", "나"), strict=True))
    tab.people.append((8, 1, 9, 1))
    tab.charts.append(
        Chart(
            "주별",
            10,
            1,
            (3, 1, 6, 1),
            (
                Series("접수", (3, 2, 6, 2), "56B4E9", "column"),
                Series("비율", (3, 3, 6, 3), "D55E00", "line", second=True),
            ),
            percent=True,
        )
    )
    tab.widths |= {1: 12, 4: 0}
    return tab


def test_the_same_tab_gives_the_same_bytes() -> None:
    assert render([rich_tab(), Tab("u")]) == render([rich_tab(), Tab("u")])


def test_bars_in_cells_are_solid_and_begin_at_nothing() -> None:
    xml = sheet_xml(rich_tab())
    assert 'minLength="0" maxLength="100"' in xml
    assert "x14:dataBar" in xml
    assert 'gradient="0"' in xml


def test_a_chart_names_its_sheet_and_leaves_gaps_open() -> None:
    xml = part(render([rich_tab()]), "xl/charts/chart1.xml")
    assert "<c:f>t!$B$3:$B$6</c:f>" in xml.replace("'", "")
    assert "dispBlanksAs" not in xml  # Excel's own way to say "gap"
    assert xml.count("<c:valAx>") == 2
    assert "<c:barChart>" in xml
    assert "<c:lineChart>" in xml
    assert 'typeface="맑은 고딕"' in xml


def test_a_chart_of_another_tabs_cells_carries_what_they_hold() -> None:
    tab = Tab("t")
    series = (Series("접수", (3, 2, 4, 2), "56B4E9", shown=(5, None)),)
    tab.charts.append(Chart("주별", 1, 1, (3, 1, 4, 1), series, sheet="CRM_퍼널", labels=("W1", "W2")))
    xml = part(render([tab]), "xl/charts/chart1.xml")
    assert "<c:f>'CRM_퍼널'!$B$3:$B$4</c:f>" in xml
    assert "<c:v>W2</c:v>" in xml
    assert "<c:v>5</c:v>" in xml


def test_people_choose_from_a_list_in_cells_that_look_like_theirs() -> None:
    xml = sheet_xml(rich_tab())
    assert '<dataValidation type="list"' in xml
    assert "<formula1>\"가,나\"</formula1>" in xml  # fmt: skip
    assert re.search(r'<c r="A8" s="\d+"/>', xml)


def test_a_long_list_of_choices_comes_from_cells() -> None:
    tab = Tab("t", choices=[Choices((1, 1, 1, 1), source=(1, 5, 40, 5))])
    assert "<formula1>$E$1:$E$40</formula1>" in sheet_xml(tab)


@pytest.mark.parametrize("options", [("가" * 300,), ("가,나", "다")])
def test_a_list_of_choices_excel_cannot_hold_is_refused(options: tuple[str, ...]) -> None:
    with pytest.raises(BookRefused) as caught:
        render([Tab("t", choices=[Choices((1, 1, 1, 1), options)])])
    assert caught.value.message.id == "tab.choices_too_long"


def test_a_link_leads_to_a_cell_of_a_sheet_with_an_apostrophe() -> None:
    assert "location=\"'CRM_점검 ''2'''!B3\"" in sheet_xml(rich_tab())


def test_a_note_stands_at_its_header() -> None:
    data = render([rich_tab()])
    comments = next(name for name in names(data) if "comments" in name)
    assert "둘째 줄" in part(data, comments)


def test_print_is_one_page_wide_with_the_header_on_every_page() -> None:
    data = render([rich_tab()])
    xml = part(data, "xl/worksheets/sheet1.xml")
    assert 'fitToPage="1"' in xml
    assert 'orientation="landscape"' in xml
    assert "t!$2:$2" in part(data, "xl/workbook.xml")


def test_a_wide_tab_prints_over_pages_that_each_name_the_row() -> None:
    data = render([replace(rich_tab(), print_scale=80, repeat_columns=2, breaks=(4, 9))])
    xml = part(data, "xl/worksheets/sheet1.xml")
    assert 'fitToPage="1"' not in xml
    assert 'scale="80"' in xml
    assert '<colBreaks count="2" manualBreakCount="2"><brk id="4"' in xml
    assert "t!$A:$B,t!$2:$2" in part(data, "xl/workbook.xml")


def test_panes_freeze_and_the_list_can_be_filtered() -> None:
    xml = sheet_xml(rich_tab())
    assert 'topLeftCell="B3"' in xml
    assert '<autoFilter ref="A2:C6"/>' in xml
    assert 'showGridLines="0"' in xml


def test_a_column_of_width_0_is_hidden() -> None:
    assert re.search(r'<col min="4" max="4"[^>]*hidden="1"', sheet_xml(rich_tab()))


def test_a_table_covers_its_block_and_its_headers_are_made_unique() -> None:
    data = render([Tab.of_values("t", [["이름", "이름", None], [1, 2, 3]], "crm_faults")])
    xml = part(data, "xl/tables/table1.xml")
    assert 'ref="A1:C2"' in xml
    assert re.findall(r'<tableColumn id="\d" name="([^"]*)"', xml) == ["이름", "이름 (2)", "#3"]
    assert values(data)[0] == ["이름", "이름 (2)", "#3"]


def test_a_table_with_only_a_header_gets_its_one_empty_row() -> None:
    assert 'ref="A1:B2"' in part(render([Tab.of_values("t", [["a", "b"]], "x")]), "xl/tables/table1.xml")


@pytest.mark.parametrize("name", ["1abc", "A1", "두 단어", "r1c1", "C", "가" * 256, ""])
def test_a_table_name_excel_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(BookRefused) as caught:
        render([Tab.of_values("t", [["a"], [1]], name)])
    assert caught.value.message.id == "tab.bad_table_name"


@pytest.mark.parametrize("name", ["가" * 32, "a/b", "a[b]", "'a'"])
def test_a_tab_name_excel_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(BookRefused) as caught:
        render([Tab(name)])
    assert caught.value.message.id == "tab.bad_name"


def test_text_a_cell_cannot_hold_is_refused_naming_the_cell() -> None:
    with pytest.raises(BookRefused) as caught:
        render([Tab.of_values("t", [["a", "가" * 32_768]])])
    assert caught.value.where == "t!B1"


def test_fonts_do_not_follow_the_persons_theme() -> None:
    assert "<scheme" not in part(render([rich_tab()]), "xl/styles.xml")
