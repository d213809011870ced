from __future__ import annotations

import datetime as dt
import io
import warnings
from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.books.graft import BLOCK, graft_tab
from addin.books.names import Names
from addin.books.package import Package
from addin.books.read import read_book
from addin.books.styles import Styles
from addin.books.tab import Bars, Chart, Choices, Link, Paint, Series, Tab
from addin.errors import BookRefused
from addin.i18n import known
from tests.messy.build import BUILDERS, LAYOUTS, PACKAGES
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet


def kpi(partners: int = 3, name: str = "CRM_KPI") -> Tab:
    """A tab with everything a tab can hold."""
    tab = Tab(name, freeze=(3, 2), widths={1: 20}, tab_color="0072B2", repeat=(1, 2))
    last = partners + 2
    tab.put(1, 1, "파트너 KPI", "title")
    tab.line(2, 1, ["파트너", "비중", "날짜", "보기"], "header")
    for i in range(partners):
        values = [f"파트너{i}", i / 10, dt.date(2026, 11, 1 + i), Link("보기", "접수", f"A{i + 2}")]
        tab.line(3 + i, 1, values, ["cell", "percent.breach", "date", "link"])
    tab.notes[2, 2] = "매출 비중 = 파트너 매출 ÷ 전체"
    tab.bars.append(Bars((3, 2, last, 2), "56B4E9", 0, 1))
    tab.paints.append(Paint((3, 1, last, 1), "파트너1", "text"))
    tab.choices.append(Choices((3, 1, last, 1), ("가", "나")))
    tab.merges.append((1, 1, 1, 3))
    tab.filter = (2, 1, last, 4)
    tab.charts.append(Chart("추이", last + 2, 1, (3, 1, last, 1), (Series("비중", (3, 2, last, 2), "0072B2"),)))
    return tab


def faults(rows: int = 2, table: str = "crm_faults") -> Tab:
    return Tab.of_values("CRM_점검", [["셀", "값"], *([f"A{i}", "=1+1"] for i in range(rows))], table)


def grafted(package: Package, *tabs: tuple[Tab, str | None]) -> Package:
    """The package with tabs put in, saved and opened again."""
    styles = Styles(package)
    for tab, replace in tabs:
        graft_tab(package, styles, tab, replace)
    styles.save()
    buffer = io.BytesIO()
    package.save(buffer)
    return Package(buffer.getvalue())


def plain(**options: str) -> Package:
    return Package(tiny.zipped(tiny.parts(tiny.row('<c r="A1"><v>1</v></c>'), **options)))  # type: ignore[arg-type]


def sheet(package: Package, name: str) -> Worksheet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a tiny book has no named styles
        return openpyxl.load_workbook(io.BytesIO(package.data))[name]


def xml(package: Package, name: str) -> str:
    found = package.sheet(name)
    assert found
    return package.read(found.part).decode()


def edited(package: Package, name: str, cells: dict[int, str], before: str = "", after: str = "") -> Package:
    """The package after a person typed cells into a tab: row number → cells' XML."""
    text = xml(package, name)
    for number, typed in cells.items():
        row = f'<row r="{number}">{typed}</row>'
        text = text.replace("</sheetData>", row + "</sheetData>") if f'<row r="{number}"' not in text else text
        start = text.index(f'<row r="{number}"')
        end = text.index("</row>", start)
        if typed not in text:
            text = text[:end] + typed + text[end:]
    text = text.replace("<sheetData>", before + "<sheetData>").replace("</sheetData>", "</sheetData>" + after)
    found = package.sheet(name)
    assert found
    package.put(found.part, text.encode())
    buffer = io.BytesIO()
    package.save(buffer)
    return Package(buffer.getvalue())


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKAGES])
def test_a_tab_goes_into_every_legal_workbook_and_the_same_tab_again_changes_nothing(name: str) -> None:
    package = Package(BUILDERS[name]())
    tabs = [s.name for s in package.sheets]
    other = "CRM_표본"
    first = grafted(package, (kpi(name=other), None), (faults(), None))
    assert [s.name for s in first.sheets] == [*tabs, other, "CRM_점검"]
    grafted(first, (kpi(name=other), other), (faults(), "crm_점검"))
    assert first.changed == {}


