"""A book refreshed again after a change: what is kept of the last reading changes nothing but the time it takes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from addin.actions import refresh as module
from addin.actions.history import undo_run
from addin.actions.refresh import refresh_book
from addin.actions.views.aliases import COLUMNS
from addin.actions.workspace import open_workspace
from addin.books import Edits, open_book
from addin.books import read as reading
from addin.books.blocks import blocks_in
from addin.books.edits import CLEAR
from addin.books.kept import kept_file
from addin.books.read import read_book
from tests.unit.actions.teambook import adopted_book, settle

if TYPE_CHECKING:
    from pathlib import Path

HEADERS = ("접수번호", "업체명", "고객명", "연락처", "접수일시", "확인일시", "방문일", "상태", "금액", "비고")
START = dt.datetime(2026, 8, 31, 9, 30)
OTHERWISE = "㈜한부동산"
NOW = dt.datetime(2026, 9, 21, 9, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def request(n: int) -> list[Any]:
    came = START + dt.timedelta(hours=5 * n)
    visit = (came + dt.timedelta(days=1)).date()
    stage = ("접수", "방문", "완료", "취소")[n % 4]
    return [f"R{n:04}", f"{'한빛가온'[n % 4]}부동산", f"고객{n % 23}", f"010-1000-{n:04}", came,
            came + dt.timedelta(minutes=n % 40), visit, stage, 100_000.0 + n, ""]  # fmt: skip


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eighty requests, adopted and refreshed until nothing is to write; kept in blocks of ten rows, runs of two."""
    monkeypatch.setattr("addin.books.kept.ROWS", 10)
    monkeypatch.setattr("addin.books.runs.RUN", 2)
    for where in ("addin.books.reread", "addin.books.read", "addin.books.sheetxml"):
        monkeypatch.setattr(f"{where}.LONG", 0)
    monkeypatch.setattr(module, "now", lambda: NOW)
    requests = [request(n) for n in range(1, 81)]
    requests[39][1] = OTHERWISE  # a partner spelled in another way: a person is asked
    path = adopted_book(tmp_path, {"접수": [HEADERS, *requests]})
    while refresh_book(path).run is not None:
        pass
    assert kept_file(path).is_file()
    return path


def planned(path: Path) -> list[Any]:
    return refresh_book(path, dry_run=True).edits.items


def summary(path: Path) -> dict[str, Any]:
    return refresh_book(path, dry_run=True).to_json()


def alike(path: Path) -> bool:
    """Whether a refresh with what is kept plans what one without it does, edit for edit; the book is then refreshed."""
    file = kept_file(path)
    data = file.read_bytes()
    with_it = planned(path)
    file.unlink()
    without = planned(path)
    file.write_bytes(data)
    same = repr(with_it) == repr(without) and read_book(path).sheets[0].formulas == frozenset()
    refresh_book(path)
    return same


CHANGES = st.sampled_from(
    [
        ("cell", 30, 9, 555_000.0),
        ("cell", 5, 9, "협의"),
        ("cell", 12, 5, "2026-13-40"),
        ("cell", 44, 8, "완료"),
        ("cell", 60, 2, "새파트너"),
        ("cell", 20, 3, None),
        ("cell", 81, 6, dt.datetime(2026, 9, 20, 10, 0)),
        ("cell", 50, 10, "=1+1"),
        ("row", 82, 0, 82),
        ("row", 40, 0, 900),
        ("drop", 33, 0, None),
        ("header", 1, 9, "견적금액"),
        ("header", 1, 9, "금액"),
        ("setting", 0, 0, 240),
        ("alias", 0, 0, "같음"),
        ("alias", 0, 0, "다름"),
        ("sort", 9, 0, None),
        ("sort", 2, 0, None),
        ("undo", 0, 0, None),
    ]
)


def listed(path: Path) -> list[Any]:
    """The rows of the list as they stand, columns of ours left out."""
    return [[*line[: len(HEADERS)]] for line in list(read_book(path).sheets[0].rows)[1:]]


def answer(path: Path, text: str) -> None:
    """What a person types beside the proposal in the tab of spellings."""
    workspace = open_workspace(path)
    name = workspace.ours.tabs["aliases"]
    grid = workspace.snapshot.grid(name)
    assert grid is not None
    [row] = [row for row, line in enumerate(grid.rows, 1) if line and line[0] == OTHERWISE]
    edits = Edits()
    edits.write(name, row, list(COLUMNS).index("answer") + 1, [[text]])
    open_book(path).apply(edits)


def change(path: Path, kind: str, row: int, column: int, value: Any) -> None:
    edits = Edits()
    match kind:
        case "cell" | "header":
            edits.write("접수", row, column, [[CLEAR if value is None else value]])
        case "row":
            edits.write("접수", row, 1, [request(value)])
        case "drop":
            edits.write("접수", row, 1, [[CLEAR] * len(HEADERS)])
        case "alias":
            answer(path, value)
        case "sort":  # as a person sorts the list by a column: rows go to other blocks
            rows = [[line[at] if line[at] != "" else CLEAR for at in range(len(HEADERS))] for line in listed(path)]
            edits.write("접수", 2, 1, sorted(rows, key=lambda line: str(line[row - 1]), reverse=True))
        case "setting":
            settle(path, {"service.response_minutes": value})
        case "undo":
            undo_run(path)
    open_book(path).apply(edits)


@given(changes=st.lists(CHANGES, min_size=1, max_size=3))
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.generate],  # the book goes on changing: a shorter story is another one
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_refresh_with_what_is_kept_plans_what_one_without_it_plans(
    changes: list[tuple[str, int, int, Any]], book: Path
) -> None:
    for one in changes:
        change(book, *one)
        assert alike(book), one


def test_answers_rows_in_another_order_and_another_day_are_seen(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    for one in [("alias", 0, 0, "같음"), ("sort", 9, 0, None), ("alias", 0, 0, "다름"), ("row", 82, 0, 82)]:
        change(book, *one)
        assert alike(book), one
        seen.append(summary(book))
    monkeypatch.setattr("addin.today.now", lambda: NOW + dt.timedelta(days=30))
    monkeypatch.setattr(module, "now", lambda: NOW + dt.timedelta(days=30))
    assert alike(book)
    merged, sorted_, apart, grown = seen
    assert sorted_ == merged
    assert sum(merged["partners"].values()) + 1 == sum(apart["partners"].values())
    assert grown["requests"] == apart["requests"] + 1


def test_only_the_changed_block_is_read_again_and_the_book_says_the_same(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    real = blocks_in

    def counting(opened: Any, at: Any) -> Any:
        counts.append(len(at))
        return real(opened, at)

    monkeypatch.setattr(reading, "blocks_in", counting)
    change(book, "cell", 12, 5, "2026-13-40")
    assert refresh_book(book).faults == 1
    assert refresh_book(book).run is None
    assert counts[0] == 1


def test_a_dry_run_keeps_nothing(book: Path) -> None:
    before = kept_file(book).read_bytes()
    change(book, "cell", 30, 9, 555_000.0)
    refresh_book(book, dry_run=True)
    assert kept_file(book).read_bytes() == before


def test_it_goes_with_the_folder(book: Path) -> None:
    for file in (book.parent / ".danggol").iterdir():
        file.unlink()
    (book.parent / ".danggol").rmdir()
    assert refresh_book(book).run is None
    assert not kept_file(book).exists()
