"""VAT: supply + tax = total for every policy; the policies really differ."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.vat import Policy, Rounding, line_amount, split, total

POLICIES = st.builds(
    Policy,
    included=st.booleans(),
    rounding=st.sampled_from(["floor", "half_up", "ceil"]),
    basis=st.sampled_from(["line", "total"]),
)
AMOUNTS = st.integers(-(10**13), 10**13)


@given(st.lists(st.tuples(AMOUNTS, st.booleans()), max_size=30), POLICIES)
def test_supply_and_tax_are_the_total_and_the_tax_is_whole_won(lines: list[tuple[int, bool]], policy: Policy) -> None:
    found = total(lines, policy)
    assert found.supply + found.tax == found.total
    assert found.tax % 100 == 0
    given_sum = sum(amount for amount, _ in lines)
    assert (found.total if policy.included else found.supply) == given_sum


@given(AMOUNTS, POLICIES)
def test_a_discount_mirrors_the_line_it_takes_back(amount: int, policy: Policy) -> None:
    plus, minus = split(amount, policy), split(-amount, policy)
    assert (plus.supply, plus.tax, plus.total) == (-minus.supply, -minus.tax, -minus.total)


@given(AMOUNTS)
def test_prices_with_the_tax_inside_never_lose_a_won(amount: int) -> None:
    found = split(amount * 100, Policy(included=True))
    assert found.total == amount * 100
    assert abs(found.tax * 11 - amount * 100) < 1100


@pytest.mark.parametrize(("rounding", "tax"), [("floor", 3300), ("half_up", 3300), ("ceil", 3400)])
def test_below_one_won_by_the_policy(rounding: Rounding, tax: int) -> None:
    assert split(33_200, Policy(rounding=rounding)).tax == tax


def test_the_sum_of_line_taxes_is_not_the_tax_of_the_sum() -> None:
    lines = [(1_900, True)] * 10
    assert total(lines).tax == 1000
    assert total(lines, Policy(basis="total")).tax == 1900
    assert total([(1_900, False)]).tax == 0


def test_a_thousandth_and_a_billion_are_exact() -> None:
    assert line_amount(Decimal("0.001"), 10**11) == 10**8
    assert line_amount(Decimal(10) ** 9, 123_400) == 123_400 * 10**9
    assert line_amount(Decimal("0.333"), 10_000, Policy(rounding="ceil")) == 3400
