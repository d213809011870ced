"""Who bought more of the same later, and who buys regularly below what others pay (seed 002)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.people import people
from addin.crm.settings import Settings
from addin.crm.up_sell import UPSELL_IDS, Candidate, UpSell, up_sell
from addin.i18n import known
from tests.unit.crm.conftest import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440


def bought(who: str, amount: int | None, day: str = "2026-10-01", service: str | None = "청소", **more: Any) -> Any:
    return {"customer": who, "service": service, "amount": amount, "won_at": day, **more}


def told(rows: list[dict[str, Any]], **own: Any) -> UpSell:
    prepared = prepare(frame_of(rows), Settings(**own), AS_OF)
    return up_sell(prepared, people(prepared, Settings(**own)), Settings(**own))


def others(*amounts: int, service: str = "청소") -> list[dict[str, Any]]:
    return [bought(f"남{i}", amount, service=service) for i, amount in enumerate(amounts)]


def regular(who: str, *amounts: int) -> list[dict[str, Any]]:
    return [bought(who, amount, f"2026-{month:02d}-05") for month, amount in enumerate(amounts, 6)]


def names(found: UpSell) -> list[str]:
    return [key.split("\x1f")[0] for key in found.candidates]


@pytest.mark.parametrize(
    ("first", "last", "did"),
    [(100, 110, 1), (30, 33, 1), (100, 109, 0), (100, 100, 0), (100, 50, 0), (100, 300, 1)],
)
def test_who_paid_a_tenth_more_the_last_time_than_the_first_was_up_sold(first: int, last: int, did: int) -> None:
    (one,) = told([bought("가", first, "2026-03-02"), bought("가", last, "2026-05-02")]).services
    assert (one.could, one.did, one.more) == (1, did, (last - first) * 100 if did else None)


def test_how_much_more_is_more_is_the_teams_setting() -> None:
    rows = [bought("가", 100, "2026-03-02"), bought("가", 120, "2026-05-02")]
    assert (told(rows).did, told(rows, upsell_share=Decimal("0.3")).did) == (1, 0)


def test_the_rate_is_of_those_who_came_back_for_the_same_service() -> None:
    rows = [bought(who, 100, "2026-03-02") for who in "가나다라"]
    rows += [bought("가", 200, "2026-05-02"), bought("나", 90, "2026-05-02")]
    rows += [bought("다", 500, "2026-05-02", "도배")]  # another service is cross-selling
    rows += [bought("라", 500, "2026-03-02")]  # the same day is one purchase
    found = told(rows)
    assert [(one.service, one.could, one.did, one.rate) for one in found.services] == [("청소", 2, 1, 0.5)]
    assert found.few


def test_several_orders_of_a_day_are_one_purchase() -> None:
    rows = [bought("가", 100, "2026-03-02"), bought("가", 60, "2026-05-02"), bought("가", 60, "2026-05-02")]
    assert told(rows).did == 1


def test_an_order_that_brought_nothing_tells_of_no_price() -> None:
    rows = [bought("가", 100, "2026-03-02"), bought("가", 200, "2026-05-02", refund=200)]
    rows += [bought("나", -100, "2026-03-02"), bought("나", 100, "2026-05-02"), bought("다", None, "2026-05-02")]
    assert told([{"refund": None, **row} for row in rows]).services == ()


def test_who_buys_regularly_below_what_others_pay_could_pay_more() -> None:
    found = told([*regular("단골", 60, 60, 60), *others(100, 100, 120)])
    (one,) = found.candidates.values()
    assert (one.service, one.orders, one.usual, one.theirs, one.others) == ("청소", 3, 6000, 10000, 3)
    assert [service.candidates for service in found.services] == [1]


@pytest.mark.parametrize(
    "rows",
    [
        [*regular("둘", 60, 60), *others(100, 100, 120)],
        [*regular("비슷", 95, 95, 95), *others(100, 100, 120)],
        [*regular("적음", 60, 60, 60), *others(100, 120)],
        [bought("옛날", 60, f"2024-0{month}-05") for month in (3, 4, 5)] + others(100, 100, 120),
    ],
    ids=["not often", "about the same", "too few others", "long ago"],
)
def test_else_nobody_is_a_candidate(rows: list[dict[str, Any]]) -> None:
    assert told(rows).candidates == {}


def test_who_is_the_middle_is_compared_with_its_neighbours() -> None:
    (one,) = told([*regular("가", 60, 60, 60), *others(10, 20, 200, 200)]).candidates.values()
    assert (one.usual, one.theirs) == (6000, 11000)


def test_few_others_are_said() -> None:
    few, many = (Candidate("가", "청소", 3, 6000, 10000, n).why for n in (9, 10))
    assert (few.id, many.id) == ("upsell.candidate.few", "upsell.candidate")


def test_who_would_bring_most_comes_first_and_each_customer_stands_once() -> None:
    rows = [*others(100, 100, 120), *others(900, 900, 900, service="공사"), *regular("가", 50, 50, 50)]
    rows += [*regular("나", 60, 60, 60, 60, 60), *[{**r, "service": "공사"} for r in regular("나", 500, 500, 500)]]
    found = told(rows)
    assert names(found) == ["나", "가"]
    assert [one.service for one in found.candidates.values()] == ["공사", "청소"]


def test_what_comes_after_the_day_does_not_count() -> None:
    assert told([bought("가", 100, "2026-03-02"), bought("가", 900, "2026-12-02")]).services == ()


@pytest.mark.parametrize(
    "rows",
    [
        [{"customer": "가", "won_at": "2026-03-02", "amount": 1}] * 3,
        [{"customer": "가", "won_at": "2026-03-02", "service": "청소"}] * 3,
        [{"service": "청소", "won_at": "2026-03-02", "amount": 1}] * 3,
        [bought("가", 100, service=None)] * 3,
        [bought("가", 100)],
        [{"customer": "가", "service": "청소", "amount": 100, "received_at": "2026-03-02", "stage": "접수"}] * 3,
    ],
    ids=["no service", "no amount", "no customer", "blank service", "one customer", "nothing won"],
)
def test_without_services_amounts_and_somebody_who_came_back_there_is_nothing_to_say(rows: Any) -> None:
    assert told(rows) == UpSell(share=told(rows).share)


@given(
    st.lists(st.tuples(st.sampled_from("가나다라마"), st.integers(1, 500), st.integers(1, 9)), min_size=1, max_size=30)
)
@settings(max_examples=60, deadline=None)
def test_counted_one_by_one_it_is_the_same(orders: Sequence[tuple[str, int, int]]) -> None:
    found = told([bought(who, amount, f"2026-0{month}-05") for who, amount, month in orders])
    days: dict[str, dict[int, int]] = {}
    paid: dict[str, list[int]] = {}
    for who, amount, month in orders:
        days.setdefault(who, {})[month] = days.setdefault(who, {}).get(month, 0) + amount
        paid.setdefault(who, []).append(amount)
    back = [by for by in days.values() if len(by) > 1]
    assert (found.could, found.did) == (len(back), sum(10 * by[max(by)] >= 11 * by[min(by)] for by in back))
    expected = {}
    for who, amounts in paid.items():
        theirs = [mean(map(Fraction, other)) for name, other in paid.items() if name != who]
        if len(amounts) >= 3 and len(theirs) >= 3 and 10 * mean(map(Fraction, amounts)) <= 9 * median(theirs):
            expected[who] = (round(100 * median(theirs)), len(theirs))
    counted = {key.split("\x1f")[0]: (one.theirs, one.others) for key, one in found.candidates.items()}
    assert counted.keys() == expected.keys()
    for who, (theirs_, n) in expected.items():
        assert (abs(counted[who][0] - theirs_) <= 1, counted[who][1]) == (True, n)


def test_a_frame_of_other_rows_is_left_as_it_was() -> None:
    frame = frame_of([bought("가", 100), bought("가", 100, "2026-03-02")])
    before = frame.clone()
    prepared = prepare(frame, Settings(), AS_OF)
    up_sell(prepared, people(prepared, Settings()), Settings())
    assert frame.equals(before)
    assert isinstance(frame, pl.DataFrame)


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_candidates_have_their_words(lang: str) -> None:
    assert [id for id in UPSELL_IDS if not known(id, lang)] == []
