"""A real spreadsheet program opens what danggol wrote: the person's cells as they were, our tabs and charts there."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

from addin.actions.refresh import refresh_book
from addin.actions.sample import make_sample
from addin.books.read import read_book
from tests.programs import office_saves

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """The sample as made, refreshed, and the refreshed one saved again by LibreOffice."""
    folder = tmp_path_factory.mktemp("calc")
    before, after = folder / "처음.xlsx", folder / "파트너관리.xlsx"
    make_sample(before)
    shutil.copy(before, after)
    refresh_book(after)
    office_saves("xlsx", folder / "out", after)
    return before, after, folder / "out" / after.name


def test_every_tab_opens_and_the_persons_cells_are_as_they_were(opened: tuple[Path, Path, Path]) -> None:
    before, _, saved = opened
    theirs, ours = read_book(before), read_book(saved)
    assert ours.tabs[: len(theirs.tabs)] == theirs.tabs
    for grid in theirs.sheets:
        again = ours.grid(grid.name)
        assert again is not None
        for number, row in enumerate(grid.rows, 1):
            for column, value in enumerate(row, 1):
                if isinstance(value, str) and value:
                    assert again.value(number, column) == value, (grid.name, number, column)


def test_flags_stand_beside_the_rows_and_formulas_in_text_stayed_text(opened: tuple[Path, Path, Path]) -> None:
    _, _, saved = opened
    book = read_book(saved)
    month = book.grid("2026년 11월")
    assert month is not None
    head = next(i for i, row in enumerate(month.rows, 1) if "CRM 신호" in row)
    column = list(month.rows[head - 1]).index("CRM 신호") + 1
    flags = {month.value(row, column) for row in range(head + 1, len(month.rows) + 1)}
    assert {"✓ 정상", "▲ 주의"} <= flags
    texts = [v for grid in book.sheets for row in grid.rows for v in row if isinstance(v, str)]
    assert any(text.startswith("=") for text in texts)


def test_our_charts_are_charts_and_the_dashboard_says_the_sentence(opened: tuple[Path, Path, Path]) -> None:
    before, _, saved = opened

    def charts(path: Path) -> int:
        with zipfile.ZipFile(path) as book:
            return sum("/charts/chart" in name for name in book.namelist())

    assert charts(saved) == charts(before) + 3
    page = read_book(saved).grid("CRM_대시보드")
    assert page is not None
    assert any("제안→수주" in str(value) for row in page.rows[:3] for value in row)
