"""A .csv is never written to: its rows go into a workbook, and its new rows follow when it is brought in again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.actions.rows import rows_of
from addin.books.read import read_book
from addin.crm.dates import native_minutes
from addin.errors import BookError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "접수번호,업체명,연락처,접수일,금액,진행상태,비고\n"
ROWS = "0001,한빛,010-1234-5678,2026-10-01,100000,수주,=1+1\n0002,두리,02-123-4567,2026-10-02,5000.5,취소,\n"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "접수.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    return path


def test_the_csv_stays_as_it_was_and_its_rows_stand_in_the_workbook(csv: Path, tmp_path: Path) -> None:
    before = csv.read_bytes()
    refresh_book(csv, into=tmp_path / "접수.xlsx")
    grid = read_book(tmp_path / "접수.xlsx").grid("접수")
    assert grid is not None
    assert list(grid.rows[1][:7]) == ["0001", "한빛", "010-1234-5678", grid.value(2, 4), 100000.0, "수주", "=1+1"]
    assert csv.read_bytes() == before


def test_new_rows_follow_and_flags_stand_beside_them(csv: Path, tmp_path: Path) -> None:
    book = tmp_path / "접수.xlsx"
    refresh_book(csv, into=book)
    csv.write_text(HEAD + ROWS + "0003,한빛,,2026-10-03,70000,수주,\n", "utf-8")
    assert refresh_book(csv, into=book).run is not None
    grid = read_book(book).grid("접수")
    assert grid is not None
    assert grid.value(4, 1) == "0003"
    column = list(grid.rows[0]).index("CRM 신호") + 1
    assert grid.value(4, column)
    assert refresh_book(csv, into=book).run is None


def test_a_large_csv_is_brought_in_whole(tmp_path: Path) -> None:
    path = tmp_path / "많음.csv"
    lines = [f"{i:05d},업체{i % 7},,2026-10-{i % 28 + 1:02d},{i * 10},수주,\n" for i in range(6000)]
    path.write_text(HEAD + "".join(lines), "utf-8")
    adopt_book(path, into=tmp_path / "많음.xlsx")
    grid = read_book(tmp_path / "많음.xlsx").grid("많음")
    assert grid is not None
    assert (grid.value(6001, 1), grid.value(6001, 5)) == ("05999", 59990.0)


def test_a_sheet_of_that_name_which_is_not_ours_is_not_replaced(csv: Path, tmp_path: Path) -> None:
    from tests.messy.build import write

    book = write("plain", tmp_path)
    other = tmp_path / f"{read_book(book).tabs[0]}.csv"
    other.write_text(HEAD + ROWS, "utf-8")
    before = book.read_bytes()
    with pytest.raises(BookError, match="같은 이름의 시트"):
        refresh_book(other, into=book)
    assert book.read_bytes() == before


def test_a_dry_run_makes_no_workbook(csv: Path, tmp_path: Path) -> None:
    refresh_book(csv, into=tmp_path / "접수.xlsx", dry_run=True)
    adopt_book(csv, into=tmp_path / "접수.xlsx", dry_run=True)
    assert [p.name for p in tmp_path.iterdir()] == ["접수.csv"]


def test_a_csv_without_into_and_into_without_a_csv_are_usage_errors(csv: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--into"):
        refresh_book(csv)
    with pytest.raises(UsageError, match="--into"):
        refresh_book(tmp_path / "a.xlsx", into=tmp_path / "b.xlsx")
    with pytest.raises(UsageError, match="xlsx"):
        adopt_book(csv, into=tmp_path / "b.csv")


def test_days_and_times_as_serial_numbers_are_its_dates(tmp_path: Path) -> None:
    path = tmp_path / "접수.csv"
    path.write_text("접수번호,업체명,접수일,진행상태\n1,한빛,46105.6673611111,접수\n2,두리,46106.5,접수\n", "utf-8")
    received = rows_of(path, "requests").frame["received_at"].to_list()
    assert received == [native_minutes(dt.datetime(2026, 3, 24, 16, 1)), native_minutes(dt.datetime(2026, 3, 25, 12))]
    assert refresh_book(path, into=tmp_path / "접수.xlsx").faults == 0
    assert refresh_book(path, into=tmp_path / "접수.xlsx").run is None
