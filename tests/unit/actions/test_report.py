"""A partner's monthly report: the right numbers, only that partner's, literally what people typed, the same bytes."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import html
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from addin.actions.kpi import kpis_of
from addin.actions.report import parse_month, report_book, report_open
from addin.cli import main
from addin.crm.catalogue import KPIS
from addin.crm.report import SHARED
from addin.errors import DanggolError, UsageError
from tests.unit.documents.pdftext import pdf_text

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE, CAFE, OTHER = "한빛아파트 관리사무소", "카페 모퉁이", "샛별부동산"
HOSTILE = [
    '#read("/etc/passwd")',
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "쀍 & 뙠",
    "*_$[x]",
]


def book(path: Path, *, defects: bool = True, partners: dict[str, str] | None = None) -> Path:
    """Thirty weeks of three partners up to 2026-10-31; every other partner's texts say CANARY."""
    names = partners or {OFFICE: "아파트 단지", CAFE: "카페·공유오피스", OTHER: "부동산"}
    file = openpyxl.Workbook()
    sheet = file.active
    sheet.title = "파트너"
    sheet.append(
        ["파트너ID", "파트너명", "클러스터", "제휴단계", "이메일", "상대 담당자", "월 목표", "우리이익", "상대이익"]
    )
    for i, (name, cluster) in enumerate(names.items(), 1):
        gains = ["꾸준한 물량", "빠른 보수"] if i == 1 else [f"CANARY{i} 우리", f"CANARY{i} 상대"]
        sheet.append([f"P{i}", name, cluster, "운영", f"p{i}@example.com", "김소장", 4 * i, *gains])
    sheet = file.create_sheet("접수")
    sheet.append(
        [
            "접수번호",
            "업체명",
            "고객명",
            "연락처",
            "접수일시",
            "확인일시",
            "제안일",
            "방문일시",
            "수주일",
            "진행상태",
            "금액",
            "클레임",
        ]
    )
    day, number = dt.datetime(2026, 4, 6, 10), 0
    while day < dt.datetime(2026, 10, 31):
        for i, name in enumerate(names, 1):
            number += 1
            late = number % 3 == 0
            customer = f"고객{number}" if i == 1 else f"CANARY{i}고객{number}"
            won = number % 2 == 0
            sheet.append([
                f"R{number:04d}" if i == 1 else f"CANARY{i}-{number}", name, customer, f"010-1234-{number:04d}", day,
                day + dt.timedelta(minutes=45 if late else 5), day + dt.timedelta(days=1), day + dt.timedelta(hours=3),
                day + dt.timedelta(days=2) if won else None, "수주" if won else "제안", 100_000 * i,
                "Y" if number % 20 == 0 else "N",
            ])  # fmt: skip
        day += dt.timedelta(days=2)
    sheet = file.create_sheet("활동")
    sheet.append(["일자", "업체명", "활동종류", "내용", "다음일정"])
    sheet.append([dt.datetime(2026, 10, 20), next(iter(names)), "통화", "내부 메모: 경쟁사 CANARY9 이야기", None])
    if defects:
        sheet = file.create_sheet("하자대장")
        sheet.append(["하자번호", "업체명", "하자위치", "하자내용", "발견일", "보수일"])
        first = next(iter(names))
        for row in (
            ["D1", first, "지하주차장 B2", "천장 누수", dt.datetime(2026, 10, 3), None],
            ["D2", first, "101동 공용 복도", "조명 꺼짐", dt.datetime(2026, 9, 1), dt.datetime(2026, 10, 5)],
            ["D3", first, "101동 1203호", "욕실 곰팡이 CANARYHOME", dt.datetime(2026, 10, 9), None],
            ["D4", first, "옥상", "방수층 들뜸", dt.datetime(2026, 8, 1), dt.datetime(2026, 8, 20)],
            ["D5", list(names)[-1], "매장", "CANARY3 하자", dt.datetime(2026, 10, 3), None],
        ):
            sheet.append(row)
    for cell in (cell for sheet in file for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and cell.value.startswith("="):
            cell.data_type = "s"  # a text, not a formula
    file.save(path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run for every partner."""
    folder = tmp_path_factory.mktemp("reports")
    done = report_book(book(folder / "단골.xlsx"), all=True, month="2026-10", formats=("pdf", "html", "eml"))
    return {m.report.partner: {p.suffix[1:]: p for p in m.paths} | {"made": m} for m in done.made} | {"done": done}


@pytest.mark.parametrize("partner", [OFFICE, CAFE, OTHER])
def test_no_other_partners_name_or_number_is_in_any_file(made: dict[str, Any], partner: str) -> None:
    files = made[partner]
    mail = email.message_from_bytes(files["eml"].read_bytes(), policy=email.policy.default)
    letter = next(p for p in mail.walk() if p.get_content_type() == "text/plain").get_payload(decode=True).decode()
    for text in (files["html"].read_text("utf-8"), pdf_text(files["pdf"].read_bytes()), letter, str(mail["Subject"])):
        assert partner.replace(" ", "") in text.replace(" ", "")
        assert not [name for name in (OFFICE, CAFE, OTHER) if name != partner and name in text]
        own = {OFFICE: "", CAFE: "CANARY2", OTHER: "CANARY3"}[partner]
        assert {found for found in re.findall(r"CANARY\w?", text) if found != own} == set()


def test_the_numbers_are_those_of_danggol_kpi(made: dict[str, Any], tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    wanted = kpis_of(path, kpis=SHARED, by="partner", start="2026-10-01", end="2026-10-31").values
    by_kpi = {v.kpi: v.value for v in wanted if v.by.get("partner") == OFFICE and v.value is not None}
    told = {line.kpi: line.month.value for line in made[OFFICE]["made"].report.kpis if line.month}
    assert {k: v for k, v in told.items() if v is not None} == by_kpi
    assert "RESP_10M" in told


def test_the_page_reads_as_agreed(made: dict[str, Any], golden: Callable[[str, str], None]) -> None:
    page = made[OFFICE]["html"].read_text("utf-8")
    body = re.sub(r"<(svg|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    lines = (html.unescape(re.sub(r"<[^>]+>", " ", line)) for line in body.splitlines())
    golden("documents/report.txt", "\n".join(text for line in lines if (text := " ".join(line.split()))))


def test_what_is_ours_alone_is_not_told(made: dict[str, Any]) -> None:
    text = made[OFFICE]["html"].read_text("utf-8")
    for kpi in ("DEPENDENCY", "HHI", "BACKUP", "CAC", "LTV", "LTV_CAC"):
        from addin.i18n import say

        assert kpi not in SHARED
        assert say(KPIS[kpi].name) not in text


def test_an_office_sees_its_common_areas_and_no_home(made: dict[str, Any]) -> None:
    for text in (made[OFFICE]["html"].read_text("utf-8"), pdf_text(made[OFFICE]["pdf"].read_bytes())):
        assert "지하주차장 B2" in text
        assert "조명 꺼짐" in text
        assert "방수층" not in text  # mended before the month
        assert "CANARYHOME" not in text
        assert "세대 안 하자 1건" in text
    assert made[CAFE]["made"].report.defects is None


def test_both_sides_benefit_and_the_promise_are_told(made: dict[str, Any]) -> None:
    text = made[OFFICE]["html"].read_text("utf-8")
    assert "꾸준한 물량" in text
    assert "빠른 보수" in text
    assert "10분 안에 확인" in text


def test_the_page_needs_nothing_from_outside(made: dict[str, Any]) -> None:
    text = made[OFFICE]["html"].read_text("utf-8")
    outside = set(re.findall(r"https?://[^\s\"'<]+", text)) - {"http://www.w3.org/2000/svg"}
    assert outside == set()
    assert not re.search(r"<(script|iframe|link|object|img)\b|@import|url\(|\son\w+=", text)


def test_a_second_run_gives_the_same_bytes(made: dict[str, Any], tmp_path: Path) -> None:
    again = report_book(
        book(tmp_path / "단골.xlsx"), partner="P1", month="2026-10", formats=("pdf", "html", "eml"), out=tmp_path / "o"
    )
    for path in again.paths:  # told apart outside the assertion: the difference of two PDFs takes minutes
        same = path.read_bytes() == made[OFFICE][path.suffix[1:]].read_bytes()
        assert same, path.name


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_of_every_engine_in_a_name_is_literal(tmp_path: Path, name: str) -> None:
    done = report_book(
        book(tmp_path / "a.xlsx", partners={name: "카페", "다른 곳": "카페"}), partner=name, month="2026-10"
    )
    pdf, page = done.paths
    assert "<script>alert" not in page.read_text("utf-8")
    assert re.sub(r"\s", "", name) in re.sub(r"\s", "", pdf_text(pdf.read_bytes()))


def test_control_and_direction_marks_are_left_out(tmp_path: Path) -> None:
    name = "한\u202e빛\u200f 카페"
    done = report_book(book(tmp_path / "a.xlsx", partners={name: "카페"}), all=True, month="2026-10")
    text = done.paths[1].read_text("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08]", text)


def test_a_letter_no_font_has_stops_that_partner_only(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", partners={"한빛 \U0001f9ff\U000e0041": "카페", "샛별": "카페"})
    done = report_book(path, all=True, month="2026-10", formats=("pdf",))
    if done.left:  # a machine may have a font for it
        assert [m.report.partner for m in done.made] == ["샛별"]
        assert next(iter(done.left.values())).id == "doc.no_glyph"


def test_without_typst_the_run_says_what_to_install_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from addin.documents import typst as press

    press._press.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(DanggolError) as error:
        report_book(book(tmp_path / "a.xlsx"), all=True, month="2026-10")
    assert error.value.message.id == "doc.not_installed"
    assert list((tmp_path / "보고서").iterdir()) == []
    done = report_book(tmp_path / "a.xlsx", all=True, month="2026-10", formats=("html",))
    assert len(done.made) == 3


def test_names_that_make_the_same_file_name_get_a_number(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", partners={"가/나": "카페", "가:나": "카페"})
    done = report_book(path, all=True, month="2026-10", formats=("html",))
    assert sorted(p.name for p in done.paths) == ["2026-10 보고서 가_나 (2).html", "2026-10 보고서 가_나.html"]


def test_nothing_but_the_reports_is_written(tmp_path: Path) -> None:
    path = book(tmp_path / "단골.xlsx")
    before = path.read_bytes()
    report_book(path, partner=OFFICE, month="2026-10", formats=("html",))
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["단골.xlsx", "보고서"]
    assert [p.name for p in (tmp_path / "보고서").iterdir()] == [f"2026-10 보고서 {OFFICE}.html"]


@pytest.mark.parametrize(
    ("given", "id"),
    [
        ({}, "report.which"),
        ({"partner": OFFICE, "all": True}, "report.which"),
        ({"partner": OFFICE, "month": "2026-13"}, "report.bad_month"),
        ({"partner": OFFICE, "month": "10월"}, "report.bad_month"),
        ({"partner": OFFICE, "month": "2027-01"}, "report.future_month"),
        ({"partner": "한빛아파트"}, "report.unknown_partner"),
        ({"partner": OFFICE, "weeks": 4}, "report.bad_weeks"),
        ({"partner": OFFICE, "formats": ("docx",)}, "report.format"),
    ],
)
def test_words_that_are_off_are_told(tmp_path: Path, given: dict[str, Any], id: str) -> None:
    with pytest.raises(UsageError) as error:
        report_book(book(tmp_path / "a.xlsx"), **given)
    assert error.value.message.id == id


def test_an_unknown_partner_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="한빛아파트 관리사무소"):
        report_book(book(tmp_path / "a.xlsx"), partner="한빛아파트 관리실")


@pytest.mark.parametrize("text", ["P1", "p1", OFFICE, "한빛아파트관리사무소", " 한빛아파트  관리사무소 "])
def test_a_partner_is_found_by_id_and_however_it_is_spaced(tmp_path: Path, text: str) -> None:
    done = report_book(book(tmp_path / "a.xlsx"), partner=text, month="2026-10", formats=("html",))
    assert [m.report.partner for m in done.made] == [OFFICE]


def test_a_partner_without_anything_gets_no_report(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    file = openpyxl.load_workbook(path)
    file["파트너"].append(["P9", "조용한 곳", "카페", "운영"])
    file.save(path)
    with pytest.raises(DanggolError) as error:
        report_book(path, partner="P9", month="2026-10")
    assert error.value.message.id == "report.nothing"
    assert not (tmp_path / "보고서").exists()


def test_without_a_list_of_defects_the_sender_is_told_what_to_keep(tmp_path: Path) -> None:
    done = report_book(book(tmp_path / "a.xlsx", defects=False), all=True, month="2026-10", formats=("html",))
    assert "report.note.no_defects" in [note.id for note in done.notes]
    assert "공용부" not in done.paths[0].read_text("utf-8")


def test_a_month_under_way_says_so(tmp_path: Path) -> None:
    done = report_book(
        book(tmp_path / "a.xlsx"), partner=OFFICE, month="2026-10", as_of="2026-10-20", formats=("html",)
    )
    assert "아직 끝나지 않았습니다" in done.paths[0].read_text("utf-8")


def test_the_teams_own_template_beside_the_workbook_is_used_and_its_faults_name_the_line(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    own = tmp_path / "danggol-templates" / "report"
    own.mkdir(parents=True)
    (own / "report.html.j2").write_text("<p>\n{{ partner }} 우리 양식 {{ month }}</p>", "utf-8")
    done = report_book(path, partner=OFFICE, month="2026-10", formats=("html",))
    assert f"{OFFICE} 우리 양식 2026년 10월" in done.paths[0].read_text("utf-8")
    (own / "report.html.j2").write_text("\n{{ partnr }}", "utf-8")
    with pytest.raises(DanggolError, match=r"report\.html\.j2:2.*partner"):
        report_book(path, partner=OFFICE, month="2026-10", formats=("html",))


def test_the_mail_is_a_draft_to_the_partner_with_the_pdf(made: dict[str, Any]) -> None:
    mail = email.message_from_bytes(made[OFFICE]["eml"].read_bytes(), policy=email.policy.default)
    assert mail["X-Unsent"] == "1"
    assert mail["To"] == "p1@example.com"
    attached = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert attached[0].get_payload(decode=True) == made[OFFICE]["pdf"].read_bytes()


def test_the_command_prints_the_paths_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "a.xlsx")
    words = ["report", str(path), "--partner", OFFICE, "--month", "2026-10", "--html", "--out", str(tmp_path / "o")]
    with pytest.raises(SystemExit) as end:
        main([*words, "--json"])
    assert not end.value.code
    told = json.loads(capsys.readouterr().out)
    assert told["month"] == "2026-10"
    assert [Path(p).name for p in told["reports"][0]["paths"]] == [f"2026-10 보고서 {OFFICE}.html"]
    assert told["reports"][0]["open_defects"] == 1


def test_a_word_that_is_off_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["report", str(book(tmp_path / "a.xlsx")), "--month", "2026-10"])
    assert end.value.code == 2
    assert "--partner" in capsys.readouterr().err


def test_the_button_makes_last_months_reports_of_every_partner(tmp_path: Path) -> None:
    from addin.books.fake_live import FakeBook

    opened = FakeBook.opened(book(tmp_path / "단골.xlsx"))
    text = report_open(opened)
    assert "보고서 3곳" in text
    assert str(tmp_path / "보고서") in text
    assert len(list((tmp_path / "보고서").iterdir())) == 6


@pytest.mark.parametrize("text", ["2026-10", "2026.10", "2026/10", "202610", "2026년 10월"])
def test_a_month_as_people_write_it(text: str) -> None:
    assert parse_month(text, "--month") == 2026 * 12 + 9
