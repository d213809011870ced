"""seed 004: one slide a week. A complete week's numbers stay as they were closed; what changes later is said beside."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import DAY, day_of, last_closed_week, week_bounds, week_label, week_of_day, week_of_label
from addin.crm.cohorts import weeks
from addin.crm.constraint import Step, diagnose
from addin.crm.funnel import Funnel, funnel
from addin.crm.funnel_steps import StepSpec, parse_steps
from addin.crm.recount import recounted
from addin.crm.settings import Settings
from addin.crm.weekly import ClosedWeek, Correction, History, Rhythm, as_closed, rhythm, rolling
from addin.crm.weekly_text import LIMIT, from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[int, int | None, int | None]  # days of receipt, visit, order
MONDAY = day_of(dt.date(2026, 8, 31))
SUNDAY = MONDAY + 13 * 7 - 1  # 2026-11-29
STEPS = ["접수=received_at", "방문=visited_at", "수주=won_at"]
FIELDS = ("received_at", "visited_at", "won_at")


def told(rows: Sequence[Row], *, as_of: int, before: History | None = None) -> Rhythm:
    """The rhythm of rows with a date a step."""
    columns: dict[str, list[object]] = {}
    for name, days in zip(FIELDS, zip(*rows, strict=True), strict=True):
        columns[name] = [None if day is None else day * DAY + 600 for day in days]
        columns[f"{name}__time"] = [None if day is None else True for day in days]
    frame = pl.DataFrame(columns, schema_overrides=dict.fromkeys(FIELDS, pl.Int64))
    specs = parse_steps(STEPS, {name: name for name in FIELDS})
    found = funnel(frame, specs, Settings(), as_of=as_of, cohorts=rolling(as_of))
    return rhythm(found, as_of=as_of, before=before, recount=recounted(frame, specs, Settings()))


def year(length: int = 12) -> list[Row]:
    """Ten requests a week; the next day nine are visited, the day after four of them ordered."""
    rows: list[Row] = []
    for week in range(length):
        day = MONDAY + week * 7
        rows += [(day, day + 1 if i < 9 else None, day + 2 if i < 4 else None) for i in range(10)]
    return rows


def reached(found: Rhythm, week: int) -> tuple[int | None, ...]:
    return next(line.week.reached for line in found.lines if line.week.week == week)


FIRST = week_of_day(MONDAY)


def test_a_complete_week_is_closed_with_what_had_happened_by_the_last_sunday() -> None:
    found = told(year(), as_of=SUNDAY + 3)
    assert [line.on for line in found.lines[:12]] == [SUNDAY] * 12
    assert found.history.since == SUNDAY
    assert found.history.weeks[FIRST].reached == (10, 9, 4)
    assert found.corrections == ()


def test_the_week_under_way_is_open_and_not_closed() -> None:
    rows = [*year(), (SUNDAY + 2, None, None)]
    last = told(rows, as_of=SUNDAY + 3).lines[-1]
    assert last.week.open
    assert last.on is None


def test_a_young_week_is_not_closed_before_nine_in_ten_got_through() -> None:
    rows = [(day, day + 1, day + 20) for day, _, _ in year()]
    found = told(rows, as_of=SUNDAY)
    assert [line.on is None for line in found.lines] == [False] * 10 + [True] * 3
    assert max(found.history.weeks) == last_closed_week(SUNDAY) - 3


def test_an_edit_of_old_rows_is_a_correction_and_the_week_stays() -> None:
    before = told(year(), as_of=SUNDAY).history
    rows = year()
    rows[0] = (rows[0][0], None, None)  # an order of the first week was taken out
    found = told(rows, as_of=SUNDAY + 7, before=before)
    assert reached(found, FIRST) == (10, 9, 4)
    assert found.corrections == (
        Correction(FIRST, 1, 9, 8, SUNDAY + 7),
        Correction(FIRST, 2, 4, 3, SUNDAY + 7),
    )


def test_a_row_deleted_or_entered_later_is_a_correction_too() -> None:
    before = told(year(), as_of=SUNDAY).history
    deleted = told(year()[1:], as_of=SUNDAY, before=before)
    assert [fix[1:4] for fix in deleted.corrections] == [(0, 10, 9), (1, 9, 8), (2, 4, 3)]
    added = told([*year(), (MONDAY, None, None)], as_of=SUNDAY, before=before)
    assert [fix[1:4] for fix in added.corrections] == [(0, 10, 11)]


def test_a_week_whose_rows_are_all_gone_still_stands() -> None:
    before = told(year(), as_of=SUNDAY).history
    found = told(year()[10:], as_of=SUNDAY, before=before)
    assert reached(found, FIRST) == (10, 9, 4)
    assert [fix[1:4] for fix in found.corrections] == [(0, 10, 0), (1, 9, 0), (2, 4, 0)]


def test_what_happens_later_is_late_and_no_correction() -> None:
    before = told(year(), as_of=SUNDAY).history
    rows = year()
    rows[8] = (rows[8][0], rows[8][1], SUNDAY + 5)  # an old request is won after all
    found = told(rows, as_of=SUNDAY + 7, before=before)
    assert found.corrections == ()
    assert found.lines[0].late == (0, 0, 1)
    assert reached(found, FIRST) == (10, 9, 4)


def test_an_order_won_later_is_late_also_where_the_stage_tells_it() -> None:
    columns = {"received_at": [MONDAY * DAY] * 4, "won_at": [(MONDAY + 1) * DAY, (MONDAY + 2) * DAY, None, None]}
    frame = pl.DataFrame({**columns, "stage": ["수주", "수주", "상담", "상담"]}, schema_overrides={"won_at": pl.Int64})
    frame = frame.with_columns(received_at__time=pl.lit(True), won_at__time=pl.lit(True))
    specs = [StepSpec("접수", "received_at"), StepSpec("수주", "stage", at="won_at", won=True)]
    count = recounted(frame, specs, Settings())
    assert count({FIRST: MONDAY + 1}) == {FIRST: (4, 1)}
    assert count({FIRST: MONDAY + 2}) == {FIRST: (4, 2)}


def test_a_correction_keeps_the_day_it_was_seen_until_its_number_changes_again() -> None:
    before = told(year(), as_of=SUNDAY).history
    once = told(year()[1:], as_of=SUNDAY + 7, before=before)
    again = told(year()[1:], as_of=SUNDAY + 14, before=once.history)
    assert again.corrections == once.corrections
    more = told(year()[2:], as_of=SUNDAY + 21, before=again.history)
    assert [(fix.first, fix.now, fix.seen) for fix in more.corrections if fix.step == 0] == [(10, 8, SUNDAY + 21)]


def test_a_correction_that_is_taken_back_is_gone() -> None:
    before = told(year(), as_of=SUNDAY).history
    once = told(year()[1:], as_of=SUNDAY, before=before)
    back = told(year(), as_of=SUNDAY, before=once.history)
    assert back.corrections == ()
    assert back.history == before


def test_an_older_day_asked_for_forgets_nothing() -> None:
    before = told(year()[1:], as_of=SUNDAY, before=told(year(), as_of=SUNDAY).history).history
    older = told(year()[1:], as_of=SUNDAY - 56, before=before)
    assert older.lines[-1].week.week <= week_of_day(SUNDAY - 56)
    assert told(year()[1:], as_of=SUNDAY, before=older.history).history == before


def test_other_steps_begin_a_new_history() -> None:
    before = replace(told(year(), as_of=SUNDAY).history, steps=("접수", "수주"))
    found = told(year()[1:], as_of=SUNDAY, before=before)
    assert found.corrections == ()
    assert found.history.weeks[FIRST].reached == (9, 8, 3)


def test_the_verdict_of_a_closed_week_stays_as_it_was_said() -> None:
    before = told(year(), as_of=SUNDAY).history
    kept = before.weeks[FIRST]
    changed = {**before.weeks, FIRST: replace(kept, verdict="likely", held=0, span=5)}
    line = told(year(), as_of=SUNDAY, before=replace(before, weeks=changed)).lines[0]
    assert (line.week.constraint.verdict, line.week.constraint.index, line.span) == ("likely", 0, 5)
    assert (line.week.constraint.start, line.week.constraint.end) == ("접수", "방문")


def test_a_week_with_few_cases_is_judged_together_with_those_before_it() -> None:
    lines = told(year(), as_of=SUNDAY).lines
    assert [line.span for line in lines[:5]] == [1, 2, 3, 4, 4]
    assert lines[0].week.constraint.verdict == "small_sample"
    assert (lines[4].week.constraint.verdict, lines[4].week.constraint.index) == ("confirmed", 1)


def test_where_a_step_has_no_date_a_week_closes_four_weeks_later_and_growth_is_late() -> None:
    def counted(orders: int) -> Funnel:
        steps = [Step("접수", 120), Step("수주", 12 * orders)]
        by_week = {FIRST + i: (10, orders) for i in range(13)}
        found = weeks(by_week, steps, last=FIRST + 12, limit=52, as_of=SUNDAY)
        return Funnel(diagnose(steps), (), (), None, None, weeks=found)

    first = rhythm(counted(4), as_of=SUNDAY, dated=False)
    assert [line.on is None for line in first.lines] == [False] * 9 + [True] * 4
    grown = rhythm(counted(6), as_of=SUNDAY, before=first.history, dated=False)
    assert grown.corrections == ()
    assert grown.lines[0].late == (0, 2)
    fewer = rhythm(counted(1), as_of=SUNDAY, before=first.history, dated=False)
    assert {fix[1:4] for fix in fewer.corrections} == {(1, 4, 1)}


def test_a_week_outside_the_usual_range_is_marked_and_noise_is_not() -> None:
    rows = year(13)
    assert not [sign for line in told(rows, as_of=SUNDAY).lines for sign in line.signs]
    worse = [(day, None, None) if week_of_day(day) == FIRST + 7 else (day, seen, won) for day, seen, won in rows]
    line = told(worse, as_of=SUNDAY).lines[7]
    assert [(sign.transition, sign.rule, sign.low) for sign in line.signs] == [(0, 1, True)]
    assert line.week.changes[0] is not None
    assert line.week.changes[0].p < 0.001


def test_a_run_is_told_in_the_week_that_shows_it_and_a_full_rate_is_no_news() -> None:
    def told_of(passed: list[int]) -> list[list[tuple[int | None, int, bool]]]:
        steps = [Step("접수", 1), Step("방문", 1)]
        by_week = {FIRST + i: (100, n) for i, n in enumerate(passed)}
        found = Funnel(diagnose(steps), (), (), None, None, weeks=weeks(by_week, steps, last=max(by_week), limit=52))
        lines = rhythm(found, as_of=week_bounds(max(by_week))[1]).lines
        return [[(sign.transition, sign.rule, sign.low) for sign in line.signs] for line in lines]

    swing = [60, 66, 54, 60, 66, 54, 60, 66, 54, 60]
    assert told_of([*swing, *[55, 56, 54, 57] * 3])[-6:] == [[], [(0, 2, True)], [], [], [], []]
    assert not [sign for week in told_of([100] * 20 + [97] * 2) for sign in week if not sign[2]]


@pytest.mark.parametrize(
    ("day", "many", "first"),
    [("2026-11-22", 52, "2025-W48"), ("2026-11-20", 53, "2025-W47"), ("2027-01-03", 53, "2026-W01"),
     ("2027-06-06", 53, "2026-W23"), ("2028-01-02", 53, "2026-W53"), ("2028-01-09", 52, "2027-W02")],
)  # fmt: skip
def test_a_year_of_weeks_is_52_or_53_as_the_iso_year_has_them(day: str, many: int, first: str) -> None:
    number = day_of(dt.date.fromisoformat(day))
    assert rolling(number) == many
    assert week_label(week_of_day(number) - many + 1) == first


def test_the_deck_tells_a_closed_week_as_it_was_closed() -> None:
    before = told(year(), as_of=SUNDAY).history
    steps = [Step("접수", 1), Step("방문", 1), Step("수주", 1)]
    by_week = {FIRST: (10, 9, 1), FIRST + 20: (10, 5, 1)}
    today = weeks(by_week, steps, last=FIRST + 20, limit=52)
    found = as_closed(today, steps, before)
    assert [found[0].reached, found[-1].reached] == [(10, 9, 4), (10, 5, 1)]
    assert found[0].transitions[1].passed == 4
    assert as_closed(today, steps[:2], before) == as_closed(today, steps, None) == today


def test_weeks_over_a_year_old_are_let_go() -> None:
    before = told(year(), as_of=SUNDAY).history
    later = told([*year(), (SUNDAY + 364, None, None)], as_of=SUNDAY + 364, before=before)
    assert week_label(min(later.history.weeks)) == "2026-W48"


def test_a_funnel_without_weeks_has_no_rhythm() -> None:
    found = rhythm(Funnel(diagnose([Step("접수", 0), Step("수주", 0)]), (), (), None, None), as_of=SUNDAY)
    assert (found.lines, found.corrections) == ((), ())


# -- remembered in a cell ----------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(st.integers(0, 90), st.none() | st.integers(0, 9), st.none() | st.integers(0, 30)).map(
        lambda r: (MONDAY + r[0], *(None if days is None else MONDAY + r[0] + days for days in r[1:]))
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(max_examples=15)
@given(ROWS, ROWS, st.integers(0, 30))
def test_twice_is_once_and_the_first_numbers_stay(first: list[Row], then: list[Row], days: int) -> None:
    before = told(first, as_of=SUNDAY).history
    once = told(then, as_of=SUNDAY + days, before=before)
    twice = told(then, as_of=SUNDAY + days, before=from_text(to_text(once.history)))
    assert twice.history == once.history
    assert twice.lines == once.lines
    last = week_of_day(SUNDAY + days)
    for week, kept in before.weeks.items():
        if last - rolling(SUNDAY + days) < week <= last and any(line.week.week == week for line in once.lines):
            assert reached(once, week) == kept.reached


def test_a_cell_somebody_changed_is_no_history() -> None:
    text = to_text(told(year()[1:], as_of=SUNDAY, before=told(year(), as_of=SUNDAY).history).history)
    assert from_text(text) is not None
    assert from_text(text.replace("2026-W36", "2026-W99")) is None
    assert from_text(text[:-1]) is None
    assert from_text(text.replace("[10,9,4]", '["10",9,4]')) is None
    assert from_text("메모") is None


def test_a_history_fits_in_a_cell() -> None:
    steps = tuple(f"단계{i}" for i in range(40))
    kept = {week: ClosedWeek(SUNDAY, (99_999,) * 40, "likely", 0) for week in range(2900, 2953)}
    fixes = tuple(Correction(week, step, 99_999, 11_111, SUNDAY) for week in kept for step in range(40))
    text = to_text(History(steps, SUNDAY, kept, fixes))
    assert len(text) <= LIMIT
    found = from_text(text)
    assert found is not None
    assert max(found.weeks) == 2952


def test_a_week_is_told_by_its_label() -> None:
    label = week_label(FIRST)
    assert f'"{label}"' in to_text(told(year(), as_of=SUNDAY).history)
    assert week_of_label(label) == FIRST
    assert week_bounds(FIRST)[0] == MONDAY
