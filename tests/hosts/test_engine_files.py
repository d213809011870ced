"""Files of every kind opened by LibreOffice through xlwings: what they hold is there, what can't be read says so."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
import xlwings as xw

from addin.errors import BookError
from addin.hosts.calc.engine import attach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def closed(calc: Any) -> Iterator[None]:
    yield
    for left in list(calc.books):
        left.close()


def test_a_book_counting_from_1904_reads_the_same_days(calc: Any, tmp_path: Path) -> None:
    path = tmp_path / "1904.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_datetime(
            0, 0, dt.datetime(2026, 11, 21, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
    opened = calc.books.open(path).sheets[0]
    assert opened["A1"].value == dt.datetime(2026, 11, 21, 9, 30)
    opened["A2"].value = dt.datetime(2026, 1, 2)
    assert opened["A2"].value == dt.datetime(2026, 1, 2)
    assert opened["A2"].api.getDataArray()[0][0] == 44562.0


def test_a_hidden_name_is_found_and_lives_on_as_a_plain_one(calc: Any, tmp_path: Path) -> None:
    path = tmp_path / "이름.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("접수").write(0, 0, "표지")
        book.define_name("_danggol.tab.kpi", "='접수'!$A$1")
    hidden = tmp_path / "숨김.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(hidden, "w") as new:
        for name in old.namelist():
            plain, secret = b'name="_danggol.tab.kpi"', b'name="_danggol.tab.kpi" hidden="1"'
            new.writestr(name, old.read(name).replace(plain, secret))
    for suffix in (".xlsx", ".ods"):
        opened = calc.books.open(hidden)
        assert opened.names["_danggol.tab.kpi"].refers_to_range.value == "표지"
        opened.save(tmp_path / f"저장{suffix}")
        opened.close()
        again = calc.books.open(tmp_path / f"저장{suffix}")
        assert again.names["_danggol.tab.kpi"].refers_to == "=접수!$A$1"
        again.close()


def test_charts_are_listed_with_their_place(calc: Any, tmp_path: Path) -> None:
    path = tmp_path / "차트.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, [1, 2, 3])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Sheet1!$A$1:$A$3"})
        sheet.insert_chart("C2", chart)
    charts = calc.books.open(path).sheets[0].charts
    assert len(charts) == 1
    assert charts[0].left > 0
    assert charts[0].width > 100
    charts[0].delete()
    assert len(charts) == 0


def test_a_csv_is_read_as_utf8(calc: Any, tmp_path: Path) -> None:
    path = tmp_path / "접수.csv"
    path.write_text("이름,값\n가,1\n", encoding="utf-8")
    assert calc.books.open(path).sheets[0]["A1:B2"].value == [["이름", "값"], ["가", 1.0]]


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".ods"])
def test_a_password_is_asked_by_a_sentence_and_opens_with_it(calc: Any, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"암호{suffix}"
    book = calc.books.add()
    book.sheets[0]["A1"].value = "비밀"
    book.save(path, password="열려라")
    book.close()
    with pytest.raises(BookError, match="암호"):
        calc.books.open(path)
    assert calc.books.open(path, password="열려라").sheets[0]["A1"].value == "비밀"


def test_what_is_no_workbook_says_so(calc: Any, tmp_path: Path) -> None:
    for name, content in (
        ("망가짐.xlsx", b"PK\x03\x04 broken"),
        ("그림.xlsx", b"\x89PNG\r\n\x1a\n"),
        ("글.docx", b"PK"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BookError, match="열지 못하는"):
            calc.books.open(path)
    assert len(calc.books) == 0
    with pytest.raises(FileNotFoundError):
        calc.books.open(tmp_path / "없음.xlsx")


def test_a_book_opened_shows_what_its_file_stored_until_it_is_calculated(calc: Any, tmp_path: Path) -> None:
    path = tmp_path / "저장된 값.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"comments": "a number Excel stored"})
        sheet = book.add_worksheet()
        sheet.write(0, 0, 2)
        sheet.write_formula(0, 1, "=A1*10", None, 999)
    opened = calc.books.open(path).sheets[0]
    assert opened["B1"].value in (999.0, 20.0)
    calc.calculate()
    assert opened["B1"].value == 20.0


def test_inside_a_running_libreoffice_its_own_books_are_there_and_it_is_not_ended(calc: Any) -> None:
    book = calc.books.add()
    inside = attach(calc.impl.office.context)
    inside.books[0].sheets[0]["A1"].value = "안에서"
    assert book.sheets[0]["A1"].value == "안에서"
    inside.quit()
    assert calc.impl.office.alive
    assert len(calc.books) == 1


def test_a_second_book_of_the_same_name_is_refused_as_in_excel(calc: Any, tmp_path: Path) -> None:
    for folder in ("가", "나"):
        (tmp_path / folder).mkdir()
        made = calc.books.add()
        made.save(tmp_path / folder / "책.xlsx")
        made.close()
    first = calc.books.open(tmp_path / "가" / "책.xlsx")
    assert calc.books["책.xlsx"] == first
    with pytest.raises(ValueError, match="Cannot open two workbooks"):
        calc.books.open(tmp_path / "나" / "책.xlsx")


def test_the_active_app_is_libreoffice_where_no_excel_is(calc: Any) -> None:
    book = calc.books.add()
    if xw.engines.active.name == "libreoffice":
        assert calc.pid in xw.apps.keys()  # noqa: SIM118
        assert xw.Book(book.name) == book
