"""KPIs as people ask for them: by anything, over any days, adding up, and each flag over its own closed weeks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.actions.kpi import measured
from addin.crm.catalogue import KPIS
from addin.crm.funnel_steps import StepSpec
from addin.crm.kpi_values import KpiValue, to_json
from addin.crm.measures import Measures, UnknownDimensionError, compute
from addin.crm.message import msg
from addin.crm.setting_rows import SettingCell, from_rows
from addin.crm.settings import Settings
from addin.i18n import say
from tests.unit.crm.conftest import frame_of

FrameOf = Callable[..., pl.DataFrame]
SHIPPED = Settings()


def won(partner: str | None, amount: int = 0, on: str = "2026-03-03", **more: Any) -> dict[str, Any]:
    return {"partner": partner, "won_at": on, "amount": amount, **more}


def shown(values: list[KpiValue], by: str = "partner") -> dict[Any, tuple[float | None, str]]:
    return {v.by.get(by): (v.value, v.flag) for v in values}


def one(tables: dict[str, pl.DataFrame], kpi: str, **more: Any) -> KpiValue:
    chosen = more.pop("settings", SHIPPED)
    return next(v for v in compute(tables, chosen, kpis=[kpi], **more) if not v.by or "step" in v.by)


# -- dependency --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "flag"), [(249, "ok"), (250, "warn"), (300, "warn"), (301, "breach")])
def test_a_partner_over_thirty_percent_of_revenue_is_a_breach(frame: FrameOf, share: int, flag: str) -> None:
    rest = [won(f"그 외 {i}", (1000 - share) // 5) for i in range(5)] + [won("나머지", (1000 - share) % 5)]
    found = shown(compute({"requests": frame([won("한빛", share), *rest])}, SHIPPED, kpis=["DEPENDENCY"]))
    assert found["한빛"] == (share / 1000, flag)


def test_a_share_over_the_whole_or_below_nothing_says_that_refunds_made_it_so(frame: FrameOf) -> None:
    requests = frame([won("한빛", 90), won("샛별", 30), won("바다", 10, refund=50)])
    found = {v.by["partner"]: v for v in compute({"requests": requests}, SHIPPED, kpis=["DEPENDENCY"])}
    assert {name: (v.value, v.flag) for name, v in found.items()} == {
        "한빛": (1.125, "breach"),
        "샛별": (0.375, "breach"),
        "바다": (-0.5, "ok"),
    }
    assert say(found["한빛"].reason, "ko").endswith("환불이 매출보다 많은 파트너가 있어 100 %가 넘습니다")
    assert "환불" not in say(found["샛별"].reason, "ko")
    assert say(found["바다"].reason, "ko").endswith("이 파트너는 환불이 매출보다 많습니다")
    spread = one({"requests": requests}, "HHI")
    assert spread.value == pytest.approx(1.125**2 + 0.375**2 + 0.5**2)
    assert say(spread.reason, "ko").endswith("환불이 매출보다 많은 파트너가 있어 1이 넘습니다")


@pytest.mark.parametrize("kpi", ["DEPENDENCY", "HHI"])
def test_where_more_was_refunded_than_earned_there_are_no_shares_and_it_says_so(frame: FrameOf, kpi: str) -> None:
    requests = frame([won("한빛", 90), won("바다", 10, refund=150)])
    value = compute({"requests": requests}, SHIPPED, kpis=[kpi])[0]
    assert (value.value, value.flag) == (None, "no_data")
    assert "순매출 -50" in say(value.reason, "ko")


def test_dependency_names_the_candidates_of_that_cluster(frame: FrameOf) -> None:
    partners = frame(
        [
            {"name": "한빛", "cluster": "아파트", "stage": "운영"},
            {"name": "샛별", "cluster": "아파트", "stage": "미팅"},
            {"name": "바다", "cluster": "카페", "stage": "미팅"},
        ]
    )
    tables = {"requests": frame([won("한빛", 90), won("바다", 10)]), "partners": partners}
    found = {v.by["partner"]: v.detail for v in compute(tables, SHIPPED, kpis=["DEPENDENCY"])}
    assert found == {"한빛": ("샛별",), "바다": ()}


def test_money_on_no_partner_is_shown_counts_in_the_whole_and_is_nobodys_breach(frame: FrameOf) -> None:
    values = compute({"requests": frame([won("한빛", 30), won(None, 70)])}, SHIPPED, kpis=["DEPENDENCY"])
    assert shown(values) == {"한빛": (0.3, "warn"), None: (0.7, "ok")}
    assert [row["by"] for row in to_json(values, lambda m: say(m, "ko"))] == [
        {"partner": "한빛"},
        {"partner": "(미지정)"},
    ]


def test_the_threshold_is_a_cell_people_can_change(frame: FrameOf) -> None:
    mine, _ = from_rows([SettingCell("DEPENDENCY.target", "60%"), SettingCell("DEPENDENCY.warn", "55%")])
    tables = {"requests": frame([won("한빛", 50), won("샛별", 50)])}
    assert {v.flag for v in compute(tables, mine, kpis=["DEPENDENCY"])} == {"ok"}


def test_money_is_net_of_refunds_and_in_whole_units(frame: FrameOf) -> None:
    rows = frame([won("한빛", 1000, refund=250), won("샛별", 250), won("샛별", 999, stage=None)])
    value = next(iter(compute({"requests": rows}, SHIPPED, kpis=["DEPENDENCY"], by="partner")))
    assert (value.numerator, value.denominator, value.n) == (1249, 1999, 2)


# -- groups ------------------------------------------------------------------------------------------------------------


def two_clusters(frame: FrameOf) -> dict[str, pl.DataFrame]:
    requests = [
        won("한빛", 60, received_at="2026-02-24T09:00", source="전화", claim=True),
        won("샛별", 30, received_at="2026-03-02T09:00", source="앱"),
        won("바다", 10, on="2026-04-06", received_at="2026-03-31T09:00", source=None),
        {"partner": "바다", "received_at": "2026-04-01T09:00", "source": "앱"},
    ]
    partners = [
        {"name": n, "cluster": c, "stage": "운영"} for n, c in (("한빛", "아파트"), ("샛별", "카페"), ("바다", "카페"))
    ]
    return {"requests": frame(requests), "partners": frame(partners)}


@pytest.mark.parametrize("by", ["partner", "cluster", "source", "week", "month", "quarter"])
@pytest.mark.parametrize("kpi", ["CLAIM_RATE", "DEPENDENCY"])
def test_the_parts_add_up_to_the_whole(frame: FrameOf, by: str, kpi: str) -> None:
    tables = two_clusters(frame)
    whole = compute(tables, SHIPPED, kpis=[kpi])
    parts = compute(tables, SHIPPED, kpis=[kpi], by=by)
    assert all(by in part.by for part in parts)
    base = [v for v in whole if not v.by] or whole
    assert sum(v.numerator or 0 for v in parts) == sum(v.numerator or 0 for v in base)


def test_concentration_is_the_whole_and_each_cluster(frame: FrameOf) -> None:
    found = shown(compute(two_clusters(frame), SHIPPED, kpis=["HHI"]), "cluster")
    assert found[None] == (pytest.approx(0.46), "breach")
    assert found["카페"] == (pytest.approx(0.625), "breach")
    assert found["아파트"] == (1.0, "small_sample")


def test_by_month_every_partners_share_is_of_that_month(frame: FrameOf) -> None:
    found = compute(two_clusters(frame), SHIPPED, kpis=["DEPENDENCY"], by="month")
    shares = {(v.by["month"], v.by["partner"]): v.value for v in found if v.n}
    assert shares == {("2026-03", "한빛"): 2 / 3, ("2026-03", "샛별"): 1 / 3, ("2026-04", "바다"): 1.0}


def test_what_nobody_can_group_by_is_an_error_that_says_what_was_meant(frame: FrameOf) -> None:
    with pytest.raises(UnknownDimensionError) as error:
        compute(two_clusters(frame), SHIPPED, by="sorce")
    assert error.value.near == "source"


def test_a_kpi_that_cannot_be_grouped_so_says_so_when_asked(frame: FrameOf) -> None:
    [value] = compute(two_clusters(frame), SHIPPED, kpis=["BACKUP"], by="month")
    assert (value.reason.id, value.flag, value.value) == ("flag.not_by", "no_data", None)
    assert all("month" in v.by for v in compute(two_clusters(frame), SHIPPED, by="month"))


def test_a_missing_column_switches_off_only_what_needs_it(frame: FrameOf) -> None:
    values = compute({"requests": frame([won("한빛", 100)])}, SHIPPED)
    off = {v.kpi: v.off for v in values if not v.on}
    assert off["CLAIM_RATE"] == ("requests.claim",)
    assert off["CAC"] == ("spend.amount", "spend.spent_at", "requests.customer")
    assert "DEPENDENCY" not in off
    assert "클레임" in say(next(v.reason for v in values if v.kpi == "CLAIM_RATE"), "ko")


# -- windows -----------------------------------------------------------------------------------------------------------


def test_no_dates_mean_all_rows_undated_ones_too(frame: FrameOf) -> None:
    rows = frame([{"stage": "수주", "amount": 100, "partner": "가", "won_at": None}, won("나", 100, stage="수주")])
    found = compute({"requests": rows}, SHIPPED, kpis=["DEPENDENCY"])
    assert shown(found) == {"가": (0.5, "breach"), "나": (0.5, "breach")}
    assert found[0].window == (dt.date(2026, 3, 3), dt.date(2026, 3, 3))
    day = dt.date(2026, 3, 3)
    assert shown(compute({"requests": rows}, SHIPPED, kpis=["DEPENDENCY"], start=day)) == {"나": (1.0, "breach")}


def test_what_comes_after_the_day_shown_is_not_known_yet(frame: FrameOf) -> None:
    rows = frame([won("가", 100, "2026-03-03"), won("나", 900, "2026-05-01")])
    found = compute({"requests": rows}, SHIPPED, kpis=["DEPENDENCY"], as_of=dt.date(2026, 3, 31))
    assert shown(found) == {"가": (1.0, "breach")}
    assert found[0].window == (dt.date(2026, 3, 3), dt.date(2026, 3, 31))


def weekly_requests(frame: FrameOf, per_week: int, weeks: int) -> dict[str, pl.DataFrame]:
    """The same number of requests a week, each visited the same day but in the newest week."""
    monday = dt.date(2026, 3, 2)
    rows = []
    for week in range(weeks):
        for i in range(per_week):
            day = (monday + dt.timedelta(days=i % 5 - 7 * week)).isoformat()
            rows.append({"partner": "한빛", "received_at": day, "visited_at": day if week else None})
    return {"requests": frame(rows)}


@pytest.mark.parametrize(
    ("per_week", "weeks", "hits", "n", "flag"),
    [
        (12, 20, 0, 12, "breach"),  # one closed week is enough
        (4, 20, 8, 12, "breach"),  # three weeks make ten
        (1, 9, 8, 9, "small_sample"),  # nine in all
        (1, 20, 9, 10, "ok"),
    ],
)
def test_a_flags_window_grows_by_closed_weeks_until_the_sample_is_enough(
    frame: FrameOf, per_week: int, weeks: int, hits: int, n: int, flag: str
) -> None:
    measures = Measures(weekly_requests(frame, per_week, weeks), SHIPPED, as_of=dt.date(2026, 3, 8))
    value = next(v for v in measures.current(["SAMEDAY"]) if v.by == {"partner": "한빛"})
    assert (value.numerator, value.n, value.flag) == (hits, n, flag)
    assert value.window is not None
    assert value.window[1] == dt.date(2026, 3, 8)


def test_an_open_week_never_speaks(frame: FrameOf) -> None:
    measures = Measures(weekly_requests(frame, 12, 20), SHIPPED, as_of=dt.date(2026, 3, 7))
    value = next(v for v in measures.current(["SAMEDAY"]) if not v.by)
    assert (value.value, value.window) == (1.0, (dt.date(2026, 2, 23), dt.date(2026, 3, 1)))


@pytest.mark.parametrize("kpi", [kpi.id for kpi in KPIS.values() if kpi.kind == "derived" and kpi.id != "CONV"])
def test_a_current_number_is_the_number_of_its_window(frame: FrameOf, kpi: str) -> None:
    rows = []
    for i in range(300):
        day = f"2026-0{1 + i % 3}-{1 + i % 28:02d}"
        marks = {"claim": i % 9 == 0, "rework": i % 7 == 0, "refund": None if i % 11 else 5, "stage": "수주"}
        times = {"received_at": f"{day}T10:00", "confirmed_at": f"{day}T10:{i % 20:02d}", "visited_at": day}
        event = {"request_id": f"R{i}", "event_at": f"2026-04-{1 + i % 28:02d}", "proposed_at": f"{day}T09:00"}
        rows.append(won(f"파트너{i % 3}", 10 * i, day, **times, **marks, **event))
        rows.append({"partner": "파트너0", "stage": "제안", **times, **event, "request_id": f"Q{i}"})
    partners = frame([{"name": f"파트너{i}", "monthly_goal": 20.0, "cluster": "카페"} for i in range(3)])
    acted = frame([{"request": f"Q{i}", "kind": "알림", "acted_at": "2026-03-27T12:00"} for i in range(0, 300, 2)])
    tables = {"requests": frame(rows), "partners": partners, "activities": acted}
    steps = [StepSpec(label, column) for label, column in (("가입", "received_at"), ("활성화", "won_at"))]
    measures = Measures(tables, SHIPPED, as_of=dt.date(2026, 3, 29), steps=steps)
    current = [v for v in measures.current([kpi]) if v.value is not None]
    assert current or kpi in ("ACQ_CONV", "PAY_CONV", "APPLY_TO_TRIAL", "TRIAL_TO_DECIDE")
    for value in current:
        assert value.window is not None
        asked = measures.compute([kpi], start=value.window[0], end=value.window[1])
        assert [v for v in asked if v.by == value.by] == [value]


def test_the_window_of_a_cohort_is_when_its_customers_came(frame: FrameOf) -> None:
    first = dt.date(2026, 1, 5)  # a Monday; 90 days later is Sunday 5 April
    rows = []
    for i in range(20):
        rows.append(won("가", 10, first.isoformat(), phone=str(i)))
        rows += [won("가", 10, "2026-02-01", phone=str(i))] if i < 5 else []
    measures = Measures({"requests": frame(rows)}, SHIPPED, as_of=dt.date(2026, 4, 5))
    value = next(v for v in measures.current(["REVISIT_RATE"]) if not v.by)
    assert (value.value, value.n, value.flag) == (0.25, 20, "warn")
    assert value.window == (dt.date(2025, 12, 30), first)
    assert next(iter(measures.compute(["REVISIT_RATE"], start=dt.date(2025, 12, 30), end=first))).value == 0.25


# -- one by one --------------------------------------------------------------------------------------------------------


def test_acquisition_cost_is_spend_per_customer_whose_first_order_is_in_the_span(frame: FrameOf) -> None:
    requests = frame(
        [
            won("가", 100, "2026-01-05", phone="1", cost="999"),
            won("가", 100, "2026-02-05", phone="1"),
            won("가", 100, "2026-02-06", phone="2"),
            won("나", 100, "2026-02-07", phone="3"),
        ]
    )
    spend = frame([{"spent_at": "2026-02-01", "partner": "가", "amount": 30}, {"spent_at": "2026-02-02", "amount": 70}])
    tables = {"requests": requests, "spend": spend}
    february = {"start": dt.date(2026, 2, 1), "end": dt.date(2026, 2, 28)}
    value = one(tables, "CAC", **february)
    assert (value.value, value.numerator, value.denominator, value.n) == (50.0, 100, 2, 2)
    found = shown(compute(tables, SHIPPED, kpis=["CAC"], by="partner", **february))
    assert found == {"가": (30.0, "small_sample"), "나": (0.0, "small_sample"), None: (None, "no_data")}


def test_a_kpi_without_a_target_is_held_against_the_twelve_weeks_before(frame: FrameOf) -> None:
    requests = [won("가", 10, f"2026-0{month}-1{i}", phone=f"{month}{i}") for month in (2, 5) for i in range(5)]
    spend = [{"spent_at": "2026-02-10", "amount": 100}, {"spent_at": "2026-05-10", "amount": 160}]
    tables = {"requests": frame(requests), "spend": frame(spend)}
    may = {"start": dt.date(2026, 5, 1), "end": dt.date(2026, 5, 31)}
    value = one(tables, "CAC", as_of=dt.date(2026, 6, 1), **may)
    assert (value.value, value.past, value.flag) == (32.0, 20.0, "breach")
    assert one(tables, "CAC").flag == "ok"  # all rows have no past


def test_a_current_number_is_held_against_the_twelve_weeks_before_its_window(frame: FrameOf) -> None:
    sunday = dt.date(2026, 6, 7)
    requests, spend = [], []
    for week in range(13):
        monday = (sunday - dt.timedelta(days=6 + 7 * week)).isoformat()
        requests += [won("가", 10, monday, phone=f"{week}-{i}") for i in range(5)]
        spend.append({"spent_at": monday, "amount": 160 if week == 0 else 100})
    measures = Measures({"requests": frame(requests), "spend": frame(spend)}, SHIPPED, as_of=sunday)
    value = next(v for v in measures.current(["CAC"]) if not v.by)
    assert (value.value, value.past, value.flag) == (32.0, 20.0, "breach")


def test_the_goal_is_the_partners_own_and_a_partner_without_orders_is_shown(frame: FrameOf) -> None:
    requests = frame([won("가", on=f"2026-03-{i:02d}") for i in range(1, 8)])
    partners = frame([{"name": "가", "monthly_goal": 10.0}, {"name": "나", "monthly_goal": 2.0}, {"name": "다"}])
    tables = {"requests": requests, "partners": partners}
    found = compute(tables, SHIPPED, kpis=["MONTHLY_GOAL"], start=dt.date(2026, 3, 1), as_of=dt.date(2026, 4, 3))
    assert shown(found) == {None: (7 / 12, "breach"), "가": (0.7, "warn"), "나": (0, "breach")}
    assert found[0].window == (dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.mark.parametrize("engine", ["polars", "pandas", "duckdb"])
def test_months_over_by_the_day_told_are_closed_and_weeks_without_a_row_are_empty(frame: FrameOf, engine: str) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    requests = frame([won("가", on=f"2026-03-{day:02d}") for day in (2, 9, 16, 23)])
    tables = {"requests": requests, "partners": frame([{"name": "가", "monthly_goal": 10.0}])}
    kpis = ["MONTHLY_GOAL", "VOLATILITY"]

    def found(day: dt.date | None) -> list[KpiValue]:
        return [v for v in measured(tables, SHIPPED, (), day, engine).compute(kpis) if not v.by]

    goal, steady = found(None)
    assert (goal.value, goal.window, steady.value) == (0.4, (dt.date(2026, 3, 2), dt.date(2026, 3, 23)), 0)
    goal, swings = found(dt.date(2026, 5, 3))
    assert (goal.value, goal.window) == (0, (dt.date(2026, 4, 1), dt.date(2026, 4, 30)))
    assert swings.value is not None
    assert swings.value > 1
    assert swings.window == (dt.date(2026, 3, 2), dt.date(2026, 5, 3))


def test_silence_is_days_since_the_last_touch_and_an_ended_partnership_may_be_silent(frame: FrameOf) -> None:
    requests = frame([{"partner": p, "received_at": "2026-03-01"} for p in ("가", "나", "다")])
    partners = frame([{"name": "가"}, {"name": "나"}, {"name": "다", "status": "중단"}])
    acted = frame([{"partner": "나", "acted_at": "2026-03-10"}])
    tables = {"requests": requests, "partners": partners, "activities": acted}
    found = shown(compute(tables, SHIPPED, kpis=["SILENCE_4W"], as_of=dt.date(2026, 3, 30)))
    assert found == {"가": (29, "breach"), "나": (20, "ok")}


def test_a_next_step_with_its_date_ends_the_silence_until_that_day(frame: FrameOf) -> None:
    requests = frame([{"partner": p, "received_at": "2026-01-01"} for p in ("가", "나")])
    acted = frame([{"partner": "나", "acted_at": "2026-01-10", "next_at": "2026-04-02"}])
    for day, silent in ((dt.date(2026, 3, 30), ["가"]), (dt.date(2026, 4, 2), ["가", "나"])):
        found = compute({"requests": requests, "activities": acted}, SHIPPED, kpis=["SILENCE_4W"], as_of=day)
        assert sorted(shown(found)) == silent


def test_backup_counts_candidates_and_breaches_only_under_dependency(frame: FrameOf) -> None:
    partners = [
        ("한빛", "아파트", "운영"),
        ("샛별", "카페", "운영"),
        ("별빛", "카페", "운영"),
        ("바다", "오피스", "운영"),
    ]
    partners += [("후보1", "오피스", "미팅"), ("후보2", "오피스", "기회 발견")]
    tables = {
        "partners": frame([dict(zip(("name", "cluster", "stage"), row, strict=True)) for row in partners]),
        "requests": frame([won("한빛", 600), won("샛별", 200), won("별빛", 100), won("바다", 100)]),
    }
    values = compute(tables, SHIPPED, kpis=["BACKUP"])
    assert shown(values, "cluster") == {"아파트": (0, "breach"), "카페": (0, "warn"), "오피스": (2, "ok")}
    assert [v.detail for v in values if v.by["cluster"] == "오피스"] == [("후보1", "후보2")]


def test_conversions_are_the_teams_own_funnel_with_the_sources_ids_where_they_name_it(frame: FrameOf) -> None:
    requests = frame([{"partner": "가", "received_at": "2026-03-02", "visited_at": "2026-03-03" if i < 3 else None,
                       "won_at": "2026-03-04" if i < 1 else None} for i in range(4)])  # fmt: skip
    steps = (
        StepSpec("신청", at="received_at"),
        StepSpec("경험", "visited_at"),
        StepSpec(msg("funnel.step.won"), "won_at"),
    )
    values = [v for v in compute({"requests": requests}, SHIPPED, steps=steps) if "CONV" in v.kpi or "TRIAL" in v.kpi]
    found = to_json([v for v in values if "partner" not in v.by], lambda m: say(m, "ko"))
    assert [(r["kpi"], r["by"]["step"], r["numerator"], r["denominator"]) for r in found] == [
        ("CONV", "경험→수주", 1, 3),
        ("APPLY_TO_TRIAL", "신청→경험", 3, 4),
    ]


def test_dates_without_a_time_are_counted_as_left_out(frame: FrameOf) -> None:
    rows = [{"received_at": f"2026-03-03{t}", "confirmed_at": "2026-03-03T10:05"} for t in ("T10:00", "", "")]
    value = one({"requests": frame(rows)}, "RESP_10M")
    assert (value.n, value.excluded) == (1, 2)


def test_the_ladder_looks_at_who_did_the_work(frame: FrameOf) -> None:
    rows = frame([won("가", assignee="김", rework=True), won("가", assignee="이", rework=False)])
    by_default = compute({"requests": rows}, SHIPPED, kpis=["REWORK_RATE"])
    assert {tuple(v.by) for v in by_default} == {(), ("partner",), ("assignee",)}
    only_partners = compute({"requests": rows}, Settings(ladder_subject="partner"), kpis=["REWORK_RATE"])
    assert {tuple(v.by) for v in only_partners} == {(), ("partner",)}


# -- always ------------------------------------------------------------------------------------------------------------


def test_the_json_is_the_contracts_shape(frame: FrameOf) -> None:
    rows = frame([won("GTXPro", 3_510_578, "2016-10-20"), won("그 외", 6_494_956, "2017-12-31")])
    found = to_json(compute({"requests": rows}, SHIPPED, kpis=["DEPENDENCY"]), say)
    row = next(r for r in found if r["by"] == {"partner": "GTXPro"})
    assert row.items() >= {
        "kpi": "DEPENDENCY", "value": 0.350864, "numerator": 3510578, "denominator": 10005534, "n": 1, "target": 0.3,
        "target_kind": "seed_number", "flag": "breach", "window": ["2016-10-20", "2017-12-31"],
    }.items()  # fmt: skip
    assert json.loads(json.dumps(found)) == found


def test_no_rows_are_no_error(frame: FrameOf) -> None:
    assert all(v.value is None for v in compute({"requests": frame([won("가", 1)]).clear()}, SHIPPED))
    assert all(not v.on for v in compute({}, SHIPPED))
    assert all(v.value is None for v in Measures({"requests": frame([won("가", 1)]).clear()}, SHIPPED).current())


MESSY = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["가", "나", "다", None]),
        "stage": st.sampled_from(["수주", "취소", "접수", None]),
        "received_at": st.sampled_from(["2026-01-05T10:00", "2026-02-04", "2026-03-30T20:00", None]),
        "confirmed_at": st.sampled_from(["2026-01-05T10:05", "2026-02-04", None]),
        "visited_at": st.sampled_from(["2026-01-05", "2026-04-05", None]),
        "won_at": st.sampled_from(["2026-01-09", "2026-03-10", None]),
        "customer": st.sampled_from(["김", "이", None]),
        "amount": st.sampled_from([0, 100, -50, None]),
        "refund": st.sampled_from([10, 500, None]),
        "claim": st.sampled_from([True, False, None]),
        "rework": st.sampled_from([True, None]),
    }
)


@settings(max_examples=8, deadline=None)
@given(st.lists(MESSY, min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_numbers_and_no_number_is_nan(rows: list[dict[str, Any]], dice: Any) -> None:
    def numbers(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
        measures = Measures({"requests": frame_of(some)}, SHIPPED, as_of=dt.date(2026, 4, 30))
        return to_json([*measures.compute(), *measures.current(), *measures.compute(by="month")], say)

    found = numbers(rows)
    json.dumps(found, allow_nan=False)
    shuffled = rows[:]
    dice.shuffle(shuffled)

    def key(row: dict[str, object]) -> str:
        return json.dumps([row["kpi"], row["by"]], ensure_ascii=False)

    assert sorted(numbers(shuffled), key=key) == sorted(found, key=key)


@given(
    st.lists(st.tuples(st.sampled_from(["한빛", "샛별", "두리", None]), st.integers(-3, 9)), min_size=1, max_size=12)
)
@settings(max_examples=40, deadline=None)
def test_a_kpi_without_a_whole_is_shown_by_whom_it_is_worst_for(orders: list[tuple[str | None, int]]) -> None:
    requests = frame_of([won(partner, amount) for partner, amount in orders])
    measures = Measures({"requests": requests}, SHIPPED)
    for kpi, sign in (("DEPENDENCY", 1), ("SILENCE_4W", 1)):
        every, shown_by = measures.compute([kpi]), measures.compute([kpi], whole=True)
        named = [v for v in every if v.value is not None and None not in v.by.values()]
        worst = max((sign * (v.value or 0) for v in named), default=None)
        assert shown_by == (every if worst is None else [v for v in named if sign * (v.value or 0) == worst])
