from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.amounts import foreign_mark, money_text, parse_amount, parse_number


@pytest.mark.parametrize(
    ("value", "won"),
    [
        (1200000.0, "1200000"),
        (1200000, "1200000"),
        ("1,200,000", "1200000"),
        ("1,200,000원", "1200000"),
        ("₩1,200,000", "1200000"),
        ("￦1,200,000", "1200000"),
        ("\\1,200,000", "1200000"),
        ("1,200,000원정", "1200000"),
        ("1,200,000.-", "1200000"),
        ("KRW 1,000", "1000"),
        ("1000 won", "1000"),
        ("$1,234.50", "1234.50"),
        ("120만원", "1200000"),
        ("120만", "1200000"),
        ("120 만원", "1200000"),
        ("12.3만원", "123000"),
        ("1,200만원", "12000000"),
        ("1.5억", "150000000"),
        ("1억 2천만", "120000000"),
        ("1억2천만원", "120000000"),
        ("1억 2,500만원", "125000000"),
        ("10억 5만원", "1000050000"),
        ("3천원", "3000"),
        ("3천5백원", "3500"),
        ("2백만", "2000000"),
        ("12만5천", "125000"),
        ("12만5천원", "125000"),
        ("12만 5,000원", "125000"),
        ("12만500원", "120500"),
        ("5십만원", "500000"),
        ("1.5천만원", "15000000"),
        ("천만원", "10000000"),
        ("만원", "10000"),
        ("1,200천원", "1200000"),
        ("12백만원", "12000000"),
        ("1조", "1000000000000"),
        ("일금 삼백만원정", "3000000"),
        ("일금이십오만칠천원정", "257000"),
        ("△500", "-500"),
        ("▲500원", "-500"),
        ("▼500", "-500"),
        ("(500)", "-500"),
        ("(1,200,000원)", "-1200000"),
        ("(₩500)", "-500"),
        ("-500", "-500"),
        ("−500", "-500"),
        ("-₩500", "-500"),
        ("₩-500", "-500"),
        ("△120만원", "-1200000"),
        ("+500", "500"),
        ("１，２００", "1200"),
        ("３만", "30000"),
        ("1,200,000\u00a0원", "1200000"),
        ("0", "0"),
        ("0원", "0"),
        (0.0, "0"),
        (1234.5, "1234.5"),
        (0.1 + 0.2, "0.3"),
        ("1234.56", "1234.56"),
        (-0.5, "-0.5"),
    ],
)
def test_an_amount_as_offices_write_it(value: object, won: str) -> None:
    read = parse_amount(value)
    assert read == (int(Decimal(won) * 100), None)


@pytest.mark.parametrize(
    ("value", "code", "proposal"),
    [
        ("협의", "bad_amount", None),
        ("무료", "bad_amount", None),
        ("1,20,000", "bad_amount", "120,000"),
        ("12,00", "bad_amount", "1,200"),
        ("약 120만원", "bad_amount", "1,200,000"),
        ("500,000 (계약금)", "bad_amount", "500,000"),
        ("500-", "bad_amount", "500"),
        ("100~200만원", "bad_amount", None),
        ("--500", "bad_amount", "500"),
        ("1e5", "bad_amount", None),
        ("1.2E+06", "bad_amount", None),
        ("백", "bad_amount", None),
        ("만만", "bad_amount", None),
        ("5만3억", "bad_amount", None),
        ("010-1234-5678", "bad_amount", None),
        (True, "bad_amount", None),
        (dt.datetime(2024, 3, 5), "bad_amount", None),
        (float("inf"), "amount_out_of_range", None),
        (1e15, "amount_out_of_range", None),
        ("9999조", "amount_out_of_range", None),
    ],
)
def test_what_is_no_amount_is_a_fault_and_never_a_guess(value: object, code: str, proposal: str | None) -> None:
    read = parse_amount(value)
    assert read.value is None
    assert read.fault is not None
    assert (read.fault.code, read.fault.suggestion, read.fault.repair) == (code, proposal, False)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1.200.000", "1,200,000", "1,200"),
        ("1.200", "1.20", "1,200"),
        ("1억 5천", "100,005,000", "150,000,000"),
        ("1억 5000", "100,005,000", "150,000,000"),
        ("12만5", "120,005", "125,000"),
        ("2천5", "2,005", "2,500"),
    ],
)
def test_an_amount_that_reads_two_ways_names_both(text: str, first: str, second: str) -> None:
    fault = parse_amount(text).fault
    assert fault is not None
    assert fault.code == "ambiguous_amount"
    assert (fault.fix.params["first"], fault.fix.params["second"]) == (first, second)


