"""A team's open workbook, in an Excel that isn't there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.books.fake_live import FakeBook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def open_book(tmp_path: Path) -> FakeBook:
    """A team's open workbook: a list of three requests, a note, another tab in front."""
    book = FakeBook("파트너.xlsx", str(tmp_path / "파트너.xlsx"))
    sheet = book.add("접수")
    for r, line in enumerate([["업체", "금액"], ["가나", 10.0], ["다라", 20.0], ["마바", 30.0]], 1):
        for c, value in enumerate(line, 1):
            sheet.cells[r, c] = value
    book.add("메모").cells[1, 1] = "전화"
    book.shown = 1
    return book
