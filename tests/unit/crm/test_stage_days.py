"""When partnerships reached each stage, by what their activities tell; an experiment on a stage counted from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.experiments import Trial, experiments
from addin.crm.funnel_steps import StepSpec, spoken
from addin.crm.stage_days import STEPS, attacked_stage, stage_days
from addin.i18n import LANGUAGES, known, say
from tests.unit.crm.conftest import frame_of

FrameOf = Callable[..., pl.DataFrame]
BEGAN = dt.date(2026, 3, 2)
AS_OF = (minutes_of_text("2026-04-20") or 0) // DAY
SPOKEN = spoken(STEPS, lambda label: say(label, "ko"))


def offered(before: int = 2, after: int = 6) -> pl.DataFrame:
    """Ten proposals a day for four weeks before and after; of each day's so many agree on the scenario at once."""
    rows: list[dict[str, Any]] = []
    for back in range(-28, 28):
        on = (BEGAN + dt.timedelta(back)).isoformat()
        for i in range(10):
            partner = f"P{back}/{i}"
            rows.append({"partner": partner, "acted_at": on, "text": "제안서 발송"})
            if i < (before if back < 0 else after):
                rows.append({"partner": partner, "acted_at": on, "text": "시나리오 합의"})
    return frame_of(rows)


def tried(step: str, activities: pl.DataFrame | None, partners: pl.DataFrame | None = None) -> Trial:
    """One experiment of 2 March on a step."""
    line = {"experiment_id": "E-1", "step": step, "cause": "느림", "solution": "전화", "started_at": "2026-03-02"}
    requests = frame_of([{"received_at": "2026-03-02", "won_at": None}])
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
    stages = stage_days(activities, AS_OF, partners)
    (trial,) = experiments(frame_of([line]), requests, specs, as_of=AS_OF, stages=stages, stage_steps=SPOKEN)
    return trial


def test_an_experiment_on_a_stage_is_counted_by_the_days_of_the_evidence() -> None:
    trial = tried("미팅→실무자 접촉", offered())
    assert trial.of_partners
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)
    assert trial.suggestion == "double_down"
    assert "experiment.note.by_activities" in [note.id for note in trial.notes]


@pytest.mark.parametrize("step", ["미팅→실무자 접촉", "기회 발견→미팅", "QA 테스트"])
def test_where_no_activity_tells_it_is_left_to_the_person(step: str) -> None:
    for activities in (None, frame_of([{"partner": "가", "acted_at": "2026-03-01", "text": "전화"}])):
        trial = tried(step, activities)
        assert (trial.suggestion, trial.compared, trial.why.id) == ("none", None, "experiment.why.partner")


def called() -> pl.DataFrame:
    """Ten first calls a day for four weeks before and after; of each day's two get a proposal at once, later six."""
    rows: list[dict[str, Any]] = []
    for back in range(-28, 28):
        on = (BEGAN + dt.timedelta(back)).isoformat()
        for i in range(10):
            rows.append({"partner": f"P{back}/{i}", "acted_at": on, "text": "첫 통화"})
            if i < (2 if back < 0 else 6):
                rows.append({"partner": f"P{back}/{i}", "acted_at": on, "text": "제안서 발송"})
    return frame_of(rows)


@pytest.mark.parametrize("step", ["기회 발견→미팅", "미팅"])
def test_the_first_contact_is_when_an_opportunity_was_found(step: str) -> None:
    trial = tried(step, called())
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)


def test_the_way_into_running_is_counted_by_the_day_of_the_contract() -> None:
    tests, partners = [], []
    for back in range(-28, 28):
        on = (BEGAN + dt.timedelta(back)).isoformat()
        for i in range(10):
            runs = i < (2 if back < 0 else 6)
            tests.append({"partner": f"P{back}/{i}", "acted_at": on, "text": "현장 테스트 시작"})
            partners.append({
                "name": f"P{back}/{i}", "stage": "운영" if runs else "현장 테스트", "contract_at": on if runs else None,
            })  # fmt: skip
    trial = tried("현장 테스트→운영", frame_of(tests), frame_of(partners))
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)
    assert tried("현장 테스트→운영", frame_of(tests)).why.id == "experiment.why.partner"


