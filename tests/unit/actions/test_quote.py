"""A request becomes a numbered, frozen quote: numbers, revisions, expiry, approval, and what is written in the book."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import shutil
import sqlite3
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions.quote import Quoted, quote_book
from addin.actions.quote_columns import KINDS
from addin.actions.quote_open import quote_open
from addin.actions.refresh import refresh_book
from addin.actions.tasks import tasks_of
from addin.actions.views import quotes as view
from addin.actions.workspace import open_workspace
from addin.books import Edits, open_book
from addin.books.fake_live import FakeBook
from addin.books.read import read_book
from addin.crm.message import msg
from addin.documents.quote.ledger import ledger_path, open_ledger
from addin.errors import BookError, BookLocked, DanggolError, NeedsAnswer, UsageError
from addin.i18n import LANGUAGES, known, say
from tests.unit.actions.teambook import adopted_book, settle

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-21"
REQUESTS = [
    ["접수번호", "업체명", "고객명", "연락처", "서비스", "접수일", "진행상태"],
    ["R-1", "한빛", "정지안", "010-2222-3333", "수전 교체", dt.date(2026, 11, 2), "접수"],
    ["R-2", "한빛", "김가온", "010-2222-3334", "도배 x 2.5 + 수전 교체", dt.date(2026, 11, 3), "접수"],
    ["R-3", "푸른솔", "이다온", "010-2222-3335", "옥상 방수", dt.date(2026, 11, 4), "접수"],
    ["R-4", "푸른솔", "박라온", "010-2222-3336", "무료 점검", dt.date(2026, 11, 5), "접수"],
    ["R-5", "푸른솔", "최마온", "010-2222-3337", "수전 교체", dt.date(2026, 11, 6), "실주"],
]
PRICES = [
    ["품목코드", "품명", "규격", "단위", "단가", "과세", "원가", "A등급 단가"],
    ["P-1", "수전 교체", "일반형", "개", 92_005, "과세", 40_000, 80_000],
    ["P-2", "도배", "방 1칸", "칸", 350_000, "과세", 137_777, None],
    ["P-3", "무료 점검", "", "회", None, "과세", None, None],
    ["P-4", "소독", "", "회", 30_000, "면세", 10_000, None],
]
PARTNERS = [
    ["파트너명", "클러스터", "담당자", "연락처", "등급"],
    ["한빛", "아파트 단지", "오하나", "010-9999-0001", "A"],
    ["푸른솔", "부동산", "유두리", "010-9999-0002", None],
]
QUOTES = [
    ["견적번호", "접수번호", "파트너", "고객", "견적일", "유효기한", "견적상태"],
    ["견적-7", "R-2", "한빛", "김가온", dt.date(2026, 11, 20), dt.date(2026, 12, 4), "작성중"],
    ["견적-8", None, "푸른솔", None, dt.date(2026, 11, 20), dt.date(2026, 12, 4), "작성중"],
    ["견적-9", None, "푸른솔", "고객구", dt.date(2026, 9, 1), dt.date(2026, 9, 30), "작성중"],
    ["견적-10", None, "푸른솔", "고객십", dt.date(2026, 11, 20), dt.date(2026, 12, 4), "작성중"],
]
LINES = [
    ["견적번호", "품목코드", "품명", "규격", "단위", "수량", "단가", "비고"],
    ["견적-7", "P-2", "도배", None, None, 2.5, None, None],
    ["견적-7", "P-4", "소독", None, None, 1, None, "선택"],
    ["견적-8", "P-1", "수전 교체", None, None, 10, 60_000, None],
    ["견적-9", "P-1", "수전 교체", None, None, 1, None, None],
    ["견적-10", None, '=HYPERLINK("x")', '#read("/etc/passwd")', "식", 0.001, 1_000_000, "{{ 7*7 }} <script>"],
]


@pytest.fixture(scope="session")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sheets = {"접수": REQUESTS, "가격표": PRICES, "파트너": PARTNERS, "견적": QUOTES, "견적품목": LINES}
    return adopted_book(tmp_path_factory.mktemp("quote"), sheets)


@pytest.fixture
def book(adopted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path / "home"))
    shutil.copy(adopted, tmp_path / "장부.xlsx")
    return tmp_path / "장부.xlsx"


def run(book: Path, **options: Any) -> Quoted:
    return quote_book(book, **{"as_of": DAY, "formats": ("html",), **options})


def lines_of(book: Path) -> dict[str, view.Answer]:
    grid = read_book(book).grid("CRM_견적")
    assert grid is not None
    return view.parse_quote_tab(grid)


def answer(book: Path, key: str, column: str, text: str) -> None:
    """What a person types beside a quote."""
    at = list(view.COLUMNS).index(column) + 1
    edits = Edits()
    edits.write("CRM_견적", lines_of(book)[key].row, at, [[text]])
    open_book(book).apply(edits)


# ---- what a quote says


def test_a_request_is_quoted_from_the_price_list_at_its_partners_tier(book: Path) -> None:
    done = run(book, request="R-1")
    (line,) = done.done[0].record.lines
    assert (done.number, line.name, line.price, line.list_price) == (
        "Q-2026-0001-R1",
        "수전 교체",
        80_000_00,
        80_000_00,
    )
    assert done.paths[0] == book.parent / "견적서" / "Q-2026-0001-R1_정지안.html"
    assert lines_of(book)["Q-2026-0001-R1"].source == "request:R-1"


def test_the_teams_own_lines_win_over_the_request_and_optional_ones_stay_outside_the_total(book: Path) -> None:
    record = run(book, request="R-2").done[0].record
    assert (record.source, [line.optional for line in record.lines]) == ("quote:견적-7", [False, True])
    assert record.counted.sums.total == 962_500_00
    assert record.lines[1].taxed is False


def test_two_services_in_one_cell_are_two_items(book: Path) -> None:
    from addin.actions.quote_lines import QuoteLines
    from addin.actions.team_tables import TeamTables

    tables = TeamTables(open_workspace(book), book.parent)
    lines = QuoteLines(tables).service(tables.requests["R-2"], "")
    assert [(line.name, str(line.quantity)) for line in lines] == [("도배", "2.5"), ("수전 교체", "1")]


def test_markup_and_formulas_in_names_are_only_text(book: Path) -> None:
    page = run(book, quote="견적-10").paths[0].read_text("utf-8")
    assert "=HYPERLINK(&#34;x&#34;)" in page
    assert "{{ 7*7 }} &lt;script&gt;" in page
    assert "<script" not in page


def test_cost_and_margin_never_reach_the_customer(book: Path) -> None:
    record = run(book, quote="견적-7", formats=("html", "pdf", "xlsx")).done[0].record
    assert record.lines[0].cost == 137_777_00
    folder = book.parent / "견적서"
    texts = [(folder / f"Q-2026-0001-R1_김가온.{kind}").read_bytes() for kind in ("html", "pdf")]
    with zipfile.ZipFile(folder / "Q-2026-0001-R1_김가온.xlsx") as pack:
        texts += [pack.read(name) for name in pack.namelist()]
    secret = (b"137777", b"137,777", "마진".encode(), "원가".encode())
    assert [word for text in texts for word in secret if word in text] == []


# ---- numbers and revisions


def test_the_same_quote_again_is_the_same_number_and_the_same_bytes(book: Path) -> None:
    first = run(book, request="R-1", formats=("pdf", "html", "xlsx", "eml"))
    before = {path: path.read_bytes() for path in first.paths}
    again = run(book, request="R-1", formats=("pdf", "html", "xlsx", "eml"), as_of="2026-11-25")
    assert (again.number, again.done[0].again, again.run) == (first.number, True, None)
    assert {path: path.read_bytes() for path in again.paths} == before


def test_a_changed_quote_is_the_next_revision_and_the_first_stays_frozen(book: Path) -> None:
    first = run(book, request="R-1").done[0].record
    edits = Edits()
    edits.write("가격표", 2, 8, [[81_000]])
    open_book(book).apply(edits)
    second = run(book, request="R-1").done[0].record
    assert (str(second.number), second.price_list != first.price_list) == ("Q-2026-0001-R2", True)
    with open_ledger(ledger_path(book)) as ledger:
        assert [r.sha256 for r in ledger.all()] == [first.sha256, second.sha256]
    assert lines_of(book)["Q-2026-0001-R1"].state == say("quote.state.replaced")


def test_numbers_have_no_gaps_when_a_file_cannot_be_made(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(book, request="R-1")
    from addin.documents.quote import make

    def broken(*_: object) -> bytes:
        raise DanggolError("doc.no_glyph", value="?")

    monkeypatch.setattr(make, "make", broken)
    with pytest.raises(DanggolError):
        run(book, quote="견적-7")
    monkeypatch.undo()
    assert not [p for p in (book.parent / "견적서").iterdir() if p.name.startswith((".danggol", "Q-2026-0002"))]
    assert run(book, quote="견적-7").number == "Q-2026-0002-R1"


def test_a_book_that_cannot_be_written_gives_number_and_files_back(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from addin.actions import quote

    def refused(*_: object) -> None:
        raise BookLocked("book.open_elsewhere", where="장부.xlsx", value="~$장부.xlsx")

    monkeypatch.setattr(quote, "write", refused)
    with pytest.raises(BookLocked):
        run(book, request="R-1")
    assert list((book.parent / "견적서").iterdir()) == []
    with open_ledger(ledger_path(book)) as ledger:
        assert ledger.all() == []


def test_a_book_open_in_excel_is_said_before_a_number_is_used(book: Path) -> None:
    book.with_name("~$장부.xlsx").write_bytes(b"")
    with pytest.raises(BookLocked):
        run(book, request="R-1")
    assert not ledger_path(book).exists()


def test_a_lost_ledger_never_gives_a_number_twice(book: Path) -> None:
    run(book, request="R-1")
    ledger_path(book).unlink()
    assert run(book, quote="견적-7").number == "Q-2026-0002-R1"


def test_a_frozen_quote_edited_by_hand_is_noticed(book: Path) -> None:
    run(book, request="R-1")
    with sqlite3.connect(ledger_path(book)) as db:
        db.execute("UPDATE quotes SET record = replace(record, '정지안', '남의이름')")
    db.close()
    with pytest.raises(BookError, match="Q-2026-0001-R1"):
        run(book, request="R-1")


def _number(path: Path, ready: Any, out: Any) -> None:
    ready.wait()
    from addin.crm.quote_record import QuoteRecord
    from addin.crm.vat import Policy

    for n in range(10):
        with open_ledger(path) as ledger:
            day = dt.date(2026, 1, 1)
            record = QuoteRecord(f"request:{multiprocessing.current_process().name}-{n}", day, day, Policy(), ())
            ledger.add(record.numbered(ledger.number(record)))
            out.put(str(ledger.all()[-1].number))


def test_two_people_numbering_at_once_never_get_one_number_and_leave_no_gap(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, out = context.Event(), context.Queue()
    both = [context.Process(target=_number, args=(tmp_path / "q.sqlite", ready, out)) for _ in range(2)]
    for one in both:
        one.start()
    ready.set()
    numbers = sorted(out.get(timeout=60) for _ in range(20))
    for one in both:
        one.join(30)
    assert numbers == [f"Q-2026-{n:04d}-R1" for n in range(1, 21)]


def test_whoever_comes_second_is_told_and_not_kept_waiting_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "q.sqlite"
    with open_ledger(path):
        pass  # the second time nothing has to be made: holding it must not depend on that
    with open_ledger(path), pytest.raises(BookLocked), open_ledger(path, wait=0.05):
        pass


# ---- what only a person can decide


def test_an_expired_quote_is_refused_without_renew(book: Path) -> None:
    with pytest.raises(NeedsAnswer, match="--renew") as asked:
        run(book, quote="견적-9")
    assert asked.value.exit_code == 3
    record = run(book, quote="견적-9", renew=True).done[0].record
    assert (record.issued, record.valid_until) == (dt.date(2026, 11, 21), dt.date(2026, 12, 21))
    with pytest.raises(NeedsAnswer, match="Q-2026-0001-R1"):
        run(book, quote="견적-9", as_of="2026-12-22")
    assert run(book, quote="견적-9", as_of="2026-12-22", renew=True).number == "Q-2026-0001-R2"


def test_a_discount_over_the_limit_waits_for_a_persons_name_in_the_tab(book: Path) -> None:
    with pytest.raises(NeedsAnswer, match="승인") as asked:
        run(book, quote="견적-8")
    assert "34.8%" in str(asked.value)
    (key,) = [k for k, a in lines_of(book).items() if a.number is None]
    answer(book, key, "approve", "김대표")
    record = run(book, quote="견적-8").done[0].record
    assert (str(record.number), record.approved) == ("Q-2026-0001-R1", "김대표")
    assert "김대표" in lines_of(book)["Q-2026-0001-R1"].state


def test_an_approval_is_for_what_was_approved(book: Path) -> None:
    with pytest.raises(NeedsAnswer):
        run(book, quote="견적-8")
    (key,) = [k for k, a in lines_of(book).items() if a.number is None]
    answer(book, key, "approve", "김대표")
    edits = Edits()
    edits.write("견적품목", 4, 7, [[50_000]])
    open_book(book).apply(edits)
    with pytest.raises(NeedsAnswer, match="승인"):
        run(book, quote="견적-8")


def test_a_margin_under_the_limit_waits_for_approval_too(book: Path) -> None:
    settle(book, {"quote.margin_limit": "70%"})
    with pytest.raises(NeedsAnswer, match=r"마진 부족 60\.6%"):
        run(book, quote="견적-7")


@pytest.mark.parametrize(
    ("request_id", "words"),
    [("R-3", ("접수!E4", "옥상 방수")), ("R-4", ("가격표!4", "무료 점검", "단가"))],
    ids=["not in the price list", "no price in the list"],
)
def test_what_is_missing_is_named_with_its_cell(book: Path, request_id: str, words: tuple[str, ...]) -> None:
    with pytest.raises(NeedsAnswer) as asked:
        run(book, request=request_id)
    assert all(word in str(asked.value) for word in words)


def test_a_request_that_is_not_there_is_answered_with_the_nearest(book: Path) -> None:
    with pytest.raises(UsageError, match="R-1"):
        run(book, request="R-11")
    with pytest.raises(UsageError):
        quote_book(book)
    with pytest.raises(UsageError, match="docx"):
        run(book, request="R-1", formats=("docx",))


def test_without_our_own_details_nothing_is_quoted(book: Path) -> None:
    settle(book, {"company.owner": ""})
    with pytest.raises(NeedsAnswer, match=r"CRM_설정.*대표자"):
        run(book, request="R-1")


def test_all_quotes_what_is_open_and_lists_what_is_not(book: Path) -> None:
    done = run(book, all=True)
    assert [str(one.record.number) for one in done.done] == [f"Q-2026-000{n}-R1" for n in range(1, 4)]
    assert sorted((left.source, left.waiting) for left in done.left) == [
        ("quote:견적-8", True),
        ("quote:견적-9", False),
        ("request:R-3", False),
        ("request:R-4", False),
    ]
    assert not any("R-5" in one.record.source for one in done.done)
    assert done.to_json()["quotes"][0]["total"] > 0


# ---- what is written in the book


def test_the_number_and_state_stand_beside_the_teams_own_quote_and_its_status_stays(book: Path) -> None:
    run(book, quote="견적-7")
    answer(book, "Q-2026-0001-R1", "answer", "발송")
    run(book, quote="견적-7")
    grid = read_book(book).grid("견적")
    assert grid is not None
    assert [grid.value(1, c) for c in (8, 9)] == [say(f"columns.{kind}") for kind in KINDS]
    assert [grid.value(2, c) for c in (7, 8, 9)] == ["작성중", "Q-2026-0001-R1", "발송"]
    assert grid.value(3, 8) is None


@pytest.mark.parametrize(
    ("word", "why", "state"),
    [
        ("발송", None, "sent"),
        ("수락", None, "accepted"),
        ("거절", "가격", "refused"),
        ("거절", None, "no_reason"),
        (None, None, "made"),
    ],
)
def test_a_persons_answer_is_the_state_and_a_refusal_wants_its_reason(
    book: Path, word: str | None, why: str | None, state: str
) -> None:
    record = run(book, request="R-1").done[0].record
    given = view.Answer(answer=word, why=why)
    assert view.state_of(record, given, dt.date(2026, 11, 22), replaced=False) == f"quote.state.{state}"


def test_an_open_quote_past_its_day_is_expired(book: Path) -> None:
    record = run(book, request="R-1").done[0].record
    assert view.state_of(record, None, dt.date(2026, 12, 22), replaced=False) == "quote.state.expired"


def test_what_people_wrote_beside_quotes_stays_when_the_tab_is_drawn_anew(book: Path) -> None:
    run(book, request="R-1")
    answer(book, "Q-2026-0001-R1", "memo", "=전화 부탁")
    run(book, quote="견적-7")
    assert lines_of(book)["Q-2026-0001-R1"].memo == "=전화 부탁"


def test_a_file_a_person_changed_is_not_overwritten(book: Path) -> None:
    path = run(book, request="R-1").paths[0]
    path.write_text("고친 견적", "utf-8")
    again = run(book, request="R-1")
    assert path.read_text("utf-8") == "고친 견적"
    assert again.paths[0].name == "Q-2026-0001-R1_정지안 (2).html"


def test_a_logo_outside_the_books_folder_is_refused(book: Path) -> None:
    settle(book, {"company.logo": "../../비밀.png"})
    with pytest.raises(NeedsAnswer, match="폴더 밖"):
        run(book, request="R-1")


def test_words_of_states_and_reasons_are_in_the_catalogue() -> None:
    ids = (*view.STATES, *view.REASONS, *view.ANSWERS, *view.LABELS.values())
    ids += tuple(f"quote.head.{name}" for name in ("supply", "amount"))
    assert all(known(id, lang) for id in ids for lang in LANGUAGES)
    assert say(msg("quote.fields", fields=(msg("settings.company.name"),))) == say("settings.company.name")


def test_a_quote_that_runs_out_is_a_task_until_it_is_answered(book: Path) -> None:
    run(book, request="R-1")

    def tasks(day: str) -> list[str]:
        return [task["task"] for task in tasks_of(book, as_of=day).to_json() if task["kind"] == "quote_expiring"]

    assert not any("Q-2026-0001-R1" in id for id in tasks("2026-12-10"))
    assert any("Q-2026-0001-R1" in id for id in tasks("2026-12-15"))
    answer(book, "Q-2026-0001-R1", "answer", "수락")
    assert not any("Q-2026-0001-R1" in id for id in tasks("2026-12-15"))


def test_a_refresh_keeps_the_tab_of_quotes_and_says_what_has_expired(book: Path) -> None:
    run(book, request="R-1", as_of="2020-01-01")
    refresh_book(book)
    assert lines_of(book)["Q-2020-0001-R1"].state == say("quote.state.expired")
    assert refresh_book(book).run is None


# ---- the button


def test_the_button_quotes_the_selected_row_of_the_open_book(book: Path) -> None:
    opened = FakeBook.opened(book)
    opened.app.selection = SimpleNamespace(sheet=SimpleNamespace(name="접수"), row=2)
    assert "Q-2026-0001-R1" in quote_open(opened)
    assert sorted(p.suffix for p in (book.parent / "견적서").iterdir()) == [".html", ".pdf"]
    assert any(sheet.name == "CRM_견적" for sheet in opened.sheets)


@pytest.mark.parametrize("selection", ["A1", None, SimpleNamespace(sheet=SimpleNamespace(name="가격표"), row=2)])
def test_with_no_request_selected_the_button_asks_for_one(book: Path, selection: object) -> None:
    opened = FakeBook.opened(book)
    opened.app.selection = selection
    with pytest.raises(NeedsAnswer, match="행"):
        quote_open(opened)
