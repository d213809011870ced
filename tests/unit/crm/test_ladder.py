"""seed 000: over the threshold → training → ride-along → suspension, and down again after four clean weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.flags import FLAGS, Flag
from addin.crm.ladder import RUNGS, Rules, State, climb, step

if TYPE_CHECKING:
    from collections.abc import Mapping

WEEKS = st.lists(st.sampled_from(FLAGS), max_size=30)
ANSWERS = st.dictionaries(st.integers(0, 30), st.booleans(), max_size=8)


def after(*flags: Flag, answers: Mapping[int, bool] | None = None) -> State:
    """The state after weeks 0, 1, 2 …"""
    return climb(enumerate(flags), answers)


def test_each_breach_steps_up_one_rung_and_no_further_than_suspension() -> None:
    assert [after(*["breach"] * n).rung for n in range(5)] == [*RUNGS, "suspension"]


def test_a_suspension_is_proposed_until_a_person_approves_it() -> None:
    proposed = after("breach", "breach", "breach")
    assert (proposed.name.id, proposed.approved, proposed.asked) == ("ladder.suspension", False, 2)
    approved = after("breach", "breach", "breach", answers={2: True})
    assert (approved.name.id, approved.approved) == ("ladder.suspension_approved", True)


def test_a_suspension_that_a_person_declines_leaves_the_ride_along_and_the_next_breach_asks_anew() -> None:
    declined = after("breach", "breach", "breach", answers={2: False})
    assert (declined.rung, declined.declined, declined.asked) == ("ride_along", True, 2)
    again = step(declined, "breach", 3, {2: False})
    assert (again.rung, again.approved, again.asked) == ("suspension", False, 3)


def test_a_yes_is_for_one_suspension_and_not_for_the_next() -> None:
    weeks: list[Flag] = ["breach"] * 3 + ["ok"] * 8 + ["breach"] * 2
    state = after(*weeks, answers={2: True})
    assert (state.rung, state.approved, state.asked) == ("suspension", False, 12)


@pytest.mark.parametrize(("between", "rung"), [(3, "ride_along"), (4, "training")])
def test_only_a_breach_within_four_weeks_of_the_rung_leads_up(between: int, rung: str) -> None:
    assert after("breach", *["small_sample"] * between, "breach").rung == rung


def test_a_later_breach_starts_the_four_weeks_anew() -> None:
    assert after("breach", *["warn"] * 6, "breach", *["warn"] * 3, "breach").rung == "ride_along"
    assert after("breach", "breach", *["warn"] * 6, "breach").rung == "ride_along"


def test_four_clean_weeks_in_a_row_step_down_one_rung() -> None:
    assert after("breach", "breach", "ok", "ok", "ok").rung == "ride_along"
    assert after("breach", "breach", "ok", "ok", "ok", "ok") == State("training", since=5, clock=5)
    assert after("breach", *["ok"] * 4) == State()
    approved = State("suspension", 0, 0, asked=0, approved=True)
    down = climb(((week, "ok") for week in range(1, 5)), state=approved)
    assert down == State("ride_along", since=4, clock=4)


def test_who_relapses_soon_after_stepping_down_goes_up_again() -> None:
    assert after("breach", "breach", *["ok"] * 4, "warn", "breach").rung == "ride_along"


def test_a_warning_or_a_breach_starts_the_clean_weeks_anew() -> None:
    assert after("breach", "ok", "ok", "warn", "ok", "ok").rung == "training"
    assert after("breach", "ok", "ok", "ok", "breach") == State("ride_along", since=4, clock=4)


def test_the_weeks_are_the_team_s_own_setting() -> None:
    quick = Rules(again=1, clean=2)
    assert climb([(0, "breach"), (2, "breach")], rules=quick).rung == "training"
    assert climb([(0, "breach"), (1, "ok"), (2, "ok")], rules=quick) == State()


@pytest.mark.parametrize("flag", ["small_sample", "no_data"])
@given(weeks=WEEKS, answers=ANSWERS)
def test_a_week_without_enough_cases_moves_nobody(flag: Flag, weeks: list[Flag], answers: dict[int, bool]) -> None:
    state = after(*weeks, answers=answers)
    assert step(state, flag, len(weeks), answers) == state


@given(WEEKS, ANSWERS)
def test_nobody_climbs_faster_than_one_rung_a_breach(weeks: list[Flag], answers: dict[int, bool]) -> None:
    assert RUNGS.index(after(*weeks, answers=answers).rung) <= min(weeks.count("breach"), 3)
    state = State()
    for week, flag in enumerate(weeks):
        before, state = state, step(state, flag, week, answers)
        assert abs(RUNGS.index(state.rung) - RUNGS.index(before.rung)) <= 1


@given(WEEKS, ANSWERS, st.integers(0, 30))
def test_from_scratch_or_week_by_week_it_is_the_same(weeks: list[Flag], answers: dict[int, bool], cut: int) -> None:
    told = list(enumerate(weeks))
    assert climb(told, answers) == climb(told[cut:], answers, state=climb(told[:cut], answers))


@given(WEEKS, ANSWERS)
def test_nobody_is_suspended_without_a_yes(weeks: list[Flag], answers: dict[int, bool]) -> None:
    state = after(*weeks, answers=answers)
    assert not state.approved or (state.asked is not None and answers[state.asked])
