"""The page of an internal case: one sheet of A4, blanks where the book is silent, no cell taken for markup."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest

from addin.crm.internal_case import InternalCase, Score
from addin.crm.message import msg
from addin.documents.case.face import IDS, face
from addin.documents.case.make import make
from addin.i18n import LANGUAGES, known, say
from tests.unit.documents.pdftext import pdf_text

DAY = dt.date(2026, 11, 20)
LONG = "가나다라마바사아자차 " * 80
PARTS = (("cluster", 30.0, 30), ("households", 12.5, 30), ("turnover", None, 20), ("benefits", 10.0, 20))
FULL = InternalCase(
    partner="해솔마을 1단지",
    cluster="아파트 단지",
    rank=2,
    since=20_700,
    days=12,
    why="1,500세대",
    expected=6_200_000_00,
    effort=9.0,
    our_benefit="단지 안 홍보",
    their_benefit="당일 방문",
    score=Score(71.9, 3, 20, PARTS, (msg("screen.reason.tie"),), pilot=True),
    next=(msg("case.next.approval"),),
)
WORST = InternalCase(
    partner=LONG,
    cluster=LONG,
    region=LONG,
    owner=LONG,
    contact=LONG,
    rank=1,
    since=1,
    days=20_000,
    why=LONG * 30,
    expected=10**17,
    effort=0.001,
    our_benefit=LONG,
    lacks="their_benefit",
    score=Score(1.2, 10_000, 10_000, PARTS, (msg("screen.reason.tie"),) * 9, pilot=True),
    next=(msg("case.next.backwards"),) * 5,
    approved=True,
)


def text_of(case: InternalCase, lang: str = "ko", **more: Any) -> str:
    """The PDF as a person reads it."""
    return pdf_text(make(face(case, lang, DAY, **more), "pdf", None))


def sheet_of(case: InternalCase, lang: str = "ko", **more: Any) -> Any:
    """The workbook's one sheet."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(make(face(case, lang, DAY, **more), "xlsx", None)))
    (sheet,) = book.worksheets
    return sheet


def cells(sheet: Any) -> dict[str, str]:
    """What stands in its cells."""
    return {cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None}


def test_the_workbook_tells_the_same_on_one_page() -> None:
    sheet = sheet_of(FULL, sender="든든집수리", heads=("예상 월매출", "예상 공수(일)"))
    told = "\n".join(cells(sheet).values())
    for word in ("해솔마을 1단지", "든든집수리", "1,500세대", "6,200,000원", "예상 월매출", "9일", "688,888원"):
        assert word in told
    for word in ("단지 안 홍보", "당일 방문", "71.9 / 100", "12.5 / 30", "후보 20곳 가운데 3번째", "의사결정권자"):
        assert word in told
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight in (None, 1)  # one page: what a workbook does that says nothing


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", [FULL, WORST, InternalCase("가")], ids=["full", "worst", "empty"])
def test_nothing_in_the_workbook_is_a_formula_and_blanks_are_yellow(case: InternalCase, lang: str) -> None:
    evil = replace(case, our_benefit="=1+1", their_benefit="")
    sheet = sheet_of(evil, lang)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    yellow = [c for row in sheet.iter_rows() for c in row if c.fill.fgColor.rgb == "FFFFF8DB"]
    assert yellow
    assert all(cell.value in (None, "") for cell in yellow)


def test_the_page_tells_why_what_revenue_what_effort_and_the_return() -> None:
    told = text_of(FULL, sender="든든집수리", heads=("예상 월매출", "예상 공수(일)"))
    for word in ("해솔마을 1단지", "든든집수리", "1,500세대", "6,200,000원", "예상 월매출", "9일", "688,888원"):
        assert word in told
    for word in ("단지 안 홍보", "당일 방문", "71.9", "12.5", "후보 20곳 가운데 3번째", "의사결정권자", "고쳐서 다시"):
        assert word in told


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", [FULL, WORST, InternalCase("가")], ids=["full", "worst", "empty"])
def test_it_is_one_page_whatever_the_book_says(case: InternalCase, lang: str) -> None:
    assert text_of(case, lang, sender=LONG, heads=(LONG, LONG)).count("\f") == 1


@pytest.mark.parametrize("format", ["pdf", "html"])
def test_what_the_book_does_not_tell_is_left_to_be_written_by_hand(format: str) -> None:
    shown = face(InternalCase("가"), "ko", DAY)
    assert [card["value"] for card in shown["cards"]] == ["", "", ""]
    assert (shown["why"], shown["ours"], shown["theirs"], shown["score"]) == ("", "", "", None)
    data = make(shown, format, None)
    told = pdf_text(data) if format == "pdf" else data.decode()
    assert say("case.word.why_ask", "ko")[:12] in told
    assert say("case.word.by_hand", "ko") in told
    assert "None" not in told


@pytest.mark.parametrize("format", ["pdf", "html"])
def test_a_cell_is_never_read_as_markup(format: str) -> None:
    evil = InternalCase("#read(<b>)", why="{{ 7*7 }} #panic() <script>x</script>", our_benefit="=1+1", rank=8)
    data = make(face(evil, "ko", DAY), format, None)
    told = pdf_text(data) if format == "pdf" else data.decode()
    assert "49" not in told
    assert "<script>x" not in told or format == "pdf"
    assert "{{ 7*7 }}" in told


@pytest.mark.parametrize("format", ["pdf", "html", "xlsx"])
def test_the_same_case_makes_the_same_bytes(format: str) -> None:
    shown = face(FULL, "ko", DAY)
    assert make(shown, format, None) == make(shown, format, None)


def test_another_format_is_no_format() -> None:
    with pytest.raises(ValueError, match="docx"):
        make(face(FULL, "ko", DAY), "docx", None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_page_is_in_the_catalogue(lang: str) -> None:
    assert [id for id in IDS if not known(id, lang)] == []