def test_every_other_part_stays_byte_for_byte() -> None:
    package = Package(BUILDERS["chart_and_button"]())
    before = {name: package.read(name) for name in package.names()}
    after = grafted(package, (kpi(), None))
    touched = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}
    assert {n for n, data in before.items() if after.read(n) != data} <= touched


def test_values_looks_and_furniture_arrive() -> None:
    found = sheet(grafted(plain(styles=tiny.STYLES), (kpi(), None)), "CRM_KPI")
    assert [c.value for c in found[4]] == ["파트너1", 0.1, dt.datetime(2026, 11, 2), "보기"]
    assert found["B4"].number_format.endswith("0.0%")
    assert found["B4"].fill.fgColor.rgb == "FFFAD0B8"
    assert found["A2"].font.b
    assert found["B2"].comment.text.startswith("매출 비중")
    assert found["D4"].hyperlink.location == "'접수'!A3"
    assert found.freeze_panes == "B3"
    assert found.auto_filter.ref == "A2:D5"
    assert [str(m) for m in found.merged_cells.ranges] == ["A1:C1"]
    assert len(found.conditional_formatting) == 2
    assert found.data_validations.dataValidation[0].formula1 == '"가,나"'
    assert len(found._charts) == 1  # type: ignore[attr-defined]
    assert found.print_title_rows == "$1:$2"


def test_a_new_tab_is_not_selected_together_with_the_persons() -> None:
    assert "tabSelected" not in xml(grafted(plain(), (kpi(), None)), "CRM_KPI")


def test_shared_texts_are_never_edited_ours_go_inline() -> None:
    after = grafted(plain(strings="<si><t>내 글</t></si>"), (faults(), None))
    assert b"CRM" not in after.read("xl/sharedStrings.xml")
    assert '<c r="B2"' in xml(after, "CRM_점검")
    assert "<is><t>=1+1</t></is>" in xml(after, "CRM_점검")


def test_formats_do_not_grow_with_every_refresh() -> None:
    first = grafted(plain(styles=tiny.STYLES), (kpi(), None))
    second = grafted(first, (kpi(5), "CRM_KPI"))
    third = grafted(second, (kpi(4), "CRM_KPI"))
    assert third.read("xl/styles.xml") == first.read("xl/styles.xml")
    assert sorted(third.names()) == sorted(first.names())


def test_a_replaced_tab_keeps_its_name_place_id_and_visibility() -> None:
    package = grafted(plain(), (kpi(name="CRM_Kpi"), None), (faults(), None))
    hidden = package.read("xl/workbook.xml").replace(b'name="CRM_Kpi"', b'name="CRM_Kpi" state="hidden"')
    package.put("xl/workbook.xml", hidden)
    before = package.sheets
    after = grafted(package, (kpi(5), "crm_KPI"))
    assert after.sheets == before
    assert [s.state for s in after.sheets] == ["visible", "hidden", "visible"]
    assert "'CRM_Kpi'!$B$3:$B$7" in after.read("xl/charts/chart1.xml").decode()


def test_what_a_tab_no_longer_has_leaves_no_part_behind() -> None:
    full = grafted(plain(), (kpi(), None))
    bare = grafted(full, (Tab.of_values("CRM_KPI", [["a"]]), "CRM_KPI"))
    assert not [n for n in bare.names() if "drawing" in n or "chart" in n or "comment" in n]
    content = bare.read("[Content_Types].xml").decode()
    assert "chart1" not in content
    assert "comments1" not in content
    names = {n.name for n in Names(bare).all()}
    assert "_xlnm._FilterDatabase" not in names


def test_a_list_gets_an_id_and_a_name_nobody_else_has() -> None:
    after = grafted(
        Package(BUILDERS["list_object"]()), (faults(), None), (Tab.of_values("둘", [["a"], [1]], "CRM_Faults"), None)
    )
    found = openpyxl.load_workbook(io.BytesIO(after.data))
    tables = [t for ws in found.worksheets for t in ws.tables.values()]
    assert len({t.id for t in tables}) == len(tables) == 3
    assert [t.displayName for t in tables][1:] == ["crm_faults", "CRM_Faults_2"]
    again = grafted(after, (faults(9), "CRM_점검"))
    (table,) = sheet(again, "CRM_점검").tables.values()
    assert (table.displayName, table.id, table.ref) == ("crm_faults", tables[1].id, "A1:B10")


