"""Partners: their cluster, their goal, and who could take over."""

from __future__ import annotations

import polars as pl
import pytest

from addin.crm.roster import roster


def test_a_request_may_name_a_partner_by_name_or_id_in_any_spacing() -> None:
    found = roster(pl.DataFrame({"partner_id": ["P1"], "name": ["한빛 단지"], "cluster": ["아파트"]}))
    assert [found.find(text) is not None for text in ("한빛단지", "p1", "Ｐ１", "한빛", None)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_two_partners_of_one_name_are_told_apart_by_their_key_only() -> None:
    frame = pl.DataFrame(
        {"name": ["한빛", "한빛"], "partner_key": ["한빛 (카페)", "한빛 (아파트)"], "cluster": ["카페", "아파트"]}
    )
    found = roster(frame)
    assert found.find("한빛") is None
    assert found.find("한빛 (아파트)").cluster == "아파트"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("stage", "status", "candidate"),
    [
        ("기회 발견", None, True),
        ("미팅", None, True),
        ("실무자 접촉", None, True),
        ("기획서 완성", None, False),
        ("운영", None, False),
        (None, "후보", True),
        (None, "운영중", False),
        ("미팅", "중단", False),
    ],
)
def test_a_candidate_is_in_one_of_the_first_three_stages_or_says_so(
    stage: str | None, status: str | None, candidate: bool
) -> None:
    frame = pl.DataFrame({"name": ["샛별"], "stage": [stage], "status": [status]})
    assert next(iter(roster(frame))).candidate is candidate


def test_substitutes_are_the_candidates_of_the_same_cluster() -> None:
    partners = [("한빛", "카페", "운영"), ("샛별", "카페", "미팅"), ("바다", "아파트", "미팅"), ("산", None, "미팅")]
    frame = pl.DataFrame(partners, schema=["name", "cluster", "stage"], orient="row")
    assert roster(frame).substitutes("한빛") == ("샛별",)
    assert roster(frame).substitutes("산") == ()
    assert roster(None).substitutes("한빛") == ()
