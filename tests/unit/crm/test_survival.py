"""How long items stay: open items are censored, never left out."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.survival import littles_days, median_stay, medians

STAYS = st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=30)


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_without_open_items_it_is_the_lower_median(durations: list[int]) -> None:
    assert median_stay(durations, [True] * len(durations)) == sorted(durations)[(len(durations) - 1) // 2]


def test_open_items_make_a_step_slower_than_its_finished_items_say() -> None:
    assert median_stay([1, 2, 3, 4, 10, 10], [True] * 4 + [False] * 2) == 3
    assert median_stay([1, 2, 3, 4], [True] * 4) == 2


def test_where_fewer_than_half_have_left_nobody_knows_the_median() -> None:
    assert median_stay([1, 5, 5, 5], [True, False, False, False]) is None
    assert median_stay([], []) is None


def test_an_item_leaving_and_one_still_in_on_the_same_day_count_in_that_order() -> None:
    assert median_stay([3, 3], [False, True]) == 3


@given(STAYS)
def test_waiting_longer_never_makes_the_median_shorter(items: list[tuple[int, bool]]) -> None:
    before = median_stay([d for d, _ in items], [c for _, c in items])
    after = median_stay([d if c else d + 5 for d, c in items], [c for _, c in items])
    assert before is None or after is None or after <= before or any(not c for _, c in items)
    longer = median_stay([d + 1 for d, _ in items], [c for _, c in items])
    assert longer == (None if before is None else before + 1)


@settings(deadline=None, max_examples=60)
@given(st.lists(STAYS, max_size=4))
def test_many_groups_in_one_pass_are_the_same_as_one_by_one(groups: list[list[tuple[int, bool]]]) -> None:
    rows = [(g, duration, closed) for g, items in enumerate(groups) for duration, closed in items]
    frame = pl.DataFrame(rows, schema={"group": pl.Int64, "duration": pl.Int64, "closed": pl.Boolean}, orient="row")
    one_by_one = {g: median_stay([d for d, _ in s], [c for _, c in s]) for g, s in enumerate(groups) if s}
    assert medians(frame) == one_by_one


def test_a_negative_stay_is_refused() -> None:
    with pytest.raises(ValueError):
        median_stay([-1], [True])


def test_littles_law_is_what_is_in_over_what_leaves_a_day() -> None:
    assert littles_days(42, 6) == 7
    assert littles_days(42, 0) is None


def test_two_groups_do_not_mix_however_far_apart_two_dates_are() -> None:
    ages = 9_998 * 525_949  # minutes from year 1 to year 9999
    stays = pl.DataFrame({"group": [1, 2], "duration": [ages, 5], "closed": [True, True]})
    assert medians(stays) == {1: ages, 2: 5}
