"""What cohorts of customers were worth by age: who is too young does not count, and is never 0."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.bindings import prepare
from addin.crm.calendar import day_of
from addin.crm.cohort_value import Cohort, Triangle, triangle
from addin.crm.measures import Measures
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from tests.unit.crm.conftest import FrameOf

AS_OF = dt.date(2026, 11, 20)


def order(who: str, day: str, amount: int, **more: Any) -> dict[str, Any]:
    return {"customer": who, "won_at": day, "amount": amount, **more}


def grown(frame: pl.DataFrame, **own: Any) -> Triangle:
    found = triangle(prepare(frame, Settings(**own), day_of(AS_OF)), Settings(**own))
    assert found is not None
    return found


def values(cohort: Cohort) -> list[float | None]:
    return [cell.value if cell else None for cell in cohort.cells]


def test_a_customers_revenue_counts_in_the_quarter_of_its_first_order(frame: FrameOf) -> None:
    found = grown(frame([order("가", "2025-02-03", 100), order("가", "2025-09-01", 50), order("나", "2025-05-01", 30)]))
    assert [(c.label, c.customers) for c in found.cohorts] == [("2025-Q1", 1), ("2025-Q2", 1)]
    assert values(found.cohorts[0]) == [100, 100, 150, 150]
    assert values(found.total) == [65, 65, 90, 90]


def test_a_cohort_too_young_for_a_horizon_is_not_yet_worth_anything_not_zero(frame: FrameOf) -> None:
    found = grown(frame([order("가", "2026-05-01", 100), order("나", "2026-11-02", 100)]))
    assert [values(c) for c in found.cohorts] == [[100, 100, None, None], [None] * 4]


def test_of_a_cohort_partly_old_enough_only_those_count(frame: FrameOf) -> None:
    found = grown(frame([order("가", "2026-07-01", 100), order("나", "2026-09-20", 900)]))
    cell = found.cohorts[0].cells[0]
    assert cell is not None
    assert (cell.aged, cell.value, cell.complete) == (1, 100, False)


@pytest.mark.parametrize(("day", "old"), [("2026-08-21", True), ("2026-08-22", False)])
def test_thirteen_weeks_are_over_on_the_ninety_first_day(frame: FrameOf, day: str, old: bool) -> None:
    found = grown(frame([order("가", day, 100)]))
    assert (found.total.cells[0] is not None) is old


def test_two_orders_on_the_first_day_are_one_customer(frame: FrameOf) -> None:
    assert grown(frame([order("가", "2025-02-03", 100), order("가", "2025-02-03", 50)])).total.customers == 1


def test_refunds_count_against_it_even_below_zero(frame: FrameOf) -> None:
    found = grown(frame([order("가", "2025-02-03", 100, refund=150)]))
    assert values(found.total)[0] == -50


def test_months_are_cohorts_too(frame: FrameOf) -> None:
    prepared = prepare(frame([order("가", "2025-02-03", 1)]), Settings(), day_of(AS_OF))
    found = triangle(prepared, Settings(), "month")
    assert found is not None
    assert found.cohorts[0].label == "2025-02"


def test_without_orders_there_is_no_triangle(frame: FrameOf) -> None:
    assert triangle(prepare(frame([{"customer": "가", "won_at": None}]), Settings(), day_of(AS_OF)), Settings()) is None


def test_the_settings_own_horizon_is_one_of_them(frame: FrameOf) -> None:
    assert grown(frame([order("가", "2025-02-03", 1)]), ltv_weeks=20).horizons == (13, 20, 26, 39, 52)


@pytest.mark.parametrize("own", [{}, {"ltv_weeks": 20}, {"margin": Decimal("0.3")}])
def test_the_total_is_the_kpi_ltv(frame: FrameOf, own: dict[str, Any]) -> None:
    rows = [order(f"고객{i % 7}", f"2025-{i % 12 + 1:02d}-11", 1000 + i, refund=i % 3) for i in range(40)]
    rows += [order("새", "2026-10-10", 500)]
    requests = frame(rows)
    ltv = Measures({"requests": requests}, Settings(**own), as_of=AS_OF).compute(["LTV"])[0]
    found = grown(requests, **own)
    cell = found.total.cells[found.horizons.index(Settings(**own).ltv_weeks)]
    assert cell is not None
    assert ltv.value is not None
    assert cell.value == pytest.approx(ltv.value)
    assert cell.aged == ltv.n


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("가나다라"), st.integers(0, 700), st.integers(-50, 500)), max_size=15))
def test_the_cohorts_add_up_to_all_customers(rows: list[tuple[str, int, int]]) -> None:
    first = day_of(AS_OF) - 700
    frame = pl.DataFrame(
        {
            "customer": [row[0] for row in rows],
            "won_at": [(first + row[1]) * 1440 for row in rows],
            "amount": [row[2] * 100 for row in rows],
        },
        schema={"customer": pl.String, "won_at": pl.Int64, "amount": pl.Int64},
    )
    found = triangle(prepare(frame, Settings(), day_of(AS_OF)), Settings())
    if found is None:
        assert not rows
        return
    assert sum(c.customers for c in found.cohorts) == found.total.customers == len({row[0] for row in rows})
    for at, whole in enumerate(found.total.cells):
        parts = [cell for c in found.cohorts if (cell := c.cells[at]) is not None]
        assert sum(cell.aged for cell in parts) == (whole.aged if whole else 0)
        assert sum(cell.net for cell in parts) == pytest.approx(whole.net if whole else 0)
