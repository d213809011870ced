"""Source 001, the decision makers' part of a partnership: they meet first, read one page, and approve last."""

from __future__ import annotations

import datetime as dt

import polars as pl

from addin.crm.approvals import approvals, met_backwards, unapproved
from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.internal_case import Cases
from addin.crm.partner_tasks import partner_tasks
from addin.crm.screening import screen
from addin.crm.settings import Settings
from addin.crm.standing import standing
from addin.documents.case.face import face
from addin.documents.case.make import make
from tests.unit.crm.conftest import frame_of
from tests.unit.documents.pdftext import pdf_text

AS_OF = (minutes_of_text("2026-03-10") or 0) // DAY


def test_the_final_approval_is_the_decision_makers_and_recorded_apart() -> None:
    """[r] 최종 승인은 의사결정권자가 한다: 승인 기록 없이 현장 테스트나 운영에 들어가면 경고."""
    rows = frame_of([
        {"name": "한빛", "stage": "운영", "stage_at": "2026-03-02", "approved_at": "2026-02-20"},
        {"name": "샛별", "stage": "현장 테스트", "stage_at": "2026-03-02", "approved_at": None},
        {"name": "새봄", "stage": "QA 테스트", "stage_at": "2026-03-02", "approved_at": None},
    ])  # fmt: skip
    assert [one.partner for one in unapproved(rows, approvals(rows, None, AS_OF))] == ["샛별"]
    tasks = partner_tasks(rows.with_columns(partner_key="name"), Settings(), AS_OF)
    assert [task.partner for task in tasks if task.kind == "approval"] == ["샛별"]


def test_a_meeting_of_those_who_do_the_work_before_the_decision_makers_is_said() -> None:
    """[r] 처음 미팅은 의사결정권자끼리: 실무자가 먼저 만났으면 그렇다고 알린다."""
    acts = frame_of([
        {"partner": "한빛", "acted_at": "2026-02-01", "text": "의사결정권자 미팅"},
        {"partner": "한빛", "acted_at": "2026-02-08", "text": "실무자 미팅"},
        {"partner": "샛별", "acted_at": "2026-02-01", "text": "실무자 미팅"},
        {"partner": "샛별", "acted_at": "2026-02-08", "text": "의사결정권자 미팅"},
    ])  # fmt: skip
    rows = frame_of([{"name": name, "stage": "실무자 접촉"} for name in ("한빛", "샛별")])
    assert [one.partner for one in met_backwards(rows, acts, AS_OF)] == ["샛별"]


def test_the_internal_case_is_one_page_that_is_signed() -> None:
    """[r] 왜 이 회사인지, 매출, 공수 대비 산출물을 한 장에 적어 의사결정권자가 승인한다."""
    rows = frame_of([{"name": "한빛", "stage": "미팅", "case": "1,500세대"}]).with_columns(
        expected_revenue=pl.lit(6_000_000_00, dtype=pl.Int64), effort=pl.lit(8.0)
    )
    there = standing(rows)
    case = Cases(there, screen(there, Settings()), None, Settings(), AS_OF).of("한빛")
    told = pdf_text(make(face(case, "ko", dt.date(2026, 3, 10)), "pdf", None))
    assert told.count("\f") == 1
    for word in ("왜 이 파트너인가", "1,500세대", "6,000,000원", "8일", "750,000원", "승인란", "의사결정권자", "서명"):
        assert word in told
