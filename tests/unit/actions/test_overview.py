"""The dashboard in one look: the sentence, who is in breach, today's tasks, what waits for a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin import i18n
from addin.actions.overview import TASK_IDS
from addin.actions.refresh import refresh_book
from addin.actions.views.dashboard import REASON_WIDTH, TODO_WIDTH
from addin.actions.views.parts import fitting
from addin.books.look import text_width
from addin.books.read import read_book

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.grid import Grid


@pytest.fixture
def page(tmp_path: Path) -> Grid:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "접수"
    sheet.append(["접수번호", "업체명", "접수일시", "확인일시", "제안일시", "진행상태", "금액"])
    for i in range(30):
        day = f"2026-03-{i % 12 + 1:02d}"
        stage, proposed = ("제안", f"{day} 15:00") if i % 3 else ("수주", f"{day} 11:00")
        sheet.append([f"R{i}", "한빛", f"{day} 10:00", f"{day} 10:05", proposed, stage, 1000])
    path = tmp_path / "b.xlsx"
    book.save(path)
    refresh_book(path, as_of="2026-03-13")
    grid = read_book(path).grid("CRM_대시보드")
    assert grid is not None
    return grid


def test_todays_tasks_and_overdue_ones_stand_among_what_to_do_first(page: Grid) -> None:
    texts = [str(value) for line in page.rows for value in line if value]
    assert any(text.startswith("오늘 할 일 2건: 다시 제안 2") for text in texts)
    assert any(text.startswith("기한 지난 일 18건: 다시 제안 18") for text in texts)


def test_no_text_on_the_page_is_cut_in_the_middle(page: Grid) -> None:
    assert not [value for line in page.rows for value in line if isinstance(value, str) and value.endswith("…")]


def test_whole_reasons_are_left_out_rather_than_cut() -> None:
    long = "매출 의존도 33.6 % (17,037,000/50,680,000) · 기준 30 %"
    assert fitting(["재방문율 9.5 %", long, "짧음"], 60) == "재방문율 9.5 %"
    assert text_width(fitting([long * 3], REASON_WIDTH)) <= REASON_WIDTH
    assert REASON_WIDTH < TODO_WIDTH


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_word_chosen_by_name_is_in_the_catalogue(lang: str) -> None:
    assert [id for id in TASK_IDS if not i18n.known(id, lang)] == []
