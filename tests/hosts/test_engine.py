"""Macro code written for Excel through xlwings runs on LibreOffice: what xlwings documents for Excel holds here."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import xlwings as xw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.errors import BookError, BookRefused
from addin.hosts.calc.bridge_uno import CalcError, struct
from addin.hosts.calc.engine import register

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def sheet(book: Any) -> Any:
    return book.sheets[0]


DAY, MOMENT = dt.datetime(2026, 11, 21), dt.datetime(2026, 11, 21, 9, 30, 15)


# values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (1, 1.0),
        (2.5, 2.5),
        ("가나다", "가나다"),
        (True, True),
        (False, False),
        (None, None),
        ("", None),
        (DAY, DAY),
        (MOMENT, MOMENT),
        (dt.date(2026, 11, 21), DAY),
        (float("nan"), None),
        (pd.NaT, None),
        (pd.Timestamp("2026-11-21 09:30:15"), MOMENT),
        ("=1+1", 2.0),
        ("=1/0", None),
        ("'=1+1", "=1+1"),
        ("'010", "010"),
        ("010", 10.0),  # Excel reads it as typed, so it is a number
        ("1,234", 1234.0),
        ("12%", 0.12),
        ("2026-11-21", DAY),
        ("TRUE", True),
        ("-", "-"),
        ("+82", 82.0),
        ("@홍", "@홍"),
        ("010-1234-5678", "010-1234-5678"),
        ("줄\n바꿈", "줄\n바꿈"),
    ],
)
def test_a_value_written_reads_back_as_excel_gives_it(sheet: Any, written: Any, read: Any) -> None:
    sheet["B2"].value = written
    assert sheet["B2"].value == read
    assert type(sheet["B2"].value) is type(read)


def test_text_stays_text_in_a_cell_formatted_as_text(sheet: Any) -> None:
    sheet["A1:A4"].number_format = "@"
    sheet["A1"].options(transpose=True).value = ["010", "=1+1", "2026-11-21", 5]
    assert sheet["A1:A4"].value == ["010", "=1+1", "2026-11-21", "5"]


def test_a_date_gives_a_plain_cell_a_date_format_and_leaves_a_date_format_alone(sheet: Any) -> None:
    sheet["B1"].number_format = "m/d/yyyy"
    sheet["A1"].value = [DAY, DAY, MOMENT]
    assert [sheet[0, i].number_format for i in range(3)] == ["yyyy-mm-dd", "m/d/yyyy", "yyyy-mm-dd hh:mm"]


def test_a_number_in_a_cell_that_was_true_is_a_number(sheet: Any) -> None:
    sheet["A1"].value = True
    sheet["A1"].value = 1
    assert sheet["A1"].value == 1.0
    assert sheet["A1"].value is not True


def test_errors_are_none_or_their_text(sheet: Any) -> None:
    sheet["A1"].value = ["=1/0", "=NA()", '=VALUE("x")', "=nosuch()", "=10^309", "#N/A"]
    assert sheet["A1:F1"].value == [None] * 6
    texts = ["#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#N/A"]
    assert sheet["A1:F1"].options(err_to_str=True).value == texts


def test_a_column_of_errors_is_told_apart_in_one_go(sheet: Any) -> None:
    sheet["A1:A300"].formula = "=1/0"
    sheet["A150"].formula = "=NA()"
    sheet["A2"].value = "글"
    sheet["2:3"].rows.hidden = True
    texts = sheet["A1:A300"].options(err_to_str=True).value
    assert (texts[0], texts[1], texts[2], texts[149]) == ("#DIV/0!", "글", "#DIV/0!", "#N/A")
    assert texts.count("#DIV/0!") == 298


def test_a_date_among_very_many_formats_is_a_date(sheet: Any) -> None:
    sheet["A1"].options(transpose=True).value = [float(i) for i in range(150)]
    for i in range(120):
        sheet.api.getCellByPosition(0, i).CellBackColor = i
    sheet["A140"].number_format = "yyyy-mm-dd"
    values = sheet["A1:B150"].value
    assert values[139][0] == dt.datetime(1900, 5, 18)
    assert values[138][0] == 138.0


def test_shapes_are_scalar_row_column_and_block(sheet: Any) -> None:
    sheet["A1"].value = [[1, 2], [3, 4]]
    assert sheet["A1"].value == 1.0
    assert sheet["A1:B1"].value == [1.0, 2.0]
    assert sheet["A1:A2"].value == [1.0, 3.0]
    assert sheet["A1:B2"].value == [[1.0, 2.0], [3.0, 4.0]]
    assert sheet["A1:B1"].options(ndim=2).value == [[1.0, 2.0]]
    sheet["D1:E2"].value = 7
    assert sheet["D1:E2"].value == [[7.0, 7.0], [7.0, 7.0]]


def test_options_numbers_dates_empty_and_transpose(sheet: Any) -> None:
    sheet["A1"].value = [[1, DAY], [None, "x"]]
    cells = sheet["A1:B2"].options(numbers=int, dates=dt.date, empty="-")
    assert cells.value == [[1, DAY.date()], ["-", "x"]]
    assert sheet["A1:B2"].options(transpose=True).value == [[1.0, None], [DAY, "x"]]


def test_a_dataframe_goes_in_and_out(sheet: Any) -> None:
    frame = pd.DataFrame({"이름": ["가", "나"], "값": [1.0, 2.5], "날": [DAY, MOMENT]})
    sheet["B2"].options(index=False).value = frame
    again = sheet["B2"].options(pd.DataFrame, index=False, expand="table").value
    assert again["이름"].tolist() == ["가", "나"]
    assert again["값"].tolist() == [1.0, 2.5]
    assert [stamp.to_pydatetime() for stamp in pd.to_datetime(again["날"])] == [DAY, MOMENT]


def test_expand_and_end_go_where_ctrl_and_an_arrow_go(sheet: Any) -> None:
    sheet["A1"].value = [["a", "b", "c"], [1, 2, 3], [4, 5, 6]]
    sheet["A6"].value = "아래"
    assert sheet["A1"].expand().address == "$A$1:$C$3"
    assert sheet["A1"].expand("down").address == "$A$1:$A$3"
    assert sheet["A1"].end("down").row == 3
    assert sheet["A3"].end("down").row == 6
    assert sheet["A6"].end("up").row == 3
    assert sheet["A6"].end("down").row == 1048576
    assert sheet["C1"].end("left").column == 1
    assert sheet["A1"].current_region.address == "$A$1:$C$3"
    assert sheet.used_range.address == "$A$1:$C$6"


cell_values = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"))).map(lambda text: "'" + text),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cell_values, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_block_of_values_reads_back_as_written(sheet: Any, rows: list[list[Any]]) -> None:
    sheet["A1:C5"].clear()
    cells = sheet[: len(rows), :3]
    cells.value = rows
    expected = [[(v[1:] or None) if isinstance(v, str) else v for v in row] for row in rows]
    assert cells.options(ndim=2).value == expected


def test_twenty_thousand_rows_go_in_and_out_in_blocks(sheet: Any) -> None:
    line = ["이름", 1.5, DAY, None, True, "비고", 3.0, MOMENT, "x", 4.0, 5.0, "끝"]
    start = time.monotonic()
    sheet["A1"].value = [line] * 20_000
    written = time.monotonic()
    rows = sheet["A1:L20000"].value
    assert rows[0] == rows[19_999] == line
    assert len(rows) == 20_000
    assert written - start < 30
    assert time.monotonic() - written < 30


# formulas


def test_formulas_are_excels_english_ones(book: Any, sheet: Any) -> None:
    book.sheets.add("9월 접수", after=sheet)["A1"].value = 5
    sheet["A1"].value = [1, 2]
    sheet["C1"].formula = "=SUM(A1:B1,'9월 접수'!A1)"
    assert sheet["C1"].value == 8.0
    assert sheet["C1"].formula == "=SUM(A1:B1,'9월 접수'!A1)"
    assert sheet["A1"].formula == "1"
    sheet["C2"].formula = '=IF(A1=1,"a,b;c",0)'
    assert sheet["C2"].value == "a,b;c"
    assert sheet["C2"].formula == '=IF(A1=1,"a,b;c",0)'


def test_one_formula_fills_a_range_with_its_references_moved(sheet: Any) -> None:
    sheet["A1"].options(transpose=True).value = [1, 2, 3]
    sheet["B1:B3"].formula = "=A1*$A$3"
    assert sheet["B1:B3"].value == [3.0, 6.0, 9.0]
    assert sheet["B1:B3"].formula == (("=A1*$A$3",), ("=A2*$A$3",), ("=A3*$A$3",))


def test_a_changed_precedent_gives_a_new_value(sheet: Any) -> None:
    sheet["A1"].value = [2, "=A1*10"]
    sheet["A1"].value = 3
    assert sheet["B1"].value == 30.0


def test_an_array_formula_belongs_to_its_whole_range(sheet: Any) -> None:
    sheet["A1"].value = [[1], [2]]
    sheet["B1:B2"].formula_array = "=A1:A2*2"
    assert sheet["B1:B2"].value == [2.0, 4.0]
    assert sheet["B1"].formula_array == "=A1:A2*2"
    assert sheet["B1"].has_array
    assert not sheet["A1"].has_array


def test_nothing_is_calculated_by_hand_until_it_is_asked(calc: Any, sheet: Any) -> None:
    sheet["A1"].value = [1, "=A1+1"]
    calc.calculation = "manual"
    assert calc.calculation == "manual"
    calc.calculation = "automatic"
    calc.calculate()
    assert sheet["B1"].value == 2.0


# places


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("B2", "$B$2"),
        ("$B$2:C3", "$B$2:$C$3"),
        ("A:C", "$A:$C"),
        ("2:3", "$2:$3"),
        ((1, 2), "$B$1"),
    ],
)
def test_a_range_is_found_by_its_address(sheet: Any, asked: Any, address: str) -> None:
    assert sheet.range(asked).address == address


def test_addresses_relative_and_with_their_sheet(book: Any, sheet: Any) -> None:
    cells = sheet["A1:C3"]
    assert cells.get_address(False, False) == "A1:C3"
    assert cells.get_address(True, False, include_sheetname=True) == f"'{sheet.name}'!A$1:C$3"
    assert sheet[0:2, 1:3].address == "$B$1:$C$2"
    assert sheet["B2"].offset(1, 1).resize(2, 2).address == "$C$3:$D$4"
    assert sheet["A1:B2"].last_cell.address == "$B$2"
    with pytest.raises(IndexError):
        sheet.range((0, 1))
    with pytest.raises(KeyError):
        sheet["없는이름"]


# looks


def test_number_formats_are_excels(sheet: Any) -> None:
    for code in ("General", "0.00%", "yyyy-mm-dd hh:mm", "#,##0", '#,##0"원"', "@", "[Red]0;-0", "[h]:mm"):
        sheet["A1:A3"].number_format = code
        assert sheet["A1:A3"].number_format == code
    sheet["A2"].number_format = "0"
    assert sheet["A1:A3"].number_format is None


def test_colours_and_fonts(sheet: Any) -> None:
    assert sheet["A1"].color is None
    for value in ("#FFC7CE", (255, 199, 206), 0xCEC7FF):
        sheet["A1"].color = value
        assert sheet["A1"].color == (255, 199, 206)
    sheet["A1"].color = None
    assert sheet["A1"].color is None
    font = sheet["A1"].font
    font.bold, font.italic, font.size, font.name, font.color = True, True, 14, "나눔고딕", "#0000ff"
    assert (font.bold, font.italic, font.size, font.name, font.color) == (True, True, 14.0, "나눔고딕", (0, 0, 255))
    assert sheet["A1"].api.CharWeightAsian == 150.0
    font.bold = font.italic = False
    assert (font.bold, font.italic) == (False, False)


def test_widths_in_characters_and_heights_in_points(sheet: Any) -> None:
    sheet["B:C"].column_width = 12.5
    sheet["2:4"].row_height = 30
    assert sheet["B1"].column_width == pytest.approx(12.5, abs=0.15)
    assert sheet["A3"].row_height == 30.0
    assert sheet["A1:B1"].column_width is None
    assert sheet["A1:A2"].row_height is None
    sheet["A1"].value = "아주 길고 길어서 칸에 다 들어가지 않는 글"
    narrow = sheet["A1"].column_width
    sheet["A1"].columns.autofit()
    assert sheet["A1"].column_width > narrow


def test_wrapping_alignment_and_borders(sheet: Any) -> None:
    cell = sheet["A1"]
    cell.wrap_text, cell.horizontal_alignment, cell.vertical_alignment = True, "center", "top"
    assert (cell.wrap_text, cell.horizontal_alignment, cell.vertical_alignment) == (True, "center", "top")
    sheet["B2:C3"].borders.line_style = "continuous"
    assert sheet["B2"].api.TopBorder2.LineWidth > 0
    sheet["B2:C3"].borders.clear()
    assert sheet["B2"].api.TopBorder2.LineWidth == 0


def test_rows_and_columns_hide_and_show(sheet: Any) -> None:
    sheet["2:3"].rows.hidden = True
    assert sheet["2:3"].rows.hidden is True
    assert sheet["1:2"].rows.hidden is None
    sheet["B:B"].columns.hidden = True
    assert sheet["B:B"].columns.hidden is True
    sheet["A2"].value = "숨은 줄"
    assert sheet["A2"].value == "숨은 줄"


# cells, notes, names, tables


def test_merged_cells(sheet: Any) -> None:
    sheet["A1:B2"].merge()
    assert sheet["B2"].merge_area.address == "$A$1:$B$2"
    assert sheet["A1"].merge_cells
    assert not sheet["C1"].merge_cells
    sheet["A1:B2"].unmerge()
    assert not sheet["A1"].merge_cells


def test_clearing_contents_leaves_the_format_and_clearing_all_does_not(sheet: Any) -> None:
    sheet["A1"].value, sheet["A1"].color = 5, "#ff0000"
    sheet["A1"].clear_contents()
    assert (sheet["A1"].value, sheet["A1"].color) == (None, (255, 0, 0))
    sheet["A1"].clear_formats()
    assert sheet["A1"].color is None
    sheet["A1"].value, sheet["A1"].color = 5, "#ff0000"
    sheet["A1"].clear()
    assert (sheet["A1"].value, sheet["A1"].color) == (None, None)


def test_inserting_and_deleting_move_what_is_there(sheet: Any) -> None:
    sheet["A1"].options(transpose=True).value = [1, 2, 3]
    sheet["C1"].value = "=A3"
    sheet["2:2"].insert("down")
    assert sheet["A1:A4"].value == [1.0, None, 2.0, 3.0]
    assert sheet["C1"].formula == "=A4"
    sheet["2:2"].delete()
    assert sheet["A1:A3"].value == [1.0, 2.0, 3.0]
    sheet["A1"].insert("right")
    assert sheet["A1:B1"].value == [None, 1.0]
    sheet["A1"].delete("left")
    assert sheet["A1"].value == 1.0


def test_copying_takes_formulas_and_formats_along(sheet: Any) -> None:
    sheet["A1"].value = [1, "=A1+1"]
    sheet["A1"].color = "#00ff00"
    sheet["A1:B1"].copy(sheet["A3"])
    assert sheet["B3"].formula == "=A3+1"
    assert sheet["A3"].color == (0, 255, 0)
    sheet["A5"].copy_from(sheet["A1:B1"], copy_type="values")
    assert sheet["B5"].formula == "2"
    sheet["A5:B5"].move(sheet["D5"])
    assert sheet["A5:E5"].value == [None, None, None, 1.0, 2.0]


def test_a_note_is_added_changed_and_taken_away(sheet: Any) -> None:
    assert sheet["A1"].note is None
    sheet["A1"].add_note("메모\n둘째 줄")
    assert sheet["A1"].note.text == "메모\n둘째 줄"
    assert sheet["A1"].value is None
    sheet["A1"].note.text = "새 메모"
    assert [note.text for note in sheet.notes] == ["새 메모"]
    sheet["A1"].note.delete()
    assert sheet["A1"].note is None


def test_a_link_leads_where_it_says(sheet: Any) -> None:
    sheet["A1"].add_hyperlink("https://example.org/", "여기")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("여기", "https://example.org/")


def test_names_are_added_moved_and_deleted_also_with_dots(book: Any, sheet: Any) -> None:
    book.names.add("_danggol.tab.kpi", f"='{sheet.name}'!$B$2")
    assert book.names["_danggol.tab.kpi"].refers_to == f"={sheet.name}!$B$2"
    assert book.names["_danggol.tab.kpi"].refers_to_range.address == "$B$2"
    book.names["_danggol.tab.kpi"].refers_to = f"='{sheet.name}'!$C$3"
    sheet["1:1"].insert("down")
    assert book.names["_danggol.tab.kpi"].refers_to_range.address == "$C$4"
    sheet.names.add("안", f"={sheet.name}!$A$1:$A$3")
    assert [name.name for name in sheet.names] == [f"{sheet.name}!안"]
    assert "_danggol.tab.kpi" in book.names
    sheet["B2"].value, sheet["B2"].name = 7, "값자리"
    assert (sheet["값자리"].value, sheet["B2"].name.name) == (7.0, "값자리")
    del book.names["_danggol.tab.kpi"]
    assert "_danggol.tab.kpi" not in book.names
    book.names.add("상수", "=3")
    with pytest.raises(xw.XlwingsError):
        _ = book.names["상수"].refers_to_range


def test_a_table_is_made_found_and_grown(sheet: Any) -> None:
    sheet["A1"].value = [["이름", "값"], ["가", 1], ["나", 2]]
    table = sheet.tables.add(source=sheet["A1"].expand(), name="표1")
    assert table.range.address == "$A$1:$B$3"
    assert table.header_row_range.value == ["이름", "값"]
    assert table.data_body_range.address == "$A$2:$B$3"
    assert sheet["B2"].table.name == "표1"
    assert sheet["D9"].table is None
    table.resize(sheet["A1:C3"])
    assert sheet.tables["표1"].range.address == "$A$1:$C$3"
    table.show_autofilter = False
    assert table.show_autofilter is False
    assert [each.name for each in sheet.tables] == ["표1"]
    assert sheet.tables.add(source=sheet["F1:G2"]).name == "Table1"


# sheets and books


def test_sheets_are_added_copied_moved_hidden_and_deleted(book: Any, sheet: Any) -> None:
    first = sheet.name
    sheet["A1"].value = "원본"
    book.sheets.add("둘", after=sheet)
    book.sheets.add("영", before=sheet)
    assert book.sheet_names == ["영", first, "둘"]
    assert book.sheets.active.name == "영"
    sheet.copy(after=sheet, name="사본")
    assert book.sheet_names == ["영", first, "사본", "둘"]
    assert book.sheets["사본"]["A1"].value == "원본"
    book.sheets["둘"].visible = False
    assert not book.sheets["둘"].visible
    book.sheets["사본"].delete()
    book.sheets["영"].move(after=sheet)
    assert book.sheet_names == [first, "영", "둘"]
    book.sheets["영"].name = "새 이름"
    assert book.sheets[1].name == "새 이름"
    with pytest.raises(ValueError, match="already present"):
        book.sheets.add("새 이름")
    sheet["1:1"].row_height = 30
    sheet.clear()
    assert sheet["A1"].value is None


def test_a_sheet_is_copied_into_another_book(calc: Any, book: Any, sheet: Any) -> None:
    sheet.name = "원본"
    sheet["A1"].value = [1, "=A1+1"]
    sheet["A1"].color = "#00ff00"
    other = calc.books.add()
    sheet.copy(before=other.sheets[0])
    copied = other.sheets["원본"]
    assert copied.index == 1
    assert (copied["B1"].value, copied["A1"].color) == (2.0, (0, 255, 0))
    sheet.copy(after=copied)
    assert other.sheets[1].name == "원본 (2)"


def test_freezing_panes_leaves_the_sheet_in_front(book: Any, sheet: Any) -> None:
    other = book.sheets.add("앞")
    sheet.freeze_panes.freeze_at("A1:B3")
    assert book.sheets.active.name == other.name
    sheet.freeze_panes.unfreeze()
    sheet.page_setup.print_area = "$A$1:$C$3"
    assert sheet.page_setup.print_area == "$A$1:$C$3"


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".ods"])
def test_a_book_saved_and_opened_again_holds_the_same(calc: Any, book: Any, tmp_path: Path, suffix: str) -> None:
    sheet = book.sheets[0]
    sheet.name = "접수"
    sheet["A1"].value = [["이름", "날", "참"], ["가", DAY, True], ["'010", MOMENT, "=B3-B2"]]
    sheet["A1"].add_note("메모")
    sheet["A1"].color = "#ffc7ce"
    sheet["E1:F2"].merge()
    book.names.add("_danggol.tab.x", "=접수!$A$1")
    sheet.tables.add(source=sheet["A1:C3"], name="표1")
    path = tmp_path / f"파트너 관리{suffix}"
    book.save(path)
    assert (book.name, book.fullname) == (path.name, str(path))
    book.close()

    again = calc.books.open(path)
    sheet = again.sheets["접수"]
    assert sheet["A1:B3"].value == [["이름", "날"], ["가", DAY], ["010", MOMENT]]
    assert sheet["C1:C2"].value == ["참", True]
    assert sheet["A1"].note.text == "메모"
    assert sheet["A1"].color == (255, 199, 206)
    assert sheet["E1"].merge_area.address == "$E$1:$F$2"
    assert again.names["_danggol.tab.x"].refers_to_range.address == "$A$1"
    assert sheet.tables["표1"].range.address == "$A$1:$C$3"
    assert calc.books.open(path) == again
    sheet["A1"].value = "바뀜"
    again.save()
    again.close()
    assert calc.books.open(path).sheets["접수"]["A1"].value == "바뀜"


def test_what_cannot_be_opened_or_saved_says_so_in_one_sentence(calc: Any, book: Any, tmp_path: Path) -> None:
    damaged = tmp_path / "망가짐.xlsx"
    damaged.write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises((BookError, FileNotFoundError)):
        calc.books.open(damaged)
    with pytest.raises(BookError, match=r"\.docx"):
        book.save(tmp_path / "책.docx")
    with pytest.raises(BookError, match="저장하지 못했습니다"):
        book.save(tmp_path / "없는 폴더" / "책.xlsx")
    book.save(tmp_path / "책.xlsx")


def test_the_sheets_become_a_pdf(book: Any, tmp_path: Path) -> None:
    book.sheets[0]["A1"].value = "쪽"
    book.impl.to_pdf(str(tmp_path / "책.pdf"))
    assert (tmp_path / "책.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_protected_sheet_refuses_every_write_and_keeps_what_it_has(book: Any, sheet: Any) -> None:
    sheet["A1"].value = "있던 것"
    sheet["B1"].api.CellProtection = struct("com.sun.star.util.CellProtection", IsLocked=False)
    sheet.api.protect("")
    for write in (
        lambda: setattr(sheet["A1"], "value", "새것"),
        lambda: setattr(sheet["A1"], "formula", "=1"),
        lambda: setattr(sheet["A1"], "color", "#ff0000"),
        lambda: setattr(sheet["A1:C1"], "value", [1, 2, 3]),
        sheet["A1"].clear_contents,
        lambda: setattr(sheet["A1"].font, "bold", True),
    ):
        with pytest.raises(BookRefused, match="보호"):
            write()
    sheet["B1"].value = "열린 칸"
    assert sheet["A1:B1"].value == ["있던 것", "열린 칸"]


# the app


def test_what_libreoffice_refuses_is_an_ordinary_exception_in_its_words(sheet: Any) -> None:
    sheet["A1:A2"].formula_array = "=B1:B2"
    with pytest.raises(CalcError, match="Exception"):
        sheet["A1"].value = "배열의 한 칸"


def test_the_status_bar_and_screen_updating_are_told_and_put_back(calc: Any, book: Any) -> None:
    assert calc.status_bar is False
    calc.status_bar = "40 %"
    assert calc.status_bar == "40 %"
    calc.status_bar = False
    with calc.properties(screen_updating=False):
        assert calc.screen_updating is False
        book.sheets[0]["A1"].value = [1, "=A1+1"]
    assert calc.screen_updating is True
    assert book.sheets[0]["B1"].value == 2.0
    assert not book.api.hasControllersLocked()


def test_the_selection_is_where_it_was_after_everything(calc: Any, book: Any, sheet: Any) -> None:
    sheet["B2:C3"].select()
    sheet["A1:D9"].value = 1
    sheet["A1"].color = "#ff0000"
    book.sheets.add("둘", after=sheet)
    sheet.activate()
    assert calc.selection.address == "$B$2:$C$3"


def test_a_macro_of_the_book_runs_by_its_name(calc: Any, book: Any) -> None:
    libraries = book.api.BasicLibraries
    if not libraries.hasByName("Standard"):
        libraries.createLibrary("Standard")
    libraries.getByName("Standard").insertByName("Module1", "Function Add(a, b)\nAdd = a + b\nEnd Function\n")
    assert book.macro("Add")(1, 2) == 3
    assert book.macro("Module1.Add")(2, 2) == 4
    with pytest.raises(KeyError):
        book.macro("Nope")()


def test_a_question_nobody_can_see_changes_nothing(calc: Any) -> None:
    assert calc.alert("계속할까요?", buttons="yes_no") == "no"
    assert calc.alert("끝났습니다.") == "ok"


def test_the_engine_is_registered_once(calc: Any) -> None:
    assert register().name == register().name == "libreoffice"
    assert [engine.name for engine in xw.engines].count("libreoffice") == 1
    assert calc.engine.name == "libreoffice"
    assert calc.pid in xw.engines["libreoffice"].apps.keys()  # noqa: SIM118
    assert str(calc.version)[0].isdigit()
