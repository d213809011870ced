"""The weekly deck: a slide a week, what a person edited stays, the same bytes again."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pptx
import pytest

from addin.actions.deck import deck_book
from addin.errors import BookError, BookLocked, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = openpyxl.Workbook()
    sheet = file.active
    sheet.title = "접수"
    sheet.append(["접수번호", "업체명", "고객명", "접수일시", "제안일", "수주일", "진행상태"])
    for i in range(120):
        day = dt.datetime(2026, 9, 7, 10) + dt.timedelta(days=i // 2)
        won = i % 3 == 0
        after = day + dt.timedelta(days=2)
        sheet.append([f"R{i}", "한빛", f"고객{i}", day, day, after if won else None, "수주" if won else "제안"])
    path = tmp_path / "book.xlsx"
    file.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def titles(path: Path) -> list[str]:
    return [slide.shapes.title.text for slide in pptx.Presentation(str(path)).slides]


def test_a_year_has_a_slide_for_each_iso_week_in_order_with_native_charts_and_korean_fonts(book: Path) -> None:
    done = deck_book(book, year="2026", as_of="2026-10-25", lang="ko")
    found = titles(done.path)
    assert len(found) == 53
    assert [title[:8] for title in found] == [f"2026-W{n:02d}" for n in range(1, 54)]
    slides = pptx.Presentation(str(done.path)).slides
    assert sum(shape.has_chart for shape in slides[41].shapes) == 3
    assert sum(shape.has_chart for shape in slides[52].shapes) == 0
    for name, data in parts(done.path).items():
        if name.startswith("ppt/slides/slide"):
            assert data.count(b"<a:r>") == data.count(b"<a:ea ")
        if name.startswith("ppt/charts/chart"):
            assert b"<a:ea " in data
    assert len(titles(deck_book(book, year="2025", out=book.with_name("y.pptx")).path)) == 52


def test_the_numbers_of_a_chart_are_the_week_s_own(book: Path) -> None:
    done = deck_book(book, week="2026-W40", as_of="2026-10-25")
    (slide,) = pptx.Presentation(str(done.path)).slides
    chart = next(shape.chart for shape in slide.shapes if shape.name == "danggol funnel")
    assert chart.plots[0].series[0].values[0] == 14
    sheet = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert sheet["B2"].value == 14


def test_the_same_bytes_again_and_nothing_written_when_nothing_changed(book: Path) -> None:
    one = deck_book(book, year="2026", as_of="2026-10-25").path
    before = one.read_bytes()
    two = deck_book(book, year="2026", as_of="2026-10-25", out=book.with_name("other.pptx")).path
    assert two.read_bytes() == before
    assert not deck_book(book, year="2026", as_of="2026-10-25").written
    assert one.read_bytes() == before


def test_this_week_s_slide_leaves_every_other_slide_byte_for_byte(book: Path) -> None:
    path = deck_book(book, year="2026", as_of="2026-10-18").path
    before = parts(path)
    done = deck_book(book, week="last", as_of="2026-10-25")
    after = parts(path)
    assert done.written == ["2026-W43"]
    changed = {name for name in before if after.get(name) != before[name]}
    assert {name for name in changed if "slides/" in name} == {
        "ppt/slides/slide43.xml",
        "ppt/slides/_rels/slide43.xml.rels",
    }
    assert not {name for name in changed if "chart" in name}


def test_an_edited_slide_is_kept_and_said_also_after_the_editor_saved_the_file(book: Path) -> None:
    path = deck_book(book, year="2026", as_of="2026-10-18").path
    deck = pptx.Presentation(str(path))
    deck.slides[41].shapes.title.text_frame.paragraphs[0].runs[0].text = "우리가 고침"
    deck.save(str(path))
    done = deck_book(book, year="2026", as_of="2026-10-25")
    assert done.kept == ["2026-W42"]
    assert "2026-W43" in done.written
    assert titles(path)[41] == "우리가 고침"


def test_an_edited_number_in_a_chart_counts_as_an_edit(book: Path) -> None:
    from pptx.chart.data import CategoryChartData

    path = deck_book(book, week="2026-W42", as_of="2026-10-18").path
    deck = pptx.Presentation(str(path))
    chart = next(shape.chart for shape in deck.slides[0].shapes if shape.name == "danggol funnel")
    data = CategoryChartData()
    data.categories, _ = ["접수"], data.add_series("x", [999])
    chart.replace_data(data)
    deck.save(str(path))
    assert deck_book(book, week="2026-W42", as_of="2026-10-25").kept == ["2026-W42"]


def test_a_deleted_slide_comes_back_in_its_place(book: Path) -> None:
    path = deck_book(book, week="2026-W40", as_of="2026-10-25").path
    deck_book(book, week="2026-W42", as_of="2026-10-25")
    deck_book(book, week="2026-W41", as_of="2026-10-25")
    assert [title[:8] for title in titles(path)] == ["2026-W40", "2026-W41", "2026-W42"]


def test_a_deck_open_elsewhere_is_not_touched(book: Path) -> None:
    path = deck_book(book, week="2026-W40", as_of="2026-10-25").path
    path.with_name("~$" + path.name).write_bytes(b"")
    with pytest.raises(BookLocked):
        deck_book(book, week="2026-W41", as_of="2026-10-25")


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_what_is_no_presentation_is_an_error_and_stays(book: Path, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.pptx"
    path.write_bytes(data)
    with pytest.raises(BookError):
        deck_book(book, week="2026-W40", out=path)
    assert path.read_bytes() == data
    book.rename(tmp_path / "b.xlsx")
    path.write_bytes((tmp_path / "b.xlsx").read_bytes())
    with pytest.raises(BookError):
        deck_book(tmp_path / "b.xlsx", week="2026-W40", out=path)


@pytest.mark.parametrize(
    "words", [{"year": "26"}, {"week": "2025-W53"}, {"year": "2025", "week": "2026-W40"}, {"week": "soon"}]
)
def test_words_that_are_off_are_said(book: Path, words: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        deck_book(book, **words)
