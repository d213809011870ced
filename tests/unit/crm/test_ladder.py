"""seed 000: over the threshold → training → ride-along → suspension, and down again after four clean weeks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.flags import FLAGS, Flag
from addin.crm.ladder import RUNGS, State, climb, step

WEEKS = st.lists(st.sampled_from(FLAGS), max_size=30)


def test_each_breach_steps_up_one_rung_and_no_further_than_suspension() -> None:
    assert [climb(["breach"] * n).rung for n in range(5)] == [*RUNGS, "suspension"]


def test_a_suspension_is_proposed_until_a_person_approves_it() -> None:
    assert climb(["breach"] * 3).name.id == "ladder.suspension"
    assert State("suspension", approved=True).name.id == "ladder.suspension_approved"


def test_four_clean_weeks_in_a_row_step_down_one_rung() -> None:
    assert climb(["breach", "breach", "ok", "ok", "ok"]).rung == "ride_along"
    assert climb(["breach", "breach", "ok", "ok", "ok", "ok"]) == State("training")
    assert climb(["ok"] * 4, State("suspension", approved=True)) == State("ride_along")


def test_a_warning_or_a_breach_starts_the_clean_weeks_anew() -> None:
    assert climb(["breach", "ok", "ok", "warn", "ok", "ok"]).rung == "training"
    assert climb(["breach", "ok", "ok", "ok", "breach"]) == State("ride_along")


@pytest.mark.parametrize("flag", ["small_sample", "no_data"])
@given(weeks=WEEKS, at=st.integers(0, 30))
def test_a_week_without_enough_cases_changes_nothing(flag: Flag, weeks: list[Flag], at: int) -> None:
    assert climb([*weeks[:at], flag, *weeks[at:]]) == climb(weeks)


@given(WEEKS)
def test_nobody_climbs_faster_than_one_rung_a_breach(weeks: list[Flag]) -> None:
    assert RUNGS.index(climb(weeks).rung) <= min(weeks.count("breach"), 3)
    state = State()
    for flag in weeks:
        before, state = state, step(state, flag)
        assert abs(RUNGS.index(state.rung) - RUNGS.index(before.rung)) <= 1
