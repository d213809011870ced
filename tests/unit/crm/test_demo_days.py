"""The weekly repair demo of cafés and shared offices: last, how many, what it brought, when the next is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.demo_days import DemoDays, demo_days

FrameOf = Callable[..., pl.DataFrame]
TODAY = "2026-03-10"
CAFE = {"name": "카페 물든", "cluster": "카페·공유오피스", "stage": "운영"}


def day(text: str) -> int:
    """A day index."""
    return (minutes_of_text(text) or 0) // DAY


def acts(frame: FrameOf, *rows: dict[str, Any]) -> pl.DataFrame:
    """Activities of the café, a demo unless they say otherwise."""
    return frame([{"partner": "카페 물든", "kind": "데모", "text": None, "next_at": None, **row} for row in rows])


def told(
    frame: FrameOf, activities: pl.DataFrame, requests: pl.DataFrame | None = None, **partner: Any
) -> list[DemoDays]:
    """The café's demos as of 10 March."""
    return demo_days(frame([{**CAFE, **partner}]), activities, requests, day(TODAY))


def test_the_next_demo_is_due_a_week_after_the_last(frame: FrameOf) -> None:
    (one,) = told(frame, acts(frame, {"acted_at": "2026-02-27"}, {"acted_at": "2026-03-06"}))
    assert (one.last, one.recent, one.due) == (day("2026-03-06"), 2, day("2026-03-13"))


@pytest.mark.parametrize(
    ("at", "recent"), [("2026-01-13", 0), ("2026-01-14", 1), ("2026-03-10", 1)], ids=["before", "first day", "today"]
)
def test_eight_weeks_are_counted(at: str, recent: int, frame: FrameOf) -> None:
    (one,) = told(frame, acts(frame, {"acted_at": at}, {"acted_at": at}))
    assert one.recent == recent  # two lines of one day are one demo


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("데모", True), ("미니 수리 시연", True), ("체험 행사", True), ("Demo", True), ("미팅", False),
     ("데모 준비", False), ("데모 일정 조율", False), ("데모 취소", False)],
)  # fmt: skip
def test_a_demo_is_told_by_the_kind_of_an_activity(kind: str, counts: bool, frame: FrameOf) -> None:
    assert bool(told(frame, acts(frame, {"acted_at": "2026-03-06", "kind": kind}))) == counts


def test_what_is_only_spoken_about_or_called_off_is_no_demo(frame: FrameOf) -> None:
    assert told(frame, acts(frame, {"acted_at": "2026-03-06", "kind": "전화", "text": "데모 일정 조율"})) == []
    assert told(frame, acts(frame, {"acted_at": "2026-03-06", "text": "비가 와서 취소"})) == []


def test_bookings_on_the_spot_came_that_day_or_say_so(frame: FrameOf) -> None:
    requests = frame([
        {"partner_key": "카페 물든", "received_at": "2026-03-06T11:00", "source": "카페 데모"},
        {"partner_key": "카페 물든", "received_at": "2026-03-06T15:00", "source": "지인"},
        {"partner_key": "카페 물든", "received_at": "2026-03-08T11:00", "source": "카페 데모"},
        {"partner_key": "카페 물든", "received_at": "2026-03-08T11:00", "source": None},
        {"partner_key": "카페 물든", "received_at": "2025-12-01T11:00", "source": "카페 데모"},
        {"partner_key": "카페 물든", "received_at": "2026-03-11T11:00", "source": "카페 데모"},
        {"partner_key": "한빛", "received_at": "2026-03-06T11:00", "source": "카페 데모"},
    ])  # fmt: skip
    (one,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}), requests)
    assert (one.on_day, one.by_source, one.bookings) == (2, 1, 3)
    (alone,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}), requests.drop("source"))
    assert (alone.on_day, alone.by_source) == (2, 0)
    (unknown,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}))
    assert unknown.bookings is None


def test_one_with_a_date_to_come_is_planned(frame: FrameOf) -> None:
    (own,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}, {"acted_at": "2026-03-14"}))
    (next_at,) = told(frame, acts(frame, {"acted_at": "2026-03-06", "next_at": "2026-03-13"}))
    (past,) = told(frame, acts(frame, {"acted_at": "2026-03-01", "next_at": "2026-03-08"}))
    assert (own.planned, next_at.planned, past.planned) == (day("2026-03-14"), day("2026-03-13"), None)
    assert own.last == day("2026-03-06")


def test_a_cafe_without_a_demo_stands_last_and_one_that_ended_does_not_stand(frame: FrameOf) -> None:
    partners = frame([
        {**CAFE, "name": "없던 카페"},
        CAFE,
        {**CAFE, "name": "끝난 카페", "stage": "중단"},
        {**CAFE, "name": "아파트", "cluster": "아파트 단지"},
        {**CAFE, "name": "후보 카페", "stage": "미팅"},
    ])  # fmt: skip
    held = acts(frame, {"acted_at": "2026-03-06"}, {"acted_at": "2026-03-06", "partner": "끝난 카페"})
    found = demo_days(partners, held, None, day(TODAY))
    assert [(one.partner, one.due) for one in found] == [("카페 물든", day("2026-03-13")), ("없던 카페", None)]


def test_another_partner_that_held_one_is_shown_but_owes_none(frame: FrameOf) -> None:
    (one,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}), cluster="아파트 단지")
    assert (one.last, one.due) == (day("2026-03-06"), None)


@pytest.mark.parametrize("cluster", ["카페", "공유 오피스", "Shared Office", "co-working", "커피숍"])
def test_cafes_and_shared_offices_by_any_name(cluster: str, frame: FrameOf) -> None:
    (one,) = told(frame, acts(frame, {"acted_at": "2026-03-06"}), cluster=cluster)
    assert one.due == day("2026-03-13")


def test_a_team_without_demos_or_kinds_sees_nothing(frame: FrameOf) -> None:
    assert demo_days(frame([CAFE]), None, None, day(TODAY)) == []
    assert told(frame, acts(frame, {"acted_at": "2026-03-06"}).drop("kind")) == []
    assert told(frame, acts(frame, {"acted_at": None})) == []
    assert told(frame, acts(frame, {"acted_at": "2026-03-06", "partner": None})) == []
