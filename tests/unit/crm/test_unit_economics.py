"""Unit economics per step: what one more at a step cost, and what one who stands there is worth (seed 003)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.funnel_steps import StepSpec
from addin.crm.settings import Settings
from addin.crm.unit_economics import MISSING_IDS, UnitEconomics, late_spend, order_step, unit_economics
from addin.i18n import known

STEPS = [("접수", 100), ("견적", 40), ("수주", 10), ("완료", 8)]


def economics(
    steps: list[tuple[str, int | None]] | None = None,
    outcome: int | None = 2,
    spend: int | None = 100_000_00,
    net: int | None = 1_000_000_00,
    orders: int = 10,
    margin: str = "1",
) -> UnitEconomics:
    return unit_economics(
        steps if steps is not None else list(STEPS),
        outcome,
        spend=spend,
        net=net,
        orders=orders,
        margin=Decimal(margin),
    )


def test_cost_grows_and_value_grows_towards_the_order() -> None:
    found = economics()
    assert [step.cost for step in found.steps] == [1_000, 2_500, 10_000, 12_500]
    assert [round(step.value or 0) for step in found.steps] == [10_000, 25_000, 100_000, 100_000]
    assert [round(step.margin or 0) for step in found.steps] == [9_000, 22_500, 90_000, 87_500]


def test_the_teams_margin_is_part_of_the_value() -> None:
    assert [round(step.value or 0) for step in economics(margin="0.3").steps][:2] == [3_000, 7_500]


def test_without_spend_there_is_no_cost_and_it_says_so() -> None:
    found = economics(spend=None)
    assert [step.cost for step in found.steps] == [None] * 4
    assert [m.id for m in found.missing] == ["economics.missing.spend"]


def test_without_a_won_step_or_amounts_there_is_no_value_and_it_says_so() -> None:
    assert [m.id for m in economics(outcome=None).missing] == ["economics.missing.won"]
    assert [step.value for step in economics(net=None).steps] == [None] * 4


def test_a_step_nobody_reached_has_no_cost_and_no_value_not_zero() -> None:
    found = economics([("접수", 10), ("견적", 0), ("수주", 0)], orders=0, net=0)
    assert [(step.cost, step.value) for step in found.steps] == [(10_000, None), (None, None), (None, None)]


def test_a_step_with_more_than_the_one_before_counts_as_all_of_them_and_is_marked() -> None:
    found = economics([("접수", 10), ("견적", 20), ("수주", 10)])
    assert [(step.rate, step.odd) for step in found.steps] == [(1.0, True), (0.5, False), (None, False)]


def test_an_unknown_count_leaves_what_needs_it_blank() -> None:
    found = economics([("방문", None), ("접수", 10), ("수주", 5)])
    assert [step.value is None for step in found.steps] == [True, False, False]


def test_refunds_over_the_revenue_make_a_negative_value() -> None:
    assert [step.value for step in economics(net=-1_000_00, orders=10).steps][2] == -100


@pytest.mark.parametrize(
    ("steps", "order"),
    [
        ([StepSpec("접수", "received_at"), StepSpec("수주", "stage", won=True)], 1),
        ([StepSpec("신청", "received_at"), StepSpec("결제", "won_at"), StepSpec("완료", "completed_at")], 1),
        ([StepSpec("상담", "stage", ("상담", "수주")), StepSpec("계약", "stage", ("수주",))], 1),
        ([StepSpec("신청", "received_at"), StepSpec("경험", "visited_at")], None),
    ],
)
def test_the_order_is_found_in_a_teams_own_funnel(steps: list[StepSpec], order: int | None) -> None:
    assert order_step(steps, Settings()) == order


def test_spend_of_other_days_than_the_requests_is_said() -> None:
    assert late_spend((100, 300), (100, 400)) is not None
    assert late_spend((100, 400), (100, 400)) is None
    assert late_spend(None, (100, 400)) is None


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("id", MISSING_IDS)
def test_what_is_missing_has_its_words(id: str, lang: str) -> None:
    assert known(id, lang)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.integers(0, 10_000), st.integers(1, 10_000))
def test_cost_times_count_is_the_spend_and_value_times_count_the_revenue_at_every_step(
    falls: list[int], spend: int, net: int
) -> None:
    counts = [sum(falls[i:]) for i in range(len(falls))]  # never grows
    last = len(counts) - 1
    found = economics([(str(i), n) for i, n in enumerate(counts)], last, spend * 100, net * 100, orders=counts[last])
    for step in found.steps:
        assert step.reached is not None
        assert step.cost is not None
        assert step.value is not None
        assert step.cost * step.reached == pytest.approx(spend)
        assert step.value * step.reached == pytest.approx(net)
