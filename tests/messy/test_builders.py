"""Each builder makes what its name says: a test that relies on one may take that for granted."""

from __future__ import annotations

import csv
import io
import unicodedata
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from tests.messy.build import BUILDERS, HOSTILE, LAYOUTS, PACKAGES, TEXTS, write
from tests.messy.hostile import calc_lock, excel_lock
from tests.messy.layouts import HEADERS
from tests.messy.zips import parts

if TYPE_CHECKING:
    from pathlib import Path

UNREADABLE = {"lost_shared_strings"}


def sheet(name: str, tab: str | int = 0) -> list[list[Any]]:
    """A tab's values as calamine reads them, from A1."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(BUILDERS[name]()))
    found = book.get_sheet_by_name(tab) if isinstance(tab, str) else book.get_sheet_by_index(tab)
    return found.to_python(skip_empty_area=False)


def loaded(name: str, **options: Any) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(BUILDERS[name]()), **options)


@pytest.mark.parametrize("name", BUILDERS)
def test_every_builder_says_what_it_makes_and_makes_it_the_same_way_twice(name: str) -> None:
    assert BUILDERS[name].__doc__
    if name != "zip_bomb":
        assert BUILDERS[name]() == BUILDERS[name]()


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKAGES])
def test_every_legal_workbook_is_whole_and_well_formed(name: str) -> None:
    has = parts(BUILDERS[name]())
    assert "[Content_Types].xml" in has
    for part, body in has.items():
        if part.endswith((".xml", ".rels", ".vml")) and body:
            etree.fromstring(body)


@pytest.mark.parametrize("name", [n for n in (*LAYOUTS, *PACKAGES) if n not in UNREADABLE and n != "chart_sheet"])
def test_every_legal_workbook_opens(name: str) -> None:
    assert any(cell for line in sheet(name) for cell in line)


@pytest.mark.parametrize("name", [n for n in LAYOUTS if n != "macro_book"])
def test_every_layout_opens_in_openpyxl_too(name: str) -> None:
    assert loaded(name).sheetnames


@pytest.mark.parametrize(
    "name",
    ["no_addresses", "prefixed", "lying_dimension", "rich_text", "other_case", "no_shared_strings", "bare_workbook"],
)
def test_odd_packages_hold_the_same_values_as_the_plain_one(name: str) -> None:
    plain = [[str(v) for v in line] for line in sheet("plain")]
    odd = [[str(v) for v in line] for line in sheet(name)]
    if name == "bare_workbook":  # without styles a date is only a number
        plain, odd = ([[*line[:2], *line[4:]] for line in rows] for rows in (plain, odd))
    assert odd == plain


def test_headers_stand_where_the_builder_says() -> None:
    assert sheet("title_above")[3][1:8] == list(HEADERS)
    assert sheet("two_row_header")[2][:5] == ["접수번호", "업체명", "접수", "", "처리"]
    assert sheet("two_row_header")[3][2:] == ["일시", "경로", "확인일시", "진행상태", "금액"]
    assert sheet("stacked")[1] == list(HEADERS)
    assert sheet("stacked")[13][0] == "지출일"
    assert sheet("side_by_side")[0][7:] == ["", "파트너명", "클러스터", "세대수"]
    assert sheet("side_by_side_touching")[0] == [*HEADERS, *HEADERS]
    assert [
        str(c.coord) for c in loaded("two_row_header")["접수"].merged_cells.ranges if c.min_row == 3 == c.max_row
    ] == ["C3:D3", "E3:G3"]


def test_totals_gaps_and_months_are_there() -> None:
    assert [line[0] for line in sheet("totals")] == [
        "접수번호",
        "총계",
        *(f"R{i:04d}" for i in range(1, 11)),
        "소계",
        "합   계",
        "",
    ]
    assert [line[0] for line in sheet("gaps")].count("접수번호") == 2
    assert [sheet("monthly_tabs", f"{m}월")[2][1] for m in (7, 8, 9)] == ["업체명", "업체명", "접수일시"]
    assert len(loaded("twenty_sheets").sheetnames) == 20


def test_headers_are_odd_in_the_ways_named() -> None:
    headers = sheet("odd_headers")[0]
    assert headers[1] == "업체\u00a0명"
    assert headers[2] != "접수일시" == unicodedata.normalize("NFC", headers[2])
    assert "\n" in headers[3]
    assert headers[4:] == ["비고", "비고", ""]


def test_the_1904_book_means_the_same_days() -> None:
    assert loaded("epoch_1904").epoch.year == 1904
    assert sheet("epoch_1904")[1][2] == sheet("plain")[1][2]


def test_formulas_stand_with_no_value_or_an_error() -> None:
    assert [c.value for c in loaded("formulas_without_values")["접수"]["H"][1:]] == [f"=F{r}*1.1" for r in range(2, 7)]
    assert [c.value for c in loaded("formulas_without_values", data_only=True)["접수"]["H"][1:]] == [None] * 5
    assert [c.value for c in loaded("error_cells", data_only=True)["접수"]["F"][1:4]] == ["#N/A", "#REF!", "#VALUE!"]


def test_shared_and_array_formulas_and_the_calc_chain() -> None:
    has = parts(BUILDERS["formula_kinds"]())
    xml = has["xl/worksheets/sheet1.xml"]
    assert xml.count(b'<f t="shared" si="0"/>') == 3
    assert b'<f t="array" ref="I2:I5">' in xml
    assert has["xl/calcChain.xml"].count(b"<c r=") == 5


def test_tables_filters_charts_buttons_and_macros() -> None:
    assert loaded("list_object")["접수"].tables["접수표"].ref == "B3:H12"
    assert loaded("autofilter")["접수"].auto_filter.ref == "A1:G9"
    button = parts(BUILDERS["chart_and_button"]())
    assert {"xl/charts/chart1.xml", "xl/drawings/vmlDrawing1.vml", "xl/ctrlProps/ctrlProp1.xml"} <= button.keys()
    assert b"ctrlProps/ctrlProp1.xml" in button["xl/worksheets/_rels/sheet1.xml.rels"]
    macro = parts(BUILDERS["macro_book"]())
    assert len(macro["xl/vbaProject.bin"]) == 5120
    assert b"macroEnabled.main+xml" in macro["[Content_Types].xml"]
    assert "xl/chartsheets/sheet1.xml" in parts(BUILDERS["chart_sheet"]())
    assert loaded("chart_sheet")["_코드"].sheet_state == "hidden"


def test_texts_that_look_like_formulas_are_texts() -> None:
    cells = loaded("text_like_formulas")["접수"]["C"][1:]
    assert b"<f>" not in parts(BUILDERS["text_like_formulas"]())["xl/worksheets/sheet1.xml"]
    assert [str(c.value)[0] for c in cells[:5]] == ["=", "+", "-", "@", "＝"]
    assert [len(line[1]) for line in sheet("long_cells")[1:]] == [32_767, 32_766]


def test_the_teams_own_crm_sheet_and_names_over_31_characters() -> None:
    assert loaded("own_names").sheetnames == ["접수", "CRM_KPI"]
    assert len(loaded("long_sheet_name").sheetnames[0]) == 40


def test_strict_and_signed_packages() -> None:
    strict = parts(BUILDERS["strict"]())
    assert b"schemas.openxmlformats.org/spreadsheetml" not in b"".join(strict.values())
    assert "_xmlsignatures/sig1.xml" in parts(BUILDERS["signed"]())
    with pytest.raises(CalamineError):
        sheet("lost_shared_strings")


@pytest.mark.parametrize("name", ["not_a_zip", "cut_short", "empty", "encrypted", "old_xls"])
def test_what_is_no_zip(name: str) -> None:
    assert not zipfile.is_zipfile(io.BytesIO(BUILDERS[name]()))


def test_ole_files_name_their_streams() -> None:
    for name, stream in (("encrypted", "EncryptedPackage"), ("old_xls", "Workbook")):
        data = BUILDERS[name]()
        assert data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        assert stream.encode("utf-16-le") in data


@pytest.mark.parametrize(
    "name", [n for n in HOSTILE if n not in {"not_a_zip", "cut_short", "empty", "encrypted", "old_xls"}]
)
def test_every_other_hostile_file_is_a_zip_of_less_than_a_megabyte(name: str) -> None:
    data = BUILDERS[name]()
    assert zipfile.is_zipfile(io.BytesIO(data))
    assert len(data) < 1 << 20


@pytest.mark.parametrize(
    ("name", "part", "size"), [("huge_cell", "xl/worksheets/sheet1.xml", 300), ("zip_bomb", "xl/media/bomb.xml", 640)]
)
def test_bombs_say_their_size_and_inflate_to_it(name: str, part: str, size: int) -> None:
    with zipfile.ZipFile(io.BytesIO(BUILDERS[name]())) as package:
        assert package.getinfo(part).file_size >> 20 == size
        with package.open(part) as stream:
            assert len(stream.read(5 << 20)) == 5 << 20


def test_the_lying_bomb_says_1000_bytes() -> None:
    data = BUILDERS["lying_zip_bomb"]()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    unpacked = zlib.decompressobj(-15).decompress(data[start : start + entry.compress_size], 2 << 20)
    assert entry.file_size == 1000 < len(unpacked)


def test_paths_doubles_entities_and_the_far_cell() -> None:
    def names(name: str) -> list[str]:
        return zipfile.ZipFile(io.BytesIO(BUILDERS[name]())).namelist()

    assert "../../evil.xml" in names("climbing_path")
    assert "/etc/evil" in names("absolute_path")
    assert names("same_entry_twice").count("xl/worksheets/sheet1.xml") == 2
    assert b"<!DOCTYPE" in parts(BUILDERS["doctype"]())["xl/worksheets/sheet1.xml"]
    assert b'SYSTEM "file:///' in parts(BUILDERS["outside_entity"]())["xl/sharedStrings.xml"]
    assert b'r="XFD20000"' in parts(BUILDERS["far_cell"]())["xl/worksheets/sheet1.xml"]
    assert "xl/workbook.xml" not in names("no_workbook_part")
    assert "xl/worksheets/sheet1.xml" not in names("no_sheet_part")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(parts(BUILDERS["broken_sheet"]())["xl/worksheets/sheet1.xml"])


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("csv_utf8", "utf-8", ","),
        ("csv_utf8_sig", "utf-8-sig", ","),
        ("csv_cp949", "cp949", ","),
        ("csv_utf16_tabs", "utf-16", "\t"),
        ("csv_semicolons", "utf-8", ";"),
    ],
)
def test_every_csv_holds_the_same_list(name: str, encoding: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(BUILDERS[name]().decode(encoding), newline=""), delimiter=delimiter))
    assert rows[0] == [*HEADERS, "비고"]
    assert [line[7] for line in rows[1:3]] == ["=1+1", "두 줄\n메모"]
    assert len(rows) == 7


def test_broken_csvs_are_broken() -> None:
    for encoding in ("utf-8", "cp949"):
        with pytest.raises(UnicodeDecodeError):
            BUILDERS["csv_broken"]().decode(encoding)
    assert b"\0" in BUILDERS["csv_nul"]()


def test_files_and_their_locks_stand_beside_each_other(tmp_path: Path) -> None:
    assert write("macro_book", tmp_path).name == "macro_book.xlsm"
    assert all(write(name, tmp_path).suffix == ".csv" for name in TEXTS)
    book = write("plain", tmp_path)
    assert excel_lock(book).name == "~$plain.xlsx"
    assert excel_lock(book).stat().st_size == 165
    assert calc_lock(book).name == ".~lock.plain.xlsx#"
