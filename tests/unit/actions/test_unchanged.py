"""A book nothing changed in is not computed again; whatever else changed, it is."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from addin.actions import unchanged
from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.actions.workspace import open_workspace
from addin.books import Edits, ahead, fresh, open_book
from addin.books.fresh import fresh_file
from addin.crm.mapping import Question
from addin.crm.message import msg
from addin.i18n import use_language
from addin.today import SEOUL
from tests.unit.actions.teambook import adopted_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADERS = ("접수번호", "업체명", "접수일시", "확인일시", "상태", "금액")
NOW = dt.datetime(2026, 9, 21, 9, tzinfo=SEOUL)


def request(n: int) -> list[Any]:
    came = dt.datetime(2026, 8, 31, 9, 30) + dt.timedelta(hours=7 * n)
    stage = ("접수", "방문", "완료")[n % 3]
    return [f"R{n:04}", ("한빛부동산", "샛별부동산")[n % 2], came, came + dt.timedelta(minutes=n), stage, 100_000.0 + n]


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that was refreshed until there was nothing to write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.today.now", lambda: NOW)
        path = adopted_book(tmp_path_factory.mktemp("team"), {"접수": [HEADERS, *(request(n) for n in range(1, 31))]})
        while refresh_book(path).run is not None:
            assert not fresh_file(path).exists()  # what a refresh wrote in was never seen again
    assert fresh_file(path).is_file()
    return path


@pytest.fixture
def book(refreshed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One of its own."""
    monkeypatch.setattr("addin.today.now", lambda: NOW)
    shutil.copytree(refreshed.parent, tmp_path / "team")
    return tmp_path / "team" / refreshed.name


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The books a refresh opened."""
    found: list[Path] = []
    real: Callable[..., Any] = open_workspace

    def noting(path: Path, **how: Any) -> Any:
        found.append(path)
        return real(path, **how)

    monkeypatch.setattr("addin.actions.workspace.open_workspace", noting)
    return found


def test_a_book_nothing_changed_in_is_not_opened_and_says_the_same(book: Path, opened: list[Path]) -> None:
    again = refresh_book(book).to_json()
    assert opened == []
    fresh_file(book).unlink()
    assert refresh_book(book).to_json() == again
    assert opened == [book]


def cell_changed(book: Path, _: pytest.MonkeyPatch) -> None:
    edits = Edits()
    edits.write("접수", 5, 6, [[777_000.0]])
    open_book(book).apply(edits)


def next_day(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("addin.today.now", lambda: NOW + dt.timedelta(days=1))


def other_program(_: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(unchanged, "program", lambda: ["another"])


def other_bytes(book: Path, _: pytest.MonkeyPatch) -> None:
    text = fresh_file(book).read_text("utf-8")
    fresh_file(book).write_text(text.replace('"sha256": "', '"sha256": "0'), "utf-8")


def damaged(book: Path, _: pytest.MonkeyPatch) -> None:
    fresh_file(book).write_bytes(fresh_file(book).read_bytes()[:40])


def no_list(book: Path, _: pytest.MonkeyPatch) -> None:
    fresh_file(book).write_text("[]", "utf-8")


@pytest.mark.parametrize("change", [cell_changed, next_day, other_program, other_bytes, damaged, no_list])
def test_anything_its_answer_depends_on_has_it_computed_anew(
    change: Callable[[Path, pytest.MonkeyPatch], None], book: Path, opened: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(book, monkeypatch)
    refresh_book(book)
    assert opened == [book]


def test_asked_for_another_day_or_with_maps_it_is_computed_anew(book: Path, opened: list[Path]) -> None:
    refresh_book(book, as_of="2026-09-10", dry_run=True)
    refresh_book(book, maps=["stage=상태"])
    refresh_book(book, as_of="2026-09-20")
    assert len(opened) == 3


def test_in_another_language_it_is_said_anew(book: Path, opened: list[Path]) -> None:
    korean = refresh_book(book).constraint
    use_language("en")
    try:
        assert refresh_book(book).constraint != korean
    finally:
        use_language(None)
    assert len(opened) == 1


def test_a_dry_run_always_computes(book: Path, opened: list[Path]) -> None:
    assert not refresh_book(book, dry_run=True).edits
    assert opened == [book]


def test_a_book_under_another_name_is_another(book: Path, opened: list[Path]) -> None:
    other = book.with_name("다른 장부.xlsx")
    shutil.copy(book, other)
    shutil.copy(fresh_file(book), fresh_file(other))
    refresh_book(other)
    assert opened == [other]


def test_the_command_line_does_not_begin_to_read_it(book: Path) -> None:
    ahead.read_ahead(["refresh", str(book)])
    assert ahead.take(book, to_write=True) is None
    ahead.read_ahead(["refresh", str(book), "--dry-run"])
    assert ahead.take(book, to_write=True) is not None
    assert fresh.load(book.with_name("없음.xlsx")) is None


def test_formulas_of_ours_are_calculated_every_time(tmp_path: Path, opened: list[Path]) -> None:
    path = tmp_path / "장부.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("접수")
        for at, row in enumerate([HEADERS, *(request(n)[:2] for n in range(1, 5))]):
            sheet.write_row(at, 0, row)
        workbook.add_worksheet("합계").write_formula("A1", "=CRM_HHI(B1:B3)")
    adopt_book(path)
    while refresh_book(path).run is not None:
        pass
    before = len(opened)
    refresh_book(path)
    assert len(opened) == before + 1


def test_what_asks_a_person_is_said_again(book: Path) -> None:
    fresh_file(book).unlink()
    done = refresh_book(book, dry_run=True)
    done.questions.append(Question("접수", "금액", ("amount",), msg("map.reason.person")))
    unchanged.Unchanged(book, None, ()).keep(done, "")
    assert not fresh_file(book).exists()


def test_what_makes_the_program_another() -> None:
    told = unchanged.program()
    assert any("refresh.py" in one for one in told)
    assert any("danggol.mo" in one for one in told)