@pytest.mark.parametrize(
    ("value", "code", "read_as"),
    [
        (1000000 / 3, "amount_rounded", "333,333.33"),
        ("0.125", "amount_rounded", "0.13"),
        (0.125, "amount_rounded", "0.13"),
        (-0.125, "amount_rounded", "-0.13"),
        ("1,200,000 (VAT 별도)", "amount_note", "1,200,000"),
        ("120만원(부가세 포함)", "amount_note", "1,200,000"),
        ("1,200,000원 VAT별도", "amount_note", "1,200,000"),
    ],
)
def test_a_certain_reading_that_was_not_written_plainly_is_a_repair(value: object, code: str, read_as: str) -> None:
    read = parse_amount(value)
    assert read.value is not None
    assert money_text(read.value) == read_as
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair, read.fault.suggestion) == (code, True, read_as)


def test_a_foreign_currency_is_told_from_won() -> None:
    assert [foreign_mark(t) for t in ("$5", "5 USD", "5유로", "5원", "₩5", "5만")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


WON = st.integers(-(10**12), 10**12)


@given(WON)
def test_any_amount_survives_every_plain_form(won: int) -> None:
    sign, size = ("-" if won < 0 else ""), abs(won)
    forms = [f"{won}", f"{won:,}", f"{won:,}원", f"₩{won:,}", f"{sign}₩{size:,}", float(won), won]
    if won < 0:
        forms += [f"△{size:,}", f"▲ {size}", f"({size:,})", f"({size:,}원)"]
    assert {parse_amount(form) for form in forms} == {(won * 100, None)}
    assert parse_amount(money_text(won * 100)) == (won * 100, None)


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
def test_any_amount_survives_korean_units_or_is_called_ambiguous(billions: int, tens: int, ones: int) -> None:
    won = billions * 10**8 + tens * 10**4 + ones
    parts = [f"{n}{unit}" for n, unit in ((billions, "억"), (tens, "만"), (ones, "")) if n]
    if not parts:
        return
    read = parse_amount(" ".join(parts) + "원")
    ambiguous = billions > 0 and tens == 0 and ones > 0
    assert read.value == (None if ambiguous else won * 100)


@given(st.floats(-1e13, 1e13))
def test_a_float_is_read_to_the_hundredth(value: float) -> None:
    read = parse_amount(value)
    assert read.value is not None
    assert abs(Decimal(read.value) / 100 - Decimal(repr(value))) <= Decimal("0.0101")


@given(
    st.one_of(
        st.text(),
        st.text("0123456789,.원만억천백-+()₩ △일이"),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.datetimes(),
    )
)
def test_no_value_raises(value: object) -> None:
    for parse in (parse_amount, parse_number):
        read = parse(value)
        assert (
            read.value is not None
            or read.fault is not None
            or value != value
            or str(value).strip() == ""
            or read == (None, None)
        )


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12.0, 12.0),
        ("12", 12.0),
        ("1,200", 1200.0),
        ("1,200세대", 1200.0),
        ("10분", 10.0),
        ("30 건", 30.0),
        ("5점", 5.0),
        ("90%", 0.9),
        ("90 퍼센트", 0.9),
        (0.9, 0.9),
        ("3만", 30000.0),
        ("3만명", 30000.0),
        ("-2", -2.0),
        ("4.5", 4.5),
        ("１２", 12.0),
    ],
)
def test_a_number_as_offices_write_it(value: object, number: float) -> None:
    assert parse_number(value) == (number, None)


@pytest.mark.parametrize(
    "value", ["약 500", "10~15", "많음", True, dt.time(0, 10), dt.timedelta(minutes=10), float("inf")]
)
def test_what_is_no_number_is_a_fault(value: object) -> None:
    fault = parse_number(value).fault
    assert fault is not None
    assert (fault.code, fault.repair) == ("bad_number", False)
