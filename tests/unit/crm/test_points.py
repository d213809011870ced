"""Sums into values: exact, None where nothing stands below the line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addin.crm import points
from addin.crm.points import Point, ratio
from addin.crm.roster import Partner, Roster

ONE = Decimal(1)


def test_nothing_below_the_line_is_no_value() -> None:
    for kpi in points.MEASURES:
        assert ratio(kpi, {}, ONE).value is None


def test_no_new_customers_is_no_acquisition_cost_never_infinity() -> None:
    assert ratio("CAC", {"spend": 50_000, "new": 0}, ONE).value is None
    assert ratio("LTV_CAC", {"spend": 50_000, "new": 0, "ltv_net": 100, "ltv_n": 1}, ONE).value is None
    assert ratio("LTV_CAC", {"spend": 0, "new": 3, "ltv_net": 100, "ltv_n": 1}, ONE).value is None


def test_lifetime_value_is_revenue_times_margin_per_grown_customer() -> None:
    point = ratio("LTV", {"ltv_net": 30_000_000, "ltv_n": 4}, Decimal("0.35"))
    assert (point.value, point.numerator, point.denominator, point.n) == (26_250.0, 105_000, 4, 4)


def test_ltv_to_cac_rests_on_the_smaller_of_its_two_samples() -> None:
    point = ratio("LTV_CAC", {"ltv_net": 120_000, "ltv_n": 2, "spend": 60_000, "new": 3}, ONE)
    assert (point.value, point.numerator, point.denominator, point.n) == (3.0, 600.0, 200.0, 2)


def test_money_on_no_partner_counts_in_the_whole() -> None:
    found = points.dependency({("가",): {"net": 3_000, "won": 1}, (None,): {"net": 7_000, "won": 2}})
    assert found[("가",)].value == 0.3
    assert found[(None,)].value == 0.7


def test_six_equal_partners_have_the_floor_of_one_sixth() -> None:
    found = points.herfindahl({(name,): {"net": 500} for name in "가나다라마바"})
    assert found[()].value == pytest.approx(1 / 6)
    assert found[()].n == 6


def test_money_on_no_partner_is_no_partner_to_be_concentrated_on() -> None:
    assert points.herfindahl({("가",): {"net": 500}, ("나",): {"net": 500}, (None,): {"net": 9_000}})[()].value == 0.5


def test_a_group_that_earned_nothing_has_no_concentration() -> None:
    assert points.herfindahl({("가",): {"net": 0}, ("나",): {"net": -100}})[()].value is None


def test_volatility_is_the_population_deviation_over_the_mean_and_quiet_weeks_count() -> None:
    assert points.volatility([4, 4, 4, 4]).value == 0
    assert points.volatility([8, 0]).value == 1.0
    assert points.volatility([8]).value is None
    assert points.volatility([0, 0]).value is None


def test_goals_count_only_partners_that_have_one() -> None:
    one, two = Partner("가", "카페", goal=10.0), Partner("나", "카페")
    roster = Roster((one, two), {"가": one, "나": two})
    sums = {("가",): {"won": 7}, ("나",): {"won": 100}, (None,): {"won": 5}}
    assert points.goals(sums, roster, ("partner",)) == {("가",): Point(7, 10, 10, 7, 10)}
    assert points.goals(sums, roster, ())[()].value == 0.7


def test_a_partner_with_a_goal_and_no_orders_stands_at_zero() -> None:
    one = Partner("가", goal=4.0)
    assert points.goals({}, Roster((one,), {"가": one}), ("partner",))[("가",)].value == 0
