from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books import read as module
from addin.books.guard import check_sheet, open_guarded
from addin.books.read import LOST_TEXT, Place, begin, read_book
from addin.books.scan import NO_CACHE
from addin.crm.grid import CellError, Grid
from addin.errors import BookError
from tests.messy.build import LAYOUTS, PACKAGES
from tests.messy.build import write as messy
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path


def only(path: Path) -> Grid:
    (grid,) = read_book(path).sheets
    return grid


def walked(path: Path) -> dict[str, list[list[Any]]]:
    """The same book by the XML parser alone."""
    snapshot = read_book(path)
    package = open_guarded(path)
    reader = module._Reader(package, snapshot.date_1904)
    for sheet in package.sheets:
        check_sheet(package, sheet, reader.extents)
    return {s.name: reader._walked(s.part) for s in package.sheets if s.kind == "worksheet"}


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKAGES])
def test_both_readers_agree_on_every_value(name: str, tmp_path: Path) -> None:
    path = messy(name, tmp_path)
    parsed = walked(path)
    for grid in read_book(path).sheets:
        other = Grid(grid.name, parsed[grid.name])
        for row in range(1, max(len(grid.rows), len(other.rows)) + 1):
            for column in range(1, max(grid.width, other.width) + 1):
                value = grid.value(row, column)
                assert value == (NO_CACHE if value == NO_CACHE else other.value(row, column)), (row, column)


def test_the_first_cell_of_the_grid_is_a1_wherever_the_table_starts(tmp_path: Path) -> None:
    grid = only(tiny.write(tmp_path, tiny.rows('<row r="3"><c r="C3"><v>7</v></c></row>')))
    assert grid.value(3, 3) == 7.0
    assert len(grid.rows) == 3
    assert grid.value(1, 1) is None


def test_values_are_what_was_typed_numbers_as_float_text_untouched(tmp_path: Path) -> None:
    data = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t xml:space="preserve"> 앞뒤 </t></is></c>'
        '<c r="C1"><v>5</v></c><c r="D1" t="b"><v>1</v></c><c r="E1" t="s"><v>1</v></c>'
        '<c r="F1" t="str"><v>=1+1</v></c>'
    )
    shared = "<si><t>010-0001</t></si><si><r><t>㈜</t></r><r><t>한빛_x000D_</t></r><rPh><t>x</t></rPh></si>"
    grid = only(tiny.write(tmp_path, tiny.row(data), strings=shared))
    assert [grid.value(1, c) for c in range(1, 7)] == ["010-0001", " 앞뒤 ", 5.0, True, "㈜한빛\r", "=1+1"]
    assert isinstance(grid.value(1, 3), float)


def test_error_cells_and_formulas_never_calculated_say_so(tmp_path: Path) -> None:
    data = '<c r="A1" t="e"><v>#N/A</v></c><c r="B1"><f>A1</f></c><c r="C1"><f>1</f><v>1</v></c>'
    grid = only(tiny.write(tmp_path, tiny.row(data)))
    assert [grid.value(1, c) for c in (1, 2, 3)] == [CellError("#N/A"), NO_CACHE, 1.0]
    assert grid.formulas == {2, 3}


