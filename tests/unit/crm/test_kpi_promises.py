"""What was promised for a day: the first proposal, the follow-up, the lead time, the notice at D-7, the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.measures import Measures, compute
from addin.crm.setting_rows import SettingCell, from_rows
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from addin.crm.kpi_values import KpiValue

FrameOf = Callable[..., pl.DataFrame]
SHIPPED = Settings()


def whole(tables: dict[str, pl.DataFrame], kpi: str, as_of: str, settings: Settings = SHIPPED) -> KpiValue:
    found = compute(tables, settings, kpis=[kpi], as_of=dt.date.fromisoformat(as_of))
    return next(value for value in found if not value.by)


# -- lead time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "hit", "tight"), [(6, 0, 0), (7, 1, 0), (8, 1, 1)])
def test_a_request_comes_seven_days_before_the_event_and_better_eight(
    frame: FrameOf, days: int, hit: int, tight: int
) -> None:
    event = (dt.date(2026, 3, 2) + dt.timedelta(days=days)).isoformat()
    rows = [{"received_at": "2026-03-02T09:00", "event_at": event}] * 10
    value = whole({"requests": frame(rows)}, "LEAD_TIME", "2026-03-08")
    assert (value.numerator, value.n) == (10 * hit, 10)
    assert value.flag == ("ok" if tight else "warn" if hit else "breach")


def test_no_event_or_one_that_was_over_takes_no_part_in_the_lead_time(frame: FrameOf) -> None:
    rows = [{"received_at": "2026-03-02", "event_at": None}, {"received_at": "2026-03-02", "event_at": "2026-03-01"}]
    value = whole({"requests": frame(rows)}, "LEAD_TIME", "2026-03-08")
    assert (value.value, value.flag) == (None, "no_data")


def test_the_days_of_the_lead_time_are_cells_people_can_change(frame: FrameOf) -> None:
    mine, faults = from_rows([SettingCell("LEAD_TIME.breach", 3), SettingCell("LEAD_TIME.warn", 4)])
    rows = [{"received_at": "2026-03-02", "event_at": "2026-03-06"}] * 10
    assert not faults
    assert whole({"requests": frame(rows)}, "LEAD_TIME", "2026-03-08", mine).flag == "ok"


# -- D-7 ---------------------------------------------------------------------------------------------------------------


def test_a_notice_on_the_seventh_day_before_is_in_time_and_a_day_later_is_not(frame: FrameOf) -> None:
    event = {"received_at": "2026-03-01", "event_at": "2026-03-20"}
    requests = frame([{"request_id": "R1", **event}, {"request_id": "R2", **event}])
    told = [("R1", "2026-03-13"), ("R2", "2026-03-14")]
    acted = frame([{"request": r, "acted_at": day, "kind": "잔금 안내"} for r, day in told])
    value = whole({"requests": requests, "activities": acted}, "D7_ALERT", "2026-03-15")
    assert (value.numerator, value.n, value.flag) == (1, 2, "breach")


def test_a_notice_that_is_due_today_is_a_warning_not_a_miss(frame: FrameOf) -> None:
    rows = [{"request_id": "R1", "received_at": "2026-03-01", "event_at": "2026-03-20", "proposed_at": "2026-03-12"}]
    rows.append({**rows[0], "request_id": "R2", "proposed_at": None})
    tables = {"requests": frame(rows)}
    assert whole(tables, "D7_ALERT", "2026-03-13").flag == "warn"
    assert whole(tables, "D7_ALERT", "2026-03-13").value == 1
    assert whole(tables, "D7_ALERT", "2026-03-14").flag == "breach"


def test_a_request_within_the_week_or_lost_needs_no_notice(frame: FrameOf) -> None:
    rows = [
        {"received_at": "2026-03-15", "event_at": "2026-03-20", "proposed_at": None, "stage": "접수"},
        {"received_at": "2026-03-01", "event_at": "2026-03-20", "proposed_at": None, "stage": "취소"},
    ]
    assert whole({"requests": frame(rows)}, "D7_ALERT", "2026-03-31").value is None


# -- follow-up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("touched", "flag"),
    [
        ("2026-03-03T05:00", "ok"),  # after 20 hours
        ("2026-03-03T05:01", "warn"),
        ("2026-03-03T09:00", "warn"),  # after 24
        ("2026-03-03T09:01", "breach"),
        ("2026-03-02T08:59", "breach"),  # before the proposal
        (None, "breach"),
    ],
)
def test_without_a_decision_something_else_is_proposed_within_a_day(
    frame: FrameOf, touched: str | None, flag: str
) -> None:
    requests = frame([{"request_id": "R1", "proposed_at": "2026-03-02T09:00", "received_at": "2026-03-01"}])
    acted = frame([{"request": "R1", "acted_at": touched or "2026-01-01T00:00"}])
    assert whole({"requests": requests, "activities": acted}, "FOLLOWUP_24H", "2026-03-08").flag == flag


@pytest.mark.parametrize(
    "row",
    [
        {"won_at": "2026-03-03T08:00"},  # decided in time
        {"won_at": "2026-03-03"},  # decided that day or the next
        {"stage": "취소"},  # decided, nobody knows when
    ],
)
def test_a_proposal_that_was_decided_needs_no_follow_up(frame: FrameOf, row: dict[str, Any]) -> None:
    requests = frame([{"request_id": "R1", "proposed_at": "2026-03-02T09:00", "received_at": "2026-03-01", **row}])
    acted = frame([{"request": "R9", "acted_at": "2026-03-03T08:00"}])
    value = whole({"requests": requests, "activities": acted}, "FOLLOWUP_24H", "2026-03-08")
    assert (value.value, value.flag) == (None, "no_data")


def test_dates_without_a_time_take_no_part_in_hours_and_are_counted(frame: FrameOf) -> None:
    requests = frame(
        [
            {"request_id": "R1", "proposed_at": "2026-03-02", "received_at": "2026-03-01"},
            {"request_id": "R2", "proposed_at": "2026-03-02T09:00", "received_at": "2026-03-01"},
        ]
    )
    acted = frame([{"request": "R2", "acted_at": "2026-03-03"}])
    value = whole({"requests": requests, "activities": acted}, "FOLLOWUP_24H", "2026-03-08")
    assert (value.value, value.excluded) == (None, 2)


def test_a_proposal_of_today_is_not_late_yet(frame: FrameOf) -> None:
    requests = frame([{"request_id": "R1", "proposed_at": "2026-03-02T09:00", "received_at": "2026-03-01"}])
    acted = frame([{"request": "R9", "acted_at": "2026-03-02T08:00"}])
    tables = {"requests": requests, "activities": acted}
    assert whole(tables, "FOLLOWUP_24H", "2026-03-02").value is None
    assert whole(tables, "FOLLOWUP_24H", "2026-03-03").value == 0


# -- first proposal ----------------------------------------------------------------------------------------------------


def test_the_first_proposal_is_a_median_of_hours_by_the_clock(frame: FrameOf) -> None:
    waits = [("2026-03-06T18:00", "2026-03-07T18:03")] * 6 + [("2026-03-02T09:00", "2026-03-02T10:00")] * 5
    rows = [{"received_at": came, "proposed_at": went} for came, went in waits]
    value = whole({"requests": frame(rows)}, "FIRST_PROPOSAL", "2026-03-08")
    assert (value.value, value.n, value.flag) == (24.05, 11, "breach")  # 24시간 3분, over a weekend too


def test_what_has_no_time_or_was_proposed_before_it_came_is_no_wait(frame: FrameOf) -> None:
    rows = [
        {"received_at": "2026-03-02", "proposed_at": "2026-03-02T10:00"},
        {"received_at": "2026-03-02T10:00", "proposed_at": "2026-03-02T09:00"},
        {"received_at": "2026-03-02T10:00", "proposed_at": None},
    ]
    value = whole({"requests": frame(rows)}, "FIRST_PROPOSAL", "2026-03-08")
    assert (value.value, value.excluded, value.flag) == (None, 2, "no_data")


def test_the_first_proposals_of_flags_are_those_of_enough_closed_weeks(frame: FrameOf) -> None:
    monday = dt.date(2026, 3, 2)
    rows = []
    for week in range(20):
        day = (monday - dt.timedelta(weeks=week)).isoformat()
        rows += [{"received_at": f"{day}T09:00", "proposed_at": f"{day}T{10 + week // 4}:00"}] * 4
    measures = Measures({"requests": frame(rows)}, SHIPPED, as_of=dt.date(2026, 3, 8))
    [value] = measures.current(["FIRST_PROPOSAL"])
    assert (value.value, value.n, value.window) == (1, 12, (dt.date(2026, 2, 16), dt.date(2026, 3, 8)))


# -- the monthly report ------------------------------------------------------------------------------------------------


def offices(frame: FrameOf, *reports: tuple[str, str]) -> dict[str, pl.DataFrame]:
    partners = [
        {"name": "한빛 관리사무소", "cluster": "아파트", "status": "운영"},
        {"name": "샛별 관리사무소", "cluster": "아파트", "status": "운영"},
        {"name": "바다 카페", "cluster": "카페", "status": "운영"},
        {"name": "옛 관리사무소", "cluster": "아파트", "status": "종료"},
        {"name": "새 관리사무소", "cluster": "아파트", "stage": "개발 구축"},
    ]
    acted = [{"partner": name, "acted_at": day, "kind": "하자 보고"} for name, day in reports]
    return {"partners": frame(partners), "activities": frame([*acted, {"partner": "바다 카페", "kind": "방문"}])}


def reported(tables: dict[str, pl.DataFrame], as_of: str) -> dict[object, tuple[float | None, str]]:
    found = Measures(tables, SHIPPED, as_of=dt.date.fromisoformat(as_of)).current(["REPORT_MONTHLY"])
    return {value.by.get("partner"): (value.value, value.flag) for value in found}


def test_every_management_office_gets_a_report_a_month_and_nobody_else(frame: FrameOf) -> None:
    tables = offices(frame, ("한빛 관리사무소", "2026-02-27T10:00"))
    assert reported(tables, "2026-03-10") == {
        None: (0.5, "breach"),
        "한빛 관리사무소": (1, "ok"),
        "샛별 관리사무소": (0, "breach"),
    }


def test_from_the_twenty_fifth_this_months_report_is_missed(frame: FrameOf) -> None:
    tables = offices(frame, ("한빛 관리사무소", "2026-02-27"), ("샛별 관리사무소", "2026-02-28"))
    assert reported(tables, "2026-03-24")["한빛 관리사무소"] == (1, "ok")
    assert reported(tables, "2026-03-25")["한빛 관리사무소"] == (1, "warn")
