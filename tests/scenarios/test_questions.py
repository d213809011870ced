"""What can't be decided is asked, switches off only what needs it, and is answered in the mapping tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.actions.adopt import adopt_book
from addin.actions.check import check_book
from addin.actions.refresh import refresh_book
from addin.actions.rows import rows_of
from addin.books import Edits, open_book
from addin.books.read import read_book
from addin.crm.records import to_rows
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Two date columns with equal claims."""
    csv = tmp_path / "접수.csv"
    lines = [
        f"업체{i % 5},2026-10-{i % 20 + 1:02d},2026-10-{i % 20 + 4:02d},{1000 * i},{'수주취소'[i % 2 * 2 :][:2]}\n"
        for i in range(40)
    ]
    csv.write_text("업체명,날짜,일자,금액,상태\n" + "".join(lines), "utf-8")
    path = tmp_path / "접수.xlsx"
    adopt_book(csv, into=path)
    return path


def answer(path: Path, answers: dict[str, str]) -> None:
    """Write into the yellow cells beside the headers."""
    grid = read_book(path).grid("CRM_매핑")
    assert grid is not None
    head = next(i for i, row in enumerate(grid.rows, 1) if say("view.mapping.h.answer") in row)
    titles = list(grid.rows[head - 1])
    header, cell = (titles.index(say(f"view.mapping.h.{name}")) + 1 for name in ("header", "answer"))
    edits = Edits()
    for row in range(head + 1, len(grid.rows) + 1):
        word = answers.get(str(grid.value(row, header)))
        if word:
            edits.write("CRM_매핑", row, cell, [[word]])
    open_book(path).apply(edits)


def test_while_a_question_is_open_only_what_needs_it_is_off(book: Path) -> None:
    done = refresh_book(book)
    assert {q.header for q in done.questions} == {"날짜", "일자"}
    tabs = read_book(book).tabs
    assert {"CRM_퍼널", "CRM_KPI", "CRM_점검"} <= set(tabs)
    grid = read_book(book).grid("CRM_KPI")
    assert grid is not None
    texts = [str(v) for row in grid.rows for v in row if v]
    assert any(say("kpi.RESP_10M.name") in text for text in texts)  # listed among what is switched off


def test_answers_are_taken_and_nothing_is_asked_again(book: Path) -> None:
    answer(book, {"날짜": "접수일시", "일자": "completed_at"})
    adopted = adopt_book(book)
    assert adopted.mapping.questions == []
    first = to_rows(rows_of(book, "requests"))[0]
    assert (first["received_at"], first["completed_at"]) == ("2026-10-01", "2026-10-04")
    assert adopt_book(book).run is None


def test_a_word_that_names_no_field_is_said_in_the_check_tab_and_stays_in_its_cell(book: Path) -> None:
    answer(book, {"날짜": "접수일시시"})
    refresh_book(book)
    snapshot = read_book(book)
    check, mapping = snapshot.grid("CRM_점검"), snapshot.grid("CRM_매핑")
    assert check is not None
    assert mapping is not None
    assert any("접수일시시" in row for row in check.rows)
    assert any("접수일시시" in row for row in mapping.rows)


def rename(path: Path, header: str, new: str) -> None:
    """A person types over a header."""
    grid = read_book(path).sheets[0]
    row = next(i for i, line in enumerate(grid.rows, 1) if header in line)
    edits = Edits()
    edits.write(grid.name, row, list(grid.rows[row - 1]).index(header) + 1, [[new]])
    open_book(path).apply(edits)


def test_a_column_whose_header_was_renamed_is_asked_about_until_somebody_answers(book: Path) -> None:
    answer(book, {"날짜": "접수일시", "일자": "방문일시"})
    assert refresh_book(book).questions == []
    rename(book, "금액", "적은 것")
    for _ in range(2):  # the question stands until it is answered
        [asked] = refresh_book(book).questions
        assert (asked.table, asked.header, asked.was) == ("requests", "금액", "amount")
    assert refresh_book(book).run is None
    answer(book, {"적은 것": "금액"})
    assert refresh_book(book).questions == []
    assert to_rows(rows_of(book, "requests"))[1]["amount"] == 1000


def test_a_column_that_was_deleted_is_let_go_with_a_word(book: Path) -> None:
    answer(book, {"날짜": "접수일시", "일자": "방문일시"})
    refresh_book(book)
    rename(book, "금액", "적은 것")
    assert len(refresh_book(book).questions) == 1
    answer(book, {"금액": "무시"})
    assert refresh_book(book).questions == []
    assert refresh_book(book).run is None


def test_a_list_that_is_not_recognised_any_more_is_asked_about_and_its_numbers_are_said_to_be_old(book: Path) -> None:
    answer(book, {"날짜": "접수일시", "일자": "방문일시"})
    refresh_book(book)
    for header, new in (("업체명", "ㄱ"), ("날짜", "ㄴ"), ("일자", "ㄷ"), ("금액", "ㄹ"), ("상태", "ㅁ")):
        rename(book, header, new)
    [asked] = refresh_book(book).questions
    assert (asked.header, asked.was) == ("", "requests")
    grid = read_book(book).grid("CRM_퍼널")
    assert grid is not None
    assert grid.value(2, 1) == say("view.stale")
    assert refresh_book(book).run is None


def test_one_field_given_to_two_columns_is_a_fault_that_points_at_the_word_not_followed(book: Path) -> None:
    answer(book, {"날짜": "접수일시", "일자": "접수일시"})
    refresh_book(book)
    [fault] = [f for f in check_book(book) if f.fault.code == "displaced_field"]
    grid = read_book(book).grid("CRM_매핑")
    assert grid is not None
    assert (fault.sheet, grid.value(fault.row, fault.column)) == ("CRM_매핑", "접수일시")
    assert "일자" in [grid.value(fault.row, c) for c in range(1, 6)]
    assert refresh_book(book).run is None
    assert to_rows(rows_of(book, "requests"))[0]["received_at"] == "2026-10-01"  # the left column, in every run
