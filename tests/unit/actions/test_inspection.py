"""``danggol inspect``: which quote a form is made of, whose photos and defects, what is refused, invoices."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from PIL import Image

from addin.actions.inspection import Inspected, inspect_book
from addin.actions.inspection_sources import IDS
from addin.actions.quote import quote_book
from addin.crm.tax_invoice import COLUMNS, FIELD_IDS, HEAD_ROW
from addin.errors import NeedsAnswer, UsageError
from addin.i18n import LANGUAGES, known, say
from tests.unit.actions.teambook import adopted_book, settle
from tests.unit.actions.test_quote import PARTNERS, PRICES, answer

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-21"


def november(day: int | None) -> dt.date | None:
    return dt.date(2026, 11, day) if day else None


PHOTOS = "현장/누수_전.jpg; 현장/누수_후.jpg; 없는 사진.jpg; ../밖.jpg"
HEADS = "접수번호 업체명 담당자 고객명 연락처 현장 서비스 접수일 수주일 완료일 진행상태 금액 작업사진 비고"
ROWS = [
    ("R-1", "한빛", "정지안", "101동 1203호", "수전 교체", 2, 5, 9, "완료", 92_000, None, "까다로운 손님"),
    ("R-2", "한빛", None, None, "도배", 3, 6, 12, "완료", 350_000, PHOTOS, None),
    ("R-3", "푸른솔", "이다온", None, "장판", 4, 7, None, "수주", 120_000, None, None),
    ("R-4", "푸른솔", "박라온", None, "장판", 5, None, None, "실주", None, None, None),
    ("R-5", "푸른솔", "최마온", None, "장판", 6, None, None, "접수", None, None, None),
]
REQUESTS: list[list[Any]] = [HEADS.split()]
REQUESTS += [
    [id, office, "박기사", who, f"010-2222-333{n}" if who else None, site, what, *map(november, days), *rest]
    for n, (id, office, who, site, what, *days, stage, amount, photos, note) in enumerate(ROWS)
    for rest in [(stage, amount, photos, note)]
]
OCTOBER = [dt.date(2026, 10, day) for day in (6, 7, 9)]
REQUESTS.append(
    ["R-6", "푸른솔", "이기사", "한바온", "010-2222-3338", None, "점검", *OCTOBER, "완료", None, None, None]
)
BUYERS = [
    [*PARTNERS[0], "사업자번호", "이메일", "대표자", "주소"],
    [*PARTNERS[1], "120-81-47521", "office@example.com", "김한빛", "서울 중구"],
    [*PARTNERS[2], "120-81-47522", None, None, None],
]
QUOTES = [
    ["견적번호", "접수번호", "파트너", "고객", "견적일", "유효기한", "견적상태"],
    ["견적-7", "R-2", "한빛", None, dt.date(2026, 11, 4), dt.date(2026, 12, 4), "수락"],
]
LINES = [
    ["견적번호", "품목코드", "품명", "규격", "단위", "수량", "단가", "비고"],
    ["견적-7", "P-2", "도배", None, None, 2.5, None, None],
    ["견적-7", "P-4", "소독", None, None, 1, None, None],
    ["견적-7", "P-1", "수전 교체", None, None, 1, None, "선택"],
]
DEFECTS = [
    ["하자번호", "파트너", "하자 위치", "하자 내용", "발견일", "보수일"],
    ["D-1", "한빛", "101동 1203호", "문틀 벌어짐", dt.date(2026, 11, 9), None],
    ["D-2", "한빛", "지하주차장", "누수", dt.date(2026, 11, 5), dt.date(2026, 11, 8)],
    ["D-3", "한빛", "102동 304호", "남의 집", dt.date(2026, 11, 9), None],
]


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {"접수": REQUESTS, "가격표": PRICES, "파트너": BUYERS, "견적": QUOTES, "견적품목": LINES, "하자": DEFECTS}
    return adopted_book(tmp_path_factory.mktemp("inspect"), sheets)


@pytest.fixture
def book(adopted: Path, tmp_path: Path) -> Path:
    shutil.copy(adopted, tmp_path / "장부.xlsx")
    return tmp_path / "장부.xlsx"


def run(book: Path, *requests: str, **options: Any) -> Inspected:
    return inspect_book(book, **{"requests": requests, "as_of": DAY, "formats": ("html",), **options})


def photo(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), "navy").save(path)


def noted(done: Inspected) -> list[str]:
    return [note.id for note in done.notes]


def test_a_completed_request_gets_its_form_and_the_book_stays_as_it_is(book: Path) -> None:
    before = book.read_bytes()
    done = run(book, "R-1")
    (one,) = done.done
    assert one.paths == (book.parent / "검수확인서" / "검수확인서_R-1_정지안.html",)
    assert (one.inspection.worker, one.inspection.completed) == ("박기사", dt.date(2026, 11, 9))
    assert (one.inspection.record.counted.sums.total, noted(done)) == (101_200_00, ["inspect.note.no_quote"])
    assert book.read_bytes() == before
    assert "까다로운" not in one.paths[0].read_text("utf-8")


def test_the_accepted_quote_of_the_teams_own_list_is_what_was_done(book: Path) -> None:
    (one,) = run(book, "R-2").done
    record = one.inspection.record
    assert [(line.name, line.optional) for line in record.lines] == [
        ("도배", False),
        ("소독", False),
        ("수전 교체", True),
    ]
    assert record.counted.sums == (905_000_00, 87_500_00, 992_500_00)


def test_the_accepted_quote_given_by_danggol_comes_first(book: Path) -> None:
    quote_book(book, request="R-1", as_of="2026-11-04", formats=("html",))
    done = run(book, "R-1")
    assert str(done.done[0].inspection.record.number) == "Q-2026-0001-R1"
    assert done.done[0].inspection.record.counted.sums.supply == 80_000_00
    assert noted(done) == ["inspect.note.unaccepted"]
    answer(book, "Q-2026-0001-R1", "answer", "수락")
    assert noted(run(book, "R-1")) == []
    answer(book, "Q-2026-0001-R1", "answer", "거절")
    assert noted(run(book, "R-1")) == ["inspect.note.no_quote"]


@pytest.mark.parametrize(("id", "why"), [("R-3", "완료일"), ("R-4", "실주"), ("R-5", "수주")])
def test_what_is_not_won_and_completed_is_refused_with_its_cell(book: Path, id: str, why: str) -> None:
    with pytest.raises(NeedsAnswer, match=why) as refused:
        run(book, id)
    assert refused.value.where.startswith("접수!")
    assert not list((book.parent / "검수확인서").iterdir())


def test_several_at_once_are_made_and_the_others_are_listed(book: Path) -> None:
    done = run(book, "R-1", "r-2", "R-1", "R-4")
    assert [one.inspection.request for one in done.done] == ["R-1", "R-2"]
    assert [left.request for left in done.left] == ["R-4"]


def test_all_are_those_completed_in_the_days(book: Path) -> None:
    done = run(book, all=True)
    assert [one.inspection.request for one in done.done] == ["R-1", "R-2"]
    done = run(book, all=True, since="2026-10-01", until="2026-11-10")
    assert [one.inspection.request for one in done.done] == ["R-1", "R-6"]
    with pytest.raises(UsageError, match="2026-09-01"):
        run(book, all=True, since="2026-09-01", until="2026-09-30")
    with pytest.raises(UsageError, match="2026-12-01"):
        run(book, all=True, since="2026-12-01", until="2026-11-01")


def test_without_quote_and_amount_the_form_has_no_money(book: Path) -> None:
    done = run(book, "R-6", tax_invoice=book.parent / "세금.xlsx")
    assert (done.done[0].inspection.priced, noted(done)) == (False, ["inspect.note.no_amount", "tax.none"])
    assert not (book.parent / "세금.xlsx").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"requests": ("R-99",)}, "R-"),
        ({"requests": ()}, "--all"),
        ({"requests": ("R-1",), "all": True}, "--all"),
        ({"requests": ("R-1",), "formats": ("docx",)}, "docx"),
        ({"requests": ("R-1",), "tax_invoice": "세금.txt"}, "txt"),
        ({"requests": ("R-1",), "photos": "없는 폴더"}, "없는 폴더"),
    ],
)
def test_words_that_are_off_are_answered(book: Path, words: dict[str, Any], said: str) -> None:
    paths = {name: book.parent / words[name] for name in ("tax_invoice", "photos") if name in words}
    with pytest.raises(UsageError, match=said):
        inspect_book(book, as_of=DAY, **{**words, **paths})


def test_photos_come_from_cells_and_the_folder_beside_the_book(book: Path, tmp_path: Path) -> None:
    for name in ("현장/누수_전.jpg", "현장/누수_후.jpg", "사진/R-2/완료.png", "사진/R-1/남의 것.jpg"):
        photo(book.parent / name)
    photo(tmp_path.parent / "밖.jpg")
    (book.parent / "사진" / "R-2" / "메모.txt").write_text("x", "utf-8")
    (book.parent / "사진" / "R-2" / "영상.heic").write_bytes(b"ftypheic")
    done = run(book, "R-2")
    inspection = done.done[0].inspection
    assert [(s.caption, bool(s.before), bool(s.after), bool(s.alone)) for s in inspection.shots] == [
        ("누수", True, True, False),
        ("완료", False, False, True),
    ]
    assert inspection.missing == ("없는 사진.jpg", "../밖.jpg", "영상.heic")
    assert noted(done) == ["inspect.note.photo"] * 3
    assert "없는 사진.jpg" in done.paths[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ("O", ()),
        ("있음", ()),
        ("카톡 참고", ()),
        ("사진\\없음.jpg", ("없음.jpg",)),
        ("\\\\server\\share\\a.jpg", ("//server/share/a.jpg",)),
        ("/etc/passwd", ("/etc/passwd",)),
        ("a" * 5000 + ".jpg", ("a" * 5000 + ".jpg",)),
        ("김\u202e수.jpg", ("김수.jpg",)),
    ],
)
def test_a_cells_word_is_no_path_and_a_path_outside_is_not_followed(
    book: Path, cell: str, missing: tuple[str, ...]
) -> None:
    from addin.books import Edits, open_book

    edits = Edits()
    edits.write("접수", 2, HEADS.split().index("작업사진") + 1, [[cell]])
    open_book(book).apply(edits)
    assert run(book, "R-1").done[0].inspection.missing == missing


def test_a_path_with_backslashes_is_found(book: Path) -> None:
    from addin.books import Edits, open_book

    photo(book.parent / "현장" / "a.jpg")
    edits = Edits()
    edits.write("접수", 2, HEADS.split().index("작업사진") + 1, [["현장\\a.jpg"]])
    open_book(book).apply(edits)
    assert len(run(book, "R-1").done[0].inspection.shots) == 1


def test_a_folder_of_photos_may_be_named(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "휴대폰"
    photo(folder / "a.jpg")
    assert len(run(book, "R-1", photos=folder).done[0].inspection.shots) == 1
    photo(folder / "R-1" / "b.jpg")
    assert [shot.caption for shot in run(book, "R-1", photos=folder).done[0].inspection.shots] == ["b"]


def test_a_customer_sees_the_own_home_and_an_office_its_common_areas(book: Path) -> None:
    customer, office = (one.inspection for one in run(book, "R-1", "R-2").done)
    assert [defect.number for defect in customer.defects] == ["D-1"]
    assert [(defect.number, defect.fixed is None) for defect in office.defects] == [("D-2", False)]


def test_the_invoices_fields_are_the_quotes_and_say_what_is_missing(book: Path) -> None:
    target = book.parent / "세금" / "11월.xlsx"
    done = run(book, "R-1", "R-2", tax_invoice=target)
    assert done.tax == target
    sheet = openpyxl.load_workbook(io.BytesIO(target.read_bytes())).active
    assert sheet is not None
    person, office = (
        dict(zip((*COLUMNS, "notes"), [cell.value for cell in row], strict=False))
        for row in sheet.iter_rows(min_row=HEAD_ROW + 1)
    )
    assert (office["공급받는자 등록번호"], office["공급받는자 성명"], office["작성일자"]) == (
        "1208147521",
        "김한빛",
        "20261112",
    )
    assert (office["공급가액"], office["세액"], office["공급받는자 이메일1"]) == (875_000, 87_500, "office@example.com")
    assert "면세" in office["notes"]
    assert (person["공급받는자 상호"], person["공급받는자 등록번호"]) == ("정지안", None)
    assert say("tax.no_number") in person["notes"]
    assert "tax.noted" in noted(done)


def test_a_wrong_business_number_is_there_as_typed(book: Path) -> None:
    from addin.books import Edits, open_book

    edits = Edits()
    edits.write("접수", 3, 2, [["푸른솔"]])
    open_book(book).apply(edits)
    done = run(book, "R-2", tax_invoice=book.parent / "t.csv")
    assert done.done[0].tax is not None
    assert done.done[0].tax.cells[COLUMNS.index("공급받는자 등록번호")] == "120-81-47522"
    assert any("120-81-47522" in say(note) for note in done.notes)


def test_a_form_of_another_content_never_takes_a_files_place(book: Path) -> None:
    first = run(book, "R-1").paths[0]
    assert run(book, "R-1").paths == [first]
    first.write_text("사람이 고친 것", "utf-8")
    assert [path.name for path in run(book, "R-1").paths] == ["검수확인서_R-1_정지안 (2).html"]
    assert first.read_text("utf-8") == "사람이 고친 것"


def test_who_we_are_must_be_said_first(book: Path) -> None:
    settle(book, {"company.name": ""})
    with pytest.raises(NeedsAnswer, match="CRM_설정"):
        run(book, "R-1")


def test_words_are_in_the_catalogue() -> None:
    assert all(known(id, lang) for id in (*IDS, *FIELD_IDS) for lang in LANGUAGES)
