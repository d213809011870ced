"""Business minutes, the promised ten minutes, deadlines and D-n, however dates are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from addin.crm.settings import Settings
from addin.functions import Context, call

FRIDAY = dt.datetime(2026, 11, 20, 17, 55)
SERIAL = (FRIDAY - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)


@pytest.mark.parametrize("start", [FRIDAY, SERIAL, "2026-11-20 17:55", "2026. 11. 20. 오후 5:55"])
def test_the_weekend_does_not_count_however_the_date_is_written(start: Any) -> None:
    assert call("BUSINESS_MINUTES", start, "2026-11-23 09:05") == 10


def test_seollal_does_not_count() -> None:
    assert call("BUSINESS_MINUTES", "2026-02-13 17:50", "2026-02-19 09:00") == 10


def test_confirmed_within_ten_minutes() -> None:
    received = "2026-11-23 10:00"
    assert call("WITHIN_SLA", received, "2026-11-23 10:10") is True
    assert call("WITHIN_SLA", received, "2026-11-23 10:11") is False
    assert call("WITHIN_SLA", received, "2026-11-23 10:11", 15) is True
    assert call("WITHIN_SLA", received, None) is None


def test_the_team_s_own_clock_and_minutes() -> None:
    always = Context(settings=Settings(clock="clock"))
    assert call("WITHIN_SLA", FRIDAY, "2026-11-23 09:01") is True
    assert call("WITHIN_SLA", FRIDAY, "2026-11-23 09:01", context=always) is False
    assert (
        call("WITHIN_SLA", FRIDAY, "2026-11-20 18:20", context=Context(settings=Settings(response_minutes=3))) is False
    )


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_date_without_a_time_and_an_answer_before_the_question_are_said(lang: str) -> None:
    assert "2026-11-23" in call("WITHIN_SLA", "2026-11-23", "2026-11-23 10:00", lang=lang)
    assert "2026-11-23 09:00" in call("WITHIN_SLA", "2026-11-23 10:00", "2026-11-23 09:00", lang=lang)
    assert "2026-11-20 09:00" in call("WITHIN_SLA", SERIAL, SERIAL // 1 + 0.375, lang=lang)
    assert "2026-13-40" in call("DDAY", "2026-13-40", lang=lang)
    assert isinstance(call("DDAY", "03/05/2026", lang=lang), str)


def test_days_left_count_from_today_unless_a_day_is_given() -> None:
    today = Context(today=dt.date(2026, 11, 21))
    days = [["2026-11-28"], ["2026-11-21"], ["2026-11-18"], [None]]
    assert call("DDAY", days, context=today) == [["D-7"], ["D-Day"], ["D+3"], [None]]
    assert call("DDAY", "2026-11-28", "2026-11-27") == "D-1"


@pytest.mark.parametrize(
    ("days", "business", "day"),
    [
        (1, True, dt.date(2026, 11, 23)),
        (1, "영업일", dt.date(2026, 11, 23)),
        (1, None, dt.date(2026, 11, 21)),
        (-1, True, dt.date(2026, 11, 19)),
        (0, None, dt.date(2026, 11, 20)),
    ],
)
def test_a_due_date_in_calendar_or_business_days(days: int, business: Any, day: dt.date) -> None:
    assert call("DUE", "2026-11-20", float(days), business) == day


def test_half_days_and_a_thousand_years_are_refused() -> None:
    assert "1.5" in call("DUE", "2026-11-20", 1.5)
    assert "정수" in call("DUE", "2026-11-20", 1e9)


def test_an_empty_cell_that_some_hosts_hand_over_as_zero_is_empty() -> None:
    assert call("DDAY", 0.0) is None
    assert call("WITHIN_SLA", "2026-11-23 10:00", 0.0) is None
    assert call("DDAY", "2026-11-28", 0.0, context=Context(today=dt.date(2026, 11, 21))) == "D-7"


def test_the_iso_week_of_a_year_s_end() -> None:
    assert call("ISO_WEEK", [["2026-12-31"], ["2027-01-03"]]) == [["2026-W53"], ["2026-W53"]]
