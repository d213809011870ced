"""A midnight is a time of day only where its number format shows one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from addin.books.read import read_book
from addin.books.timeofday import TimeOfDay

if TYPE_CHECKING:
    from pathlib import Path

DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


@pytest.mark.parametrize(
    ("formats", "shown"), [((DAY, MOMENT), [False, True]), ((DAY, DAY), [False, False]), ((MOMENT, MOMENT), [True] * 2)]
)
def test_a_midnight_has_a_time_where_its_format_shows_one(
    tmp_path: Path, formats: tuple[str, str], shown: list[bool]
) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("접수")
        for row, code in enumerate(formats):
            sheet.write_datetime(row, 0, dt.datetime(2026, 3, 1), book.add_format({"num_format": code}))
    has_time = read_book(path).grid("접수").has_time  # type: ignore[union-attr]
    assert has_time is not None
    assert [has_time(row, 1) for row in (1, 2)] == shown
    assert [has_time(row, 1) for row in (2, 1)] == shown[::-1]  # asked in any order


def test_a_sheet_that_stays_tells_the_same_without_its_book(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("접수")
        for row, code in enumerate((DAY, MOMENT)):
            sheet.write_datetime(row, 0, dt.datetime(2026, 3, 1), book.add_format({"num_format": code}))
    has_time = read_book(path).grid("접수").has_time  # type: ignore[union-attr]
    assert isinstance(has_time, TimeOfDay)
    has_time.stay()
    assert has_time.package is None
    assert [has_time(row, 1) for row in (1, 2)] == [False, True]
