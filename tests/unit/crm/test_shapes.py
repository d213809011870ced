"""What a value looks like at a glance."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.grid import CellError
from addin.crm.shapes import BLANK, BRN, CLOCK, DATE, EMAIL, ERROR, FLAG, NUMBER, PHONE, TEXT, look_at, shape, spread


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        (None, BLANK),
        ("", BLANK),
        (" \u00a0\u200b", BLANK),
        (float("nan"), BLANK),
        ("홍길동", TEXT),
        ("R0001", TEXT),
        ("101동 202호", TEXT),
        ("2.10.5", TEXT),
        (3.0, NUMBER),
        (0.0, NUMBER),
        ("1,200,000원", NUMBER),
        ("120만원", NUMBER),
        ("1억 2천만", NUMBER),
        ("△500", NUMBER),
        ("(500)", NUMBER),
        ("₩1,000", NUMBER),
        ("KRW 1,000", NUMBER),
        ("90%", NUMBER),
        (float("inf"), NUMBER),
        (dt.datetime(2026, 3, 5), DATE),
        (dt.date(2026, 3, 5), DATE),
        ("2024.3.5", DATE),
        ("24-03-05", DATE),
        ("2024년 3월 5일 오후 3:20", DATE),
        ("20240305", DATE),
        ("2024-03-05(화)", DATE),
        ("3/5", DATE),
        (dt.time(9, 30), CLOCK),
        ("09:30", CLOCK),
        ("오후 3시 20분", CLOCK),
        (dt.timedelta(hours=1), CLOCK),
        ("010-1234-5678", PHONE),
        ("01012345678", PHONE),
        (1012345678.0, PHONE),
        ("02-123-4567", PHONE),
        ("1588-1234", PHONE),
        ("a@b.kr", EMAIL),
        ("123-45-67890", BRN),
        ("Y", FLAG),
        ("있음", FLAG),
        (True, FLAG),
        (CellError("#N/A"), ERROR),
    ],
)
def test_shapes(value: Any, letter: str) -> None:
    assert shape(value) == letter


def test_a_column_is_summed_up_from_a_sample() -> None:
    look = look_at(["접수", "완료", "완료", None, "아리송"])
    assert (look.filled, look.stages, look.distinct) == (4, 0.75, 0.75)
    assert look_at([1.0, 2.0, 3.0]).ordinal
    assert not look_at([5.0, 2.0, 9.0]).ordinal
    assert look_at([45000.0, 45001.0]).serials == 1
    assert look_at(["45000", "45001.6673611111", "45000.5원", "450001.5"]).serials == 0.5  # as a .csv has them


@given(st.integers(0, 500), st.integers(2, 60))
def test_a_spread_sample_is_rising_without_doubles_and_small(count: int, most: int) -> None:
    rows = spread(range(count), most)
    assert len(rows) == min(count, most)
    assert list(rows) == sorted(set(rows))


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.integers()))
def test_every_value_has_a_shape(value: Any) -> None:
    assert shape(value) in " tndcpmrfe"
