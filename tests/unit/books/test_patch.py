"""A plan on a package: what is refused, what changes along, what never changes."""

from __future__ import annotations

import datetime as dt
import io
import re
from operator import gt, lt
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books.edits import CLEAR, Edits, EditValue, RemoveSheet, Unjoin
from addin.books.entries import changed_cells
from addin.books.gate import lint
from addin.books.listobjects import list_objects
from addin.books.names import Names
from addin.books.package import Package
from addin.books.patch import Patched, patch
from addin.books.sheetxml import SheetXml, all_cells
from addin.books.strings import Strings
from addin.books.styles import Styles
from addin.books.tab import Tab
from addin.books.workbook import calculates_on_load
from addin.errors import BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import MAIN, STYLES, parts, row, rows, zipped

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ONE = row('<c r="A1"><v>1</v></c>')
LIST = (
    f'<table xmlns="{MAIN}" id="3" name="표1" displayName="표1" ref="A1:B3"><autoFilter ref="A1:B3"/>'
    '<tableColumns count="2"><tableColumn id="1" name="이름"/><tableColumn id="7" name="금액"/></tableColumns></table>'
)
LISTED = rows(
    '<row r="1"><c r="A1" t="inlineStr"><is><t>이름</t></is></c><c r="B1" t="inlineStr"><is><t>금액</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>',
    after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
)


def book(*sheets: str, **options: object) -> Package:
    return Package(zipped(parts(*(sheets or (ONE,)), **options)), "책.xlsx")  # type: ignore[arg-type]


