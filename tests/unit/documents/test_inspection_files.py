"""The inspection form's files say what the quote says: the PDF's text, the page, and the workbook."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.amounts import money_text
from addin.crm.inspection import Inspection, Shot
from addin.crm.quote_record import QuoteRecord
from addin.crm.quoting import Line, QuoteNumber
from addin.crm.report_defects import Defect
from addin.crm.vat import Policy
from addin.documents.inspection.face import IDS, face
from addin.documents.inspection.make import FORMATS, blank, make
from addin.documents.library import OWN, Library
from addin.documents.sandbox import TemplateFault
from addin.documents.typst import DocumentFault
from addin.i18n import LANGUAGES, known
from tests.unit.documents.papers import MARKUP, Page, calculated_sums, pdf_sums, picture, sheet_sums, workbook
from tests.unit.documents.pdftext import pdf_text

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = Library("inspection", None)
DAY = dt.date(2026, 11, 21)
HOSTILE = (*MARKUP, "$x^2$ *굵게* _기울임_ `코드` @인용 \\ // 주석", "쀍뷁 漢字")


def form(*lines: Line, policy: Policy | None = None, **more: Any) -> Inspection:
    record = QuoteRecord(
        "request:R-1",
        DAY,
        DAY,
        policy or Policy(),
        lines or (Line("도배", Decimal("2.5"), 333_300_00, "방 1칸", "칸"),),
        title="욕실 보수",
        supplier={"name": "다온홈케어", "business_no": "123-45-67891", "owner": "김다온", "address": "서울"},
        recipient={"name": "정지안", "honorific": "귀하", "partner": "한빛", "site": "101동 1203호"},
        service=("1년 무상 A/S",),
        number=QuoteNumber(2026, 1, 1),
    )
    return Inspection("R-1", DAY, record, **{"worker": "박기사", **more})


def sheet_of(made: Inspection, pictures: dict[str, bytes] | None = None) -> Any:
    return workbook(make(made, "xlsx", pictures or {}, SHIPPED))


LINES = st.builds(
    Line,
    name=st.sampled_from(("도배", "장판", "할인")),
    quantity=st.sampled_from((Decimal(1), Decimal("2.3"), Decimal("0.001"), Decimal(12))),
    price=st.integers(-50_000, 900_000).map(lambda won: won * 100),
    taxed=st.booleans(),
    optional=st.booleans(),
)
POLICIES = st.builds(
    Policy, st.booleans(), st.sampled_from(("floor", "half_up", "ceil")), st.sampled_from(("line", "total"))
)


@settings(max_examples=8, deadline=None)
@given(lines=st.lists(LINES, min_size=1, max_size=4), policy=POLICIES)
def test_totals_read_back_from_every_file_are_the_quotes(lines: list[Line], policy: Policy) -> None:
    made = form(*lines, policy=policy)
    sums = made.record.counted.sums
    wanted = [money_text(amount) for amount in sums]
    page = Page(make(made, "html", {}, SHIPPED))
    assert [page.ids[name] for name in ("supply", "tax", "total")] == wanted
    assert sheet_sums(sheet_of(made)) == [amount / 100 for amount in sums]
    assert pdf_sums(pdf_text(make(made, "pdf", {}, SHIPPED))) == wanted


def test_libreoffice_calculates_the_same_totals(tmp_path: Path) -> None:
    lines = [
        Line("도배", Decimal("2.3"), 333_300),
        Line("소독", price=12_345_00, taxed=False),
        Line("할인", price=-1_230_00),
    ]
    options = list(itertools.product((False, True), ("line", "total")))
    made = [form(*lines, policy=Policy(included, basis=basis)) for included, basis in options]  # type: ignore[arg-type]
    found = calculated_sums([make(one, "xlsx", {}, SHIPPED) for one in made], tmp_path)
    assert found == [[amount / 100 for amount in one.record.counted.sums] for one in made]


@pytest.mark.parametrize("format", FORMATS)
def test_every_file_is_the_same_bytes_when_made_again(format: str) -> None:
    made = form(shots=(Shot("욕실", "p1", "p2"), Shot("현관", alone="p3")), missing=("없음.jpg",))
    pictures = {"p1": picture(), "p2": picture("teal"), "p3": picture("brown")}
    assert make(made, format, pictures, SHIPPED) == make(made, format, pictures, SHIPPED)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text_in_every_file(text: str) -> None:
    made = form(
        Line(text, note=text, spec=text, price=100_00),
        worker=text,
        remark=text,
        defects=(Defect(text, text, text, 20_000, None, 0),),
        shots=(Shot(text, "p1"),),
        missing=(text,),
    )
    made = replace(made, record=replace(made.record, title=text, service=(text,)))
    pictures = {"p1": picture()}
    shown = pdf_text(make(made, "pdf", pictures, SHIPPED))
    assert re.sub(r"\s", "", text) in re.sub(r"\s", "", shown)
    page = Page(make(made, "html", pictures, SHIPPED))
    assert text in page.said
    assert "script" not in page.tags
    book = openpyxl.load_workbook(io.BytesIO(make(made, "xlsx", pictures, SHIPPED)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert len(cells) >= 8
    assert {cell.data_type for cell in cells} == {"s"}


def test_control_and_direction_marks_are_gone_and_a_letter_no_font_has_is_named() -> None:
    made = form(worker="김\u202e수\x07", remark="가\x00나")
    shown = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert "김수" in shown
    assert "가나" in shown
    with pytest.raises(DocumentFault, match=r"U\+E123"):
        make(form(Line("품목 \ue123")), "pdf", {}, SHIPPED)


def test_three_hundred_items_go_over_pages_with_the_header_on_each() -> None:
    made = form(*(Line(f"품목 {n}", price=1_000_00) for n in range(300)))
    pages = pdf_text(make(made, "pdf", {}, SHIPPED)).split("\f")[:-1]
    items = [page for page in pages if "품목" in page]
    assert len(items) >= 6
    assert all("작업 항목" in page and "수량" in page for page in items)
    sheet = sheet_of(made)
    assert sheet_sums(sheet)[0] == 300_000
    assert sheet.print_title_rows == "$13:$13"


def test_small_and_huge_quantities() -> None:
    made = form(Line("a", Decimal("0.001"), 100_000_00), Line("b", Decimal(10**9), 100_00))
    text = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert "0.001" in text
    assert "1,000,000,000" in text


def test_without_a_price_no_money_is_shown_anywhere() -> None:
    made = form(Line("누수 점검"), priced=False)
    text = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert not {"합계", "₩", "일금"} & set(re.findall(r"합계|₩|일금", text))
    page = Page(make(made, "html", {}, SHIPPED))
    assert page.ids == {}
    assert sheet_sums(sheet_of(made)) == [None, None, None]


def test_a_blank_form_has_rows_for_a_pen_and_both_sides() -> None:
    made = blank(DAY, {"name": "다온홈케어"}, {"name": "한빛마을", "honorific": "귀중"}, ("1년 무상 A/S",))
    text = pdf_text(make(made, "pdf", {}, SHIPPED))
    assert all(word in text for word in ("다온홈케어", "한빛마을", "관리사무소", "서명 또는 인", "1년 무상 A/S"))
    assert len(re.findall(r"^\s*[1-8]\s*$", text, re.MULTILINE)) == 8
    assert make(made, "html", {}, SHIPPED)
    assert sheet_sums(sheet_of(made)) == [None, None, None]


def test_defects_say_what_is_mended_and_what_is_left() -> None:
    defects = (Defect("D-1", "욕실", "들뜸", 20_000, 20_003, 3), Defect("D-2", "거실", "벌어짐", 20_001, None, 2))
    text = pdf_text(make(form(defects=defects), "pdf", {}, SHIPPED))
    assert re.search(r"들뜸.*보수 완료", text)
    assert re.search(r"벌어짐.*보수 필요", text)


def test_photos_stand_in_every_file_and_missing_ones_are_named() -> None:
    made = form(shots=(Shot("욕실", "p1", "p2"), Shot("현관", alone="p3")), missing=("마루_후.heic",))
    pictures = {"p1": picture(), "p2": picture("teal"), "p3": picture("brown")}
    page = make(made, "html", pictures, SHIPPED).decode()
    assert (page.count("data:image/jpeg"), "마루_후.heic" in page) == (3, True)
    pdf = make(made, "pdf", pictures, SHIPPED)
    assert len(pdf) > len(make(form(), "pdf", {}, SHIPPED))
    assert "마루_후.heic" in pdf_text(pdf)
    book = openpyxl.load_workbook(io.BytesIO(make(made, "xlsx", pictures, SHIPPED)))
    assert [sheet.title for sheet in book.worksheets] == ["검수확인서", "사진"]
    assert len(book.worksheets[1]._images) == 3


def test_a_pdf_is_ua_and_a() -> None:
    data = make(form(shots=(Shot("욕실", "p1"),)), "pdf", {"p1": picture()}, SHIPPED)
    assert b"pdfuaid:part" in data
    assert b"pdfaid:part" in data


def test_logos_and_the_seal_stand_in_every_file() -> None:
    pictures = dict.fromkeys(("our_logo", "their_logo", "seal"), picture())
    assert make(form(), "html", pictures, SHIPPED).count(b"data:image/jpeg;base64,") == 3
    assert len(make(form(), "pdf", pictures, SHIPPED)) != len(make(form(), "pdf", {}, SHIPPED))
    book = openpyxl.load_workbook(io.BytesIO(make(form(), "xlsx", pictures, SHIPPED)))
    assert len(book.worksheets[0]._images) == 3


def test_a_staff_copy_is_used_and_a_wrong_field_named(tmp_path: Path) -> None:
    own = tmp_path / OWN / "inspection"
    own.mkdir(parents=True)
    (own / "inspection.html.j2").write_text("{{ request }}/{{ worker }}", "utf-8")
    assert make(form(), "html", {}, Library("inspection", tmp_path)) == "R-1/박기사".encode()
    (own / "inspection.html.j2").write_text("{{ worke }}", "utf-8")
    with pytest.raises(TemplateFault, match="worker"):
        make(form(), "html", {}, Library("inspection", tmp_path))


def test_words_are_in_the_catalogue_and_the_customers_copy_has_no_cost() -> None:
    assert all(known(id, lang) for id in IDS for lang in LANGUAGES)
    assert not {"cost", "margin", "list_price"} & set(str(face(form(Line("a", cost=1, list_price=2)))).split("'"))
