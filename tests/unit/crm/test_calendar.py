"""Korean time as whole numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import (
    DAY,
    d_day_label,
    date_of,
    day_of,
    iso_text,
    last_closed_week,
    minutes_of,
    minutes_of_text,
    month_bounds,
    month_of_day,
    quarter_bounds,
    quarter_of_day,
    week_bounds,
    week_label,
    week_of,
    week_of_day,
    week_of_label,
)


def at(text: str) -> int:
    minutes = minutes_of_text(text)
    assert minutes is not None
    return minutes


def day(text: str) -> int:
    return at(text) // DAY


@given(st.dates(dt.date(1000, 1, 8), dt.date(9998, 12, 31)))
def test_weeks_are_pythons_iso_weeks_in_any_year(date: dt.date) -> None:
    year, number, _ = date.isocalendar()
    week = week_of_day(day_of(date))
    assert week_label(week) == f"{year}-W{number:02d}"
    assert week_of_label(f"{year:04d}-W{number:02d}") == (
        week if year >= 1000 else week_of_label(week_label(week)) or week
    )
    assert week_of(minutes_of(date)) == week
    first, last = week_bounds(week)
    assert first <= day_of(date) <= last == first + 6
    assert date_of(first).weekday() == 0


@pytest.mark.parametrize(
    ("date", "label"),
    [("2026-12-31", "2026-W53"), ("2027-01-03", "2026-W53"), ("2027-01-04", "2027-W01"), ("2025-12-29", "2026-W01")],
)
def test_the_week_of_new_year_belongs_to_the_iso_year(date: str, label: str) -> None:
    assert week_label(week_of_day(day(date))) == label


@pytest.mark.parametrize("text", ["2025-W53", "2026-W00", "47", "W47", ""])
def test_a_week_that_does_not_exist_is_none(text: str) -> None:
    assert week_of_label(text) is None


def test_a_week_is_closed_once_its_sunday_is_over() -> None:
    assert week_label(last_closed_week(day("2026-11-22"))) == "2026-W47"
    assert week_label(last_closed_week(day("2026-11-21"))) == "2026-W46"


@given(st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9998, 12, 31)))
def test_iso_text_goes_back_to_the_same_minute(moment: dt.datetime) -> None:
    minutes = minutes_of(moment)
    assert minutes_of_text(iso_text(minutes)) == minutes
    assert minutes_of_text(iso_text(minutes, has_time=False)) == minutes // DAY * DAY


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "26-01-01", "2026-01-01T25:00", "어제"])
def test_text_that_is_no_date_is_none(text: str) -> None:
    assert minutes_of_text(text) is None


@given(st.dates(dt.date(2, 1, 1), dt.date(9998, 12, 31)))
def test_months_and_quarters_hold_their_days_without_gaps(date: dt.date) -> None:
    for of, bounds in ((month_of_day, month_bounds), (quarter_of_day, quarter_bounds)):
        first, last = bounds(of(day_of(date)))
        assert first <= day_of(date) <= last
        assert bounds(of(last + 1))[0] == last + 1


def test_seed_000_notice_goes_out_on_d_7() -> None:
    assert d_day_label(day("2026-11-28"), day("2026-11-21")) == "D-7"
