"""The same measures on every engine, and frames that cross between engines unharmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm import engines
from addin.crm.engines import tidy, to_engine, to_polars, worked_out
from addin.crm.funnel_steps import StepSpec
from addin.crm.kpi_values import to_json
from addin.crm.measures import Measures
from addin.crm.settings import Settings
from addin.i18n import say
from tests.programs import ENGINES, engine_here

if TYPE_CHECKING:
    from pathlib import Path

FrameOf = Callable[..., pl.DataFrame]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return engine_here(request.param)


def tables(frame: FrameOf) -> dict[str, pl.DataFrame]:
    partners, sources, stages = ("한빛", "샛별", None), ("전화", "앱"), ("수주", "취소", "접수", None)
    requests = [
        {
            "partner": partners[i % 3],
            "source": sources[i % 2],
            "stage": stages[i % 4],
            "customer": f"고객{i % 11}" if i % 7 else None,
            "phone": f"010-{i % 11}" if i % 5 else None,
            "assignee": f"기사{i % 2}",
            "received_at": f"2026-0{1 + i % 5}-1{i % 9}T{9 + i % 9:02d}:30" if i % 6 else None,
            "confirmed_at": f"2026-0{1 + i % 5}-1{i % 9}T{9 + i % 9:02d}:{30 + i % 29}" if i % 5 else None,
            "visited_at": f"2026-0{1 + i % 5}-1{i % 9}" if i % 3 else None,
            "won_at": f"2026-0{1 + i % 5}-2{i % 9}" if i % 4 == 0 else None,
            "amount": 10_000 * (i % 13) if i % 8 else None,
            "refund": 1_000 if i % 16 == 0 else None,
            "claim": i % 12 == 0 if i % 2 else None,
            "rework": i % 20 == 0,
            "request_id": f"R{i}",
            "proposed_at": f"2026-0{1 + i % 5}-1{1 + i % 8}T{8 + i % 9:02d}:15" if i % 9 else None,
            "event_at": f"2026-0{1 + i % 5}-2{i % 9}" if i % 2 else None,
            "referrer": f"고객{i % 13}" if i % 10 == 0 else None,
            "service": ("청소", "수리", None)[i % 3],
            "membership_at": f"2026-0{1 + i % 5}-2{i % 9}" if i % 12 == 0 else None,
            "discount_asked": i % 15 == 0,
        }
        for i in range(160)
    ]
    spend = [{"partner": partners[i % 3], "spent_at": f"2026-0{1 + i % 5}-01", "amount": 300} for i in range(12)]
    roster = [
        {"name": "한빛", "cluster": "아파트", "stage": "운영", "monthly_goal": 3.0, "owner": "김"},
        {"name": "샛별", "cluster": "카페", "stage": "운영", "monthly_goal": 2.5},
        {"name": "바다", "cluster": "아파트", "stage": "미팅", "monthly_goal": None, "stage_at": "2026-03-01"},
    ]
    customers = [{"customer_id": "고객1", "persona": "바쁜 부모"}, {"customer_id": None, "left_at": "2026-04-20"}]
    acted = [{"partner": "샛별", "acted_at": "2026-04-01", "kind": "하자 보고"}]
    acted += [{"request": f"R{i}", "acted_at": f"2026-0{1 + i % 5}-1{1 + i % 9}T12:00"} for i in range(0, 160, 3)]
    built = {"requests": requests, "spend": spend, "partners": roster, "customers": customers, "activities": acted}
    return {name: frame(rows) for name, rows in built.items()}


STEPS = (StepSpec("접수", at="received_at"), StepSpec("방문", "visited_at"), StepSpec("수주", "won_at"))


def measured(frames: dict[str, Any]) -> list[dict[str, Any]]:
    measures = Measures(frames, Settings(), steps=STEPS)
    values = [*measures.compute(), *measures.current()]
    for by in ("source", "cluster", "month", "assignee", "persona", "owner"):
        values += measures.compute(by=by)
    return to_json(values, say)


def test_the_same_numbers_on_every_engine(frame: FrameOf, engine: str) -> None:
    frames = tables(frame)
    expected = measured(frames)
    assert len({row["kpi"] for row in expected if row["value"] is not None}) >= 26
    assert measured({name: to_engine(own, engine) for name, own in frames.items()}) == expected


def test_a_file_polars_reads_in_pieces_gives_the_same_numbers(frame: FrameOf, tmp_path: Path) -> None:
    frames, scans = tables(frame), {}
    for name, own in frames.items():
        own.write_parquet(tmp_path / f"{name}.parquet")
        scans[name] = pl.scan_parquet(tmp_path / f"{name}.parquet")
    assert measured(scans) == measured(frames)


def test_a_short_list_gives_the_numbers_of_a_long_one(frame: FrameOf, monkeypatch: pytest.MonkeyPatch) -> None:
    short = measured(tables(frame))
    monkeypatch.setattr(engines, "FEW", 0)
    assert measured(tables(frame)) == short


def test_an_older_polars_that_takes_no_word_about_plans_answers_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_as_said", dict)
    assert worked_out(pl.LazyFrame({"day": [1, 2]}).sum(), few=True).item() == 3


def test_a_frame_crosses_and_comes_back(frame: FrameOf, engine: str) -> None:
    for own in tables(frame).values():
        assert to_polars(to_engine(own, engine)).equals(own)


def test_an_empty_table_is_no_error_on_any_engine(frame: FrameOf, engine: str) -> None:
    frames = {name: to_engine(own.clear(), engine) for name, own in tables(frame).items()}
    assert all(value.value is None for value in Measures(frames, Settings(), steps=STEPS).compute())


def test_pandas_as_people_hand_it_over_has_nan_for_missing() -> None:
    import pandas as pd

    amounts = [100.0, float("nan"), 300.0]
    loose = pd.DataFrame({"stage": ["수주", "수주", None], "partner": ["가", None, "나"], "amount": amounts})
    found = Measures({"requests": loose}, Settings()).compute(["DEPENDENCY"])
    assert [(v.by["partner"], v.value) for v in found] == [("가", 1.0), (None, 0.0)]
    assert tidy(loose)["amount"].dtype == "Int64"


def test_an_unknown_engine_is_an_error() -> None:
    with pytest.raises(ValueError, match="excel"):
        to_engine(pl.DataFrame(), "excel")
