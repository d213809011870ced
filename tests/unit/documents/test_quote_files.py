"""The quote's files say one thing: the PDF's text, the page, and the workbook once LibreOffice has calculated it."""

from __future__ import annotations

import datetime as dt
import email
import itertools
import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.worksheet.cell_range import CellRange

from addin.crm.amounts import money_text
from addin.crm.quote_record import QuoteRecord, label
from addin.crm.quoting import Line, QuoteNumber
from addin.crm.vat import Policy
from addin.documents.library import OWN, Library
from addin.documents.quote.face import face
from addin.documents.quote.make import FORMATS, make
from addin.documents.sandbox import TemplateFault
from addin.documents.typst import DocumentFault
from addin.errors import DanggolError
from tests.unit.documents.papers import MARKUP, Page, calculated_sums, pdf_sums, picture, sheet_sums, workbook
from tests.unit.documents.pdftext import pdf_text

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = Library("quote", None)
HOSTILE = (*MARKUP, "+1+1", "@SUM(A1)", "$x^2$ *굵게* _기울임_ `코드` @인용 \\ // 주석", "쀍뷁 漢字")
POLICIES = [
    Policy(included, rounding, basis)  # type: ignore[arg-type]
    for included, rounding, basis in itertools.product((False, True), ("floor", "half_up", "ceil"), ("line", "total"))
]


def record(*lines: Line, policy: Policy | None = None, **more: Any) -> QuoteRecord:
    return QuoteRecord(
        "request:R-1",
        dt.date(2026, 11, 21),
        dt.date(2026, 12, 21),
        policy or Policy(),
        lines or (Line("도배", Decimal("2.5"), 333_300, "방 1칸", "칸"),),
        title="욕실 보수",
        supplier={
            "name": "다온홈케어",
            "business_no": "123-45-67891",
            "owner": "김다온",
            "address": "서울",
            "phone": "02",
        },
        recipient={"name": "정지안", "honorific": "귀하", "phone": "", "partner": "한빛", "person": "", "site": ""},
        payment=("현금",),
        number=QuoteNumber(2026, 1, 1),
        **more,
    )


def mixed(policy: Policy, seed: int) -> QuoteRecord:
    rng = random.Random(seed)
    lines = [
        Line(
            f"품목 {n}",
            Decimal(rng.choice(("1", "2.3", "0.7", "3", "12.5"))),
            rng.randint(1, 900_000) * 100,
            taxed=n % 3 != 1,
            optional=n == 5,
        )
        for n in range(6)
    ]
    return record(*lines, Line("할인", Decimal(1), -1_234_500), policy=policy)


def page(made: QuoteRecord) -> Page:
    return Page(make(made, "html", {}, SHIPPED))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda p: f"{p.included}-{p.rounding}-{p.basis}")
def test_pdf_page_and_workbook_say_the_same_totals(policy: Policy) -> None:
    for seed in range(3):
        made = mixed(policy, seed)
        sums = made.counted.sums
        wanted = [money_text(amount) for amount in sums]
        assert [page(made).ids[name] for name in ("supply", "tax", "total")] == wanted
        assert sheet_sums(workbook(make(made, "xlsx", {}, SHIPPED))) == [amount / 100 for amount in sums]
        text = pdf_text(make(made, "pdf", {}, SHIPPED))
        assert pdf_sums(text) == wanted


def test_libreoffice_calculates_the_same_totals(tmp_path: Path) -> None:
    made = [mixed(policy, seed) for seed, policy in enumerate(POLICIES)]
    found = calculated_sums([make(one, "xlsx", {}, SHIPPED) for one in made], tmp_path)
    assert found == [[amount / 100 for amount in one.counted.sums] for one in made]


@pytest.mark.parametrize("format", FORMATS)
def test_every_file_is_the_same_bytes_when_made_again(format: str) -> None:
    assert make(record(), format, {}, SHIPPED) == make(record(), format, {}, SHIPPED)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text_in_every_file(text: str) -> None:
    made = replace(record(Line(text, note=text, spec=text, price=100_00)), title=text)
    shown = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", shown)
    found = page(made)
    assert text in found.said
    assert "script" not in found.tags
    sheet = workbook(make(made, "xlsx", {}, SHIPPED), values=False)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) >= 3
    assert {cell.data_type for cell in cells} == {"s"}
    mail = email.message_from_bytes(make(made, "eml", {}, SHIPPED))
    assert (mail["X-Unsent"], mail["To"], len(mail.get_payload())) == ("1", None, 2)


def test_control_and_direction_marks_are_gone_before_anything_is_made() -> None:
    assert label("가\u202e나\x00다\ufeff\u2066라\t마") == "가나다라 마"


def test_a_letter_no_font_has_is_named() -> None:
    with pytest.raises(DocumentFault) as missing:
        make(record(Line("품목 \ue123", price=100)), "pdf", {}, SHIPPED)
    assert "U+E123" in str(missing.value)


def test_three_hundred_items_go_over_pages_with_the_header_on_each() -> None:
    made = record(*(Line(f"품목 {n}", price=1_000_00) for n in range(300)))
    pages = pdf_text(make(made, "pdf", {}, SHIPPED)).split("\f")[:-1]
    assert len(pages) >= 6
    assert all("품명" in text and "수량" in text for text in pages[:-1])
    sheet = workbook(make(made, "xlsx", {}, SHIPPED))
    assert sheet_sums(sheet)[0] == 300_000
    assert sheet.print_title_rows == "$14:$14"


