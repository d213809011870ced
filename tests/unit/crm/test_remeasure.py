"""Measured again after some rows were changed: every value is as if everything were measured anew."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm import engines, remeasure
from addin.crm.calendar import DAY, date_of
from addin.crm.catalogue import KPIS
from addin.crm.funnel_steps import StepSpec
from addin.crm.measures import Measures
from addin.crm.points import MEASURES
from addin.crm.remeasure import Remembered, changed_rows
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

Row = tuple[Any, ...]

TODAY = 20_600
STEPS = (
    StepSpec("접수", at="received_at"),
    StepSpec("확인", column="confirmed_at"),
    StepSpec("방문", column="visited_at"),
    StepSpec("수주", column="stage", won=True),
)
SCHEMA = {
    "request_id": pl.String,
    "partner": pl.String,
    "assignee": pl.String,
    "customer": pl.String,
    "phone": pl.String,
    "service": pl.String,
    "received_at": pl.Int64,
    "received_at__time": pl.Boolean,
    "confirmed_at": pl.Int64,
    "confirmed_at__time": pl.Boolean,
    "visited_at": pl.Int64,
    "visited_at__time": pl.Boolean,
    "event_at": pl.Int64,
    "event_at__time": pl.Boolean,
    "proposed_at": pl.Int64,
    "proposed_at__time": pl.Boolean,
    "won_at": pl.Int64,
    "won_at__time": pl.Boolean,
    "stage": pl.String,
    "amount": pl.Int64,
    "claim": pl.Boolean,
    "referrer": pl.String,
    "_sheet": pl.String,
    "_row": pl.Int64,
}
OTHERS = {
    "activities": pl.DataFrame(
        {"request": ["R-1", "R-2"], "kind": ["안내", "전화"], "acted_at": [(TODAY - 9) * DAY + 600, (TODAY - 30) * DAY]}
    ).with_columns(acted_at__time=True),
    "spend": pl.DataFrame({"partner": ["한빛", None], "spent_at": [(TODAY - 40) * DAY] * 2, "amount": [70_000, 500]}),
    "partners": pl.DataFrame({"name": ["한빛", "샛별"], "cluster": ["강남", None], "region": ["서울", "서울"]}),
}


NIGHTLY: Final = bool(os.environ.get("DANGGOL_NIGHTLY"))
#: KPIs that are sums of facts, and some that are made of sums.
SUMMED = (*(kpi for kpi in MEASURES if KPIS[kpi].window.kind != "now"), "DEPENDENCY", "HHI", "VOLATILITY", "CONV",
          "QUARTER_TIER", "BOTTLENECK", "STAGE_TIME", "AGEING", "SILENCE_4W")  # fmt: skip


def _instant(days: range) -> st.SearchStrategy[int | None]:
    return st.none() | st.builds(lambda day, minute: (TODAY - day) * DAY + minute, st.sampled_from(days),
                                 st.sampled_from([0, 599, 605, 1030]))  # fmt: skip


_TIMED = st.sampled_from([True, False])
ROWS = st.tuples(
    st.sampled_from(["R-1", "R-2", "R-3", None]),
    st.sampled_from(["한빛", "샛별", "두리", "", None]),
    st.sampled_from(["김", "이", None]),
    st.sampled_from(["가", "나", None]),
    st.sampled_from(["010-1", "010-2", "010-3", None]),
    st.sampled_from(["정기", "상담", None]),
    _instant(range(120)), _TIMED,
    _instant(range(60)), _TIMED,
    _instant(range(60)), _TIMED,
    _instant(range(-10, 30)), _TIMED,
    _instant(range(40)), _TIMED,
    _instant(range(400)), _TIMED,
    st.sampled_from(["수주", "접수", "취소", "상담", None]),
    st.sampled_from([0, 10_000, 2_500_000, -300, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["가", "010-2", None]),
)  # fmt: skip
#: A list's rows after each change: put in before a place, taken out, or another in its place.
CHANGES = st.lists(st.tuples(st.sampled_from(["add", "drop", "put"]), st.integers(0, 40), ROWS), min_size=1, max_size=5)
#: Columns, and the list of activities, that a team may not have.
LEFT_OUT = st.sets(
    st.sampled_from(["activities", "phone", "referrer", "service", "event_at", "proposed_at", "claim", "assignee"])
)


@pytest.fixture(autouse=True, params=["few rows", "many rows"])
def _short_lists_too(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Short lists are remembered, too, and worked out as short or as long ones are."""
    monkeypatch.setattr(remeasure, "LEAST", 0)
    if request.param == "many rows":
        monkeypatch.setattr(engines, "FEW", -1)


