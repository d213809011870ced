"""Quarterly tiers: the top half is expanded, the bottom 30 % replaced, and every score says what it is made of."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.settings import Settings
from addin.crm.tiers import PARTS, REASON_IDS, REASONS, TIERS, Weights, flips, tiers
from addin.i18n import known

KINDS = {"partner": pl.String, "revenue": pl.Float64, "ltv_cac": pl.Float64, "claim_rate": pl.Float64, "n": pl.Int64}


def quarter(*rows: dict[str, Any]) -> pl.DataFrame:
    """Partners 가, 나, … with what is said of them; 50 orders without a claim by default."""
    names = ["가", "나", "다", "라", *(f"마{i:02d}" for i in range(len(rows)))]
    told = [{"partner": names[i], "ltv_cac": None, "claim_rate": 0.0, "n": 50} | row for i, row in enumerate(rows)]
    return pl.DataFrame(told, schema=KINDS)


def by_revenue(*revenues: float) -> pl.DataFrame:
    return quarter(*[{"revenue": revenue} for revenue in revenues])


def lines(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["partner"]: row for row in frame.iter_rows(named=True)}


def test_of_ten_partners_the_best_five_are_expanded_and_the_last_three_replaced() -> None:
    found = tiers(by_revenue(*range(100, 0, -10)))
    assert found["tier"].to_list() == ["expand"] * 5 + ["keep"] * 2 + ["replace"] * 3


@pytest.mark.parametrize(("count", "expand", "replace"), [(4, 2, 2), (5, 2, 2), (6, 3, 2), (7, 3, 3), (9, 4, 3)])
def test_a_share_of_n_is_met_exactly(count: int, expand: int, replace: int) -> None:
    """Rank ≤ 0.5 n, rank > 0.7 n: 3 of 6 are expanded, and rank 7 of 10 is kept."""
    found = tiers(by_revenue(*range(count, 0, -1)))["tier"].to_list()
    assert (found.count("expand"), found.count("replace")) == (expand, replace)


def test_three_partners_have_ranks_and_no_tiers() -> None:
    found = tiers(by_revenue(3, 2, 1))
    assert found["rank"].to_list() == [1, 2, 3]
    assert found["tier"].to_list() == [None] * 3
    assert all("few" in reasons for reasons in found["reasons"])


def test_a_tie_shares_the_better_rank_and_the_same_tier() -> None:
    found = tiers(by_revenue(5, 4, 4, 4, 1, 1))
    assert found["rank"].to_list() == [1, 2, 2, 2, 5, 5]
    assert found["tier"].to_list() == ["expand"] * 4 + ["replace"] * 2
    assert ["tie" in reasons for reasons in found["reasons"]] == [False, *[True] * 5]


def test_the_score_is_half_revenue_three_tenths_ltv_cac_two_tenths_quality() -> None:
    found = lines(
        tiers(
            quarter(
                {"revenue": 400, "ltv_cac": 1.0, "claim_rate": 0.0},
                {"revenue": 300, "ltv_cac": 4.0, "claim_rate": 0.3},
                {"revenue": 200, "ltv_cac": 3.0, "claim_rate": 0.2},
                {"revenue": 100, "ltv_cac": 2.0, "claim_rate": 0.1},
            )
        )
    )
    assert found["가"]["score"] == pytest.approx(0.5 * 100 + 0.3 * 0 + 0.2 * 100)
    assert found["나"]["score"] == pytest.approx(0.5 * 200 / 3 + 0.3 * 100 + 0.2 * 0)
    assert (found["나"]["p_revenue"], found["나"]["p_ltv_cac"], found["나"]["p_quality"]) == (
        pytest.approx(200 / 3),
        100,
        0,
    )


def test_a_claim_rate_of_few_orders_is_left_out_and_the_other_weights_take_its_share() -> None:
    found = lines(
        tiers(
            quarter(
                {"revenue": 4, "claim_rate": 1.0, "n": 19},
                {"revenue": 3, "claim_rate": 0.1, "n": 20},
                {"revenue": 2, "claim_rate": 0.0},
                {"revenue": 1, "claim_rate": 0.2},
            )
        )
    )
    assert found["가"]["score"] == 100
    assert found["가"]["reasons"] == ["ltv_cac.missing", "quality.small"]
    assert found["나"]["score"] == pytest.approx((0.5 * 200 / 3 + 0.2 * 50) / 0.7)


def test_a_part_known_of_one_partner_only_compares_with_nobody() -> None:
    found = lines(tiers(quarter({"revenue": 2, "ltv_cac": 9.0}, {"revenue": 5}, {"revenue": 4}, {"revenue": 3})))
    assert found["가"]["p_ltv_cac"] is None
    assert found["가"]["reasons"] == ["ltv_cac.alone"]


def test_a_partner_nothing_is_known_of_has_no_rank_and_does_not_count() -> None:
    nothing = {"revenue": None, "claim_rate": None, "n": 0}
    found = tiers(quarter({"revenue": 3}, {"revenue": 2}, {"revenue": 1}, nothing))
    last = found.row(3, named=True)
    assert (last["rank"], last["tier"], "none" in last["reasons"]) == (None, None, True)
    assert found["tier"].to_list() == [None] * 4  # three are ranked: too few


def test_a_team_may_weigh_and_cut_otherwise() -> None:
    half = Settings(tier_expand=Decimal("0.2"), tier_replace=Decimal("0.1"), tier_revenue=Decimal(0))
    found = tiers(
        quarter(*[{"revenue": i, "claim_rate": i / 100} for i in range(10)]),
        Weights.of(half),
    )
    assert found["partner"][0] == "가"  # only quality counts, and it has the fewest claims
    assert found["tier"].to_list() == ["expand"] * 2 + ["keep"] * 7 + ["replace"]


def test_without_any_weight_there_is_no_score() -> None:
    zero = Weights(revenue=Decimal(0), ltv_cac=Decimal(0), quality=Decimal(0))
    assert tiers(by_revenue(4, 3, 2, 1), zero)["tier"].to_list() == [None] * 4


def test_what_if_a_weight_moves_names_those_whose_tier_hangs_on_it() -> None:
    rows = quarter(*[{"revenue": 4 - i, "ltv_cac": 1.0 + i, "claim_rate": 0.0 if i == 3 else 0.1} for i in range(4)])
    step = Decimal("0.1")
    assert flips(rows) == [
        ("라", "revenue", -step, "replace", "expand"),
        ("라", "ltv_cac", step, "replace", "expand"),
    ]
    assert flips(by_revenue(5, 4, 3, 2)) == []


def test_nobody_at_all_is_no_error() -> None:
    assert tiers(quarter()).height == 0
    assert flips(quarter()) == []


def test_every_reason_has_its_words() -> None:
    assert len(REASON_IDS) == len(REASONS)
    assert [id for id in REASON_IDS for lang in ("ko", "en") if not known(id, lang)] == []


parts = st.tuples(
    st.one_of(st.none(), st.integers(-5, 5).map(float)),
    st.one_of(st.none(), st.sampled_from([0.0, 0.5, 1.0, 3.0])),
    st.one_of(st.none(), st.sampled_from([0.0, 0.05, 0.1])),
    st.integers(0, 40),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(parts, max_size=25), st.integers(0, 2**32))
def test_every_partner_has_one_place_whatever_the_order(rows: list[Any], seed: int) -> None:
    frame = quarter(*[dict(zip(("revenue", "ltv_cac", "claim_rate", "n"), row, strict=True)) for row in rows])
    found = tiers(frame)
    shuffled = frame[random.Random(seed).sample(range(len(rows)), len(rows))]
    assert tiers(shuffled).equals(found)
    assert sorted(found["partner"]) == sorted(frame["partner"])
    ranked = found.filter(pl.col("rank").is_not_null())
    counts = {tier: ranked["tier"].to_list().count(tier) for tier in (*TIERS, None)}
    assert sum(counts.values()) == ranked.height
    assert counts[None] == (ranked.height if ranked.height < 4 else 0)
    assert ranked["rank"].to_list() == sorted(ranked["rank"])
    if ranked.height >= 4:
        n = ranked.height
        for rank, tier in ranked.select("rank", "tier").iter_rows():
            assert tier == ("expand" if 2 * rank <= n else "replace" if 10 * rank > 7 * n else "keep")
    for part in PARTS:
        assert ((found[f"p_{part}"] >= 0) & (found[f"p_{part}"] <= 100)).drop_nulls().all()
