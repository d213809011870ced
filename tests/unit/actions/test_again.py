"""A run that opens a book many times reads the same bytes once, and no command sees what another let go of."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from xlsxwriter import Workbook

from addin.actions import workspace as opening
from addin.actions.adopt import adopt_book
from addin.actions.again import read_once
from addin.actions.results import results_of
from addin.actions.workspace import open_workspace
from addin.books.edits import Edits
from addin.books.file import open_book

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "접수.xlsx"
    made = Workbook(str(path))
    sheet = made.add_worksheet("접수대장")
    lines = [
        ["접수번호", "업체명", "접수일", "진행상태", "금액"],
        ["A-1", "한빛", "2026-10-01", "완료", 100_000],
        ["A-2", "두리", "2026-10-02", "접수", 50_000],
        ["A-3", "한빛", "2026-10-05", "실주", 70_000],
    ]
    for row, line in enumerate(lines):
        sheet.write_row(row, 0, line)
    made.close()
    adopt_book(path)
    return path


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read and mapped, by file name."""
    seen: list[str] = []
    work_on = opening.work_on

    def counted(snapshot, **rest):  # type: ignore[no-untyped-def]
        seen.append(snapshot.path.name)
        return work_on(snapshot, **rest)

    monkeypatch.setattr(opening, "work_on", counted)
    return seen


def test_the_same_bytes_are_read_once_wherever_they_stand(book: Path, readings: list[str]) -> None:
    copied = book.with_name("본사.xlsx")
    shutil.copyfile(book, copied)
    with read_once():
        first, again, other = open_workspace(book), open_workspace(book), open_workspace(copied)
    assert readings == ["접수.xlsx"]
    assert again.records["requests"].frame.equals(first.records["requests"].frame)
    assert (again.snapshot.path, other.snapshot.path) == (book, copied)


def test_other_bytes_are_read_anew(book: Path, readings: list[str]) -> None:
    with read_once():
        open_workspace(book)
        edits = Edits("test")
        edits.write("접수대장", 3, 2, [["새봄"]])
        open_book(book).apply(edits)
        assert open_workspace(book).records["requests"].frame["partner"].to_list() == ["한빛", "새봄", "한빛"]
    assert len(readings) == 2


def test_outside_of_it_every_opening_reads_the_file(book: Path, readings: list[str]) -> None:
    with read_once():
        open_workspace(book)
    open_workspace(book)
    open_workspace(book)
    assert len(readings) == 3


def test_what_one_command_lets_go_of_the_next_still_has(book: Path) -> None:
    with read_once():
        first = open_workspace(book)
        found = results_of(first)
        found.as_of = None
        first.records["requests"].frame = first.records["requests"].frame.select("request_id")
        first.release()
        second = open_workspace(book)
        assert second.snapshot.grid("접수대장") is not None
        assert "partner" in second.records["requests"].frame.columns
        counted = results_of(second)
        assert counted.as_of is not None
        assert counted.values == found.values
        assert second.resolved is not None


def test_a_book_not_adopted_yet_is_read_each_time(tmp_path: Path, readings: list[str]) -> None:
    path = tmp_path / "새책.xlsx"
    made = Workbook(str(path))
    made.add_worksheet("접수").write_row(0, 0, ["업체명", "접수일"])
    made.close()
    with read_once():
        open_workspace(path)
        open_workspace(path)
    assert len(readings) == 2
