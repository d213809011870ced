"""Quotes in cells: the tax by policy, totals that add up, letters, numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.functions import call


@pytest.mark.parametrize(
    ("amount", "included", "rounding", "tax"),
    [
        (100_055.0, None, None, 10_005),
        (100_055.0, None, "반올림", 10_006),
        (100_055.0, "별도", "올림", 10_006),
        (110_000.0, True, None, 10_000),
        ("11만원", "포함", "절사", 10_000),
        (0.0, None, None, 0),
        (-100_055.0, None, None, -10_005),
    ],
)
def test_the_tax_by_the_quote_s_policy(amount: Any, included: Any, rounding: Any, tax: int) -> None:
    assert call("VAT", amount, included, rounding) == tax


def test_a_line_with_and_without_its_tax() -> None:
    assert call("LINE_TOTAL", 3.0, 10_000.0) == 33_000
    assert call("LINE_TOTAL", 3.0, 10_000.0, True) == 30_000
    assert call("LINE_TOTAL", [[1.0], [2.0]], [[1000.0], [1000.0]]) == [[1100], [2200]]
    assert call("LINE_TOTAL", 0.001, 1e9) == 1_100_000


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(-(10**7), 10**7)), min_size=1, max_size=20), st.booleans())
def test_supply_and_tax_add_up_to_the_total(lines: list[tuple[int, int]], included: bool) -> None:
    quantities, prices = [[float(q)] for q, _ in lines], [[float(p)] for _, p in lines]
    (_, supply), (_, tax), (_, total), _ = call("QUOTE_TOTAL", quantities, prices, included)
    assert supply + tax == total
    each = sum(call("LINE_TOTAL", float(q), float(p), included) for q, p in lines)
    assert total == each


def test_untaxed_lines_bear_no_tax() -> None:
    rows = call("QUOTE_TOTAL", [[1.0], [1.0]], [[1000.0], [1000.0]], None, None, [["과세"], ["면세"]])
    assert [row[1] for row in rows[:3]] == [2000, 100, 2100]


@pytest.mark.parametrize(
    ("amount", "letters"),
    [
        (3_691_270.0, "일금 삼백육십구만일천이백칠십원정"),
        (0.0, "일금 영원정"),
        ("₩10,000", "일금 일만원정"),
        (-5_000.0, "일금 마이너스 오천원정"),
        ("12345678901234567890", "일금 일천이백삼십사경오천육백칠십팔조구천일십이억삼천사백오십육만칠천팔백구십원정"),
    ],
)
def test_an_amount_in_letters(amount: Any, letters: str) -> None:
    assert call("HANGUL", amount) == letters


@pytest.mark.parametrize("amount", [1.5, 1e15, 1e300, "협의", "100000000000000000000", True])
def test_what_has_no_letters_is_said(amount: Any) -> None:
    answer = call("HANGUL", amount)
    assert "일금" not in answer
    assert answer.endswith(("요.", "다."))


def test_validity_and_number() -> None:
    assert call("VALID_UNTIL", "2026-11-21") == dt.date(2026, 12, 21)
    assert call("VALID_UNTIL", "2026-11-21", 0) == dt.date(2026, 11, 21)
    assert call("QUOTE_NUMBER", 2026.0, 1.0, 1.0) == "Q-2026-0001-R1"
    assert call("QUOTE_NUMBER", dt.datetime(2026, 11, 21), "12") == "Q-2026-0012-R1"
    assert call("QUOTE_NUMBER", "2026년", 12345.0, 2.0) == "Q-2026-12345-R2"
    assert "정수" in call("QUOTE_NUMBER", 2026.0, 0.0)


def test_a_price_is_found_by_code_and_two_prices_are_said() -> None:
    items, prices = [["품명"], ["도배 A"], ["장판"], ["장판"]], [["단가"], ["15만원"], [1000.0], [2000.0]]
    assert call("PRICE", "도배a", items, prices) == 150_000
    assert "둘 이상" in call("PRICE", "장판", items, prices)
    assert "도배 A" in call("PRICE", "도배 B", items, prices)


def test_an_unknown_rounding_is_said() -> None:
    assert "‘아무거나’" in call("VAT", 1000.0, None, "아무거나")
