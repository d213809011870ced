"""Branches' facts add up to what the head office would have counted from all the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.catalogue import KPIS
from addin.crm.fact_store import MERGING, fact_measures, fact_set, unequal_steps
from addin.crm.funnel_steps import StepSpec
from addin.crm.kpi_values import to_json
from addin.crm.measures import Measures
from addin.crm.settings import Settings
from addin.i18n import say

FrameOf = Callable[..., pl.DataFrame]
STEPS = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
ROWS = [
    {
        "partner": ("한빛", "샛별", None)[i % 3],
        "assignee": f"기사{i % 2}",
        "source": ("전화", "앱")[i % 2],
        "customer": f"고객{i % 5}",
        "received_at": f"2026-0{1 + i % 5}-1{i % 9}T{9 + i % 9:02d}:30",
        "confirmed_at": f"2026-0{1 + i % 5}-1{i % 9}T{9 + i % 9:02d}:{30 + i % 29}" if i % 5 else None,
        "won_at": f"2026-0{1 + i % 5}-2{i % 9}" if i % 4 == 0 else None,
        "amount": 10_000 * (i % 13),
        "claim": i % 12 == 0,
    }
    for i in range(60)
]
PARTNERS = [{"name": "한빛", "cluster": "아파트", "monthly_goal": 2.0}, {"name": "샛별", "cluster": "카페"}]


def _told(measures: Measures, by: str | None) -> list[dict[str, Any]]:
    merging = [k.id for k in KPIS.values() if k.kind in MERGING and measures._off(k, by) is None]
    return sorted(to_json(measures.compute(merging, by=by), say), key=str)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=60, max_size=60))
def test_facts_of_any_split_of_the_rows_give_the_numbers_of_the_rows(branches: list[int]) -> None:
    from tests.unit.crm.conftest import frame_of

    rows = frame_of(ROWS)
    partners = frame_of(PARTNERS)
    as_of = Measures({"requests": rows}, Settings()).as_of
    whole = Measures({"requests": rows, "partners": partners}, Settings(), steps=STEPS)
    sets = []
    for branch in set(branches):
        own = rows.filter(pl.Series([b == branch for b in branches]))
        tables = {"requests": own} | ({} if sets else {"partners": partners})
        sets.append(fact_set(_known_at(tables, as_of), f"지점{branch}", say))
    united = fact_measures(sets, Settings())
    for by in (None, "partner", "source", "assignee", "cluster", "week", "month"):
        assert _told(united, by) == _told(whole, by)


def _known_at(tables: dict[str, pl.DataFrame], as_of: int) -> Measures:
    from addin.crm.calendar import date_of

    return Measures(tables, Settings(), as_of=date_of(as_of), steps=STEPS)


def test_what_needs_the_rows_says_so(frame: FrameOf) -> None:
    measures = fact_measures([fact_set(Measures({"requests": frame(ROWS)}, Settings()), "본점", say)], Settings())
    by_id = {value.kpi: value for value in measures.compute() if not value.by}
    assert by_id["LTV"].note is not None
    assert by_id["LTV"].note.id == "flag.needs_rows"
    assert by_id["CLAIM_RATE"].n == 15


def test_a_customer_is_never_handed_on(frame: FrameOf) -> None:
    found = fact_set(Measures({"requests": frame(ROWS)}, Settings()), "본점", say)
    assert "customer" not in found.frame.columns
    assert not {"new", "aged", "returned", "ltv_n", "ltv_net"} & set(found.frame.columns)


def test_branches_are_a_dimension(frame: FrameOf) -> None:
    sets = [fact_set(Measures({"requests": frame(ROWS)}, Settings()), name, say) for name in ("강남", "서초")]
    values = fact_measures(sets, Settings()).compute(["CLAIM_RATE"], by="branch")
    assert [(v.by["branch"], v.denominator) for v in values] == [("강남", 15), ("서초", 15)]


def test_different_funnels_are_not_added(frame: FrameOf) -> None:
    one = fact_set(Measures({"requests": frame(ROWS)}, Settings(), steps=STEPS), "가", say)
    other = fact_set(
        Measures({"requests": frame(ROWS)}, Settings(), steps=(STEPS[0], StepSpec("확인", "confirmed_at"))), "나", say
    )
    assert unequal_steps([one, other])
    values = fact_measures([one, other], Settings()).compute()
    assert not [v for v in values if v.kpi == "CONV" and v.value is not None]
    assert not unequal_steps([one, one])


def test_the_last_closed_month_is_the_rows_where_only_an_activity_tells_of_its_last_day(frame: FrameOf) -> None:
    requests = frame([{"partner": "한빛", "received_at": d, "won_at": d} for d in ("2026-09-03", "2026-10-05")])
    acts = frame([{"partner": "한빛", "acted_at": "2026-10-31", "text": "전화"}])
    tables = {"requests": requests, "activities": acts, "partners": frame(PARTNERS)}
    rows = Measures(tables, Settings())
    united = fact_measures([fact_set(rows, "본점", say)], Settings())
    goals = [[(v.value, v.window) for v in m.compute(["MONTHLY_GOAL"], by="partner")] for m in (rows, united)]
    assert goals[0] == goals[1]
    assert str(goals[0][0][1][0]) == "2026-10-01"  # type: ignore[index]