def test_small_and_huge_quantities_and_no_items_at_all() -> None:
    made = record(Line("a", Decimal("0.001"), 100_000_00), Line("b", Decimal(10**9), 100_00))
    text = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert "0.001" in text
    assert "1,000,000,000" in text
    assert sheet_sums(workbook(make(made, "xlsx", {}, SHIPPED)))[0] == made.counted.sums.supply / 100
    nothing = replace(record(), lines=())
    assert sheet_sums(workbook(make(nothing, "xlsx", {}, SHIPPED))) == [0, 0, 0]
    assert make(nothing, "pdf", {}, SHIPPED).startswith(b"%PDF")


def test_a_pdf_is_ua_and_a() -> None:
    data = make(record(), "pdf", {}, SHIPPED)
    assert b"pdfuaid:part" in data
    assert b"pdfaid:part" in data


def test_logos_and_the_seal_stand_in_every_file() -> None:
    pictures = dict.fromkeys(("our_logo", "their_logo", "seal"), picture(kind="PNG"))
    assert make(record(), "html", pictures, SHIPPED).count(b"data:image/png;base64,") == 3
    assert len(workbook(make(record(), "xlsx", pictures, SHIPPED), values=False)._images) == 3
    assert len(make(record(), "pdf", pictures, SHIPPED)) != len(make(record(), "pdf", {}, SHIPPED))


def test_the_customers_copy_has_no_field_for_cost_margin_or_list_price() -> None:
    made = record(Line("도배", price=1_000_00, cost=123_45, list_price=987_65))
    assert not {"cost", "margin", "list_price", "discount"} & set(_names(face(made)))


def _names(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [*data, *(name for value in data.values() for name in _names(value))]
    return [name for value in data for name in _names(value)] if isinstance(data, list) else []


# ---- a layout the staff drew


def drawn(folder: Path, *, total: str = "=G7+H7") -> Library:
    """Their own sheet: formulas, a merge, a name, a validation, a red price and a print area, on the row or below."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "우리 견적"
    sheet["A1"] = "견적번호: {{ number }} / {{ recipient.name }}"
    for column, text in enumerate(("품명", "규격", "단위", "수량", "단가", "", "공급가액", "세액"), 1):
        sheet.cell(5, column, text)
    fields = ("{{ line.name }}", "{{ line.spec }}", "{{ line.unit }}", "{{ line.quantity }}", "{{ line.price }}")
    for column, text in enumerate(fields, 1):
        sheet.cell(6, column, text).font = Font(bold=True)
    sheet["G6"], sheet["H6"] = "=INT(D6*E6)", "=INT(G6*0.1)"
    sheet["G7"], sheet["H7"], sheet["G8"] = "=SUM(G6:G6)", "=SUM(H6:H6)", total
    sheet.merge_cells("A8:F8")
    sheet["A10"] = "끝"
    sheet.row_dimensions[8].height = 33
    validation = DataValidation(type="list", formula1='"식,칸"')
    sheet.add_data_validation(validation)
    validation.add("C6")
    rule = CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill("solid", bgColor="FFC7CE"))
    sheet.conditional_formatting.add("E6:E6", rule)
    book.defined_names["합계금액"] = DefinedName("합계금액", attr_text="'우리 견적'!$G$8")
    sheet.print_area = "A1:H10"
    (folder / OWN / "quote").mkdir(parents=True)
    book.save(folder / OWN / "quote" / "quote.xlsx")
    return Library("quote", folder)


def test_a_staff_layout_grows_with_all_that_hangs_on_it(tmp_path: Path) -> None:
    made = record(Line("도배", Decimal(2), 1_000_00), Line("장판", Decimal(3), 2_000_00), Line("할인", price=-500_00))
    data = make(made, "xlsx", {}, drawn(tmp_path))
    sheet, shown = workbook(data, values=False), workbook(data)
    assert sheet["A1"].value == "견적번호: Q-2026-0001-R1 / 정지안"
    assert [sheet.cell(row, 1).value for row in (6, 7, 8)] == ["도배", "장판", "할인"]
    assert [sheet[f"G{row}"].value for row in (6, 8, 9)] == ["=INT(D6*E6)", "=INT(D8*E8)", "=SUM(G6:G8)"]
    assert (sheet["G10"].value, shown["G10"].value) == ("=G9+H9", 8250)
    assert sheet.merged_cells.ranges == {CellRange("A10:F10")}
    assert (sheet.row_dimensions[10].height, sheet["A12"].value, sheet["A8"].font.b) == (33, "끝", True)
    assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == ["C6:C8"]
    assert [str(block.sqref) for block in sheet.conditional_formatting] == ["E6:E8"]
    assert sheet.parent.defined_names["합계금액"].attr_text == "'우리 견적'!$G$10"
    assert sheet.print_area == "'우리 견적'!$A$1:$H$12"


def test_a_layout_whose_formulas_give_another_total_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentFault, match="9,165원"):
        make(record(), "xlsx", {}, drawn(tmp_path, total="=G7*1.2"))


def test_a_layout_with_an_unknown_field_is_refused_naming_the_cell_and_the_nearest(tmp_path: Path) -> None:
    library = drawn(tmp_path)
    path = tmp_path / OWN / "quote" / "quote.xlsx"
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A3"] = "{{ totl }}"
    book.save(path)
    with pytest.raises(TemplateFault, match=r"A3.*total"):
        make(record(), "xlsx", {}, library)
    path.write_bytes(b"PK\x03\x04 no book")
    with pytest.raises(DocumentFault, match=r"quote\.xlsx"):
        make(record(), "xlsx", {}, library)


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_a_logo_that_is_broken_inside_is_named(format: str) -> None:
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x14\x08\x02\0\0\0"
    with pytest.raises(DanggolError) as raised:
        make(record(), format, {"our_logo": header + b"garbage" * 20}, SHIPPED)
    assert raised.value.message.id == "doc.image.broken"
    assert "our_logo" in str(raised.value)
