"""Spans: only closed weeks, periods that share out a span, windows that grow."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import day_of
from addin.crm.windows import PERIODS, closed_month, closed_weeks, goal_month, grown, periods, whole_weeks

SUNDAY = day_of(dt.date(2026, 3, 8))


def test_a_week_is_closed_on_its_sunday_not_before() -> None:
    assert closed_weeks(SUNDAY, 1) == (SUNDAY - 6, SUNDAY)
    assert closed_weeks(SUNDAY - 1, 1) == (SUNDAY - 13, SUNDAY - 7)
    assert closed_weeks(SUNDAY, 13) == (SUNDAY - 13 * 7 + 1, SUNDAY)


def test_a_month_is_closed_on_its_last_day() -> None:
    last = day_of(dt.date(2026, 2, 28))
    assert closed_month(last) == (day_of(dt.date(2026, 2, 1)), last)
    assert closed_month(last - 1)[1] == day_of(dt.date(2026, 1, 31))


def test_the_goal_is_held_against_the_last_whole_month_else_the_month_to_date() -> None:
    first, last = day_of(dt.date(2026, 1, 10)), day_of(dt.date(2026, 3, 20))
    assert goal_month((first, last)) == (day_of(dt.date(2026, 2, 1)), day_of(dt.date(2026, 2, 28)))
    assert goal_month((first, first + 5)) == (first, first + 5)


def test_a_window_grows_week_by_week_until_the_sample_is_enough() -> None:
    assert grown([12, 9], 10) == 1
    assert grown([3, 3, 3, 3, 9], 10) == 4
    assert grown([0] * 13, 10) == 13


@given(st.sampled_from(sorted(PERIODS)), st.integers(15_000, 30_000), st.integers(0, 800))
def test_periods_share_out_a_span_without_gap_or_overlap(by: str, first: int, length: int) -> None:
    found = periods(by, (first, first + length))
    assert [day for _, (a, b) in found for day in range(a, b + 1)] == list(range(first, first + length + 1))
    assert len({label for label, _ in found}) == len(found)


@given(st.integers(15_000, 30_000), st.integers(0, 60))
def test_whole_weeks_lie_within_the_span(first: int, length: int) -> None:
    span = (first, first + length)
    weeks = [days for _, days in periods("week", span) if days[1] - days[0] == 6]
    assert len(whole_weeks(span)) == len(weeks)
