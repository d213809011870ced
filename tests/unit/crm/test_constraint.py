"""Which step holds the whole back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.constraint import STATUSES, VERDICTS, Diagnosis, Step, diagnose, guess_roles
from addin.crm.constraint_why import IDS
from addin.i18n import known, say

SEED = {"인식": 1000, "가입": 100, "활성화": 30, "유료": 9, "유지": 6, "추천": 1}


def judge(counts: list[int | None], **given: list[float | None]) -> Diagnosis:
    targets = given.get("targets") or [None] * len(counts)
    return diagnose(
        [Step(name, n, t, t is not None) for name, n, t in zip(SEED, counts, targets, strict=False)], unit="person"
    )


def test_seed_004_병목_가입_활성화_30_percent_여기가_가장_느린_기계예요() -> None:
    found = judge(list(SEED.values()))
    assert (found.constraint.start, found.constraint.end) == ("가입", "활성화")
    assert found.constraint.verdict == "likely"
    assert found.constraint.lift == pytest.approx(7 / 3)
    assert found.constraint.probability == pytest.approx(0.50, abs=0.005)
    assert found.transitions[1].lost == 70
    assert [say(c) for c in found.constraint.co] == ["활성화→유료"]
    assert [m.role for m in found.transitions] == ["feed", "core", "core", "core", "loop"]


def test_seed_004_says_why_in_one_sentence_a_manager_understands() -> None:
    why = judge(list(SEED.values())).constraint.why
    assert say(why, "ko") == (
        "가입→활성화에서 100명 중 70명이 빠집니다. 이 단계를 끝까지 올리면 전체가 3.3배가 됩니다. "
        "(확실함 50 %, 활성화→유료도 후보)"
    )
    assert say(why, "en") == (
        "70 of 100 are lost at 가입→활성화. Lifting this step all the way would make the whole 3.3 times as large. "
        "(50% sure; also possible: 활성화→유료)"
    )


def test_the_feeds_10_percent_is_lower_but_it_is_no_candidate() -> None:
    feed = judge(list(SEED.values())).transitions[0]
    assert (feed.rate, feed.candidate, feed.p_worst) == (0.1, False, None)


def test_a_target_the_team_sets_makes_the_feed_a_candidate() -> None:
    found = judge(list(SEED.values()), targets=[None, 0.5, None, None, None, None])
    assert (found.constraint.start, found.constraint.end) == ("인식", "가입")
    assert found.constraint.lift == pytest.approx(4)


def test_a_target_we_assume_chooses_nothing() -> None:
    assumed = [Step(name, n, 0.9, target_by_person=False) for name, n in SEED.items()]
    found = diagnose(assumed)
    assert (found.constraint.start, found.constraint.end) == ("가입", "활성화")
    assert found.transitions[1].target == 0.9
    assert found.transitions[1].lift == pytest.approx(7 / 3)


def test_ten_times_the_seed_leaves_no_small_sample() -> None:
    found = judge([n * 10 for n in SEED.values()])
    assert {m.status for m in found.transitions} == {"ok"}
    assert found.constraint.verdict == "likely"


def test_thirty_percent_against_a_target_of_forty_five_needs_65() -> None:
    found = judge([1000, 1000, 300], targets=[None, None, 0.45])
    assert found.transitions[1].sample_needed == 65
    assert found.constraint.verdict == "confirmed"
    assert "목표 45 %" in say(found.constraint.why, "ko")


@pytest.mark.parametrize(
    ("counts", "verdict", "named"),
    [
        ([1000, 500, 50, 45], "confirmed", ("가입", "활성화")),
        ([1000, 100, 60, 35, 21], "undecided", ("활성화", "유료")),
        ([20, 15, 3, 2], "small_sample", ("가입", "활성화")),
        ([1000, 100, 120, 9], "data_check", ("활성화", "유료")),
        ([1000, None, 120, 9], "data_check", ("활성화", "유료")),
        ([100, 100, 100, 100], "none", (None, None)),
        ([0, 0, 0, 0], "acquisition", (None, "인식")),
        ([None, 5, 3, 1], "no_data", (None, None)),
        ([1000], "no_data", (None, None)),
        ([], "no_data", (None, None)),
    ],
)
def test_each_funnel_gets_its_verdict(
    counts: list[int | None], verdict: str, named: tuple[str | None, str | None]
) -> None:
    found = judge(counts).constraint
    assert (found.verdict, (found.start, found.end)) == (verdict, named)
    assert all(say(found.why, lang) and "{" not in say(found.why, lang) for lang in ("ko", "en"))


def test_a_step_that_grows_has_no_rate_and_is_no_candidate() -> None:
    grown = judge([1000, 100, 120, 9]).transitions[1]
    assert (grown.status, grown.rate, grown.lift, grown.candidate) == ("non_monotone", None, None, False)
    assert (grown.entered, grown.passed) == (100, 120)


def test_nothing_in_is_null_and_never_zero() -> None:
    idle = judge([1000, 100, 0, 0]).transitions[2]
    assert (idle.status, idle.rate, idle.ci95, idle.lost) == ("no_input", None, None, None)


def test_a_step_nothing_passes_stops_the_whole() -> None:
    found = judge([1000, 100, 0, 0]).constraint
    assert (found.start, found.end, found.lift, found.verdict) == ("가입", "활성화", math.inf, "confirmed")
    assert "멈춰" in say(found.why, "ko")


def test_all_targets_met_is_none() -> None:
    found = judge([1000, 100, 50, 25, 22, 1], targets=[None, 0.05, 0.45, 0.40, 0.80, None]).constraint
    assert (found.verdict, found.index) == ("none", None)


def test_a_tie_within_2_percent_goes_to_the_most_lost_then_the_earliest() -> None:
    most_lost = judge([1000, 1000, 300, 91]).constraint
    assert (most_lost.start, len(most_lost.co)) == ("가입", 1)
    earliest = diagnose([Step("a", 100), Step("b", 50), Step("c", None), Step("d", 100), Step("e", 50)])
    assert earliest.constraint.start == "a"


def test_a_cohort_still_under_way_is_never_the_constraint() -> None:
    found = diagnose([Step("접수", 100), Step("방문", 60), Step("수주", 2)], open_ones={1})
    assert (found.constraint.start, found.transitions[1].status) == ("접수", "open")
    assert diagnose([Step("접수", 100), Step("수주", 2)], open_ones={0}).constraint.verdict == "no_data"


def test_records_that_contradict_each_other_are_a_data_check() -> None:
    found = diagnose([Step("접수", 100), Step("방문", 60), Step("수주", 40)], suspects={1})
    assert (found.constraint.verdict, found.transitions[1].status) == ("data_check", "non_monotone")


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        (["Website visitors", "Sign-up", "Paid"], ("feed", None, None)),
        (["Awareness", "Signup", "Active", "Referral"], ("feed", None, None, "loop")),
        (["접수", "방문", "수주"], (None, None, None)),  # a visit in the middle is no feed
        (["신청", "경험", "결정", "단골"], (None, None, None, None)),
        (["방문", "추천"], (None, None)),
        ([], ()),
    ],
)
def test_roles_are_guessed_by_the_names_at_the_ends(labels: list[str], roles: tuple[str | None, ...]) -> None:
    assert guess_roles(labels) == roles


def test_roles_that_are_given_are_not_guessed() -> None:
    steps = [Step(name, n, role="core" if name == "인식" else None) for name, n in SEED.items()]
    assert diagnose(steps).constraint.start == "인식"


def test_a_target_outside_0_and_1_is_refused() -> None:
    with pytest.raises(ValueError):
        Step("가입", 100, target=45)


@pytest.mark.parametrize("id", IDS)
def test_every_sentence_stands_in_both_languages(id: str) -> None:
    assert known(id, "ko")
    assert known(id, "en")


COUNTS = st.lists(st.none() | st.integers(0, 2000), max_size=7)


@settings(max_examples=80, deadline=None)
@given(COUNTS, st.lists(st.none() | st.floats(0.01, 1), min_size=7, max_size=7))
def test_whatever_the_counts_there_is_one_verdict_and_it_names_a_candidate(
    counts: list[int | None], targets: list[float | None]
) -> None:
    steps = [Step(f"s{i}", n, t, t is not None) for i, (n, t) in enumerate(zip(counts, targets, strict=False))]
    found = diagnose(steps)
    assert found.constraint.verdict in VERDICTS
    assert {m.status for m in found.transitions} <= set(STATUSES)
    chances = [m.p_worst for m in found.transitions if m.p_worst is not None]
    assert not chances or math.isclose(sum(chances), 1, abs_tol=1e-9)
    if found.constraint.index is not None:
        move = found.transitions[found.constraint.index]
        assert move.candidate
        assert move.lift == max(m.lift for m in found.transitions if m.candidate) or found.constraint.co
    assert "{" not in say(found.constraint.why)


@settings(max_examples=40, deadline=None)
@given(st.permutations([0.9, 0.62, 0.41, 0.77]))
def test_the_weakest_conversion_is_the_constraint_wherever_it_stands(rates: list[float]) -> None:
    counts = [10000]
    for rate in rates:
        counts.append(round(counts[-1] * rate))
    found = diagnose([Step(f"s{i}", n) for i, n in enumerate(counts)]).constraint
    assert found.index == rates.index(0.41)
    assert found.verdict == "confirmed"
