"""Source 002, customer KPIs: each sentence and number of it, as the code keeps it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from addin.crm.best_cases import best_cases
from addin.crm.bindings import prepare
from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.cross_sell import offers
from addin.crm.grid import Grid
from addin.crm.headers import propose
from addin.crm.measures import Measures, compute
from addin.crm.people import people
from addin.crm.personas import personas
from addin.crm.quality import scores
from addin.crm.regulars import Regulars, regulars
from addin.crm.request_tasks import request_tasks
from addin.crm.settings import Settings
from addin.crm.up_sell import up_sell
from addin.crm.users import User
from tests.unit.crm.conftest import frame_of

AS_OF = (minutes_of_text("2026-11-20") or 0) // DAY
FLAGS = ("no_show", "discount_asked", "bypass")


def order(who: str, on: str = "2026-10-01", **more: Any) -> dict[str, Any]:
    return {"customer": who, "received_at": on, "won_at": on, "amount": 100, **more}


def kinds(row: dict[str, Any], as_of: str) -> list[str]:
    rows = frame_of([row]).with_columns(partner_key=pl.lit(None, dtype=pl.String), request_id=pl.lit("R1"))
    return [task.kind for task in request_tasks(rows, Settings(), (minutes_of_text(as_of) or 0) // DAY)]


def score(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = scores(frame_of(rows), None, AS_OF, Settings()).to_dicts()
    return {line["customer"].split("\x1f")[0]: line for line in found}


def told(rows: list[dict[str, Any]], customers: pl.DataFrame | None = None) -> Regulars:
    prepared = prepare(frame_of(rows), Settings(), AS_OF, customers)
    found = regulars(people(prepared, Settings(), customers), prepared, Settings())
    assert found is not None
    return found


def test_without_a_decision_another_proposal_follows_within_24_hours() -> None:
    """[n] 결정이 없으면 24시간 안에 다른 제안."""
    row = {"received_at": "2026-03-03T10:00", "proposed_at": "2026-03-03T11:00", "stage": "제안"}
    assert "reproposal" not in kinds(row, "2026-03-03")
    assert "reproposal" in kinds(row, "2026-03-04")
    assert "reproposal" not in kinds({**row, "stage": "수주"}, "2026-03-04")


def test_the_reason_a_request_was_lost_is_always_recorded() -> None:
    """[r] 놓친 까닭(취소, 마음에 안 듦, 다른 곳 선택, 잊음)은 늘 남긴다."""
    row = {"received_at": "2026-03-03T10:00", "stage": "취소", "lost_reason": None}
    assert kinds(row, "2026-03-10") == ["lost_reason"]
    assert kinds({**row, "lost_reason": "다른 곳 선택"}, "2026-03-10") == []


@pytest.mark.parametrize(("days", "flag"), [(6, "breach"), (7, "warn"), (8, "ok")])
def test_requests_come_seven_to_eight_days_before_the_event(days: int, flag: str) -> None:
    """[n] 요청은 행사 7~8일 전에 온다."""
    event = (dt.date(2026, 3, 2) + dt.timedelta(days)).isoformat()
    rows = frame_of([{"received_at": "2026-03-02T09:00", "event_at": event}] * 10)
    assert compute({"requests": rows}, Settings(), kpis=["LEAD_TIME"], as_of=dt.date(2026, 3, 8))[0].flag == flag


@pytest.mark.parametrize(("quiet", "flag"), [(20, "ok"), (28, "warn"), (29, "breach")])
def test_no_news_for_four_weeks_is_a_fault(quiet: int, flag: str) -> None:
    """[n] 4주 동안 소식이 없으면 잘못이다."""
    last = (dt.date(2026, 3, 31) - dt.timedelta(quiet)).isoformat()
    tables = {
        "requests": frame_of([{"partner": "한빛", "received_at": last}]),
        "partners": frame_of([{"name": "한빛"}]),
    }
    values = Measures(tables, Settings(), as_of=dt.date(2026, 3, 31)).current(["SILENCE_4W"])
    assert [value.flag for value in values if value.by == {"partner": "한빛"}] == [flag]


def test_customers_stand_by_persona() -> None:
    """[r] 페르소나."""
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["신혼", "이사"]})
    found = personas(told([order("가"), order("나"), order("나")], customers).lines)
    assert {one.name: (one.customers, one.orders) for one in found} == {"이사": (1, 2), "신혼": (1, 1)}


def test_what_a_customer_likes_and_chose_is_kept_together() -> None:
    """[r] 고객마다 취향을 쌓는다."""
    customers = pl.DataFrame({"name": ["가"], "preference": ["친환경 자재"]})
    (person,) = told(
        [order("가", "2026-10-01", service="도배"), order("가", "2026-11-01", service="전등")], customers
    ).people
    assert (person.preference, [one.service for one in person.told]) == ("친환경 자재", ["도배", "전등"])


@pytest.mark.parametrize(
    ("rule", "good", "other"),
    [
        ("both", [{"service": "정기 청소"}, {"service": "전등 교체"}], [{"service": "정기 청소"}]),
        ("frequent", [{"no_show": False}] * 3, [{"no_show": False}, {"no_show": False}, {"no_show": True}]),
        ("fair", [{"discount_asked": False, "bypass": False}], [{"discount_asked": False, "bypass": True}]),
        ("introduced", [{"referrer": None}], [{"referrer": None}]),
    ],
)
def test_quality_customers(rule: str, good: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    """[r] 양질의 고객: 정기와 맞춤을 함께, 노쇼 없이 자주, 깎거나 우회하지 않음, 소개함."""
    rows = [order("좋음", **row) for row in good] + [order("보통", **row) for row in other]
    if rule == "introduced":
        rows.append(order("손님", referrer="좋음"))
    found = score(rows)
    assert (found["좋음"][rule], bool(found["보통"][rule])) == (True, False)


def test_asking_for_10_to_15_percent_off_and_one_off_rewards_are_low_quality() -> None:
    """[n] 저품질: 10~15 % 싸게 해 달라 함, 일회성 보상으로 옴."""
    rows = [
        order("깎음", discount_asked=True, source="검색"),
        order("쿠폰", discount_asked=False, source="첫 이용 쿠폰"),
    ]
    found = score(rows)
    assert (found["깎음"]["haggles"], found["깎음"]["score"]) == (True, -1)
    assert found["쿠폰"]["rewarded"]


def test_buyers_of_regular_or_group_service_are_strategic() -> None:
    """[r] 전략 고객: 정기·단체 서비스를 사는 사람(또는 대리인)."""
    customers = pl.DataFrame({"name": ["단체"], "service_kind": ["단체"]})
    rows = [order("정기", service="정기 청소"), order("단체", service="행사"), order("보통", service="수전")]
    assert {one.name for one in told(rows, customers).strategic} == {"정기", "단체"}


def test_what_others_bought_next_is_offered() -> None:
    """[r] 교차 판매."""
    rows = [
        {"customer": f"고객{i}", "service": what, "won_at": on}
        for i in range(3)
        for what, on in (("도배", "2026-03-02"), ("전등", "2026-05-02"))
    ]
    prepared = prepare(frame_of(rows), Settings(), AS_OF)
    found = offers(prepared, people(prepared, Settings()).filter("several")["customer"])
    assert (found["도배"].following, found["도배"].times) == ("전등", 3)


def test_the_buyer_is_often_not_the_user_and_both_are_kept() -> None:
    """[r] 사는 사람과 쓰는 사람은 다를 때가 많다: 둘 다 남긴다."""
    sheet = [
        ["신청일", "신청자", "이용자", "서비스", "결제일"],
        ["2026-10-01", "총무", "김대리", "도시락", "2026-10-01"],
    ]
    (match,) = propose([Grid("신청", sheet)]).tables
    assert [match.columns[name].header for name in ("customer", "user")] == ["신청자", "이용자"]
    customers = pl.DataFrame({"name": ["총무", "김대리"], "persona": ["총무", "직원"], "preference": [None, "채식"]})
    rows = frame_of([order("총무", user="김대리"), order("총무", user="김대리"), order("총무", user=None)])
    prepared = prepare(rows, Settings(), AS_OF, customers)
    found = regulars(people(prepared, Settings(), customers), prepared, Settings(), (), customers)
    assert found is not None
    (buyer,) = found.people
    assert (buyer.name, buyer.orders, buyer.net) == ("총무", 3, 30000)  # money is who pays'
    assert buyer.users == (User("김대리", 2, "직원", "채식"),)  # persona and preference are who uses'


def test_best_cases_are_kept_for_each_type() -> None:
    """[r] 유형별 베스트 사례를 모은다: 만족한 고객, 다시 온 고객, 소개한 고객."""
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["총무", "신혼"]})
    rows = [
        order("가", service="행사", satisfaction=5, claim=False),
        order("나", service="도시락", satisfaction=5, claim=False),
        order("다", service="도시락", satisfaction=5, claim=True),
        order("라", service="도시락", satisfaction=2, claim=False),
    ]
    prepared = prepare(frame_of(rows), Settings(), AS_OF, customers)
    found = best_cases(prepared, people(prepared, Settings(), customers), Settings(), customers)
    assert [(case.kind, case.of, case.customer) for case in found.cases] == [
        ("service", "도시락", "나"),
        ("service", "행사", "가"),
        ("persona", "신혼", "나"),
        ("persona", "총무", "가"),
    ]


def test_who_bought_the_same_for_more_later_was_up_sold() -> None:
    """[r] 업셀링: 같은 것을 더 좋게, 더 많이."""
    rows = [order(who, "2026-03-02", service="도시락") for who in "가나다라"]
    rows += [order("가", "2026-05-02", service="도시락") | {"amount": 300}]
    rows += [order("나", f"2026-{month:02d}-02", service="도시락") | {"amount": 50} for month in (4, 5, 6)]
    prepared = prepare(frame_of(rows), Settings(), AS_OF)
    found = up_sell(prepared, people(prepared, Settings()), Settings())
    assert (found.could, found.did) == (2, 1)
    (candidate,) = found.candidates.values()
    assert (candidate.customer.split("\x1f")[0], candidate.usual, candidate.theirs) == ("나", 6250, 10000)


def test_lifetime_value_is_net_revenue_of_customers_old_enough() -> None:
    """[r] 고객 한 명의 LTV."""
    rows = [{"phone": "1", "received_at": on, "won_at": on, "amount": 100} for on in ("2025-01-06", "2025-05-05")]
    rows.append({"phone": "2", "received_at": "2026-03-02", "won_at": "2026-03-02", "amount": 900})  # too young
    found = compute({"requests": frame_of(rows)}, Settings(), kpis=["LTV"], as_of=dt.date(2026, 3, 9))
    assert [(value.value, value.n) for value in found if not value.by] == [(200, 1)]


def test_only_what_is_measurable_becomes_a_kpi() -> None:
    """[r] 여정의 단계마다 지표 후보를 모으되 잴 수 있는 것만 지표가 된다."""
    rows = frame_of([{"received_at": "2026-03-03T10:00", "confirmed_at": "2026-03-03T10:05"}])
    found = {value.kpi: value for value in compute({"requests": rows}, Settings())}
    assert found["RESP_10M"].value == 1
    assert found["CLAIM_RATE"].off is not None
