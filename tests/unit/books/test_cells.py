"""Values as cells hold them: text stays text, numbers numbers, and both come back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from addin.books.cells import MAX_TEXT, Raw, body, escape, from_json, held, read, same, serial, to_json, unescape
from addin.books.edits import CLEAR
from addin.errors import BookRefused
from tests.unit.books.raised import raises


def no_strings(_index: int) -> str:
    raise AssertionError


def cell(value: object) -> bytes:
    return f'<c r="A1"{body(value)}'.encode()  # type: ignore[arg-type]


@given(st.text(max_size=50) | st.text("_x0F1\r&", max_size=12))
@example("_x0041_")
@example("_x005F_x0041_")
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert unescape(escape(text)) == text
    back = read(cell(text), no_strings) if text else None
    assert (back or "") == text


@given(st.text(max_size=50))
def test_any_text_is_well_formed_xml(text: str) -> None:
    parsed = etree.fromstring(cell(text))
    assert parsed.get("t") == "inlineStr"


@pytest.mark.parametrize("text", ["=1+1", "+82", "-3", "@SUM(A1)", "＝1", "'quoted", "TRUE", "#N/A", "1e5"])
def test_text_that_looks_like_something_else_stays_text(text: str) -> None:
    assert b't="inlineStr"' in cell(text)
    assert read(cell(text), no_strings) == text


def test_spaces_at_the_ends_and_line_breaks_are_kept() -> None:
    for text in (" a", "a ", "a\nb", "a  b"):
        assert b'xml:space="preserve"' in cell(text)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53) | st.booleans())
def test_any_number_comes_back_as_it_was(value: float) -> None:
    assert read(cell(value), no_strings) == value


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (dt.date(2026, 9, 1), 46266),
        (dt.datetime(2026, 9, 1, 18), 46266.75),
        (dt.date(1900, 1, 1), 1),
        (dt.date(1900, 2, 28), 59),
        (dt.date(1900, 3, 1), 61),
        (Decimal("12.50"), 12.5),
    ],
)
def test_dates_are_excels_serial_numbers(value: object, number: float) -> None:
    assert read(cell(value), no_strings) == number == held(value)  # type: ignore[arg-type]


def test_a_1904_book_counts_from_1904() -> None:
    assert serial(dt.date(2026, 9, 1), True) == 46266 - 1462


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "not_a_number"),
        (float("inf"), "not_a_number"),
        (Decimal("NaN"), "not_a_number"),
        (dt.date(1899, 12, 31), "date_too_early"),
        (dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "zoned_time"),
        ("가" * (MAX_TEXT + 1), "text_too_long"),
        ("😀" * (MAX_TEXT // 2 + 1), "text_too_long"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(value: object, message: str) -> None:
    with raises(BookRefused, f"book.{message}"):
        cell(value)


def test_the_longest_text_excel_holds_is_written() -> None:
    assert read(cell("가" * MAX_TEXT), no_strings) == "가" * MAX_TEXT


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (b'<c r="A1" t="s"><v>3</v></c>', "text 3"),
        (b'<c r="A1" t="str"><v>x</v></c>', "x"),
        (b'<c r="A1" t="b"><v>1</v></c>', True),
        (b'<c r="A1" t="e"><v>#N/A</v></c>', Raw("e", "<v>#N/A</v>")),
        (b'<c r="A1"><f>B1*2</f><v>4</v></c>', Raw("", "<f>B1*2</f><v>4</v>")),
        (b'<c r="A1" s="2"></c>', None),
        (b'<c r="A1" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>guide</t></rPh></is></c>', "a"),
        (
            b'<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>',
            Raw("inlineStr", "<is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is>"),
        ),
    ],
)
def test_cells_are_read_as_excel_writes_them(xml: bytes, value: object) -> None:
    found = read(xml, lambda index: f"text {index}")
    assert found == value
    assert from_json(to_json(found)) == found


def test_two_formulas_are_the_same_by_their_text_not_by_their_last_result() -> None:
    assert same(Raw("", "<f>A1</f><v>1</v>"), Raw("", "<f>A1</f><v>2</v>"))
    assert not same(Raw("", "<f>A1</f><v>1</v>"), 1)
    assert same(Raw("inlineStr", "<is><r><t>ab</t></r></is>"), "ab")


def test_a_part_of_a_shared_or_array_formula_cannot_be_put_back_alone() -> None:
    assert Raw("", "<f>A1</f><v>1</v>").restorable
    assert not Raw("", '<f t="shared" si="0"/><v>1</v>').restorable


def test_clearing_leaves_nothing() -> None:
    assert body(CLEAR) == "/>"
    assert held(CLEAR) is None