def with_list(xml: str = LIST, sheet: str = LISTED) -> Package:
    package = book(sheet, more={"xl/tables/table1.xml": xml})
    package.add_rel("xl/worksheets/sheet1.xml", "table", "xl/tables/table1.xml")
    package.content_type(
        "xl/tables/table1.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    )
    return package


def write(package: Package, at: str, *values: EditValue, sheet: str = "S1") -> Patched:
    """Write values downwards from a cell like ``B2``."""
    letters = at.rstrip("0123456789")
    edits = Edits()
    edits.write(sheet, int(at[len(letters) :]), ord(letters) - 64, [[value] for value in values])
    return patch(package, edits)


def seen(package: Package, sheet: str = "S1") -> Worksheet:
    """The sheet as another reader sees it; the package must be whole."""
    lint(package)
    buffer = io.BytesIO()
    package.save(buffer)
    return openpyxl.load_workbook(buffer)[sheet]


# ---- what is refused


@pytest.mark.parametrize("value", ["x", 2, True, dt.date(2026, 1, 1)])
def test_the_hidden_part_of_a_merged_cell_is_refused_its_anchor_is_not(value: EditValue) -> None:
    merged = rows('<row r="1"><c r="A1"><v>1</v></c></row>', after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    for cell in ("B1", "A2", "B2"):
        with raises(BookRefused, "book.merged") as caught:
            write(book(merged), cell, value)
        assert caught.value.where == f"S1!{cell}"
    write(book(merged), "A1", value)
    write(book(merged), "C1", value)


def test_arrays_spills_and_data_tables_are_refused_cell_by_cell() -> None:
    sheet = rows('<row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A3">SORT(C1:C3)</f><v>1</v></c></row>')
    for cell in ("A1", "A2", "A3"):
        with raises(BookRefused, "book.array"):
            write(book(sheet), cell, "x")
    write(book(sheet), "A4", "x")


def test_a_formula_others_share_is_refused_unless_all_of_them_go() -> None:
    sheet = rows(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    with raises(BookRefused, "book.shared_formula") as caught:
        write(book(sheet), "A1", 5)
    assert caught.value.value == "A2"
    write(book(sheet), "A2", 5)
    write(book(sheet), "A1", 5, 6)


def test_a_pivot_tables_cells_are_refused() -> None:
    pivot = f'<pivotTableDefinition xmlns="{MAIN}"><location ref="A3:B9"/></pivotTableDefinition>'
    package = book(more={"xl/pivotTables/p1.xml": pivot})
    package.add_rel("xl/worksheets/sheet1.xml", "pivotTable", "xl/pivotTables/p1.xml")
    with raises(BookRefused, "book.pivot"):
        write(package, "B4", 1)


def test_a_signed_book_is_refused() -> None:
    with raises(BookRefused, "book.signed"):
        write(Package(BUILDERS["signed"]()), "A1", 1, sheet=Package(BUILDERS["signed"]()).sheets[0].name)


def test_a_chart_sheet_has_no_cells() -> None:
    package = Package(BUILDERS["chart_sheet"]())
    chart = next(s.name for s in package.sheets if s.kind == "chartsheet")
    with raises(BookRefused, "book.not_a_worksheet"):
        write(package, "A1", 1, sheet=chart)


def test_a_sheet_that_is_not_there_is_named() -> None:
    with raises(BookRefused, "book.no_sheet"):
        write(book(), "A1", 1, sheet="없음")


@pytest.mark.parametrize("name", ["S1", "가" * 32, "a/b"])
def test_a_new_sheet_needs_a_name_excel_takes(name: str) -> None:
    edits = Edits()
    edits.add_sheet(name, [["a"]])
    with pytest.raises(BookRefused):
        patch(book(), edits)


# ---- formulas


def test_a_plain_formula_is_replaced_and_leaves_the_calculation_chain() -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/><c r="B1"/></calcChain>'
    sheet = row('<c r="A1"><f>B1</f><v>2</v></c><c r="B1"><f>1+1</f><v>2</v></c>')
    package = book(sheet, more={"xl/calcChain.xml": chain})
    package.add_rel("xl/workbook.xml", "calcChain", "xl/calcChain.xml")
    out = write(package, "A1", 7)
    assert out.entries[0]["old"] == [{"t": "", "x": "<f>B1</f><v>2</v>"}]
    assert package.read("xl/calcChain.xml").count(b"<c ") == 1
    assert b"<f>1+1</f><v>2</v>" in package.read("xl/worksheets/sheet1.xml")


def test_a_book_with_formulas_calculates_on_load_after_a_value_changed_and_only_then() -> None:
    sheet = row('<c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c>')
    package = book(sheet)
    write(package, "A1", 5)
    assert calculates_on_load(package)
    for no_value in ("fill", "tab", "same"):
        package = book(sheet, styles=STYLES)
        edits = Edits()
        if no_value == "fill":
            edits.fill("S1", 1, 1, "FFC7CE")
        elif no_value == "tab":
            edits.add_sheet("새", [["a"]])
        else:
            edits.write("S1", 1, 1, [[1]])
        patch(package, edits)
        assert not calculates_on_load(package)
    package = book(ONE)
    write(package, "A1", 5)
    assert not calculates_on_load(package)


# ---- values


def test_dates_get_a_date_format_unless_the_cell_has_one() -> None:
    package = book(row('<c r="A1" s="2"><v>1</v></c>'), styles=STYLES)
    write(package, "A1", dt.datetime(2026, 9, 1, 9, 30), dt.date(2026, 9, 2))
    xml = package.read("xl/worksheets/sheet1.xml")
    assert re.findall(rb'r="(A.)" s="(\d)"><v>([0-9.]+)', xml) == [
        (b"A1", b"2", b"46266.395833333336"),
        (b"A2", b"5", b"46267"),
    ]
    assert [Styles(package).is_date(xf) for xf in (2, 5)] == [True, True]


def test_a_1904_book_gets_the_same_dates() -> None:
    package = Package(BUILDERS["epoch_1904"]())
    name = package.sheets[0].name
    write(package, "Z9", dt.date(2026, 9, 2), sheet=name)
    assert seen(package, name)["Z9"].value == dt.datetime(2026, 9, 2)


def test_text_that_begins_like_a_formula_is_text() -> None:
    package = book()
    write(package, "A1", "=1+1", "+1", "-1", "@a", "＝1")
    sheet = seen(package)
    assert [sheet.cell(r, 1).value for r in range(1, 6)] == ["=1+1", "+1", "-1", "@a", "＝1"]
    xml = package.read("xl/worksheets/sheet1.xml")
    assert xml.count(b"inlineStr") == 5
    assert b"<f" not in xml


def test_of_two_writes_to_a_cell_the_later_counts() -> None:
    package, edits = book(), Edits()
    edits.write("S1", 1, 1, [["a", None], [None, "b"]])
    edits.write("s1", 1, 1, [["c"]])
    patch(package, edits)
    sheet = seen(package)
    assert [sheet["A1"].value, sheet["B2"].value, sheet["B1"].value] == ["c", "b", None]


def test_strict_and_prefixed_and_bare_books_are_written_in_their_own_way() -> None:
    for name in ("strict", "prefixed", "bare_workbook", "no_shared_strings", "no_addresses"):
        package = Package(BUILDERS[name]())
        first = package.sheets[0].name
        edits = Edits()
        edits.write(first, 50, 3, [["여기"]])
        edits.fill(first, 50, 3, "FFC7CE")
        patch(package, edits)
        lint(package)
        again = Package(saved(package))
        assert again.strict == (name == "strict")
        assert "여기".encode() in again.read(again.sheets[0].part)


def saved(package: Package) -> bytes:
    buffer = io.BytesIO()
    package.save(buffer)
    return buffer.getvalue()


# ---- lists


def test_a_changed_header_changes_the_lists_column_name_too() -> None:
    package = with_list()
    write(package, "B1", "매출\n(원)")
    (table,) = list_objects(package, "xl/worksheets/sheet1.xml")
    assert table.headers == ["이름", "매출\n(원)"]
    assert b"_x000a_" in package.read("xl/tables/table1.xml")


@pytest.mark.parametrize("value", ["이름", CLEAR, 5, ""])
def test_a_header_that_would_break_its_list_is_refused(value: EditValue) -> None:
    with raises(BookRefused, "book.list_header"):
        write(with_list(), "B1", value)


def test_a_header_formulas_use_is_refused() -> None:
    package = with_list(sheet=LISTED.replace('<c r="A3"><v>2</v></c>', '<c r="A3"><f>SUM(표1[금액])</f><v>2</v></c>'))
    with raises(BookRefused, "book.list_header_used"):
        write(package, "B1", "매출")


def joined(package: Package, header: str = "판정") -> Patched:
    edits = Edits()
    edits.write("S1", 1, 3, [[header], ["주의"], ["정상"]])
    edits.mark("_danggol.col.requests.flag.1", "S1", 1, 3)
    edits.join("S1", 1, 3, header)
    return patch(package, edits)


def test_a_list_grows_by_the_column_appended_to_it() -> None:
    package = with_list()
    out = joined(package)
    (table,) = list_objects(package, "xl/worksheets/sheet1.xml")
    assert (table.rect, table.headers) == ((1, 1, 3, 3), ["이름", "금액", "판정"])
    assert re.findall(rb'tableColumn id="(\d+)"', package.read(table.part)) == [b"1", b"7", b"8"]
    assert b'<autoFilter ref="A1:C3"/>' in package.read(table.part)
    assert "join" in {e["k"] for e in out.entries}
    assert list(seen(package).tables) == ["표1"]


def test_a_list_shrinks_again() -> None:
    package = with_list()
    joined(package)
    edits = Edits()
    edits.items.append(Unjoin("S1", 1, 3, "판정"))
    edits.write("S1", 1, 3, [[CLEAR], [CLEAR], [CLEAR]])
    patch(package, edits)
    assert package.read("xl/tables/table1.xml").split(b"<table", 1)[1] == LIST.encode().split(b"<table", 1)[1]


def test_a_list_that_ends_elsewhere_or_is_linked_stays() -> None:
    for xml in (LIST.replace("A1:B3", "A1:A3"), LIST.replace("<table ", '<table tableType="queryTable" ')):
        package = with_list(xml)
        before = package.read("xl/tables/table1.xml")
        joined(package)
        assert package.read("xl/tables/table1.xml") == before


def test_a_sheets_own_filter_grows_and_its_hidden_name_with_it() -> None:
    package = book(
        LISTED.replace('<tableParts count="1"><tablePart r:id="rId1"/></tableParts>', '<autoFilter ref="A1:B3"/>'),
        names='<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        "'S1'!$A$1:$B$3</definedName></definedNames>",
    )
    joined(package)
    assert b'<autoFilter ref="A1:C3"/>' in package.read("xl/worksheets/sheet1.xml")
    found = Names(package).get("_xlnm._FilterDatabase", 0)
    assert found is not None
    assert found.formula == "'S1'!$A$1:$C$3"


# ---- tabs


def test_a_tab_of_ours_is_found_by_its_marker_and_drawn_anew_under_the_name_people_gave_it() -> None:
    package = book()
    edits = Edits()
    edits.put_tab(Tab.of_values("CRM_KPI", [["a", 1]]))
    edits.items[0].tab.marker = "_danggol.tab.kpi"  # type: ignore[union-attr]
    edits.mark("_danggol.tab.kpi", "CRM_KPI")
    patch(package, edits)
    package = Package(saved(package))
    renamed = package.read("xl/workbook.xml").replace(b"CRM_KPI", "지표".encode())
    package.put("xl/workbook.xml", renamed)
    again = Edits()
    again.put_tab(Tab("CRM_KPI", cells={(1, 1): "a", (1, 2): 2}, marker="_danggol.tab.kpi"))
    out = patch(package, again)
    assert [s.name for s in package.sheets] == ["S1", "지표"]
    assert [(e["sheet"], e["column"], e["old"], e["new"]) for e in out.entries] == [("지표", 2, [1], [2])]


def test_the_same_tab_again_changes_nothing() -> None:
    tab = Tab("CRM_KPI", cells={(1, 1): "a"}, marker="_danggol.tab.kpi")
    edits = Edits()
    edits.put_tab(tab)
    edits.mark("_danggol.tab.kpi", "CRM_KPI")
    package = book()
    patch(package, edits)
    package = Package(saved(package))
    out = patch(package, edits)
    package.prune()
    assert (package.changed, out.entries, out.tabs) == ({}, [], 0)


def test_a_tab_taken_away_leaves_what_it_held_in_the_journal() -> None:
    package = book(ONE, ONE)
    edits = Edits()
    edits.items.append(RemoveSheet("S2"))
    out = patch(package, edits)
    assert [s.name for s in package.sheets] == ["S1"]
    held = {"k": "cells", "sheet": "S2", "column": 1, "rows": [[1, 1]], "old": [1]}
    assert out.entries == [{"k": "gone", "sheet": "S2"}, held]


# ---- the journal's lines


def test_a_column_is_one_line_with_its_marker_and_where_its_head_stood() -> None:
    package = with_list()
    out = joined(package)
    (cells,) = [e for e in out.entries if e["k"] == "cells"]
    assert cells == {
        "k": "cells",
        "sheet": "S1",
        "column": 3,
        "rows": [[1, 3]],
        "new": ["판정", "주의", "정상"],
    }
    edits = Edits()
    edits.write("S1", 2, 3, [["위반"]], marker="_danggol.col.requests.flag.1")
    (cells,) = patch(package, edits).entries
    assert (cells["marker"], cells["head"], cells["old"], len(cells["keys"])) == (
        "_danggol.col.requests.flag.1",
        [1, 3],
        ["주의"],
        1,
    )


def test_a_fill_a_cell_has_already_changes_nothing_at_all() -> None:
    package, edits = book(row('<c r="A1" s="2"><v>1</v></c>'), styles=STYLES), Edits()
    edits.fill("S1", 1, 1, "FFC7CE")
    patch(package, edits)
    package = Package(saved(package))
    patch(package, edits)
    package.prune()
    assert package.changed == {}


VALUES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["가", "나", " 다", "<b>"]), st.booleans())
TAB_CELLS = st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 5)), VALUES, max_size=14)


