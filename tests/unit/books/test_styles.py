"""Formats are appended, found again, and never renumbered."""

from __future__ import annotations

import pytest

from addin.books.package import Package
from addin.books.styles import Styles
from addin.errors import BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import MAIN, STYLES, parts, row, zipped

ONE = row('<c r="A1"><v>1</v></c>')
ONE_FILL = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font><b/></font></fonts><fills><fill><patternFill patternType="none"/></fill>'
    '</fills><borders><border/></borders><cellXfs><xf numFmtId="0" fontId="0" fillId="0"/>'
    '<xf numFmtId="9" fontId="0" fillId="0"><alignment wrapText="1"/></xf></cellXfs></styleSheet>'
)


def styles(xml: str = STYLES) -> Styles:
    return Styles(Package(zipped(parts(ONE, styles=xml))))


def test_a_fill_keeps_everything_else_of_the_format() -> None:
    book = styles(ONE_FILL)
    new = book.with_fill(1, "FFC7CE")
    xf = book._list("cellXfs")[new]
    assert (xf.get("numFmtId"), xf.get("applyFill"), xf[0].get("wrapText")) == ("9", "1", "1")
    assert book.fill_xml(new) == '<fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/></patternFill></fill>'


def test_the_first_two_fills_are_excels_own_so_ours_is_never_one_of_them() -> None:
    book = styles(ONE_FILL)
    xf = book._list("cellXfs")[book.with_fill(0, "FFC7CE")]
    assert xf.get("fillId") == "2"
    assert len(book._list("fills")) == 3


def test_the_same_format_asked_for_twice_is_the_same_format() -> None:
    book = styles()
    assert book.with_fill(1, "ffc7ce") == book.with_fill(1, "FFC7CE")
    assert book.with_format(0, "yyyy-mm-dd") == book.with_format(0, "yyyy-mm-dd")


def test_a_fill_taken_away_and_given_back_is_the_fill_it_was() -> None:
    book = styles()
    filled = book.with_fill(0, "FFC7CE")
    fill = book.fill_xml(filled)
    assert book.fill_xml(book.with_fill(filled, None)) is None
    assert fill is not None
    assert book.fill_xml(book.with_fill(0, fill)) == fill


def test_a_book_without_styles_gets_them() -> None:
    package = Package(zipped(parts(ONE)))
    book = Styles(package)
    assert book.with_fill(0, "FFC7CE") == 1
    book.save()
    assert package.rel("xl/workbook.xml", "styles") is not None
    assert package.content_type("xl/styles.xml").endswith("styles+xml")
    assert Styles(package).fill_xml(1) is not None


def test_nothing_added_nothing_written() -> None:
    package = Package(zipped(parts(ONE, styles=STYLES)))
    book = Styles(package)
    assert book.is_date(1)
    assert book.fill_xml(0) is None
    book.save()
    assert not package.changed


def test_another_books_formats_come_in_once() -> None:
    other = Package(BUILDERS["list_object"]()).read("xl/styles.xml")
    book = styles()
    first = book.append_from(other)
    count = len(book._list("cellXfs"))
    assert book.append_from(other) == first
    assert len(book._list("cellXfs")) == count
    assert min(first.xf.values()) >= 4


@pytest.mark.parametrize(("xf", "is_date"), [(0, False), (1, True), (2, True), (3, True), (99, False)])
def test_formats_that_show_dates_are_told(xf: int, is_date: bool) -> None:
    assert styles().is_date(xf) is is_date


def test_a_colour_that_is_none_is_refused() -> None:
    with raises(BookRefused, "book.bad_color"):
        styles().with_fill(0, "red")
