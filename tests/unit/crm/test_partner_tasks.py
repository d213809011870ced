"""What to do next about partners: the sources' own rules, in the user's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, date_of, minutes_of_text
from addin.crm.evidence import EVIDENCE_IDS
from addin.crm.measures import Measures
from addin.crm.partner_tasks import experiment_tasks, partner_tasks
from addin.crm.settings import Settings
from addin.i18n import LANGUAGES, known, say

if TYPE_CHECKING:
    from addin.crm.tasks import Task

FrameOf = Callable[..., pl.DataFrame]
AS_OF = "2026-03-10"


def todo(frame: pl.DataFrame, as_of: str = AS_OF, **more: Any) -> list[Task]:
    """The tasks of some partners as of a day."""
    day = (minutes_of_text(as_of) or 0) // DAY
    return list(partner_tasks(frame.with_columns(partner_key="name"), Settings(), day, **more))


def acted(frame: FrameOf, *rows: dict[str, Any]) -> pl.DataFrame:
    """Activities."""
    return frame([{"partner": "한빛", "kind": None, "text": None, **row} for row in rows])


def test_seed_001_a_partnership_where_only_one_side_gains_is_asked_about(frame: FrameOf) -> None:
    rows = [
        {"name": "한빛", "stage": "미팅", "our_benefit": "소개", "their_benefit": None},
        {"name": "샛별", "stage": "미팅", "our_benefit": "소개", "their_benefit": "할인"},
        {"name": "새봄", "stage": "기회 발견", "our_benefit": None, "their_benefit": None},
        {"name": "옛날", "stage": "중단", "our_benefit": "소개", "their_benefit": None},
    ]
    found = [(t.kind, t.partner, t.field) for t in todo(frame(rows))]
    assert found == [("one_sided", "한빛", "their_benefit")]


@pytest.mark.parametrize(
    ("stage", "text", "asked"),
    [
        ("미팅", "전화함", "제안서를 보냄"),
        ("미팅", "제안서 메일 보냄", ""),
        ("실무자 접촉", "제안서 보냄", "시나리오에 합의함"),
        ("기획서 완성", "기획서 확정 회의", ""),
        ("개발 구축", "데이터 연동 확인", ""),
        ("QA 테스트", "회의", "테스트 계정을 받음"),
        ("현장 테스트", "불만 목록 정리", ""),
        ("기회 발견", "", ""),
        ("운영", "", ""),
    ],
)
def test_seed_001_a_stage_without_its_evidence_is_a_warning(frame: FrameOf, stage: str, text: str, asked: str) -> None:
    activities = acted(frame, {"acted_at": "2026-03-01", "text": text})
    found = list(todo(frame([{"name": "한빛", "stage": stage}]), activities=activities))
    assert [say(t.reason, "ko").find(asked) >= 0 for t in found if t.kind == "stage_evidence"] == [True] * bool(asked)


def test_without_a_list_of_activities_evidence_and_reports_are_not_asked_for(frame: FrameOf) -> None:
    assert todo(frame([{"name": "한빛 아파트 관리사무소", "stage": "QA 테스트"}]), "2026-03-20") == []


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        ("2026-03-05", ["2026-02"]),  # last month's, until the tenth
        ("2026-03-12", []),
        ("2026-03-18", ["2026-03"]),
        ("2026-03-31", ["2026-03"]),
    ],
)
def test_seed_000_a_management_office_gets_one_report_a_month(frame: FrameOf, as_of: str, months: list[str]) -> None:
    office = frame([{"name": "한빛", "cluster": "아파트 단지", "stage": "운영"}])
    activities = acted(frame, {"acted_at": "2026-01-20", "kind": "보고"})
    due = [t.about.rpartition("/")[2] for t in todo(office, as_of, activities=activities) if t.kind == "monthly_report"]
    assert due == months


def test_a_report_that_was_sent_settles_it(frame: FrameOf) -> None:
    office = frame([{"name": "한빛", "cluster": "아파트 단지", "stage": "운영"}])
    sent = acted(frame, {"acted_at": "2026-03-19", "text": "월간 하자 보고서 전달"})
    assert [t.kind for t in todo(office, "2026-03-20", activities=sent)] == []


@pytest.mark.parametrize(("stage", "owed"), [("운영", True), (None, True), ("미팅", False), ("QA 테스트", False)])
def test_only_a_running_office_is_owed_a_report(frame: FrameOf, stage: str | None, owed: bool) -> None:
    office = frame([{"name": "한빛", "cluster": "아파트 단지", "stage": stage}])
    activities = acted(frame, {"acted_at": "2026-01-20", "kind": "보고"})
    found = [t.kind for t in todo(office, "2026-03-20", activities=activities) if t.kind == "monthly_report"]
    assert found == ["monthly_report"] * owed


def test_seed_001_the_first_ten_complaints_of_a_field_test_are_counted(frame: FrameOf) -> None:
    partner = frame([{"name": "한빛", "stage": "현장 테스트", "stage_at": "2026-02-01"}])
    rows = [{"received_at": f"2026-02-{i + 1:02d}", "claim": i in (2, 9, 11), "partner": "한빛"} for i in range(14)]
    requests = frame(rows).with_columns(partner_key="partner")
    (task,) = [t for t in todo(partner, requests=requests) if t.kind == "field_test"]
    assert say(task.reason, "ko").startswith("첫 10건 가운데 10건을 했고 불만이 2건 있습니다")
    clean = requests.with_columns(claim=pl.lit(False))
    assert [t for t in todo(partner, requests=clean) if t.kind == "field_test"] == []


def _values(frame: FrameOf, requests: list[dict[str, Any]], partners: pl.DataFrame) -> Any:
    tables = {"requests": frame(requests), "partners": partners}
    return Measures(tables, Settings()).current(["SILENCE_4W", "DEPENDENCY"])


def test_seed_002_four_weeks_without_news_is_a_call_unless_the_next_one_is_set(frame: FrameOf) -> None:
    partners = frame([{"name": "한빛"}, {"name": "샛별"}])
    requests = [{"partner": "한빛", "received_at": "2026-02-01"}, {"partner": "샛별", "received_at": "2026-03-10"}]
    values = _values(frame, requests, partners)
    (task,) = [t for t in todo(partners, values=values) if t.kind == "silence"]
    assert (task.partner, task.due_text) == ("한빛", "2026-03-01")
    planned = acted(frame, {"acted_at": "2026-01-01", "next_at": "2026-03-12"})
    assert [t for t in todo(partners, values=values, activities=planned) if t.kind == "silence"] == []


def test_seed_000_over_thirty_percent_names_substitutes_of_the_cluster(frame: FrameOf) -> None:
    partners = frame(
        [
            {"name": "한빛", "cluster": "아파트", "stage": "운영"},
            {"name": "후보단지", "cluster": "아파트", "stage": "미팅"},
            {"name": "샛별", "cluster": "카페", "stage": "운영"},
        ]
    )
    sold = {"won_at": "2026-03-02", "received_at": "2026-03-02"}
    requests = [{"partner": "한빛", "amount": 90, **sold}, {"partner": "샛별", "amount": 10, **sold}]
    values = _values(frame, [*requests, {"partner": "샛별", "received_at": AS_OF}], partners)
    (task,) = [t for t in todo(partners, values=values) if t.kind == "dependency"]
    assert say(task.reason, "ko") == "매출의 90.0%가 이 파트너에서 나옵니다. 대체 후보에게 일을 나눠 주세요: 후보단지"


def test_seed_004_an_experiment_that_ended_is_judged(frame: FrameOf) -> None:
    rows = [
        {"experiment_id": "E1", "step": "접수→수주", "ended_at": "2026-03-01", "verdict": None},
        {"experiment_id": "E2", "step": "접수→수주", "ended_at": "2026-03-01", "verdict": "계속"},
        {"experiment_id": "E3", "step": "접수→수주", "ended_at": "2026-03-20", "verdict": None},
    ]
    day = (minutes_of_text(AS_OF) or 0) // DAY
    assert [t.about for t in experiment_tasks(frame(rows), day)] == ["E1"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_evidence_has_its_words(lang: str) -> None:
    ids = (*EVIDENCE_IDS, "task.one_sided.our_benefit", "task.one_sided.their_benefit", "task.dependency.nobody")
    assert [id for id in ids if not known(id, lang)] == []


def test_the_day_of_the_monthly_report_is_the_teams_own(frame: FrameOf) -> None:
    office = frame([{"name": "한빛", "cluster": "아파트", "stage": "운영"}]).with_columns(partner_key="name")
    activities = acted(frame, {"acted_at": "2026-01-20", "kind": "보고"})
    day = (minutes_of_text("2026-03-12") or 0) // DAY
    for settings, due in ((Settings(), []), (Settings(report_day=15), ["2026-03-15"])):
        told = [t for t in partner_tasks(office, settings, day, activities=activities) if t.kind == "monthly_report"]
        assert [date_of(t.due // DAY).isoformat() for t in told] == due


def test_seed_001_customers_meet_nothing_the_decision_makers_have_not_approved(frame: FrameOf) -> None:
    rows = [
        {"name": "한빛", "stage": "현장 테스트", "stage_at": "2026-03-01", "approved_at": None},
        {"name": "샛별", "stage": "운영", "stage_at": "2026-03-02", "approved_at": "2026-02-20"},
    ]
    (task,) = [t for t in todo(frame(rows)) if t.kind == "approval"]
    assert (task.partner, task.field, date_of(task.due_day).isoformat()) == ("한빛", "approved_at", "2026-03-08")
    assert "현장 테스트" in say(task.reason, "ko")
    assert [t for t in todo(frame(rows[:1])) if t.kind == "approval"] == []  # nobody records approvals
    late = {"name": "새봄", "stage": "운영", "stage_at": "2026-03-02", "approved_at": "2026-03-09"}
    assert [t for t in todo(frame([late])) if t.kind == "approval"] == []  # said in the tab, nothing is left to do


def test_seed_000_a_cafes_next_demo_is_a_task_until_it_has_its_date(frame: FrameOf) -> None:
    cafe = frame([{"name": "한빛", "cluster": "카페", "stage": "운영"}])
    held = acted(frame, {"acted_at": "2026-02-20", "kind": "데모", "next_at": None})
    (task,) = [t for t in todo(cafe, activities=held) if t.kind == "demo_day"]
    assert (task.id, date_of(task.due_day).isoformat()) == ("demo_day:한빛/2026-02-20", "2026-02-27")
    planned = acted(frame, {"acted_at": "2026-02-20", "kind": "데모", "next_at": "2026-03-12"})
    assert [t for t in todo(cafe, activities=planned) if t.kind == "demo_day"] == []
