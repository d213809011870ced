"""Before and after: windows of one length, a difference with its interval, and what to do about it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.before_after import VERDICTS, Window, difference, judge, sample_each, windows


def sides(entered: int, before: int, after: int, other: int | None = None) -> tuple[Window, Window]:
    return Window(0, 27, entered, before), Window(28, 55, other or entered, after)


@pytest.mark.parametrize(
    ("start", "end", "until", "first", "days"),
    [
        (100, None, 106, 0, 7),  # one whole week
        (100, None, 119, 0, 14),  # what is over of the third week waits
        (100, 130, 119, 0, 14),  # an end to come changes nothing
        (100, 113, 300, 0, 14),  # what comes after the end is not the experiment's
        (100, 103, 300, 0, 4),  # shorter than a week: its own days
        (100, None, 119, 92, 7),  # only eight days of records before
        (100, None, 900, 0, 91),  # no more than thirteen weeks
    ],
)
def test_both_sides_have_the_same_whole_weeks(start: int, end: int | None, until: int, first: int, days: int) -> None:
    found = windows(start, end, until, first)
    assert found is not None
    before, after = found
    assert (before.days, after.days) == (days, days)
    assert (before.last + 1, after.first) == (start, start)


@pytest.mark.parametrize(
    ("start", "end", "until", "first"),
    [(100, None, 105, 0), (100, 130, 99, 0), (100, 103, 102, 0), (100, None, 119, 95), (100, None, 119, 100)],
)
def test_without_a_whole_week_on_either_side_nothing_is_compared(
    start: int, end: int | None, until: int, first: int
) -> None:
    assert windows(start, end, until, first) is None


@pytest.mark.parametrize(
    ("entered", "before", "after", "verdict", "reason"),
    [
        (100, 30, 48, "double_down", "better"),
        (100, 48, 30, "drop", "worse"),
        (2000, 600, 610, "drop", "flat"),  # half a point: never the ten that are wanted
        (100, 30, 35, "keep", "unsure"),
        (6, 1, 5, "keep", "unsure"),  # Fisher: 8 in 100 by chance
        (8, 0, 7, "double_down", "better"),
    ],
)
def test_the_verdict_follows_from_the_difference_and_how_sure_it_is(
    entered: int, before: int, after: int, verdict: str, reason: str
) -> None:
    found = judge(*sides(entered, before, after))
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(("before", "after", "test"), [(5, 5, "z"), (4, 10, "fisher"), (16, 10, "fisher")])
def test_where_a_cell_is_under_five_the_exact_test_is_taken(before: int, after: int, test: str) -> None:
    assert judge(*sides(20, before, after)).test == test


def test_what_is_worth_it_decides_when_to_stop() -> None:
    two = sides(400, 120, 124)
    assert judge(*two, worth=0.10).verdict == "drop"
    assert judge(*two, worth=0.05).verdict == "keep"


def test_nobody_on_a_side_is_no_rate_and_no_verdict() -> None:
    found = judge(Window(0, 6, 0, 0), Window(7, 13, 5, 5))
    assert (found.verdict, found.reason, found.change) == ("keep", "empty", None)


def test_the_items_still_needed_shrink_as_they_come() -> None:
    few, more = judge(*sides(50, 15, 17)), judge(*sides(200, 60, 68))
    assert few.needed is not None
    assert more.needed is not None
    assert few.needed - more.needed == 150
    assert few.weeks_needed == -(-few.needed // (50 / 4)) // 1


def test_356_a_side_tell_30_from_40_percent() -> None:
    assert (sample_each(0.3, 0.4), sample_each(0.4, 0.3)) == (356, 356)


SIDE = st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(max_examples=150)
@given(SIDE, SIDE, st.floats(0.01, 0.5))
def test_whatever_the_numbers_the_interval_holds_the_difference_and_mirrors(
    one: tuple[int, int], two: tuple[int, int], worth: float
) -> None:
    before, after = Window(0, 6, *one), Window(7, 13, *two)
    found = judge(before, after, worth)
    low, high = difference(before, after)
    assert found.verdict in VERDICTS
    assert found.change is not None
    assert -1 - 1e-9 <= low <= found.change + 1e-9
    assert found.change - 1e-9 <= high <= 1 + 1e-9
    back = difference(after, before)
    assert back == pytest.approx((-high, -low))
    assert found.p is not None
    assert 0 <= found.p <= 1
    assert found.needed is None or found.needed > 0
