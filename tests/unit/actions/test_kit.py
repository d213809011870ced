"""danggol kit: a partner's own folder and zip, with nothing of any other partner, and never a cost."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.actions.adopt import adopt_book
from addin.actions.kit import kit_book
from addin.errors import BookError, DanggolError, NeedsAnswer, UsageError
from addin.i18n import say
from tests.unit.actions.teambook import COMPANY, adopted_book, made, settle
from tests.unit.documents.pdftext import pdf_text

DAY = "2026-11-21"
COMPANY_AND_TIERS = COMPANY | {"company.phone": "02-111-2222", "quote.tiers": "B=10%"}
PRICES = [
    ["품목코드", "품명", "규격", "단위", "단가", "과세", "원가", "A등급 단가"],
    ["P-1", "수전 교체", "일반형", "개", 92_000, "과세", 41_234, 80_500],
    ["P-2", "도배", "방 1칸", "칸", 350_000, "과세", 137_777, 333_300],
    ["P-3", "무료 점검", "", "회", None, "과세", None, None],
]
URL = "https://example.com/h"
PARTNERS = [
    ["파트너명", "코드", "클러스터", "담당자", "연락처", "이메일", "상태", "등급", "예약링크", "전용채널", "SLA(분)"],
    ["한빛마을 관리사무소", "P01", "아파트", "오하나", "010-9999-0001", "h@example.com", "운영", "A", URL, "@한빛", 15],
    ["카페 봄날", "P02", "카페", "유두리", "010-9999-0002", "b@example.com", "운영", "B", None, None, None],
    ["../=SUM(A1) #read", "P03", "부동산", "{{ 7*7 }}", "010-9999-0003", "c@example.com", "운영", *[None] * 4],
    ["옛 상사", "P04", "부동산", "도사나", "010-9999-0004", "d@example.com", "종료", None, None, None, None],
]  # fmt: skip
REQUESTS = [
    ["접수번호", "업체명", "고객명", "연락처", "서비스", "접수일", "진행상태"],
    ["R-1", "한빛마을 관리사무소", "정지안", "010-2222-3333", "수전 교체", "2026-11-02", "접수"],
]


@pytest.fixture(scope="session")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {"접수": REQUESTS, "가격표": PRICES, "파트너": PARTNERS}
    return adopted_book(tmp_path_factory.mktemp("kit"), sheets, COMPANY_AND_TIERS)


@pytest.fixture
def book(adopted: Path, tmp_path: Path) -> Path:
    shutil.copy(adopted, tmp_path / "장부.xlsx")
    return tmp_path / "장부.xlsx"


def told(folder: Path) -> str:
    """Everything a kit says, whatever the kind of file."""
    out = [path.name for path in folder.iterdir()]
    for path in folder.iterdir():
        data = path.read_bytes()
        if path.suffix == ".pdf":
            out.append(pdf_text(data))
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                out += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        else:
            out.append(data.decode("utf-8-sig"))
    return "\n".join(out)


def test_a_partner_gets_a_folder_and_a_zip_with_its_own_prices(book: Path, tmp_path: Path) -> None:
    done = kit_book(book, partner="한빛마을관리사무소", zip=True, as_of=DAY)
    (one,) = done.made
    assert one.folder == tmp_path / "파트너 키트" / "한빛마을 관리사무소 파트너 키트"
    assert sorted(path.name for path in one.folder.iterdir()) == sorted(path.name for path in one.paths)
    text = told(one.folder)
    assert "80,500" in text
    assert "https://example.com/h" in text
    assert "@한빛" in text
    assert "15분 안" in text
    assert "하자 보고서와 지표" in text
    assert one.archive is not None
    with zipfile.ZipFile(one.archive) as archive:
        assert {Path(name).name for name in archive.namelist()} == {path.name for path in one.paths}
        for path in one.paths:
            assert archive.read(f"{one.folder.name}/{path.name}") == path.read_bytes()


@pytest.mark.parametrize("partner", ["한빛마을 관리사무소", "카페 봄날", "P03"])
def test_a_kit_holds_nothing_of_another_partner_and_no_cost(book: Path, partner: str) -> None:
    (one,) = kit_book(book, partner=partner, as_of=DAY).made
    text = told(one.folder)
    for row in PARTNERS[1:]:
        if row[0] == one.partner:
            continue
        for value in (row[0], row[3], row[4], row[5]):
            assert str(value) not in text
    prices = {"한빛마을 관리사무소": "80,500", "카페 봄날": "82,800", "../=SUM(A1) #read": "92,000"}
    for name, price in prices.items():
        assert (price in text) == (name == one.partner)
        assert (price.replace(",", "") in text) == (name == one.partner)
    for secret in ("41234", "41,234", "137777", "137,777", "원가", "마진", "010-2222-3333", "정지안"):
        assert secret not in text


def test_all_are_the_partners_we_work_with_each_in_its_own_folder(book: Path) -> None:
    done = kit_book(book, all=True, zip=True, as_of=DAY)
    assert [one.partner for one in done.made] == ["한빛마을 관리사무소", "카페 봄날", "../=SUM(A1) #read"]
    assert len({one.folder for one in done.made}) == 3
    assert all(
        one.folder.parent == one.archive.parent == book.parent / "파트너 키트" for one in done.made if one.archive
    )
    assert done.left == {}


def test_what_is_missing_in_the_workbook_is_told_to_the_sender(book: Path) -> None:
    notes = [say(note) for note in kit_book(book, all=True, as_of=DAY).notes]
    assert any("무료 점검" in note for note in notes)
    assert any("카페 봄날" in note and "한빛마을" not in note for note in notes)


def test_the_same_book_and_day_give_the_same_files_and_change_no_workbook(book: Path) -> None:
    before = book.read_bytes()
    first = kit_book(book, partner="P02", zip=True, as_of=DAY)
    bytes_of = {path: path.read_bytes() for path in (*first.made[0].paths, first.made[0].archive) if path}
    second = kit_book(book, partner="P02", zip=True, as_of=DAY)
    assert {path: path.read_bytes() for path in bytes_of} == bytes_of
    assert first.to_json() == second.to_json()
    assert book.read_bytes() == before
    assert not [path for path in (book.parent / "파트너 키트").iterdir() if path.name.startswith(".danggol-")]
    json.dumps(first.to_json())


def test_a_partner_that_is_not_there_is_answered_with_the_nearest(book: Path) -> None:
    with pytest.raises(UsageError, match="카페 봄날"):
        kit_book(book, partner="카페 봄날씨")


@pytest.mark.parametrize("options", [{}, {"partner": "P01", "all": True}])
def test_one_partner_or_all_has_to_be_said(book: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        kit_book(book, **options)


def test_until_the_settings_say_who_we_are_there_is_no_kit(tmp_path: Path) -> None:
    path = made(tmp_path / "새 장부.xlsx", {"접수": REQUESTS, "파트너": PARTNERS})
    adopt_book(path)
    with pytest.raises(NeedsAnswer):
        kit_book(path, partner="P01")
    assert not (tmp_path / "파트너 키트").exists()


def test_a_book_without_partners_says_so(tmp_path: Path) -> None:
    path = made(tmp_path / "접수만.xlsx", {"접수": REQUESTS})
    adopt_book(path)
    with pytest.raises(DanggolError):
        kit_book(path, all=True)


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_left_half_made(book: Path, tmp_path: Path) -> None:
    (tmp_path / "막힘").write_text("파일")
    with pytest.raises(BookError, match="막힘"):
        kit_book(book, partner="P01", out=tmp_path / "막힘", as_of=DAY)
    assert (tmp_path / "막힘").read_text() == "파일"


def test_a_partners_logo_stands_on_its_pages_and_on_no_other(book: Path, tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "로고").mkdir()
    Image.new("RGB", (40, 20), "#123456").save(tmp_path / "로고" / "한빛마을 관리사무소.png")
    settle(book, {"company.partner_logos": "로고"})
    with_logo, without = (kit_book(book, partner=p, as_of=DAY).made[0].folder for p in ("P01", "P02"))
    assert b"/Subtype/Image" in (with_logo / "08_서비스 약속.pdf").read_bytes()
    assert b"/Subtype/Image" not in (without / "08_서비스 약속.pdf").read_bytes()
    sheet = openpyxl.load_workbook(with_logo / "03_견적서 양식.xlsx").active
    assert len(sheet._images) == 1


@pytest.mark.parametrize(
    ("name", "data", "id"),
    [
        ("글.png", b"this is no picture", "doc.image.unknown"),
        ("큰.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50_000_000, "doc.image.large"),
        (
            "움직이는.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "doc.image.active",
        ),
    ],
)
def test_a_logo_that_is_no_harmless_picture_stops_the_kit_and_is_named(
    book: Path, name: str, data: bytes, id: str
) -> None:
    (book.parent / name).write_bytes(data)
    settle(book, {"company.logo": name})
    with pytest.raises(DanggolError) as raised:
        kit_book(book, partner="P01", as_of=DAY)
    assert raised.value.message.id == id
    assert kit_book(book, all=True, as_of=DAY).left.keys() == {"한빛마을 관리사무소", "카페 봄날", "../=SUM(A1) #read"}


def test_an_svg_logo_stands_in_the_pages_and_the_workbooks_go_without(book: Path) -> None:
    (book.parent / "로고.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='20' height='9'></svg>")
    settle(book, {"company.logo": "로고.svg"})
    (one,) = kit_book(book, partner="P01", as_of=DAY).made
    assert "03_견적서 양식.xlsx" in {path.name for path in one.paths}


def test_a_picture_that_is_broken_inside_is_named(book: Path) -> None:
    header = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x28\x00\x00\x00\x14\x08\x02\x00\x00\x00"
    (book.parent / "깨짐.png").write_bytes(header + b"garbage" * 20)
    settle(book, {"company.logo": "깨짐.png"})
    with pytest.raises(DanggolError) as raised:
        kit_book(book, partner="P01", as_of=DAY)
    assert raised.value.message.id == "doc.image.broken"
    assert not (book.parent / "파트너 키트" / "한빛마을 관리사무소 파트너 키트").exists()


def test_a_file_of_the_kit_that_is_held_open_is_named(book: Path) -> None:
    (one,) = kit_book(book, partner="P01", as_of=DAY).made
    held = one.folder / "01_가격표.pdf"
    held.unlink()
    held.mkdir()  # as Windows refuses to replace a file that is open elsewhere
    (held / "x").write_text("")
    with pytest.raises(BookError):
        kit_book(book, partner="P01", as_of="2026-11-22")
