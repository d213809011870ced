"""A funnel from a team's rows: counts, groups, weeks, waiting, JSON."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.funnel import funnel, funnel_by
from addin.crm.funnel_json import groups_json, to_json
from addin.crm.funnel_steps import StepSpec, default_steps, parse_steps, partnership_steps, steps_of
from addin.crm.setting_rows import SettingCell, from_rows
from addin.crm.settings import Settings
from addin.crm.step_counts import step_counts_funnel
from addin.i18n import say

SPECS = (StepSpec("접수", at="received_at"), StepSpec("방문", "visited_at"), StepSpec("수주", "won_at"))


def requests(*rows: tuple[str | None, ...], columns: str = "received_at visited_at won_at stage") -> pl.DataFrame:
    """Rows of ISO texts, in the shape of the records frame."""
    data: dict[str, pl.Series] = {}
    for i, name in enumerate(columns.split()):
        cells = [row[i] if i < len(row) else None for row in rows]
        if not name.endswith("_at"):
            data[name] = pl.Series(cells, dtype=pl.String)
            continue
        data[name] = pl.Series([None if c is None else minutes_of_text(c) for c in cells], dtype=pl.Int64)
        data[f"{name}__time"] = pl.Series([None if c is None else "T" in c for c in cells], dtype=pl.Boolean)
    return pl.DataFrame(data)


def counts(frame: pl.DataFrame, specs: tuple[StepSpec, ...] = SPECS, **options: object) -> list[int | None]:
    return [step.count for step in funnel(frame, specs, **options).steps]  # type: ignore[arg-type]


A, B, C = "2026-11-02", "2026-11-05", "2026-11-09"


def test_a_row_won_without_a_visit_on_record_has_reached_the_visit() -> None:
    frame = requests((A, B, C), (A, None, C), (A, B, None), (A,))
    assert counts(frame) == [4, 3, 2]
    assert counts(frame, counting="strict") == [4, 2, 1]


def test_a_funnel_whose_records_grow_at_a_later_step_asks_for_a_data_check() -> None:
    rows = [(A, B, None)] * 3 + [(A, None, C)] * 5 + [(A,)] * 40
    found = funnel(requests(*rows), SPECS)
    assert found.on_record == (48, 3, 5)
    assert found.transitions[1].status == "non_monotone"
    assert found.constraint.verdict == "data_check"
    assert "방문→수주" in say(found.constraint.why, "ko")


def test_a_later_stage_in_the_same_column_is_no_growth() -> None:
    stages = ["접수"] * 5 + ["견적"] * 10 + ["수주"] * 30
    frame = pl.DataFrame({"stage": stages})
    found = funnel(frame, default_steps({"stage"}, {"접수": 5, "견적": 10, "수주": 30}))
    assert [step.count for step in found.steps] == [45, 40, 30]
    assert (found.constraint.start, found.constraint.verdict) == ("견적", "confirmed")
    strict = funnel(frame, default_steps({"stage"}, {"접수": 5, "견적": 10, "수주": 30}), counting="strict")
    assert [step.count for step in strict.steps] == [45, 40, 30]


def test_a_lost_row_with_only_a_stage_entered_and_got_no_further() -> None:
    frame = pl.DataFrame({"stage": ["발굴", "상담", "수주", "취소", None]})
    steps = parse_steps(["발굴=stage=발굴", "상담=stage=상담", "수주=stage=수주"], {"stage": "stage"})
    assert counts(frame, steps) == [4, 2, 1]


def test_a_lost_row_is_not_completed_by_its_closing_date() -> None:
    frame = requests(
        (A, C, "수주"), (A, C, "완료"), (A, C, "취소"), (A, None, "접수"), columns="received_at completed_at stage"
    )
    steps = default_steps(set(frame.columns), {"수주": 1, "완료": 1, "취소": 1, "접수": 1})
    assert counts(frame, steps) == [4, 2, 2]


def test_won_means_a_won_stage_or_a_won_date_where_no_stage_is_told() -> None:
    frame = requests((A, None, C, "취소"), (A, None, None, "수주"), (A, None, C, None), (A, None, None, None))
    steps = (StepSpec("접수", at="received_at"), StepSpec("수주", "stage", won=True))
    assert counts(frame, steps) == [4, 2]


def test_a_teams_own_word_for_won_counts() -> None:
    frame = requests((A, None, None, "도장찍음"), (A, None, None, "접수"))
    steps = (StepSpec("접수"), StepSpec("수주", "stage", won=True))
    assert counts(frame, steps) == [2, 0]
    own, _ = from_rows([SettingCell("stages.won", "도장찍음")])
    assert [step.count for step in funnel(frame, steps, own).steps] == [2, 1]


def test_values_match_whatever_their_case_width_and_spaces() -> None:
    frame = pl.DataFrame(
        {"결과": ["Won", " ｗｏｎ", "wonder", None], "n": [1.0, 2.0, None, 3.0], "ok": [True, False, None, True]}
    )
    columns = {name: name for name in frame.columns}
    assert counts(frame, parse_steps(["전체=all", "성사=결과=WON"], columns)) == [4, 2]
    assert counts(frame, parse_steps(["전체=all", "둘=n=2|3"], columns)) == [4, 2]
    assert counts(frame, parse_steps(["전체=all", "예=ok=Y"], columns)) == [4, 2]
    assert counts(frame, parse_steps(["전체=all", "예=ok"], columns)) == [4, 2]


def test_blank_text_is_not_filled_and_a_refund_marked_yes_is() -> None:
    frame = pl.DataFrame({"메모": ["", "  ", "a"], "refund": [None, 500, None], "refund__yes": [True, True, False]})
    columns = {name: name for name in frame.columns}
    assert counts(frame, parse_steps(["전체=all", "메모=메모"], columns)) == [3, 1]
    assert counts(frame, parse_steps(["전체=all", "환불=refund"], columns)) == [3, 2]


def test_a_value_no_row_holds_is_pointed_out_with_those_there_are() -> None:
    frame = pl.DataFrame({"stage": ["Won", "Won", "Lost"]})
    note = funnel(frame, parse_steps(["전체=all", "수주=stage=Wno"], {"stage": "stage"})).notes[0]
    assert "Won, Lost" in say(note, "ko")


def test_a_persons_as_of_means_later_dates_have_not_happened() -> None:
    frame = requests((A, B, C), (A, B), (C,))
    as_of = (minutes_of_text(B) or 0) // DAY
    assert counts(frame, as_of=as_of, cut=True) == [2, 2, 0]
    assert counts(frame, as_of=as_of) == [3, 2, 1]


def test_a_target_in_the_settings_is_a_persons_and_moves_the_constraint() -> None:
    rows = [(A, B, C)] * 40 + [(A, B)] * 20 + [(A,)] * 40
    own, _ = from_rows([SettingCell("funnel.targets", "접수→방문=60%; 방문→수주=90%")])
    assert funnel(requests(*rows), SPECS).constraint.start == "접수"
    found = funnel(requests(*rows), SPECS, own)
    assert found.constraint.start == "방문"
    assert found.transitions[1].target == 0.9


def test_the_order_of_proposal_and_visit_is_the_one_most_rows_follow() -> None:
    columns = "received_at proposed_at visited_at won_at"
    proposes_first = requests((A, B, C), (A, B, C), (A, C, B), columns=columns)
    visits_first = requests((A, C, B), (A, C, B), (A, B, C), columns=columns)
    assert [say(s.label, "ko") for s in steps_of(proposes_first, Settings())] == ["접수", "제안", "방문", "수주"]
    assert [say(s.label, "ko") for s in steps_of(visits_first, Settings())] == ["접수", "방문", "제안", "수주"]
    same_day = requests((A, B, f"{B}T15:00"), (A, None, B), columns=columns)  # no time is not midnight
    assert [say(s.label, "ko") for s in steps_of(same_day, Settings())] == ["접수", "방문", "제안", "수주"]


def test_the_steps_by_default_know_a_teams_own_word_for_won() -> None:
    own, _ = from_rows([SettingCell("stages.won", "도장찍음")])
    frame = requests((A, B, None, "도장찍음"), (A, None, None, "진행"))
    assert [step.count for step in funnel(frame.drop("won_at"), steps_of(frame.drop("won_at"), own), own).steps] == [
        2,
        1,
        1,
    ]


# -- groups ------------------------------------------------------------------------------------------------------------


def test_groups_stand_by_size_and_rows_without_a_value_are_unassigned() -> None:
    frame = requests(
        (A, B, C, "소개"), (A, B, None, "소개"), (A, None, None, None), columns="received_at visited_at won_at source"
    )
    groups = funnel_by(frame, SPECS, "source")
    assert [(g.value, [s.count for s in g.funnel.steps]) for g in groups] == [("소개", [2, 2, 1]), (None, [1, 0, 0])]
    shown = groups_json("source", groups, lambda m: say(m, "ko"))
    assert [g["by"] for g in shown["groups"]] == [{"source": "소개"}, {"source": "(미지정)"}]


def test_groups_of_weeks_and_months_stand_in_time_order() -> None:
    frame = requests((C,), (A,), ("2026-10-30",), (C,))
    assert [g.value for g in funnel_by(frame, SPECS, "week")] == ["2026-W44", "2026-W45", "2026-W46"]
    assert [g.value for g in funnel_by(frame, SPECS, "month")] == ["2026-10", "2026-11"]
    assert [g.value for g in funnel_by(frame, SPECS, "quarter")] == ["2026-Q4"]


def test_a_group_by_a_column_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        funnel_by(requests((A,)), SPECS, "지점")


CELL = st.none() | st.integers(20700 * DAY, 20800 * DAY)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(CELL, CELL, CELL, st.sampled_from(["가", "나", None])), max_size=20), st.booleans())
def test_reached_never_grows_and_groups_add_up_to_the_whole(
    rows: list[tuple[int | None, int | None, int | None, str | None]], strict: bool
) -> None:
    names = ("received_at", "visited_at", "won_at")
    frame = pl.DataFrame({n: pl.Series([r[i] for r in rows], dtype=pl.Int64) for i, n in enumerate(names)})
    frame = frame.with_columns(
        *(pl.col(n).is_not_null().alias(f"{n}__time") for n in names),
        source=pl.Series([r[3] for r in rows], dtype=pl.String),
    )
    counting = "strict" if strict else "any"
    whole = counts(frame, counting=counting)
    assert whole == sorted(whole, reverse=True)
    assert whole[0] == len(rows)
    groups = funnel_by(frame, SPECS, "source", counting=counting)  # type: ignore[arg-type]
    assert [sum(g.funnel.steps[i].count or 0 for g in groups) for i in range(3)] == whole
    weekly = funnel(frame, SPECS, counting=counting).weeks  # type: ignore[arg-type]
    assert sum(week.reached[0] or 0 for week in weekly) <= len(rows)


# -- waiting -----------------------------------------------------------------------------------------------------------


def test_open_items_are_censored_at_as_of() -> None:
    frame = requests((A, "2026-11-03"), (A, "2026-11-04"), (A,), (A,))
    stay = funnel(frame, SPECS, as_of=(minutes_of_text("2026-11-12") or 0) // DAY).stays[0]
    assert stay is not None
    assert (stay.median, stay.left, stay.open, stay.ageing) == (2.0, 2, 2, 1.0)


def test_an_open_item_counts_as_staying_only_until_as_of() -> None:
    frame = requests((A, "2026-11-07"), (A, "2026-11-09"), ("2026-11-08",), ("2026-11-08",))
    ages = {"2026-11-12": 5.0, "2026-11-14": 7.0}  # the open two have stayed 4 days, then 6
    for as_of, median in ages.items():
        assert funnel(frame, SPECS, as_of=(minutes_of_text(as_of) or 0) // DAY).transitions[0].median_days == median


def test_stays_are_minutes_where_both_cells_have_a_time_else_days() -> None:
    timed = requests(("2026-11-02T09:00", "2026-11-02T21:00"))
    dated = requests(("2026-11-02T23:00", "2026-11-03"))
    assert funnel(timed, SPECS).transitions[0].median_days == 0.5
    assert funnel(dated, SPECS).transitions[0].median_days == 1.0


def test_a_visit_before_the_request_is_left_out_and_counted() -> None:
    frame = requests((B, A), (A, B))
    stay = funnel(frame, SPECS).stays[0]
    assert stay is not None
    assert (stay.left, stay.negative, stay.median) == (1, 1, 3.0)


def test_a_lost_item_waits_only_until_it_was_closed() -> None:
    frame = requests(
        (A, None, C, "취소"),
        (A, B, None, "수주"),
        (A, None, None, "취소"),
        columns="received_at visited_at completed_at stage",
    )
    stay = funnel(frame, SPECS[:2], as_of=20800).stays[0]
    assert stay is not None
    assert (stay.left, stay.open, stay.median) == (1, 0, 3.0)


def test_the_time_constraint_stands_beside_the_yield_constraint() -> None:
    rows = [(A, A, "2026-11-30")] * 35 + [(A,)] * 40
    found = funnel(requests(*rows), SPECS)
    assert (found.constraint.start, found.constraint.end) == ("접수", "방문")
    assert found.slowest is not None
    assert (found.slowest.start, found.slowest.end, found.slowest.median_days) == ("방문", "수주", 28.0)


def test_little_s_law_takes_the_last_four_weeks() -> None:
    frame = requests(*[(A, B)] * 28, *[(A,)] * 14)
    stay = funnel(frame, SPECS, as_of=(minutes_of_text(C) or 0) // DAY).stays[0]
    assert stay is not None
    assert stay.littles == 14


# -- weeks -------------------------------------------------------------------------------------------------------------


def test_cohorts_stand_by_the_iso_week_of_the_first_step_over_new_year() -> None:
    frame = requests(("2026-12-27",), ("2026-12-28",), ("2027-01-03",), ("2027-01-04",))
    weeks = funnel(frame, SPECS).weeks
    assert [(w.label, w.reached[0]) for w in weeks] == [("2026-W52", 1), ("2026-W53", 2), ("2027-W01", 1)]


def test_a_week_nobody_came_in_is_shown_as_empty() -> None:
    weeks = funnel(requests((A,), ("2026-11-16",)), SPECS).weeks
    assert [(w.label, w.reached[0]) for w in weeks] == [("2026-W45", 1), ("2026-W46", 0), ("2026-W47", 1)]
    assert weeks[1].constraint.verdict == "acquisition"


def test_only_52_weeks_are_kept() -> None:
    frame = requests(("2024-01-01",), *[(f"{year}-{month:02d}-01",) for year in (2025, 2026) for month in range(1, 13)])
    found = funnel(frame, SPECS)
    assert len(found.weeks) == 52
    assert (found.weeks[0].label, found.weeks[-1].label) == ("2025-W50", "2026-W49")
    assert sum(week.reached[0] or 0 for week in found.weeks) == 12


def test_a_row_without_a_first_date_is_in_no_cohort_and_is_counted() -> None:
    found = funnel(requests((A,), (None, B)), SPECS)
    assert (found.undated, [step.count for step in found.steps]) == (1, [2, 1, 0])


def test_a_cohort_is_grey_until_nine_in_ten_would_have_got_through() -> None:
    old = [("2026-09-07", "2026-09-17", "2026-09-17")] * 40
    young = [("2026-11-09",)] * 40
    weeks = funnel(requests(*old, *young), SPECS, as_of=(minutes_of_text("2026-11-21") or 0) // DAY).weeks
    by_label = {w.label: w for w in weeks}
    assert not by_label["2026-W37"].open
    assert [m.status for m in by_label["2026-W46"].transitions] == ["open", "no_input"]
    assert by_label["2026-W46"].constraint.verdict == "no_data"
    assert by_label["2026-W47"].open


def test_what_follows_a_young_step_is_young_too_where_it_has_no_date_of_its_own() -> None:
    old = [("2026-09-07", "2026-09-17", None, "수주")] * 40
    young = [("2026-11-09", "2026-11-10", None, "수주")] * 20 + [("2026-11-09", None, None, "접수")] * 20
    specs = (*SPECS[:2], StepSpec("수주", "stage", ("수주",)))
    week = funnel(requests(*old, *young), specs, as_of=(minutes_of_text("2026-11-16") or 0) // DAY).weeks[-2]
    assert (week.label, week.reached) == ("2026-W46", (40, 20, 20))
    assert [move.status for move in week.transitions] == ["open", "open"]


def test_two_complete_weeks_are_compared_and_a_young_one_is_not() -> None:
    before = [("2026-11-02", "2026-11-02")] * 30 + [("2026-11-02",)] * 70
    after = [("2026-11-09", "2026-11-09")] * 18 + [("2026-11-09",)] * 82
    young = [("2026-11-16", "2026-11-16")]
    weeks = funnel(
        requests(*before, *after, *young), SPECS[:2], as_of=(minutes_of_text("2026-11-17") or 0) // DAY
    ).weeks
    change = weeks[1].changes[0]
    assert change is not None
    assert (change.test, round(change.p, 3)) == ("z", 0.023)
    assert weeks[2].changes == (None,)


# -- other sources -----------------------------------------------------------------------------------------------------


def test_seed_001_partners_stand_in_their_seven_stages() -> None:
    frame = pl.DataFrame({"stage": ["기회 발견", "미팅", "현장 테스트", "운영", "중단"]})
    assert counts(frame, partnership_steps(frame["stage"].to_list())) == [5, 3, 2, 2, 2, 2, 2]


def test_seed_004_a_table_of_counts_gives_the_same_funnel() -> None:
    seed = {"인식": 1000, "가입": 100, "활성화": 30, "유료": 9, "유지": 6, "추천": 1}
    frame = pl.DataFrame({"week": ["2026-W47"] * 6, "step": list(seed), "count": [float(n) for n in seed.values()]})
    found = step_counts_funnel(frame)
    assert [step.count for step in found.steps] == list(seed.values())
    assert (found.constraint.start, found.constraint.end, found.constraint.verdict) == ("가입", "활성화", "likely")
    assert [w.label for w in found.weeks] == ["2026-W47"]
    assert "100명 중 70명" in say(found.constraint.why, "ko")


def test_counts_that_grow_are_a_data_check_and_a_missing_count_is_not_zero() -> None:
    rows = [
        ("2026.11.16", "방문", 100.0),
        ("2026-11-16", "가입", 120.0),
        ("2026-W48", "방문", 90.0),
        (None, "가입", None),
    ]
    frame = pl.DataFrame(rows, schema={"week": pl.String, "step": pl.String, "count": pl.Float64}, orient="row")
    found = step_counts_funnel(frame)
    assert found.constraint.verdict == "data_check"
    assert found.transitions[0].status == "non_monotone"
    assert [w.reached for w in found.weeks] == [(100, 120), (90, None)]


def test_an_empty_table_has_no_verdict() -> None:
    frame = requests()
    assert funnel(frame, SPECS).constraint.verdict == "acquisition"
    assert funnel(frame, SPECS[:1]).constraint.verdict == "no_data"
    assert funnel_by(frame, SPECS, "stage") == ()
    counts_frame = pl.DataFrame(schema={"week": pl.String, "step": pl.String, "count": pl.Float64})
    assert step_counts_funnel(counts_frame).constraint.verdict == "no_data"


def test_the_json_has_the_contracts_shape() -> None:
    rows = [(A, None, "2026-11-05")] * 14 + [(A,)] * 26
    frame = requests(*rows, columns="received_at stage won_at")
    specs = (StepSpec("접수", at="received_at"), StepSpec("수주", "won_at"))
    shown = json.loads(json.dumps(to_json(funnel(frame, specs), lambda m: say(m, "ko")), ensure_ascii=False))
    assert [(s["step"], s["reached"]) for s in shown["steps"]] == [("접수", 40), ("수주", 14)]
    move = shown["transitions"][0]
    assert {
        "from",
        "to",
        "entered",
        "passed",
        "rate",
        "ci95",
        "lost",
        "target",
        "lift",
        "p_worst",
        "median_days",
        "status",
    } <= set(move)
    assert (move["entered"], move["passed"], move["rate"], move["lost"], move["target"]) == (40, 14, 0.35, 26, None)
    assert (move["lift"], move["median_days"], move["status"]) == (1.857143, None, "ok")
    assert {k: shown["constraint"][k] for k in ("from", "to", "verdict", "co")} == {
        "from": "접수", "to": "수주", "verdict": "confirmed", "co": [],
    }  # fmt: skip
    assert shown["slowest"] is None


def test_json_has_no_infinity_and_null_for_an_empty_denominator() -> None:
    shown = to_json(funnel(requests((A,)), SPECS), lambda m: say(m, "ko"))
    text = json.dumps(shown, allow_nan=False)
    assert [m["rate"] for m in json.loads(text)["transitions"]] == [0.0, None]
    assert [m["lift"] for m in json.loads(text)["transitions"]] == [None, None]


def test_settings_default_to_the_shipped_ones() -> None:
    assert counts(requests((A,))) == [step.count for step in funnel(requests((A,)), SPECS, Settings()).steps]
