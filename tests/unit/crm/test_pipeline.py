"""Partnerships on their way: who stands where, and who waits too long."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import day_of
from addin.crm.pipeline import stage_ages
from addin.crm.settings import Settings
from addin.crm.standing import STAGES

if TYPE_CHECKING:
    from tests.unit.crm.conftest import FrameOf

TODAY = day_of(dt.date(2026, 11, 20))
LIMITS = Settings().thresholds["PIPE_STAGE"]


def _ages(frame: pl.DataFrame) -> dict[str, tuple[int | None, float | None, str]]:
    rows = stage_ages(frame, TODAY, LIMITS).iter_rows(named=True)
    return {row["partner"]: (row["days"], row["p85"], row["flag"]) for row in rows}


def _waiting(frame: FrameOf, *since: str | None, stage: str = "미팅") -> pl.DataFrame:
    return frame([{"name": f"파트너{i}", "stage": stage, "stage_at": day} for i, day in enumerate(since)])


def test_five_of_a_stage_are_needed_before_anyone_waits_too_long(frame: FrameOf) -> None:
    few = _ages(_waiting(frame, "2026-11-19", "2026-11-18", "2026-11-17", "2025-01-01"))
    assert {flag for *_, flag in few.values()} == {"small_sample"}


def test_over_the_85th_percentile_of_its_stage_is_a_warning_and_over_twice_a_breach(frame: FrameOf) -> None:
    rows = _waiting(frame, *["2026-11-10"] * 6, "2026-10-31", "2026-10-06")
    ages = _ages(rows)
    assert ages["파트너0"] == (10, 19.5, "ok")
    assert ages["파트너6"] == (20, 19.5, "warn")
    assert ages["파트너7"] == (45, 19.5, "breach")


def test_a_team_may_wait_longer(frame: FrameOf) -> None:
    rows = stage_ages(
        _waiting(frame, *["2026-11-10"] * 6, "2026-10-31", "2026-10-06"),
        TODAY,
        replace(LIMITS, min_n=8, warn=Decimal("1.5"), breach=Decimal(3)),
    )
    assert rows["flag"].to_list()[-2:] == ["ok", "warn"]


def test_a_stage_is_compared_with_itself_only(frame: FrameOf) -> None:
    quick = [{"name": f"가{i}", "stage": "미팅", "stage_at": "2026-11-19"} for i in range(5)]
    slow = [{"name": f"나{i}", "stage": "개발 구축", "stage_at": "2026-06-01"} for i in range(5)]
    assert {flag for *_, flag in _ages(frame([*quick, *slow])).values()} == {"ok"}


def test_without_a_date_or_with_one_to_come_nobody_knows_how_long(frame: FrameOf) -> None:
    ages = _ages(_waiting(frame, None, "2026-12-24"))
    assert ages == {"파트너0": (None, None, "no_data"), "파트너1": (None, None, "no_data")}


@pytest.mark.parametrize(
    ("stage", "status"), [("운영", "운영"), ("중단", None), ("미팅", "계약 종료"), ("도장 찍음", None), (None, None)]
)
def test_who_runs_or_has_ended_waits_for_nothing(frame: FrameOf, stage: str | None, status: str | None) -> None:
    row = {"name": "한빛", "stage": stage, "stage_at": "2026-01-01", "status": status}
    assert _ages(frame([row])) == {}


@pytest.mark.parametrize(
    ("typed", "stage"),
    [("기회발견", "기회 발견"), ("QA", "QA 테스트"), ("기획서", "기획서 완성"), ("파일럿", "현장 테스트")],
)
def test_a_stage_is_known_however_a_team_writes_it(frame: FrameOf, typed: str, stage: str) -> None:
    assert stage_ages(frame([{"name": "한빛", "stage": typed}]), TODAY, LIMITS)["stage"].to_list() == [stage]


def test_a_team_without_stages_has_no_pipeline(frame: FrameOf) -> None:
    assert stage_ages(frame([{"name": "한빛"}]), TODAY, LIMITS).height == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STAGES), st.integers(0, 900)), max_size=40), st.randoms())
def test_the_order_of_the_list_changes_nothing(rows: list[tuple[str, int]], random: object) -> None:
    def of(order: list[int]) -> dict[str, object]:
        frame = pl.DataFrame(
            {
                "partner_key": [f"p{i}" for i in order],
                "stage": [rows[i][0] for i in order],
                "stage_at": [(TODAY - rows[i][1]) * 1440 for i in order],
            },
            schema={"partner_key": pl.String, "stage": pl.String, "stage_at": pl.Int64},
        )
        return {row[0]: row for row in stage_ages(frame, TODAY, LIMITS).rows()}

    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert of(order) == of(sorted(order))