@given(TAB_CELLS, TAB_CELLS, st.sampled_from([None, '<c r="B9" t="s"><v>0</v></c>', '<c r="AB2"><v>5</v></c>']))
@settings(max_examples=40)
def test_the_journal_of_a_tab_drawn_anew_says_what_differs_cell_by_cell(
    old: dict[tuple[int, int], EditValue], new: dict[tuple[int, int], EditValue], typed: str | None
) -> None:
    package = book(ONE, strings="<si><t>메모</t></si>")
    package = redrawn(package, Tab("CRM_보기", {(1, 1): "제목", **old}))
    part = package.sheets[1].part
    if typed:
        number = 9 if "B9" in typed else 2
        xml = SheetXml(package.read(part))
        found = (xml.row(number) or b'<row r="%d"></row>' % number).replace(b"</row>", typed.encode() + b"</row>")
        above, below = ([xml.row(n) or b"" for n in xml.rows if o(n, number)] for o in (lt, gt))
        package.put(part, xml.composed(xml.head, io.BytesIO(b"".join([*above, found, *below])), xml.tail))
    out = io.BytesIO()
    package.save(out)
    package = Package(out.getvalue())
    before = dict(held(package, part))
    edits = Edits()
    edits.put_tab(Tab("CRM_보기", {(1, 1): "제목", **new}, marker="_danggol.tab.see"))
    entries = [{k: v for k, v in entry.items() if k != "head"} for entry in patch(package, edits).entries]
    assert entries == list(changed_cells("CRM_보기", "_danggol.tab.see", before, dict(held(package, part))))


def held(package: Package, part: str) -> list[tuple[tuple[int, int], object]]:
    cells = all_cells(SheetXml(package.read(part)), Strings(package).get)
    return [((row, column), value) for row, column, value in cells]


def redrawn(package: Package, tab: Tab) -> Package:
    edits = Edits()
    tab.marker = "_danggol.tab.see"
    edits.put_tab(tab)
    edits.mark(tab.marker, tab.name)
    patch(package, edits)
    out = io.BytesIO()
    package.save(out)
    return Package(out.getvalue())
