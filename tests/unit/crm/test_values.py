from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.values import Refund, parse_category, parse_flag, parse_id, parse_refund, parse_text


@pytest.mark.parametrize("text", ["＝1+1", "=1+1", "+82", "@이름", "-메모", "0012", "없음", "ＡＢＣ", "줄\n바꿈"])
def test_text_is_kept_as_typed_but_for_the_space_around_it(text: str) -> None:
    assert parse_text(f"  {text}\u00a0") == (text, None)


def test_loose_jamo_are_the_same_text() -> None:
    assert parse_text("한빛").value == "한빛"


@pytest.mark.parametrize(
    ("value", "text"), [(101.0, "101"), (1.5, "1.5"), (True, "TRUE"), (dt.date(2024, 3, 5), "2024-03-05")]
)
def test_other_values_in_a_text_column_are_text(value: object, text: str) -> None:
    assert parse_text(value) == (text, None)


@pytest.mark.parametrize(
    ("value", "id"),
    [("R0001", "R0001"), ("0012", "0012"), (123.0, "123"), (" R 1 ", "R 1"), ("Ｒ０００１", "R0001"), ("3-1", "3-1")],
)
def test_an_id_is_text_and_keeps_its_zeros(value: object, id: str) -> None:
    assert parse_id(value) == (id, None)


def test_an_id_that_excel_made_a_date_is_a_fault() -> None:
    read = parse_id(dt.datetime(2024, 3, 1))
    assert read.value is None
    assert read.fault is not None
    assert read.fault.code == "id_became_date"


def test_a_number_too_long_for_excel_is_kept_and_doubted() -> None:
    read = parse_id(1234567890123456.0)
    assert read.value == "1234567890123456"
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair) == ("long_number", False)


@pytest.mark.parametrize(
    ("value", "flag"),
    [(v, True) for v in ("Y", "y", "예", "네", "O", "○", "●", "✓", "V", "유", "있음", "TRUE", "1", 1.0, True, "Ｙ")]
    + [
        (v, False)
        for v in ("N", "아니오", "아니요", "X", "×", "무", "없음", "FALSE", "0", 0.0, False, "이상 없음", "해당없음")
    ]
    + [(v, None) for v in (None, "", " ")],
)
def test_yes_and_no_as_offices_write_them(value: object, flag: bool | None) -> None:
    assert parse_flag(value) == (flag, None)
    assert parse_flag(value, free_text=True) == (flag, None)


@pytest.mark.parametrize("value", ["문이 안 닫힘", "연락 없음 항의", dt.date(2024, 3, 5), 3.0])
def test_a_complaint_written_into_the_claim_column_is_a_yes(value: object) -> None:
    assert parse_flag(value, free_text=True) == (True, None)
    fault = parse_flag(value).fault
    assert fault is not None
    assert fault.code == "bad_flag"


def test_a_dash_in_a_flag_column_is_read_as_blank_and_shown() -> None:
    read = parse_flag("-", free_text=True)
    assert read.value is None
    assert read.fault is not None
    assert read.fault.code == "read_as_blank"


@pytest.mark.parametrize(
    ("value", "refund"),
    [
        ("50,000원", Refund(5_000_000, True)),
        (50000.0, Refund(5_000_000, True)),
        (0.0, Refund(0, False)),
        ("0", Refund(0, False)),
        ("Y", Refund(None, True)),
        ("환불완료", Refund(None, True)),
        ("전액 환불", Refund(None, True)),
        (True, Refund(None, True)),
        ("N", Refund(0, False)),
        ("없음", Refund(0, False)),
        (1.0, Refund(100, True)),
        ("1", Refund(100, True)),
        (None, None),
    ],
)
def test_a_refund_is_money_or_a_yes_of_unknown_amount(value: object, refund: Refund | None) -> None:
    assert parse_refund(value) == (refund, None)


def test_in_a_column_of_zeros_and_ones_a_one_is_a_yes() -> None:
    assert parse_refund(1.0, marks=True).value == parse_refund("1", marks=True).value == Refund(None, True)
    assert parse_refund(0.0, marks=True).value == Refund(0, False)


def test_a_negative_refund_is_the_same_refund_shown_as_a_repair() -> None:
    read = parse_refund("△50,000")
    assert read.value == Refund(5_000_000, True)
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair) == ("refund_sign", True)


def test_other_words_in_a_refund_column_are_a_fault_that_expects_a_refund() -> None:
    fault = parse_refund("고객 변심").fault
    assert fault is not None
    assert (fault.code, fault.expected.id) == ("bad_amount", "expected.refund")


def test_a_category_takes_its_columns_spelling() -> None:
    assert parse_category("Google", "Google") == ("Google", None)
    read = parse_category("ＧＯＯＧＬＥ", "Google")
    assert read.value == "Google"
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair) == ("respelled", True)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.times(), st.timedeltas()))
def test_no_value_raises_and_nothing_is_dropped(value: object) -> None:
    for parse in (parse_text, parse_id, parse_flag, parse_refund, parse_category):
        read = parse(value)
        if read == (None, None):
            assert value != value or (
                isinstance(value, str) and not value.strip("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff").strip()
            )
