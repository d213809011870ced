"""``danggol mail``: drafts of what is due, with the standard quote; nothing is sent, no address is guessed."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.mail import IDS, Mailed, mail_book
from addin.actions.quote import quote_book
from addin.actions.tasks import tasks_of
from addin.errors import NeedsAnswer, UsageError
from addin.i18n import LANGUAGES, known, say
from tests.unit.actions.teambook import adopted_book, settle
from tests.unit.actions.test_quote import PARTNERS, PRICES

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-21"
HEADS = ["접수번호", "업체명", "고객명", "연락처", "서비스", "접수일", "제안일", "잔금일", "진행상태", "이메일"]


def november(day: int | None) -> dt.date | None:
    return dt.date(2026, 11, day) if day else None


ROWS: list[tuple[Any, ...]] = [
    ("R-1", "한빛", "정지안", "010-2222-3331", "수전 교체", 2, None, 28, "접수", "jian@example.com"),
    ("R-2", "푸른솔", "이다온", "010-2222-3332", "옥상 방수", 3, None, 27, "접수", None),
    ("R-3", "한빛", None, None, "도배", 4, 18, None, "견적", None),
    ("R-4", "푸른솔", "박라온", "010-2222-3334", "도배", 5, 18, None, "견적", None),
    ("R-5", "푸른솔", "최마온", "010-2222-3335", "도배", 6, 18, None, "실주", None),
    ("R-6", "푸른솔", "한바온", "010-2222-3336", "도배", 7, None, None, "접수", "=cmd@x"),
]
REQUESTS = [HEADS, *([*row[:5], *map(november, row[5:8]), *row[8:]] for row in ROWS)]
OFFICES = [[*PARTNERS[0], "이메일"], [*PARTNERS[1], "office@example.com"], [*PARTNERS[2], "sol@example.com"]]
CUSTOMERS = [["고객번호", "고객명", "휴대폰", "이메일"], ["C-1", "박라온", "010-2222-3334", "raon@example.com"]]


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {"접수": REQUESTS, "가격표": PRICES, "파트너": OFFICES, "고객": CUSTOMERS}
    return adopted_book(tmp_path_factory.mktemp("mail"), sheets)


@pytest.fixture
def book(adopted: Path, tmp_path: Path) -> Path:
    shutil.copy(adopted, tmp_path / "장부.xlsx")
    return tmp_path / "장부.xlsx"


def run(book: Path, **options: Any) -> Mailed:
    return mail_book(book, **{"as_of": DAY, **options})


def read(path: Path) -> Any:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def noted(done: Mailed) -> set[str]:
    return {note.id for note in done.notes}


def test_every_notice_and_re_proposal_due_by_today_becomes_a_draft(book: Path) -> None:
    due = {(t.kind, t.request) for t in tasks_of(book, as_of=DAY).open() if t.kind in ("event_d7", "reproposal")}
    done = run(book, due=True)
    assert {(one.kind, one.request) for one in done.done} == {
        ("d7" if kind == "event_d7" else kind, request) for kind, request in due
    }
    assert {one.request: one.to for one in done.done} == {
        "R-1": "jian@example.com",
        "R-2": "",
        "R-3": "office@example.com",
        "R-4": "raon@example.com",
    }
    assert all(read(path)["X-Unsent"] == "1" for path in done.paths)
    assert "mail.note.no_address" in noted(done)
    assert (book.parent / "메일" / "2026-11-21_D-7 안내_R-1_정지안.eml").exists()


def test_a_task_that_is_shown_ahead_is_not_due_yet(book: Path) -> None:
    ahead = [t.request for t in tasks_of(book, as_of="2026-11-19").open() if t.kind == "event_d7"]
    assert "R-1" in ahead
    assert run(book, due=True, kind="d7", as_of="2026-11-19").done == []


def test_a_notice_carries_the_standard_quote_numbered_once(book: Path) -> None:
    done = run(book, due=True, kind="d7")
    mine = next(one for one in done.done if one.request == "R-1")
    assert [one.attached for one in done.done if one is not mine] == [""]
    assert mine.attached == "Q-2026-0001-R1.pdf"
    (pdf,) = read(mine.paths[0]).iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()[:4]) == ("Q-2026-0001-R1.pdf", b"%PDF")
    assert {"mail.note.quoted", "mail.note.no_quote"} <= noted(done)
    again = run(book, due=True, kind="d7")
    same = next(one for one in again.done if one.request == "R-1")
    assert (same.attached, "mail.note.quoted" in noted(again)) == ("Q-2026-0001-R1.pdf", False)
    assert same.paths == mine.paths


def test_without_new_quotes_the_book_stays_as_it_is(book: Path) -> None:
    before = book.read_bytes()
    done = run(book, due=True, new_quotes=False)
    assert [one.attached for one in done.done] == [""] * 4
    assert book.read_bytes() == before


def test_a_book_that_can_not_be_written_still_gets_its_notices(book: Path) -> None:
    (book.parent / "~$장부.xlsx").write_bytes(b"\x06someone")
    done = run(book, due=True, kind="d7")
    assert [one.attached for one in done.done] == ["", ""]
    assert "mail.note.no_quote" in noted(done)


def test_a_re_proposal_shows_another_option_and_the_quote_that_stands(book: Path) -> None:
    quote_book(book, request="R-3", as_of=DAY, formats=("html",))
    (one,) = run(book, requests=["r-3"], kind="reproposal", text=True).done
    text = next(path for path in one.paths if path.suffix == ".txt").read_text("utf-8")
    assert "Q-2026-0001-R1" in text
    assert one.attached == "Q-2026-0001-R1.pdf"
    assert "2026년 11월 18일에" in text


def test_a_quote_that_was_given_can_be_sent_and_one_that_was_not_is_said(book: Path) -> None:
    with pytest.raises(NeedsAnswer, match="danggol quote"):
        run(book, requests=["R-1"], kind="quote")
    quote_book(book, request="R-1", as_of=DAY, formats=("html",))
    (one,) = run(book, requests=["R-1"], kind="quote").done
    assert (one.to, one.attached, "견적서" in one.subject) == ("jian@example.com", "Q-2026-0001-R1.pdf", True)
    with pytest.raises(NeedsAnswer, match="danggol quote"):
        run(book, requests=["R-1"], kind="quote", as_of="2027-03-01")


def test_without_a_kind_a_request_gets_what_is_due(book: Path) -> None:
    assert [one.kind for one in run(book, requests=["R-4"]).done] == ["reproposal"]
    with pytest.raises(UsageError, match="--kind"):
        run(book, requests=["R-6"])


@pytest.mark.parametrize(
    ("request_", "kind", "said"),
    [("R-5", "reproposal", "R-5"), ("R-6", "d7", "예정일"), ("R-6", "reproposal", "제안일")],
)
def test_a_letter_that_does_not_fit_is_refused_with_what_to_do(book: Path, request_: str, kind: str, said: str) -> None:
    with pytest.raises(NeedsAnswer, match=said):
        run(book, requests=[request_], kind=kind)


def test_several_are_written_and_the_others_listed(book: Path) -> None:
    done = run(book, requests=["R-3", "R-5"], kind="reproposal")
    assert ([one.request for one in done.done], [id for id, _ in done.left]) == (["R-3"], ["R-5"])


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"due": True, "requests": ["R-1"]},
        {"due": True, "kind": "quote"},
        {"due": True, "kind": "birthday"},
        {"kind": "report", "due": True},
        {"due": True, "partner": "한빛"},
        {"requests": ["R-99"], "kind": "d7"},
    ],
)
def test_words_that_are_off_are_answered(book: Path, words: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        run(book, **words)


def test_the_months_reports_are_drafts_too(book: Path) -> None:
    done = mail_book(book, kind="report", partner="한빛", as_of="2026-12-02")
    assert [(one.kind, one.to) for one in done.done] == [("report", "office@example.com")]
    assert done.paths[0].parent == book.parent / "메일"


def test_nothing_due_is_said(book: Path) -> None:
    done = run(book, due=True, as_of="2026-11-05")
    assert (done.done, noted(done)) == ([], {"mail.nothing_due"})


def test_who_we_are_must_be_said_first(book: Path) -> None:
    settle(book, {"company.name": ""})
    with pytest.raises(NeedsAnswer, match="CRM_설정"):
        run(book, due=True)


def test_words_are_in_the_catalogue() -> None:
    assert all(known(id, lang) for id in IDS for lang in LANGUAGES)
    assert say("mail.folder", "ko") == "메일"