def test_a_formula_never_calculated_beyond_the_last_value_is_there_too(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="C4"><f>A1</f></c></row>'
    assert only(tiny.write(tmp_path, tiny.rows(data))).value(4, 3) == NO_CACHE


def test_blank_rows_at_the_end_are_left_out(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="A9" t="inlineStr"><is><t></t></is></c></row>'
    assert len(only(tiny.write(tmp_path, tiny.rows(data))).rows) == 1


@pytest.mark.parametrize(
    ("cells", "times"),
    [
        ('<c r="A1" s="2"><v>45000</v></c>', [True]),
        ('<c r="A1" s="1"><v>45000</v></c>', [False]),
        (
            '<c r="A1" s="1"><v>45000</v></c><c r="B1" s="2"><v>45000</v></c><c r="C1" s="1"><v>4</v></c>',
            [False, True, False],
        ),
        ('<c s="1" r="A1"><v>45000</v></c><c s="2" r="B1"><v>45000</v></c>', [False, True]),
    ],
)
def test_the_number_format_says_whether_midnight_is_a_time(cells: str, times: list[bool], tmp_path: Path) -> None:
    grid = only(tiny.write(tmp_path, tiny.row(cells), styles=tiny.STYLES))
    assert grid.value(1, 1) == dt.date(2023, 3, 15)
    assert [grid.has_time(1, c) for c in range(1, len(times) + 1)] == times


def test_rows_of_one_column_may_show_dates_differently(tmp_path: Path) -> None:
    data = "".join(f'<row r="{r}"><c r="A{r}" s="{1 + r % 2}"><v>45000</v></c></row>' for r in range(1, 6))
    grid = only(tiny.write(tmp_path, tiny.rows(data), styles=tiny.STYLES))
    assert [grid.has_time(r, 1) for r in range(1, 6)] == [True, False, True, False, True]
    for asked in ((5, 4, 3, 2, 1, 7), (7, 8, 9, 2, 5), (3, 3, 1, 1)):  # in any order, and cells that aren't there
        grid = only(tiny.write(tmp_path, tiny.rows(data), styles=tiny.STYLES))
        assert [grid.has_time(r, 1) for r in asked] == [r in (1, 3, 5) for r in asked]


def test_without_date_formats_nothing_is_known_about_times(tmp_path: Path) -> None:
    assert only(tiny.write(tmp_path, tiny.row('<c r="A1"><v>1</v></c>'))).has_time(1, 1) is None


def test_a_1904_book_counts_from_1904(tmp_path: Path) -> None:
    one = tiny.row('<c r="A1" s="1"><v>0.5</v></c><c r="B1" s="1"><v>43538</v></c>')
    snapshot = read_book(tiny.write(tmp_path, one, styles=tiny.STYLES, workbook='<workbookPr date1904="1"/>'))
    assert snapshot.date_1904
    assert snapshot.sheets[0].epoch_1904
    assert snapshot.sheets[0].value(1, 2) == dt.date(2023, 3, 15)


@pytest.mark.parametrize(("style", "value"), [(3, 1e9), (3, 1e12), (1, 1e12), (2, 1e300)])
def test_a_number_that_is_no_date_of_any_calendar_stays_a_number(style: int, value: float, tmp_path: Path) -> None:
    cells = f'<c r="A1" s="{style}"><v>{value!r}</v></c><c r="B1" s="1"><v>45000</v></c>'
    grid = read_book(tiny.write(tmp_path, tiny.row(cells), styles=tiny.STYLES)).sheets[0]
    assert (grid.value(1, 1), grid.value(1, 2)) == (value, dt.date(2023, 3, 15))


@pytest.mark.parametrize("strings", ["", "<si><t>하나</t></si>"])
def test_a_text_missing_from_the_shared_list_is_said_not_dropped(strings: str, tmp_path: Path) -> None:
    grid = only(tiny.write(tmp_path, tiny.row('<c r="A1" t="s"><v>5</v></c><c r="B1"><v>1</v></c>'), strings=strings))
    assert (grid.value(1, 1), grid.value(1, 2)) == (LOST_TEXT, 1.0)


def test_a_workbook_part_of_another_name_is_found(tmp_path: Path) -> None:
    content = tiny.parts(tiny.row('<c r="A1"><v>1</v></c>'))
    moved = {
        name.replace("workbook.xml", "book22.xml"): text.replace("workbook.xml", "book22.xml")
        for name, text in content.items()
    }
    path = tmp_path / "a.xlsx"
    path.write_bytes(tiny.zipped(moved))
    assert only(path).value(1, 1) == 1.0


def test_a_broken_sheet_is_an_error_that_names_file_and_part(tmp_path: Path) -> None:
    with pytest.raises(BookError) as caught:
        read_book(tiny.write(tmp_path, "<worksheet><sheetData><row><c><v>1</c></row></sheetData></worksheet>"))
    assert caught.value.where == "책.xlsx xl/worksheets/sheet1.xml"


def test_names_that_point_at_one_cell_are_known_hidden_ones_too(tmp_path: Path) -> None:
    names = (
        '<definedNames><definedName name="_danggol.id" hidden="1">\'S1\'!$N$4</definedName>'
        '<definedName name="local" localSheetId="0">S1!$A$1</definedName>'
        '<definedName name="area">S1!$A$1:$B$2</definedName>'
        "</definedNames>"
    )
    snapshot = read_book(tiny.write(tmp_path, tiny.rows(""), names=names))
    assert snapshot.names == {"_danggol.id": Place("S1", 4, 14), "local": Place("S1", 1, 1)}


def test_hidden_sheets_are_read_and_chart_sheets_are_only_named(tmp_path: Path) -> None:
    snapshot = read_book(messy("chart_sheet", tmp_path))
    assert len(snapshot.tabs) == len(snapshot.sheets) + 1
    assert [g.hidden for g in snapshot.sheets] == [False, True]


def test_a_sheet_is_found_without_regard_to_case(tmp_path: Path) -> None:
    snapshot = read_book(tiny.write(tmp_path, tiny.rows("")))
    assert snapshot.grid("s1") is snapshot.sheets[0]
    assert snapshot.grid("없음") is None


def test_the_hash_is_of_the_bytes_that_were_read(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.rows(""))
    assert read_book(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_csv_is_one_sheet_of_text(tmp_path: Path) -> None:
    path = tmp_path / "접수.csv"
    path.write_bytes("업체명,금액\n㈜한빛,0100\n".encode("cp949"))
    snapshot = read_book(path)
    assert (snapshot.kind, snapshot.tabs) == ("csv", ("접수",))
    assert snapshot.sheets[0].rows == [["업체명", "금액"], ["㈜한빛", "0100"]]
    assert snapshot.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_reading_can_begin_early_and_errors_arrive_with_the_result(tmp_path: Path) -> None:
    assert begin(tiny.write(tmp_path, tiny.rows(""))).result().tabs == ("S1",)
    with pytest.raises(BookError):
        begin(tmp_path / "없음.xlsx").result()


@pytest.mark.parametrize(("failing", "given"), [("opened", None), ("sheet_named", []), ("rows_of", None)])
def test_where_calamine_gives_up_the_xml_parser_reads(
    failing: str, given: list[object] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = messy("plain", tmp_path)
    expected = read_book(path).sheets[0].rows
    monkeypatch.setattr(module, failing, lambda *_: given)
    assert [[v or "" for v in line] for line in only(path).rows] == [[v or "" for v in line] for line in expected]


values = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8)
    .map(str.strip)
    .filter(bool),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 6)),
    st.booleans(),
    st.none(),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(values, max_size=5), max_size=6), top=st.integers(0, 3), left=st.integers(0, 30))
def test_what_was_written_is_read_at_its_place(rows: list[list[Any]], top: int, left: int, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("S")
    for r, line in enumerate(rows):
        for c, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(top + r, left + c, value)
            elif value is not None:
                sheet.write(top + r, left + c, value)
    book.close()
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    grid = only(path)
    for r, line in enumerate(rows):
        for c, value in enumerate(line):
            assert grid.value(top + r + 1, left + c + 1) == value


def test_a_book_to_be_written_is_looked_through_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addin.books.read.LONG", 0)
    sheets = tiny.row('<c r="A1"><v>1</v></c>'), tiny.rows('<row r="2"/><row r="1"/>')
    path = tiny.write(tmp_path, *sheets)
    assert not read_book(path).inflated.indexed
    read = read_book(path, to_write=True)
    assert set(read.inflated.indexed) == {"xl/worksheets/sheet1.xml"}  # the other can't be written, yet it can be read
    assert [grid.name for grid in read.sheets] == ["S1", "S2"]
