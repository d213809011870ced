"""The experiment log: which step each attacks, what it did there, and what to mind (seed 004)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.experiments import (
    NOTE_IDS,
    STATES,
    STEPS,
    SUGGESTIONS,
    WHY_IDS,
    Trial,
    attacked,
    experiments,
)
from addin.crm.funnel_steps import StepSpec
from addin.crm.passing import Passing
from addin.crm.settings import Settings
from addin.i18n import LANGUAGES, known
from tests.unit.crm.conftest import frame_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = ["접수", "확인", "제안", "수주"]
SPECS = (StepSpec("접수", at="received_at"), StepSpec("제안", "proposed_at"), StepSpec("수주", "won_at"))
BEGAN = dt.date(2026, 3, 2)
AS_OF = "2026-04-20"


def day(text: str) -> int:
    return (minutes_of_text(text) or 0) // DAY


def year(before: int = 2, after: int = 6, took: int = 3) -> list[dict[str, Any]]:
    """Ten proposals a day for four weeks before and after: so many are won, each after so many days."""
    rows = []
    for back in range(-28, 28):
        on = BEGAN + dt.timedelta(back)
        won = before if back < 0 else after
        for i in range(10):
            end = (on + dt.timedelta(took)).isoformat() if i < won else None
            rows.append({"received_at": on.isoformat(), "proposed_at": on.isoformat(), "won_at": end})
    return rows


def log(*lines: dict[str, Any]) -> pl.DataFrame:
    base = {
        "experiment_id": "E-1", "step": "제안→수주", "cause": "느림", "solution": "전화", "started_at": "2026-03-02",
        "ended_at": None, "verdict": None,
    }  # fmt: skip
    return frame_of([{**base, **line} for line in lines])


def tried(
    *lines: dict[str, Any], rows: Sequence[dict[str, Any]] | None = None, as_of: str = AS_OF, **own: Any
) -> dict[str, Trial]:
    """Number → its trial."""
    listed = log(*(lines or ({},))).with_columns(**own)
    requests = frame_of(list(year() if rows is None else rows))
    return {trial.number: trial for trial in experiments(listed, requests, SPECS, as_of=day(as_of))}


def notes(trial: Trial) -> list[str]:
    return [note.id.rpartition(".")[2] for note in trial.notes]


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("제안→수주", 2), ("제안 -> 수주", 2), ("견적>계약", 2), ("수주", 2), ("견적", 1), ("접수", 0),
        ("접수→확인", 0), ("접수→수주", None), ("수주→제안", None), ("청소", None), ("접수→확인→제안", None),
        ("→", None),
    ],
)  # fmt: skip
def test_a_step_cell_names_a_transition_or_the_way_into_one_step(text: str, move: int | None) -> None:
    assert attacked(text, LABELS) == move


def test_before_and_after_are_counted_from_the_requests() -> None:
    trial = tried()["E-1"]
    assert trial.compared is not None
    assert (trial.compared.before.rate, trial.compared.after.rate) == (0.2, 0.6)
    assert (trial.compared.before.days, trial.compared.after.days) == (28, 28)
    assert trial.suggestion == "double_down"
    assert trial.within == 3


def test_a_solution_that_made_it_worse_is_dropped() -> None:
    assert tried(rows=year(6, 2))["E-1"].suggestion == "drop"


def test_each_request_is_given_the_same_days_to_get_through() -> None:
    """Late orders of the older side don't make it look better."""
    late = [
        {**row, "won_at": (dt.date.fromisoformat(row["proposed_at"]) + dt.timedelta(60)).isoformat()}
        if i % 10 == 9 and row["proposed_at"] < "2026-02-06"
        else row
        for i, row in enumerate(year(6, 6))
    ]
    compared = tried(rows=late, as_of="2026-05-30")["E-1"].compared
    assert compared is not None
    assert compared.before.rate == compared.after.rate == 0.6


def test_the_last_days_are_too_young_to_count() -> None:
    """Everybody has three days: a request of yesterday says nothing yet."""
    assert tried(as_of="2026-03-11")["E-1"].suggestion == "wait"
    compared = tried(as_of="2026-03-12")["E-1"].compared
    assert compared is not None
    assert (compared.after.days, compared.after.rate) == (7, 0.6)


