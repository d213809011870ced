"""Source 000, partner strategy: each sentence and number of it, as the code keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.catalogue import KPIS
from addin.crm.flags import judge
from addin.crm.funnel import funnel_by
from addin.crm.funnel_steps import parse_steps
from addin.crm.kit import BOOKING_HEADERS, CHANNEL_HEADERS, extra
from addin.crm.ladder import climb
from addin.crm.ladder_weeks import flagged_weeks
from addin.crm.measures import Measures, compute
from addin.crm.partner_tasks import partner_tasks
from addin.crm.points import share
from addin.crm.quarters import quarter_tiers
from addin.crm.request_tasks import request_tasks
from addin.crm.screening import representatives, screen
from addin.crm.settings import Settings, shipped_threshold
from addin.crm.tiers import tiers
from addin.i18n import say
from tests.unit.crm.conftest import frame_of

CLUSTERS = ("아파트 단지", "카페·공유오피스", "부동산")
TOLD = {"stage": "미팅", "our_benefit": "물량", "their_benefit": "할인", "turnover": 10.0}


def day(text: str) -> int:
    return (minutes_of_text(text) or 0) // DAY


def candidates(*rows: dict[str, Any]) -> pl.DataFrame:
    told = [{"name": f"후보{i:02d}", "households": None, **TOLD, **row} for i, row in enumerate(rows)]
    return screen(pl.DataFrame(told, schema_overrides={"households": pl.Float64}), Settings())


def measured(kpi: str, rows: list[dict[str, Any]], partners: list[dict[str, Any]] | None = None) -> dict[Any, Any]:
    """Partner (None = the whole) → its value."""
    tables = {"requests": frame_of(rows)} | ({"partners": frame_of(partners)} if partners else {})
    return {value.by.get("partner"): value for value in compute(tables, Settings(), kpis=[kpi])}


def test_apartment_complexes_of_500_households_and_more() -> None:
    """[n] 아파트 단지는 500세대 이상."""
    found = candidates(*({"cluster": CLUSTERS[0], "households": homes} for homes in (500.0, 499.0)))
    points = dict(found.select("partner", "p_households").iter_rows())
    assert points["후보00"] == Settings().screen_households > points["후보01"]


def test_the_clusters_are_apartments_cafes_and_estate_agents() -> None:
    """[r] 클러스터: 아파트 단지, 카페·공유오피스, 부동산."""
    found = candidates(*({"cluster": name} for name in (*CLUSTERS, "병원")))
    points = dict(found.select("partner", "p_cluster").iter_rows())
    assert [points[f"후보{i:02d}"] for i in range(4)] == [30, 30, 30, 0]


def test_three_representative_partners_in_each_cluster() -> None:
    """[n] 클러스터마다 대표 파트너 3곳."""
    names = [f"{cluster[0]}{i}" for cluster in CLUSTERS[:2] for i in range(4)]
    quarter = pl.DataFrame(
        {
            "partner": names, "cluster": [CLUSTERS[i // 4] for i in range(8)], "rank": list(range(1, 9)),
            "tier": ["keep"] * 8, "ended": [False] * 8,
        }
    )  # fmt: skip
    found = representatives(quarter, Settings())
    assert found["partners"].to_list() == [["아0", "아1", "아2"], ["카0", "카1", "카2"]]


def test_two_pilots_in_each_cluster_make_six() -> None:
    """[n] 클러스터마다 파일럿 2곳, 모두 6곳."""
    found = candidates(*({"cluster": cluster, "households": 600.0} for cluster in CLUSTERS for _ in range(5)))
    assert dict(found.filter("pilot").group_by("cluster").len().iter_rows()) == dict.fromkeys(CLUSTERS, 2)
    assert found["pilot"].sum() == 6


def test_twenty_candidates_are_screened_and_six_become_pilots() -> None:
    """[n] 후보 20곳을 추려 2~3개월차에 6곳을 파일럿."""
    found = candidates(*({"cluster": CLUSTERS[i % 3], "households": 100.0 * i} for i in range(20)))
    assert (found.height, found["pilot"].sum(), Settings().candidates) == (20, 6, 20)
    assert found["score"].is_sorted(descending=True)


def test_the_top_half_is_expanded_and_the_bottom_30_percent_replaced() -> None:
    """[n] 4~6개월차에 상위 50 %는 확대, 하위 30 %는 교체."""
    names = [f"파트너{i}" for i in range(10)]
    frame = pl.DataFrame({"partner": names, "revenue": list(range(100, 0, -10)), "n": [50] * 10})
    told = tiers(frame.with_columns(ltv_cac=pl.lit(None, dtype=pl.Float64), claim_rate=pl.lit(0.0)))
    assert told["tier"].to_list() == ["expand"] * 5 + ["keep"] * 2 + ["replace"] * 3


def test_partners_are_ranked_anew_every_quarter() -> None:
    """[r] 분기마다 등급을 다시 매긴다."""
    rows = [
        {"partner": name, "received_at": on, "won_at": on, "amount": amount}
        for on, amounts in (("2026-02-02", (40, 30, 20, 10)), ("2026-05-04", (10, 20, 30, 40)))
        for name, amount in zip("가나다라", amounts, strict=True)
    ]
    measures = Measures({"requests": frame_of(rows)}, Settings(), as_of=dt.date(2026, 7, 1))
    second, first = (dict(q.frame.select("partner", "tier").iter_rows()) for q in quarter_tiers(measures.tally))
    assert (first["가"], first["라"]) == ("expand", "replace")
    assert (second["가"], second["라"]) == ("replace", "expand")


@pytest.mark.parametrize(("minute", "kept"), [(10, 1), (11, 0)])
def test_a_request_is_confirmed_within_ten_minutes(minute: int, kept: int) -> None:
    """[n] SLA: 접수 후 10분 안에 확인."""
    rows = [{"received_at": "2026-03-03T10:00", "confirmed_at": f"2026-03-03T10:{minute}"}]
    value = measured("RESP_10M", rows)[None]
    assert (value.numerator, value.n) == (kept, 1)


@pytest.mark.parametrize(("same_day", "flag"), [(90, "ok"), (89, "warn")])
def test_nine_in_ten_are_visited_the_same_day(same_day: int, flag: str) -> None:
    """[n] SLA: 당일 방문 90 %."""
    kpi = KPIS["SAMEDAY"]
    assert kpi.target_kind == "seed_number"
    assert judge(kpi, share(same_day, 100), shipped_threshold(kpi)).flag == flag


def test_one_defect_report_a_month_goes_to_the_management_office() -> None:
    """[n] 관리사무소에 하자 보고서를 월 1회."""
    office = frame_of([{"name": "한빛", "cluster": "아파트 단지", "stage": "운영"}]).with_columns(partner_key="name")
    done = [{"partner": "한빛", "acted_at": on, "kind": "보고", "text": None} for on in ("2026-02-20", "2026-03-20")]

    def due(*acts: dict[str, Any]) -> list[str]:
        found = partner_tasks(office, Settings(), day("2026-03-31"), activities=frame_of(list(acts)))
        return [task.about for task in found if task.kind == "monthly_report"]

    assert due(done[0]) == ["한빛/2026-03"]
    assert due(*done) == []


@pytest.mark.parametrize(("revenue", "flag"), [(300, "warn"), (301, "breach")])
def test_one_partners_share_strictly_over_30_percent_reverses_bargaining_power(revenue: int, flag: str) -> None:
    """[n] 한 파트너의 매출 비중이 30 %를 넘으면 협상력이 뒤집힌다."""
    sold = {"received_at": "2026-03-02", "won_at": "2026-03-02"}
    rows = [{"partner": "한빛", "amount": revenue, **sold}]
    rows += [
        {"partner": f"샛별{i}", "amount": (1000 - revenue) // 4 + (i == 0) * ((1000 - revenue) % 4), **sold}
        for i in range(4)
    ]
    found = measured("DEPENDENCY", rows)
    assert (found["한빛"].numerator, found["한빛"].flag) == (revenue, flag)


def test_substitute_candidates_of_the_same_cluster_are_shown() -> None:
    """[r] 의존도가 넘으면 같은 클러스터의 대체 후보를 보인다."""
    sold = {"received_at": "2026-03-02", "won_at": "2026-03-02"}
    partners = [
        {"name": "한빛", "cluster": "아파트", "stage": "운영"},
        {"name": "후보단지", "cluster": "아파트", "stage": "미팅"},
        {"name": "후보카페", "cluster": "카페", "stage": "미팅"},
    ]
    found = measured("DEPENDENCY", [{"partner": "한빛", "amount": 9, **sold}], partners)["한빛"]
    assert (found.flag, found.detail) == ("breach", ("후보단지",))


def test_quality_is_checked_every_week() -> None:
    """[r] 매주 품질 점검: 재방문율, 클레임률, 응답시간."""
    row = {"received_at": "2026-03-03T10:00", "confirmed_at": "2026-03-03T10:05", "won_at": "2026-03-03"}
    rows = frame_of([row] * 3).with_columns(claim=pl.Series([True, False, False]), rework=pl.Series([True] * 3))
    for kpi, hits in (("REWORK_RATE", 3), ("CLAIM_RATE", 1), ("RESP_10M", 3)):
        weeks = compute({"requests": rows}, Settings(), kpis=[kpi], by="week")
        assert [(value.by["week"], value.numerator, value.n) for value in weeks] == [("2026-W10", hits, 3)]


def test_over_the_threshold_training_then_ride_along_then_suspension() -> None:
    """[r] 기준치를 넘으면 교육 → 현장동행 → 일시 중단."""
    told = [climb((week, "breach") for week in range(1, weeks + 1)) for weeks in (1, 2, 3)]
    assert [say(state.name, "ko") for state in told] == ["교육", "현장동행", "일시 중단 승인 대기"]
    sums = pl.DataFrame({"subject": ["김"] * 2, "week": [1, 2], "resp_hit": [3, 10], "resp_n": [10, 10]})
    flags = flagged_weeks(sums, KPIS["RESP_10M"], shipped_threshold(KPIS["RESP_10M"]))["김"].flags
    assert flags[0] == "breach"


def test_each_partner_has_a_monthly_goal_a_refund_rate_and_a_revisit_rate() -> None:
    """[r] 파트너마다 함께 보는 지표: 월 거래 목표, 환불률, 재방문율."""
    rows = [
        {
            "partner": name,
            "phone": f"{name}{i}",
            "received_at": "2026-03-03",
            "won_at": "2026-03-03",
            "amount": 100,
            "refund": refund,
        }
        for name, refund in (("한빛", 50), ("샛별", None))
        for i in range(2)
    ]
    partners = [{"name": name, "monthly_goal": 4.0} for name in ("한빛", "샛별")]
    tables = {"requests": frame_of(rows), "partners": frame_of(partners)}
    as_of = dt.date(2026, 7, 1)
    found = compute(tables, Settings(), kpis=["REFUND_RATE", "REVISIT_RATE"], as_of=as_of)
    told = {(value.kpi, value.by.get("partner")): value for value in found}
    assert (told["REFUND_RATE", "한빛"].numerator, told["REFUND_RATE", "샛별"].numerator) == (2, 0)
    assert told["REVISIT_RATE", "한빛"].n == 2
    goals = Measures(tables, Settings(), as_of=dt.date(2026, 3, 31)).current(["MONTHLY_GOAL"])
    assert {value.by.get("partner"): value.value for value in goals}["한빛"] == 0.5


def test_acquisition_cost_lifetime_value_dependency_and_claims_are_known_for_each_partner() -> None:
    """[r] 파트너마다 CAC, LTV, 의존도, 클레임률을 주간으로."""
    first = {"received_at": "2025-01-06", "won_at": "2025-01-06", "amount": 100}
    rows = [
        {"partner": name, "phone": f"{name}{i}", "claim": i == 0, **first}
        for name in ("한빛", "샛별")
        for i in range(5)
    ]
    spend = frame_of([{"spent_at": "2025-01-07", "partner": "한빛"}]).with_columns(
        amount=pl.lit(50_000, dtype=pl.Int64)
    )
    tables = {"requests": frame_of(rows), "spend": spend}
    found = compute(tables, Settings(), kpis=["CAC", "LTV", "DEPENDENCY", "CLAIM_RATE"], as_of=dt.date(2026, 3, 2))
    told = {value.kpi: value.value for value in found if value.by.get("partner") == "한빛"}
    assert told == {"CAC": 100, "LTV": 100, "DEPENDENCY": 0.5, "CLAIM_RATE": 0.2}


def test_the_volatility_of_orders_is_measured() -> None:
    """[r] 주문량 변동성."""
    weeks = [dt.date(2026, 1, 5) + dt.timedelta(7 * i) for i in range(13)]
    steady = [
        {"partner": "한빛", "received_at": w.isoformat(), "won_at": w.isoformat()} for w in weeks for _ in range(4)
    ]
    wild = [{**row, "partner": "샛별"} for row in steady if row["received_at"] in ("2026-01-05", "2026-03-30")]
    found = measured("VOLATILITY", steady + wild)
    assert found["한빛"].value == 0
    assert found["샛별"].value > 1


@pytest.mark.parametrize(("as_of", "told"), [("2026-03-09", False), ("2026-03-13", True)])
def test_seven_days_before_the_closing_date_a_notice_with_the_standard_quote(as_of: str, told: bool) -> None:
    """[n] 잔금일 D-7에 표준 견적과 함께 자동 안내."""
    row = {"received_at": "2026-03-03T10:00", "event_at": "2026-03-20", "stage": "접수", "request_id": "R1"}
    rows = frame_of([row]).with_columns(partner_key=pl.lit(None, dtype=pl.String))
    found = [task for task in request_tasks(rows, Settings(), day(as_of)) if task.kind == "event_d7"]
    assert [task.due_text for task in found] == ["2026-03-13"] * told


def test_a_job_before_they_move_in_is_done_while_the_house_is_empty() -> None:
    """[r] 입주 전 점검은 빈집일 때: 잔금일과 입주일 사이로 방문일을 잡는다."""
    row = {
        "event_at": "2026-03-20",
        "move_in_at": "2026-03-25",
        "visited_at": None,
        "stage": "수주",
        "request_id": "R1",
    }
    rows = frame_of([row]).with_columns(partner_key=pl.lit(None, dtype=pl.String))
    (task,) = request_tasks(rows, Settings(), day("2026-03-12"))
    assert (task.kind, task.due_text) == ("empty_house", "2026-03-20")


def test_a_good_and_a_bad_second_visit_are_two_measures() -> None:
    """[r] 재방문율은 공유 지표(좋음)와 품질 결함(나쁨)으로 두 번 나온다: 두 지표, 조치는 둘째를 쓴다."""
    assert (KPIS["REVISIT_RATE"].direction, KPIS["REWORK_RATE"].direction) == ("higher", "lower")
    again = [{"phone": "1", "received_at": on, "won_at": on} for on in ("2026-03-02", "2026-03-20")]
    value = compute({"requests": frame_of(again)}, Settings(), kpis=["REVISIT_RATE"], as_of=dt.date(2026, 9, 1))[0]
    assert value.numerator == 1


def test_each_representative_partner_has_its_own_contact_channel_and_booking_form() -> None:
    """[r] 대표 파트너마다 전용 연락 채널과 예약 양식."""
    row = {"전용채널": "@한빛", "예약링크": "https://example.com/h"}
    assert (extra(row, CHANNEL_HEADERS), extra(row, BOOKING_HEADERS)) == ("@한빛", "https://example.com/h")


def test_conversion_is_compared_by_the_source_of_each_request() -> None:
    """[r] 소개 보상, 쿠폰, 데모: 접수 경로를 남겨 경로별 전환을 비교한다."""
    rows = [{"source": "쿠폰", "won_at": None}] * 3 + [{"source": "데모", "won_at": "2026-03-02"}] * 2
    steps = parse_steps(["접수=all", "수주=won_at"], {"won_at": "won_at"})
    groups = funnel_by(frame_of(rows), steps, "source")
    assert {group.value: group.funnel.transitions[0].rate for group in groups} == {"쿠폰": 0, "데모": 1}
