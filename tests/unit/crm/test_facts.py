"""Daily facts: what counts, on which day, and that facts of any split of the rows add up to the facts of all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.bindings import prepare
from addin.crm.business_time import BusinessCalendar, Holidays
from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.engines import to_polars
from addin.crm.facts import business_calendar, merge, request_facts, spend_facts, with_minutes
from addin.crm.promise_facts import promise_facts
from addin.crm.settings import Settings

FrameOf = Callable[..., pl.DataFrame]
COHORT = {"new", "aged", "returned", "ltv_n", "ltv_net", "ret_n", "ret_hit", "ref_hit", "crossed", "kept"}
MONDAY, FRIDAY = "2026-03-02", "2026-03-06"  # Monday 2 March 2026 is a substitute holiday in Korea
TUESDAY = "2026-03-03"


def day(text: str) -> int:
    minutes = minutes_of_text(text)
    assert minutes is not None
    return minutes // DAY


def summed(frame: pl.DataFrame, settings: Settings | None = None, as_of: str = "2026-03-31") -> dict[str, int]:
    """Every measure of all rows together."""
    chosen = settings or Settings()
    whole = merge(request_facts(prepare(frame, chosen, day(as_of)), chosen, ()))
    return whole.frame.select(whole.measures).sum().row(0, named=True)


def response(frame: pl.DataFrame, **more: Any) -> tuple[int, int, int]:
    found = summed(frame, **more)
    return found["resp_hit"], found["resp_n"], found["resp_skip"]


# -- 10 minutes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "confirmed", "expected"),
    [
        (f"{TUESDAY}T10:00", f"{TUESDAY}T10:10", (1, 1, 0)),  # ten minutes are in time
        (f"{TUESDAY}T10:00", f"{TUESDAY}T10:11", (0, 1, 0)),
        (f"{TUESDAY}T10:00", None, (0, 1, 0)),  # never confirmed is a miss
        (f"{FRIDAY}T17:55", "2026-03-09T09:05", (1, 1, 0)),  # over the weekend: ten business minutes
        (f"{FRIDAY}T22:00", "2026-03-09T09:11", (0, 1, 0)),  # in the night: counts from Monday's opening
        (TUESDAY, f"{TUESDAY}T10:05", (0, 0, 1)),  # a date without a time can't be timed
        (f"{TUESDAY}T10:00", TUESDAY, (0, 0, 1)),
        (f"{TUESDAY}T10:00", f"{TUESDAY}T09:00", (0, 0, 1)),  # confirmed before it came
        (None, f"{TUESDAY}T09:00", (0, 0, 0)),
    ],
)
def test_a_confirm_within_ten_business_minutes(
    frame: FrameOf, received: str | None, confirmed: str | None, expected: tuple[int, int, int]
) -> None:
    assert response(frame([{"received_at": received, "confirmed_at": confirmed}])) == expected


def test_a_request_that_just_came_is_neither_in_time_nor_late(frame: FrameOf) -> None:
    rows = frame([{"received_at": f"{TUESDAY}T17:55", "confirmed_at": None}])
    assert response(rows, as_of=TUESDAY) == (0, 0, 0)
    assert response(rows, as_of="2026-03-04") == (0, 1, 0)


def test_a_confirm_after_the_day_shown_has_not_happened_yet(frame: FrameOf) -> None:
    rows = frame([{"received_at": f"{TUESDAY}T10:00", "confirmed_at": "2026-03-04T10:00"}])
    assert response(rows, as_of=TUESDAY) == (0, 1, 0)


def test_a_holiday_does_not_count_unless_the_team_works_it(frame: FrameOf) -> None:
    rows = frame([{"received_at": "2026-02-27T17:55", "confirmed_at": f"{TUESDAY}T09:05"}])
    assert response(rows) == (1, 1, 0)
    assert response(rows, settings=Settings(holidays_drop=(day(MONDAY),))) == (0, 1, 0)


def test_the_clock_runs_through_the_night_where_settings_say_so(frame: FrameOf) -> None:
    rows = frame([{"received_at": f"{TUESDAY}T17:55", "confirmed_at": "2026-03-04T09:05"}])
    assert response(rows, settings=Settings(clock="clock")) == (0, 1, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(29_500_000, 29_600_000), st.integers(-3000, 30_000)), min_size=1, max_size=8),
    st.sampled_from([(0, 1, 2, 3, 4), (0, 2, 5, 6)]),
    st.booleans(),
)
def test_business_minutes_are_the_calendars(spans: list[tuple[int, int]], weekdays: tuple[int, ...], add: bool) -> None:
    import narwhals as nw

    chosen = Settings(weekdays=weekdays, holidays_add=(20_520,) if add else ())
    frame = pl.DataFrame({"a": [a for a, _ in spans], "b": [a + b for a, b in spans]})
    rows = nw.from_native(frame)
    among = [minute for a, b in spans for minute in (a, a + b)]
    found = with_minutes(rows, "a", "b", chosen, among).to_native()["_took"].to_list()
    assert with_minutes(frame.lazy(), "a", "b", chosen, among).collect()["_took"].to_list() == found
    calendar = BusinessCalendar(540, 1080, weekdays, Holidays(frozenset(chosen.holidays_add)))
    assert business_calendar(chosen) == calendar
    assert found == [calendar.business_minutes(a, a + b) for a, b in spans]


# -- same day ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "visited", "more", "expected"),
    [
        (f"{TUESDAY}T10:00", f"{TUESDAY}T19:00", {}, (1, 1)),
        (TUESDAY, TUESDAY, {}, (1, 1)),  # dates are enough
        (TUESDAY, "2026-03-04", {}, (0, 1)),
        (TUESDAY, None, {}, (0, 1)),
        (TUESDAY, "2026-03-01", {}, (0, 0)),  # visited before it came
        (TUESDAY, None, {"stage": "전화상담"}, (0, 0)),  # needs no visit
        (TUESDAY, TUESDAY, {"service": "전화 상담"}, (1, 1)),  # visited all the same
        ("2026-03-31", None, {}, (0, 0)),  # the day is not over
    ],
)
def test_a_visit_on_the_day_it_came(
    frame: FrameOf, received: str, visited: str | None, more: dict[str, str], expected: tuple[int, int]
) -> None:
    found = summed(frame([{"received_at": received, "visited_at": visited, **more}]))
    assert (found["visit_hit"], found["visit_n"]) == expected


def test_intakes_after_the_cut_off_hour_are_not_counted(frame: FrameOf) -> None:
    rows = frame([{"received_at": f"{TUESDAY}T{hour}:00", "visited_at": None} for hour in ("14", "15", "16")])
    assert summed(rows, Settings(same_day_cutoff=15 * 60))["visit_n"] == 2


# -- orders ------------------------------------------------------------------------------------------------------------


def test_only_won_requests_have_claims_refunds_and_revenue(frame: FrameOf) -> None:
    won = {"stage": "수주", "amount": 100, "refund": 30, "claim": True, "rework": True, "refund__yes": True}
    found = summed(frame([won, {**won, "stage": "취소"}, {**won, "stage": "접수"}]))
    assert [found[m] for m in ("won", "claims", "refunds", "reworks", "net")] == [1, 1, 1, 1, 7_000]


def test_a_refund_without_an_amount_is_a_refund_all_the_same(frame: FrameOf) -> None:
    found = summed(frame([{"stage": "수주", "amount": 100, "refund": None, "refund__yes": True}]))
    assert (found["refunds"], found["net"]) == (1, 10_000)


# -- customers ---------------------------------------------------------------------------------------------------------


def orders(frame: FrameOf, *days: str, **more: Any) -> pl.DataFrame:
    return frame([{"customer": "김", "won_at": text, "amount": 100, **more} for text in days])


@pytest.mark.parametrize(
    ("days", "as_of", "expected"),
    [
        (("2026-01-01", "2026-04-01"), "2026-04-01", (1, 1)),  # 90 days later
        (("2026-01-01", "2026-04-02"), "2026-04-02", (1, 0)),  # 91 days later
        (("2026-01-01", "2026-01-05"), "2026-03-31", (0, 0)),  # not yet 90 days old
        (("2026-01-01",), "2026-06-01", (1, 0)),
    ],
)
def test_a_customer_comes_back_within_ninety_days(
    frame: FrameOf, days: tuple[str, ...], as_of: str, expected: tuple[int, int]
) -> None:
    found = summed(orders(frame, *days), as_of=as_of)
    assert (found["aged"], found["returned"]) == expected


def test_lifetime_value_counts_the_first_fifty_two_weeks_of_customers_that_old(frame: FrameOf) -> None:
    found = summed(orders(frame, "2025-01-01", "2025-12-30", "2025-12-31"), as_of="2025-12-31")
    assert (found["ltv_n"], found["ltv_net"]) == (1, 20_000)  # 31 December is day 364: the 53rd week
    assert summed(orders(frame, "2025-01-01"), as_of="2025-12-30")["ltv_n"] == 0


def test_a_customer_belongs_to_the_partner_of_the_first_order(frame: FrameOf) -> None:
    rows = frame(
        [
            {"phone": "010-1", "partner": "나", "won_at": "2026-01-01"},
            {"phone": "010-1", "partner": "가", "won_at": "2026-01-09"},
        ]
    )
    chosen = Settings()
    facts = merge(request_facts(prepare(rows, chosen, day("2026-06-01")), chosen, ("partner",)))
    assert facts.frame.filter(pl.col("new") == 1)["partner"].to_list() == ["나"]


# -- adding up ---------------------------------------------------------------------------------------------------------

ROW = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["가", "나", None]),
        "stage": st.sampled_from(["수주", "취소", "접수", None]),
        "received_at": st.sampled_from([f"{TUESDAY}T10:00", "2026-03-04", None]),
        "confirmed_at": st.sampled_from([f"{TUESDAY}T10:05", f"{TUESDAY}T16:00", None]),
        "visited_at": st.sampled_from([TUESDAY, "2026-03-05", None]),
        "won_at": st.sampled_from(["2026-03-05", "2026-03-10", None]),
        "customer": st.sampled_from(["김", "이", None]),
        "amount": st.sampled_from([100, 1_000, None]),
        "refund": st.sampled_from([10, None]),
        "claim": st.sampled_from([True, False, None]),
        "event_at": st.sampled_from(["2026-03-10", "2026-03-12", None]),
        "proposed_at": st.sampled_from([f"{TUESDAY}T11:00", "2026-03-06", None]),
    }
)


def by_partner_and_day(parts: list[Any]) -> list[tuple[Any, ...]]:
    facts = merge(parts)
    adding = sorted(set(facts.measures) - COHORT)
    table = facts.frame.group_by("day", "partner").agg(pl.col(adding).sum())
    table = table.filter(pl.any_horizontal(pl.col(adding) != 0))
    return sorted(table.select("day", "partner", *adding).rows(), key=str)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(ROW, st.integers(0, 2)), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_facts_of_any_split_of_the_rows_add_up_in_any_order(rows: list[tuple[dict[str, Any], int]], dice: Any) -> None:
    from tests.unit.crm.conftest import frame_of

    chosen, as_of = Settings(), day("2026-03-31")

    rows = [({**row, "request_id": f"R{i}"}, book) for i, (row, book) in enumerate(rows)]
    acted = frame_of([{"request": f"R{i}", "acted_at": "2026-03-04T09:00", "kind": "안내"} for i in range(0, 12, 2)])

    def facts(some: list[dict[str, Any]]) -> list[Any]:
        bound = prepare(frame_of(some), chosen, as_of)
        promises = promise_facts(bound, acted, chosen, ("partner",))
        return [*request_facts(bound, chosen, ("partner",)), *promises]

    columns = dict.fromkeys(rows[0][0])
    books = [[row for row, book in rows if book == number] for number in range(3)]
    parts = [part for book in books if book for part in facts([columns, *book])]
    dice.shuffle(parts)
    assert by_partner_and_day(parts) == by_partner_and_day(facts([row for row, _ in rows]))


def test_spend_falls_on_its_own_day() -> None:
    spend = pl.DataFrame({"spent_at": [day(TUESDAY) * DAY, None], "amount": [500, 700], "partner": ["가", None]})
    assert spend_facts(spend, ("partner",)).frame.sort("spend").rows() == [(day(TUESDAY), "가", 500), (None, None, 700)]
    assert to_polars(spend).equals(spend)