def requests_of(rows: list[Row], left_out: AbstractSet[str] = frozenset()) -> pl.DataFrame:
    """Requests as records have them, without the columns a team lacks."""
    placed = [(*row, "접수", 2 + at) for at, row in enumerate(rows)]
    frame = pl.DataFrame(placed, schema=SCHEMA, orient="row")
    return frame.drop([c for c in frame.columns if c.removesuffix("__time") in left_out])


def told(requests: pl.DataFrame, remembered: Remembered | None, left_out: AbstractSet[str]) -> dict[str, Any]:
    """Every value: what flags look at, all rows by all grains, and by what the ladder and the quarters add up."""
    tables = {"requests": requests, **{name: frame for name, frame in OTHERS.items() if name not in left_out}}
    team = Settings(ladder_subject="both", first_owner="person", dependency_weeks=13)
    day = date_of(TODAY)
    measures = Measures(tables, team, as_of=day, steps=STEPS, remembered=remembered)
    found: dict[str, Any] = {"now": measures.current(SUMMED), "all": measures.compute(SUMMED)}
    found["assignees"] = measures.compute(("RESP_10M", "CONV"), by="assignee", start=date_of(TODAY - 100), end=day)
    found["days"] = measures.totals(date_of(TODAY - 30), day), measures.by_partner(date_of(TODAY - 30), day)
    return found


def test_facts_by_what_the_customer_list_tells_stand_beside_those_that_are_remembered() -> None:
    people = pl.DataFrame({"name": ["가", "나"], "phone": ["010-1", "010-2"], "persona": ["새댁", "사장님"]})
    row = (
        "R-1",
        "한빛",
        "김",
        "가",
        "010-1",
        "정기",
        TODAY * DAY,
        True,
        *[None, True] * 4,
        TODAY * DAY,
        True,
        "수주",
        100,
    )
    rows = [(*row, None, None), (*row[:1], "샛별", *row[2:], None, None)]
    remembered = Remembered()
    for some in (rows, rows[:1], rows[1:]):
        found = []
        for known in (remembered, None):
            tables = {"requests": requests_of(some), "customers": people}
            measures = Measures(tables, Settings(), as_of=date_of(TODAY), steps=STEPS, remembered=known)
            found.append([measures.compute(by="persona"), measures.compute(), measures.current()])
        assert found[0] == found[1]


def test_rows_that_moved_are_no_changed_rows_and_one_put_in_is_only_itself() -> None:
    rows = pl.DataFrame({"stage": ["접수", "상담", "수주", "상담"]}).with_row_index("_row")
    more = pl.concat([rows[:2], rows[:1], rows[2:].with_columns(_row=pl.col("_row") + 1)])
    for before, now, expected in ((rows, more, ([], [2])), (more, rows, ([2], [])), (rows, rows, ([], []))):
        found = changed_rows(before, now)
        assert found is not None
        assert tuple(places.to_list() for places in found) == expected


def test_where_too_many_rows_have_changed_all_is_measured_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remeasure, "MOST", 1)
    rows = pl.DataFrame({"stage": ["접수", "상담", "수주"]})
    assert changed_rows(rows, rows.reverse()) is None
    assert changed_rows(rows, rows[2:]) is None


def change(rows: list[Row], how: str, at: int, row: Row) -> list[Row]:
    at = min(at, len(rows) - 1)
    if how == "add" or not rows:
        return [*rows[: at + 1], row, *rows[at + 1 :]]
    return [*rows[:at], *([row] if how == "put" else []), *rows[at + 1 :]]


@settings(max_examples=100 if NIGHTLY else 4, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=12), CHANGES, LEFT_OUT)
def test_whatever_is_changed_added_or_taken_out_all_values_are_as_if_measured_anew(
    rows: list[Row], changes: list[tuple[str, int, Row]], left_out: set[str]
) -> None:
    remembered = Remembered()
    assert told(requests_of(rows, left_out), remembered, left_out) == told(requests_of(rows, left_out), None, left_out)
    for how, at, row in changes:
        rows = change(rows, how, at, row)
        requests = requests_of(rows, left_out)
        assert told(requests, remembered, left_out) == told(requests, None, left_out)