PEOPLES = {
    3: '<c r="H3" s="1" t="s"><v>0</v></c>',
    40: '<c r="A40"><v>7</v></c><c r="B40"><f>SUM(A40)*2</f><v>14</v></c>',
}


def test_what_people_typed_right_of_and_below_the_block_stays_as_it_is(tmp_path: Path) -> None:
    package = grafted(plain(strings="<si><t>메모</t></si>", styles=tiny.STYLES), (kpi(), None))
    typed = edited(
        package,
        "CRM_KPI",
        PEOPLES,
        after='<mergeCells count="1"><mergeCell ref="H3:I3"/></mergeCells>',
    )
    after = grafted(typed, (kpi(5), "CRM_KPI"))
    for cell in ('<c r="H3" s="1" t="s"><v>0</v></c>', '<c r="A40"><v>7</v></c>', "<f>SUM(A40)*2</f><v>14</v>"):
        assert cell in xml(after, "CRM_KPI")
    assert 'mergeCell ref="H3:I3"' in xml(after, "CRM_KPI")
    path = tmp_path / "a.xlsx"
    path.write_bytes(after.data)
    grid = read_book(path).grid("CRM_KPI")
    assert grid
    assert [grid.value(3, 8), grid.value(40, 2), grid.value(7, 1)] == ["메모", 14.0, "파트너4"]
    assert grafted(after, (kpi(5), "CRM_KPI")).data
    assert after.changed == {}


@pytest.mark.parametrize(
    "cell", ['<c r="H3"><v>7</v></c>', '<c s="1" r="H3"><v>7</v></c>', '<c  r="H3"><f>A1</f><v>7</v></c>']
)
def test_a_persons_cell_in_a_row_of_ours_stays_however_it_is_written(cell: str) -> None:
    typed = edited(grafted(plain(styles=tiny.STYLES), (kpi(), None)), "CRM_KPI", {3: cell})
    assert cell in xml(grafted(typed, (kpi(2), "CRM_KPI")), "CRM_KPI")


def test_a_row_carried_from_excel_leaves_its_extension_attributes_behind() -> None:
    package = grafted(plain(), (faults(), None))
    part = package.sheet("CRM_점검")
    assert part
    row = '<row r="9" ht="30" customHeight="1" x14ac:dyDescent="0.3"><c r="A9"><v>7</v></c></row>'
    text = xml(package, "CRM_점검").replace("</sheetData>", row + "</sheetData>")
    package.put(part.part, text.replace("<worksheet ", '<worksheet xmlns:x14ac="urn:ac" ', 1).encode())
    found = sheet(grafted(package, (faults(3), "CRM_점검")), "CRM_점검")
    assert (found["A9"].value, found.row_dimensions[9].height) == (7, 30)


def test_what_danggol_wrote_before_and_no_longer_writes_goes() -> None:
    package = edited(grafted(plain(), (kpi(6), None)), "CRM_KPI", {40: '<c r="A40"><v>7</v></c>'})
    after = sheet(grafted(package, (kpi(2), "CRM_KPI")), "CRM_KPI")
    assert [after.cell(r, 1).value for r in (4, 5, 8, 40)] == ["파트너1", None, None, 7]


def test_a_persons_cell_in_the_way_of_a_growing_block_is_never_overwritten() -> None:
    package = edited(grafted(plain(), (kpi(2), None)), "CRM_KPI", {6: '<c r="B6" t="inlineStr"><is><t>x</t></is></c>'})
    with pytest.raises(BookRefused) as caught:
        grafted(package, (kpi(5), "CRM_KPI"))
    assert (caught.value.message.id, caught.value.where) == ("graft.in_the_way", "CRM_KPI!B6")
    assert known("graft.in_the_way", "ko")
    assert known("graft.in_the_way", "en")


def test_where_another_program_lost_the_block_the_tab_is_still_drawn_anew() -> None:
    package = grafted(plain(), (kpi(2), None))
    names = Names(package)
    names.remove(BLOCK, 1)
    names.save()
    assert sheet(grafted(package, (kpi(3), "CRM_KPI")), "CRM_KPI")["A5"].value == "파트너2"


