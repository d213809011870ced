"""danggol case: one page for the decision makers, from the book's own cells."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from addin.actions.case import case_book
from addin.errors import BookError, DanggolError, UsageError
from tests.unit.actions.teambook import COMPANY, adopted_book
from tests.unit.documents.pdftext import pdf_text

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-20"
PARTNERS = [
    ["파트너명", "코드", "클러스터", "제휴단계", "단계변경일", "제휴 이유", "예상 월매출", "예상 공수(일)", "우리 이익",
     "파트너 이익", "최종승인일", "상태"],
    ["해솔 관리사무소", "P01", "아파트", "미팅", "2026-11-01", "1,500세대", 6_200_000, 9, "홍보", "방문", None, "후보"],
    ["카페 봄날", "P02", "카페", "기회 발견", None, None, None, None, None, None, None, "후보"],
    ["한빛 관리사무소", "P03", "아파트", "운영", "2026-05-01", None, None, None, None, None, "2026-04-20", "운영"],
    ["옛 상사", "P04", "부동산", "중단", None, None, None, None, None, None, None, "종료"],
]  # fmt: skip
REQUESTS = [["접수번호", "업체명", "고객명", "접수일"], ["R-1", "한빛 관리사무소", "정지안", "2026-11-02"]]


@pytest.fixture(scope="session")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return adopted_book(tmp_path_factory.mktemp("case"), {"접수": REQUESTS, "파트너": PARTNERS}, COMPANY)


@pytest.fixture
def book(adopted: Path, tmp_path: Path) -> Path:
    shutil.copy(adopted, tmp_path / "장부.xlsx")
    return tmp_path / "장부.xlsx"


@pytest.mark.parametrize("name", ["해솔 관리사무소", "해솔관리사무소", "P01"])
def test_the_partner_a_person_means_gets_its_page_beside_the_book(name: str, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    done = case_book(book, partner=name, as_of=DAY)
    assert done.paths == [tmp_path / "제휴 검토서" / f"제휴 검토서 해솔 관리사무소 {DAY}.pdf"]
    told = pdf_text(done.paths[0].read_bytes())
    assert all(word in told for word in ("1,500세대", "6,200,000원", "예상 월매출", "688,888원"))
    assert book.read_bytes() == before


def test_a_second_run_makes_nothing_new_and_never_overwrites(book: Path, tmp_path: Path) -> None:
    (path,) = case_book(book, partner="P01", out=tmp_path / "o", as_of=DAY).paths
    assert case_book(book, partner="P01", out=tmp_path / "o", as_of=DAY).paths == [path]
    path.write_bytes(b"signed")
    (other,) = case_book(book, partner="P01", out=tmp_path / "o", as_of=DAY).paths
    assert (path.read_bytes(), other.name) == (b"signed", f"제휴 검토서 해솔 관리사무소 {DAY} (2).pdf")


def test_all_are_those_on_their_way_in_every_format(book: Path, tmp_path: Path) -> None:
    done = case_book(book, all=True, formats=("pdf", "html"), out=tmp_path / "o", as_of=DAY)
    assert [one.case.partner for one in done.made] == ["해솔 관리사무소", "카페 봄날"]
    assert sorted(path.suffix for path in done.paths) == [".html", ".html", ".pdf", ".pdf"]


def test_the_case_as_data_says_what_is_open_and_approved(book: Path, tmp_path: Path) -> None:
    (one,) = case_book(book, partner="P03", out=tmp_path / "o", as_of=DAY).to_json()["cases"]
    assert (one["approved_on"], one["stage"], one["expected"]) == ("2026-04-20", 8, None)
    assert one["open"] == ["case", "expected_revenue", "effort", "our_benefit", "their_benefit"]
    (first,) = case_book(book, partner="P01", out=tmp_path / "o", as_of=DAY).to_json()["cases"]
    assert (first["expected"], first["effort"], first["why"]) == (6_200_000.0, 9.0, "1,500세대")
    json.dumps(first)


def test_words_that_are_off_are_said(book: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--partner"):
        case_book(book)
    with pytest.raises(UsageError, match="--all"):
        case_book(book, partner="P01", all=True)
    with pytest.raises(UsageError, match="해솔"):
        case_book(book, partner="해솔")
    with pytest.raises(UsageError, match="docx"):
        case_book(book, partner="P01", formats=("docx",))
    with pytest.raises(UsageError, match="as-of"):
        case_book(book, partner="P01", as_of="내일")


def test_a_book_without_partners_or_anybody_on_the_way_says_so(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    bare = adopted_book(tmp_path / "a", {"접수": REQUESTS}, COMPANY)
    with pytest.raises(DanggolError, match="partners"):
        case_book(bare, all=True)
    running = adopted_book(tmp_path / "b", {"접수": REQUESTS, "파트너": [PARTNERS[0], PARTNERS[3]]}, COMPANY)
    with pytest.raises(DanggolError, match="제휴단계"):
        case_book(running, all=True)


def test_a_folder_that_cannot_be_written_is_named(book: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BookError, match="file"):
        case_book(book, partner="P01", out=tmp_path / "file" / "o", as_of=DAY)


def test_the_team_s_own_page_is_used_and_a_fault_in_it_leaves_nothing(book: Path, tmp_path: Path) -> None:
    own = tmp_path / "danggol-templates" / "case"
    own.mkdir(parents=True)
    (own / "case.html.j2").write_text("{{ partner }}!", "utf-8")
    (path,) = case_book(book, partner="P02", formats=("html",), out=tmp_path / "o", as_of=DAY).paths
    assert path.read_text("utf-8") == "카페 봄날!"
    (own / "case.html.j2").write_text("{{ nothing }}", "utf-8")
    with pytest.raises(DanggolError, match="nothing"):
        case_book(book, partner="P02", formats=("html",), out=tmp_path / "p", as_of=DAY)
    assert list((tmp_path / "p").iterdir()) == []
