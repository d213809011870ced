"""A kit's files: its partner's prices in all of them, nothing of markup is run, the same bytes again."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from addin.actions.templates import sample_kit
from addin.crm.kit import KitPrice
from addin.crm.vat import Policy
from addin.documents.kit import face
from addin.documents.kit.face import PARTS, fields, page, readme
from addin.documents.kit.make import archive, make_kit, prices_xlsx
from addin.documents.library import OWN, Library
from addin.documents.sandbox import TemplateFault
from addin.documents.typst import DocumentFault, compile_pdf
from addin.i18n import LANGUAGES, known, say
from tests.unit.documents.papers import MARKUP
from tests.unit.documents.pdftext import pdf_text

if TYPE_CHECKING:
    from pathlib import Path

    from addin.documents.kit.face import Kit

HOSTILE = (*MARKUP, "# 제목 | 칸 | ____", "$x^2$ *굵게* _기울임_ `코드` @인용 // 주석", "쀍뷁")
OWN_KIT, QUOTES = Library("kit", None), Library("quote", None)


def price(name: str, hundredths: int | None, **more: Any) -> KitPrice:
    return KitPrice(
        **{"code": "A1", "name": name, "spec": "", "unit": "개", "price": hundredths, "taxed": True, **more}
    )


def kit(lang: str = "ko", **given: Any) -> Kit:
    return replace(sample_kit(lang), **given)


def pdf_of(one: Kit, part: str) -> bytes:
    return compile_pdf("kit/page.typ", page(one, part, fields(one, QUOTES), OWN_KIT), one.pictures)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", face.IDS)
def test_every_word_of_a_kit_is_in_the_catalogue(id: str, lang: str) -> None:
    assert known(id, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_kit_holds_every_part_in_its_order(lang: str) -> None:
    made = make_kit(kit(lang), None)
    heads = [name[:2] for name in made if name.endswith(".pdf")]
    assert heads == [f"{n:02d}" for n in range(len(PARTS))]
    assert [name[:2] for name in made if name.endswith(".xlsx")] == ["01", "03", "04"]
    told = made[f"{say('kit.file.readme', lang)}.txt"].decode("utf-8-sig")
    assert all(name.rpartition(".")[0] in told for name in made if name.endswith(".pdf"))


def test_the_same_kit_is_the_same_bytes() -> None:
    first, second = (make_kit(kit(), None) for _ in range(2))
    assert first == second
    assert archive(first, "키트") == archive(second, "키트")


def test_without_a_price_list_the_kit_goes_without_and_says_nothing_of_it() -> None:
    one = kit(prices=(), version="")
    made = make_kit(one, None)
    assert not any(name.startswith("01") for name in made)
    assert "01_" not in readme(one, fields(one, QUOTES), OWN_KIT)


@pytest.mark.parametrize("included", [False, True])
def test_page_and_workbook_say_the_same_prices(included: bool) -> None:
    one = kit(prices=(price("도배", 350_000_00), price("점검", None, taxed=False)), policy=Policy(included))
    text = pdf_text(pdf_of(one, "prices"))
    assert all(word in text for word in ("350,000", "문의", "면세"))
    assert say("kit.tax.included" if included else "kit.tax.excluded", "ko") in text
    sheet = openpyxl.load_workbook(io.BytesIO(prices_xlsx(one))).active
    rows = list(sheet.iter_rows(min_row=4, max_row=6, values_only=True))
    assert [row[4] for row in rows] == ["단가(원)", 350_000, "문의"]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_of_every_engine_is_only_text(text: str) -> None:
    one = kit(partner=text, contact=text, channel=text, booking=text, prices=(price(text, 1_00, spec=text),))
    plain = "".join(text.split())
    for part in ("guide", "prices", "scope", "sla"):
        assert plain in "".join(pdf_text(pdf_of(one, part)).split()), part
    cell = openpyxl.load_workbook(io.BytesIO(prices_xlsx(one))).active["B5"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert text in readme(one, fields(one, QUOTES), OWN_KIT)


def test_control_and_direction_marks_are_left_out() -> None:
    one = kit(partner="한\u202e빛\x07", prices=(price("도\x00배\u2066", 1_00),))
    text = pdf_text(pdf_of(one, "guide")) + pdf_text(pdf_of(one, "prices"))
    assert not set(text) & {"\u202e", "\x07", "\x00", "\u2066"}
    assert "한 빛" in text


def test_300_items_go_over_pages_that_repeat_the_header() -> None:
    one = kit(prices=tuple(price(f"품목 {n}", n * 100) for n in range(300)))
    text = pdf_text(pdf_of(one, "prices"))
    pages = text.strip("\f").split("\f")
    assert len(pages) > 3
    assert all("단가(원)" in each for each in pages[:-1])
    assert "품목 299" in text


def test_a_letter_no_font_has_is_named() -> None:
    with pytest.raises(DocumentFault, match="U\\+12400"):
        pdf_of(kit(partner="한빛 \U00012400"), "guide")


@pytest.mark.parametrize("name", ["guide", "sla"])
def test_only_an_address_of_the_web_becomes_a_link(name: str) -> None:
    blocks = page(kit(booking="javascript:alert(1)"), name, fields(kit(booking="javascript:alert(1)"), QUOTES), OWN_KIT)
    assert not any(block["kind"] == "link" for block in blocks["blocks"])


def test_the_teams_own_text_beside_the_workbook_is_used(tmp_path: Path) -> None:
    own = tmp_path / OWN / "kit"
    own.mkdir(parents=True)
    (own / "photos.ko.txt.j2").write_text("# 우리 방식\n- {{ partner.name }}", "utf-8")
    made = make_kit(kit(), tmp_path)
    assert "우리 방식" in pdf_text(made["06_사진 가이드.pdf"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("글\n{{ 'a' * 10**9 }}", 2),
        ("{% for a in range(10000) %}{% for b in range(10000) %}.{% endfor %}{% endfor %}", 1),
        ("\n\n{% include '../../etc/passwd' %}", 3),
        ("{% include '/etc/passwd' %}", 1),
        ("{{ patner.name }}", 1),
        ("글\n글\n{{ partner.cost }}", 3),
    ],
)
def test_what_a_template_may_not_do_is_stopped_and_its_line_named(text: str, line: int, tmp_path: Path) -> None:
    own = tmp_path / OWN / "kit"
    own.mkdir(parents=True)
    (own / "guide.ko.txt.j2").write_text(text, "utf-8")
    with pytest.raises(TemplateFault) as raised:
        make_kit(kit(), tmp_path)
    assert f"guide.ko.txt.j2:{line}" in str(raised.value)


def test_the_blank_quote_adds_up_what_is_filled_in() -> None:
    made = make_kit(kit(policy=Policy()), None)["03_견적서 양식.xlsx"]
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    shown = openpyxl.load_workbook(io.BytesIO(made), data_only=True).active
    totals = {sheet.cell(row, 1).value: row for row in range(14, 40) if isinstance(sheet.cell(row, 1).value, str)}
    assert str(sheet.cell(totals["합계"], 7).value).startswith("=")
    assert shown.cell(totals["합계"], 7).value == 0
    assert [sheet.cell(15, column).value for column in (2, 5, 6)] == [None, None, None]
    assert sheet["B4"].value is None


def test_an_archive_opens_everywhere_and_holds_nothing_outside_its_folder() -> None:
    made = zipfile.ZipFile(io.BytesIO(archive({"가.pdf": b"x", "나.txt": b"y"}, "한빛 파트너 키트")))
    assert made.testzip() is None
    for info in made.infolist():
        assert info.flag_bits & 0x800, "names are UTF-8"
        assert info.filename.startswith("한빛 파트너 키트/")
        assert info.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_day_of_the_kit_is_its_own_and_no_clock_is_asked() -> None:
    assert make_kit(kit(date=dt.date(2026, 1, 2)), None) != make_kit(kit(date=dt.date(2026, 1, 3)), None)


@pytest.mark.parametrize("text", ["a | b | c", "# 채널", "카톡: ____", "[ ] 채널"])
def test_a_channel_that_looks_like_marks_stays_one_cell(text: str) -> None:
    one = kit(channel=text, booking=text)
    blocks = page(one, "guide", fields(one, QUOTES), OWN_KIT)["blocks"]
    rows = [row for block in blocks if block["kind"] == "table" for row in block["rows"]]
    assert text in [row[1] for row in rows]
    assert {"kind": "text", "text": text} in blocks
