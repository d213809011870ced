"""What to do next about requests and quotes: the sources' own rules, in the user's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.request_tasks import quote_tasks, request_tasks
from addin.crm.settings import Settings
from addin.crm.tasks import KIND_IDS, Task, in_order
from addin.i18n import LANGUAGES, known, say

FrameOf = Callable[..., pl.DataFrame]
TUESDAY, FRIDAY = "2026-03-03", "2026-03-06"


def todo(frame: pl.DataFrame, as_of: str = "2026-03-10", **more: Any) -> list[Task]:
    """The tasks of some requests as of a day."""
    day = (minutes_of_text(as_of) or 0) // DAY
    return in_order(request_tasks(_keyed(frame), more.pop("settings", Settings()), day, **more), day)


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    partner = pl.col("partner") if "partner" in frame.columns else pl.lit(None, dtype=pl.String)
    id = pl.format("R{}", pl.col("_row"))
    return frame.with_columns(partner_key=partner, request_id=id if "request_id" not in frame.columns else "request_id")


def kinds(tasks: list[Task]) -> list[tuple[str, str]]:
    """(kind, when it is due) of each."""
    return [(task.kind, task.due_text) for task in tasks]


def test_seed_000_an_unconfirmed_request_is_due_ten_business_minutes_after_it_came(frame: FrameOf) -> None:
    row = {"received_at": f"{FRIDAY}T17:55", "confirmed_at": None, "stage": "접수"}
    assert kinds(todo(frame([row]), FRIDAY)) == [("first_answer", "2026-03-09 09:05")]


def test_a_confirmed_request_needs_no_first_answer(frame: FrameOf) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "confirmed_at": f"{TUESDAY}T10:05", "stage": "접수"}
    assert todo(frame([row])) == []


def test_seed_002_after_24_hours_the_first_answer_says_so(frame: FrameOf) -> None:
    (task,) = todo(frame([{"received_at": f"{TUESDAY}T10:00", "confirmed_at": None, "stage": "접수"}]), "2026-03-05")
    assert "24시간이 지났" in say(task.reason, "ko")


@pytest.mark.parametrize(
    ("as_of", "there"), [("2026-03-09", False), ("2026-03-10", True), ("2026-03-20", True), ("2026-03-21", False)]
)
def test_seed_000_the_d7_notice_is_due_seven_days_before_and_ends_with_the_day(
    frame: FrameOf, as_of: str, there: bool
) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "event_at": "2026-03-20", "stage": "접수"}
    assert kinds(todo(frame([row]), as_of)) == ([("event_d7", "2026-03-13")] if there else [])


def test_no_d7_notice_once_a_proposal_was_sent(frame: FrameOf) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "event_at": "2026-03-20", "proposed_at": "2026-03-19T10:00"}
    assert [t.kind for t in todo(frame([row | {"stage": "제안"}]), "2026-03-19")] == []


@pytest.mark.parametrize(("event", "late"), [("2026-03-10", True), ("2026-03-11", False)])
def test_seed_002_a_request_inside_eight_days_of_its_event_is_short_notice(
    frame: FrameOf, event: str, late: bool
) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "event_at": event, "proposed_at": f"{TUESDAY}T11:00", "stage": "제안"}
    assert ("lead_time" in [t.kind for t in todo(frame([row]), TUESDAY)]) is late


def test_seed_002_no_decision_within_24_hours_asks_for_another_proposal(frame: FrameOf) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "proposed_at": f"{TUESDAY}T11:00", "stage": "제안"}
    assert kinds(todo(frame([row]), TUESDAY)) == []
    assert kinds(todo(frame([row]), "2026-03-04")) == [("reproposal", "2026-03-04")]
    assert kinds(todo(frame([row | {"stage": "수주"}]), "2026-03-04")) == []


def test_a_touch_after_the_proposal_settles_it_and_a_future_one_stops_everything(frame: FrameOf) -> None:
    row = {"request_id": "R1", "received_at": f"{TUESDAY}T10:00", "proposed_at": f"{TUESDAY}T11:00", "stage": "제안"}

    def acted(**cells: str) -> pl.DataFrame:
        minutes = {name: minutes_of_text(text) for name, text in cells.items()}
        return pl.DataFrame({"request": ["R1"], **{name: [value] for name, value in minutes.items()}})

    assert todo(frame([row]), "2026-03-05", activities=acted(acted_at="2026-03-04T09:00")) == []
    later = acted(acted_at=f"{TUESDAY}T09:00", next_at="2026-03-09T09:00")
    assert todo(frame([row]), "2026-03-05", activities=later) == []
    assert [t.kind for t in todo(frame([row]), "2026-03-10", activities=later)] == ["reproposal"]


def test_seed_002_the_reason_a_request_was_lost_is_asked_for_four_weeks_long(frame: FrameOf) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "stage": "취소", "lost_reason": None}
    assert kinds(todo(frame([row]))) == [("lost_reason", "2026-03-04")]
    assert todo(frame([row]), "2026-04-30") == []
    assert todo(frame([row | {"lost_reason": "가격"}])) == []


def test_the_owner_is_who_looks_after_the_partner_else_who_does_the_work(frame: FrameOf) -> None:
    row = {
        "received_at": f"{TUESDAY}T10:00",
        "confirmed_at": None,
        "stage": "접수",
        "partner": "한빛",
        "assignee": "김",
    }
    assert [t.owner for t in todo(frame([row]))] == ["김"]
    assert [t.owner for t in todo(frame([row]), owners={"한빛": "이"})] == ["이"]


def test_the_same_cause_has_the_same_id_every_time_and_no_other_has_it(frame: FrameOf) -> None:
    rows = [{"received_at": f"{TUESDAY}T10:0{i}", "confirmed_at": None, "stage": "접수"} for i in range(5)]
    once, twice = todo(frame(rows)), todo(frame(rows), "2026-03-11")
    assert [t.id for t in once] == [t.id for t in twice]
    assert len({t.id for t in once}) == 5


@pytest.mark.parametrize(
    ("as_of", "due"),
    [("2026-03-12", []), ("2026-03-13", ["2026-03-13"]), ("2026-03-19", ["2026-03-19"]), ("2026-03-21", [])],
)
def test_a_quote_is_named_seven_days_and_one_day_before_it_expires(as_of: str, due: list[str]) -> None:
    quotes = pl.DataFrame(
        {"quote_id": ["Q-1"], "valid_until": [minutes_of_text("2026-03-20")], "_sheet": ["견적"], "_row": [2]}
    )
    day = (minutes_of_text(as_of) or 0) // DAY
    assert [t.due_text for t in quote_tasks(quotes, day)] == due
    accepted = quotes.with_columns(status=pl.lit("수락"))
    assert list(quote_tasks(accepted, day)) == []


def test_tasks_wait_as_long_as_the_kpis_that_measure_the_same(frame: FrameOf) -> None:
    proposed = {"received_at": f"{TUESDAY}T10:00", "proposed_at": f"{TUESDAY}T11:00", "stage": "제안"}
    event = {"received_at": f"{TUESDAY}T10:00", "event_at": "2026-03-20", "stage": "접수"}
    settings = Settings()
    own = {
        "FOLLOWUP_24H": replace(settings.thresholds["FOLLOWUP_24H"], breach=Decimal(48)),
        "D7_ALERT": replace(settings.thresholds["D7_ALERT"], breach=Decimal(10)),
        "LEAD_TIME": replace(settings.thresholds["LEAD_TIME"], warn=Decimal(18)),
    }
    slower = replace(settings, thresholds={**settings.thresholds, **own})
    assert kinds(todo(frame([proposed]), "2026-03-04", settings=slower)) == []
    (task,) = todo(frame([proposed]), "2026-03-05", settings=slower)
    assert "48시간" in say(task.reason, "ko")
    found = kinds(todo(frame([event]), "2026-03-10", settings=slower))
    assert found == [("event_d7", "2026-03-10"), ("lead_time", "2026-03-04")]  # today first, then overdue


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_its_words(lang: str) -> None:
    kinds = [id for id in KIND_IDS if not known(id, lang)]
    reasons = [f"{id}.why" for id in KIND_IDS if id != "task.one_sided" and not known(f"{id}.why", lang)]
    assert kinds == reasons == []


def test_a_long_list_that_tells_of_nothing_to_do_has_no_tasks(frame: FrameOf) -> None:
    one = frame([{"partner_key": "한빛", "received_at": "2026-03-02", "won_at": None}])
    requests = pl.concat([one] * 20_000)
    assert list(request_tasks(requests, Settings(), 20_600)) == []


EMPTY = {"event_at": "2026-03-20", "move_in_at": "2026-03-25", "visited_at": None, "proposed_at": "2026-03-10"}


@pytest.mark.parametrize(
    ("as_of", "more", "due"),
    [
        ("2026-03-09", {}, []),  # D-11: too early
        ("2026-03-10", {}, ["2026-03-20"]),
        ("2026-03-22", {}, ["2026-03-20"]),  # empty now
        ("2026-03-25", {}, ["2026-03-20"]),
        ("2026-03-26", {}, []),  # they moved in
        ("2026-03-12", {"won_at": "2026-03-11"}, ["2026-03-20"]),
        ("2026-03-12", {"visited_at": "2026-03-21"}, []),
        ("2026-03-12", {"move_in_at": "2026-03-20"}, []),  # never empty
        ("2026-03-12", {"stage": "취소"}, []),
    ],
)
def test_seed_000_a_job_before_they_move_in_is_set_for_while_the_house_is_empty(
    as_of: str, more: dict[str, Any], due: list[str], frame: FrameOf
) -> None:
    row = {"received_at": "2026-03-02T09:00", "won_at": None, "stage": "제안", **EMPTY, **more}
    found = [task for task in todo(frame([row]), as_of) if task.kind == "empty_house"]
    assert [task.due_text for task in found] == due
    assert all((task.table, task.field) == ("requests", "visited_at") for task in found)


def test_an_order_that_is_won_has_no_other_task_for_its_empty_house(frame: FrameOf) -> None:
    row = {"received_at": "2026-03-02T09:00", "stage": "수주", **EMPTY, "proposed_at": None}
    assert [task.kind for task in todo(frame([row]), "2026-03-12")] == ["empty_house"]
