"""The internal case for a partner: what the book tells, what it leaves open, and the next step; never an invention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.internal_case import ASKED, ASKED_IDS, NEXT_IDS, Cases, InternalCase
from addin.crm.screening import screen
from addin.crm.settings import Settings
from addin.crm.standing import standing
from addin.i18n import LANGUAGES, known
from tests.unit.crm.conftest import frame_of

FrameOf = Callable[..., pl.DataFrame]
TODAY = (minutes_of_text("2026-03-10") or 0) // DAY
WHOLE = {"case": "1,500세대", "our_benefit": "소개", "their_benefit": "할인"}


def case_of(
    row: dict[str, Any], *others: dict[str, Any], activities: pl.DataFrame | None = None, **numbers: float
) -> InternalCase:
    """The first partner's case as of 10 March; ``numbers`` are its own."""
    rows = [{"name": "한빛", **row}, *others]
    frame = frame_of(rows)
    for name, value in numbers.items():
        kind = pl.Int64 if name == "expected_revenue" else pl.Float64
        frame = frame.with_columns(pl.Series(name, [value, *[None] * len(others)], dtype=kind))
    there = standing(frame)
    return Cases(there, screen(there, Settings()), activities, Settings(), TODAY).of("한빛")


def steps(case: InternalCase) -> list[str]:
    """What comes next, by id."""
    return [step.id.removeprefix("case.next.") for step in case.next]


def test_a_case_tells_why_what_revenue_what_effort_and_the_return() -> None:
    case = case_of({**WHOLE, "stage": "미팅", "stage_at": "2026-03-01"}, expected_revenue=600_00, effort=3.0)
    assert (case.why, case.expected, case.effort, case.a_day) == ("1,500세대", 600_00, 3.0, 200_00)
    assert (case.days, case.open, case.lacks) == (9, (), "")


def test_what_no_cell_tells_stays_open_and_is_the_first_step() -> None:
    case = case_of({"stage": "미팅"})
    assert case.open == ASKED
    assert (case.a_day, case.score is not None, case.approved) == (None, True, False)
    assert steps(case)[0] == "fill"


@pytest.mark.parametrize("effort", [0.0, -1.0])
def test_no_effort_has_no_return_a_day(effort: float) -> None:
    assert case_of({"stage": "미팅"}, expected_revenue=600_00, effort=effort).a_day is None


@pytest.mark.parametrize(
    ("stage", "evidence", "told"),
    [
        ("기회 발견", None, ["first_meeting"]),
        ("미팅", None, ["evidence"]),
        ("미팅", "제안서 발송", ["onward"]),
        ("기획서 완성", "기획서 확정", ["onward"]),
        ("QA 테스트", "테스트 계정", ["onward", "approval"]),
        ("현장 테스트", "불만 목록", ["field_test", "approval"]),
        ("운영", None, ["approval"]),
        ("중단", None, ["ended"]),
        (None, None, ["stage"]),
    ],
)
def test_the_next_step_follows_the_stage(stage: str | None, evidence: str | None, told: list[str]) -> None:
    row = {**WHOLE, "stage": stage, "evidence": evidence, "status": "후보" if stage is None else None}
    assert steps(case_of(row, expected_revenue=600_00, effort=3.0)) == told


def test_one_that_runs_with_its_approval_is_looked_at_every_quarter() -> None:
    row = {**WHOLE, "stage": "운영", "approved_at": "2026-02-01"}
    case = case_of(row, expected_revenue=600_00, effort=3.0)
    assert (steps(case), case.approved_on) == (["running"], (minutes_of_text("2026-02-01") or 0) // DAY)
    assert case.score is None


def test_meetings_in_the_wrong_order_and_the_next_date_are_said() -> None:
    acts = frame_of([
        {"partner": "한빛", "acted_at": "2026-03-01", "text": "실무자 미팅", "next_at": "2026-03-12"},
        {"partner": "한빛", "acted_at": "2026-02-01", "text": "전화", "next_at": "2026-02-02"},
        {"partner": "샛별", "acted_at": "2026-03-01", "text": "대표 미팅", "next_at": "2026-03-11"},
    ])  # fmt: skip
    case = case_of({**WHOLE, "stage": "미팅"}, activities=acts, expected_revenue=1_00, effort=1.0)
    assert steps(case) == ["backwards", "evidence", "planned"]
    assert case.next[-1].params["day"] == "2026-03-12"


def test_a_candidate_shows_its_score_and_what_costs_it_points() -> None:
    case = case_of(
        {"stage": "미팅", "cluster": "아파트 단지"}, {"name": "샛별", "stage": "미팅", "cluster": "아파트 단지"},
        households=250.0,
    )  # fmt: skip
    assert case.score is not None
    assert (case.score.score, case.score.place, case.score.of) == (75.0, 1, 2)
    assert [reason.id for reason in case.score.reasons] == ["screen.reason.households.below"]


def test_everyone_on_the_way_is_one_of_the_cases(frame: FrameOf) -> None:
    rows = frame([
        {"name": "후보", "stage": None, "status": "후보"},
        {"name": "미팅", "stage": "미팅", "status": None},
        {"name": "운영", "stage": "운영", "status": None},
        {"name": "끝", "stage": "미팅", "status": "종료"},
    ])  # fmt: skip
    there = standing(rows)
    assert Cases(there, screen(there, Settings()), None, Settings(), TODAY).names() == ["후보", "미팅"]


@given(
    row=st.fixed_dictionaries(
        {
            "stage": st.sampled_from([None, "미팅", "운영", "중단", "???"]),
            "status": st.sampled_from([None, "후보", "종료", "운영"]),
            "case": st.none() | st.text(max_size=5),
            "our_benefit": st.none() | st.just("  "),
            "their_benefit": st.none() | st.just("할인"),
            "stage_at": st.sampled_from([None, "2026-01-01", "2027-01-01"]),
        }
    ),
    revenue=st.none() | st.integers(-(10**15), 10**15),
    effort=st.none() | st.floats(-1e6, 1e6),
)
def test_any_row_has_a_case_that_adds_nothing_of_its_own(
    row: dict[str, Any], revenue: int | None, effort: float | None
) -> None:
    case = case_of(row, expected_revenue=revenue, effort=effort)  # type: ignore[arg-type]
    assert (case.expected, case.effort) == (revenue, effort)
    assert case.why == (row["case"] or "").strip()
    assert case.next
    assert ("expected_revenue" in case.open) == (revenue is None)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_of_a_case_is_in_the_catalogue(lang: str) -> None:
    assert [id for id in (*ASKED_IDS, *NEXT_IDS) if not known(id, lang)] == []
