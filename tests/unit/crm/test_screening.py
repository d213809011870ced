"""Candidates screened by points that say what they are for (seed 000)."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.screening import OFF_IDS, PARTS, REASON_IDS, kept, representatives, screen
from addin.crm.settings import Settings
from addin.i18n import known

KINDS = {
    "name": pl.String, "cluster": pl.String, "stage": pl.String, "status": pl.String, "households": pl.Float64,
    "turnover": pl.Float64, "our_benefit": pl.String, "their_benefit": pl.String,
}  # fmt: skip
FULL = {"stage": "미팅", "our_benefit": "물량", "their_benefit": "할인"}


def listed(*rows: dict[str, Any], **common: Any) -> pl.DataFrame:
    """Partners; those without a name are 가, 나, 다 …"""
    told = [{"name": "가나다라마바사아자차카타파하"[i], **FULL, **common, **row} for i, row in enumerate(rows)]
    return pl.DataFrame(told, schema=KINDS)


def scored(frame: pl.DataFrame, team: Settings | None = None) -> dict[str, dict[str, Any]]:
    return {row["partner"]: row for row in screen(frame, team or Settings()).iter_rows(named=True)}


def test_an_estate_of_500_households_with_everything_written_down_has_all_points() -> None:
    one = scored(listed({"cluster": "아파트 단지", "households": 500, "turnover": 10}))["가"]
    assert (one["score"], one["reasons"], one["pilot"]) == (100, [], True)


@pytest.mark.parametrize(
    ("row", "score", "reason"),
    [
        ({"households": 250}, 85, "households.below"),
        ({"households": None}, 70, "households.blank"),
        ({"cluster": "병원", "households": 500}, 70, "cluster.other"),
        ({"turnover": None}, 80, "turnover.blank"),
        ({"their_benefit": " "}, 90, "benefits.theirs"),
        ({"our_benefit": None, "their_benefit": None}, 80, "benefits.none"),
    ],
)
def test_what_is_missing_costs_its_points_and_says_so(row: dict[str, Any], score: float, reason: str) -> None:
    whole = {"cluster": "아파트 단지", "households": 800, "turnover": 10}
    one = scored(listed({**whole, **row}))["가"]
    assert (one["score"], one["reasons"]) == (score, [reason])


def test_households_are_asked_of_estates_only() -> None:
    cafe = scored(listed({"cluster": "카페·공유오피스", "turnover": 10}))["가"]
    assert (cafe["p_households"], cafe["score"]) == (None, 100)
    assert scored(listed({"cluster": "Real estate agents", "turnover": 10}))["가"]["p_households"] is None


def test_turnover_is_measured_against_the_most_of_its_own_cluster() -> None:
    found = scored(
        listed(
            {"cluster": "부동산", "turnover": 20},
            {"cluster": "부동산", "turnover": 5},
            {"cluster": "카페", "turnover": 900},
        )
    )
    assert [found[name]["p_turnover"] for name in "가나다"] == [20, 5, 20]
    assert found["나"]["reasons"] == ["turnover.below"]


def test_what_the_team_keeps_no_column_for_is_left_out() -> None:
    frame = pl.DataFrame({"name": ["가"], "cluster": ["아파트"], "stage": ["미팅"]})
    assert scored(frame)["가"]["score"] == 100
    assert kept(frame) == {"cluster": True, "households": False, "turnover": False, "benefits": False}


def test_a_part_worth_no_points_is_not_looked_at() -> None:
    one = scored(listed({"cluster": "아파트", "turnover": 1}), Settings(screen_households=0))["가"]
    assert (one["p_households"], one["score"], one["reasons"]) == (None, 100, [])


def test_two_pilots_a_cluster_are_proposed_and_six_in_all() -> None:
    clusters = ("아파트", "카페", "부동산", "공유오피스")
    rows = [
        {"name": f"{c}{i}", "cluster": c, "turnover": 10 - i, "households": 900 - i} for c in clusters for i in range(4)
    ]
    found = screen(pl.DataFrame([{**FULL, **row} for row in rows], schema=KINDS), Settings())
    chosen = found.filter("pilot")
    assert chosen.height == 6
    assert max(chosen["cluster"].value_counts()["count"]) == 2


def test_partners_already_being_tried_take_up_a_pilot_s_place() -> None:
    rows = [{"cluster": "카페", "stage": "개발 구축"}, *[{"cluster": "카페", "turnover": 9 - i} for i in range(3)]]
    found = scored(listed(*rows))
    assert [found[name]["pilot"] for name in "나다라"] == [True, False, False]


def test_who_runs_has_ended_or_is_being_built_is_no_candidate() -> None:
    stages = ("기회 발견", "미팅", "실무자 접촉", "기획서 완성", "현장 테스트", "운영", "중단")
    found = scored(listed(*[{"stage": stage} for stage in stages]))
    assert sorted(found) == ["가", "나", "다"]
    assert sorted(scored(listed({"stage": None, "status": "후보"}, {"stage": "미팅", "status": "해지"}))) == ["가"]


def test_of_equals_the_larger_estate_then_the_name_goes_first_and_the_tie_is_said() -> None:
    rows = [{"cluster": "아파트", "households": h} for h in (700, 900, 900, 600)]
    found = screen(listed(*rows), Settings())
    assert found["partner"].to_list() == ["나", "다", "가", "라"]
    assert found["pilot"].to_list() == [True, True, False, False]
    assert found["tie"].to_list() == [True] * 4
    assert not screen(listed(*rows[:2]), Settings())["tie"].any()  # nobody was left out


def test_three_representatives_a_cluster_are_the_best_of_the_last_quarter_and_none_to_replace() -> None:
    quarter = pl.DataFrame(
        {
            "partner": ["한빛", "샛별", "새봄", "해솔", "둥지", "옛날"],
            "cluster": ["아파트", "아파트", "아파트", "아파트", "부동산", "부동산"],
            "rank": [1, 2, 3, 4, 5, 6],
            "tier": ["expand", "expand", "keep", "keep", "replace", "replace"],
            "ended": [False] * 5 + [True],
        }
    )
    assert representatives(quarter, Settings()).rows() == [
        ("부동산", [], 3),
        ("아파트", ["한빛", "샛별", "새봄"], 0),
    ]


def test_every_reason_has_its_words() -> None:
    assert [id for id in (*REASON_IDS, *OFF_IDS) for lang in ("ko", "en") if not known(id, lang)] == []


rows = st.fixed_dictionaries(
    {
        "cluster": st.sampled_from(["아파트", "카페", "부동산", "병원", None]),
        "stage": st.sampled_from(["기회 발견", "미팅", "QA", "운영", None]),
        "status": st.sampled_from(["후보", None, "해지"]),
        "households": st.one_of(st.none(), st.integers(-5, 2000).map(float)),
        "turnover": st.one_of(st.none(), st.integers(-2, 30).map(float)),
        "our_benefit": st.sampled_from(["물량", "", None]),
        "their_benefit": st.sampled_from(["할인", None]),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(rows, max_size=20), st.integers(0, 2**32))
def test_scores_lie_between_0_and_100_whatever_the_order(told: list[dict[str, Any]], seed: int) -> None:
    frame = pl.DataFrame([{"name": f"p{i:02d}", **row} for i, row in enumerate(told)], schema=KINDS)
    found = screen(frame, Settings())
    order = random.Random(seed).sample(range(len(told)), len(told))
    assert screen(frame[order], Settings()).equals(found)
    assert ((found["score"] >= 0) & (found["score"] <= 100)).all()
    assert found["score"].is_sorted(descending=True)
    assert found.filter("pilot").height <= 6
    assert all(found[f"p_{part}"].drop_nulls().ge(0).all() for part in PARTS)
