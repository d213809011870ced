"""Decision makers meet first, the final approval is theirs: what counts as one, who lacks it, who met too early."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.approvals import Approvals, approvals, met_backwards, unapproved
from addin.crm.calendar import DAY, minutes_of_text

FrameOf = Callable[..., pl.DataFrame]
TODAY = "2026-03-10"


def day(text: str) -> int:
    """A day index."""
    return (minutes_of_text(text) or 0) // DAY


def acts(frame: FrameOf, *rows: dict[str, Any]) -> pl.DataFrame:
    """Activities of 한빛 on 1 March, unless they say otherwise."""
    return frame([{"partner": "한빛", "acted_at": "2026-03-01", "kind": None, "text": None, **row} for row in rows])


def given(partners: pl.DataFrame, activities: pl.DataFrame | None = None) -> dict[str, int | None]:
    """The approvals on record today."""
    return approvals(partners, activities, day(TODAY)).given


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"approved_at": "2026-03-02"}, {"한빛": day("2026-03-02")}),
        ({"approved_at": "2026-03-10"}, {"한빛": day("2026-03-10")}),
        ({"approved_at": "2026-03-11"}, {}),
        ({"approved_at": None}, {}),
        ({"approved": "O"}, {"한빛": None}),
        ({"approved": "김 대표"}, {"한빛": None}),
        ({"approved": "결재 완료"}, {"한빛": None}),
        ({"approved": "X"}, {}),
        ({"approved": "결재 대기"}, {}),
        ({"approved": "반려"}, {}),
        ({"approved": "Pending"}, {}),
        ({"approved": "  "}, {}),
        ({"approved": "반려", "approved_at": "2026-03-02"}, {}),
        ({"approved": "승인", "approved_at": "2026-03-02"}, {"한빛": day("2026-03-02")}),
        ({"stage": "운영"}, {}),
    ],
)
def test_an_approval_in_the_partner_list_is_a_day_or_a_yes(
    cells: dict[str, Any], found: dict[str, int | None], frame: FrameOf
) -> None:
    assert given(frame([{"name": "한빛", **cells}])) == found


@pytest.mark.parametrize(
    ("kind", "text", "counts"),
    [
        ("결재", None, True),
        ("최종 승인", "조건 없음", True),
        ("미팅", "대표 결재 받음", True),
        ("미팅", "의사결정권자 최종 승인", True),
        ("approval", None, True),
        ("결재", "상신함", False),
        ("최종 승인", "요청", False),
        ("미팅", "최종 승인 대기", False),
        ("카톡", "쿠폰 문안 최종 승인", False),
        ("미팅", "승인 절차 안내", False),
        (None, None, False),
    ],
)
def test_an_activity_tells_of_an_approval_but_not_of_one_asked_for(
    kind: str | None, text: str | None, counts: bool, frame: FrameOf
) -> None:
    found = given(frame([{"name": "한빛"}]), acts(frame, {"kind": kind, "text": text}))
    assert found == ({"한빛": day("2026-03-01")} if counts else {})


def test_of_two_approvals_the_first_counts_and_one_to_come_does_not(frame: FrameOf) -> None:
    both = acts(frame, {"kind": "결재", "acted_at": "2026-02-20"}, {"kind": "결재"}, {"kind": "결재", "partner": None})
    assert given(frame([{"name": "한빛", "approved_at": "2026-02-25"}]), both) == {"한빛": day("2026-02-20")}
    assert given(frame([{"name": "한빛"}]), acts(frame, {"kind": "결재", "acted_at": "2026-03-11"})) == {}


def test_only_what_customers_meet_needs_the_approval(frame: FrameOf) -> None:
    rows = [
        {"name": "미팅 중", "stage": "QA 테스트"},
        {"name": "현장", "stage": "현장 테스트", "stage_at": "2026-03-05"},
        {"name": "운영", "stage": "운영", "stage_at": "2026-03-03"},
        {"name": "상태만", "status": "운영"},
        {"name": "끝남", "stage": "중단"},
        {"name": "받음", "stage": "운영"},
        {"name": "후보", "stage": None, "status": "후보"},
    ]
    found = unapproved(frame(rows), Approvals(True, None, {"받음": None}))
    assert [(one.partner, one.rank, one.since) for one in found] == [
        ("상태만", 7, None),
        ("운영", 7, day("2026-03-03")),
        ("현장", 6, day("2026-03-05")),
    ]


def test_a_team_that_records_no_approvals_is_asked_nothing(frame: FrameOf) -> None:
    rows = frame([{"name": "한빛", "stage": "운영", "approved_at": None}])
    found = approvals(rows, None, day(TODAY))
    assert not found.recorded
    assert unapproved(rows, found) == []


def test_what_began_before_the_first_recorded_approval_is_left_alone(frame: FrameOf) -> None:
    rows = frame([
        {"name": "옛날", "stage": "운영", "contract_at": "2024-01-02"},
        {"name": "새것", "stage": "운영", "contract_at": "2026-02-20"},
        {"name": "날짜 없음", "stage": "운영", "contract_at": None},
        {"name": "받음", "stage": "운영", "contract_at": "2026-02-10", "approved_at": "2026-02-01"},
    ])  # fmt: skip
    found = unapproved(rows, approvals(rows, None, day(TODAY)))
    assert [one.partner for one in found] == ["날짜 없음", "새것"]


def test_an_approval_after_the_start_is_said_apart(frame: FrameOf) -> None:
    rows = frame([{"name": "한빛", "stage": "운영", "stage_at": "2026-02-10", "approved_at": "2026-03-01"}])
    (one,) = unapproved(rows, approvals(rows, None, day(TODAY)))
    assert (one.since, one.approved) == (day("2026-02-10"), day("2026-03-01"))


@pytest.mark.parametrize(
    ("rows", "backwards"),
    [
        ([("2026-02-01", "의사결정권자 미팅"), ("2026-02-09", "실무자 협의")], False),
        ([("2026-02-01", "실무자 미팅"), ("2026-02-09", "대표 미팅")], True),
        ([("2026-02-01", "실무자 미팅, 대표 참석")], False),
        ([("2026-02-01", "working-level meeting"), ("2026-02-09", "meeting with the CEO")], True),
        ([("2026-02-01", "실무자 미팅"), ("2026-02-01", "대표 면담")], False),
        ([("2026-02-01", "실무자에게 메일")], False),
        ([("2026-03-11", "실무자 미팅")], False),
    ],
)
def test_those_who_do_the_work_meet_after_the_decision_makers(
    rows: list[tuple[str, str]], backwards: bool, frame: FrameOf
) -> None:
    told = [{"acted_at": at, "text": text} for at, text in rows]
    activities = acts(frame, *told, {"partner": "샛별", "text": "의사결정권자 미팅"})
    partners = frame([{"name": "한빛", "stage": "실무자 접촉"}, {"name": "샛별", "stage": "미팅"}])
    assert [one.partner for one in met_backwards(partners, activities, day(TODAY))] == ["한빛"] * backwards


def test_who_met_first_is_not_asked_where_nobody_notes_decision_makers_or_it_runs_already(frame: FrameOf) -> None:
    worked = acts(frame, {"kind": "미팅", "text": "실무자 미팅"})
    assert met_backwards(frame([{"name": "한빛", "stage": "미팅"}]), worked, day(TODAY)) == []
    both = acts(frame, {"text": "실무자 미팅"}, {"text": "대표 미팅", "partner": "샛별"})
    assert met_backwards(frame([{"name": "한빛", "stage": "운영"}]), both, day(TODAY)) == []
    assert met_backwards(frame([{"name": "한빛", "stage": "미팅"}]), both.select("partner"), day(TODAY)) == []


def test_empty_lists_say_nothing(frame: FrameOf) -> None:
    partners = frame([{"name": "한빛", "stage": "운영"}]).clear()
    nothing = acts(frame, {}).clear()
    assert approvals(partners, nothing, day(TODAY)) == Approvals()
    assert unapproved(partners, Approvals(True)) == []
    assert met_backwards(partners, nothing, day(TODAY)) == []
