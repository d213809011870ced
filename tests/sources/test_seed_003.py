"""Source 003, membership: each sentence of it, as the code keeps it."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import polars as pl

from addin.crm.customer_settings import Business
from addin.crm.funnel import funnel
from addin.crm.funnel_steps import bind_funnel, spoken
from addin.crm.pool import standing, weeks
from addin.crm.regulars import regular_product
from addin.crm.settings import Settings
from addin.crm.unit_economics import unit_economics
from addin.i18n import say
from tests.unit.crm.conftest import frame_of


def test_the_funnel_is_apply_experience_decide_and_joining_the_membership_is_the_decision() -> None:
    """[r] 신청 → 경험 → 결정 → 단골; 기본 '결정'은 멤버십 가입이다."""
    rows = frame_of(
        [
            {"received_at": "2026-03-02", "completed_at": None, "membership_at": None},
            {"received_at": "2026-03-02", "completed_at": "2026-03-05", "membership_at": None},
            {"received_at": "2026-03-02", "completed_at": "2026-03-05", "membership_at": "2026-03-06"},
        ]
    )
    found = funnel(rows, spoken(bind_funnel("regulars", rows.columns), lambda m: say(m, "ko")), cohorts=0)
    assert [(step.label, step.count) for step in found.steps] == [("신청", 3), ("경험", 2), ("결정", 1)]


def test_after_the_experience_comes_an_invitation_and_joining_counts_as_a_regular() -> None:
    """[r] 엔진은 퍼널과 단골 풀: 경험 다음에 풀로 초대하고, 들어오면 단골로 센다."""
    lines = pl.DataFrame(
        {"experienced": [95, 95], "member_at": [None, 96], "joined_at": [None, None], "left_at": [None, None],
         "troubled": [False, False], "service_kind": [None, None]},
        schema_overrides=dict.fromkeys(("member_at", "joined_at", "left_at"), pl.Int64) | {"service_kind": pl.String},
    )  # fmt: skip
    assert lines.select(standing(lines, 100, Settings()))["literal"].to_list() == ["invite", "member"]
    assert sum(week.joined for week in weeks(lines, 101, 2)) == 1


def test_the_kind_of_business_decides_what_the_regular_product_is() -> None:
    """[r] {제조, 서비스} × {단발, 지속}이 단골 상품이 무엇인지 정한다."""
    kinds = get_args(Business)
    assert len(kinds) == len({say(regular_product(Settings(business=kind)), "ko") for kind in kinds}) == 4


def test_each_step_has_its_conversion_its_cost_and_its_value() -> None:
    """[r] 단계별 전환과 손익 모델: 단계마다 단위 경제성."""
    steps = [("신청", 10), ("경험", 5), ("결정", 2)]
    found = unit_economics(steps, 2, spend=100_00, net=1_000_00, orders=2, margin=Decimal("0.5"))
    assert [(step.cost, step.value) for step in found.steps] == [(10, 50), (20, 100), (50, 250)]
    assert [step.rate for step in found.steps] == [0.5, 0.4, None]
