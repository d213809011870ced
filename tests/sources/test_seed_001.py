"""Source 001, partnership planning: each sentence and number of it, as the code keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.funnel import funnel
from addin.crm.funnel_steps import partnership_steps, spoken
from addin.crm.partner_tasks import partner_tasks
from addin.crm.pipeline import stage_ages, waiting
from addin.crm.settings import Settings
from addin.crm.stages import partner_stage_rank
from addin.i18n import say
from tests.unit.crm.conftest import frame_of

if TYPE_CHECKING:
    from addin.crm.tasks import Task

SEVEN = ("기회 발견", "미팅", "실무자 접촉", "기획서 완성", "개발 구축", "QA 테스트", "현장 테스트")
AS_OF = (minutes_of_text("2026-03-10") or 0) // DAY


def todo(rows: list[dict[str, Any]], **more: Any) -> list[Task]:
    return list(partner_tasks(frame_of(rows).with_columns(partner_key="name"), Settings(), AS_OF, **more))


def test_a_partnership_has_seven_stages_then_runs_or_is_stopped() -> None:
    """[n] 기회 발견 → 미팅 → 실무자 접촉 → 기획서 완성 → 개발 구축 → QA 테스트 → 현장 테스트, 그 뒤 운영."""
    rows = pl.DataFrame({"stage": [*SEVEN, "운영", "중단"]})
    found = funnel(rows, spoken(partnership_steps(rows["stage"]), lambda m: say(m, "ko")), cohorts=0)
    assert [step.label for step in found.steps] == list(SEVEN)
    assert [step.count for step in found.steps] == [9, 7, 6, 5, 4, 3, 2]


@pytest.mark.parametrize(
    ("stage", "evidence"),
    [
        ("미팅", "제안서 보냄"),
        ("실무자 접촉", "시나리오 합의"),
        ("기획서 완성", "기획서 확정"),
        ("개발 구축", "데이터 연동 확인"),
        ("QA 테스트", "테스트 계정 받음"),
        ("현장 테스트", "불만 목록 정리"),
    ],
)
def test_a_stage_without_its_evidence_is_a_warning(stage: str, evidence: str) -> None:
    """[r] 단계마다 증빙이 있고, 증빙 없는 단계는 경고."""
    for text, asked in (("전화함", 1), (evidence, 0)):
        acts = frame_of([{"partner": "한빛", "acted_at": "2026-03-01", "kind": None, "text": text}])
        found = [t for t in todo([{"name": "한빛", "stage": stage}], activities=acts) if t.kind == "stage_evidence"]
        assert len(found) == asked


def test_a_partnership_where_only_one_side_gains_is_flagged() -> None:
    """[r] 한쪽만 이득인 제휴는 오래가지 않는다: 양쪽 이익이 없으면 표시."""
    rows: list[dict[str, Any]] = [
        {"name": "한빛", "stage": "미팅", "our_benefit": "소개", "their_benefit": None},
        {"name": "샛별", "stage": "미팅", "our_benefit": "소개", "their_benefit": "할인"},
    ]
    assert [(t.kind, t.partner, t.field) for t in todo(rows)] == [("one_sided", "한빛", "their_benefit")]


def test_the_first_ten_of_a_field_test_is_a_list_with_a_counter() -> None:
    """[n] 처음 10명까지 몇 명인지 센다."""
    partner = [{"name": "한빛", "stage": "현장 테스트", "stage_at": "2026-02-01"}]
    seen = frame_of([{"received_at": "2026-02-03", "claim": False, "partner": "한빛"}] * 4)
    (task,) = [t for t in todo(partner, requests=seen.with_columns(partner_key="partner")) if t.kind == "field_test"]
    assert (task.reason.params["cases"], task.reason.params["of"]) == (4, 10)


def test_decision_makers_meet_before_those_who_do_the_work() -> None:
    """[r] 의사결정권자가 먼저 만나고, 그다음 실무자가 만난다."""
    first, then = partner_stage_rank("의사결정권자 미팅"), partner_stage_rank("실무자 미팅")
    assert (first, then) == (1, 2)


def test_before_anything_an_internal_case_why_this_partner_what_revenue_what_effort() -> None:
    """[r] 먼저 내부 설득: 왜 이 파트너인가, 매출은, 들이는 공수 대비 얻는 것은."""
    rows = frame_of([{"name": "한빛", "stage": "미팅", "case": "1,500세대"}]).with_columns(
        expected_revenue=pl.lit(600_00, dtype=pl.Int64), effort=pl.lit(3.0)
    )
    (one,) = waiting(rows, stage_ages(rows, AS_OF, Settings().thresholds["PIPE_STAGE"]))
    assert (one.case, one.expected, one.effort, one.a_day) == ("1,500세대", 600_00, 3.0, 200_00)


def test_the_first_ten_customers_complaints_are_absorbed_before_launch() -> None:
    """[n] 현장 테스트: 처음 10명의 불만을 받아 고친 뒤 출시."""
    partner = [{"name": "한빛", "stage": "현장 테스트", "stage_at": "2026-02-01"}]
    claims = [{"received_at": f"2026-02-{i + 1:02d}", "claim": i in (2, 9, 11), "partner": "한빛"} for i in range(14)]
    (task,) = [
        t
        for t in todo(partner, requests=frame_of(claims).with_columns(partner_key="partner"))
        if t.kind == "field_test"
    ]
    assert (task.reason.params["of"], task.reason.params["claims"]) == (10, 2)
