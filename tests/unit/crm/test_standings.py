"""Who stands on the ladder: from the rows and a person's answers alone, week after week."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import DAY, date_of, day_of, week_bounds, week_label, week_of_day
from addin.crm.catalogue import KPIS
from addin.crm.ladder_tasks import DUE, REASONS, ladder_tasks
from addin.crm.ladder_weeks import flagged_weeks
from addin.crm.measures import Measures
from addin.crm.settings import Settings, shipped_threshold
from addin.crm.standings import ESCALATING, Answers, Ladder, Standing, ladder_of, standings
from addin.crm.tasks import KINDS

MONDAY = day_of(dt.date(2026, 8, 31))
WEEK = week_of_day(MONDAY)
GOOD, BAD = (12, 12), (6, 12)  # confirmed in time, of requests


def rows(*weeks: tuple[int, int], who: str = "정민재", partner: str = "한빛") -> pl.DataFrame:
    """Requests of successive weeks, so many of them confirmed within ten minutes."""
    received = [(MONDAY + week * 7) * DAY + 600 for week, (_, n) in enumerate(weeks) for _ in range(n)]
    late = [i >= hits for hits, n in weeks for i in range(n)]
    return pl.DataFrame(
        {
            "assignee": [who] * len(received),
            "partner": [partner] * len(received),
            "received_at": received,
            "received_at__time": [True] * len(received),
            "confirmed_at": [at + (60 if slow else 5) for at, slow in zip(received, late, strict=True)],
            "confirmed_at__time": [True] * len(received),
        }
    )


def ladder(frame: pl.DataFrame, answers: Answers | None = None, **more: object) -> Ladder:
    """The ladder on the Sunday of the last week with a request (or as of ``day``)."""
    day = more.pop("day", None)
    last = frame["received_at"].max()
    assert isinstance(last, int)
    as_of = day if isinstance(day, int) else week_bounds(week_of_day(last // DAY))[1]
    partners = more.pop("partners", None)
    tables = {"requests": frame} | ({"partners": partners} if partners is not None else {})
    found = ladder_of(Measures(tables, Settings(**more), as_of=date_of(as_of)), answers)  # type: ignore[arg-type]
    assert found is not None
    return found


def one(found: Ladder) -> Standing:
    (standing,) = found.standings
    return standing


def test_the_five_quality_kpis_move_the_ladder() -> None:
    assert set(ESCALATING) == {"CLAIM_RATE", "REFUND_RATE", "REWORK_RATE", "RESP_10M", "SAMEDAY"}


def test_who_did_the_work_stands_on_the_ladder_not_the_partner() -> None:
    found = ladder(rows(GOOD, BAD))
    assert (found.by, one(found).subject, one(found).state.rung) == ("assignee", "정민재", "training")
    assert one(ladder(rows(GOOD, BAD), ladder_subject="partner")).subject == "한빛"
    assert one(ladder(rows(GOOD, BAD).drop("assignee"))).subject == "한빛"


def test_three_bad_weeks_lead_to_a_proposed_suspension_that_waits_for_a_yes() -> None:
    frame = rows(BAD, BAD, BAD)
    proposed = one(ladder(frame))
    assert (proposed.state.rung, proposed.state.approved) == ("suspension", False)
    assert proposed.episode == week_label(WEEK + 2)
    answers: Answers = {("RESP_10M", "정민재"): {WEEK + 2: True}}
    assert one(ladder(frame, answers)).state.approved
    assert one(ladder(frame, {("RESP_10M", "정민재"): {WEEK + 2: False}})).state.rung == "ride_along"
    assert not one(ladder(frame, {("RESP_10M", "정민재"): {WEEK + 1: True}})).state.approved
    assert not one(ladder(frame, {("SAMEDAY", "정민재"): {WEEK + 2: True}})).state.approved


def test_the_week_under_way_does_not_count() -> None:
    frame = rows(BAD, BAD, BAD)
    assert one(ladder(frame, day=MONDAY + 2 * 7 + 5)).state.rung == "ride_along"


def test_who_came_down_is_listed_for_four_weeks() -> None:
    weeks = [BAD, *[GOOD] * 4]
    down = one(ladder(rows(*weeks)))
    assert (down.on, down.fell, down.before.rung) == (False, WEEK + 4, "training")
    assert one(ladder(rows(*weeks, GOOD, GOOD, GOOD))).fell == WEEK + 4
    assert ladder(rows(*weeks, GOOD, GOOD, GOOD, GOOD)).standings == ()


def test_who_had_no_case_for_a_whole_window_is_left_alone_but_a_suspension_stays() -> None:
    later = [(0, 0)] * 13
    other = rows(*[(0, 0)] * 14, GOOD, who="김도윤")
    assert ladder(pl.concat([rows(BAD, *later[:11]), other]), day=MONDAY + 13 * 7 - 1).standings != ()
    assert ladder(pl.concat([rows(BAD, *later), other]), day=MONDAY + 14 * 7 - 1).standings == ()
    for bad, rungs in ((2, []), (3, ["suspension"])):
        found = ladder(pl.concat([rows(*[BAD] * bad, *later), other]), day=MONDAY + 20 * 7 - 1)
        assert [standing.state.rung for standing in found.standings] == rungs


def test_a_partner_whose_partnership_ended_needs_no_step() -> None:
    partners = pl.DataFrame({"name": ["한빛"], "status": ["종료"]})
    assert ladder(rows(BAD), ladder_subject="partner", partners=partners).standings == ()


def test_a_small_sample_never_escalates() -> None:
    assert ladder(rows((0, 2), (0, 2), (0, 2))).standings == ()


def test_without_the_fields_there_is_no_ladder() -> None:
    bare = rows(BAD).select("partner", "received_at")
    assert ladder_of(Measures({"requests": bare}, Settings())) is None
    nobody = rows(BAD).drop("partner", "assignee")
    assert ladder_of(Measures({"requests": nobody}, Settings())) is None


def test_the_latest_value_is_the_one_the_kpi_tab_shows() -> None:
    frame = rows(BAD, (5, 6), (5, 6))
    found = ladder(frame)
    value = found.value(one(found), one(found).latest)
    day = week_bounds(WEEK + 2)[1]
    current = Measures({"requests": frame}, Settings(), as_of=date_of(day)).current(["RESP_10M"])
    shown = next(v for v in current if v.by == {"assignee": "정민재"})
    assert (value.value, value.n, value.flag, value.window, value.reason) == (
        shown.value, shown.n, shown.flag, shown.window, shown.reason,
    )  # fmt: skip


PEOPLE = st.lists(st.sampled_from([GOOD, BAD, (3, 4), (0, 3), (0, 0)]), min_size=1, max_size=16)
SAID = st.dictionaries(st.integers(WEEK, WEEK + 16), st.booleans(), max_size=5)


@settings(max_examples=40)
@given(PEOPLE, SAID)
def test_week_by_week_or_from_scratch_everybody_stands_in_the_same_place(
    weeks: list[tuple[int, int]], said: dict[int, bool]
) -> None:
    kpi = KPIS["RESP_10M"]
    answers: Answers = {(kpi.id, "가"): said}
    told = [(WEEK + i, hit, n) for i, (hit, n) in enumerate(weeks) if n]
    frame = pl.DataFrame(told, schema=["week", "resp_hit", "resp_n"], orient="row").with_columns(subject=pl.lit("가"))
    found = flagged_weeks(frame, kpi, shipped_threshold(kpi)) if told else {}
    last = WEEK + len(weeks) - 1
    whole = list(standings(kpi.id, found, last, answers))
    again = list(standings(kpi.id, found, last, answers))
    assert whole == again
    for week in range(WEEK, last + 1):
        known = frame.filter(pl.col("week") <= week)
        then = list(standings(kpi.id, flagged_weeks(known, kpi, shipped_threshold(kpi)), week, answers))
        for standing in then:
            later = found[standing.subject]
            place = standing.series.weeks
            assert later.taken[: len(place)] == standing.series.taken


# -- tasks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weeks", "kind"),
    [([GOOD, BAD], "ladder_training"), ([BAD, BAD], "ladder_ride_along"), ([BAD, BAD, BAD], "ladder_suspension")],
)
def test_each_new_rung_is_a_task_due_the_friday_after(weeks: list[tuple[int, int]], kind: str) -> None:
    (task,) = ladder_tasks(ladder(rows(*weeks)), {("RESP_10M", "정민재"): ("CRM_조치", 6, 10)})
    last = WEEK + len(weeks) - 1
    assert (task.kind, task.about) == (kind, f"정민재/RESP_10M/{week_label(last)}")
    assert task.due_day == week_bounds(last)[1] + DUE
    assert (task.sheet, task.row, task.column) == ("CRM_조치", 6, 10)


def test_a_task_lasts_as_long_as_the_rung_s_weeks_and_a_suspension_until_it_is_answered() -> None:
    warn = (10, 12)
    assert len(list(ladder_tasks(ladder(rows(BAD, warn, warn, warn))))) == 1
    assert list(ladder_tasks(ladder(rows(BAD, *[warn] * 4)))) == []
    frame = rows(BAD, BAD, BAD, *[warn] * 8)
    assert [task.kind for task in ladder_tasks(ladder(frame))] == ["ladder_suspension"]
    for answer in (True, False):
        assert list(ladder_tasks(ladder(frame, {("RESP_10M", "정민재"): {WEEK + 2: answer}}))) == []


def test_coming_down_a_rung_is_no_task() -> None:
    assert list(ladder_tasks(ladder(rows(BAD, BAD, *[GOOD] * 4)))) == []


def test_a_partner_s_task_is_its_owner_s() -> None:
    found = ladder(rows(BAD), ladder_subject="partner")
    (task,) = ladder_tasks(found, owners={"한빛": "이서연"})
    assert (task.partner, task.owner) == ("한빛", "이서연")


def test_every_kind_of_the_ladder_is_known() -> None:
    assert {reason.removeprefix("task.").removesuffix(".why") for reason in REASONS} <= set(KINDS)


def test_the_ladder_s_weeks_are_settings() -> None:
    warn = (10, 12)
    frame = rows(BAD, warn, warn, BAD)
    assert one(ladder(frame)).state.rung == "ride_along"
    assert one(ladder(frame, ladder_again=2)).state.rung == "training"
    assert replace(Settings(), ladder_clean=2).ladder_rules.clean == 2
