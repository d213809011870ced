"""What a person may type into a settings cell."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm import setting_values as read


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("30%", "0.3"),
        ("30 %", "0.3"),
        (0.3, "0.3"),
        ("0.3", "0.3"),
        (30, "0.3"),
        ("３０％", "0.3"),
        (1, "1"),
        ("100%", "1"),
        (2, "0.02"),
        ("0.5%", "0.005"),
    ],
)
def test_a_share_reads_as_people_mean_it(cell: object, value: str) -> None:
    assert read.share(cell) == Decimal(value)


@pytest.mark.parametrize("cell", [1.2, "약 30%", -0.1, "-5%", "130%", True, None, "삼십", ""])
def test_a_share_nobody_can_be_sure_of_is_not_read(cell: object) -> None:
    assert read.share(cell) is None


def test_a_goal_may_be_over_one_hundred_percent() -> None:
    whole = Decimal(3)
    assert [read.share(cell, whole) for cell in (1.2, "120%", 120)] == [Decimal("1.2")] * 3


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [("09:30", 570), ("9", 540), ("18시", 1080), (dt.time(9, 30), 570), (0.375, 540), ("24:00", 1440)],
)
def test_a_time_of_day(cell: object, minutes: int) -> None:
    assert read.clock(cell) == minutes


@pytest.mark.parametrize("cell", ["25:00", "9:75", "아침", "-1"])
def test_no_time_of_day(cell: object) -> None:
    assert read.clock(cell) is None


def test_holidays_need_a_year_and_must_exist() -> None:
    assert read.dates(dt.datetime(2026, 5, 4)) == (20577,)
    assert read.dates("2026년 5월 4일\n2026-10-02") == (20577, 20728)
    assert read.dates("5/4") is None
    assert read.dates("2026-02-30") is None
    assert read.dates("2026-05-04, 6/3") is None


def test_a_step_needs_a_column_and_a_label_of_its_own() -> None:
    assert read.steps("접수=received_at\n수주=won_at") == ("접수=received_at", "수주=won_at")
    assert read.steps("접수=received_at; 접수=won_at") is None
    assert read.steps("접수=received_at; 수주=") is None


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times()))
def test_any_cell_is_read_within_its_bounds_or_not_at_all(cell: object) -> None:
    share, number, clock = read.share(cell), read.number(cell), read.clock(cell)
    assert share is None or 0 <= share <= 1
    assert number is None or number.is_finite()
    assert clock is None or 0 <= clock <= 1440
    assert set(read.weekdays(cell) or ()) <= set(range(7))
    lists = (read.dates(cell), read.words(cell), read.steps(cell), read.step_targets(cell))
    assert all(found is None or isinstance(found, tuple) for found in lists)


@given(st.lists(st.integers(0, 6), min_size=1, unique=True), st.sampled_from(["ko", "en"]))
def test_weekdays_come_back_as_written(days: list[int], lang: str) -> None:
    chosen = tuple(sorted(days))
    assert read.weekdays(read.weekdays_text(chosen, lang)) == chosen


@given(st.decimals(0, 1, places=4))
def test_a_percentage_comes_back_as_written(value: Decimal) -> None:
    assert read.share(read.percent_text(value)) == value
