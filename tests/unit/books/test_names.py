"""Defined names: ours point at cells; people's stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books.names import Name, Names, cell_formula, parse_cell
from addin.books.package import Package
from tests.unit.books.tiny import parts, row, zipped

ONE = row('<c r="A1"><v>1</v></c>')
THEIRS = (
    '<definedNames><definedName name="세율">0.1</definedName>'
    '<definedName name="a" localSheetId="0">S1!$A$1</definedName></definedNames>'
)


def names(defined: str = "") -> Names:
    return Names(Package(zipped(parts(ONE, names=defined))))


def test_a_name_is_set_moved_and_taken_away_and_the_others_stay() -> None:
    book = names(THEIRS)
    book.set("_danggol.tab.kpi", "'S1'!$A$1")
    book.set("_danggol.tab.kpi", "'S1'!$B$2")
    assert book.get("_DANGGOL.tab.kpi") == Name("_danggol.tab.kpi", "'S1'!$B$2", True)
    book.remove("_danggol.tab.kpi")
    assert [n.name for n in book.all()] == ["세율", "a"]


def test_a_sheets_own_name_is_another_than_the_books() -> None:
    book = names(THEIRS)
    assert book.get("a") is None
    assert book.get("a", 0) == Name("a", "S1!$A$1", False, 0)
    book.set("a", "1", hidden=False)
    assert len(book.all()) == 3


def test_the_first_name_makes_the_collection_behind_the_sheets_and_the_last_takes_it_away() -> None:
    book = names()
    book.set("x", "1")
    book.save()
    workbook = book.package.read("xl/workbook.xml")
    assert workbook.index(b"</sheets><definedNames>") > 0
    book.remove("x")
    book.save()
    assert b"definedNames" not in book.package.read("xl/workbook.xml")


def test_nothing_set_nothing_written() -> None:
    book = names(THEIRS)
    book.set("a", "S1!$A$1", local=0)
    book.save()
    assert not book.package.changed


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="[]:*?/\\\r\n", exclude_categories=["Cc"]),
        min_size=1,
        max_size=31,
    ),
    st.integers(1, 1_048_576),
    st.integers(1, 16_384),
)
def test_a_cell_written_as_a_formula_is_read_back(sheet: str, row: int, column: int) -> None:
    assert parse_cell(cell_formula(sheet, row, column)) == (sheet, row, column)


@pytest.mark.parametrize(
    "formula", ["0.1", "#REF!", "S1!#REF!", "S1!$A:$A", "S1!$A$1:$B$2", "[1]S1!$A$1", "S1!XFE1", "S1!A0"]
)
def test_what_is_not_one_cell_of_this_book_is_no_place(formula: str) -> None:
    assert parse_cell(formula) is None