def test_what_is_told_of_a_partner_that_runs_already_is_no_stage_on_its_way(frame: FrameOf) -> None:
    acts = frame([{"partner": "가", "acted_at": "2026-03-09", "text": "데이터 연동 고침"}])
    for column in ("contract_at", "stage_at"):
        partners = frame([{"name": "가", "stage": "운영", column: "2025-01-02"}])
        (row,) = stage_days(acts, AS_OF, partners).select("stage0_at", "stage4_at", "stage7_at").rows()
        assert row == (None, None, minutes_of_text("2025-01-02"))


def test_the_day_of_a_stage_on_the_way_is_not_taken_from_the_list(frame: FrameOf) -> None:
    acts = frame([{"partner": "가", "acted_at": "2026-03-09", "text": "전화"}])
    partners = frame([{"name": "가", "stage": "QA 테스트", "stage_at": "2026-03-10", "contract_at": "2026-03-01"}])
    assert stage_days(acts, AS_OF, partners)["stage7_at"].to_list() == [None]


def test_one_on_the_first_step_of_the_requests_at_the_same_time_is_no_other_on_this_stage() -> None:
    lines = [
        {"experiment_id": name, "step": step, "cause": None, "solution": None, "started_at": "2026-03-02"}
        for name, step in (("E-1", "기회 발견→미팅"), ("E-2", "접수→수주"))
    ]
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
    requests = frame_of([{"received_at": "2026-02-02", "won_at": None}, {"received_at": "2026-03-09", "won_at": None}])
    stages = stage_days(offered(), AS_OF)
    trials = experiments(frame_of(lines), requests, specs, as_of=AS_OF, stages=stages, stage_steps=SPOKEN)
    assert {trial.number: trial.transition for trial in trials} == {"E-1": 0, "E-2": 0}
    assert not [trial for trial in trials if trial.why.id == "experiment.why.overlap"]


def test_a_step_of_the_requests_stays_one_of_the_requests() -> None:
    assert not tried("접수→수주", offered()).of_partners


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("기회 발견", 0), ("기회 발견→미팅", 0), ("미팅", 0), ("미팅→실무자 접촉", 1), ("실무자 접촉", 1),
        ("QA 테스트 -> 현장 테스트", 5), ("Meeting => Working level", 1), ("현장 테스트→운영", 6), ("운영", 6),
        ("미팅→QA 테스트", None), ("운영→중단", None), ("중단", None), ("→", None), ("", None), ("청소", None),
        ("미팅→실무자 접촉→기획서", None),
    ],
)  # fmt: skip
def test_a_step_cell_names_a_transition_between_stages(text: str, move: int | None) -> None:
    assert attacked_stage(text) == move


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("제안서 발송", True),
        ("Proposal sent", True),
        ("제안서 요청 받음", False),
        ("제안서 보낼 예정", False),
        ("전화", False),
    ],
)
def test_evidence_asked_for_or_to_come_is_none(text: str, told: bool, frame: FrameOf) -> None:
    (day,) = stage_days(frame([{"partner": "가", "acted_at": "2026-03-01", "text": text}]), AS_OF)["stage1_at"]
    assert (day is not None) == told


def test_the_first_day_counts_and_the_future_does_not(frame: FrameOf) -> None:
    acts = frame([
        {"partner": "가", "acted_at": "2026-03-09", "kind": "제안서", "text": None},
        {"partner": "가", "acted_at": "2026-03-02", "kind": "미팅", "text": "제안서 설명"},
        {"partner": "가", "acted_at": "2026-04-21", "kind": "미팅", "text": "시나리오 합의"},
        {"partner": None, "acted_at": "2026-03-01", "kind": "미팅", "text": "제안서"},
        {"partner": "나", "acted_at": None, "kind": "미팅", "text": "제안서"},
    ])  # fmt: skip
    assert stage_days(acts, AS_OF).select("partner", "stage1_at", "stage2_at").rows() == [
        ("가", minutes_of_text("2026-03-02"), None)
    ]


@pytest.mark.parametrize("acts", [None, pl.DataFrame({"partner": ["가"]})], ids=["no list", "no days"])
def test_without_activities_there_is_nothing(acts: pl.DataFrame | None) -> None:
    assert stage_days(acts, AS_OF).height == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_stage_has_its_word(lang: str) -> None:
    assert all(known(step.label.id, lang) for step in STEPS if not isinstance(step.label, str))
