"""When a team is open: holidays, business minutes, deadlines."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.business_time import BusinessCalendar, Holidays
from addin.crm.calendar import DAY, date_of, minutes_of_text

OFFICE = BusinessCalendar(9 * 60, 18 * 60)
ROOT = Path(__file__).resolve().parents[3]


def at(text: str) -> int:
    minutes = minutes_of_text(text)
    assert minutes is not None
    return minutes


def day(text: str) -> int:
    return at(text) // DAY


def test_substitute_and_election_days_are_holidays() -> None:
    holidays = Holidays()
    assert day("2026-08-17") in holidays  # substitute for Liberation Day
    assert day("2025-06-03") in holidays  # presidential election
    assert day("2026-08-18") not in holidays


def test_the_public_holidays_are_those_of_the_pinned_package() -> None:
    done = subprocess.run([sys.executable, "scripts/holidays_kr.py", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0
    assert Holidays().year(1947) == Holidays().year(2101) == ()
    assert len(Holidays().year(2100)) > 10


def test_a_team_adds_its_own_day_off_and_drops_one_it_works() -> None:
    team = Holidays.of(add=[dt.date(2026, 11, 20)], drop=[dt.date(2026, 10, 9)])
    found = team.between(day("2026-10-01"), day("2026-11-30"))
    assert day("2026-11-20") in found
    assert day("2026-10-09") not in found
    assert day("2026-10-03") in found


def test_holidays_cross_the_new_year_in_order() -> None:
    found = Holidays().between(day("2025-12-01"), day("2026-01-31"))
    assert [date_of(d).isoformat() for d in found] == ["2025-12-25", "2026-01-01"]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20T09:00", "2026-11-20T09:10", 10),
        ("2026-11-20T08:00", "2026-11-20T09:10", 10),  # before opening counts from opening
        ("2026-11-20T17:55", "2026-11-23T09:05", 10),  # over the weekend
        ("2026-11-21T12:00", "2026-11-22T12:00", 0),  # a Saturday and a Sunday
        ("2026-10-08T17:00", "2026-10-12T10:00", 120),  # over Hangul Day and a weekend
        ("2026-11-20T10:00", "2026-11-20T09:30", -30),
    ],
)
def test_business_minutes_skip_nights_weekends_and_holidays(start: str, end: str, minutes: int) -> None:
    assert OFFICE.business_minutes(at(start), at(end)) == minutes


CALENDARS = st.builds(
    lambda hours, weekdays, add: BusinessCalendar(
        min(hours), max(hours), tuple(sorted(weekdays)), Holidays(add=frozenset(20700 + d for d in add))
    ),
    st.sets(st.integers(0, DAY), min_size=2, max_size=2),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(st.integers(0, 40), max_size=5),
)
INSTANTS = st.integers(20700 * DAY, 20706 * DAY)


@settings(max_examples=40, deadline=None)
@given(CALENDARS, INSTANTS, st.integers(0, 5 * DAY))
def test_business_minutes_are_the_open_minutes_counted_one_by_one(
    calendar: BusinessCalendar, start: int, length: int
) -> None:
    end = start + length
    counted = sum(
        calendar.is_open(m // DAY) and calendar.open_minute <= m % DAY < calendar.close_minute
        for m in range(start, end)
    )
    assert calendar.business_minutes(start, end) == counted
    assert calendar.business_minutes(end, start) == -counted


@settings(max_examples=40, deadline=None)
@given(CALENDARS, st.lists(st.tuples(st.none() | INSTANTS, st.none() | INSTANTS), max_size=6))
def test_a_whole_column_gives_the_same_minutes_as_one_by_one(
    calendar: BusinessCalendar, pairs: list[tuple[int | None, int | None]]
) -> None:
    starts = pl.Series("start", [a for a, _ in pairs], dtype=pl.Int64)
    ends = pl.Series("end", [b for _, b in pairs], dtype=pl.Int64)
    one_by_one = [None if a is None or b is None else calendar.business_minutes(a, b) for a, b in pairs]
    assert calendar.between(starts, ends).to_list() == one_by_one


def test_the_day_table_is_plain_columns_any_engine_can_join() -> None:
    table = OFFICE.table(day("2026-11-20"), day("2026-11-23"))
    assert table.schema == {"day": pl.Int64, "is_open": pl.Boolean, "minutes_before": pl.Int64}
    assert table["is_open"].to_list() == [True, False, False, True]
    assert table["minutes_before"].to_list() == [0, 540, 540, 540]


@pytest.mark.parametrize(
    ("hours", "weekdays"),
    [((600, 600), (0,)), ((700, 600), (0,)), ((0, 1441), (0,)), ((540, 1080), ()), ((0, 60), (7,))],
)
def test_a_calendar_without_an_open_minute_is_refused(hours: tuple[int, int], weekdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        BusinessCalendar(*hours, weekdays)


@pytest.mark.parametrize(
    ("start", "days", "business", "due"),
    [
        ("2026-11-20", 7, False, "2026-11-27"),
        ("2026-11-20", 1, True, "2026-11-23"),
        ("2026-11-21", 0, True, "2026-11-23"),
        ("2026-11-20", 0, True, "2026-11-20"),
        ("2026-11-23", -1, True, "2026-11-20"),
        ("2026-12-24", 1, True, "2026-12-28"),
    ],
)
def test_due_counts_days_or_working_days(start: str, days: int, business: bool, due: str) -> None:
    assert date_of(OFFICE.due(day(start), days, business)).isoformat() == due
