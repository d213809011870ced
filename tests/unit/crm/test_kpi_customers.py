"""Customers who stay, bring others, buy more; the pool of regulars; who is a good customer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.measures import Measures, compute
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from addin.crm.kpi_values import KpiValue

FrameOf = Callable[..., pl.DataFrame]
SHIPPED = Settings()
FIRST = dt.date(2026, 1, 5)  # a Monday


def order(phone: str, days: int = 0, **more: Any) -> dict[str, Any]:
    """An order so many days after the first Monday of 2026."""
    return {"phone": phone, "won_at": (FIRST + dt.timedelta(days=days)).isoformat(), **more}


def one(tables: dict[str, pl.DataFrame], kpi: str, as_of: int, **more: Any) -> KpiValue:
    day = FIRST + dt.timedelta(days=as_of)
    return next(v for v in compute(tables, SHIPPED, kpis=[kpi], as_of=day, **more) if not v.by)


# -- staying -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("again", "stayed"), [(30, 0), (31, 1), (60, 1), (61, 0)])
def test_a_customer_stays_who_orders_in_the_second_month(frame: FrameOf, again: int, stayed: int) -> None:
    value = one({"requests": frame([order("1"), order("1", again)])}, "RET_RATE", 90)
    assert (value.numerator, value.n) == (stayed, 1)


@pytest.mark.parametrize(("as_of", "n"), [(59, 0), (60, 1)])
def test_who_came_less_than_two_months_ago_is_not_lost_yet(frame: FrameOf, as_of: int, n: int) -> None:
    value = one({"requests": frame([order("1"), order("2", 1)])}, "RET_RATE", as_of)
    assert (value.n, value.value) == (n, 0 if n else None)


def test_a_lost_request_is_no_order_that_keeps_anybody(frame: FrameOf) -> None:
    rows = [order("1", stage="수주"), order("1", 40, stage="취소")]
    assert one({"requests": frame(rows)}, "RET_RATE", 90).value == 0


def test_throughput_counts_those_who_came_to_stay_in_the_last_closed_week(frame: FrameOf) -> None:
    rows = [row for i in range(9) for row in (order(str(i), 7 * i), order(str(i), 7 * i + 35))]
    rows += [order("x"), order("x", 7 * 13)]  # much later: nobody who stayed
    measures = Measures({"requests": frame(rows)}, SHIPPED, as_of=FIRST + dt.timedelta(days=7 * 13 + 6))
    [value] = measures.current(["THROUGHPUT"])
    assert (value.value, value.flag, value.rule and value.rule.on) == (1, "ok", None)


def test_throughput_out_of_its_usual_range_is_a_breach_and_a_young_business_is_a_small_sample(frame: FrameOf) -> None:
    rows = [
        row for week in range(12) for i in range(3)
        for row in (order(f"{week}-{i}", 7 * week), order(f"{week}-{i}", 7 * week + 35))
    ]  # fmt: skip
    tables = {"requests": frame(rows)}
    [steady] = Measures(tables, SHIPPED, as_of=FIRST + dt.timedelta(days=7 * 16 + 6)).current(["THROUGHPUT"])
    [fallen] = Measures(tables, SHIPPED, as_of=FIRST + dt.timedelta(days=7 * 17 + 6)).current(["THROUGHPUT"])
    [young] = Measures(tables, SHIPPED, as_of=FIRST + dt.timedelta(days=7 * 9 + 6)).current(["THROUGHPUT"])
    assert (steady.value, steady.flag) == (3, "ok")
    assert (fallen.value, fallen.flag, fallen.reason.id) == (0, "breach", "flag.xmr_limits")
    assert (young.value, young.flag) == (3, "small_sample")


# -- bringing others ---------------------------------------------------------------------------------------------------


def referred(frame: FrameOf, *referrers: str | None) -> dict[str, pl.DataFrame]:
    """Two customers who stayed, 김하나 and 박두리, and some who say who sent them."""
    rows = [order("010-1", d, customer="김하나", referrer=None) for d in (0, 40)]
    rows += [order("010-2", d, customer="박두리", referrer=None) for d in (0, 40)]
    rows += [order(f"020-{i}", 50, customer=f"새{i}", referrer=name) for i, name in enumerate(referrers)]
    return {"requests": frame(rows)}


@pytest.mark.parametrize("said", ["김하나", "010-1"])
def test_of_those_who_stayed_some_brought_others(frame: FrameOf, said: str) -> None:
    value = one(referred(frame, said, said), "REF_RATE", 70)
    assert (value.numerator, value.n) == (1, 2)


def test_nobody_refers_himself_and_a_stranger_is_nobody(frame: FrameOf) -> None:
    tables = referred(frame, "새0", "모르는 사람")
    assert one(tables, "REF_RATE", 70).value == 0


def test_a_circle_of_referrers_does_no_harm(frame: FrameOf) -> None:
    rows = [order("1", d, customer="가", referrer="나") for d in (0, 40)]
    rows += [order("2", d, customer="나", referrer="가") for d in (0, 40)]
    assert one({"requests": frame(rows)}, "REF_RATE", 70).value == 1


# -- buying more -------------------------------------------------------------------------------------------------------


def test_two_kinds_of_service_are_a_cross_sale_and_a_blank_is_none(frame: FrameOf) -> None:
    rows = [
        *(order("1", 0, service="청소"), order("1", 9, service="수리")),
        *(order("2", 0, service="청소"), order("2", 9, service="청소")),
        *(order("3", 0, service="청소"), order("3", 9, service=None)),
        order("4", 0, service=None),
    ]
    value = one({"requests": frame(rows)}, "CROSS_SELL", 30)
    assert (value.numerator, value.n) == (1, 4)


# -- the pool ----------------------------------------------------------------------------------------------------------


def pool(frame: FrameOf, *left: int) -> dict[str, pl.DataFrame]:
    """Ten members since January; some left so many days after."""
    rows = [{"customer": f"C{i}", "membership_at": FIRST.isoformat(), "partner": "가"} for i in range(10)]
    gone = [(FIRST + dt.timedelta(days=left[i])).isoformat() if i < len(left) else None for i in range(10)]
    customers = frame([{"customer_id": f"C{i}", "left_at": gone[i]} for i in range(10)])
    return {"requests": frame(rows), "customers": customers}


@pytest.mark.parametrize(
    ("left", "size", "flag"),
    [((), 10, "ok"), ((65,), 9, "warn"), ((50, 57, 64), 7, "warn"), ((43, 50, 57, 64), 6, "breach")],
)
def test_the_pool_of_regulars_warns_when_it_shrinks(
    frame: FrameOf, left: tuple[int, ...], size: int, flag: str
) -> None:
    measures = Measures(pool(frame, *left), SHIPPED, as_of=FIRST + dt.timedelta(days=69))  # a Sunday
    found = {v.by.get("partner"): (v.value, v.flag) for v in measures.current(["REGULAR_POOL"])}
    assert found[None] == found["가"] == (size, flag)


def test_the_pool_of_an_earlier_week_is_as_it_was(frame: FrameOf) -> None:
    rows = [{"customer": f"C{i}", "membership_at": FIRST.isoformat()} for i in range(3)]
    rows.append({"customer": "C9", "received_at": (FIRST + dt.timedelta(days=27)).isoformat()})
    left = [{"customer_id": "C0", "left_at": (FIRST + dt.timedelta(days=10)).isoformat()}]
    tables = {"requests": frame(rows), "customers": frame([*left, {"customer_id": "C1", "left_at": None}])}
    assert [v.value for v in compute(tables, SHIPPED, kpis=["REGULAR_POOL"], by="week")] == [3, 2, 2, 2]


# -- quality -----------------------------------------------------------------------------------------------------------


def test_the_quality_of_customers_is_the_mean_of_their_scores(frame: FrameOf) -> None:
    rows = [
        order("1", customer="가", discount_asked=False, bypass=False, partner="한빛"),
        order("2", customer="나", discount_asked=True, bypass=False, partner="샛별"),
        {"phone": "3", "customer": "다", "discount_asked": True},  # bought nothing: no score
    ]
    tables = {"requests": frame(rows)}
    value = one(tables, "QUALITY_SCORE", 30)
    assert (value.value, value.n, value.flag) == (0, 2, "warn")
    by = {v.by["customer"]: v.value for v in compute(tables, SHIPPED, kpis=["QUALITY_SCORE"], by="customer")}
    assert by == {"가": 1, "나": -1}
    [week] = compute(tables, SHIPPED, kpis=["QUALITY_SCORE"], by="week")
    assert week.reason.id == "flag.not_by"
