"""The funnel's own KPIs: XmR where there is no target, the bottleneck, time in a step and what is stuck there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.funnel_steps import StepSpec
from addin.crm.measures import Measures
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from addin.crm.kpi_values import KpiValue

FrameOf = Callable[..., pl.DataFrame]
MONDAY = dt.date(2026, 1, 5)
APPLY = (StepSpec("신청", "received_at"), StepSpec("경험", "visited_at"))


def day(days: int) -> str:
    return (MONDAY + dt.timedelta(days=days)).isoformat()


def applied(frame: FrameOf, *visits: int, wait: int = 0) -> dict[str, pl.DataFrame]:
    """Ten applications a week, of which so many visited ``wait`` days later."""
    rows = [
        {"partner": "가", "received_at": day(7 * week), "visited_at": day(7 * week + wait) if i < visited else None}
        for week, visited in enumerate(visits)
        for i in range(10)
    ]
    return {"requests": frame(rows)}


def current(tables: dict[str, pl.DataFrame], kpi: str, as_of: int, steps: Any = APPLY) -> list[KpiValue]:
    return Measures(tables, Settings(), as_of=MONDAY + dt.timedelta(days=as_of), steps=steps).current([kpi])


# -- conversions without a target --------------------------------------------------------------------------------------


def test_a_conversion_out_of_its_usual_range_is_a_breach_though_nobody_set_a_target(frame: FrameOf) -> None:
    visits = [8, 7, 8, 9, 8, 7, 8, 8, 7, 8]
    value = current(applied(frame, *visits, 1), "APPLY_TO_TRIAL", 7 * 11 - 1)[0]
    assert (value.flag, value.reason.id) == ("breach", "flag.xmr_limits")
    assert current(applied(frame, *visits, 8), "APPLY_TO_TRIAL", 7 * 11 - 1)[0].flag == "ok"


def test_a_few_weeks_are_too_few_for_a_chart(frame: FrameOf) -> None:
    value = current(applied(frame, 8, 7, 8, 1), "APPLY_TO_TRIAL", 7 * 4 - 1)[0]
    assert (value.flag, value.reason.id, value.n) == ("small_sample", "flag.few_weeks", 30)


def test_the_youngest_cohorts_are_not_charted_before_they_had_the_time(frame: FrameOf) -> None:
    visits = [8, 7, 8, 9, 8, 7, 8, 8, 7, 8, 0]  # the last week's visits come ten days later
    value = current(applied(frame, *visits, wait=10), "APPLY_TO_TRIAL", 7 * 11 - 1)[0]
    assert value.flag == "ok"


def test_a_target_of_the_teams_own_is_judged_too(frame: FrameOf) -> None:
    from addin.crm.setting_rows import SettingCell, from_rows

    mine, _ = from_rows([SettingCell("APPLY_TO_TRIAL.target", "95%")])
    tables = applied(frame, *[8] * 9)
    found = Measures(tables, mine, as_of=MONDAY + dt.timedelta(days=62), steps=APPLY).current(["APPLY_TO_TRIAL"])
    assert {(v.flag, v.rule.on if v.rule else None) for v in found if not v.by.get("partner")} == {
        ("breach", "wilson_high")
    }


# -- the bottleneck ----------------------------------------------------------------------------------------------------


def test_the_bottleneck_is_named_and_how_sure_it_is(frame: FrameOf) -> None:
    rows = [
        {"received_at": day(0), "visited_at": day(0) if i < 90 else None, "won_at": day(1) if i < 18 else None}
        for i in range(100)
    ]
    steps = (*APPLY, StepSpec("결정", "won_at"))
    [value] = current({"requests": frame(rows)}, "BOTTLENECK", 6, steps)
    assert value.by == {"step": "경험→결정"}
    assert (value.n, value.flag) == (90, "breach")
    assert value.value is not None
    assert value.value > 0.99


def test_a_bottleneck_of_few_is_a_small_sample_and_of_none_no_data(frame: FrameOf) -> None:
    [value] = current(applied(frame, 2), "BOTTLENECK", 6)
    assert value.flag == "small_sample"
    [value] = current({"requests": frame([{"received_at": None, "visited_at": None}])}, "BOTTLENECK", 6)
    assert (value.value, value.flag) == (None, "no_data")


def test_without_two_steps_the_funnels_kpis_say_what_they_lack(frame: FrameOf) -> None:
    for kpi in ("BOTTLENECK", "STAGE_TIME", "AGEING"):
        [value] = current(applied(frame, 2), kpi, 6, ())
        assert value.off == ("requests.stage",)


# -- time in a step ----------------------------------------------------------------------------------------------------


def stayed(frame: FrameOf, *days: int | None, start: int = 0) -> list[dict[str, Any]]:
    return [{"received_at": day(start), "visited_at": None if d is None else day(start + d)} for d in days]


def test_open_items_count_in_the_median_of_a_step(frame: FrameOf) -> None:
    rows = stayed(frame, *[2] * 11, *[None] * 10)
    [value] = current({"requests": frame(rows)}, "STAGE_TIME", 20)
    assert (value.value, value.n, value.by) == (2, 21, {"step": "신청→경험"})
    rows = stayed(frame, *[2] * 9, *[None] * 12)
    [value] = current({"requests": frame(rows)}, "STAGE_TIME", 20)
    assert (value.value, value.flag) == (None, "no_data")  # fewer than half have left


@pytest.mark.parametrize(("now", "flag"), [(3, "ok"), (4, "warn"), (5, "breach")])
def test_a_step_that_takes_longer_than_it_did_is_told(frame: FrameOf, now: int, flag: str) -> None:
    rows = stayed(frame, *[2] * 20) + stayed(frame, *[now] * 20, start=7 * 13)
    [value] = current({"requests": frame(rows)}, "STAGE_TIME", 7 * 17 - 1)
    assert (value.value, value.past, value.flag) == (now, 2, flag)


def test_what_stands_longer_than_most_is_stuck(frame: FrameOf) -> None:
    left = stayed(frame, *range(1, 21))  # 85 % had left within 17.15 days
    stuck = stayed(frame, *[None] * 4)
    fresh = stayed(frame, *[None] * 6, start=25)
    [value] = current({"requests": frame(left + stuck + fresh)}, "AGEING", 30)
    assert (value.numerator, value.n, value.flag) == (4, 10, "breach")
    [value] = current({"requests": frame(fresh)}, "AGEING", 30)
    assert value.flag == "no_data"  # nothing ever left: nobody knows what is long
