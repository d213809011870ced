"""Lines told anew of changed rows alone are those that all rows would have told."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from addin.crm import remeasure, retold
from addin.crm.calendar import DAY
from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg
from addin.crm.regulars import grouped, regulars
from addin.crm.remeasure import Remembered
from addin.crm.request_flags import bound, marked, request_flags, with_faults
from addin.crm.request_tasks import due_rows
from addin.crm.settings import Settings
from addin.crm.tally import Tally

Row = tuple[Any, ...]
TODAY = 20_600
TEAM = Settings()
SCHEMA = {
    "request_id": pl.String, "partner": pl.String, "customer": pl.String, "phone": pl.String, "service": pl.String,
    "source": pl.String, "stage": pl.String, "received_at": pl.Int64, "received_at__time": pl.Boolean,
    "confirmed_at": pl.Int64, "confirmed_at__time": pl.Boolean, "visited_at": pl.Int64, "visited_at__time": pl.Boolean,
    "amount": pl.Int64, "claim": pl.Boolean, "no_show": pl.Boolean, "membership_at": pl.Int64,
    "membership_at__time": pl.Boolean,
}  # fmt: skip
DAYS = st.none() | st.builds(lambda ago, minute: (TODAY - ago) * DAY + minute, st.integers(-2, 60), st.just(600))
MARKS = st.sampled_from([True, False, None])
ROWS = st.tuples(
    st.sampled_from(["R-1", "R-2", None]), st.sampled_from(["한빛", "샛별", None]),
    st.sampled_from(["가", "나", None]), st.sampled_from(["010-1", "010-2", "010-3", None]),
    st.sampled_from(["정기 청소", "도배", "전등", None]), st.sampled_from(["첫 이용 쿠폰", "검색", None]),
    st.sampled_from(["수주", "접수", "취소", None]), DAYS, MARKS, DAYS, MARKS, DAYS, MARKS,
    st.sampled_from([10_000, 2_500_000, None]), MARKS, MARKS, DAYS, MARKS,
)  # fmt: skip
#: Rows put in before a place, taken out, or others in their place.
CHANGES = st.lists(
    st.tuples(st.sampled_from(["add", "drop", "put"]), st.integers(0, 20), st.lists(ROWS, min_size=1, max_size=3)),
    min_size=1, max_size=4,
)  # fmt: skip
FAULTY = st.lists(st.integers(2, 20), max_size=3)
ACTIVITIES = pl.DataFrame({"request": ["R-1", None], "acted_at": [(TODAY - 3) * DAY, None], "next_at": [None, 9]})


def requests_of(rows: list[Row]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return frame.with_columns(_sheet=pl.lit("접수"), _row=pl.int_range(2, 2 + len(rows), dtype=pl.Int64))


def after(rows: list[Row], how: str, at: int, others: list[Row]) -> list[Row]:
    at = min(at, len(rows))
    return [*rows[:at], *([] if how == "drop" else others), *rows[at + (0 if how == "add" else len(others)) :]]


def tally_of(requests: pl.DataFrame, remembered: Remembered | None) -> Tally:
    return Tally({"requests": requests}, TEAM, TODAY, (), remembered=remembered)


def lines_of(tally: Tally) -> pl.DataFrame:
    return tally.by_customer("regulars", lambda lines, requests: grouped(lines, requests, TEAM)).sort("customer")


@pytest.mark.parametrize("pieces", [0, 32])
@settings(max_examples=12, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=12), CHANGES, FAULTY)
def test_changed_rows_tell_what_all_rows_would(
    pieces: int, rows: list[Row], changes: list[tuple[str, int, list[Row]]], faulty: list[int]
) -> None:
    fault = Fault("bad_date", "2026-13-40", msg("fault.expected.date"), msg("fault.fix.date"))
    faults = [PlacedFault("접수", row, 3, "requests", "received_at", fault) for row in faulty]
    remembered = Remembered()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remeasure, "LEAST", 0)
        patch.setattr(retold, "_PIECES", pieces)
        for how, at, others in [("add", 0, []), *changes]:
            rows = after(rows, how, at, others)
            requests = requests_of(rows)
            tally, anew = tally_of(requests, remembered), tally_of(requests, None)
            assert_frame_equal(lines_of(tally), lines_of(anew))
            known = tally.by_row("flags", lambda some: marked(some, TEAM, TODAY, ACTIVITIES))
            assert known is not None
            placed = known.with_columns(requests["_sheet"], requests["_row"])
            found, flags = with_faults(placed, TEAM, faults, TODAY)
            whole = bound(requests, TEAM, TODAY, ACTIVITIES, anew.requests())
            assert_frame_equal(*(due_rows(rows, TEAM, TODAY) for rows in (found, whole)))
            assert_frame_equal(flags, request_flags(requests, TEAM, faults, TODAY, ACTIVITIES, whole))


def test_nothing_is_told_again_where_the_customer_list_or_an_introduction_says_more() -> None:
    rows = [("R-1", "한빛", "가", "010-1", "도배", None, "수주", TODAY * DAY, *[None] * 10)]
    requests = requests_of(rows).with_columns(referrer=pl.lit("010-1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remeasure, "LEAST", 0)
        remembered = Remembered()
        for others in ({}, {"customers": pl.DataFrame({"customer_id": ["가"], "service_kind": ["정기"]})}):
            frame = requests if not others else requests.drop("referrer")
            tally = Tally({"requests": frame, **others}, TEAM, TODAY, (), remembered=remembered)
            once = grouped(tally.people(), tally.requests(), TEAM)
            assert_frame_equal(lines_of(tally), once)
            told = regulars(once, tally.requests(), TEAM)
            assert told is not None
            assert [person.key for person in told.people] == ["가" if others else "010-1"]
