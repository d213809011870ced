from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.contact import brn_valid, parse_brn, parse_email, parse_phone


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        ("010-1234-5678", "010-1234-5678"),
        ("01012345678", "010-1234-5678"),
        ("010.1234.5678", "010-1234-5678"),
        ("010 1234 5678", "010-1234-5678"),
        ("０１０－１２３４－５６７８", "010-1234-5678"),
        ("010–1234–5678", "010-1234-5678"),
        ("011-234-5678", "011-234-5678"),
        ("02-123-4567", "02-123-4567"),
        ("02)1234-5678", "02-1234-5678"),
        ("(031) 123-4567", "031-123-4567"),
        ("0311234567", "031-123-4567"),
        ("064-1234-5678", "064-1234-5678"),
        ("070-1234-5678", "070-1234-5678"),
        ("0507-1234-5678", "0507-1234-5678"),
        ("0505-123-4567", "0505-123-4567"),
        ("080-123-4567", "080-123-4567"),
        ("1588-1234", "1588-1234"),
        (15881234.0, "1588-1234"),
        ("1899 0000", "1899-0000"),
        ("+82 10-1234-5678", "010-1234-5678"),
        ("+82-2-123-4567", "02-123-4567"),
        ("+82 (0)10 1234 5678", "010-1234-5678"),
        ("0082 10 1234 5678", "010-1234-5678"),
        ("821012345678", "010-1234-5678"),
        ("HP: 010-1234-5678", "010-1234-5678"),
        ("02-123-4567 (내선 12)", "02-123-4567 내선 12"),
        ("02-1234-5678#12", "02-1234-5678 내선 12"),
        ("내선 123", "내선 123"),
        ("+1 415 555 2671", "+14155552671"),
    ],
)
def test_a_phone_number_in_one_form(value: object, phone: str) -> None:
    assert parse_phone(value) == (phone, None)


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        (1012345678.0, "010-1234-5678"),
        (1012345678, "010-1234-5678"),
        ("1012345678", "010-1234-5678"),
        ("1012345678.0", "010-1234-5678"),
        ("10-1234-5678", "010-1234-5678"),
        (212345678.0, "02-1234-5678"),
        (311234567.0, "031-123-4567"),
        (7012345678.0, "070-1234-5678"),
        (50712345678.0, "0507-1234-5678"),
    ],
)
def test_a_zero_that_excel_ate_comes_back_and_is_shown(value: object, phone: str) -> None:
    read = parse_phone(value)
    assert read.value == phone
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair, read.fault.suggestion) == ("lost_zero", True, phone)


@pytest.mark.parametrize(
    "text",
    ["010-1234-5678(대표)", "홍길동 010-1234-5678", "010-1234-5678 / 02-123-4567", "010-1234-5678, 010-2222-3333"],
)
def test_of_a_phone_with_other_words_the_first_number_is_read_and_shown(text: str) -> None:
    read = parse_phone(text)
    assert read.value == "010-1234-5678"
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair) == ("phone_note", True)


@pytest.mark.parametrize(
    "value",
    [
        "010-1234-567",
        "010-12345-678901",
        "123-4567",
        "12345",
        "010-****-1234",
        "1.01E+09",
        "내일 전화",
        21234567.0,
        True,
        0.5,
        dt.date(2024, 3, 5),
        float("inf"),
        "099-1234-5678",
    ],
)
def test_a_wrong_phone_is_a_fault(value: object) -> None:
    read = parse_phone(value)
    assert read.value is None
    assert read.fault is not None
    assert read.fault.code == "bad_phone"


def test_a_letter_o_for_a_zero_is_proposed_not_mended() -> None:
    read = parse_phone("O1O-1234-5678")
    assert read.value is None
    assert read.fault is not None
    assert read.fault.suggestion == "010-1234-5678"


@given(st.from_regex(r"01[016789][0-9]{8}|02[1-9][0-9]{7}|031[1-9][0-9]{6}", fullmatch=True))
def test_a_phone_stays_the_same_number_in_every_form(digits: str) -> None:
    read = parse_phone(digits)
    assert read.value is not None
    assert read.value.replace("-", "") == digits
    assert parse_phone(read.value) == read
    assert parse_phone(float(digits)).value == read.value
    assert parse_phone("+82" + digits[1:]).value == read.value


@pytest.mark.parametrize(
    ("value", "brn"),
    [
        ("120-81-47521", "120-81-47521"),
        ("1208147521", "120-81-47521"),
        (1208147521.0, "120-81-47521"),
        ("１２０-81 47521", "120-81-47521"),
    ],
)
def test_a_business_number_with_its_check_digit(value: object, brn: str) -> None:
    assert parse_brn(value) == (brn, None)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("120-81-47522", "brn_checksum"),
        ("120-81-4752", "bad_brn"),
        (12081475212.0, "bad_brn"),
        ("사업자", "bad_brn"),
        (True, "bad_brn"),
    ],
)
def test_a_wrong_business_number_is_a_fault(value: object, code: str) -> None:
    read = parse_brn(value)
    assert read.value is None
    assert read.fault is not None
    assert read.fault.code == code


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True))
def test_exactly_one_check_digit_fits(nine: str) -> None:
    assert sum(brn_valid(nine + str(d)) for d in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("kim@example.com", "kim@example.com"),
        (" Kim.Lee+a@EXAMPLE.co.kr ", "Kim.Lee+a@EXAMPLE.co.kr"),
        ("mailto:kim@example.com", "kim@example.com"),
        ("김 <kim@example.com>", "kim@example.com"),
        ("kim＠example.com", "kim@example.com"),
    ],
)
def test_an_email_address(text: str, email: str) -> None:
    assert parse_email(text) == (email, None)


@pytest.mark.parametrize(
    ("value", "proposal"),
    [
        ("kim@naver,com", "kim@naver.com"),
        ("kim @naver.com", "kim@naver.com"),
        ("kim", None),
        ("kim@", None),
        (5.0, None),
        ("a@b.com b@c.com", None),
    ],
)
def test_a_wrong_email_is_a_fault_with_a_proposal_where_one_is_near(value: object, proposal: str | None) -> None:
    fault = parse_email(value).fault
    assert fault is not None
    assert (fault.code, fault.suggestion, fault.repair) == ("bad_email", proposal, False)


@given(st.one_of(st.text(), st.text("0123456789-+() #내선.O"), st.floats(), st.integers(), st.booleans(), st.times()))
def test_no_value_raises(value: object) -> None:
    for parse in (parse_phone, parse_brn, parse_email):
        read = parse(value)
        assert read.value is None or isinstance(read.value, str)
