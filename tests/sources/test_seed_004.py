"""Source 004, the customer factory: each sentence and number of it, as the code keeps it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.constraint import Step, diagnose
from addin.crm.experiments import STEPS, experiments
from addin.crm.factories import Flow, factories
from addin.crm.funnel import funnel
from addin.crm.funnel_steps import StepSpec
from addin.crm.stage_days import stage_days
from addin.crm.throughput import line
from addin.documents.deck.face import iso_weeks
from tests.unit.crm.conftest import frame_of

FACTORY = {"인식": 1000, "가입": 100, "활성화": 30, "유료": 9, "유지": 6, "추천": 1}


def day(text: str) -> int:
    return (minutes_of_text(text) or 0) // DAY


def test_throughput_of_the_whole_is_that_of_its_slowest_machine() -> None:
    """[n] A 100, B 80, C 30, D 90, E 70: 전체는 시간당 30이고, A를 200으로 올려도 그대로다."""
    slow, faster = (line("ABCDE", [a, 80, 30, 90, 70]) for a in (100, 200))
    assert (slow.throughput, slow.slowest) == (30, "C")
    assert (faster.throughput, faster.slowest) == (30, "C")


def test_the_bottleneck_of_the_example_is_from_sign_up_to_activation() -> None:
    """[n] 인식 1000 → 가입 100 → 활성화 30 → 유료 9 → 유지 6 → 추천 1에서 병목은 가입→활성화."""
    found = diagnose([Step(name, count) for name, count in FACTORY.items()])
    assert [round(100 * (move.rate or 0)) for move in found.transitions] == [10, 30, 30, 67, 17]
    assert (found.constraint.start, found.constraint.end) == ("가입", "활성화")


def test_acquisition_and_referral_are_no_candidates_unless_the_team_sets_them_a_target() -> None:
    """[r] 획득(공급)과 추천(순환)은 진단하되, 팀이 목표를 정하지 않으면 병목 후보가 아니다."""
    steps = [Step(name, count) for name, count in FACTORY.items()]
    assert [move.candidate for move in diagnose(steps).transitions] == [False, True, True, True, False]
    steps[-1] = replace(steps[-1], target=0.9, target_by_person=True)
    assert diagnose(steps).constraint.end == "추천"


def test_the_factory_is_looked_at_weekly() -> None:
    """[r] 달마다는 느리고 날마다는 소음이니 주마다 본다."""
    days = [dt.date(2026, 3, 2) + dt.timedelta(i) for i in range(14)]
    rows = frame_of([{"received_at": one.isoformat(), "won_at": one.isoformat()} for one in days])
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
    assert [(week.label, week.reached) for week in funnel(rows, specs).weeks] == [
        ("2026-W10", (7, 7)),
        ("2026-W11", (7, 7)),
    ]


@pytest.mark.parametrize(("year", "slides"), [(2025, 52), (2026, 53)])
def test_a_year_is_52_slides_one_a_week(year: int, slides: int) -> None:
    """[n] 1년에 슬라이드 52장, 주마다 한 장(ISO 53주 해는 53장)."""
    assert len(iso_weeks(year)) == slides


def test_a_constraint_is_broken_in_five_steps_each_in_the_log_with_before_and_after() -> None:
    """[r] 병목 깨기: 찾기 → 원인 → 해결책 → 시험 → 확대, 실험 기록마다 전과 후."""
    began = dt.date(2026, 3, 2)
    rows = []
    for back in range(-28, 28):
        on = (began + dt.timedelta(back)).isoformat()
        rows += [{"received_at": on, "won_at": on if i < (2 if back < 0 else 6) else None} for i in range(10)]
    log = frame_of(
        [
            {"experiment_id": "E-1", "step": "접수→수주", "cause": "연락이 늦음", "solution": "24시간 뒤 전화",
             "started_at": "2026-03-02", "ended_at": "2026-03-29", "verdict": None}
        ]
    )  # fmt: skip
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
    (trial,) = experiments(log, frame_of(rows), specs, as_of=day("2026-04-10"))
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)
    assert trial.suggestion == "double_down"
    assert dict(zip(STEPS, trial.progress, strict=True)) == {
        "identify": "done", "cause": "done", "solution": "done", "test": "done", "double_down": "now",
    }  # fmt: skip


def test_an_experiment_on_the_partner_factory_is_counted_by_the_days_of_the_evidence() -> None:
    """[r] 파트너 쪽 공장의 병목도 실험한다: 활동에 적힌 단계 증빙의 날짜로 전과 후를 센다."""
    began = dt.date(2026, 3, 2)
    told = []
    for back in range(-28, 28):
        on = (began + dt.timedelta(back)).isoformat()
        for i in range(10):
            told.append({"partner": f"{back}/{i}", "acted_at": on, "text": "제안서 발송"})
            if i < (2 if back < 0 else 6):
                told.append({"partner": f"{back}/{i}", "acted_at": on, "text": "시나리오 합의"})
    log = frame_of([{"experiment_id": "E-1", "step": "미팅→실무자 접촉", "started_at": "2026-03-02"}])
    requests, specs = frame_of([{"received_at": "2026-03-02"}]), (StepSpec("접수", at="received_at"),)
    stages = stage_days(frame_of(told), day("2026-04-20"))
    (trial,) = experiments(log, requests, specs, as_of=day("2026-04-20"), stages=stages)
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)


def test_an_experiment_on_the_way_into_the_first_meeting_or_into_running_is_counted_too() -> None:
    """[r] 제휴의 첫 미팅과 운영으로 가는 길의 실험도 센다: 첫 접촉과 제안서, 현장 테스트와 제휴일로."""
    began = dt.date(2026, 3, 2)
    told, partners = [], []
    for back in range(-28, 28):
        on = (began + dt.timedelta(back)).isoformat()
        for i in range(10):
            won = i < (2 if back < 0 else 6)
            told.append({"partner": f"{back}/{i}", "acted_at": on, "text": "첫 통화"})
            told += [
                {"partner": f"{back}/{i}", "acted_at": on, "text": text} for text in ("제안서", "현장 테스트") if won
            ]
            partners.append(
                {"name": f"{back}/{i}", "stage": "운영" if won else "미팅", "contract_at": on if won else None}
            )
    steps = ("기회 발견→미팅", "운영")
    log = frame_of([{"experiment_id": step, "step": step, "started_at": "2026-03-02"} for step in steps])
    requests, specs = frame_of([{"received_at": "2026-03-02"}]), (StepSpec("접수", at="received_at"),)
    stages = stage_days(frame_of(told), day("2026-04-20"), frame_of(partners))
    found = {
        trial.step: trial.compared
        for trial in experiments(log, requests, specs, as_of=day("2026-04-20"), stages=stages)
    }
    into_meeting, into_running = found["기회 발견→미팅"], found["운영"]
    assert into_meeting is not None
    assert (into_meeting.before.rate, into_meeting.after.rate) == (0.2, 0.6)
    assert into_running is not None
    assert (into_running.before.rate, into_running.after.rate) == (1.0, 1.0)


def test_a_multi_sided_model_has_one_factory_a_side_and_they_are_linked() -> None:
    """[r] 다면 모델은 면마다 공장이 하나씩이고 서로 이어진다: 여기서는 파트너 공장과 고객 공장."""
    partners = diagnose([Step("발굴", 100), Step("미팅", 90), Step("운영", 81)])
    customers = diagnose([Step("접수", 600), Step("견적", 540), Step("수주", 108)])
    found = factories(partners, customers, Flow(active=10, requests=130, weeks=13))
    assert found.output == pytest.approx(40 * 0.18)  # 4 requests a partner in four weeks
    assert found.one_more == pytest.approx(4 * 0.18)
    assert found.limit == "customer"
    poor = diagnose([Step("발굴", 100), Step("미팅", 90), Step("운영", 9)])
    assert factories(poor, customers, Flow(10, 130, 13)).limit == "partner"
