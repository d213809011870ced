"""Real change in a series of weeks, and what is only noise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from addin.crm.signs import chart_signs, falling_signs

STEADY = [0.30, 0.32, 0.28, 0.31, 0.29, 0.33, 0.30, 0.27, 0.31]


def test_a_week_below_its_usual_range_is_a_sign_and_one_above_it_is_good_news() -> None:
    assert chart_signs([*STEADY, 0.18], "higher") == {"xmr_limits"}
    assert chart_signs([*STEADY, 0.44], "higher") == frozenset()
    assert chart_signs([*STEADY, 0.44], "lower") == {"xmr_limits"}


def test_eight_weeks_below_the_mean_are_a_sign_though_none_is_out_of_range() -> None:
    weeks = [10, 12, 10, 12, 10, 12, 10, 12, *[10.9] * 8]
    assert chart_signs(weeks, "higher") == {"xmr_run"}
    assert chart_signs(weeks[:-1], "higher") == frozenset()


def test_limits_come_from_six_weeks_before_at_least() -> None:
    assert chart_signs(STEADY[:6], "higher") is None
    assert chart_signs(STEADY[:7], "higher") == frozenset()
    assert chart_signs([], "higher") is None


def test_the_week_that_is_judged_does_not_widen_its_own_limits() -> None:
    assert chart_signs([5, 5, 5, 5, 5, 5, 4], "higher") == {"xmr_limits"}


@given(st.lists(st.floats(0, 1), max_size=30), st.sampled_from(["higher", "lower"]))
def test_no_series_is_an_error(weekly: list[float], direction: str) -> None:
    assert (chart_signs(weekly, direction) is None) == (len(weekly) < 7)  # type: ignore[arg-type]


def test_a_pool_falls_when_more_left_than_joined_and_four_times_running_is_worse() -> None:
    assert falling_signs([5, -1]) == {"falling"}
    assert falling_signs([-1, -1, -1, -1]) == {"falling", "falling_month"}
    assert falling_signs([-1, 0, -1, -1]) == {"falling"}
    assert falling_signs([-1, 0]) == falling_signs([]) == frozenset()