def test_people_inserting_rows_moves_the_block_with_its_name() -> None:
    package = grafted(plain(), (kpi(2), None))
    names = Names(package)
    names.set(BLOCK, "'CRM_KPI'!$A$3:$D$6", local=1)  # as Excel does when two rows are inserted on top
    names.save()
    typed = edited(package, "CRM_KPI", {6: '<c r="A6" t="inlineStr"><is><t>밀려난 줄</t></is></c>'})
    assert "밀려난 줄" not in xml(grafted(typed, (kpi(1), "CRM_KPI")), "CRM_KPI")


def test_names_and_formulas_elsewhere_that_point_into_the_tab_keep_working() -> None:
    names = "<definedNames><definedName name=\"목표\">'CRM_KPI'!$B$3</definedName></definedNames>"
    package = grafted(plain(names=names), (kpi(), None))
    after = grafted(package, (kpi(4), "CRM_KPI"))
    found = Names(after).get("목표")
    assert found
    assert found.formula == "'CRM_KPI'!$B$3"
    assert Names(after).get(BLOCK, 1) is not None


def test_a_formula_typed_into_the_block_leaves_the_calculation_chain_with_it() -> None:
    chain = f'<calcChain xmlns="{tiny.MAIN}"><c r="A1" i="1"/><c r="B3" i="2"/><c r="B40"/></calcChain>'
    package = grafted(plain(), (kpi(), None))
    package.put("xl/calcChain.xml", chain.encode())
    package.add_rel("xl/workbook.xml", "calcChain", "xl/calcChain.xml")
    package.content_type(
        "xl/calcChain.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    )
    text = xml(package, "CRM_KPI")
    start = text.index('<c r="B3"')
    found = package.sheet("CRM_KPI")
    assert found
    package.put(
        found.part, (text[:start] + '<c r="B3"><f>1+1</f><v>2</v></c>' + text[text.index("</c>", start) + 4 :]).encode()
    )
    after = grafted(package, (kpi(4), "CRM_KPI"))
    left = after.xml("xl/calcChain.xml")
    assert [(c.get("r"), c.get("i")) for c in left] == [("A1", "1"), ("B40", "2")]


def test_zoom_selection_and_code_name_survive_a_refresh() -> None:
    package = grafted(plain(), (kpi(), None))
    text = xml(package, "CRM_KPI")
    text = text.replace("<sheetPr", '<sheetPr codeName="Sheet7"').replace("<sheetView ", '<sheetView zoomScale="140" ')
    found = package.sheet("CRM_KPI")
    assert found
    package.put(found.part, text.encode())
    after = xml(grafted(package, (kpi(4), "CRM_KPI")), "CRM_KPI")
    assert 'codeName="Sheet7"' in after
    assert 'zoomScale="140"' in after


def test_strict_books_stay_strict_all_through() -> None:
    package = Package(BUILDERS["strict"]())
    before = set(package.names())
    after = grafted(package, (kpi(), None), (faults(), None))
    for name in set(after.names()) - before:
        if name.endswith((".xml", ".rels")):
            assert b"http://schemas.openxmlformats.org/spreadsheetml" not in after.read(name), name
            assert b"schemas.openxmlformats.org/officeDocument" not in after.read(name), name
    chart = next(n for n in after.names() if "charts/" in n)
    assert b"purl.oclc.org/ooxml/drawingml/chart" in after.read(chart)


def test_dates_follow_the_epoch_of_the_book(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(grafted(Package(BUILDERS["epoch_1904"]()), (kpi(), None)).data)
    grid = read_book(path).grid("CRM_KPI")
    assert grid
    assert grid.value(3, 3) == dt.date(2026, 11, 1)


def test_a_name_in_use_and_a_chart_sheet_are_refused_before_anything_is_put() -> None:
    package = Package(BUILDERS["own_names"]())
    with pytest.raises(BookRefused):
        graft_tab(package, Styles(package), kpi())
    assert package.changed == {}
    charts = Package(BUILDERS["chart_sheet"]())
    chart = next(s.name for s in charts.sheets if s.kind == "chartsheet")
    with pytest.raises(BookRefused) as caught:
        graft_tab(charts, Styles(charts), kpi(), chart)
    assert caught.value.message.id == "graft.not_a_sheet"
