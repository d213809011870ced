"""Small numbers, honestly."""

from __future__ import annotations

import math
import sys
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.stats import compare, p_worst, sample_needed, wilson, xmr

COUNTS = st.integers(0, 3000).flatmap(lambda entered: st.tuples(st.integers(0, entered), st.just(entered)))
TARGETS = st.none() | st.floats(0.02, 0.98)
STEPS = st.lists(st.tuples(COUNTS, TARGETS), min_size=1, max_size=6)


def test_the_numbers_need_no_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)  # importing it would fail
    assert sum(p_worst(((7, 77), (8, 78)), (None, None))) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_p_worst_sums_to_one_and_is_never_negative(steps: list[tuple[tuple[int, int], float | None]]) -> None:
    chances = p_worst(tuple(c for c, _ in steps), tuple(t for _, t in steps))
    assert math.isclose(sum(chances), 1, abs_tol=1e-9)
    assert all(0 <= chance <= 1 for chance in chances)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_p_worst_does_not_care_in_which_order_steps_stand(
    steps: list[tuple[tuple[int, int], float | None]], random: object
) -> None:
    order = list(range(len(steps)))
    random.shuffle(order)  # type: ignore[attr-defined]
    as_given = p_worst(tuple(c for c, _ in steps), tuple(t for _, t in steps))
    shuffled = p_worst(tuple(steps[i][0] for i in order), tuple(steps[i][1] for i in order))
    assert shuffled == pytest.approx([as_given[i] for i in order], abs=1e-9)


def test_p_worst_of_two_large_steps_is_the_normal_answer() -> None:
    low, high, items = 3000, 3060, 10000
    error = math.sqrt(2 * 0.303 * 0.697 / items)
    expected = NormalDist().cdf((high - low) / items / error)
    assert p_worst(((low, items), (high, items)), (None, None))[0] == pytest.approx(expected, abs=0.002)


def test_p_worst_of_two_steps_nobody_entered_is_even() -> None:
    assert p_worst(((0, 0), (0, 0)), (None, None)) == pytest.approx((0.5, 0.5))


def test_with_a_target_a_six_item_step_cannot_shout() -> None:
    alone = p_worst(((0, 6), (300, 1000)), (None, None))[0]
    held = p_worst(((0, 6), (300, 1000)), (0.5, 0.5))[0]
    assert alone > 0.95
    assert held < alone


def test_seed_funnel_p_worst_is_a_half() -> None:
    chances = p_worst(((30, 100), (9, 30), (6, 9)), (None, None, None))
    assert [round(c, 2) for c in chances] == [0.50, 0.49, 0.01]


@pytest.mark.parametrize(
    ("rate", "target", "items"), [(0.30, 0.45, 65), (0.5, 0.5, None), (0.6, 0.5, None), (0.0, 1.0, 1)]
)
def test_thirty_percent_against_forty_five_needs_65(rate: float, target: float, items: int | None) -> None:
    assert sample_needed(rate, target) == items


@given(COUNTS)
def test_wilsons_interval_holds_the_rate_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    passed, entered = counts
    interval = wilson(passed, entered)
    if entered == 0:
        assert interval is None
        return
    assert interval is not None
    assert 0 <= interval[0] <= passed / entered + 1e-12
    assert passed / entered - 1e-12 <= interval[1] <= 1


@pytest.mark.parametrize(
    ("before", "after", "test", "p"), [((30, 100), (18, 100), "z", 0.023), ((9, 30), (3, 25), "fisher", 0.099)]
)
def test_week_over_week_takes_z_or_fisher_by_the_smallest_cell(
    before: tuple[int, int], after: tuple[int, int], test: str, p: float
) -> None:
    change = compare(*before, *after)
    assert change is not None
    assert (change.test, round(change.p, 3)) == (test, p)


def test_a_week_with_nobody_in_it_is_not_compared() -> None:
    assert compare(3, 10, 0, 0) is None
    assert compare(0, 0, 3, 10) is None


def test_a_rate_that_rose_is_no_fall() -> None:
    rose = compare(3, 25, 9, 30)
    assert rose is not None
    assert rose.p > 0.9


def test_xmr_says_nothing_below_six_points() -> None:
    assert xmr([1, 2, 3, 4, 5]) is None


@pytest.mark.parametrize(
    ("values", "rule", "index"),
    [
        ([0.30, 0.32, 0.28, 0.31, 0.29, 0.33, 0.30, 0.27, 0.31, 0.18], 1, 9),
        ([10, 9, 10, 9, 10, 9, *[9.6] * 8], 2, 13),
        ([10, 9, 10, 9, 10, 9, 10, 11.2, 11.2, 11.2], 3, 9),
    ],
)
def test_xmr_signals_a_point_a_run_and_three_of_four(values: list[float], rule: int, index: int) -> None:
    chart = xmr(values, base=9 if rule == 1 else 6)
    assert chart is not None
    assert (index, rule) in [(s.index, s.rule) for s in chart.signals]


def test_xmr_limits_are_the_mean_and_2_66_moving_ranges() -> None:
    chart = xmr([1, 2, 1, 2, 1, 2])
    assert chart is not None
    assert (chart.mean, chart.lower, chart.upper) == pytest.approx((1.5, 1.5 - 2.66, 1.5 + 2.66))
    assert chart.signals == ()