@pytest.mark.parametrize(
    ("line", "suggestion", "why"),
    [
        ({"step": None}, "none", "no_step"),
        ({"step": "청소"}, "none", "no_match"),
        ({"step": "미팅→실무자 접촉"}, "none", "partner"),
        ({"started_at": None}, "wait", "not_begun"),
        ({"started_at": "2026-05-01"}, "wait", "not_begun"),
        ({"started_at": "2026-04-15"}, "wait", "too_early"),
        ({"started_at": "2026-02-04"}, "wait", "no_past"),
        ({"ended_at": "2026-03-01"}, "none", "backwards"),
    ],
)
def test_what_cannot_be_compared_says_why(line: dict[str, Any], suggestion: str, why: str) -> None:
    trial = tried(line)["E-1"]
    assert (trial.suggestion, trial.why.id) == (suggestion, f"experiment.why.{why}")
    assert trial.compared is None


def test_two_experiments_on_one_step_at_one_time_cannot_be_told_apart() -> None:
    found = tried(
        {}, {"experiment_id": "E-2", "started_at": "2026-03-16"}, {"experiment_id": "E-3", "step": "접수→제안"}
    )
    assert (found["E-1"].suggestion, found["E-1"].why.id) == ("keep", "experiment.why.overlap")
    assert found["E-1"].why.params["others"] == "E-2"
    assert found["E-3"].why.id != "experiment.why.overlap"


def test_an_experiment_that_ran_before_is_said_beside() -> None:
    found = tried({"ended_at": "2026-03-15"}, {"experiment_id": "E-2", "started_at": "2026-03-16"})
    assert "another_before" in notes(found["E-2"])
    assert found["E-1"].why.id != "experiment.why.overlap"


def test_who_attacks_a_step_that_is_not_the_constraint_is_told() -> None:
    found = tried({}, {"experiment_id": "E-2", "step": "접수→제안"})
    assert "elsewhere" not in notes(found["E-1"])
    assert "elsewhere" in notes(found["E-2"])


def test_the_constraint_is_that_of_the_weeks_before_it_began() -> None:
    """An experiment that mended the constraint is not told afterwards that it attacks another step."""
    mended = year(2, 10) + [{"received_at": "2026-03-20", "proposed_at": None, "won_at": None} for _ in range(900)]
    assert "elsewhere" not in notes(tried(rows=mended)["E-1"])


def test_a_persons_own_numbers_stand_beside_and_are_doubted_where_the_rows_differ() -> None:
    near = tried(before=pl.lit(0.22), after=pl.lit(60.0))["E-1"]
    assert (near.own_before, near.own_after, notes(near)) == (0.22, 0.6, [])
    assert notes(tried(before=pl.lit(0.5), after=pl.lit(0.6))["E-1"]) == ["own_differs"]


@pytest.mark.parametrize(
    ("line", "now"),
    [
        ({"step": None}, "identify"),
        ({"cause": None}, "cause"),
        ({"solution": " "}, "solution"),
        ({}, "test"),
        ({"ended_at": "2026-03-29"}, "double_down"),
        ({"ended_at": "2026-03-29", "verdict": "확대"}, None),
    ],
)
def test_each_experiment_says_which_of_the_five_steps_is_next(line: dict[str, Any], now: str | None) -> None:
    progress = dict(zip(STEPS, tried(line)["E-1"].progress, strict=True))
    assert set(progress.values()) <= set(STATES)
    assert [step for step, state in progress.items() if state == "now"] == ([now] if now else [])


def test_a_step_without_a_date_waits_four_weeks_instead() -> None:
    rows = [{"received_at": row["received_at"], "stage": "수주" if row["won_at"] else "접수"} for row in year()]
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "stage", won=True))
    (trial,) = experiments(log({"step": "수주"}), frame_of(rows), specs, as_of=day("2026-04-20"))
    assert trial.within is None
    assert trial.compared is not None
    assert trial.compared.after.days == 21


def test_every_item_is_counted_once_over_all_days() -> None:
    counts = Passing(frame_of(year()), SPECS, Settings(), [0, 1])
    from addin.crm.before_after import Window

    whole = counts.count(1, Window(day("2026-01-01"), day("2026-12-31")))
    assert (whole.entered, whole.passed) == (560, 28 * 2 + 28 * 6)


def test_an_empty_list_and_empty_requests_do_no_harm() -> None:
    empty = frame_of([{"received_at": None, "proposed_at": None, "won_at": None}]).clear()
    (trial,) = experiments(log({}), empty, SPECS, as_of=day(AS_OF))
    assert (trial.suggestion, trial.compared) == ("wait", None)
    assert experiments(log({}).clear(), frame_of(year()), SPECS, as_of=day(AS_OF)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_in_the_catalogue(lang: str) -> None:
    ids = [*WHY_IDS, *NOTE_IDS, *(f"experiment.suggestion.{name}" for name in SUGGESTIONS)]
    assert [id for id in ids if not known(id, lang)] == []
