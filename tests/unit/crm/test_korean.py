"""Amounts in letters: every digit is there, nothing can be written in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.korean import TOO_LARGE, hangul_amount, hangul_number


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (1, "일"),
        (10, "일십"),
        (110, "일백일십"),
        (10_000, "일만"),
        (100_000_000, "일억"),
        (1_010_101, "일백일만일백일"),
        (10**12, "일조"),
        (TOO_LARGE - 1, "구천구백구십구경구천구백구십구조구천구백구십구억구천구백구십구만구천구백구십구"),
    ],
)
def test_every_one_is_written_out(number: int, letters: str) -> None:
    assert hangul_number(number) == letters


def test_beyond_gyeong_there_are_no_letters() -> None:
    with pytest.raises(ValueError, match="경"):
        hangul_number(TOO_LARGE)


def read_back(letters: str) -> int:
    """Letters as a number, place by place."""
    total = four = digit = 0
    for letter in letters:
        if letter in "경조억만":
            total += (four + digit) * 10 ** (4 * (1 + "만억조경".index(letter)))
            four = digit = 0
        elif letter in "천백십":
            four, digit = four + digit * 10 ** (1 + "십백천".index(letter)), 0
        else:
            digit = "영일이삼사오육칠팔구".index(letter)
    return total + four + digit


@given(st.integers(0, TOO_LARGE - 1))
def test_what_is_written_in_letters_is_read_back_as_the_same_amount(won: int) -> None:
    assert read_back(hangul_amount(won).removeprefix("일금 ").removesuffix("원정")) == won


@given(st.integers(-(10**19), 10**19), st.integers(-(10**19), 10**19))
def test_two_amounts_never_share_their_letters(one: int, other: int) -> None:
    assert (hangul_number(one) == hangul_number(other)) == (one == other)
