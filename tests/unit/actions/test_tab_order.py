"""Where our tabs stand: the dashboard first, what is looked up last; a tab that stands is never moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.books.read import read_book

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "b.xlsx"
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "접수"
    sheet.append(["접수번호", "업체명", "접수일시", "확인일시", "진행상태", "금액"])
    for i in range(12):
        day = f"2026-03-{i + 1:02d}"
        sheet.append([f"R{i}", "한빛", f"{day} 10:00", f"{day} 10:05", "수주" if i % 3 else "접수", 1000])
    made.create_sheet("메모장")["A1"] = "우리 것"
    made.active = 1
    made.save(path)
    return path


def test_the_dashboard_comes_first_and_mapping_settings_and_log_last(book: Path) -> None:
    adopt_book(book)
    refresh_book(book, as_of="2026-03-13")
    tabs = list(read_book(book).tabs)
    assert tabs[:4] == ["접수", "메모장", "CRM_대시보드", "CRM_할일"]
    assert tabs[-3:] == ["CRM_매핑", "CRM_설정", "CRM_기록"]


@pytest.mark.filterwarnings("ignore:.*extension")  # openpyxl knows no bars in cells
def test_adopt_and_refresh_leave_the_book_open_where_it_was(book: Path) -> None:
    adopt_book(book)
    refresh_book(book, as_of="2026-03-13")
    assert openpyxl.load_workbook(book).active.title == "메모장"


@pytest.mark.filterwarnings("ignore:.*extension")
def test_tabs_a_person_moved_stay_and_a_new_one_stands_beside_its_neighbour(book: Path) -> None:
    adopt_book(book)
    refresh_book(book, as_of="2026-03-13")
    made = openpyxl.load_workbook(book)
    made.move_sheet("CRM_점검", -len(made.sheetnames))  # the person's own order
    del made["CRM_할일"]
    for name in [name for name, found in made.defined_names.items() if "CRM_할일" in str(found.attr_text)]:
        del made.defined_names[name]
    before = made.sheetnames
    made.save(book)
    refresh_book(book, as_of="2026-03-13")
    after = list(read_book(book).tabs)
    assert [name for name in after if name != "CRM_할일"] == before
    assert after[after.index("CRM_할일") - 1] == "CRM_대시보드"
